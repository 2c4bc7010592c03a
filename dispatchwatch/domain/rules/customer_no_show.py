"""Customer no-show: the technician was there and the customer was not (study 4.2, kind 3b)."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key
from dispatchwatch.domain.evidence import found_nobody
from dispatchwatch.domain.notice import When, when_done
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, VisitRule
from dispatchwatch.domain.visit import AWAITED, OVER, Status, Visit
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.changes import (
    ended_by_follow_up,
    ended_by_reinstatement,
    ended_by_second_no_show,
    no_show_facts,
)
from dispatchwatch.domain.wording.lateness import ended_by_cancellation, ended_by_status

JUST_AFTER = timedelta(microseconds=1)


def look(watched: Watched, facts: Facts) -> Finding:
    if not found_nobody(watched.visit) or watched.withdrawn:
        return NOTHING
    when = _when(watched)
    if when is None or _follow_up(watched, facts) is not None:
        return NOTHING
    stale_at = when.latest + facts.policy.for_visit(watched.visit).look_back
    if facts.now > stale_at:
        return NOTHING
    return Finding((_condition(watched, when),), stale_at + JUST_AFTER)


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why nothing more has to be done about a customer who was not there."""
    watched = facts.about(alert)
    if watched is None:
        return None
    visit = watched.visit
    if not found_nobody(visit):
        return _corrected(visit)
    if alert.key != _key(watched):
        return Ending(Outcome.REINSTATED, ended_by_second_no_show(visit))
    if watched.withdrawn:
        return Ending(Outcome.WITHDRAWN, wording.ENDED_BY_WITHDRAWAL)
    follow_up = _follow_up(watched, facts)
    return Ending(Outcome.REMEDIED, ended_by_follow_up(follow_up)) if follow_up else None


def _corrected(visit: Visit) -> Ending:
    """The source no longer says that nobody was there."""
    if visit.status is Status.CANCELLED:
        return Ending(Outcome.CANCELLED, ended_by_cancellation(visit))
    if visit.status in AWAITED or visit.status is Status.UNSCHEDULED:
        return Ending(Outcome.REINSTATED, ended_by_reinstatement(visit))
    return Ending(Outcome.REMEDIED, ended_by_status(visit))


def _when(watched: Watched) -> When | None:
    """When nobody was found; None where it was so when the visit was first seen and nothing says since when.

    Seen before our eyes it is news from then on, whatever the stamps say.
    """
    seen = watched.no_show_seen
    if seen is None:
        return None
    known = when_done(seen, None, watched.first_seen_at)
    return known or when_done(seen, _stamp(watched.visit), watched.first_seen_at)


def _stamp(visit: Visit) -> datetime | None:
    return visit.status_at or visit.departed_at or visit.completed_at or visit.arrived_at


def _follow_up(watched: Watched, facts: Facts) -> Visit | None:
    """The next visit of the same order that came into the schedule since; one that was planned before is none."""
    start, seen = watched.visit.start, watched.no_show_seen
    if start is None or seen is None:
        return None
    later = (
        other.visit
        for other in facts.order_of(watched.visit)
        if other.first_seen_at >= seen.until and _still_to_come(other, facts)
    )
    return min(
        (other for other in later if other.start is not None and other.start > start),
        key=lambda other: (other.start or start, other.key),
        default=None,
    )


def _still_to_come(other: Watched, facts: Facts) -> bool:
    return other.visit.status not in OVER and not other.withdrawn and other.key not in facts.index.doubles


def _condition(watched: Watched, when: When) -> Condition:
    visit = watched.visit
    return Condition(
        key=_key(watched),
        kind=AlertKind.CUSTOMER_NO_SHOW,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=Severity.HIGH,
        due_at=when.earliest,
        facts={**wording.visit_facts(visit), **no_show_facts(visit)},
    )


def _key(watched: Watched) -> str:
    visit = watched.visit
    return alert_key(AlertKind.CUSTOMER_NO_SHOW, visit.feed, visit.ext_id, str(watched.no_shows))


CUSTOMER_NO_SHOW = VisitRule((AlertKind.CUSTOMER_NO_SHOW,), look, ending)
