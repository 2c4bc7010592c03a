"""The program's own record as a past to replay: every visit as it was known, change by change, when it was learnt.

What is on record of a visit is what was believed of it, so what a source said and nobody could believe is not there:
contradictions and status words that nobody knew are left out, and so is how the schedule was read (too old, suddenly
short, by a wrong clock).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dispatchwatch.app.looking import Reading
from dispatchwatch.app.replay import SMALLEST, ReplayFailure, Span, Told
from dispatchwatch.app.replay_history import ABOUT_THE_FEED, INTERVAL
from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.rules import RULES, Rule
from dispatchwatch.domain.schedule import Snapshot, days_of
from dispatchwatch.domain.verdict import Ended
from dispatchwatch.domain.visit import Visit, VisitKey
from dispatchwatch.domain.watched import WITHDRAWN_AFTER, Watched
from dispatchwatch.domain.wording import span as length_of
from dispatchwatch.store import codec
from dispatchwatch.store.schedules import VisitChange
from dispatchwatch.store.store import Store

NOT_ON_RECORD = (ABOUT_THE_FEED - {AlertKind.JOB_MISSING}) | {AlertKind.STATUS_CONFLICT, AlertKind.UNMAPPED_STATUS}
"""Kinds that the record can't tell of again."""

AHEAD = timedelta(days=31)
"""So far ahead of the span a visit may be planned and still have been cancelled or moved in it."""

WORTH_NOTING = timedelta(minutes=5)
NAMES = frozenset(one.name for one in fields(Visit)) - {"feed", "ext_id"}
LEFT_OUT = "How the schedule was read, what contradicted itself and status words nobody knew are not replayed."


class Point(NamedTuple):
    """What was known of a visit from an instant on; None where it was missing from the schedule."""

    at: datetime
    key: VisitKey
    visit: Visit | None


class Record:
    """A source for `Replay`, read whole from a store when it is made. Blocks; raises `ReplayFailure`, `StoreError`."""

    def __init__(self, store: Store, feeds: Iterable[str], *, zone: ZoneInfo, span: Span, now: datetime) -> None:
        """`span` has a start; the record ends now at the latest. `feeds` in the order of their standing."""
        if span.start is None:
            raise ReplayFailure("Say from when on the record is to be replayed.")
        self._zone = zone
        self.feeds: Mapping[str, FeedHealth] = {name: FeedHealth(feed=name, interval=INTERVAL) for name in feeds}
        known = [one for one in store.schedules.between(span.warm, now + AHEAD) if one.key.feed in self.feeds]
        self._points = sorted(_points(store, known), key=lambda one: (one.at, one.key))
        self.ends = min(now, span.last)
        self._points = [one for one in self._points if one.at <= self.ends]
        if not self._points:
            raise ReplayFailure("Nothing is on record of these days yet: no visit was known.")
        self._count = len({one.key for one in self._points})
        self.begins = self._points[0].at
        self.tellings = len({one.at for one in self._points})
        self.rules: Sequence[Rule] = tuple(rule for rule in RULES if not set(rule.kinds) <= NOT_ON_RECORD)
        self.notes: list[str] = [LEFT_OUT, *_since(self._points[0].at, span.start), *_asleep(store, span.start)]
        self._final = {one.key: one for one in known}

    @property
    def title(self) -> str:
        return "1 visit on record" if self._count == 1 else f"{self._count:,} visits on record"

    def told(self) -> Iterator[Told]:
        """Also what was learnt before the span: how often a visit had been moved by then counts in it."""
        known: dict[VisitKey, Visit] = {}
        missing: set[VisitKey] = set()
        for at, group in groupby(self._points, key=attrgetter("at")):
            told = {one.key: one.visit for one in group}
            known |= {key: visit for key, visit in told.items() if visit is not None}
            lost = {key: known[key] for key, visit in told.items() if visit is None and key in known}
            missing = (missing - told.keys()) | lost.keys()
            there = {key: visit for key, visit in known.items() if key not in missing} if lost else {}
            news = (self._reading(name, told, at) for name in self.feeds)
            yield Told(at, (*self.between(at - SMALLEST), *news, *self._losses(lost, there, at)))

    def between(self, now: datetime) -> Sequence[Reading]:
        return [self._reading(name, {}, now) for name in self.feeds]

    def ended(self, key: VisitKey, watched: Watched | None) -> Ended:
        del watched
        final = self._final.get(key)
        return Ended(final.visit, final.check_in_seen, self.ends) if final else Ended(until=self.ends)

    def _reading(self, feed: str, changed: Mapping[VisitKey, Visit | None], at: datetime) -> Reading:
        visits = tuple(visit for key, visit in changed.items() if visit is not None and key.feed == feed)
        return Reading(
            feed, at, Snapshot(feed=feed, read_at=at, visits=visits, digest="", complete=False, source_at=at)
        )

    def _losses(
        self, lost: Mapping[VisitKey, Visit], there: Mapping[VisitKey, Visit], at: datetime
    ) -> Iterator[Reading]:
        """What is missing is told by what is there: all but the missing, whole for the days those were planned for."""
        for feed in {key.feed for key in lost}:
            days = frozenset(
                day for key, visit in lost.items() if key.feed == feed for day in days_of(visit, self._zone)[:1]
            )
            visits = tuple(one for key, one in there.items() if key.feed == feed)
            digest = f"without {sorted(key.ext_id for key in lost)} at {at.isoformat()}"
            yield Reading(
                feed, at, Snapshot(feed=feed, read_at=at, visits=visits, digest=digest, covered=days, source_at=at)
            )


