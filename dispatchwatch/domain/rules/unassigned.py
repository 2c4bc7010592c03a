"""Nobody assigned: the start is near, or past, and nobody who works that day is to go (study 4.2, kind 7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key, epoch
from dispatchwatch.domain.rules.endings import called_off
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, VisitRule, soonest
from dispatchwatch.domain.technician import Roster
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import AWAITED, Status, Technician, Visit
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.assignment import (
    ENDED_BY_UNASSIGNMENT,
    ended_by_assignment,
    ended_by_new_start,
    ended_by_presence,
)
from dispatchwatch.domain.wording.plain import kept

NEEDS_SOMEBODY = AWAITED | {Status.UNSCHEDULED}
JUST_AFTER = timedelta(microseconds=1)


def look(watched: Watched, facts: Facts) -> Finding:
    visit = watched.visit
    if visit.status not in NEEDS_SOMEBODY or watched.withdrawn or visit.checked_in:
        return NOTHING
    start = visit.start
    if start is None or _somebody_goes(visit, start, facts.roster):
        return NOTHING
    thresholds = facts.policy.for_visit(visit)
    change = soonest(
        start - thresholds.unassigned_lead,
        start - thresholds.unassigned_high_within,
        start,
        start + thresholds.look_back + JUST_AFTER,
        after=facts.now,
    )
    if start - facts.now > thresholds.unassigned_lead and not facts.policy.urgent(visit):
        return Finding((), change)
    return Finding((_condition(watched, start, facts),), change)


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why it is over; None while nobody is known to go there."""
    watched = facts.about(alert)
    if watched is None:
        return None
    visit = watched.visit
    gone = called_off(watched)
    if gone is not None:
        return gone
    if visit.checked_in:
        return Ending(Outcome.REMEDIED, ended_by_presence(visit))
    start = visit.start
    if start is None or epoch(start) != epoch(alert.due_at):
        return Ending(Outcome.MOVED, ended_by_new_start(visit, start))
    if _somebody_goes(visit, start, facts.roster):
        return Ending(Outcome.REMEDIED, ended_by_assignment(visit))
    return Ending(Outcome.NOTED, ENDED_BY_UNASSIGNMENT) if alert.key != _key(watched, start) else None


def is_off(technician: Technician, start: datetime, roster: Roster) -> bool:
    """Whether the roster says that a technician does not work on the local day of `start`, nor at that instant."""
    profile = roster.of_technician(technician)
    if profile is None or profile.shift is None or not profile.shift.hours:
        return False
    day = start.astimezone(profile.shift.zone).date()
    works = day.weekday() in profile.shift.hours and day not in profile.shift.holidays
    return not works and not profile.shift.open_at(start)


def _somebody_goes(visit: Visit, start: datetime, roster: Roster) -> bool:
    if not roster.profiles or not visit.technicians:
        return visit.assigned
    return any(not is_off(technician, start, roster) for technician in visit.technicians)


def _key(watched: Watched, start: datetime) -> str:
    # Taken off once more, a visit needs somebody once more: that is news, though its start is the same.
    again = f"+{watched.unassignments}" if watched.unassignments else ""
    return alert_key(AlertKind.UNASSIGNED, watched.visit.feed, watched.visit.ext_id, epoch(start) + again)


def _condition(watched: Watched, start: datetime, facts: Facts) -> Condition:
    visit = watched.visit
    thresholds = facts.policy.for_visit(visit)
    return Condition(
        key=_key(watched, start),
        kind=AlertKind.UNASSIGNED,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=_severity(start - facts.now, thresholds),
        due_at=start,
        verified=facts.now - start <= thresholds.look_back and watched.missing_since is None,
        from_absence=True,
        facts={**wording.visit_facts(visit), "start": kept(start)},
    )


def _severity(left: timedelta, thresholds: Thresholds) -> Severity:
    if left <= timedelta():
        return Severity.CRITICAL
    return Severity.HIGH if left <= thresholds.unassigned_high_within else Severity.WARNING


UNASSIGNED = VisitRule((AlertKind.UNASSIGNED,), look, ending)
