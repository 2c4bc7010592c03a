"""The two clocks: the wall's, which people set, and the steady one, which only runs."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the program learns the time. Passed in; a test moves its own by hand."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        ...

    def steady(self) -> float:
        """Seconds that never jump. Runs on while the computer sleeps wherever the system can tell."""
        ...


class SystemClock:
    """The computer's clocks. Linux counts the seconds asleep; elsewhere sleep looks like a jump of the wall clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def steady(self) -> float:
        boot = getattr(time, "CLOCK_BOOTTIME", None)
        return time.monotonic() if boot is None else time.clock_gettime(boot)
