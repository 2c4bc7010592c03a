"""One appointment that two feeds tell of: which of them speaks, and what it is lent by the other.

The feed named first in the configuration speaks. It may know less of the day than the other: a calendar has the plan,
the office software has the arrival. So what has happened is taken from whichever feed knows more of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dispatchwatch.domain.visit import ON_SITE, OVER, Status, Visit

SAME_START = timedelta(minutes=1)
_STEPS = (
    frozenset({Status.UNKNOWN, Status.UNSCHEDULED}),
    frozenset({Status.SCHEDULED}),
    frozenset({Status.DISPATCHED}),
    frozenset({Status.EN_ROUTE}),
    ON_SITE,
    OVER,
)
EVENTS = (
    "dispatched_at",
    "en_route_at",
    "eta",
    "arrived_at",
    "started_at",
    "completed_at",
    "departed_at",
)


def is_same(one: Visit, other: Visit) -> bool:
    """Whether two feeds speak of one appointment: the same order at the same time."""
    if one.feed == other.feed or not one.order_ref or one.order_ref != other.order_ref:
        return False
    return one.start is not None and other.start is not None and abs(one.start - other.start) <= SAME_START


def lent(visit: Visit, other: Visit) -> Visit:
    """The visit with what the other feed knows of its course. What its own feed knows of it stays as it is."""
    if visit.status in OVER or _is_older_cancellation(other, visit):
        return visit
    events = {name: getattr(other, name) for name in EVENTS if getattr(visit, name) is None}
    found = replace(visit, **{name: at for name, at in events.items() if at is not None})
    if _step(other.status) > _step(visit.status):
        found = replace(
            found,
            status=other.status,
            status_at=other.status_at,
            cancelled_at=other.cancelled_at,
            cancelled_by=other.cancelled_by,
            cancel_reason=other.cancel_reason,
        )
    if visit.silent_on_crew and other.technicians:
        found = replace(found, technicians=other.technicians, crew_untold=False)
    if not visit.checkin_method and found.arrived_at != visit.arrived_at:
        found = replace(found, checkin_method=other.checkin_method)
    return found


def _step(status: Status) -> int:
    return next(place for place, statuses in enumerate(_STEPS) if status in statuses)


def _is_older_cancellation(other: Visit, visit: Visit) -> bool:
    """Whether the visit was called off over there before its own feed last spoke of it: it has been reinstated."""
    since = other.cancelled_at or other.modified_at
    is_older = since is not None and visit.modified_at is not None and since < visit.modified_at
    return other.status is Status.CANCELLED and is_older
