"""How a visit stands at one instant, as the board shows it: the one word its colour, shape and order come from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.visit import AWAITED, ON_SITE, Status
from dispatchwatch.domain.watched import Watched


class Standing(StrEnum):
    """What the board says of a visit in one word."""

    LATE = "late"
    SOON = "soon"
    UNASSIGNED = "unassigned"
    UNKNOWN = "unknown"
    EN_ROUTE = "en_route"
    LATER = "later"
    ON_SITE = "on_site"
    DONE = "done"
    CANCELLED = "cancelled"
    GONE = "gone"

    @property
    def rank(self) -> int:
        """The order of the board, most urgent first; within a rank the next deadline decides."""
        return _RANKS[self]


_RANKS = {
    Standing.LATE: 0,
    Standing.SOON: 1,
    Standing.UNASSIGNED: 2,
    Standing.UNKNOWN: 2,
    Standing.EN_ROUTE: 2,
    Standing.LATER: 2,
    Standing.ON_SITE: 3,
    Standing.DONE: 4,
    Standing.CANCELLED: 5,
    Standing.GONE: 6,
}


def standing(watched: Watched, policy: Policy, now: datetime) -> Standing:
    """Where a visit stands. A visit counts as late from the instant its deadline has passed, as in the rule."""
    settled = _settled(watched)
    if settled is not None:
        return settled
    visit = watched.visit
    if not visit.assigned:
        return Standing.UNASSIGNED
    deadline = watched.deadline(policy)
    if deadline is not None and now > deadline:
        return Standing.LATE
    if visit.status is Status.EN_ROUTE:
        return Standing.EN_ROUTE
    if deadline is not None and deadline - now <= policy.for_visit(visit).due_soon:
        return Standing.SOON
    return Standing.LATER


def _settled(watched: Watched) -> Standing | None:
    """The standing of a visit for which no clock runs."""
    visit = watched.visit
    if watched.withdrawn:
        return Standing.GONE
    if visit.status is Status.CANCELLED:
        return Standing.CANCELLED
    if visit.status in {Status.COMPLETED, Status.INCOMPLETE, Status.CUSTOMER_NO_SHOW}:
        return Standing.DONE
    if visit.status in ON_SITE or visit.checked_in:
        return Standing.ON_SITE
    if visit.status not in AWAITED:
        return Standing.UNKNOWN if visit.status is Status.UNKNOWN else Standing.UNASSIGNED
    return None
