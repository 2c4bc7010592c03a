"""Noticing that time did not pass as it should: the computer slept, the program was stopped, a clock was set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSE = timedelta(seconds=15)
STEP = timedelta(seconds=5)
SETTLING = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Gap:
    """`pause` is how long nobody looked; `step` how far the wall clock was set meanwhile, zero if it was not."""

    pause: timedelta
    step: timedelta

    @property
    def trust_from(self) -> timedelta:
        """How long to wait, from now, before absence of news counts again.

        After sleep the next reading is enough. A clock that was just set may be set back in the next moment, so
        what it says is not acted on for a minute.
        """
        return SETTLING if self.step else timedelta()


class Awakening:
    """Compares the wall clock with the steady one, each time it is asked."""

    def __init__(self, now: datetime, steady: float) -> None:
        self._now = now
        self._steady = steady

    def observe(self, now: datetime, steady: float) -> Gap | None:
        """What happened since the last look; None where nothing did."""
        passed = timedelta(seconds=steady - self._steady)
        step = now - self._now - passed
        self._now, self._steady = now, steady
        if abs(step) < STEP:
            step = timedelta()
        if passed < PAUSE and not step:
            return None
        return Gap(passed, step)
