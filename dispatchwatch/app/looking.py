"""What goes into a look at the schedule, what it changes, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from dispatchwatch.app.recording import PROGRAM, Recorded
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.schedule import RowProblem, Snapshot
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.schedules import VisitChange


@dataclass(frozen=True, slots=True)
class Reading:
    """What one attempt to read a feed brought: a snapshot, or the problem in a sentence."""

    feed: str
    at: datetime
    snapshot: Snapshot | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look did, and when time alone makes the next one worth while. `renamed` are alerts that speak of their
    visit under another id than before."""

    recorded: Recorded = Recorded()
    visits: frozenset[VisitKey] = frozenset()
    entries: tuple[Entry, ...] = ()
    renamed: frozenset[int] = frozenset()
    next_change: datetime | None = None


@dataclass(slots=True)
class Changes:
    """What the readings of one look change, before it is written, and what was there before.

    `renamed` are visits that their source gave another id: the new key by the old one.
    """

    visits: dict[VisitKey, Watched] = field(default_factory=dict)
    renamed: dict[VisitKey, VisitKey] = field(default_factory=dict)
    before: dict[VisitKey, Watched | None] = field(default_factory=dict)
    feeds_before: dict[str, FeedHealth] = field(default_factory=dict)
    history: list[VisitChange] = field(default_factory=list)
    feeds: dict[str, tuple[tuple[RowProblem, ...] | None, frozenset[date] | None]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


def remembered(feeds: Mapping[str, FeedHealth], known: Mapping[str, FeedHealth]) -> dict[str, FeedHealth]:
    """The health of each feed as it was left, with the interval it is configured to have now."""
    return {
        name: replace(known[name], interval=health.interval) if name in known else health
        for name, health in feeds.items()
    }


def feed_entry(feed: str, action: str, at: datetime, detail: Mapping[str, object]) -> Entry:
    return Entry(at=at, who=PROGRAM, origin="feed", action=action, subject=f"feed {feed}", detail=detail)


def renamed_entry(old: VisitKey, new: VisitKey, at: datetime) -> Entry:
    """That a source gave a visit another id."""
    detail = {"before": old.ext_id}
    subject = f"visit {new.feed}/{new.ext_id}"
    return Entry(at=at, who=PROGRAM, origin="feed", action="visit_renumbered", subject=subject, detail=detail)


def visits_of(recorded: Recorded) -> frozenset[VisitKey]:
    return frozenset(key for alert in recorded.all if (key := alert.visit_key))
