"""What is planned, as numbers: visits as stops, a technician's chain as a route."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import takewhile

from dispatchwatch.domain.calendars import Span, day_bounds
from dispatchwatch.domain.chain import Chain, earliest_of
from dispatchwatch.domain.chain import Stop as Planned
from dispatchwatch.domain.needs import counted
from dispatchwatch.domain.reassign.drives import Drives
from dispatchwatch.domain.reassign.route import NEVER, Costs, Line, Route, Stop, timed
from dispatchwatch.domain.reassign.route import NOTHING as NO_PARTS
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.technician import Profile
from dispatchwatch.domain.visit import Status, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.whereabouts import Doing, Place, duration_of, place_of

NOTHING = timedelta()


class Figures:
    """Turns the one into the other. Instants become seconds after `moment`, of whose day `day` are the bounds."""

    def __init__(self, standards: Standards, moment: datetime) -> None:
        settings, zone = standards.reassigning, standards.office.zone
        self.standards, self.settings, self.moment = standards, settings, moment
        self.day: Span = day_bounds(moment.astimezone(zone).date(), zone)
        self.tolerance = settings.tolerance.total_seconds()
        self._day_end = self.seconds(self.day[1])
        self.drives = Drives(standards.travel)
        self.costs = Costs(settings.late_costs, settings.overtime_costs, settings.wait_costs)

    def seconds(self, instant: datetime) -> float:
        return (instant - self.moment).total_seconds()

    def instant(self, seconds: float) -> datetime:
        return self.moment + timedelta(seconds=seconds)

    def stop_of(self, watched: Watched, lateness: timedelta) -> Stop:
        """A visit that is to go to somebody else, and how late it may be."""
        stop = self._stop(watched, place_of(watched.visit))
        return stop._replace(limit=min(stop.promise + lateness.total_seconds(), self.seconds(self.day[1])))

    def route_of(self, chain: Chain, profile: Profile | None) -> Route:
        """The day as it is planned."""
        line = self._line(chain, profile)
        return timed(line, self._joined(chain, line.start), self.drives, is_plan=True)

    def _joined(self, chain: Chain, start: int) -> list[Stop]:
        """The stops to come; visits that are part of the same work are one."""
        stops: list[Stop] = []
        here = start
        for planned in chain.stops[len(_under_way(chain)) :]:
            stop = self._planned(planned)
            self.drives.know(here, stop.place, planned.drive)
            here = stop.place
            if planned.alongside and stops:
                stops[-1] = _together(stops[-1], stop)
            else:
                stops.append(stop)
        return stops

    def _planned(self, planned: Planned) -> Stop:
        visit, stop = planned.watched.visit, self._stop(planned.watched, planned.place)
        if visit.eta is not None:
            stop = stop._replace(earliest=max(stop.earliest, self.seconds(visit.eta)))
        is_pinned = visit.locked or len(visit.technicians) > 1 or visit.status is Status.EN_ROUTE
        return stop._replace(pinned=True) if is_pinned else stop

    def _stop(self, watched: Watched, place: Place) -> Stop:
        visit, policy = watched.visit, self.standards.policy
        earliest, promised = earliest_of(visit), watched.promised(policy)
        promise = self.seconds(promised) if promised else NEVER
        return Stop(
            keys=(watched.key,),
            place=self.drives.number(place),
            earliest=self.seconds(earliest) if earliest else -NEVER,
            promise=promise,
            limit=min(promise + self.tolerance, self._day_end),
            length=duration_of(visit).total_seconds(),
            weight=self.settings.urgent_costs if policy.urgent(visit) else 1.0,
            parts=counted(visit.parts) if visit.parts else NO_PARTS,
            restocks=visit.kind.casefold() in self.settings.depot_kinds,
        )

    def _line(self, chain: Chain, profile: Profile | None) -> Line:
        start = chain.start
        first, first_at = _first_arrival(chain)
        closes = self.seconds(chain.shift[1]) if chain.shift else NEVER
        return Line(
            start=self.drives.number(start.place),
            ready=max([self.seconds(start.ready.at(self.moment)), *self._beside(chain)]),
            home=self._home(profile),
            first=first,
            first_at=max(0.0, self.seconds(first_at)) if first_at else None,
            fixed=1 if start.doing is Doing.EN_ROUTE else 0,
            shift_end=closes,
            ends=closes + (profile.overtime if profile else NOTHING).total_seconds(),
            absences=tuple((self.seconds(one.start), self.seconds(one.end)) for one in profile.absences)
            if profile
            else (),
            stock=counted(profile.parts) if profile and profile.parts is not None else None,
        )

    def _home(self, profile: Profile | None) -> int | None:
        if not self.settings.drive_home or profile is None or profile.home is None:
            return None
        return self.drives.number(Place(f"the home of {profile.name}", profile.home))

    def _beside(self, chain: Chain) -> list[float]:
        """When those visits are over that are part of the work he is at."""
        since = self.seconds(chain.start.since)
        return [since + duration_of(one.watched.visit).total_seconds() for one in _under_way(chain)]


def _first_arrival(chain: Chain) -> tuple[VisitKey | None, datetime | None]:
    """The visit he is on the way to, or may be, and when he is there."""
    start, ahead = chain.start, chain.stops
    if not ahead or not (start.doing is Doing.EN_ROUTE or chain.may_have_left):
        return None, None
    visit, drive = ahead[0].watched.visit, ahead[0].drive or NOTHING
    if start.doing is Doing.EN_ROUTE:
        return visit.key, visit.eta or start.ready.fixed + drive
    return visit.key, start.ready.later(drive).not_before(earliest_of(visit)).not_before(visit.eta).fixed


def _under_way(chain: Chain) -> tuple[Planned, ...]:
    """The visits that are part of the work somebody is at."""
    if chain.start.doing not in {Doing.ON_SITE, Doing.PAUSED}:
        return ()
    return tuple(takewhile(lambda one: one.alongside, chain.stops))


def _together(one: Stop, other: Stop) -> Stop:
    return one._replace(
        keys=one.keys + other.keys,
        promise=min(one.promise, other.promise),
        length=max(one.length, other.length),
        weight=max(one.weight, other.weight),
        pinned=one.pinned or other.pinned,
        parts=Counter(one.parts) + Counter(other.parts),
        restocks=one.restocks or other.restocks,
    )
