"""The kinds of value that configuration models share."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from dispatchwatch.domain.durations import duration_text, parse_duration

SHORTEST_INTERVAL = timedelta(seconds=1)
LONGEST_INTERVAL = timedelta(days=1)


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of an IANA name such as `America/Chicago`; None if there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str):
        return parse_duration(value)
    raise ValueError(f"{value!r} is not a duration; write it as text with a unit, such as '90s', '15m', '24h' or '2d'")


def _interval(length: timedelta) -> timedelta:
    if not SHORTEST_INTERVAL <= length <= LONGEST_INTERVAL:
        raise ValueError(f"{duration_text(length)} is not between 1s and 24h")
    return length


def _zone_name(name: str) -> str:
    if zone_named(name) is None:
        raise ValueError(f"'{name}' is not a time zone; use an IANA name such as America/Chicago")
    return name


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    PlainSerializer(duration_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+\s*[dhms]$", "examples": ["90s", "15m", "24h", "2d"]}),
]
"""A length of time, written `90s`, `15m`, `24h` or `2d`."""

Interval = Annotated[Duration, AfterValidator(_interval)]
"""How often something is looked at: 1 second to 24 hours."""

ZoneName = Annotated[str, AfterValidator(_zone_name)]
"""The IANA name of a time zone that this machine knows."""
