"""What a window asks of the engine and changes nothing by: pages, links, who there is."""

from __future__ import annotations

import asyncio
from datetime import datetime

from dispatchwatch.app.check_in_links import Issued
from dispatchwatch.app.clock import Clock
from dispatchwatch.app.connection import try_channel
from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.app.delivery_pages import delivery_page
from dispatchwatch.app.looking_back import aside, past_alerts
from dispatchwatch.app.pages import visit_page
from dispatchwatch.app.parts import Parts
from dispatchwatch.app.publisher import Publisher
from dispatchwatch.app.suggesting import still, suggestions, weighed
from dispatchwatch.app.technicians import technician_lines
from dispatchwatch.app.view import DeliveryPage, FeedPage, PastAlerts, Suggestions, TechnicianLine, VisitPage, Weighed
from dispatchwatch.domain.alert_search import AlertSearch
from dispatchwatch.domain.visit import Technician, VisitKey


class Questions:
    """The part of the engine that answers. It has the parts that the engine runs with."""

    _parts: Parts
    _clock: Clock
    _publisher: Publisher

    async def show_everything(self) -> None:
        self._publisher.mark_everything()

    async def visit_page(self, key: VisitKey) -> VisitPage | None:
        return await visit_page(self._parts, key, self._clock.now())

    async def delivery_page(self, number: int) -> DeliveryPage | None:
        return delivery_page(self._parts, number)

    async def past_alerts(self, search: AlertSearch) -> PastAlerts:
        platforms = dict(self._parts.channel_names.values())
        return await aside(self._parts.store, lambda store: past_alerts(store, search, platforms))

    async def past_people(self) -> tuple[str, ...]:
        return await aside(self._parts.store, lambda store: tuple(store.alert_history.people()))

    async def try_channel(self, name: str) -> Result:
        channel = self._parts.channels.get(name)
        if channel is None:
            return Result(f"channel {name}", done=False, text=f"There is no channel “{name}” that could be used.")
        found = await try_channel(channel, self._clock.now(), self._parts.renewals)
        return Result(f"channel {name}", done=not found.is_problem, text=f"{found.text}.".replace("..", "."))

    async def link(self, key: VisitKey, actor: Actor) -> Issued:
        return self._parts.invitations.link(key, actor, self._clock.now())

    async def telegram_code(self, technician: Technician, actor: Actor) -> str:
        return self._parts.invitations.code(technician, actor, self._clock.now())

    async def feed_page(self, name: str) -> FeedPage | None:
        lines = {line.name: line for line in self._publisher.feed_lines(self._clock.now())}
        problems = self._parts.store.schedules.problems(name)
        return FeedPage(line=lines[name], problems=problems) if name in lines else None

    async def technicians(self) -> tuple[TechnicianLine, ...]:
        standards = self._parts.watch.standards
        return technician_lines(standards.roster, standards.office, self._clock.now())

    async def suggestions(self, key: VisitKey) -> Suggestions | None:
        facts = still(self._parts.watch.facts(self._clock.now()))
        return await asyncio.to_thread(suggestions, key, facts)

    async def weigh(self, key: VisitKey, technician: Technician, at: datetime | None = None) -> Weighed:
        facts = still(self._parts.watch.facts(at or self._clock.now()))
        return await asyncio.to_thread(weighed, key, technician, facts)
