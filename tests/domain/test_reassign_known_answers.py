"""Suggestions and the checker against instances whose answers are known, and against enumeration."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatchwatch.domain.reassign.checker import problems
from dispatchwatch.domain.reassign.suggesting import suggest
from dispatchwatch.domain.reassign.workday import Workdays
from dispatchwatch.domain.visit import Technician, Visit
from tests.fakes.technician_routing import (
    MIDNIGHT,
    Instance,
    best_known,
    instance,
    key_of,
    needs_instances,
)

pytestmark = needs_instances
Plan = list[tuple[Technician, list[int]]]
C101, BEST = "TRSP-C101.100_25-5-5-5.txt", "TRSP-C101-best-known.sol"
TOY = "TRSP-toy8.txt"
A_MOMENT = 1e-6


@pytest.fixture(scope="module")
def c101() -> Instance:
    return instance(C101)


@pytest.fixture(scope="module")
def best(c101: Instance) -> Plan:
    return best_known(BEST, c101)


def found_wrong(told: Instance, plan: Plan) -> list[str]:
    """What the checker says of a plan."""
    facts = told.picture(told.planned(plan))
    workdays = Workdays(facts, MIDNIGHT)
    visits = {key: watched.visit for key, watched in facts.visits.items()}
    return [one.obstacle.value for day in workdays.all() for one in problems(day, visits, workdays.figures)]


class Oracle:
    """An instance read a second time, in minutes and plain loops: it knows nothing of the program."""

    def __init__(self, told: Instance) -> None:
        self.depot = told.depot
        self.visits = {int(one.ext_id): one for one in told.visits}
        self.homes = {one.name: one.home for one in told.roster.profiles.values()}
        self.skills = {one.name: one.skills for one in told.roster.profiles.values()}
        self.parts = {one.name: Counter(dict(map(_part, one.parts or ()))) for one in told.roster.profiles.values()}

    def route(self, name: str, requests: Sequence[int]) -> tuple[float, float] | None:
        """Distance and duration of a route; None where it can't be driven."""
        home = self.homes[name]
        assert home is not None
        here, free, driven = home, 0.0, 0.0
        van, is_full = Counter(self.parts[name]), False
        for request in requests:
            if request < 0:
                place, opens, closes, length, needed = self.depot, 0.0, 1236.0, 0.0, Counter[str]()
                is_full = True
            else:
                visit = self.visits[request]
                place = (visit.site.latitude or 0.0, visit.site.longitude or 0.0)
                opens, closes = _minute(visit.window_start), _minute(visit.window_end)
                length = (visit.duration or timedelta()).total_seconds() / 60
                needed = Counter(dict(map(_part, visit.parts)))
                if not set(visit.skills) <= self.skills[name]:
                    return None
            drive = math.dist(here, place)
            driven += drive
            arrival = free + drive
            if arrival > closes + A_MOMENT:
                return None
            van.subtract(needed)
            if not is_full and min(van.values(), default=0) < 0:
                return None
            here, free = place, max(arrival, opens) + length
        back = math.dist(here, home)
        end = free + back
        return (driven + back, end - self._latest_start(name, requests, end)) if end <= 1236 + A_MOMENT else None

    def _length(self, request: int) -> float:
        return 0.0 if request < 0 else (self.visits[request].duration or timedelta()).total_seconds() / 60

    def _latest_start(self, name: str, requests: Sequence[int], end: float) -> float:
        """The latest departure from home by which the day still ends at `end`."""
        home = self.homes[name]
        assert home is not None
        here, at = home, end
        for request in reversed(requests):
            visit = self.visits.get(request)
            place = self.depot if visit is None else (visit.site.latitude or 0.0, visit.site.longitude or 0.0)
            closes = 1236.0 if visit is None else _minute(visit.window_end)
            at = min(closes, at - math.dist(place, here) - self._length(request))
            here = place
        return at - math.dist(home, here)

    def takes(self, plan: Iterable[tuple[Technician, Sequence[int]]]) -> bool:
        return all(self.route(one.name, requests) is not None for one, requests in plan)


def _part(text: str) -> tuple[str, int]:
    count, cross, name = text.partition(" x ")
    return (name, int(count)) if cross else (text, 1)


def _minute(instant: object) -> float:
    return (instant - MIDNIGHT).total_seconds() / 60  # type: ignore[operator, no-any-return]


def test_the_checker_accepts_the_best_known_solution_and_reckons_its_duration(c101: Instance, best: Plan) -> None:
    assert sum(request > 0 for _, requests in best for request in requests) == 100
    assert found_wrong(c101, best) == []
    workdays = Workdays(c101.picture(c101.planned(best)), MIDNIGHT)
    durations = [day.route.duration / 60 for day in workdays.all() if day.route.stops]
    assert sum(durations) == pytest.approx(10717.516, abs=0.0005)


def test_the_oracle_of_these_tests_reckons_the_same(c101: Instance, best: Plan) -> None:
    routes = [Oracle(c101).route(one.name, requests) for one, requests in best]
    assert sum(route[1] for route in routes if route) == pytest.approx(10717.516, abs=0.0005)


def test_the_checker_rejects_what_the_oracle_rejects_and_nothing_else(c101: Instance, best: Plan) -> None:
    """Two visits swapped or one moved, at random; every call at the depot, and some visits, left out in turn."""
    chance, oracle, verdicts = random.Random(101), Oracle(c101), Counter[bool]()  # noqa: S311 - a fixed seed
    plans = [_swapped(best, chance) for _ in range(40)] + [_moved(best, chance) for _ in range(80)]
    plans += [_without(best, request) for _, requests in best for request in requests if request < 40]
    for plan in plans:
        is_possible = oracle.takes(plan)
        assert (found_wrong(c101, plan) == []) is is_possible
        verdicts[is_possible] += 1
    assert verdicts[False] > 100
    assert verdicts[True] > 10


