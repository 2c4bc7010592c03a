"""The time that is left, or gone: a figure to be read at a glance, and its unit."""

from __future__ import annotations

import math
from datetime import datetime
from typing import NamedTuple

WIDEST = ("59:59", "+23 h 59", "late")


class Countdown(NamedTuple):
    """`figure` is drawn large, `unit` small behind it. `late` once the deadline has passed."""

    figure: str
    unit: str
    late: bool

    def __str__(self) -> str:
        return f"{self.figure} {self.unit}".strip()


def countdown(deadline: datetime, now: datetime) -> Countdown:
    """`2 h 05` → `12:04` → `0:42` → `+20 s late` → `+3 min late` → `+1 h 05 late`."""
    left = (deadline - now).total_seconds()
    if left < 0:
        return _late(int(-left))
    seconds = math.ceil(left)
    if seconds < 3600:
        return Countdown(f"{seconds // 60}:{seconds % 60:02d}", "", late=False)
    if seconds < 48 * 3600:
        return Countdown(f"{seconds // 3600} h {seconds // 60 % 60:02d}", "", late=False)
    return Countdown(f"{seconds // 86400}", "days", late=False)


def _late(seconds: int) -> Countdown:
    if seconds < 60:
        return Countdown(f"+{seconds} s", "late", late=True)
    if seconds < 3600:
        return Countdown(f"+{seconds // 60} min", "late", late=True)
    if seconds < 48 * 3600:
        return Countdown(f"+{seconds // 3600} h {seconds // 60 % 60:02d}", "late", late=True)
    return Countdown(f"+{seconds // 86400} days", "late", late=True)
