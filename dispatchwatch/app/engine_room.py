"""The engine as a window sees it: what it may ask, and where it hears what happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from dispatchwatch.app.bus import Bus
from dispatchwatch.app.check_in_links import Issued
from dispatchwatch.app.config import Problem
from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.view import DeliveryPage, FeedPage, PastAlerts, Suggestions, TechnicianLine, VisitPage, Weighed
from dispatchwatch.domain.alert_search import AlertSearch
from dispatchwatch.domain.visit import Technician, VisitKey

T = TypeVar("T")


class EngineRoom(Protocol):
    """Every coroutine here runs on the engine's own loop. `bus` speaks on the engine's thread."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop: ...

    @property
    def bus(self) -> Bus: ...

    async def perform(self, deed: Callable[[Desk, datetime], T]) -> T:
        """Does something at the desk, at the engine's own now, and lets the consequences follow at once."""
        ...

    async def show_everything(self) -> None:
        """Publishes the whole picture once more: board, alerts, deliveries, status."""
        ...

    async def visit_page(self, key: VisitKey) -> VisitPage | None: ...

    async def delivery_page(self, number: int) -> DeliveryPage | None:
        """One delivery with the requests that carry it, secrets taken out."""
        ...

    async def past_alerts(self, search: AlertSearch) -> PastAlerts:
        """Looks through the alerts of all days, beside the loop."""
        ...

    async def past_people(self) -> tuple[str, ...]:
        """Everybody who ever acknowledged or resolved an alert, by name."""
        ...

    async def try_channel(self, name: str) -> Result:
        """Tries a channel’s credentials without telling anybody anything."""
        ...

    async def feed_page(self, name: str) -> FeedPage | None: ...

    async def technicians(self) -> tuple[TechnicianLine, ...]:
        """Those the office has told of, with their shifts of today, by name."""
        ...

    async def suggestions(self, key: VisitKey) -> Suggestions | None:
        """Who can take a visit over, beside the loop; None for one that is not watched."""
        ...

    async def weigh(self, key: VisitKey, technician: Technician, at: datetime | None = None) -> Weighed:
        """What it would cost if this technician took it over, as of an instant, or of now. Changes nothing."""
        ...

    async def refresh(self) -> None:
        """Reads every feed now."""
        ...

    async def network_back(self) -> None:
        """Tries at once what failed for want of the network: every feed, and every channel that rests."""
        ...

    async def reconfigure(self, save: Callable[[], object], actor: Actor) -> tuple[Problem, ...]:
        """Has `save` write the configuration and goes on with what it says; returns what is wrong with it, if anything.

        Raises what `save` raises.
        """
        ...

    async def test_channel(self, name: str, actor: Actor) -> Result:
        """Sends one clearly marked test message; one that is taken lifts the channel's pause."""
        ...

    async def link(self, key: VisitKey, actor: Actor) -> Issued:
        """A new check-in link for a visit. Raises NotPossible."""
        ...

    async def telegram_code(self, technician: Technician, actor: Actor) -> str:
        """A code that makes the technician's chat with the office's bot known. Raises NotPossible."""
        ...
