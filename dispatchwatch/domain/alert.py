"""One thing wrong: what a rule finds, what becomes of it, and how conditions meet the open alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
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
    """How an alert ended, for the figures; the sentence for people is `Ending.text`."""

    CHECKED_IN = "checked_in"
    WAS_ON_TIME = "was_on_time"
    CHECKED_IN_UNTIMED = "checked_in_untimed"
    CANCELLED = "cancelled"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    RECOVERED = "recovered"
    ACCEPTED = "accepted"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Ending:
    """Why an alert is over: the word for the figures and the sentence for people."""

    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something a rule finds true now.

    `key` is kind, feed, visit and epoch (study 4.1); the same key is the same alert. `verified` is False
    where the rule argues from the absence of news and the news may be old: such a condition keeps an open
    alert open, but never raises or worsens one. `facts` are the words that the headline is made of.
    """

    key: str
    kind: AlertKind
    feed: str
    ext_id: str = ""
    severity: Severity
    due_at: datetime
    verified: bool = True
    facts: Mapping[str, str] = field(default_factory=dict)


def alert_key(kind: AlertKind, feed: str, ext_id: str, epoch: str) -> str:
    return "|".join((kind, feed, ext_id, epoch))


def epoch(instant: datetime) -> str:
    """An instant to the minute, as the part of a key that makes a new alert of a new deadline."""
    return instant.strftime("%Y-%m-%dT%H:%MZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert on record. `id` is 0 until it is stored. At most one alert per key, ever."""

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
    found_at_start: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
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


@dataclass(frozen=True, slots=True)
class Differences:
    """What one look changes: alerts to raise, worsened ones, and those that are over."""

    raised: tuple[Alert, ...] = ()
    worsened: tuple[Alert, ...] = ()
    resolved: tuple[Alert, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.raised or self.worsened or self.resolved)


def diff(
    conditions: Sequence[Condition],
    open_alerts: Iterable[Alert],
    used_keys: frozenset[str],
    ending: Callable[[Alert], Ending | None],
    now: datetime,
) -> Differences:
    """Hold what is true now against what is on record.

    `used_keys` are the keys of alerts already resolved: they never open again. An open alert whose condition
    no longer shows ends only if `ending` can say why; a clock set back or missing news is no reason.
    """
    on_record = {alert.key: alert for alert in open_alerts}
    holding = {condition.key: condition for condition in conditions}
    raised = tuple(
        _raise(condition, now)
        for condition in holding.values()
        if condition.verified and condition.key not in on_record and condition.key not in used_keys
    )
    worsened = tuple(
        replace(alert, severity=condition.severity, updated_at=now, facts=condition.facts)
        for alert in on_record.values()
        if (condition := holding.get(alert.key)) is not None
        and condition.verified
        and condition.severity.rank > alert.severity.rank
    )
    resolved = tuple(
        end(alert, why, now)
        for alert in on_record.values()
        if alert.key not in holding and (why := ending(alert)) is not None
    )
    return Differences(raised, worsened, resolved)


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


def _raise(condition: Condition, now: datetime) -> Alert:
    return Alert(
        key=condition.key,
        kind=condition.kind,
        severity=condition.severity,
        feed=condition.feed,
        ext_id=condition.ext_id,
        due_at=condition.due_at,
        raised_at=now,
        updated_at=now,
        facts=condition.facts,
    )
