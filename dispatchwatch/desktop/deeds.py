"""What a person does: carried to the desk of the engine, and what became of it carried back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Signal

from dispatchwatch.app.deeds import TILL_OVER, Actor, Lasting, Result
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.desk_reassigning import Handover
from dispatchwatch.app.engine_room import EngineRoom
from dispatchwatch.desktop import phrases
from dispatchwatch.desktop.bridge import Bridge
from dispatchwatch.desktop.people import People
from dispatchwatch.desktop.tasks import Tasks
from dispatchwatch.domain.visit import VisitKey

Deed = Callable[[Desk, datetime], list[Result]]
Tell = Callable[[Result], None]


class Deeds(QObject):
    """`answered` carries a list of results, one for each thing asked; `failed` a sentence: nothing was changed."""

    answered = Signal(object)
    failed = Signal(str)

    def __init__(self, bridge: Bridge, tasks: Tasks, people: People, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._tasks = tasks
        self._people = people

    def acknowledge(
        self,
        numbers: Iterable[int],
        reason: str = "",
        note: str = "",
        origin: str = "desk",
        lasting: Lasting = TILL_OVER,
    ) -> None:
        actor, wanted = self.actor(origin), tuple(numbers)
        self._do(lambda desk, now: desk.acknowledge(wanted, actor, now, reason=reason, note=note, lasting=lasting))

    def reopen(self, numbers: Iterable[int]) -> None:
        """Puts back what somebody took on."""
        actor, wanted = self._actor, tuple(numbers)
        self._do(lambda desk, now: desk.reopen(wanted, actor, now))

    def resolve(self, numbers: Iterable[int], note: str = "") -> None:
        actor, wanted = self._actor, tuple(numbers)
        self._do(lambda desk, now: desk.resolve(wanted, actor, now, note=note))

    def snooze(self, numbers: Iterable[int], minutes: int, origin: str = "desk") -> None:
        actor, wanted, length = self.actor(origin), tuple(numbers), timedelta(minutes=minutes)
        self._do(lambda desk, now: desk.snooze(wanted, actor, now, until=now + length))

    def check_in(self, keys: Sequence[VisitKey], at: datetime | None = None, note: str = "") -> None:
        """`at` is the arrival; left out, it is the engine's own now."""
        actor = self._actor
        self._do(lambda desk, now: [desk.check_in(key, at or now, actor, now, note=note) for key in keys])

    def eta(self, key: VisitKey, at: datetime, note: str = "") -> None:
        actor = self._actor
        self._do(lambda desk, now: [desk.eta(key, at, actor, now, note=note)])

    def cancel(self, key: VisitKey, note: str = "") -> None:
        actor = self._actor
        self._do(lambda desk, now: [desk.cancel(key, actor, now, note=note)])

    def note(self, key: VisitKey, text: str) -> None:
        actor = self._actor
        self._do(lambda desk, now: [desk.note(key, text, actor, now)])

    def reassign(self, key: VisitKey, handover: Handover) -> None:
        actor = self._actor
        self._do(lambda desk, now: [desk.reassign(key, handover, actor, now)])

    def add_visit(self, told: Mapping[str, str], tell: Tell) -> None:
        """Adds a typed visit; `tell`, not `answered`, hears the result."""
        actor = self._actor
        self._have_told(
            tell, "new visit", lambda engine: engine.perform(lambda desk, now: desk.add_visit(told, actor, now))
        )

    def change_visit(self, ext_id: str, told: Mapping[str, str], tell: Tell) -> None:
        """Types a visit of the desk anew; `tell`, not `answered`, hears the result."""
        actor = self._actor
        self._have_told(
            tell,
            f"visit {ext_id}",
            lambda engine: engine.perform(lambda desk, now: desk.change_visit(ext_id, told, actor, now)),
        )

    def resend(self, numbers: Iterable[int]) -> None:
        actor, wanted = self._actor, tuple(numbers)
        self._do(lambda desk, now: desk.resend(wanted, actor, now))

    def resume(self, channel: str) -> None:
        actor = self._actor
        self._do(lambda desk, now: [desk.resume(channel, actor, now)])

    def pause(self, channel: str) -> None:
        actor = self._actor
        self._do(lambda desk, now: [desk.pause(channel, actor, now)])

    def try_channel(self, channel: str, tell: Tell) -> None:
        """Tries a channel’s credentials without telling anybody anything; `tell` hears the result."""
        self._have_told(tell, f"channel {channel}", lambda engine: engine.try_channel(channel))

    def test_channel(self, channel: str, tell: Tell) -> None:
        """Sends a test message; `tell` hears the result."""
        actor = self._actor
        self._have_told(tell, f"channel {channel}", lambda engine: engine.test_channel(channel, actor))

    def read_feeds(self) -> None:
        self._tasks.spawn(self._refresh())

    def actor(self, origin: str = "desk") -> Actor:
        """Whoever sits here now."""
        return Actor(self._people.name, origin, account=self._people.account)

    @property
    def _actor(self) -> Actor:
        return self.actor()

    def _do(self, deed: Deed) -> None:
        self._tasks.spawn(self._perform(deed))

    async def _perform(self, deed: Deed) -> None:
        try:
            results = await self._bridge.ask(lambda engine: engine.perform(deed))
        except Exception as problem:  # noqa: BLE001 - whatever stopped it, the person must know that nothing was done
            self.failed.emit(phrases.not_asked(problem))
        else:
            self.answered.emit(results)

    def _have_told(
        self, tell: Tell, subject: str, question: Callable[[EngineRoom], Coroutine[Any, Any, Result]]
    ) -> None:
        self._tasks.spawn(self._told(tell, subject, question))

    async def _told(
        self, tell: Tell, subject: str, question: Callable[[EngineRoom], Coroutine[Any, Any, Result]]
    ) -> None:
        try:
            result = await self._bridge.ask(question)
        except Exception as problem:  # noqa: BLE001 - as above
            result = Result(subject, done=False, text=phrases.not_asked(problem))
        tell(result)

    async def _refresh(self) -> None:
        try:
            await self._bridge.ask(lambda engine: engine.refresh())
        except Exception as problem:  # noqa: BLE001 - as above
            self.failed.emit(phrases.not_asked(problem))
