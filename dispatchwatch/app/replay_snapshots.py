"""Snapshots: the exports of a while ago, each told again at the instant that its name carries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dispatchwatch.app.looking import Reading
from dispatchwatch.app.replay import ReplayFailure, Span, Told
from dispatchwatch.app.replay_files import Reader
from dispatchwatch.domain.calendars import instant
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.rules import RULES, Rule
from dispatchwatch.domain.schedule import RowProblem
from dispatchwatch.domain.verdict import Ended
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.intake.feed import FeedError

CARRIED = re.compile(
    r"(?<!\d)(?=(?P<year>\d{4})(?P<mark>[-_.]?)(?P<month>\d{2})(?P=mark)(?P<day>\d{2})[T _.-]?"
    r"(?P<hour>\d{2})(?P<join>[-_.:h]?)(?P<minute>\d{2})(?:(?P=join)(?P<second>\d{2}))?"
    r"(?P<zone>Z(?![A-Za-z])|[+-]\d{2}:?\d{2})?(?!\d))",
    re.ASCII,
)
ADVICE = "write it into the name, such as visits-2026-11-10T0930.csv"
ONE_ALONE = timedelta(seconds=30)


class Export(NamedTuple):
    """A file, and the instant it was exported at."""

    at: datetime
    file: Path


def exports(files: Iterable[Path], zone: ZoneInfo) -> list[Export]:
    """The files in the order of the instants in their names. `zone` is that of names without a zone of their own.

    Raises `ReplayFailure` for a name without an instant, and for two files of the same one.
    """
    found = sorted(Export(_instant_of(file, zone), file) for file in files)
    for one, other in pairwise(found):
        if one.at == other.at:
            raise ReplayFailure(f"{one.file} and {other.file} carry the same instant; leave one of them out.", 2)
    return found


def named_instant(name: str, zone: ZoneInfo) -> datetime | None:
    """The instant that a file's name carries, the last where there are several; None if there is none.

    Read are a date and a time, with or without marks between their parts: `2026-11-10T0930`, `20261110-0930`,
    `2026-11-10_09-30-15`, each with a `Z` or an offset behind it or without.
    """
    return next((at for found in reversed([*CARRIED.finditer(name)]) if (at := _told(found, zone))), None)


class Snapshots:
    """A source for `Replay`. The files are read one after the other, as the clock comes to them."""

    def __init__(self, found: Sequence[Export], reader: Reader, span: Span | None = None) -> None:
        """`found` in their order. Raises `ReplayFailure` if none of them falls into the span."""
        span = span or Span()
        self._exports = [one for one in found if span.warm <= one.at <= span.last]
        if not self._exports:
            raise ReplayFailure("No file was exported between --from and --to.")
        self._reader = reader
        self.health = FeedHealth(feed=reader.feed, interval=_interval([one.at for one in self._exports]))
        self.rules: Sequence[Rule] = RULES
        self.begins = self._exports[0].at
        self.ends = min(self._exports[-1].at + self.health.limit, span.last)
        self.tellings = len(self._exports)
        self.notes: list[str] = []
        self.problems: list[RowProblem] = []
        self.failed: list[str] = []

    @property
    def feeds(self) -> Mapping[str, FeedHealth]:
        return {self.health.feed: self.health}

    @property
    def title(self) -> str:
        return "1 snapshot" if self.tellings == 1 else f"{self.tellings:,} snapshots"

    def told(self) -> Iterator[Told]:
        self.problems, self.failed = [], []
        for one in self._exports:
            yield Told(one.at, (self._reading(one),))

    def between(self, now: datetime) -> Sequence[Reading]:
        del now
        return ()

    def ended(self, key: VisitKey, watched: Watched | None) -> Ended:
        """What the last snapshots said."""
        del key
        last = self._exports[-1].at
        return Ended(watched.visit, watched.check_in_seen, last) if watched else Ended(until=last)

    def _reading(self, one: Export) -> Reading:
        feed = self.health.feed
        try:
            snapshot = self._reader.read(one.file, one.at)
        except FeedError as failure:
            self.failed.append(str(failure))
            return Reading(feed, one.at, problem=str(failure))
        self.problems += snapshot.problems
        # When the file was written to this disk says nothing about its source.
        return Reading(feed, one.at, replace(snapshot, source_at=one.at))


def _instant_of(file: Path, zone: ZoneInfo) -> datetime:
    at = named_instant(file.name, zone)
    if at is None:
        raise ReplayFailure(f"The name of {file} does not say when it was exported; {ADVICE}.", 2)
    return at


def _told(found: re.Match[str], zone: ZoneInfo) -> datetime | None:
    parts = ("year", "month", "day", "hour", "minute", "second")
    try:
        local = datetime(*(int(found[part] or 0) for part in parts))  # type: ignore[arg-type]  # noqa: DTZ001 - placed below
    except ValueError:
        return None
    offset = found["zone"]
    if offset is None:
        return instant(local, zone)[0]
    if offset == "Z":
        return local.replace(tzinfo=UTC)
    digits = offset[1:].replace(":", "")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return local.replace(tzinfo=timezone(length if offset[0] == "+" else -length)).astimezone(UTC)


def _interval(instants: Sequence[datetime]) -> timedelta:
    """How often the office exported: the median gap, the shorter of the two in the middle."""
    gaps = sorted(later - earlier for earlier, later in pairwise(instants))
    return gaps[(len(gaps) - 1) // 2] if gaps else ONE_ALONE
