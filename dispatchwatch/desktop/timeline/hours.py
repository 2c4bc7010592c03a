"""Which hours are shown, and where the marks of the ruler stand, in the office's zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dispatchwatch.desktop.timeline.layout import TechnicianDay
from dispatchwatch.desktop.timeline.shape import Stretch
from dispatchwatch.domain.calendars import day_bounds

HOUR = 3600.0
QUARTER = 900
STEPS = (15, 30, 60, 120, 180, 360, 720)
"""Minutes between two marks; the first at which their words do not touch is taken."""

USUAL_DAY = (8, 18)
REACH = timedelta(hours=12)
"""How far before and after the office's day one can look."""


class Mark(NamedTuple):
    """A time of day on the ruler. `begins` names the day that begins there; `zone` is given where the clock changed."""

    at: float
    text: str
    begins: str = ""


def span_of(days: Iterable[TechnicianDay], zone: ZoneInfo, now: float) -> Stretch:
    """From the hour of the first shift or visit to that of the last, now among them."""
    today = datetime.fromtimestamp(now, UTC).astimezone(zone).date()
    opens, closes = day_bounds(today, zone)
    earliest, latest = (opens - REACH).timestamp(), (closes + REACH).timestamp()
    stretches = [one for day in days for one in _stretches(day, now)]
    if not stretches:
        start = opens.timestamp()
        stretches = [(start + USUAL_DAY[0] * HOUR, start + USUAL_DAY[1] * HOUR)]
    first = min(now, *(start for start, _ in stretches))
    last = max(now, *(end for _, end in stretches))
    return max(earliest, (first - QUARTER) // HOUR * HOUR), min(latest, -(-(last + QUARTER) // HOUR) * HOUR)


@lru_cache(maxsize=8)
def marks(shown: Stretch, zone: ZoneInfo, step: int) -> tuple[Mark, ...]:
    """Every `step` minutes of the local clock. An hour that comes twice is marked twice, with its zone."""
    return tuple(_marks(shown, zone, step))


def step_for(pixels_per_hour: float, widest: int) -> int:
    """How many minutes apart marks must be for words of this width."""
    return next((step for step in STEPS if pixels_per_hour * step / 60 >= widest), STEPS[-1])


def _marks(shown: Stretch, zone: ZoneInfo, step: int) -> Iterator[Mark]:
    at = shown[0] // QUARTER * QUARTER
    while at <= shown[1]:
        local = datetime.fromtimestamp(at, UTC).astimezone(zone)
        minutes = local.hour * 60 + local.minute
        if minutes % step == 0:
            before = datetime.fromtimestamp(at - HOUR, UTC).astimezone(zone)
            changed = before.utcoffset() != local.utcoffset()
            text = f"{local:%H:%M} {local:%Z}" if changed else f"{local:%H:%M}"
            yield Mark(at, text, "" if minutes else f"{local:%a} {local.day}")
        at += QUARTER


def _stretches(day: TechnicianDay, now: float) -> Iterator[Stretch]:
    yield from day.who.shifts or ()
    for shape in day.shapes:
        if shape.plan is not None:
            yield shape.plan
        if (happens := shape.happens(now)) is not None and not shape.running:
            yield happens
