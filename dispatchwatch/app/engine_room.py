"""The engine as a window sees it: what it may ask, and where it hears what happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from dispatchwatch.app.bus import Bus
from dispatchwatch.app.check_in_links import Issued
from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.view import FeedPage, VisitPage
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

    async def feed_page(self, name: str) -> FeedPage | None: ...

    async def refresh(self) -> None:
        """Reads every feed now."""
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
