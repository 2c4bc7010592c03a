"""What a rule may know, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.reassign.settings import Reassigning
from dispatchwatch.domain.rules.index import Index
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.technician import Roster
from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.visit import Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Watched


class Day(tuple[Watched, ...]):
    """Every visit known of a technician, over days, by start; those without one come last.

    `crew` says whose they are (`index.crews_of`).
    """

    crew: str

    def __new__(cls, visits: Iterable[Watched], crew: str) -> Self:
        day = super().__new__(cls, visits)
        day.crew = crew
        return day

    @property
    def technician(self) -> Technician | None:
        """Whose day it is; None where nobody is assigned."""
        crew = self[0].visit.technicians if self else ()
        return next((one for one in crew if one.identity == self.crew), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The whole picture at one frozen `now`.

    `awake_since` is when the program started, or when the computer last woke: readings from before it say
    nothing about absence. `index` finds visits by what they have in common.
    """

    now: datetime
    awake_since: datetime
    visits: Mapping[VisitKey, Watched]
    feeds: Mapping[str, FeedHealth]
    policy: Policy
    office: OfficeHours
    roster: Roster = field(default_factory=Roster)
    travel: Travel = field(default_factory=Travel)
    reassigning: Reassigning = field(default_factory=Reassigning)
    index: Index = field(default_factory=Index)

    @property
    def standards(self) -> Standards:
        return Standards(
            office=self.office,
            policy=self.policy,
            roster=self.roster,
            travel=self.travel,
            reassigning=self.reassigning,
        )

    def fresh(self, feed: str) -> bool:
        """Whether absence of news in this feed may be believed."""
        health = self.feeds.get(feed)
        return health is not None and health.fresh(self.now, self.awake_since)

    def fresh_feeds(self) -> frozenset[str]:
        return frozenset(name for name in self.feeds if self.fresh(name))

    def switched_off(self, kind: AlertKind, feed: str, key: VisitKey | None) -> bool:
        """Whether the office does not want this kind of alert, for this visit or feed."""
        watched = self.visits.get(key) if key else None
        thresholds = self.policy.for_visit(watched.visit) if watched else self.policy.for_feed(feed)
        return kind.value in thresholds.off

    def about(self, alert: Alert) -> Watched | None:
        """The visit that an alert is about; None if it is about a feed, or the visit is out of sight."""
        return self.visits.get(alert.visit_key) if alert.visit_key else None

    def order_of(self, visit: Visit) -> tuple[Watched, ...]:
        """The visits of the same work order, this one among them."""
        return tuple(self.visits[key] for key in sorted(self.index.orders.get(visit.order_ref, ())))

    def day_of(self, crew: str, *others: str) -> Day:
        """Every visit known of a technician (`index.crews_of`), who may be known by `others` too."""
        doubles, days = self.index.doubles, self.index.days
        keys = days.get(crew, frozenset()).union(*(days.get(other, ()) for other in others))
        return Day(sorted((self.visits[key] for key in keys if key not in doubles), key=_by_start), crew)

    def unread(self, feed: str) -> Mapping[str, frozenset[VisitKey]]:
        """The status words of a feed that nobody can read, with the visits that bear them."""
        return self.index.unread.get(feed, {})


@dataclass(frozen=True, slots=True)
class Finding:
    """The conditions that hold, and when the answer can next change with time alone."""

    conditions: tuple[Condition, ...] = ()
    next_change: datetime | None = None


NOTHING = Finding()

EndingOf = Callable[[Alert, Facts], Ending | None]


@dataclass(frozen=True, slots=True)
class VisitRule:
    """Looks at one visit at a time; what it says depends on that visit and those of the same order alone."""

    kinds: tuple[AlertKind, ...]
    look: Callable[[Watched, Facts], Finding]
    ending: EndingOf


@dataclass(frozen=True, slots=True)
class DayRule:
    """Looks at all visits of one technician together, in the order of their starts."""

    kinds: tuple[AlertKind, ...]
    look: Callable[[Day, Facts], Finding]
    ending: EndingOf


@dataclass(frozen=True, slots=True)
class FeedRule:
    """Looks at how one feed is doing."""

    kinds: tuple[AlertKind, ...]
    look: Callable[[FeedHealth, Facts], Finding]
    ending: EndingOf


Rule = VisitRule | DayRule | FeedRule


def soonest(*instants: datetime | None, after: datetime) -> datetime | None:
    """The first of these instants that is still to come."""
    return min((one for one in instants if one is not None and one > after), default=None)


def _by_start(watched: Watched) -> tuple[bool, datetime, VisitKey]:
    start = watched.visit.start or watched.visit.sched_start
    return start is None, start or watched.first_seen_at, watched.key
