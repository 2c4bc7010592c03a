# ruff: noqa: ARG002 - the desk's own signatures
"""An engine that only pretends: a loop in a thread, canned pictures, and a desk that changes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Event as Flag
from threading import Thread
from typing import TypeVar
from zoneinfo import ZoneInfo

from dispatchwatch.app.bus import Bus
from dispatchwatch.app.check_in_links import Issued
from dispatchwatch.app.config import Problem
from dispatchwatch.app.deeds import TILL_OVER, Actor, Lasting, Result
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.desk_reassigning import Handover
from dispatchwatch.app.events import AlertsChanged, BoardChanged, DeliveriesChanged, StatusChanged, ToastWanted
from dispatchwatch.app.view import (
    AlertLine,
    BoardRow,
    DeliveryPage,
    FeedPage,
    PastAlerts,
    Suggestions,
    TechnicianLine,
    VisitPage,
    Weighed,
)
from dispatchwatch.domain.alert import AlertState
from dispatchwatch.domain.alert_search import AlertSearch
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Status, Technician, VisitKey
from dispatchwatch.domain.wording import detail, short_headline
from dispatchwatch.intake.desk_feed import DESK, NotUnderstood, understood
from tests.desktop import pictures

T = TypeVar("T")


class FakeEngine:
    """`count` visits; `with_feed=False` is an office that has set nothing up yet. `now` is the engine's clock."""

    def __init__(
        self, count: int = 40, *, with_feed: bool = True, now: Callable[[], datetime] = lambda: pictures.NOW
    ) -> None:
        self.now = now
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bus = Bus()
        self._thread = Thread(target=self._run, name="fake engine", daemon=True)
        self._running = Flag()
        board = pictures.rows(count)
        self.rows: dict[VisitKey, BoardRow] = {row.key: row for row in board}
        self.alerts: dict[int, AlertLine] = {line.alert.id: line for line in pictures.alerts(board)}
        self.deliveries = {line.id: line for line in pictures.deliveries(tuple(self.alerts.values()))}
        self.feeds = (*pictures.feeds(count), pictures.desk()) if with_feed else (pictures.desk(),)
        self.faults: tuple[str, ...] = ()
        self.people: tuple[TechnicianLine, ...] = ()
        self.suggested: Suggestions | None = None
        self.lanes = pictures.lanes() if with_feed else ()
        self.desk = FakeDesk(self)
        self.fails: Exception | None = None
        self.refreshed = 0
        self.searches: list[AlertSearch] = []
        self.networks_back = 0
        self.reconfigured: list[Actor] = []
        self.refuses: tuple[Problem, ...] = ()
        self.fault: BaseException | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        assert self._loop is not None, "not started"
        return self._loop

    @property
    def bus(self) -> Bus:
        return self._bus

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread.start()
        self._running.wait(5)

    def stop(self) -> None:
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(5)

    async def perform(self, deed: Callable[[Desk, datetime], T]) -> T:
        if self.fails is not None:
            raise self.fails
        answer = deed(self.desk, self.now())
        self._publish_everything(replaces=False)
        return answer

    async def show_everything(self) -> None:
        self._publish_everything(replaces=True)

    async def visit_page(self, key: VisitKey) -> VisitPage | None:
        row = self.rows.get(key)
        lines, sent = tuple(self.alerts.values()), tuple(self.deliveries.values())
        return pictures.page(row, lines, sent) if row else None

    async def delivery_page(self, number: int) -> DeliveryPage | None:
        line = self.deliveries.get(number)
        return pictures.delivery_page(line, tuple(self.alerts.values())) if line else None

    async def past_alerts(self, search: AlertSearch) -> PastAlerts:
        if self.fails is not None:
            raise self.fails
        self.searches.append(search)
        found = pictures.past_alerts(search)
        return PastAlerts(found, len(found))

    async def past_people(self) -> tuple[str, ...]:
        return ("Ana Ruiz", "Ben Okafor")

    async def try_channel(self, name: str) -> Result:
        well = name != "customer-mail"
        text = "It accepts its credentials." if well else "SendGrid refused the API key (401)."
        return Result(f"channel {name}", done=well, text=text)

    async def feed_page(self, name: str) -> FeedPage | None:
        line = next((feed for feed in self.feeds if feed.name == name), None)
        return FeedPage(line=line, problems=pictures.problems() if line.bad_rows else ()) if line else None

    async def technicians(self) -> tuple[TechnicianLine, ...]:
        return self.people

    async def suggestions(self, key: VisitKey) -> Suggestions | None:
        if self.fails is not None:
            raise self.fails
        row = self.rows.get(key)
        if row is None or self.suggested is not None:
            return self.suggested
        found = [await self.weigh(key, line.technician) for line in self.people]
        can, cannot = (tuple(one for one in found if one.feasible is feasible) for feasible in (True, False))
        return Suggestions(key=key, can=can, cannot=cannot)

    async def weigh(self, key: VisitKey, technician: Technician, at: datetime | None = None) -> Weighed:
        return Weighed(technician=technician, feasible=False, reason=f"{technician.name} has not been weighed.")

    async def refresh(self) -> None:
        self.refreshed += 1
        self._publish_everything(replaces=False)

    async def reconfigure(self, save: Callable[[], object], actor: Actor) -> tuple[Problem, ...]:
        await asyncio.to_thread(save)
        self.reconfigured.append(actor)
        return self.refuses

    async def network_back(self) -> None:
        self.networks_back += 1

    async def test_channel(self, name: str, actor: Actor) -> Result:
        await asyncio.sleep(0.01)
        well = name != "customer-mail"
        text = "The test message arrived." if well else "SendGrid refused the API key (401)."
        return Result(f"channel {name}", done=well, text=text)

    async def link(self, key: VisitKey, actor: Actor) -> Issued:
        if self.fails is not None:
            raise self.fails
        return Issued(f"http://192.168.1.10:8460/c/{key.ext_id}", "Valid from Tue 10 Nov 00:00 to Tue 10 Nov 15:50.")

    async def telegram_code(self, technician: Technician, actor: Actor) -> str:
        if self.fails is not None:
            raise self.fails
        return "ABCDE-FGHJK"

    def toast(self, number: int) -> None:
        """Has the engine want a toast for an alert."""
        alert = self.alerts[number].alert
        event = ToastWanted(short_headline(alert, self.now()), detail(alert), alert.severity, (number,))
        self.loop.call_soon_threadsafe(self._bus.publish, event)

    def publish_faults(self, *faults: str) -> None:
        self.faults = faults
        self.loop.call_soon_threadsafe(self._bus.publish, StatusChanged(self.feeds, self.lanes, None, None, faults))

    def publish_rows(self, rows: Iterable[BoardRow], removed: Sequence[VisitKey] = ()) -> None:
        changed = tuple(rows)
        self.rows |= {row.key: row for row in changed}
        for key in removed:
            self.rows.pop(key, None)
        self.loop.call_soon_threadsafe(self._bus.publish, BoardChanged(changed, tuple(removed)))

    def publish_alerts(self, lines: Iterable[AlertLine]) -> None:
        changed = tuple(lines)
        self.alerts |= {line.alert.id: line for line in changed}
        self.loop.call_soon_threadsafe(self._bus.publish, AlertsChanged(changed))

    def _publish_everything(self, *, replaces: bool) -> None:
        ahead = [row for row in self.rows.values() if row.deadline and row.standing is Standing.SOON]
        following = min(ahead, key=lambda row: row.deadline or self.now(), default=None)
        self._bus.publish(BoardChanged(tuple(self.rows.values()), replaces_all=replaces))
        self._bus.publish(AlertsChanged(tuple(self.alerts.values())))
        self._bus.publish(DeliveriesChanged(tuple(self.deliveries.values())))
        deadline, key = (following.deadline, following.key) if following else (None, None)
        self._bus.publish(StatusChanged(self.feeds, self.lanes, deadline, key, self.faults))

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.call_soon(self._running.set)
        self.loop.run_forever()
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()


