"""A clock that is moved by hand."""

from __future__ import annotations

from datetime import datetime, timedelta


class ManualClock:
    """Implements `app.clock.Clock`. Time passes only when told to."""

    def __init__(self, now: datetime, steady: float = 1000.0) -> None:
        self._now = now
        self._steady = steady

    def now(self) -> datetime:
        return self._now

    def steady(self) -> float:
        return self._steady

    def advance(self, by: timedelta) -> None:
        """Time passes, and both clocks see it."""
        self._now += by
        self._steady += by.total_seconds()

    def advance_to(self, instant: datetime) -> None:
        self.advance(instant - self._now)

    def set_wall(self, to: datetime) -> None:
        """Somebody sets the wall clock; no time passes."""
        self._now = to

    def sleep(self, length: timedelta, *, counted: bool = True) -> None:
        """The computer sleeps. Linux counts the seconds asleep; elsewhere the steady clock stands still."""
        self._now += length
        if counted:
            self._steady += length.total_seconds()
