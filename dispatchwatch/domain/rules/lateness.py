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
from dispatchwatch.domain.policy import Policy, Thresholds
from dispatchwatch.domain.rules.facts import Facts, Finding, Rule
from dispatchwatch.domain.visit import AWAITED, Status, Visit
from dispatchwatch.domain.watched import Watched

NEAR_ETA = timedelta(minutes=15)
JUST_AFTER = timedelta(microseconds=1)


def awaited(watched: Watched) -> bool:
    """Whether somebody is expected there and nothing shows that he came."""
    visit = watched.visit
    return bool(visit.technicians) and visit.status in AWAITED and not visit.checked_in


def look(facts: Facts) -> Finding:
    fresh = facts.fresh_feeds()
    conditions: list[Condition] = []
    next_change: datetime | None = None
    for watched in facts.visits.values():
        if not awaited(watched) or watched.withdrawn:
            continue
        deadline = watched.deadline(facts.policy)
        if deadline is None:
            continue
        change = _next_change(watched, deadline, facts)
        if change is not None and (next_change is None or change < next_change):
            next_change = change
        if facts.now > deadline:
            conditions.append(_condition(watched, deadline, facts, watched.visit.feed in fresh))
    return Finding(tuple(conditions), next_change)


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
    key = alert.visit_key
    watched = facts.visits.get(key) if key else None
    if watched is None:
        return None
    visit = watched.visit
    if visit.checked_in:
        return _arrival(alert, watched)
    if visit.status is Status.CANCELLED:
        return Ending(Outcome.CANCELLED, wording.ended_by_cancellation(visit))
    if watched.withdrawn:
        return Ending(Outcome.WITHDRAWN, wording.ENDED_BY_WITHDRAWAL)
    if visit.status not in AWAITED:
        return Ending(Outcome.WITHDRAWN, wording.ended_by_status(visit))
    deadline = watched.deadline(facts.policy)
    if deadline is None or epoch(deadline) != epoch(alert.due_at):
        return Ending(Outcome.MOVED, wording.ended_by_move(visit, deadline))
    return None


def _arrival(alert: Alert, watched: Watched) -> Ending:
    visit = watched.visit
    arrived, seen = visit.checked_in_at, watched.check_in_seen
    if arrived is None:
        return Ending(Outcome.CHECKED_IN_UNTIMED, wording.ended_by_untimed_check_in(visit, seen))
    if seen is not None:
        arrived = min(arrived, seen.until)  # a source whose clock runs ahead
    outcome = Outcome.WAS_ON_TIME if arrived <= alert.due_at else Outcome.CHECKED_IN
    return Ending(outcome, wording.ended_by_check_in(visit, arrived, alert.due_at, seen))


def _condition(watched: Watched, deadline: datetime, facts: Facts, fresh: bool) -> Condition:
    visit = watched.visit
    recent = facts.now - deadline <= facts.policy.for_visit(visit).look_back
    return Condition(
        key=alert_key(AlertKind.LATE_CHECK_IN, visit.feed, visit.ext_id, epoch(deadline)),
        kind=AlertKind.LATE_CHECK_IN,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=severity(visit, deadline, facts.policy, facts.now),
        due_at=deadline,
        verified=fresh and recent and watched.missing_since is None,
        facts=wording.visit_facts(visit),
    )


def _about_to_arrive(visit: Visit, now: datetime) -> bool:
    if visit.status is not Status.EN_ROUTE or visit.eta is None:
        return False
    return abs(visit.eta - now) <= NEAR_ETA


def _next_change(watched: Watched, deadline: datetime, facts: Facts) -> datetime | None:
    thresholds = facts.policy.for_visit(watched.visit)
    steps = [
        deadline - thresholds.due_soon,
        deadline + JUST_AFTER,
        *_ladder(deadline, thresholds),
    ]
    if watched.visit.eta is not None:
        steps.append(watched.visit.eta + NEAR_ETA + JUST_AFTER)
    return min((step for step in steps if step > facts.now), default=None)


def _ladder(deadline: datetime, thresholds: Thresholds) -> tuple[datetime, datetime]:
    return deadline + thresholds.late_high_after, deadline + thresholds.late_critical_after


LATE_CHECK_IN = Rule(AlertKind.LATE_CHECK_IN, look, ending)