def _swapped(plan: Plan, chance: random.Random) -> Plan:
    changed = [(one, list(requests)) for one, requests in plan]
    places = [(n, m) for n, (_, requests) in enumerate(changed) for m, request in enumerate(requests) if request > 0]
    (a, b), (c, d) = chance.sample(places, 2)
    changed[a][1][b], changed[c][1][d] = changed[c][1][d], changed[a][1][b]
    return changed


def _moved(plan: Plan, chance: random.Random) -> Plan:
    request = chance.choice([request for _, requests in plan for request in requests if request > 0])
    changed = _without(plan, request)
    requests = chance.choice(changed)[1]
    requests.insert(chance.randrange(len(requests) + 1), request)
    return changed


def _without(plan: Plan, request: int) -> Plan:
    return [(one, [each for each in requests if each != request]) for one, requests in plan]


def test_what_is_wrong_is_named(c101: Instance, best: Plan) -> None:
    first = best[0][0]
    needs_a_skill_he_lacks = next(int(one.ext_id) for one in c101.visits if "skill 0" in one.skills)
    assert "skill" in found_wrong(c101, [(first, [needs_a_skill_he_lacks])])
    assert "late" in found_wrong(c101, [(one, requests[::-1]) for one, requests in best])
    assert "parts" in found_wrong(c101, _without(best, best[2][1][0]))


def test_a_visit_left_out_is_put_back_for_no_more_than_its_removal_saved(c101: Instance, best: Plan) -> None:
    oracle = Oracle(c101)
    distance = {one.name: (oracle.route(one.name, requests) or (math.nan,))[0] for one, requests in best}
    planned = {visit.key: visit for visit in c101.planned(best)}
    tried = 0
    for technician, requests in best:
        for request in (one for one in requests if one > 0):
            rest = oracle.route(technician.name, [one for one in requests if one != request])
            assert rest is not None
            orphan = replace(planned[key_of(request)], technicians=())
            answer = suggest(orphan.key, c101.picture([*planned.values(), orphan]))
            assert answer is not None
            cheapest = min(one.extra_drive for one in answer.can if one.extra_drive is not None)
            assert cheapest.total_seconds() / 60 <= distance[technician.name] - rest[0] + A_MOMENT
            tried += 1
    assert tried == 100


def test_on_the_toy_suggestions_are_those_that_enumeration_finds() -> None:
    """Random half-made plans: for every visit left, who can take it and the least extra drive of each."""
    toy, chance = instance(TOY), random.Random(8)  # noqa: S311 - a fixed seed
    oracle = Oracle(toy)
    tried = 0
    for _ in range(25):
        plan = _half_made(toy, chance, oracle)
        planned = toy.planned(plan)
        facts = toy.picture(planned)
        left = {int(one.ext_id) for one in toy.visits} - {request for _, requests in plan for request in requests}
        for request in sorted(left):
            answer = suggest(key_of(request), facts)
            assert answer is not None
            told = {one.technician.name: one.extra_drive.total_seconds() / 60 for one in answer.can if one.extra_drive}
            assert told == pytest.approx(_enumerated(plan, toy, request, oracle), abs=1e-4)
            tried += 1
    assert tried > 50


def _half_made(toy: Instance, chance: random.Random, oracle: Oracle) -> Plan:
    plan: Plan = [(one, []) for one in toy.technicians]
    for visit in chance.sample(list(toy.visits), chance.randrange(2, 7)):
        technician, requests = chance.choice(plan)
        if oracle.route(technician.name, [*requests, int(visit.ext_id)]):
            requests.append(int(visit.ext_id))
    return plan


def _enumerated(plan: Plan, toy: Instance, request: int, oracle: Oracle) -> dict[str, float]:
    found = {}
    for technician, requests in plan:
        before = oracle.route(technician.name, requests) or (0.0, 0.0)
        ways = [
            oracle.route(technician.name, [*requests[:at], request, *requests[at:]]) for at in range(len(requests) + 1)
        ]
        costs = [way[0] - before[0] for way in ways if way is not None]
        if costs:
            found[technician.name] = min(costs)
    return found


def best_of_the_toy(toy: Instance) -> float:
    """The least distance with which every request of the toy is served: every assignment, every order."""
    oracle = Oracle(toy)
    requests = [int(one.ext_id) for one in toy.visits]
    able: list[list[Technician]] = [
        [one for one in toy.technicians if _is_able(oracle, one, visit)] for visit in toy.visits
    ]
    shortest: dict[tuple[str, tuple[int, ...]], float] = {}
    found = math.inf
    for choice in itertools.product(*able):
        total = 0.0
        for technician in toy.technicians:
            mine = tuple(request for request, one in zip(requests, choice, strict=True) if one is technician)
            if (technician.name, mine) not in shortest:
                ways = (oracle.route(technician.name, order) for order in itertools.permutations(mine))
                distances = [way[0] for way in ways if way is not None]
                shortest[technician.name, mine] = min(distances, default=math.inf) if mine else 0.0
            total += shortest[technician.name, mine]
        found = min(found, total)
    return found


def _is_able(oracle: Oracle, technician: Technician, visit: Visit) -> bool:
    return set(visit.skills) <= oracle.skills[technician.name]
