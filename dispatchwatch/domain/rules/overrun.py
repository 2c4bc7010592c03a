"""Running over: the work takes longer than planned, and the next visit may have to wait (study 4.2, kind 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key, epoch
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules.endings import called_off
from dispatchwatch.domain.rules.facts import NOTHING, DayRule, Facts, Finding, soonest
from dispatchwatch.domain.rules.on_site import arrival, departure, there
from dispatchwatch.domain.visit import AWAITED, OVER, Status, Visit
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.duration import (
    ENDED_BY_PAUSE,
    ENDED_BY_UNDOING,
    ENDED_WITHOUT_PLAN,
    ended_by_finish,
    ended_by_new_plan,
)
from dispatchwatch.domain.wording.plain import instant_of, kept

JUST_AFTER = timedelta(microseconds=1)
EVER = datetime.max.replace(tzinfo=UTC)
LEAST_LEFT = timedelta(minutes=10)
SHARE_LEFT = 4
"""Work that is over its plan takes another quarter of it (study 5.1)."""


class Plan(NamedTuple):
    """The work began at `start` and was to end at `end`, pauses left out; from `limit` on it runs over."""

    start: datetime
    end: datetime
    limit: datetime


class Delayed(NamedTuple):
    """The technician's next visit, and the last instant to leave for it that is not too late."""

    visit: Visit
    leave_by: datetime


def look(day: tuple[Watched, ...], facts: Facts) -> Finding:
    findings = [_look(watched, day, facts) for watched in day if there(watched)]
    if not findings:
        return NOTHING
    conditions = tuple(condition for finding in findings for condition in finding.conditions)
    return Finding(conditions, soonest(*(finding.next_change for finding in findings), after=facts.now))


def plan(watched: Watched, policy: Policy) -> Plan | None:
    """How long the work was to take, from when it really began; None where nobody says.

    A job over several days is held against its final end.
    """
    visit, start = watched.visit, arrival(watched)
    length = visit.planned or timedelta()
    ends = [end for end in (visit.sched_end, start + length if start and length > timedelta() else None) if end]
    if start is None or not ends:
        return None
    thresholds = policy.for_visit(visit)
    end = max(ends) + watched.paused_for(start, EVER)
    return Plan(start, end, end + max(thresholds.overrun_grace, length * thresholds.overrun_percent / 100))


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why an overrun is over; None while nothing but the clock or missing news speaks for it."""
    watched = facts.about(alert)
    if watched is None:
        return None
    visit = watched.visit
    gone = called_off(watched)
    if gone is not None:
        return gone
    if visit.status in OVER or departure(visit) is not None:
        return Ending(Outcome.REMEDIED, _finish(visit, alert))
    if visit.status is Status.PAUSED:
        return Ending(Outcome.NOTED, ENDED_BY_PAUSE)
    if not visit.checked_in:
        return Ending(Outcome.UNDONE, ENDED_BY_UNDOING)
    planned = plan(watched, facts.policy)
    if planned is None:
        return Ending(Outcome.MOVED, ENDED_WITHOUT_PLAN)
    if _key(visit, planned) != alert.key:
        return Ending(Outcome.MOVED, ended_by_new_plan(visit, planned.end))
    return None


def _finish(visit: Visit, alert: Alert) -> str:
    return ended_by_finish(visit, departure(visit), instant_of(alert.facts, "plan_end"))


def _look(watched: Watched, day: Sequence[Watched], facts: Facts) -> Finding:
    planned = plan(watched, facts.policy)
    if planned is None:
        return NOTHING
    thresholds = facts.policy.for_visit(watched.visit)
    following = _following(watched, planned, day, facts)
    change = soonest(
        planned.limit + JUST_AFTER,
        planned.limit + thresholds.overrun_high_after,
        planned.limit + thresholds.look_back + JUST_AFTER,
        following.leave_by + JUST_AFTER if following else None,
        after=facts.now,
    )
    if facts.now <= planned.limit:
        return Finding((), change)
    delayed = following.visit if following is not None and facts.now > following.leave_by else None
    return Finding((_condition(watched, planned, delayed, facts),), change)


def _following(watched: Watched, planned: Plan, day: Sequence[Watched], facts: Facts) -> Delayed | None:
    """The technician's next visit on the day on which the work was to end, if it has a promise to keep."""
    zone = facts.office.zone
    for other in day[day.index(watched) + 1 :]:
        visit = other.visit
        if visit.status in AWAITED and not visit.checked_in and not other.withdrawn and visit.promise and visit.start:
            if visit.start.astimezone(zone).date() != planned.end.astimezone(zone).date():
                return None
            left = max((watched.visit.planned or timedelta()) / SHARE_LEFT, LEAST_LEFT)
            drive = facts.travel.between(watched.visit.site.position, visit.site.position) or timedelta()
            return Delayed(visit, visit.promise - left - drive)
    return None


def _key(visit: Visit, planned: Plan) -> str:
    """The end is part of it: work that runs over once more, after a pause or a longer plan, is news again."""
    return alert_key(AlertKind.OVERRUN, visit.feed, visit.ext_id, f"{epoch(planned.start)}+{epoch(planned.end)}")


def _condition(watched: Watched, planned: Plan, delayed: Visit | None, facts: Facts) -> Condition:
    visit, thresholds = watched.visit, facts.policy.for_visit(watched.visit)
    over = facts.now - planned.limit
    return Condition(
        key=_key(visit, planned),
        kind=AlertKind.OVERRUN,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=Severity.HIGH if delayed or over >= thresholds.overrun_high_after else Severity.WARNING,
        due_at=planned.limit,
        verified=over <= thresholds.look_back and watched.missing_since is None,
        from_absence=True,
        facts={
            **wording.visit_facts(visit),
            "started": kept(planned.start),
            "plan_end": kept(planned.end),
            **(_told(delayed) if delayed else {}),
        },
    )


def _told(delayed: Visit) -> dict[str, str]:
    told = {
        "next": delayed.ext_id,
        "next_feed": delayed.feed,
        "next_customer": delayed.customer.name,
        "next_site": delayed.site.name,
        "next_timezone": delayed.site.timezone,
        "next_promise": kept(delayed.promise),
    }
    return {name: value for name, value in told.items() if value}


OVERRUN = DayRule((AlertKind.OVERRUN,), look, ending)
