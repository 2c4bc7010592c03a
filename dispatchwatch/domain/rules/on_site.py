"""Where a technician was, by the signs of the schedule: since when at a visit, until when, and whether elsewhere."""

from __future__ import annotations

from datetime import datetime

from dispatchwatch.domain.visit import ON_SITE, OVER, Status, Visit
from dispatchwatch.domain.watched import Watched

NOT_LEFT = frozenset({Status.CANCELLED, Status.CUSTOMER_NO_SHOW, Status.PAUSED})


def there(watched: Watched) -> bool:
    """Whether a technician is at work there: checked in, not gone, not paused, and the visit is not over."""
    visit = watched.visit
    if not visit.checked_in or visit.status in OVER or visit.status is Status.PAUSED:
        return False
    return not watched.withdrawn and departure(visit) is None


def arrival(watched: Watched) -> datetime | None:
    """When somebody came: the source's own stamps, but never later than we saw him there."""
    told, seen = watched.visit.checked_in_at, watched.check_in_seen
    if seen is None:
        return told
    return seen.until if told is None else min(told, seen.until)


def departure(visit: Visit) -> datetime | None:
    """When the technician left, by the source's own stamps; None while he is there, or if nothing tells.

    A visit taken up again keeps the stamps of its first end: they do not count while its status is one of being there.
    """
    if visit.status in NOT_LEFT:
        return None
    if visit.status in ON_SITE:
        taken_up = visit.departed_at and visit.status_at and visit.status_at > visit.departed_at
        return None if taken_up else visit.departed_at
    done = visit.status_at if visit.status is Status.COMPLETED else None
    return visit.departed_at or visit.completed_at or done


def last_there(watched: Watched) -> datetime | None:
    """The latest sign that somebody was at this visit; None where its time is not known."""
    visit = watched.visit
    signs = [visit.arrived_at, visit.started_at, visit.status_at if visit.status in ON_SITE else None]
    signs += [pause.end for pause in watched.pauses[-1:]]
    told = max((sign for sign in signs if sign is not None), default=None)
    if told is None and watched.check_in_seen is not None:
        return watched.check_in_seen.until
    return told


def first_sign(watched: Watched, after: datetime) -> datetime | None:
    """The first sign, later than `after`, that somebody went to this visit or was there."""
    visit, seen = watched.visit, watched.check_in_seen
    signs = [visit.en_route_at, visit.arrived_at, visit.started_at, visit.status_at]
    if seen is not None and seen.since is not None:
        signs.append(seen.until)
    return min((sign for sign in signs if sign is not None and sign > after), default=None)


def same_customer(one: Visit, other: Visit) -> bool:
    """Whether two visits are for one customer, by id or by name; two that tell of none are."""
    if one.customer.ext_id and other.customer.ext_id:
        return one.customer.ext_id == other.customer.ext_id
    return one.customer.name.casefold() == other.customer.name.casefold()


def same_site(one: Visit, other: Visit) -> bool:
    """Whether two visits are known to be at one place: the same position, or name and address.

    A name without an address, such as "Main office", says so only of one customer's sites.
    """
    here, there_ = one.site, other.site
    if here.position is not None and here.position == there_.position:
        return True
    if here.address and there_.address:
        return here.address.casefold() == there_.address.casefold() and here.name.casefold() == there_.name.casefold()
    return bool(here.name) and here.name.casefold() == there_.name.casefold() and same_customer(one, other)


def apart(one: Visit, other: Visit) -> bool:
    """Whether two visits are known to be at different places. Where no site is told, the customer speaks for it."""
    if same_site(one, other):
        return False
    return (_placed(one) and _placed(other)) or not same_customer(one, other)


def _placed(visit: Visit) -> bool:
    return bool(visit.site.name or visit.site.address or visit.site.position)
