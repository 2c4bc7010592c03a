"""Who watches the watch: the sign of life that goes out, and the program's check of its own record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from dispatchwatch.app.announcing import Announcer
from dispatchwatch.app.clock import Clock
from dispatchwatch.app.heartbeat import Heartbeat
from dispatchwatch.app.self_audit import CHECKED, Audited, Scope, audit
from dispatchwatch.app.timers import Timers
from dispatchwatch.app.trail import PROGRAM
from dispatchwatch.app.watch import Watch
from dispatchwatch.domain.routing import Outgoing
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.store import Store

PULSE = "pulse"
LOOK_AGAIN_AFTER = 2.0
TOAST_AFTER = 3
"""So many signs of life in a row that were not heard are worth a toast; one is not, networks hiccup."""


class Vigil:
    """`audit_every` is None where the program is not to check itself."""

    def __init__(
        self,
        store: Store,
        watch: Watch,
        outgoing: Outgoing,
        channels: frozenset[str],
        *,
        heartbeat: Heartbeat | None,
        audit_every: timedelta | None,
    ) -> None:
        self._store = store
        self._watch = watch
        self._outgoing = outgoing
        self._channels = channels
        self._heartbeat = heartbeat
        self._audit_every = audit_every
        self._unheard = 0
        self._known: frozenset[str] = frozenset()

    def start(self, timers: Timers, announcer: Announcer, clock: Clock, look: Callable[[], bool]) -> None:
        """`look` takes a look at everything and says whether it could be written down."""
        self._announcer, self._clock, self._look = announcer, clock, look
        self._started_at = clock.now()
        if self._heartbeat is not None:
            timers.every(" heartbeat", self._heartbeat.every, self.beat)
        if self._audit_every is not None:
            # Not at the start, when there is enough to do.
            timers.every(" self audit", self._audit_every, self.audit, at_once=False)

    async def aclose(self) -> None:
        if self._heartbeat is not None:
            await self._heartbeat.aclose()

    async def beat(self) -> None:
        """Calls the dead man's switch, if the program works now: it has just looked, and what it writes is kept."""
        if self._heartbeat is None or not self._works():
            return
        problem = await self._heartbeat.beat()
        if problem:
            self._unheard += 1
            if self._unheard == 1:
                self._note("heartbeat_failed", {"problem": problem})
            self._announcer.unheard(problem, with_toast=self._unheard == TOAST_AFTER, is_first=self._unheard == 1)
        elif self._unheard:
            self._unheard = 0
            self._note("heartbeat_heard", {})
            self._announcer.heard("heartbeat_heard", "The dead man’s switch hears the program again.")

    async def audit(self) -> None:
        """Checks the record, beside the engine, and says what is wrong with it that was not wrong the last time."""
        try:
            found = await self._audited()
            if found.missing:
                await asyncio.sleep(LOOK_AGAIN_AFTER)
                again = await self._audited()
                both = {key: text for key, text in again.missing.items() if key in found.missing}
                found = Audited({**again.problems, **both}, {}, again.checked)
            if found.checked:
                self._store.memos.put(CHECKED, found.checked)
            new = [text for key, text in found.problems.items() if key not in self._known]
            self._known = frozenset(found.problems)
            if new:
                self._note("self_audit_failed", {"problems": new})
        except StoreError as error:
            self._announcer.trouble(error)
            return
        if new:
            self._announcer.audited(new)

    async def _audited(self) -> Audited:
        self._look()
        scope = self._scope(self._clock.now())
        return await asyncio.to_thread(_audit_beside, self._store, scope)

    def _scope(self, now: datetime) -> Scope:
        every = self._audit_every or timedelta()
        return Scope(
            now=now,
            since=max(self._started_at, now - 2 * every),
            awake_since=self._watch.awake_since,
            visits=frozenset(self._watch.visits),
            feeds=dict(self._watch.feeds),
            standards=self._watch.standards,
            outgoing=self._outgoing,
            channels=self._channels,
        )

    def _works(self) -> bool:
        """Whether a look goes through and something written is there afterwards."""
        pulse = self._clock.now().isoformat()
        try:
            if not self._look():
                return False
            self._store.memos.put(PULSE, pulse)
            return self._store.memos.get(PULSE) == pulse
        except StoreError as error:
            self._announcer.trouble(error)
            return False

    def _note(self, action: str, detail: Mapping[str, object]) -> None:
        now = self._clock.now()
        entry = Entry(at=now, who=PROGRAM, origin="engine", action=action, subject="program", detail=detail)
        self._store.audit.append([entry], now)


def _audit_beside(store: Store, scope: Scope) -> Audited:
    """On a thread of its own, with a connection of its own, which ends with it."""
    try:
        return audit(store, scope)
    finally:
        store.database.close()
