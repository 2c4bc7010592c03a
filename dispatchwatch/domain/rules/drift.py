"""Drift: a visit is moved again and again, or far from its first promise (study 4.2, kind 6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key
from dispatchwatch.domain.business_time import BusinessTime
from dispatchwatch.domain.moves import weigh
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, VisitRule, soonest
from dispatchwatch.domain.thresholds import Counting, Thresholds
from dispatchwatch.domain.visit import OVER, Status
from dispatchwatch.domain.watched import Move, Watched
from dispatchwatch.domain.wording.lateness import ended_by_cancellation, ended_by_status
from dispatchwatch.domain.wording.moves import ENDED_BY_COMPLETION, drift_facts, ended_by_drifting_on, ended_by_return

JUST_AFTER = timedelta(microseconds=1)
BY_DAYS = "days"
MOVES_TO_WORST = 3
"""So many moves after the high bucket comes the last one: 3, 5, 8."""


class Drift(NamedTuple):
    """How far a visit has drifted: the moves that count, business days later than promised, the bucket of its alert."""

    moves: tuple[Move, ...]
    days: int
    bucket: str


def look(watched: Watched, facts: Facts) -> Finding:
    visit = watched.visit
    if not watched.moves or visit.status in OVER or watched.withdrawn:
        return NOTHING
    drift = _drift(watched, facts)
    if drift is None:
        return NOTHING
    thresholds = facts.policy.for_visit(visit)
    stale_at = (visit.start or drift.moves[-1].seen.until) + thresholds.look_back
    is_high = len(drift.moves) >= thresholds.drift_high_moves
    condition = Condition(
        key=_key(watched, drift.bucket),
        kind=AlertKind.RESCHEDULE_DRIFT,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=Severity.HIGH if is_high else Severity.WARNING,
        due_at=_moved_at(drift.moves[-1]),
        verified=facts.now <= stale_at,
        facts={
            **wording.visit_facts(visit),
            **drift_facts(visit, watched.first_start, len(drift.moves), drift.days),
            "bucket": drift.bucket,
        },
    )
    return Finding((condition,), soonest(stale_at + JUST_AFTER, after=facts.now))


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why a visit drifts no longer. Drifting less than it did is no end while it still drifts."""
    watched = facts.about(alert)
    if watched is None:
        return None
    visit = watched.visit
    if visit.status is Status.COMPLETED:
        return Ending(Outcome.REMEDIED, ENDED_BY_COMPLETION)
    if visit.status is Status.CANCELLED:
        return Ending(Outcome.CANCELLED, ended_by_cancellation(visit))
    if visit.status in OVER:
        return Ending(Outcome.NOTED, ended_by_status(visit))
    if watched.withdrawn:
        return Ending(Outcome.WITHDRAWN, wording.ENDED_BY_WITHDRAWAL)
    drift = _drift(watched, facts)
    if drift is None:
        return Ending(Outcome.UNDONE, ended_by_return(visit))
    if _rank(drift.bucket) > _rank(alert.key.rpartition("|")[2]):
        return Ending(Outcome.BECAME_WORSE, ended_by_drifting_on(len(drift.moves)))
    return None


def _drift(watched: Watched, facts: Facts) -> Drift | None:
    thresholds = facts.policy.for_visit(watched.visit)
    moves = weigh(watched.moves, thresholds).counted
    if not moves:
        return None
    days = _days_later(watched.first_start, watched.visit.start, facts)
    bucket = _bucket(len(moves), days, thresholds)
    return Drift(moves, days, bucket) if bucket else None


def _days_later(first: datetime | None, now: datetime | None, facts: Facts) -> int:
    if first is None or now is None or now <= first:
        return 0
    return BusinessTime(facts.office, Counting.WEEKDAYS).days_between(first, now)


def _bucket(moves: int, days: int, thresholds: Thresholds) -> str:
    """The largest number of moves reached that makes a new alert; else "days"; empty while it does not drift."""
    high = max(thresholds.drift_high_moves, thresholds.drift_moves)
    reached = [steps for steps in (thresholds.drift_moves, high, high + MOVES_TO_WORST) if moves >= steps]
    if reached:
        return str(reached[-1])
    return BY_DAYS if days >= thresholds.drift_days else ""


def _rank(bucket: str) -> int:
    return int(bucket) if bucket.isdecimal() else 0


def _moved_at(move: Move) -> datetime:
    return move.seen.instant(move.at)


def _key(watched: Watched, bucket: str) -> str:
    return alert_key(AlertKind.RESCHEDULE_DRIFT, watched.visit.feed, watched.visit.ext_id, bucket)


DRIFT = VisitRule((AlertKind.RESCHEDULE_DRIFT,), look, ending)
