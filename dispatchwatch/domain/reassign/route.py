"""A technician’s remaining day in numbers.

Instants are seconds after one base instant. Every stop has a latest arrival, so that whether another fits in before it
is known without going through the rest of the day: the way of Savelsbergh’s forward time slack.
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
    given). `slack` is added to the limits of his stops. `most` is how many stops he takes, `stock` what is on the van;
    None where nobody keeps count.
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
    def is_in_time(self) -> bool:
        """Whether every stop is reached, and the day over, within the limits."""
        line = self.line
        is_over = self.end <= line.ends + A_MOMENT
        return is_over and all(arrival <= limit_of(stop, line) + A_MOMENT for stop, arrival in self.timetable())

    def clashes(self) -> Iterator[Stop]:
        """The stops that he is to be at while he is away, and was not before."""
        line = self.line
        for stop, arrival in self.timetable():
            is_later = arrival > stop.usual and not is_away(line, stop.usual, stop.length)
            if is_later and is_away(line, arrival, stop.length):
                yield stop

    def lateness(self) -> float:
        """Weighted seconds after the promises."""
        return sum(max(0.0, arrival - stop.promise) * stop.weight for stop, arrival in self.timetable())

    def wait(self) -> float:
        """How long he waits at doors; before the first he can set out later."""
        if not self.stops:
            return 0.0
        work = sum(stop.length for stop in self.stops)
        return self.end - self.arrivals[0] - (self.drive - self.legs[0]) - work

    def cost(self, costs: Costs) -> float:
        over = max(0.0, self.end - self.line.shift_end)
        return self.drive + costs.late * self.lateness() + costs.overtime * over + costs.wait * self.wait()


def timed(line: Line, stops: Sequence[Stop], drives: Drives, *, is_plan: bool = False) -> Route:
    """A route with all its times. With `is_plan` it is what there is before anything is changed: what is late in it, or
    ends late, may be as late as it is.
    """
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
    end = leave + legs[-1]
    if is_plan:
        stops = [stop._replace(usual=arrival) for stop, arrival in zip(stops, arrivals, strict=True)]
        line = line if end <= line.ends else replace(line, ends=end)
    latest = _latest(line, stops, legs)
    spare, restocked_at = _spare(line, stops)
    return Route(line, tuple(stops), tuple(legs), tuple(arrivals), tuple(leaves), latest, end, spare, restocked_at)


def with_stop(route: Route, stop: Stop, at: int, drives: Drives) -> Route:
    return timed(route.line, (*route.stops[:at], stop, *route.stops[at:]), drives)


def without(route: Route, stops: Sequence[Stop], drives: Drives) -> Route:
    return timed(route.line, [stop for stop in route.stops if stop not in stops], drives)


def limit_of(stop: Stop, line: Line) -> float:
    """The latest arrival allowed at a stop of a line."""
    return stop.usual if stop.pinned else max(stop.usual, stop.limit + line.slack)


def relaxed(route: Route, slack: float, overtime: float) -> Route:
    """The same route with more allowed: so much more lateness, and so much more work after the shift."""
    line = replace(route.line, slack=slack, ends=max(route.line.ends, route.line.shift_end + overtime))
    return replace(route, line=line, latest=_latest(line, route.stops, route.legs))


def is_away(line: Line, arrival: float, length: float) -> bool:
    return any(arrival < end and arrival + length > start for start, end in line.absences)


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
