"""What the times of a column look like, for a person who maps it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import NamedTuple

from dispatchwatch.intake.formats import NAMED, Told, reader, written

LIKELY_EPOCH = {"epoch": range(10**8, 10**10), "epoch_ms": range(10**11, 10**13)}
"""From 1973 on: smaller numbers count something else."""


class Look(NamedTuple):
    """`text` is how a person would call it; empty where nothing is told. `formats` are the ways to read numbers,
    likeliest first, which somebody must choose between. `unread` is a value that nobody can read."""

    text: str = ""
    formats: tuple[str, ...] = ()
    unread: str = ""


def look_of(values: Sequence[str], pattern: str | None) -> Look:
    """What non-blank cells look like; read with `pattern`, a format of the profile, if there is one."""
    if not values:
        return Look()
    if pattern is None and all(value.removesuffix(".0").isdigit() and value.isascii() for value in values):
        formats = tuple(name for name in NAMED if _all_read(values, name))
        return Look("numbers", formats, "" if formats else values[0])
    read = reader(pattern, month_first=True)
    kinds: list[str] = []
    unread = ""
    for value in values:
        try:
            kinds.append(_kind(read(value)))
        except (ValueError, OverflowError):
            if not _reads_day_first(value, pattern):
                unread = unread or value
                continue
            kinds.append(_kind(written(value, month_first=False)))
    return Look(" or ".join(dict.fromkeys(kinds)), (), unread)


def _all_read(values: Sequence[str], name: str) -> bool:
    likely = LIKELY_EPOCH.get(name)
    if likely is not None and not all(int(value.removesuffix(".0")) in likely for value in values):
        return False
    with suppress(ValueError, OverflowError):
        return all(NAMED[name](value) is not None for value in values)
    return False


def _reads_day_first(value: str, pattern: str | None) -> bool:
    if pattern is not None:
        return False
    with suppress(ValueError, OverflowError):
        return written(value, month_first=False) is not None
    return False


def _kind(told: Told) -> str:
    if isinstance(told, datetime):
        return "date and time with a zone" if told.tzinfo else "date and time"
    return "date" if isinstance(told, date) else "time of day"
