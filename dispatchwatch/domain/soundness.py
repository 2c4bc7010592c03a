"""Facts of one visit that contradict each other, and what is believed in their place.

A technician forgets to tap, a person types the wrong hour, an export mixes two rows up. The facts concerned keep the
last sound state there was of them; everything else that is told is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from dispatchwatch.domain.visit import Status, Visit

LATE_TAP = timedelta(minutes=5)
"""By how much "on the way" may be stamped after the arrival: technicians tap both at the door."""

CLOCK_AHEAD = timedelta(hours=1)
"""Up to here a time in the future is a clock that runs ahead; beyond it is no time at all."""

BY_DESK, BY_TECHNICIAN = "desk", "technician"
SAID = frozenset({BY_DESK, BY_TECHNICIAN})
"""How an arrival is known that somebody told us, rather than the source."""


class Conflict(StrEnum):
    """The ways in which what is told of one visit can contradict itself, in the order they are told in."""

    ARRIVED_BEFORE_EN_ROUTE = "arrived_before_en_route"
    COMPLETED_BEFORE_START = "completed_before_start"
    END_BEFORE_START = "end_before_start"
    WINDOW_END_BEFORE_START = "window_end_before_start"
    CANCELLED_WITH_CHECK_IN = "cancelled_with_check_in"
    EN_ROUTE_IN_FUTURE = "en_route_in_future"
    ARRIVED_IN_FUTURE = "arrived_in_future"
    STARTED_IN_FUTURE = "started_in_future"
    COMPLETED_IN_FUTURE = "completed_in_future"
    CANCELLED_IN_FUTURE = "cancelled_in_future"
    REPEATED = "repeated"


EVENTS: Mapping[str, Conflict] = {
    "en_route_at": Conflict.EN_ROUTE_IN_FUTURE,
    "arrived_at": Conflict.ARRIVED_IN_FUTURE,
    "started_at": Conflict.STARTED_IN_FUTURE,
    "completed_at": Conflict.COMPLETED_IN_FUTURE,
    "cancelled_at": Conflict.CANCELLED_IN_FUTURE,
}
"""Stamps of what has happened, so none of them can lie ahead; each with the code for one that does."""

TO_COME = frozenset(EVENTS.values())

IMPLIES: Mapping[str, Status] = {
    "cancelled_at": Status.CANCELLED,
    "completed_at": Status.COMPLETED,
    "started_at": Status.ARRIVED,
    "arrived_at": Status.ARRIVED,
    "en_route_at": Status.EN_ROUTE,
    "dispatched_at": Status.DISPATCHED,
    "sched_start": Status.SCHEDULED,
}
"""What a stamp says of the status where the source has no word for it, the latest in a visit's life first."""

CALLED_OFF = ("status", "cancelled_at", "cancelled_by", "cancel_reason")
TAKEN_AT_FIRST = frozenset({"sched_start", "window_start", "status", "cancelled_by", "cancel_reason", "checkin_method"})
"""What is believed of facts in doubt when there is no earlier state to keep; of the others nothing is."""

Found = dict[Conflict, tuple[str, ...]]
"""The contradictions with the fields that each concerns."""


class Told(NamedTuple):
    """A time that was told and is in doubt: the field of `Visit`, and the instant as the source says it."""

    field: str
    at: datetime


class Sound(NamedTuple):
    """What is believed of a visit: the visit, the status word nobody can read, the codes of its contradictions in the
    order of `Conflict`, and the times that contradict."""

    visit: Visit
    unread_status: str
    conflicts: tuple[str, ...]
    told: tuple[Told, ...] = ()


def sound(
    before: Visit | None, told: Visit, now: datetime, *, repeated: bool = False, doubted: Iterable[str] = ()
) -> Sound:
    """What can be believed of a visit as its source tells it at `now`.

    `before` is what was believed until then, `doubted` the codes of what was not. Being told the same again changes
    nothing; but a time in the future is believed once it has come. Of rows that do not agree (`repeated`) the one that
    was taken counts: nobody can say which facts of it are wrong.
    """
    unread = told.status_raw if told.status is Status.UNKNOWN else ""
    if told.status is Status.UNKNOWN and before is not None and before.status is not Status.UNKNOWN:
        told = replace(told, status=before.status)
    found = _contradictions(told, before, now, doubted)
    if not found:
        return Sound(told, unread, (Conflict.REPEATED.value,) if repeated else ())
    codes = [code.value for code in Conflict if code in found or (repeated and code is Conflict.REPEATED)]
    return Sound(_believed(told, before, found, now, doubted), unread, tuple(codes), _times(told, found))


