"""Double-booked: two visits want the same technician at the same time (study 4.2, kind 10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules.facts import NOTHING, DayRule, Facts, Finding, soonest
from dispatchwatch.domain.rules.on_site import same_customer, same_site
from dispatchwatch.domain.rules.pairs import Pair, Timed, both_of, pair_facts, pair_key, parted, timed_of
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.assignment import (
    ENDED_AS_ONE_ORDER,
    ENDED_BY_TIME,
    ended_by_other_times,
    ended_by_room,
)

MOST = 10
"""So many clashes of one visit are told. A name that stands for nobody in particular would give thousands."""


def look(day: tuple[Watched, ...], facts: Facts) -> Finding:
    if len(day) < 2:
        return NOTHING
    ahead = [one for one in timed_of(day) if one.end is not None and one.end > facts.now]
    conditions, changes = [], []
    for found in _clashes(ahead, facts.policy):
        start, end = overlap(found)
        conditions.append(_condition(found, start, facts))
        high_from = found.first.start - facts.policy.for_visit(found.visits[1]).double_booked_high_within
        changes += [end, high_from]
    return Finding(tuple(conditions), soonest(*changes, after=facts.now))


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why a double booking is over; None while the two still clash, or if either is out of sight."""
    both = both_of(alert, facts)
    if both is None:
        return None
    found = parted(both, alert.facts.get("technician_id", ""))
    if isinstance(found, Ending):
        return found
    first, later = found.visits
    if _same_order(found):
        return Ending(Outcome.NOTED, ENDED_AS_ONE_ORDER)
    if not clashes(found, facts.policy):
        return Ending(Outcome.REMEDIED, ended_by_room(first, later))
    if pair_key(alert.kind, found) != alert.key:
        return Ending(Outcome.MOVED, ended_by_other_times(first, later))
    return Ending(Outcome.NOTED, ENDED_BY_TIME) if overlap(found)[1] <= facts.now else None


def overlap(found: Pair) -> tuple[datetime, datetime]:
    """From when to when the two want the technician; the end comes first where they do not overlap."""
    first, later = found
    ends = min(first.end or first.start, later.end or later.start)
    return later.start, ends


def clashes(found: Pair, policy: Policy) -> bool:
    start, end = overlap(found)
    return end - start > policy.for_visit(found.visits[1]).overlap_from


def _clashes(ahead: Sequence[Timed], policy: Policy) -> Iterator[Pair]:
    """Every two that clash, in one pass in the order of their starts."""
    going: list[Timed] = []
    for later in ahead:
        going = [one for one in going if one.end is not None and one.end > later.start]
        told = 0
        for first in going:
            found = Pair(first, later)
            if clashes(found, policy) and not _same_order(found):
                yield found
                told += 1
                if told == MOST:
                    break
        going.append(later)


def _same_order(found: Pair) -> bool:
    """One order with several visits at a time is a crew at work."""
    first, later = found.visits
    return bool(first.order_ref) and first.order_ref == later.order_ref


def _condition(found: Pair, start: datetime, facts: Facts) -> Condition:
    later = found.visits[1]
    is_one_place = same_site(*found.visits) and same_customer(*found.visits)
    within = facts.policy.for_visit(later).double_booked_high_within
    return Condition(
        key=pair_key(AlertKind.DOUBLE_BOOKED, found),
        kind=AlertKind.DOUBLE_BOOKED,
        feed=later.feed,
        ext_id=later.ext_id,
        severity=Severity.INFO if is_one_place else _severity(found.first.start - facts.now, within),
        due_at=start,
        verified=found.seen,
        facts={**pair_facts(found), **({"one_place": "yes"} if is_one_place else {})},
    )


def _severity(left: timedelta, within: timedelta) -> Severity:
    return Severity.HIGH if left <= within else Severity.WARNING


DOUBLE_BOOKED = DayRule((AlertKind.DOUBLE_BOOKED,), look, ending)
