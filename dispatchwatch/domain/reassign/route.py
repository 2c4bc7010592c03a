"""A technician's remaining day in numbers, and what it costs to fit one more stop into it.

Instants are seconds after one base instant. Every stop has a latest arrival, so that whether another fits in before it
is known without going through the rest of the day: the way of Savelsbergh's forward time slack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from dispatchwatch.domain.reassign.drives import Drives
from dispatchwatch.domain.visit import VisitKey

NEVER = float("inf")
A_MOMENT = 0.001
"""Drives are rounded to microseconds; what is less than this is no lateness."""


NOTHING: Mapping[str, int] = MappingProxyType({})


class Stop(NamedTuple):
    """One or more visits at one place and time. `weight` is what a second of lateness counts.

    `limit` is the latest arrival allowed, `usual` the one before anything is changed: what is late already may be as
    late as it is. `pinned`: it keeps its technician and its time. After one that `restocks` every part is there again.
    """

    keys: tuple[VisitKey, ...]
    place: int
    earliest: float
    promise: float
    limit: float
    length: float
    weight: float = 1.0
    usual: float = -NEVER
    pinned: bool = False
    parts: Mapping[str, int] = NOTHING
    restocks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """What a technician's route starts from and must keep to.

    While the stop of `first` comes first, he is there at `first_at`, if that is given, and nothing goes before the
    first `fixed` stops. `shift_end` is where overtime begins, `ends` by when he must be done (and home, where `home` is
    given). `slack` is added to the limits of his stops. `most` is how many stops he takes. `stock` is what is on the van; None where nobody keeps count.
    """

    start: int
    ready: float
    home: int | None = None
    first: VisitKey | None = None
    first_at: float | None = None
    fixed: int = 0
    shift_end: float = NEVER
    ends: float = NEVER
    slack: float = 0.0
    absences: tuple[tuple[float, float], ...] = ()
    most: int | None = None
    stock: Mapping[str, int] | None = None


class Costs(NamedTuple):
    """What a second of each costs, in seconds of driving."""

    late: float
    overtime: float
    wait: float


class Slot(NamedTuple):
    """A place in a route: before the stop at `at`, which is then reached at `reach`. At the end, that ends the day.

    `drive` is what is driven more, `overtime` what is worked more after the shift; all lengths in seconds.
    """

    cost: float
    at: int
    arrival: float
    drive: float
    overtime: float
    reach: float


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """The stops of a line with their times. `legs` are the drives to each stop, and then home.

    `latest` are the latest arrivals that leave every later stop, and the end, within its limit. `spare` is what is left
    on the van before the stop at `restocked_at`.
    """

    line: Line
    stops: tuple[Stop, ...]
    legs: tuple[float, ...]
    arrivals: tuple[float, ...]
    leaves: tuple[float, ...]
    latest: tuple[float, ...]
    end: float
    spare: Mapping[str, int] | None
    restocked_at: int

    @property
    def drive(self) -> float:
        return sum(self.legs)

    @property
    def duration(self) -> float:
        """From the latest departure that does not make the day end later, to its end."""
        at = self.end - self.legs[-1]
        for number in range(len(self.stops) - 1, -1, -1):
            stop = self.stops[number]
            at = min(limit_of(stop, self.line), at - stop.length) - self.legs[number]
        return self.end - at

    def timetable(self) -> Iterator[tuple[Stop, float]]:
        """Every stop with its arrival."""
        return zip(self.stops, self.arrivals, strict=True)

    @property
    def within_limits(self) -> bool:
        """Whether everybody is reached in time, the end is, and nothing lacks on the van."""
        in_time = all(arrival <= limit_of(stop, self.line) + A_MOMENT for stop, arrival in self.timetable())
        has_parts = self.spare is None or min(self.spare.values(), default=0) >= 0
        return in_time and has_parts and self.end <= self.line.ends + A_MOMENT and not any(self.clashes())

    def clashes(self) -> Iterator[Stop]:
        """The stops that he is to be at while he is away, and was not before."""
        line = self.line
        for stop, arrival in self.timetable():
            if is_away(line, arrival, stop.length) and not is_away(line, stop.usual, stop.length):
                yield stop

    def lateness(self) -> float:
        """Weighted seconds after the promises."""
        return sum(max(0.0, arrival - stop.promise) * stop.weight for stop, arrival in self.timetable())

    def wait(self) -> float:
        return self.end - self.line.ready - self.drive - sum(stop.length for stop in self.stops)

    def cost(self, costs: Costs) -> float:
        over = max(0.0, self.end - self.line.shift_end)
        return self.drive + costs.late * self.lateness() + costs.overtime * over + costs.wait * max(0.0, self.wait())


def timed(line: Line, stops: Sequence[Stop], drives: Drives) -> Route:
    """A route with all its times."""
    places = [line.start, *(stop.place for stop in stops)]
    legs = [drives.between(here, there) for here, there in pairwise(places)]
    legs.append(drives.between(places[-1], line.home) if line.home is not None and stops else 0.0)
    arrivals, leaves = [], []
    leave = line.ready
    for number, stop in enumerate(stops):
        arrival = max(leave + legs[number], stop.earliest)
        if number == 0 and line.first_at is not None and stop.keys[0] == line.first:
            arrival = line.first_at
        leave = arrival + stop.length
        arrivals.append(arrival)
        leaves.append(leave)
    latest = _latest(line, stops, legs)
    spare, restocked_at = _spare(line, stops)
    end = leave + legs[-1]
    return Route(line, tuple(stops), tuple(legs), tuple(arrivals), tuple(leaves), latest, end, spare, restocked_at)


def settled(route: Route) -> Route:
    """The route as it is planned: what is late in it, or ends late, may be as late as it is."""
    line = replace(route.line, ends=max(route.line.ends, route.end))
    stops = tuple(stop._replace(usual=arrival) for stop, arrival in route.timetable())
    return replace(route, line=line, stops=stops, latest=_latest(line, stops, route.legs))


def slots(route: Route, stop: Stop, row: Sequence[float], costs: Costs) -> Iterator[Slot]:
    """Every place in a route where a stop fits in. `row` are the drives from the stop to everywhere."""
    line, legs, leaves, latest = route.line, route.legs, route.leaves, route.latest
    count = len(route.stops)
    if line.most is not None and count >= line.most:
        return
    for at in range(first_place(route, stop), count + 1):
        leave = leaves[at - 1] if at else line.ready
        if leave > stop.limit + A_MOMENT:
            return
        way = row[route.stops[at - 1].place if at else line.start]
        arrival = max(leave + way, stop.earliest)
        if arrival > stop.limit + A_MOMENT:
            continue
        done = arrival + stop.length
        on = row[route.stops[at].place] if at < count else 0.0 if line.home is None else row[line.home]
        if done + on > (latest[at] if at < count else line.ends) + A_MOMENT:
            continue
        slot = _slot(route, stop, at, (arrival, way + on - legs[at], done + on), costs)
        if slot is not None:
            yield slot


def any_slot(route: Route, stop: Stop, row: Sequence[float], costs: Costs) -> Slot:
    """The place where a stop would do the least harm, whatever the limits."""
    line, count = route.line, len(route.stops)
    found = []
    for at in range(min(line.fixed, count), count + 1):
        leave = route.leaves[at - 1] if at else line.ready
        way = row[route.stops[at - 1].place if at else line.start]
        arrival = max(leave + way, stop.earliest)
        on = row[route.stops[at].place] if at < count else 0.0 if line.home is None else row[line.home]
        told = (arrival, way + on - route.legs[at], arrival + stop.length + on)
        slot = _slot(route, stop, at, told, costs, ignores_absence=True)
        found.append(slot)
    return min(slot for slot in found if slot is not None)


def best_slot(route: Route, stop: Stop, row: Sequence[float], costs: Costs) -> Slot | None:
    return min(slots(route, stop, row, costs), default=None)


def with_stop(route: Route, stop: Stop, at: int, drives: Drives) -> Route:
    return timed(route.line, (*route.stops[:at], stop, *route.stops[at:]), drives)


def without(route: Route, stops: Sequence[Stop], drives: Drives) -> Route:
    return timed(route.line, [stop for stop in route.stops if stop not in stops], drives)


def first_place(route: Route, stop: Stop) -> int:
    """Before which stop one more may come at the earliest; past the end where it may not come at all."""
    first = min(route.line.fixed, len(route.stops))
    if route.spare is None or all(count <= route.spare.get(part, 0) for part, count in stop.parts.items()):
        return first
    return max(first, route.restocked_at + 1)


def limit_of(stop: Stop, line: Line) -> float:
    """The latest arrival allowed at a stop of a line."""
    return stop.usual if stop.pinned else max(stop.usual, stop.limit + line.slack)


def relaxed(route: Route, slack: float, overtime: float) -> Route:
    """The same route with more allowed: so much more lateness, and so much more work after the shift."""
    line = replace(route.line, slack=slack, ends=max(route.line.ends, route.line.shift_end + overtime))
    return replace(route, line=line, latest=_latest(line, route.stops, route.legs))


def is_away(line: Line, arrival: float, length: float) -> bool:
    return any(arrival < end and arrival + length > start for start, end in line.absences)


def _slot(
    route: Route,
    stop: Stop,
    at: int,
    told: tuple[float, float, float],
    costs: Costs,
    *,
    ignores_absence: bool = False,
) -> Slot | None:
    """What a place costs. `told` are the arrival, what is driven more, and when he is at the next stop, or home."""
    arrival, drive, reach = told
    line = route.line
    minds_absence = bool(line.absences) and not ignores_absence
    if minds_absence and is_away(line, arrival, stop.length):
        return None
    pushed, longer = pushed_back(route, at, reach)
    late = max(0.0, arrival - stop.promise) * stop.weight
    for later, usual, then in pushed:
        if minds_absence and is_away(line, then, later.length) and not is_away(line, usual, later.length):
            return None
        if then > later.promise:
            late += (then - max(usual, later.promise)) * later.weight
    end = route.end + longer
    overtime = max(0.0, end - line.shift_end) - max(0.0, route.end - line.shift_end)
    cost = drive + costs.late * late + costs.overtime * overtime + costs.wait * (longer - drive - stop.length)
    return Slot(cost, at, arrival, drive, overtime, reach)


def pushed_back(route: Route, at: int, reach: float) -> tuple[list[tuple[Stop, float, float]], float]:
    """Who is reached later if the stop at `at` is reached at `reach`: each with the usual and the new arrival. And by
    how much the day ends later; past the last stop, `reach` is when it does.
    """
    stops, arrivals, legs = route.stops, route.arrivals, route.legs
    pushed: list[tuple[Stop, float, float]] = []
    for number in range(at, len(stops)):
        stop, usual = stops[number], arrivals[number]
        then = max(reach, stop.earliest)
        if then <= usual:
            return pushed, 0.0
        pushed.append((stop, usual, then))
        reach = then + stop.length + legs[number + 1]
    return pushed, reach - route.end


def _latest(line: Line, stops: Sequence[Stop], legs: Sequence[float]) -> tuple[float, ...]:
    found = [0.0] * len(stops)
    until = line.ends
    for number in range(len(stops) - 1, -1, -1):
        stop = stops[number]
        until = found[number] = min(limit_of(stop, line), until - legs[number + 1] - stop.length)
    return tuple(found)


def _spare(line: Line, stops: Sequence[Stop]) -> tuple[Mapping[str, int] | None, int]:
    restocked_at = next((number for number, stop in enumerate(stops) if stop.restocks), len(stops))
    if line.stock is None:
        return None, restocked_at
    spare = dict(line.stock)
    for stop in stops[:restocked_at]:
        for part, count in stop.parts.items():
            spare[part] = spare.get(part, 0) - count
    return spare, restocked_at
