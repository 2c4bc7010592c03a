"""What a technician still has to do on one day: where he is, and the visits ahead of him in their order (study 5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from dispatchwatch.domain.calendars import Span, day_bounds
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.technician import Profile
from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.visit import AWAITED, Technician, Visit
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.whereabouts import (
    JUST_AFTER,
    Doing,
    Moving,
    Place,
    Whereabouts,
    place_of,
    reports_departures,
    touches,
    whereabouts,
)


class Stop(NamedTuple):
    """A visit to come. `drive` is the way from the stop before, `alongside` that it is part of the same work there."""

    watched: Watched
    place: Place
    drive: timedelta | None
    alongside: bool


class Chain(NamedTuple):
    """A technician's day from now on. `may_have_left` says that he may be driving without our knowing, `shift` when he
    works, where that is known, and `changes` when the chain becomes another other than by news.
    """

    start: Whereabouts
    stops: tuple[Stop, ...]
    may_have_left: bool
    shift: Span | None
    changes: tuple[datetime, ...]


def chain_of(day: Sequence[Watched], technician: Technician, standards: Standards, now: datetime) -> Chain:
    """What is still to come of the office's day of `now`.

    `day` is every visit known of the technician, of other days too, by start. A visit he has passed over is waited for
    until its deadline. One without a time comes after those that have one: it is fitted in where there is room.
    """
    zone = standards.office.zone
    today = day_bounds(now.astimezone(zone).date(), zone)
    profile = standards.roster.of_technician(technician)
    shift = shift_of(profile, now)
    start = whereabouts(day, today, _begin(technician, profile, shift, today), now)
    ahead, changes = _ahead(day, start, today, standards, now)
    if start.changes_at is not None and ahead:
        changes.append(start.changes_at)
    if any(watched.visit.status in AWAITED and _begins(watched.visit, today[1]) for watched in day) or ahead:
        changes.append(today[1])
    stops = _stops(start, ahead, standards.travel)
    return Chain(start, stops, _may_have_left(start, day), shift, tuple(changes))


def earliest_of(visit: Visit) -> datetime | None:
    """Before when nobody begins there; None for any time of the day."""
    return None if visit.anytime else visit.window_start or visit.sched_start


def _begin(
    technician: Technician, profile: Profile | None, shift: Span | None, today: tuple[datetime, datetime]
) -> Whereabouts:
    """Before anything is known of the day: at home, and free from the start of the shift."""
    opens, closes = shift or (today[0], None)
    place = Place(f"the home of {technician.name}", profile.home if profile else None)
    return Whereabouts(Doing.WAITING, place, Moving(opens), today[0], changes_at=closes)


def shift_of(profile: Profile | None, now: datetime) -> Span | None:
    """The shift he is in, else the next one today, else the last."""
    if profile is None or profile.shift is None:
        return None
    local = now.astimezone(profile.shift.zone).date()
    spans = list(profile.shift.spans(local - timedelta(days=1), local))
    return next(((opens, closes) for opens, closes in spans if closes > now), spans[-1] if spans else None)


def _begins(visit: Visit, after: datetime) -> bool:
    start = visit.start or visit.sched_start
    return start is not None and start >= after


def _ahead(
    day: Sequence[Watched], start: Whereabouts, today: tuple[datetime, datetime], standards: Standards, now: datetime
) -> tuple[list[Watched], list[datetime]]:
    """The visits to come, in order, and the instants at which one that was passed over is no longer waited for."""
    first = start.watched if start.doing is Doing.EN_ROUTE else None
    reached = start.watched.visit.start if start.watched else None
    timed: list[Watched] = []
    anytime: list[Watched] = []
    changes: list[datetime] = []
    for watched in day:
        visit = watched.visit
        if watched is first or visit.status not in AWAITED or visit.checked_in or watched.withdrawn:
            continue
        if not touches(visit, today):
            continue
        if reached is not None and visit.start is not None and visit.start < reached:
            deadline = watched.deadline(standards.policy)
            if deadline is None or now > deadline:
                continue
            changes.append(deadline + JUST_AFTER)
        (anytime if visit.anytime else timed).append(watched)
    return [*([first] if first else []), *timed, *anytime], changes


def _stops(start: Whereabouts, ahead: Sequence[Watched], travel: Travel) -> tuple[Stop, ...]:
    stops = []
    place, before = start.place, start.watched
    for watched in ahead:
        there = place_of(watched.visit)
        drive = place.drive_to(there, travel)
        stops.append(Stop(watched, there, drive, drive == timedelta() and _same_order(before, watched)))
        place, before = there, watched
    return tuple(stops)


def _same_order(before: Watched | None, after: Watched) -> bool:
    if before is None or before is after or not after.visit.order_ref:
        return False
    one, other = before.visit, after.visit
    return one.order_ref == other.order_ref and one.start is not None and one.start == other.start


def _may_have_left(start: Whereabouts, day: Sequence[Watched]) -> bool:
    return start.doing is Doing.WAITING and not reports_departures(day)
