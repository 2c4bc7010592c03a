"""Durations as the configuration writes them: `90s`, `15m`, `24h`, `2d`."""

from __future__ import annotations

import re
from datetime import timedelta

UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
WRITTEN = re.compile(r"(\d+)\s*([dhms])", re.ASCII)


def parse_duration(text: str) -> timedelta:
    """The length of time a text such as `15m` stands for. ValueError says how to write one."""
    written = WRITTEN.fullmatch(text.strip().lower())
    if written is None:
        raise ValueError(f"'{text}' is not a duration; write a whole number and a unit, such as 90s, 15m, 24h or 2d")
    try:
        return int(written[1]) * UNITS[written[2]]
    except (OverflowError, ValueError):
        raise ValueError(f"'{text}' is longer than this program can count") from None


def duration_text(length: timedelta) -> str:
    """The shortest text that `parse_duration` reads as this length. Fractions of a second are dropped."""
    seconds = timedelta(seconds=length // UNITS["s"])
    if not seconds:
        return "0s"
    letter, unit = next((letter, unit) for letter, unit in UNITS.items() if not seconds % unit)
    return f"{seconds // unit}{letter}"
