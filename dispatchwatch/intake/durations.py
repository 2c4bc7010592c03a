"""How long a visit is planned to take, as a cell tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from dispatchwatch.intake.formats import tells_nothing

UNITS: Mapping[str, timedelta] = {
    "hours": timedelta(hours=1),
    "minutes": timedelta(minutes=1),
    "seconds": timedelta(seconds=1),
}
SPELLINGS: Mapping[str, frozenset[str]] = {
    "hours": frozenset({"h", "hr", "hrs", "hour", "hours"}),
    "minutes": frozenset({"m", "min", "mins", "minute", "minutes"}),
    "seconds": frozenset({"s", "sec", "secs", "second", "seconds"}),
}
LONGEST = timedelta(days=366)
NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)\.?", re.ASCII | re.IGNORECASE)
CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


def read_duration(text: str, unit: str) -> timedelta | None:
    """`90`, `1.5`, `90 min`, `2 h` or `1:30`; a bare number counts `unit`. None where nothing is told, or zero.

    Raises ValueError or OverflowError on anything else.
    """
    if tells_nothing(text):
        return None
    if clock := CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds) or None
    number = NUMBER.fullmatch(text)
    if number is None:
        raise ValueError("not a length of time")
    length = float(number[1].replace(",", ".")) * _unit(number[2].lower(), unit)
    if length > LONGEST:
        raise ValueError("longer than a year")
    return length or None


def _unit(written: str, otherwise: str) -> timedelta:
    if not written:
        return UNITS[otherwise]
    for name, spellings in SPELLINGS.items():
        if written in spellings:
            return UNITS[name]
    raise ValueError("not a unit of time")
