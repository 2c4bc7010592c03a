"""Where one more stop fits into a route, and what it costs there: in driving, lateness, overtime and waiting.

Each place is looked at by itself: whether everything after it is still reached in time is known from the route.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dispatchwatch.domain.reassign.route import A_MOMENT, Costs, Route, Stop, is_away


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
        slot = _slot(route, stop, at, (arrival, way, way + on - legs[at], done + on), costs)
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
        told = (arrival, way, way + on - route.legs[at], arrival + stop.length + on)
        slot = _slot(route, stop, at, told, costs, ignores_absence=True)
        found.append(slot)
    return min(slot for slot in found if slot is not None)


def best_slot(route: Route, stop: Stop, row: Sequence[float], costs: Costs) -> Slot | None:
    return min(slots(route, stop, row, costs), default=None)


def first_place(route: Route, stop: Stop) -> int:
    """Before which stop one more may come at the earliest; past the end where it may not come at all."""
    first = min(route.line.fixed, len(route.stops))
    if route.spare is None or all(count <= route.spare.get(part, 0) for part, count in stop.parts.items()):
        return first
    return max(first, route.restocked_at + 1)


def _slot(
    route: Route,
    stop: Stop,
    at: int,
    told: tuple[float, float, float, float],
    costs: Costs,
    *,
    ignores_absence: bool = False,
) -> Slot | None:
    """What a place costs. `told` are the arrival, the way there, what is driven more, and when he is at the next
    stop, or home."""
    arrival, way, drive, reach = told
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
    wait = longer - drive - stop.length if at else _wait_before(route, arrival, way, longer - drive - stop.length)
    cost = drive + costs.late * late + costs.overtime * overtime + costs.wait * wait
    return Slot(cost, at, arrival, drive, overtime, reach)


def _wait_before(route: Route, arrival: float, way: float, longer: float) -> float:
    """How much more is waited if a new stop comes first: for the first of a day nobody waits."""
    if not route.stops:
        return 0.0
    return longer - (arrival - route.arrivals[0]) + (way - route.legs[0])


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
