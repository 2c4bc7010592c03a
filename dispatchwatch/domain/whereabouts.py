"""Where a technician is and when he is free to go on, by the best evidence that his visits give (study 5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from dispatchwatch.domain.technician import Position
from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.visit import OVER, Status, Visit
from dispatchwatch.domain.watched import Watched

USUAL_DURATION = timedelta(minutes=60)
"""How long a visit takes whose source does not say."""

LEAST_REMAINING = timedelta(minutes=10)
OVER_PLAN_SHARE = 0.25
STILL_THERE = timedelta(hours=12)
"""A visit begun longer ago that is not planned for today was not closed, but forgotten."""

JUST_AFTER = timedelta(microseconds=1)


class Moving(NamedTuple):
    """An expected instant that may move on with time: never before `fixed`, never sooner than `from_now` from now."""

    fixed: datetime
    from_now: timedelta = timedelta()

    def at(self, now: datetime) -> datetime:
        return max(self.fixed, now + self.from_now)

    def later(self, length: timedelta) -> Moving:
        return Moving(self.fixed + length, self.from_now + length)

    def not_before(self, instant: datetime | None) -> Moving:
        return self if instant is None else Moving(max(self.fixed, instant), self.from_now)

    def reaches(self, instant: datetime) -> datetime | None:
        """When `at` first reaches this instant by the passing of time; None where it is there from the start."""
        return None if self.fixed >= instant else instant - self.from_now


class Place(NamedTuple):
    """Somewhere a technician is or goes. `identity` is what makes it the same place where there is no position."""

    name: str
    position: Position | None = None
    identity: tuple[str, ...] = ()

    def drive_to(self, other: Place, travel: Travel) -> timedelta | None:
        """How long it takes to get there; None where that can't be known."""
        if self.position is not None and other.position is not None:
            return travel.between(self.position, other.position)
        return timedelta() if self.identity and self.identity == other.identity else None


class Doing(StrEnum):
    """What a technician is at. `WAITING`: his last visit is over, or the day has not begun for him."""

    ON_SITE = "on_site"
    PAUSED = "paused"
    EN_ROUTE = "en_route"
    WAITING = "waiting"


class Whereabouts(NamedTuple):
    """What a technician is doing since when, and where; on the way, `place` is where he set out from.

    `ready` is when he is free to go on; on the way, when he left. `over` is how far the work is over its plan.
    `changes_at` is when the answer changes by itself, other than by `ready` moving on.
    """

    doing: Doing
    place: Place
    ready: Moving
    since: datetime
    watched: Watched | None = None
    over: timedelta = timedelta()
    changes_at: datetime | None = None


def place_of(visit: Visit) -> Place:
    """Where a visit is: by position, by address, or by the customer's name for the site."""
    site = visit.site
    name = site.name or site.address or visit.customer.name or f"visit {visit.ext_id}"
    if site.address:
        return Place(name, site.position, (site.name, site.address))
    return Place(name, site.position, (visit.customer.name, site.name) if site.name else ())


def duration_of(visit: Visit) -> timedelta:
    planned = visit.planned
    return USUAL_DURATION if planned is None else planned


def touches(visit: Visit, day: tuple[datetime, datetime]) -> bool:
    """Whether a visit is planned for some of this day; one without a time is on the day that its start names."""
    start = visit.start or visit.sched_start
    if start is None or start >= day[1]:
        return False
    return start > day[0] or start + duration_of(visit) > day[0]


def whereabouts(
    day: Sequence[Watched], today: tuple[datetime, datetime], start: Whereabouts, now: datetime
) -> Whereabouts:
    """The latest that a technician's visits say of him; `start` where they say nothing yet."""
    told = [found for watched in day if (found := _told_by(watched, today, now)) is not None]
    if not told:
        return start
    last = max(told, key=_latest)
    if last.doing is not Doing.EN_ROUTE or last.watched is None:
        return last
    before = max((one for one in told if one.doing is not Doing.EN_ROUTE), key=_latest, default=start)
    left = _by_receipt(last.watched, _stamp(last.watched.visit) or before.ready.fixed)
    return last._replace(place=before.place, ready=Moving(left), changes_at=before.changes_at)


