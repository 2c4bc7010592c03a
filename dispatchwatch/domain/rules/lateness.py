"""Late check-in: the deadline has passed and nothing shows that a technician was there (study 4.2, kind 1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import (
    Alert,
    AlertKind,
    Condition,
    Ending,
    Outcome,
    Severity,
    alert_key,
    epoch,
)
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules.endings import called_off
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, VisitRule, soonest
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import AWAITED, Status, Visit
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.lateness import (
    ended_by_check_in,
    ended_by_move,
    ended_by_status,
    ended_by_untimed_check_in,
)

NEAR_ETA = timedelta(minutes=15)
JUST_AFTER = timedelta(microseconds=1)


def awaited(watched: Watched) -> bool:
    """Whether somebody is expected there and nothing shows that he came."""
    visit = watched.visit
    return visit.assigned and visit.status in AWAITED and not visit.checked_in


def look(watched: Watched, facts: Facts) -> Finding:
    if not awaited(watched) or watched.withdrawn:
        return NOTHING
    deadline = watched.deadline(facts.policy)
    if deadline is None:
        return NOTHING
    change = _next_change(watched, deadline, facts)
    if facts.now <= deadline:
        return Finding((), change)
    return Finding((_condition(watched, deadline, facts),), change)


def severity(visit: Visit, deadline: datetime, policy: Policy, now: datetime) -> Severity:
    """The ladder: warning at the deadline, high and critical later; an urgent visit is critical at once.

    One step lower while the technician is on the way and about to arrive.
    """
    thresholds = policy.for_visit(visit)
    over = now - deadline
    if over >= thresholds.late_critical_after or policy.urgent(visit):
        found = Severity.CRITICAL
    elif over >= thresholds.late_high_after:
        found = Severity.HIGH
    else:
        found = Severity.WARNING
    return found.lowered() if _about_to_arrive(visit, now) else found


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why a late check-in is over; None while nothing but the clock or missing news speaks for it.

    That nobody is assigned any more ends nothing: the promise is to the customer.
    """
    watched = facts.about(alert)
    if watched is None:
        return None
    visit = watched.visit
    if visit.checked_in:
        return on_time_or_not(watched, alert.due_at)
    over = ended_without_arrival(watched)
    if over is not None:
        return over
    deadline = watched.deadline(facts.policy)
    if deadline is None or epoch(deadline) != epoch(alert.due_at):
        return Ending(Outcome.MOVED, ended_by_move(visit, deadline))
    return None


def on_time_or_not(watched: Watched, deadline: datetime) -> Ending:
    """The ending for somebody who has come after all, by when he came."""
    visit = watched.visit
    arrived, seen = visit.checked_in_at, watched.check_in_seen
    if arrived is None:
        return Ending(Outcome.CHECKED_IN_UNTIMED, ended_by_untimed_check_in(visit, seen))
    if seen is not None:
        arrived = min(arrived, seen.until)  # a source whose clock runs ahead
    outcome = Outcome.WAS_ON_TIME if arrived <= deadline else Outcome.CHECKED_IN
    return Ending(outcome, ended_by_check_in(visit, arrived, deadline, seen))


def ended_without_arrival(watched: Watched) -> Ending | None:
    """Why nobody is expected there any more; None while somebody is."""
    visit = watched.visit
    gone = called_off(watched)
    if gone is not None:
        return gone
    if visit.status not in AWAITED:
        return Ending(Outcome.WITHDRAWN, ended_by_status(visit))
    return None


def _condition(watched: Watched, deadline: datetime, facts: Facts) -> Condition:
    visit = watched.visit
    recent = facts.now - deadline <= facts.policy.for_visit(visit).look_back
    return Condition(
        key=alert_key(AlertKind.LATE_CHECK_IN, visit.feed, visit.ext_id, epoch(deadline)),
        kind=AlertKind.LATE_CHECK_IN,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=severity(visit, deadline, facts.policy, facts.now),
        due_at=deadline,
        verified=recent and watched.missing_since is None,
        from_absence=True,
        facts=wording.visit_facts(visit),
    )


def _about_to_arrive(visit: Visit, now: datetime) -> bool:
    if visit.status is not Status.EN_ROUTE or visit.eta is None:
        return False
    return abs(visit.eta - now) <= NEAR_ETA


def _next_change(watched: Watched, deadline: datetime, facts: Facts) -> datetime | None:
    thresholds = facts.policy.for_visit(watched.visit)
    near = watched.visit.eta + NEAR_ETA + JUST_AFTER if watched.visit.eta is not None else None
    return soonest(
        deadline - thresholds.due_soon,
        deadline + JUST_AFTER,
        *_ladder(deadline, thresholds),
        deadline + thresholds.look_back + JUST_AFTER,
        near,
        after=facts.now,
    )


def _ladder(deadline: datetime, thresholds: Thresholds) -> tuple[datetime, datetime]:
    return deadline + thresholds.late_high_after, deadline + thresholds.late_critical_after


LATE_CHECK_IN = VisitRule((AlertKind.LATE_CHECK_IN,), look, ending)
