"""Reading a Retry-After header: seconds or an HTTP date (RFC 9110, section 10.2.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=1)
_SECONDS = re.compile(r"[+-]?\d+(\.\d*)?", re.ASCII)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """How long to wait: between nothing and an hour; None where the header says nothing that can be read.

    Fractions and negative numbers are not in the standard; they are read as they are meant.
    """
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return timedelta(seconds=min(max(float(value), 0.0), LONGEST.total_seconds()))
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return min(max(instant - now, timedelta(0)), LONGEST)


def until_reset(reset: str, date: str) -> timedelta | None:
    """How long until a second of 1970's count, by the clock of the server that says so in its Date header; None where
    one of them can't be read."""
    try:
        now = parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if not _SECONDS.fullmatch(reset.strip()):
        return None
    return timedelta(seconds=min(max(float(reset) - now, 0.0), LONGEST.total_seconds()))
