"""When a technician will be where: the chain of his day, from where he is now to his last visit (study 5.1).

Where the way to a visit is not known, neither is the time of arrival there, nor anywhere after it. What is still known
is the least: he can't be there before he is free to go. So much is predicted, and the reason why not more is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from dispatchwatch.domain.calendars import Span, day_bounds
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.technician import Profile
from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.visit import AWAITED, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.whereabouts import (
    JUST_AFTER,
    Doing,
    Moving,
    Place,
    Whereabouts,
    duration_of,
    place_of,
    reports_departures,
    touches,
    whereabouts,
)

OPTIMISTIC, EXPECTED, PESSIMISTIC = 0.8, 1.0, 1.4
"""By how much a drive may take less or more than it should."""


class Reason(NamedTuple):
    """Why a visit is reached when it is: what the technician is doing, what comes before it, and how far it is.

    `ready` is when he is free to go on; on the way, when he left. `via` is the visit before this one, where that is not
    the one he is at, `via_until` when it is over. `drive` is None where it is not known.
    """

    doing: Doing
    place: str
    ready: datetime
    over: timedelta
    via: str
    via_until: datetime | None
    drive: timedelta | None
    announced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """When a technician will reach a visit. All instants are UTC.

    `promise` is the fair one (`Watched.promised`), `lateness` how long after it the expected arrival is; both None for
    a visit without a time. `late` and `watch`: the expected arrival is late enough to be at risk, or only the
    pessimistic one. Where `unknown` names a place that nobody knows the way to or from, the arrivals are the earliest
    possible. `running` is the expected arrival as it moves on with time.
    """

    key: VisitKey
    promise: datetime | None
    optimistic: datetime
    expected: datetime
    pessimistic: datetime
    lateness: timedelta | None
    late: bool
    watch: bool
    unknown: str
    reason: Reason
    running: Moving

    @property
    def by_silence(self) -> bool:
        """Whether nothing but the time that passes without news of him makes this visit late."""
        return is_silence(self.running)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is predicted for a technician's day, and when that changes other than by arrivals that move on."""

    predictions: tuple[Prediction, ...] = ()
    next_change: datetime | None = None


class _Stop(NamedTuple):
    """A visit to come. `drive` is the way from the stop before, `alongside` that it is part of the same work there."""

    watched: Watched
    place: Place
    drive: timedelta | None
    alongside: bool


class _Chain(NamedTuple):
    """A technician's day from now on. `may_have_left` says that he may be driving without our knowing."""

    start: Whereabouts
    stops: tuple[_Stop, ...]
    may_have_left: bool


def forecast(day: Sequence[Watched], technician: Technician, standards: Standards, now: datetime) -> Forecast:
    """When a technician will reach each visit that is still to come today, in the office's day of `now`.

    `day` is every visit known of the technician, of other days too, by start. A visit he has passed over is waited for
    until its deadline. One without a time comes after those that have one: it is fitted in where there is room.
    """
    zone = standards.office.zone
    today = day_bounds(now.astimezone(zone).date(), zone)
    begin = _begin(technician, standards, today, now)
    start = whereabouts(day, today, begin, now)
    ahead, changes = _ahead(day, start, today, standards, now)
    chain = _Chain(start, _stops(start, ahead, standards.travel), _may_have_left(start, day))
    if start.changes_at is not None and ahead:
        changes.append(start.changes_at)
    if any(watched.visit.status in AWAITED and _begins(watched.visit, today[1]) for watched in day) or ahead:
        changes.append(today[1])
    to_come = [one for one in changes if one > now]
    return Forecast(tuple(_predictions(chain, standards, now)), min(to_come, default=None))


def is_silence(running: Moving) -> bool:
    """An arrival that moves on as fast as the clock, with nothing to be done before it."""
    return not running.from_now


def lateness_of(running: Moving, promise: datetime, now: datetime) -> timedelta:
    """How late an arrival is as far as more than silence speaks for it: that nobody came yet is no prediction."""
    return (running.fixed if is_silence(running) else running.at(now)) - promise


def _begin(
    technician: Technician, standards: Standards, today: tuple[datetime, datetime], now: datetime
) -> Whereabouts:
    """Before anything is known of the day: at home, and free from the start of the shift."""
    profile = standards.roster.of_technician(technician)
    opens, closes = _shift(profile, now) or (today[0], None)
    place = Place(f"the home of {technician.name}", profile.home if profile else None)
    return Whereabouts(Doing.WAITING, place, Moving(opens), today[0], changes_at=closes)