def lead(before: Visit | None, after: Visit, now: datetime) -> timedelta:
    """How far the newest stamps of a visit lie in the future: at least so much its source's clock runs ahead."""
    fresh = [
        at
        for name in EVENTS
        if (at := getattr(after, name)) is not None
        and at > now
        and (before is None or getattr(before, name) != at)
        and not (name == "arrived_at" and after.checkin_method in SAID)
    ]
    return max(fresh) - now if fresh else timedelta()


def _contradictions(visit: Visit, before: Visit | None, now: datetime, doubted: Iterable[str]) -> Found:
    found: Found = {}
    _order_of_events(visit, found)
    _order_of_plan(visit, found)
    limit = now + CLOCK_AHEAD
    for name, code in EVENTS.items():
        at = getattr(visit, name)
        if at is None or at <= now or not (at > limit or code.value in doubted):
            continue
        # What was believed stays so, even if somebody sets our own clock back.
        if before is None or getattr(before, name) != at:
            found[code] = (name,)
    if visit.status is Status.CANCELLED and (before is None or not before.checked_in):
        _called_off(visit, found)
    return found


def _order_of_events(visit: Visit, found: Found) -> None:
    # What a person tells us stands against any stamp.
    arrived = None if visit.checkin_method in SAID else visit.arrived_at
    if arrived is not None and visit.en_route_at is not None and visit.en_route_at - arrived > LATE_TAP:
        found[Conflict.ARRIVED_BEFORE_EN_ROUTE] = ("en_route_at", "arrived_at")
    completed = visit.completed_at
    if completed is not None:
        starts = (("arrived_at", arrived), ("started_at", visit.started_at))
        later = tuple(name for name, at in starts if at is not None and at > completed)
        if later:
            found[Conflict.COMPLETED_BEFORE_START] = (*later, "completed_at")


def _order_of_plan(visit: Visit, found: Found) -> None:
    if visit.sched_end is not None and visit.sched_start is not None and visit.sched_end < visit.sched_start:
        found[Conflict.END_BEFORE_START] = ("sched_start", "sched_end")
    if visit.window_end is not None and visit.window_start is not None and visit.window_end < visit.window_start:
        found[Conflict.WINDOW_END_BEFORE_START] = ("window_start", "window_end")


def _called_off(visit: Visit, found: Found) -> None:
    """Called off, and yet somebody was there, of whom we did not know. In order it may be: he came, then it was off.

    A check-in that is in doubt anyway contradicts nothing else.
    """
    doubtful = {name for names in found.values() for name in names}
    stamps = [getattr(visit, name) for name in ("arrived_at", "started_at") if name not in doubtful]
    arrived = min((at for at in stamps if at is not None), default=None)
    if arrived is not None and (visit.cancelled_at is None or visit.cancelled_at < arrived):
        found[Conflict.CANCELLED_WITH_CHECK_IN] = (*CALLED_OFF, "arrived_at", "started_at")


def _believed(told: Visit, before: Visit | None, found: Found, now: datetime, doubted: Iterable[str]) -> Visit:
    """The visit with what is in doubt as it was. What was kept may contradict news in its turn; that waits too."""
    held: set[str] = set()
    visit = told
    while not held.issuperset(concerned := {name for names in found.values() for name in names}):
        held |= concerned
        visit = _holding(told, before, held)
        found = _contradictions(visit, before, now, doubted)
    return visit


def _holding(told: Visit, before: Visit | None, held: set[str]) -> Visit:
    # How an arrival came to be known belongs to it.
    names = held | {"checkin_method"} if "arrived_at" in held else held
    kept: dict[str, Any] = {
        name: getattr(before, name) if before is not None else None
        for name in names
        if before is not None or name not in TAKEN_AT_FIRST
    }
    visit = replace(told, **kept)
    if "status" in held or told.status_raw or told.status is not _implied(told):
        return visit
    return replace(visit, status=_status(visit, before)) if _implied(visit) is not told.status else visit


def _status(visit: Visit, before: Visit | None) -> Status:
    """The status of a source without a word for it, from the stamps that are believed."""
    implied = _implied(visit)
    return before.status if before is not None and _implied(before) is implied else implied


def _implied(visit: Visit) -> Status:
    return next((status for name, status in IMPLIES.items() if getattr(visit, name) is not None), Status.UNSCHEDULED)


def _times(told: Visit, found: Found) -> tuple[Told, ...]:
    concerned = sorted({name for names in found.values() for name in names})
    return tuple(Told(name, at) for name in concerned if isinstance(at := getattr(told, name), datetime))
