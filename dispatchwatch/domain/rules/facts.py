"""What a rule may know, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The whole picture at one frozen `now`.

    `awake_since` is when the program started, or when the computer last woke: readings from before it say
    nothing about absence.
    """

    now: datetime
    awake_since: datetime
    visits: Mapping[VisitKey, Watched]
    feeds: Mapping[str, FeedHealth]
    policy: Policy
    office: OfficeHours

    def fresh_feeds(self) -> frozenset[str]:
        return frozenset(name for name, health in self.feeds.items() if health.fresh(self.now, self.awake_since))


@dataclass(frozen=True, slots=True)
class Finding:
    """The conditions that hold, and when the answer can next change with time alone."""

    conditions: tuple[Condition, ...]
    next_change: datetime | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as a value: its kind, its look at the facts, and its reason for an ending."""

    kind: AlertKind
    look: Callable[[Facts], Finding]
    ending: Callable[[Alert, Facts], Ending | None]