def _shift(profile: Profile | None, now: datetime) -> Span | None:
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


def _stops(start: Whereabouts, ahead: Sequence[Watched], travel: Travel) -> tuple[_Stop, ...]:
    stops = []
    place, before = start.place, start.watched
    for watched in ahead:
        there = place_of(watched.visit)
        drive = place.drive_to(there, travel)
        stops.append(_Stop(watched, there, drive, drive == timedelta() and _same_order(before, watched)))
        place, before = there, watched
    return tuple(stops)


def _same_order(before: Watched | None, after: Watched) -> bool:
    if before is None or before is after or not after.visit.order_ref:
        return False
    one, other = before.visit, after.visit
    return one.order_ref == other.order_ref and one.start is not None and one.start == other.start


def _may_have_left(start: Whereabouts, day: Sequence[Watched]) -> bool:
    return start.doing is Doing.WAITING and not reports_departures(day)


def _predictions(chain: _Chain, standards: Standards, now: datetime) -> Iterator[Prediction]:
    optimistic, expected, pessimistic = (_run(chain, factor) for factor in (OPTIMISTIC, EXPECTED, PESSIMISTIC))
    unknown = ""
    for number, stop in enumerate(chain.stops):
        watched = stop.watched
        unknown = unknown or _unknown_way(chain, number)
        promise = watched.promised(standards.policy)
        least = standards.policy.for_visit(watched.visit).at_risk_from
        late = promise is not None and lateness_of(expected[number], promise, now) >= least
        maybe = promise is not None and lateness_of(pessimistic[number], promise, now) >= least
        arrival = expected[number].at(now)
        yield Prediction(
            key=watched.key,
            promise=promise,
            optimistic=optimistic[number].at(now),
            expected=arrival,
            pessimistic=pessimistic[number].at(now),
            lateness=None if promise is None else arrival - promise,
            late=late,
            watch=maybe and not late and not unknown,
            unknown=unknown,
            reason=_reason(chain, number, expected, now),
            running=expected[number],
        )


def _run(chain: _Chain, factor: float) -> list[Moving]:
    """The arrivals if every drive takes `factor` times what it should."""
    arrivals: list[Moving] = []
    ready = chain.start.ready
    for number, stop in enumerate(chain.stops):
        visit = stop.watched.visit
        drive = (stop.drive or timedelta()) * factor
        if stop.alongside:
            arrival = arrivals[-1] if arrivals else Moving(chain.start.since)
        elif number == 0 and chain.start.doing is Doing.EN_ROUTE:
            arrival = Moving(visit.eta or ready.fixed + drive)
        else:
            arrival = ready.later(drive).not_before(_earliest(visit)).not_before(visit.eta)
            if number == 0 and chain.may_have_left:
                arrival = Moving(arrival.fixed)
        arrivals.append(arrival)
        done = arrival.later(duration_of(visit))
        ready = Moving(max(ready.fixed, done.fixed), max(ready.from_now, done.from_now)) if stop.alongside else done
    return arrivals


def _earliest(visit: Visit) -> datetime | None:
    return None if visit.anytime else visit.window_start or visit.sched_start


def _unknown_way(chain: _Chain, number: int) -> str:
    """The place without a position that makes the way to a stop unknown; empty where it is known."""
    stop = chain.stops[number]
    if stop.drive is not None or (number == 0 and _announced(chain)):
        return ""
    here = chain.stops[number - 1].place if number else chain.start.place
    return here.name if here.position is None else stop.place.name


def _announced(chain: _Chain) -> bool:
    """Whether he has said himself when he will be at the next stop."""
    return chain.start.doing is Doing.EN_ROUTE and chain.stops[0].watched.visit.eta is not None


def _reason(chain: _Chain, number: int, expected: Sequence[Moving], now: datetime) -> Reason:
    start, stop = chain.start, chain.stops[number]
    before = chain.stops[number - 1] if number else None
    over = (expected[number - 1].at(now) + duration_of(before.watched.visit)) if before else None
    announced = number == 0 and _announced(chain)
    return Reason(
        doing=start.doing,
        place=start.place.name,
        ready=start.ready.at(now) if start.doing in {Doing.ON_SITE, Doing.PAUSED} else start.ready.fixed,
        over=start.over,
        via=before.place.name if before else "",
        via_until=over,
        drive=timedelta() if announced else stop.drive,
        announced=announced,
    )