FATES = {AlertState.ACKNOWLEDGED: "acknowledged", AlertState.RESOLVED: "resolved", AlertState.OPEN: "open again"}


class FakeDesk(Desk):
    """Keeps what it was told, and changes the pictures of its engine."""

    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.toasts: list[tuple[tuple[int, ...], str, str]] = []
        self.origins: list[str] = []
        self.refuses = ""
        self.told: list[dict[str, str]] = []
        self.reasons: list[tuple[str, str]] = []
        self.lastings: list[Lasting] = []
        self.handovers: list[tuple[VisitKey, Handover, str]] = []

    def acknowledge(
        self,
        numbers: Iterable[int],
        actor: Actor,
        now: datetime,
        *,
        reason: str = "",
        note: str = "",
        lasting: Lasting = TILL_OVER,
    ) -> list[Result]:
        self.reasons.append((reason, note))
        self.lastings.append(lasting)
        self.origins.append(actor.origin)
        return [self._change(number, now, state=AlertState.ACKNOWLEDGED, by=actor.name) for number in numbers]

    def reopen(self, numbers: Iterable[int], actor: Actor, now: datetime) -> list[Result]:
        return [self._change(number, now, state=AlertState.OPEN, by=actor.name) for number in numbers]

    def resolve(self, numbers: Iterable[int], actor: Actor, now: datetime, *, note: str = "") -> list[Result]:
        return [self._change(number, now, state=AlertState.RESOLVED, by=actor.name) for number in numbers]

    def snooze(self, numbers: Iterable[int], actor: Actor, now: datetime, *, until: datetime) -> list[Result]:
        self.origins.append(actor.origin)
        return [self._change(number, now, until=until, by=actor.name) for number in numbers]

    def check_in(self, key: VisitKey, at: datetime, actor: Actor, now: datetime, *, note: str = "") -> Result:
        row = self._engine.rows[key]
        arrived = replace(row.visit, status=Status.ARRIVED, arrived_at=at)
        self._engine.rows[key] = replace(
            row, visit=arrived, standing=Standing.ON_SITE, severity=None, alert_id=None, told=()
        )
        if row.alert_id is not None:
            self._change(row.alert_id, now, state=AlertState.RESOLVED, by=actor.name)
        return Result(f"visit {key.ext_id}", done=True, text=f"{key.ext_id}: {row.visit.technician} checked in.")

    def eta(self, key: VisitKey, at: datetime, actor: Actor, now: datetime, *, note: str = "") -> Result:
        row = self._engine.rows[key]
        self._engine.rows[key] = replace(row, visit=replace(row.visit, eta=at), standing=Standing.EN_ROUTE)
        return Result(f"visit {key.ext_id}", done=True, text=f"{key.ext_id}: expected.")

    def cancel(self, key: VisitKey, actor: Actor, now: datetime, *, note: str = "") -> Result:
        row = self._engine.rows[key]
        self._engine.rows[key] = replace(row, standing=Standing.CANCELLED, severity=None)
        return Result(f"visit {key.ext_id}", done=True, text=f"{key.ext_id} is cancelled at the desk.")

    def note(self, key: VisitKey, text: str, actor: Actor, now: datetime) -> Result:
        row = self._engine.rows[key]
        notes = "\n".join(part for part in (row.visit.notes, text) if part)
        self._engine.rows[key] = replace(row, visit=replace(row.visit, notes=notes))
        return Result(f"visit {key.ext_id}", done=True, text=f"{key.ext_id}: noted.")

    def reassign(self, key: VisitKey, handover: Handover, actor: Actor, now: datetime) -> Result:
        subject, row = f"visit {key.feed}/{key.ext_id}", self._engine.rows[key]
        if self.refuses:
            return Result(subject, done=False, text=self.refuses)
        self.handovers.append((key, handover, actor.name))
        given = replace(row.visit, technicians=(handover.technician,), assigned_by=actor.name)
        self._engine.rows[key] = replace(row, visit=given)
        return Result(subject, done=True, text=f"{key.ext_id} to {handover.technician.name}, decided by {actor.name}.")

    def add_visit(self, told: Mapping[str, str], actor: Actor, now: datetime) -> Result:
        self.told.append(dict(told))
        return self._typed(f"D-{sum(key.feed == DESK for key in self._engine.rows) + 1}", told, now)

    def change_visit(self, ext_id: str, told: Mapping[str, str], actor: Actor, now: datetime) -> Result:
        self.told.append(dict(told))
        return self._typed(ext_id, told, now)

    def _typed(self, ext_id: str, told: Mapping[str, str], now: datetime) -> Result:
        try:
            visit = understood(told, ext_id, office_zone=ZoneInfo(pictures.OFFICE), now=now)
        except NotUnderstood as problem:
            return Result(f"visit {DESK}/{ext_id}", done=False, text=str(problem), field=problem.field)
        deadline = visit.promise + pictures.minutes(15) if visit.promise else None
        self._engine.rows[visit.key] = BoardRow(key=visit.key, visit=visit, standing=Standing.LATER, deadline=deadline)
        return Result(f"visit {DESK}/{ext_id}", done=True, text=f"{ext_id} is added: {visit.customer.name}.")

    def resend(self, numbers: Iterable[int], actor: Actor, now: datetime) -> list[Result]:
        results = []
        for number in numbers:
            line = self._engine.deliveries[number]
            self._engine.deliveries[number] = replace(line, state="waiting", error="")
            results.append(Result(f"delivery {number}", done=True, text=f"Delivery {number} will be sent again."))
        return results

    def resume(self, channel: str, actor: Actor, now: datetime) -> Result:
        lanes = self._engine.lanes
        self._engine.lanes = tuple(replace(lane, paused="") if lane.channel == channel else lane for lane in lanes)
        return Result(f"channel {channel}", done=True, text=f"{channel} sends again.")

    def pause(self, channel: str, actor: Actor, now: datetime) -> Result:
        lanes, why = self._engine.lanes, f"{actor.name} paused it."
        self._engine.lanes = tuple(replace(lane, paused=why) if lane.channel == channel else lane for lane in lanes)
        return Result(f"channel {channel}", done=True, text=f"{channel} is paused.")

    def toast_shown(self, numbers: Sequence[int], backend: str, problem: str, now: datetime) -> None:
        self.toasts.append((tuple(numbers), backend, problem))

    def _change(
        self, number: int, now: datetime, *, by: str, state: AlertState | None = None, until: datetime | None = None
    ) -> Result:
        subject, engine = f"alert {number}", self._engine
        if self.refuses:
            return Result(subject, done=False, text=self.refuses)
        line = engine.alerts[number]
        alert = replace(line.alert, snoozed_until=until or line.alert.snoozed_until)
        fate = FATES.get(state, "snoozed for the office") if state else "snoozed for the office"
        if line.alert.state is AlertState.RESOLVED:
            by = line.alert.resolved_by or "A. Diaz"
            return Result(subject, done=False, text="It is already over.", fate=f"already resolved by {by}")
        if state is AlertState.OPEN:
            alert = replace(alert, state=state, acknowledged_at=None, acknowledged_by="")
        elif state is AlertState.ACKNOWLEDGED:
            alert = replace(alert, state=state, acknowledged_at=now, acknowledged_by=by)
        elif state is AlertState.RESOLVED:
            alert = replace(alert, state=state, resolved_at=now, resolved_by=by, resolution=f"{by} closed it")
        engine.alerts[number] = replace(line, alert=alert)
        return Result(subject, done=True, text=f"Done: {short_headline(alert, now)}", fate=fate)