def reports_departures(day: Sequence[Watched]) -> bool:
    """Whether this technician says when he sets out: then one who has said nothing has not left yet."""
    return any(
        watched.visit.en_route_at is not None or (watched.visit.status is Status.EN_ROUTE and watched.visit.eta is None)
        for watched in day
    )


def _told_by(watched: Watched, today: tuple[datetime, datetime], now: datetime) -> Whereabouts | None:
    """What one visit says of where its technician is; None if nothing, or nothing that still holds."""
    visit = watched.visit
    if watched.withdrawn or visit.status is Status.CANCELLED:
        return None
    is_there = visit.status in {Status.ARRIVED, Status.IN_PROGRESS}
    if visit.status in OVER or (visit.checked_in and not is_there and (visit.completed_at or visit.departed_at)):
        return _over(watched, today)
    if visit.checked_in:
        return _on_site(watched, today, now)
    if visit.status is Status.EN_ROUTE and touches(visit, today):
        since = _by_receipt(watched, _stamp(visit) or visit.start or today[1])
        return Whereabouts(Doing.EN_ROUTE, place_of(visit), Moving(since), since, watched)
    return None


def _over(watched: Watched, today: tuple[datetime, datetime]) -> Whereabouts | None:
    """Free since the visit ended, by its stamps or else by its plan."""
    visit, nobody_there = watched.visit, watched.no_show_seen
    stamps = (
        visit.departed_at,
        visit.completed_at,
        visit.status_at,
        nobody_there.until if nobody_there else None,
        (visit.start or _heard(watched)) + duration_of(visit),
    )
    ended = _by_receipt(watched, next(stamp for stamp in stamps if stamp is not None))
    return None if ended < today[0] else Whereabouts(Doing.WAITING, place_of(visit), Moving(ended), ended, watched)


def _on_site(watched: Watched, today: tuple[datetime, datetime], now: datetime) -> Whereabouts | None:
    visit = watched.visit
    begun = _by_receipt(watched, visit.started_at or visit.checked_in_at or _heard(watched))
    forgotten = None if touches(visit, today) else begun + STILL_THERE + JUST_AFTER
    if forgotten is not None and now >= forgotten:
        return None
    last_pause = watched.pauses[-1] if watched.pauses else None
    if visit.status is Status.PAUSED:
        since = max(last_pause.start, begun) if last_pause else begun
        return Whereabouts(Doing.PAUSED, place_of(visit), Moving(since), since, watched, changes_at=forgotten)
    since = max(begun, last_pause.end) if last_pause and last_pause.end else begun
    plan = duration_of(visit)
    end = begun + plan + watched.paused_for(begun, since)
    least = min(LEAST_REMAINING, plan)
    if now > end:
        remaining = Moving(end, max(least, plan * OVER_PLAN_SHARE))
        return Whereabouts(Doing.ON_SITE, place_of(visit), remaining, since, watched, now - end, forgotten)
    change = min(end + JUST_AFTER, forgotten or end + JUST_AFTER)
    return Whereabouts(Doing.ON_SITE, place_of(visit), Moving(end, least), since, watched, changes_at=change)


def _heard(watched: Watched) -> datetime:
    """When we first heard of somebody there."""
    return watched.check_in_seen.until if watched.check_in_seen else watched.first_seen_at


def _by_receipt(watched: Watched, told: datetime) -> datetime:
    """What is told of a visit had happened when we heard of it: a later time is of a clock that runs ahead, or a plan
    (study 4.3). Never of `now`: what stands still until there is news must not move on with the clock.
    """
    return told if watched.progressed_at is None else min(told, watched.progressed_at)


def _stamp(visit: Visit) -> datetime | None:
    return visit.en_route_at or visit.status_at


def _latest(told: Whereabouts) -> tuple[datetime, datetime]:
    start = told.watched.visit.start if told.watched else None
    return told.since, start or told.since
