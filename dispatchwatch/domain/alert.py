"""One thing wrong: what a rule finds, what becomes of it, and how conditions meet the open alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dispatchwatch.domain.visit import VisitKey


class AlertKind(StrEnum):
    """Every kind of exception, by the word the interface fixes (section 3)."""

    LATE_CHECK_IN = "late_check_in"
    AT_RISK = "at_risk"
    TECH_NO_SHOW = "tech_no_show"
    CUSTOMER_NO_SHOW = "customer_no_show"
    CANCELLED_SHORT_NOTICE = "cancelled_short_notice"
    CANCELLED = "cancelled"
    RESCHEDULED_SHORT_NOTICE = "rescheduled_short_notice"
    RESCHEDULE_DRIFT = "reschedule_drift"
    UNASSIGNED = "unassigned"
    OVERRUN = "overrun"
    SLA_RESPONSE = "sla_response"
    SLA_ONSITE = "sla_onsite"
    SLA_RESOLUTION = "sla_resolution"
    DOUBLE_BOOKED = "double_booked"
    TRAVEL_CONFLICT = "travel_conflict"
    EARLY_DEPARTURE = "early_departure"
    JOB_MISSING = "job_missing"
    STALE_FEED = "stale_feed"
    FEED_SHRUNK = "feed_shrunk"
    CLOCK_SKEW = "clock_skew"
    STATUS_CONFLICT = "status_conflict"
    UNMAPPED_STATUS = "unmapped_status"


ENDED_BY_ACKNOWLEDGING = frozenset({AlertKind.RESCHEDULED_SHORT_NOTICE})
"""Kinds that are news and nothing else: once somebody has taken note, they are over."""


FLAPPING = "flapping"
"""The fact that says how often within the hour this kind was raised for this visit, where it comes and goes."""


REOPENED = "reopened"
"""The fact that says why an alert somebody was on is open again, in a few words."""


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

    def lowered(self) -> Severity:
        return list(Severity)[max(0, self.rank - 1)]


class AlertState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Operation(StrEnum):
    """What a channel is told about an alert."""

    RAISE = "raise"
    UPDATE = "update"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


class Outcome(StrEnum):
    """How an alert ended, for the figures; the sentence for people is `Ending.text`.

    `remedied`: what was wrong was put right (assigned, finished, corrected, room made); `recovered`: the feed, or a
    prediction, is well again; `noted`: nothing was to be done but know it.
    """

    CHECKED_IN = "checked_in"
    WAS_ON_TIME = "was_on_time"
    CHECKED_IN_UNTIMED = "checked_in_untimed"
    CANCELLED = "cancelled"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    RECOVERED = "recovered"
    ACCEPTED = "accepted"
    BECAME_WORSE = "became_worse"
    REINSTATED = "reinstated"
    UNDONE = "undone"
    REMEDIED = "remedied"
    MET = "met"
    NOTED = "noted"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Ending:
    """Why an alert is over: the word for the figures and the sentence for people."""

    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something a rule finds true now.

    `key` is kind, feed, visit and epoch (study 4.1); the same key is the same alert. A condition that is not `verified`
    keeps an open alert open, but never raises or worsens one. `from_absence` says that the rule argues from the
    absence of news: while its feed is not fresh, the condition does not count as verified. `settles_for` is how long it
    must have held before it is raised. `facts` are the words that the headline is made of.
    """

    key: str
    kind: AlertKind
    feed: str
    ext_id: str = ""
    severity: Severity
    due_at: datetime
    verified: bool = True
    from_absence: bool = False
    settles_for: timedelta = timedelta()
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def visit_key(self) -> VisitKey | None:
        return VisitKey(self.feed, self.ext_id) if self.ext_id else None


def alert_key(kind: AlertKind, feed: str, ext_id: str, epoch: str) -> str:
    return "|".join((kind, feed, ext_id, epoch))


def epoch(instant: datetime) -> str:
    """An instant to the minute, as the part of a key that makes a new alert of a new deadline."""
    return instant.strftime("%Y-%m-%dT%H:%MZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert on record. `id` is 0 until it is stored. At most one alert per key, ever.

    `follows` is the number of the alert whose place it took (`SUPERSEDES`), or 0. An acknowledgement may end by itself:
    at `acknowledged_until`, or once the visit is no longer as it was, which `while_visit` tells (lasting.py).
    """

    id: int = 0
    key: str
    kind: AlertKind
    severity: Severity
    state: AlertState = AlertState.OPEN
    feed: str
    ext_id: str = ""
    due_at: datetime
    raised_at: datetime
    updated_at: datetime
    follows: int = 0
    found_at_start: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    acknowledged_until: datetime | None = None
    while_visit: str = ""
    reason: str = ""
    note: str = ""
    snoozed_until: datetime | None = None
    snoozed_by: str = ""
    resolved_at: datetime | None = None
    resolved_by: str = ""
    outcome: Outcome | None = None
    resolution: str = ""

    @property
    def visit_key(self) -> VisitKey | None:
        return VisitKey(self.feed, self.ext_id) if self.ext_id else None

    def snoozed(self, now: datetime) -> bool:
        return self.snoozed_until is not None and now < self.snoozed_until


def end(alert: Alert, why: Ending, now: datetime, by: str = "") -> Alert:
    return replace(
        alert,
        state=AlertState.RESOLVED,
        updated_at=now,
        resolved_at=now,
        resolved_by=by,
        outcome=why.outcome,
        resolution=why.text,
    )


def renamed(alert: Alert, key: VisitKey) -> Alert:
    """The same alert, now that its visit has another id."""
    before = f"{alert.kind}|{alert.feed}|{alert.ext_id}|"
    facts = {**alert.facts, "visit": key.ext_id} if "visit" in alert.facts else alert.facts
    about = alert_key(alert.kind, key.feed, key.ext_id, alert.key.removeprefix(before))
    return replace(alert, key=about, feed=key.feed, ext_id=key.ext_id, facts=facts)
