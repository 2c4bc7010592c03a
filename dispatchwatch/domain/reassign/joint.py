"""Many stops and many routes at once: the best joint assignment that can be found in the time there is.

First everything that waits is put where it fits, the stop with the most to lose by waiting first (regret insertion).
Then, round by round, some stops are taken out and put back otherwise (ruin and recreate, after Pisinger and Ropke): one
is a relocation, two may be a swap, neighbours are a piece of a route. A plan that is a little worse is gone on with for
a while, so that a better one behind it is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dispatchwatch.domain.reassign.drives import Drives
from dispatchwatch.domain.reassign.route import Costs, Route, Stop, is_away, with_stop, without
from dispatchwatch.domain.reassign.slots import Slot, best_slot
from dispatchwatch.domain.visit import VisitKey

Chance = Callable[[], float]
"""Random numbers in [0, 1)."""

UNSERVED = 1e7
"""What it costs to leave a stop to nobody, times its weight: more than any drive."""

MOST_AT_ONCE = 24
SHARE_AT_ONCE = 0.35
SOMEWHAT_WORSE = 0.04
PATIENCE = 700
"""By what share a plan may be worse than the best and is gone on with, which shrinks to nothing in so many rounds."""


@dataclass(frozen=True, slots=True, eq=False)
class Puzzle:
    """`able` are the routes, by number, that may take a stop; a stop that is not among its keys stays where it is."""

    able: Mapping[VisitKey, frozenset[int]]
    drives: Drives
    costs: Costs

    def may_move(self, stop: Stop) -> bool:
        return stop.keys[0] in self.able


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The routes, and the stops that nobody takes. `cost` is in seconds of driving."""

    routes: tuple[Route, ...]
    waiting: tuple[Stop, ...]
    cost: float


def plans(routes: Sequence[Route], waiting: Sequence[Stop], puzzle: Puzzle, chance: Chance) -> Iterator[Plan]:
    """Ever better plans, without end: after each round the best so far, the very same while nothing better is found.

    The first is the one that is there. What is asked for no more is simply not gone on with.
    """
    best = _plan(routes, waiting, puzzle)
    yield best
    found = recreated(best, puzzle, chance, noise=0.0)
    best = current = min((best, found), key=lambda one: one.cost) if _is_sound(found, routes, puzzle) else best
    since = 0
    while True:
        yield best
        found = recreated(ruined(current, puzzle, chance), puzzle, chance, noise=0.15 * chance())
        since += 1
        if not _is_sound(found, routes, puzzle):
            continue
        if found.cost < best.cost - 1e-6:
            best = current = found
            since = 0
        elif since >= PATIENCE:
            current, since = best, 0
        elif found.cost < best.cost * (1 + SOMEWHAT_WORSE * (1 - since / PATIENCE)):
            current = found


def ruined(plan: Plan, puzzle: Puzzle, chance: Chance) -> Plan:
    """The plan with some stops taken out: those around one place, those around one time, or any."""
    movable = [
        (number, stop) for number, route in enumerate(plan.routes) for stop in route.stops if puzzle.may_move(stop)
    ]
    if not movable:
        return plan
    most = max(2, min(MOST_AT_ONCE, int(len(movable) * SHARE_AT_ONCE)))
    count = min(len(movable), 1 + int(chance() * most))
    taken = _related(movable, plan, puzzle, chance)[:count]
    routes = list(plan.routes)
    for number in {number for number, _ in taken}:
        out = [stop for where, stop in taken if where == number]
        routes[number] = without(routes[number], out, puzzle.drives)
    return _plan(routes, [*plan.waiting, *(stop for _, stop in taken)], puzzle)


def recreated(plan: Plan, puzzle: Puzzle, chance: Chance, noise: float) -> Plan:
    """The plan with everything that waits put where it fits, as far as it does; `noise` makes each time another."""
    routes, waiting = list(plan.routes), list(plan.waiting)
    offers = [_offers(stop, routes, puzzle, chance, noise) for stop in waiting]
    left: list[Stop] = []
    while waiting:
        number = max(range(len(waiting)), key=lambda one: _regret(offers[one], waiting[one]))
        stop, offered = waiting.pop(number), offers.pop(number)
        if not offered:
            left.append(stop)
            continue
        where = min(offered, key=lambda one: offered[one].cost)
        routes[where] = with_stop(routes[where], stop, offered[where].at, puzzle.drives)
        for other, slots in zip(waiting, offers, strict=True):
            if where in puzzle.able[other.keys[0]]:
                slots.pop(where, None)
                slots.update(_offer(other, where, routes[where], puzzle, chance, noise))
    return _plan(routes, left, puzzle)


def _is_sound(plan: Plan, routes: Sequence[Route], puzzle: Puzzle) -> bool:
    """Whether nothing came to grief when something before it was taken out: then it may lie where its technician is
    away, or be reached later, where the way to what was taken out is not known. `routes` are those of the beginning.
    """
    changed = [route for route, first in zip(plan.routes, routes, strict=True) if route is not first]
    return all(route.is_in_time for route in changed) and not any(
        puzzle.may_move(stop) and is_away(route.line, arrival, stop.length)
        for route in changed
        if route.line.absences
        for stop, arrival in route.timetable()
    )


def _plan(routes: Sequence[Route], waiting: Sequence[Stop], puzzle: Puzzle) -> Plan:
    cost = sum(route.cost(puzzle.costs) for route in routes) + sum(UNSERVED * stop.weight for stop in waiting)
    return Plan(tuple(routes), tuple(waiting), cost)


def _offers(stop: Stop, routes: Sequence[Route], puzzle: Puzzle, chance: Chance, noise: float) -> dict[int, Slot]:
    found: dict[int, Slot] = {}
    for number in sorted(puzzle.able[stop.keys[0]]):
        found |= _offer(stop, number, routes[number], puzzle, chance, noise)
    return found


def _offer(stop: Stop, number: int, route: Route, puzzle: Puzzle, chance: Chance, noise: float) -> dict[int, Slot]:
    slot = best_slot(route, stop, puzzle.drives.row(stop.place), puzzle.costs)
    if slot is None:
        return {}
    return {number: slot._replace(cost=slot.cost * (1 + noise * (chance() - 0.5))) if noise else slot}


def _regret(offered: Mapping[int, Slot], stop: Stop) -> float:
    """What is lost if the best place is taken by another; a stop with no place left has nothing to lose."""
    if not offered:
        return -1.0
    costs = sorted(slot.cost for slot in offered.values())
    second = costs[1] if len(costs) > 1 else UNSERVED * stop.weight
    return second - costs[0]


def _related(movable: list[tuple[int, Stop]], plan: Plan, puzzle: Puzzle, chance: Chance) -> list[tuple[int, Stop]]:
    """The stops in the order in which they are taken out."""
    centre = [*(stop for _, stop in movable), *plan.waiting][int(chance() * (len(movable) + len(plan.waiting)))]
    kind, blur = chance(), 0.5 + chance()
    row = puzzle.drives.row(centre.place)
    arrivals = {stop.keys: arrival for route in plan.routes for stop, arrival in route.timetable()}
    at = arrivals.get(centre.keys, centre.earliest)

    def apart(told: tuple[int, Stop]) -> float:
        stop = told[1]
        distance = row[stop.place] * (0.7 + blur * chance())
        if kind < 0.5:
            return distance
        if kind < 0.8:
            return abs(arrivals[stop.keys] - at) * 0.5 + distance
        return chance()

    return sorted(movable, key=apart)
