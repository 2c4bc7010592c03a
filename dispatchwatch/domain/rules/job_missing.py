"""Visit missing: complete readings of the days it belongs to do not hold it any more (study 4.2, kind 12).

Nobody said that it was cancelled: it may have been deleted by mistake, moved to a board that is not exported, or
filed under another number.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key
from dispatchwatch.domain.merging import SAME_START
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, VisitRule, soonest
from dispatchwatch.domain.rules.lateness import JUST_AFTER
from dispatchwatch.domain.visit import OVER, Status, Visit
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.lateness import ended_by_cancellation, ended_by_status
from dispatchwatch.domain.wording.sightings import ENDED_BY_PAST_DAY, ended_by_new_id, ended_by_return, missing_facts

ONE_DAY = timedelta(days=1)


def look(watched: Watched, facts: Facts) -> Finding:
    if not watched.withdrawn or watched.visit.status in OVER:
        return NOTHING
    visit = watched.visit
    start = start_of(visit)
    if start is None or facts.now >= _day_over(visit, start) or _renumbered(watched, facts) is not None:
        return NOTHING
    thresholds = facts.policy.for_visit(visit)
    near = start - thresholds.missing_high_within
    too_old = _end(visit, start) + thresholds.look_back + JUST_AFTER
    severity = Severity.HIGH if facts.now >= near else Severity.WARNING
    change = soonest(near, too_old, _day_over(visit, start), after=facts.now)
    return Finding((_condition(watched, start, severity, verified=facts.now < too_old),), change)


def ending(alert: Alert, facts: Facts) -> Ending | None:
    watched = facts.about(alert)
    if watched is None:
        return None
    visit = watched.visit
    if visit.status is Status.CANCELLED:
        return Ending(Outcome.CANCELLED, ended_by_cancellation(visit))
    if not watched.withdrawn or alert.key != _key(watched):
        return Ending(Outcome.REMEDIED, ended_by_return(visit, watched.reinstated_at))
    if visit.status in OVER:
        return Ending(Outcome.REMEDIED, ended_by_status(visit))
    other = _renumbered(watched, facts)
    if other is not None:
        return Ending(Outcome.REMEDIED, ended_by_new_id(other.visit))
    start = start_of(visit)
    if start is not None and facts.now >= _day_over(visit, start):
        return Ending(Outcome.NOTED, ENDED_BY_PAST_DAY)
    return None


def start_of(visit: Visit) -> datetime | None:
    """When the visit begins; for one without a time when its day does."""
    return visit.start or visit.sched_start


def _end(visit: Visit, start: datetime) -> datetime:
    return max(start, *(at for at in (visit.sched_end, visit.window_end, start) if at is not None))


def _day_over(visit: Visit, start: datetime) -> datetime:
    """A day after its start; a visit of several days counts until its end."""
    return max(start + ONE_DAY, _end(visit, start))


def _renumbered(watched: Watched, facts: Facts) -> Watched | None:
    """The same appointment under another id: of the same order, at the same time, and in the schedule."""
    visit = watched.visit
    start = start_of(visit)
    if not visit.order_ref or start is None:
        return None
    for other in facts.order_of(visit):
        begins = start_of(other.visit)
        if other.key == watched.key or other.withdrawn or begins is None:
            continue
        if abs(begins - start) <= SAME_START:
            return other
    return None


def _key(watched: Watched) -> str:
    visit = watched.visit
    return alert_key(AlertKind.JOB_MISSING, visit.feed, visit.ext_id, str(watched.disappearances))


def _condition(watched: Watched, start: datetime, severity: Severity, *, verified: bool) -> Condition:
    visit = watched.visit
    return Condition(
        key=_key(watched),
        kind=AlertKind.JOB_MISSING,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=severity,
        due_at=watched.withdrawn_at or start,
        verified=verified,
        from_absence=True,
        facts=missing_facts(watched, start),
    )


JOB_MISSING = VisitRule((AlertKind.JOB_MISSING,), look, ending)
