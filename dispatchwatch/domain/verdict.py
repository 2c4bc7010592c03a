"""Whether an alert was right, seen from the end: what "true" means for each kind of alert, in one place.

In a replay nobody acts on an alert, so what came about came about by itself. Whether a visit was late enough to matter
is judged by one tolerance for all, never by the grace of the policy that raised the alert: only so can two policies
be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from dispatchwatch.domain.alert import Alert, AlertKind, Outcome, Severity
from dispatchwatch.domain.visit import Status, Visit
from dispatchwatch.domain.watched import Seen
from dispatchwatch.domain.wording.plain import instant_of

LONG_AGO = datetime.min.replace(tzinfo=UTC)
FAR_OFF = datetime.max.replace(tzinfo=UTC)
SMALLEST = timedelta(microseconds=1)


class Verdict(StrEnum):
    """`minor`: late as it said, but by no more than the tolerance. `not_judged`: nothing shows which it was."""

    TRUE = "true"
    MINOR = "minor"
    FALSE_ALARM = "false_alarm"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a visit came out.

    `visit` is what was last known of it, None if nothing is. `seen` is when a check-in without a time of its own was
    learnt of, where that says anything. `until` is when we stopped looking; None where the facts are final.
    """

    visit: Visit | None = None
    seen: Seen | None = None
    until: datetime | None = None


def verdict(alert: Alert, ended: Ended, tolerance: timedelta) -> Verdict:
    """Whether what the alert said came about.

    Late check-in, at risk, technician no-show: true if the technician came later than the promise by more than the
    tolerance, or never; a false alarm if he was there by the instant the alert was due. Nobody assigned,
    double-booked, drive too short: true if it was still so at that instant; a false alarm if it had been put right
    before. Running over: a false alarm if the work was done by then. Service levels: true once the target was missed,
    a false alarm if it was met. Visit missing: a false alarm if it came back. Cancelled, moved, customer not there,
    left early: true, unless it was undone. What is wrong with the schedule itself is not judged.
    """
    return JUDGES[alert.kind](alert, ended, tolerance)


def _arrival(alert: Alert, ended: Ended, tolerance: timedelta) -> Verdict:
    promise = instant_of(alert.facts, "promise") or (ended.visit.promise if ended.visit else None)
    if ended.visit is None or promise is None or alert.outcome is Outcome.WITHDRAWN:
        return Verdict.NOT_JUDGED
    limit, in_time = promise + tolerance, max(promise, _due(alert))
    came = _came(ended)
    if came is None:
        return _never_came(ended, promise, limit)
    first, last = came
    if first > limit:
        return Verdict.TRUE
    if last <= in_time:
        return Verdict.FALSE_ALARM
    return Verdict.MINOR if first > in_time and last <= limit else Verdict.NOT_JUDGED


def _due(alert: Alert) -> datetime:
    """The instant by which an arrival makes the alert a false one; for a prediction, only the promise counts."""
    return LONG_AGO if alert.kind is AlertKind.AT_RISK else alert.due_at


def _came(ended: Ended) -> tuple[datetime, datetime] | None:
    """The first and the last instant at which the technician may have arrived; None if nothing shows that he did."""
    if ended.visit is None or not ended.visit.checked_in:
        return None
    at = ended.visit.checked_in_at
    if at is not None:
        return at, at
    if ended.seen is None:
        return LONG_AGO, FAR_OFF
    return (ended.seen.since + SMALLEST if ended.seen.since else LONG_AGO), ended.seen.until


def _never_came(ended: Ended, promise: datetime, limit: datetime) -> Verdict:
    visit = ended.visit
    if visit is not None and visit.status is Status.CANCELLED:
        called_off = visit.cancelled_at
        return Verdict.TRUE if called_off is not None and called_off > promise else Verdict.NOT_JUDGED
    return Verdict.TRUE if ended.until is None or ended.until > limit else Verdict.NOT_JUDGED


def _put_right(alert: Alert, ended: Ended, _tolerance: timedelta) -> Verdict:
    if alert.resolved_at is not None and alert.resolved_at < alert.due_at:
        return Verdict.FALSE_ALARM if alert.outcome is Outcome.REMEDIED else Verdict.NOT_JUDGED
    return Verdict.TRUE if ended.until is None or ended.until >= alert.due_at else Verdict.NOT_JUDGED


def _overrun(alert: Alert, ended: Ended, _tolerance: timedelta) -> Verdict:
    done = ended.visit.completed_at or ended.visit.departed_at if ended.visit else None
    return Verdict.FALSE_ALARM if done is not None and done <= alert.due_at else Verdict.TRUE


def _target(alert: Alert, _ended: Ended, _tolerance: timedelta) -> Verdict:
    if alert.severity is Severity.CRITICAL:
        return Verdict.TRUE
    return Verdict.FALSE_ALARM if alert.outcome is Outcome.MET else Verdict.NOT_JUDGED


def _gone(alert: Alert, _ended: Ended, _tolerance: timedelta) -> Verdict:
    came_back = {Outcome.RECOVERED, Outcome.REMEDIED, Outcome.REINSTATED}
    return Verdict.FALSE_ALARM if alert.outcome in came_back else Verdict.TRUE


def _stated(alert: Alert, _ended: Ended, _tolerance: timedelta) -> Verdict:
    """What is a fact once it is known can only have been undone."""
    undone = {Outcome.UNDONE, Outcome.REINSTATED, Outcome.WAS_ON_TIME}
    return Verdict.FALSE_ALARM if alert.outcome in undone else Verdict.TRUE


def _not_judged(_alert: Alert, _ended: Ended, _tolerance: timedelta) -> Verdict:
    return Verdict.NOT_JUDGED


JUDGES: Mapping[AlertKind, Callable[[Alert, Ended, timedelta], Verdict]] = {
    AlertKind.LATE_CHECK_IN: _arrival,
    AlertKind.AT_RISK: _arrival,
    AlertKind.TECH_NO_SHOW: _arrival,
    AlertKind.UNASSIGNED: _put_right,
    AlertKind.DOUBLE_BOOKED: _put_right,
    AlertKind.TRAVEL_CONFLICT: _put_right,
    AlertKind.OVERRUN: _overrun,
    AlertKind.SLA_RESPONSE: _target,
    AlertKind.SLA_ONSITE: _target,
    AlertKind.SLA_RESOLUTION: _target,
    AlertKind.JOB_MISSING: _gone,
    AlertKind.CUSTOMER_NO_SHOW: _stated,
    AlertKind.CANCELLED_SHORT_NOTICE: _stated,
    AlertKind.CANCELLED: _stated,
    AlertKind.RESCHEDULED_SHORT_NOTICE: _stated,
    AlertKind.RESCHEDULE_DRIFT: _stated,
    AlertKind.EARLY_DEPARTURE: _stated,
    AlertKind.STALE_FEED: _not_judged,
    AlertKind.FEED_SHRUNK: _not_judged,
    AlertKind.CLOCK_SKEW: _not_judged,
    AlertKind.STATUS_CONFLICT: _not_judged,
    AlertKind.UNMAPPED_STATUS: _not_judged,
}
"""How each kind is judged; every kind is listed."""
