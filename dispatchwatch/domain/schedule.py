"""A feed's schedule as read at one instant, and what changed from one reading to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dispatchwatch.domain.visit import Visit, VisitKey

SHRUNKEN_SHARE = 0.5
SHRUNKEN_FROM_ROWS = 10


class Gravity(StrEnum):
    """Whether a row was left out, or read with a doubt that a person should know of."""

    UNREADABLE = "unreadable"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that could not be read, or not wholly. `line` counts as an editor does, from 1."""

    file: str
    line: int
    column: str
    problem: str
    gravity: Gravity = Gravity.UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One reading of one feed.

    `complete`: it holds every visit of the days it covers, so that absence means something. `covered` are
    those days in the office's zone. `source_at` is when the source last wrote it, by the source's clock.
    `digest` identifies the content: the same digest means nothing changed. `lacking` says what part of the source
    could not be read at all; what the rest says is true, but absence of news means nothing. `repeated` are the ids
    that stand in several rows which do not agree. `clock_ahead` is how far the source's clock runs ahead of ours (or,
    if negative, behind), where it tells its time.
    """

    feed: str
    read_at: datetime
    visits: tuple[Visit, ...]
    digest: str
    complete: bool = True
    covered: frozenset[date] = frozenset()
    source_at: datetime | None = None
    sources: tuple[str, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    lacking: str = ""
    repeated: frozenset[str] = frozenset()
    clock_ahead: timedelta | None = None


def days_of(visit: Visit, zone: ZoneInfo) -> tuple[date, ...]:
    """The local days a visit touches, first to last; a visit over midnight is on both days' boards."""
    start = visit.sched_start or visit.window_start or visit.window_end
    if start is None:
        return ()
    end = max(start, visit.sched_end or visit.window_end or start)
    first = start.astimezone(zone).date()
    last = end.astimezone(zone).date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def starts_within(visit: Visit, days: frozenset[date], zone: ZoneInfo) -> bool:
    touched = days_of(visit, zone)
    return bool(touched) and touched[0] in days


def shrunk_from(known: int, found: int) -> bool:
    """Whether a complete snapshot lost so much that it is more likely broken than true.

    `known` counts the visits held so far for the days the new snapshot covers, `found` what it has for
    them. Nothing at all where there was something is a broken export whatever the number.
    """
    if found == 0:
        return known > 0
    return known >= SHRUNKEN_FROM_ROWS and found < known * SHRUNKEN_SHARE


def differences(before: Visit, after: Visit) -> Mapping[str, tuple[object, object]]:
    """The fields in which two sightings of one visit differ, each with its old and its new value."""
    return {
        one.name: (getattr(before, one.name), getattr(after, one.name))
        for one in fields(Visit)
        if getattr(before, one.name) != getattr(after, one.name)
    }


def by_key(visits: tuple[Visit, ...]) -> dict[VisitKey, Visit]:
    return {visit.key: visit for visit in visits}
