"""Drive too short: less time between two visits of a technician than the way takes (study 4.2, kind 10b)."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity
from dispatchwatch.domain.rules.double_booked import clashes
from dispatchwatch.domain.rules.facts import NOTHING, DayRule, Facts, Finding, soonest
from dispatchwatch.domain.rules.pairs import Pair, both_of, pair_facts, pair_key, parted, timed_of
from dispatchwatch.domain.visit import AWAITED, Status
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.assignment import (
    ENDED_BY_OVERLAP,
    ENDED_BY_TIME,
    ended_by_arrival,
    ended_by_enough_time,
    ended_by_other_times,
    ended_by_visit_between,
)

STILL_TO_COME = AWAITED | {Status.UNSCHEDULED}
ONE_SHIFT = timedelta(hours=12)


def look(day: tuple[Watched, ...], facts: Facts) -> Finding:
    if len(day) < 2:
        return NOTHING
    conditions, changes = [], []
    for found in _neighbours(day):
        if found.later.start > facts.now and _awaited(found):
            drive = too_long(found, facts)
            if drive is not None:
                conditions.append(_condition(found, drive))
                changes.append(found.later.start)
    return Finding(tuple(conditions), soonest(*changes, after=facts.now))


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why it is over; None while the way still takes too long, or if either visit is out of sight."""
    both = both_of(alert, facts)
    if both is None:
        return None
    who = alert.facts.get("technician_id", "")
    found = parted(both, who)
    if isinstance(found, Ending):
        return found
    first, later = found.visits
    if not _awaited(found):
        return Ending(Outcome.REMEDIED, ended_by_arrival(later))
    if clashes(found, facts.policy):
        return Ending(Outcome.MOVED, ENDED_BY_OVERLAP)
    if found.first.end is None or too_long(found, facts) is None:
        return Ending(Outcome.REMEDIED, ended_by_enough_time(first, later))
    if pair_key(alert.kind, found) != alert.key:
        return Ending(Outcome.MOVED, ended_by_other_times(first, later))
    if found.later.start <= facts.now:
        return Ending(Outcome.NOTED, ENDED_BY_TIME)
    return _between(found, facts.day_of(who))


def too_long(found: Pair, facts: Facts) -> timedelta | None:
    """The drive between two visits, if the gap has no room for it; None if it has, or the way is unknown."""
    first, later = found
    if first.end is None or clashes(found, facts.policy):
        return None
    gap, zone = later.start - first.end, facts.office.zone
    if gap >= ONE_SHIFT and first.end.astimezone(zone).date() != later.start.astimezone(zone).date():
        return None
    here, there = (visit.site.position for visit in found.visits)
    drive = facts.travel.between(here, there)
    slack = facts.policy.for_visit(found.visits[1]).travel_slack
    return drive if drive is not None and gap < drive - slack else None


def _neighbours(day: tuple[Watched, ...]) -> list[Pair]:
    ordered = timed_of(day)
    return [Pair(first, later) for first, later in pairwise(ordered)]


def _awaited(found: Pair) -> bool:
    later = found.visits[1]
    return later.status in STILL_TO_COME and not later.checked_in


def _between(found: Pair, day: tuple[Watched, ...]) -> Ending | None:
    """An ending if the technician now has a visit between the two."""
    first, later = found.visits
    followers = {one.first.watched.key: one.later.watched.visit for one in _neighbours(day)}
    follower = followers.get(first.key)
    if follower is None or follower.key == later.key:
        return None
    return Ending(Outcome.REMEDIED, ended_by_visit_between(follower))


def _condition(found: Pair, drive: timedelta) -> Condition:
    later = found.visits[1]
    return Condition(
        key=pair_key(AlertKind.TRAVEL_CONFLICT, found),
        kind=AlertKind.TRAVEL_CONFLICT,
        feed=later.feed,
        ext_id=later.ext_id,
        severity=Severity.INFO,
        due_at=found.later.start,
        verified=found.seen,
        facts={**pair_facts(found), "drive_minutes": f"{drive.total_seconds() / 60:.1f}"},
    )


TRAVEL_CONFLICT = DayRule((AlertKind.TRAVEL_CONFLICT,), look, ending)