def _points(store: Store, known: Iterable[Watched]) -> Iterator[Point]:
    for watched in known:
        yield from _story(watched, store.schedules.history(watched.key))


def _story(watched: Watched, history: Sequence[VisitChange]) -> Iterator[Point]:
    """The visit as it was from each change on, told backwards from what it is now."""
    told = codec.VISIT.dump_python(watched.visit, mode="json")
    states: dict[datetime, dict[str, Any]] = {}
    for change in reversed(history):
        states.setdefault(change.at, dict(told))
        told |= {name: old for name, (old, _) in change.changes.items() if name in NAMES}
    states.setdefault(watched.first_seen_at, told)
    gone = _absences(history, watched)
    for at, state in states.items():
        if not any(begin <= at < end for begin, end in gone):
            yield Point(at, watched.key, codec.VISIT.validate_python(state))
    for begin, end in gone:
        yield Point(begin, watched.key, None)
        if end - begin > WITHDRAWN_AFTER:
            yield Point(begin + WITHDRAWN_AFTER, watched.key, None)


def _absences(history: Sequence[VisitChange], watched: Watched) -> list[tuple[datetime, datetime]]:
    """From when to when the visit was missing from its schedule."""
    found: list[tuple[datetime, datetime]] = []
    begin: datetime | None = None
    for change in history:
        if "missing_since" not in change.changes:
            continue
        if change.changes["missing_since"][1]:
            begin = change.at
        elif begin is not None:
            found.append((begin, change.at))
            begin = None
    never = datetime.max.replace(tzinfo=watched.first_seen_at.tzinfo)
    return [*found, (begin, never)] if begin is not None else found


def _since(first: datetime, start: datetime) -> Iterator[str]:
    if first > start:
        yield f"The record begins {length_of(first - start)} after these days do; before that nothing was known."


def _asleep(store: Store, start: datetime) -> Iterator[str]:
    """For how long the program did not run: what happened then is told when it was learnt."""
    stopped: datetime | None = None
    asleep = timedelta()
    for entry in store.audit.entries(start, subject="program"):
        at = datetime.fromisoformat(entry["at"])
        if entry["action"] == "stopped":
            stopped = at
        elif entry["action"] == "started" and stopped is not None:
            asleep += at - stopped
            stopped = None
    if asleep >= WORTH_NOTING:
        yield f"For {length_of(asleep)} of it the program did not run; what happened then counts from when we knew."
