"""Technician no-show: long after the promise, and no sign of the technician (study 4.2, kind 3)."""

from __future__ import annotations

from datetime import datetime

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key, epoch
from dispatchwatch.domain.policy import Policy, crew_words
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, VisitRule, soonest
from dispatchwatch.domain.rules.lateness import JUST_AFTER, awaited, ended_without_arrival, on_time_or_not
from dispatchwatch.domain.visit import AWAITED, Status, Visit
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.lateness import (
    ENDED_BY_TAKING_BACK,
    ended_by_move,
    ended_by_replacement,
    no_show_facts,
)

NO_TIME = "no time"
"""The epoch of a visit that was promised for no time: it has one no-show."""


def look(watched: Watched, facts: Facts) -> Finding:
    visit = watched.visit
    if visit.technician_no_show:
        return _told(watched, facts)
    if not awaited(watched) or watched.withdrawn or visit.status is Status.EN_ROUTE or visit.eta is not None:
        return NOTHING
    limit = limit_of(watched, facts.policy)
    if limit is None:
        return NOTHING
    if facts.now <= limit:
        return Finding((), limit + JUST_AFTER)
    return _found(watched, limit, facts)


def limit_of(watched: Watched, policy: Policy) -> datetime | None:
    """The instant after which silence is a no-show; never before the deadline, and fair as that is."""
    deadline, promised = watched.deadline(policy), watched.promised(policy)
    if deadline is None or promised is None:
        return None
    thresholds = policy.for_visit(watched.visit)
    in_window = watched.visit.window_end is not None
    return max(promised + (thresholds.window_no_show_after if in_window else thresholds.no_show_after), deadline)


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why a no-show is over; None while the customer still waits.

    Somebody else's name on the visit brings nobody there: it is over once he is on the way. The technician himself
    may say that he comes after all: that he does ends it.
    """
    watched = facts.about(alert)
    if watched is None:
        return None
    visit = watched.visit
    if visit.checked_in:
        return on_time_or_not(watched, watched.deadline(facts.policy) or alert.due_at)
    over = ended_without_arrival(watched)
    if over is not None:
        return over
    if _epoch(visit) != alert.key.rpartition("|")[2]:
        return Ending(Outcome.MOVED, ended_by_move(visit, watched.deadline(facts.policy)))
    if _on_the_way(visit) and not set(crew_words(visit.technicians)) & set(alert.facts.get("crew", "").split("\n")):
        return Ending(Outcome.REMEDIED, ended_by_replacement(visit))
    return _taken_back(alert, watched, facts)


def _taken_back(alert: Alert, watched: Watched, facts: Facts) -> Ending | None:
    """Whether the source no longer says what it alone had said."""
    if not alert.facts.get("told_by_source") or watched.visit.technician_no_show:
        return None
    limit = limit_of(watched, facts.policy)
    if limit is None or facts.now <= limit or _on_the_way(watched.visit):
        return Ending(Outcome.REMEDIED, ENDED_BY_TAKING_BACK)
    return None


def _told(watched: Watched, facts: Facts) -> Finding:
    """The source itself says so: that needs no waiting, and nobody assigned."""
    visit = watched.visit
    if visit.status not in AWAITED or visit.checked_in or watched.withdrawn:
        return NOTHING
    told_at = visit.status_at or visit.promise or visit.sched_start or watched.first_seen_at
    return _found(watched, told_at, facts)


def _found(watched: Watched, since: datetime, facts: Facts) -> Finding:
    visit = watched.visit
    stale_at = since + facts.policy.for_visit(visit).look_back
    condition = Condition(
        key=alert_key(AlertKind.TECH_NO_SHOW, visit.feed, visit.ext_id, _epoch(visit)),
        kind=AlertKind.TECH_NO_SHOW,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=Severity.CRITICAL,
        due_at=since,
        verified=facts.now <= stale_at and watched.missing_since is None,
        from_absence=not visit.technician_no_show,
        facts={**wording.visit_facts(visit), **no_show_facts(visit)},
    )
    return Finding((condition,), soonest(stale_at + JUST_AFTER, after=facts.now))


def _epoch(visit: Visit) -> str:
    return epoch(visit.promise) if visit.promise else NO_TIME


def _on_the_way(visit: Visit) -> bool:
    return visit.assigned and (visit.status is Status.EN_ROUTE or visit.eta is not None)


TECH_NO_SHOW = VisitRule((AlertKind.TECH_NO_SHOW,), look, ending)
