"""Hours of a week as the file writes them, `mon-fri = "07:00-18:00"`, and day by day as a form shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dispatchwatch.app.config_hours import read_hours
from dispatchwatch.domain.calendars import WEEKDAYS

Week = tuple[tuple[str, str] | None, ...]
"""Seven days from Monday, each with when it opens and closes, `07:00`; None where it is closed."""

CLOSED: Week = (None,) * 7


def week_of(told: Mapping[str, Any]) -> Week:
    """The days that can be read; the others are closed."""
    hours, _ = read_hours({str(days): str(span) for days, span in told.items()})
    return tuple(
        (f"{hours[day][0]:%H:%M}", f"{hours[day][1]:%H:%M}") if day in hours else None for day in range(len(WEEKDAYS))
    )


def written(week: Week) -> dict[str, str]:
    """Days one after the other with the same hours are written together."""
    found: dict[str, str] = {}
    day = 0
    while day < len(week):
        last = day
        while last + 1 < len(week) and week[last + 1] == week[day]:
            last += 1
        if span := week[day]:
            name = WEEKDAYS[day] if last == day else f"{WEEKDAYS[day]}-{WEEKDAYS[last]}"
            found[name] = f"{span[0]}-{'24:00' if span[1] == '00:00' else span[1]}"
        day = last + 1
    return found
