"""Hours as people write them: `mon-fri = "07:00-18:00"`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from dispatchwatch.domain.calendars import WEEKDAYS

Hours = dict[int, tuple[time, time]]


def read_hours(told: Mapping[str, str]) -> tuple[Hours, dict[str, str]]:
    """Spans of hours by weekday (0 is Monday), and what is wrong by the key that can't be read."""
    hours: Hours = {}
    wrong: dict[str, str] = {}
    for days, span in told.items():
        try:
            hours.update(dict.fromkeys(_weekdays(days), _span(span)))
        except ValueError as error:
            wrong[days] = str(error)
    return hours, wrong


def _weekdays(text: str) -> tuple[int, ...]:
    first, dash, last = text.lower().partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        raise ValueError(f"“{text}” is not a day or a span of days; write mon-fri, or one of {', '.join(WEEKDAYS)}")
    start = WEEKDAYS.index(first)
    end = WEEKDAYS.index(last) if dash else start
    return tuple((start + n) % 7 for n in range((end - start) % 7 + 1))


def _span(text: str) -> tuple[time, time]:
    """`07:00-18:00` as two times; `24:00` is midnight."""
    opens, dash, closes = text.partition("-")
    try:
        if not dash:
            raise ValueError
        ends = closes.strip()
        return time.fromisoformat(opens.strip()), time() if ends == "24:00" else time.fromisoformat(ends)
    except ValueError:
        raise ValueError(f"“{text}” is not a span of hours; write it like 07:00-18:00") from None
