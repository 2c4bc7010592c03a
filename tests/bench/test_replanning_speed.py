"""A hundred visits planned from nothing: how many are left and how far is driven after one second, or ten.

PyVRP, where it is installed (it is no part of the project), is given the same instance and the same time: homes,
skills, tools, parts and windows, and no calls at the depot.
"""

from __future__ import annotations

import importlib.util
import math
import random
from time import perf_counter
from typing import Any

import pytest

from dispatchwatch.domain.reassign.replanning import Replan, Wish, replans
from dispatchwatch.domain.visit import Visit
from tests.fakes.technician_routing import MIDNIGHT, Instance, instance, needs_instances

pytestmark = needs_instances
C101 = "TRSP-C101.100_25-5-5-5.txt"
SECONDS = (1.0, 10.0)
UNITS = 1000
TOO_LONG = 1300 * UNITS


def ours(told: Instance, seconds: float, seed: int) -> tuple[Replan, Replan]:
    """The first plan that serves anybody, and the best when the time is up."""
    facts = told.picture()
    wish = Wish(orphans=tuple(one.key for one in told.visits))
    started = perf_counter()
    plans: list[Replan] = []
    for plan in replans(wish, facts, random.Random(seed).random):  # noqa: S311 - a fixed seed
        plans = [*plans[:2], plan]
        if perf_counter() - started > seconds:
            break
    return plans[1], plans[-1]


def distance(plan: Replan) -> float:
    return plan.drive.total_seconds() / 60


@pytest.mark.parametrize("seconds", SECONDS)
def test_a_hundred_visits_are_planned_from_nothing(seconds: float) -> None:
    told = instance(C101)
    first, best = ours(told, seconds, 1)
    print(f"\nafter {seconds:g} s: {len(best.unserved)} unserved, distance {distance(best):.1f}, {best.rounds} rounds")
    print(f"at once: {len(first.unserved)} unserved, distance {distance(first):.1f}")
    assert best.unserved == ()
    assert distance(best) < 0.9 * distance(first)


@pytest.mark.skipif(importlib.util.find_spec("pyvrp") is None, reason="PyVRP is not installed, and need not be")
@pytest.mark.parametrize("seconds", SECONDS)
def test_beside_pyvrp(seconds: float) -> None:
    told = instance(C101)
    _, best = ours(told, seconds, 1)
    left, driven = theirs(told, seconds)
    print(
        f"\nafter {seconds:g} s: PyVRP {left} unserved, {driven:.1f}; ours {len(best.unserved)}, {distance(best):.1f}"
    )
    print(f"ratio {distance(best) / driven:.3f}")
    assert (len(best.unserved), distance(best)) < (left + 1, driven * 1.1)


def theirs(told: Instance, seconds: float) -> tuple[int, float]:
    """Requests that PyVRP leaves out, and the distance it drives."""
    from pyvrp import Model  # type: ignore[import-not-found, unused-ignore]
    from pyvrp.stop import MaxRuntime  # type: ignore[import-not-found, unused-ignore]

    model: Any = Model()
    people = sorted({one.ext_id: one for one in told.roster.profiles.values()}.values(), key=lambda one: one.ext_id)
    spots = [one.home or (0.0, 0.0) for one in people] + [_spot(one) for one in told.visits]
    places = [model.add_location(int(x * UNITS), int(y * UNITS)) for x, y in spots]
    parts = sorted({_part(text)[0] for one in told.visits for text in one.parts if not text.startswith("tool")})
    for visit, place in zip(told.visits, places[len(people) :], strict=True):
        needed = dict(map(_part, visit.parts))
        model.add_client(
            place,
            delivery=[needed.get(part, 0) for part in parts],
            service_duration=_units(visit.duration),
            tw_early=_units(_since_midnight(visit.window_start)),
            tw_late=_units(_since_midnight(visit.window_end)),
            prize=10**6,
            required=False,
        )
    for here, start in zip(spots, places, strict=True):
        for there, end in zip(spots, places, strict=True):
            length = round(math.dist(here, there) * UNITS)
            model.add_edge(start, end, distance=length, duration=length)
    for number, one in enumerate(people):
        depot, profile = model.add_depot(places[number], tw_late=1236 * UNITS), model.add_profile()
        stock = dict(map(_part, one.parts or ()))
        for visit, place in zip(told.visits, places[len(people) :], strict=True):
            tools = {text for text in visit.parts if text.startswith("tool")}
            if not set(visit.skills) <= one.skills or not tools <= stock.keys():
                for start in places:
                    if start is not place:
                        model.add_edge(start, place, distance=500 * UNITS, duration=TOO_LONG, profile=profile)
        capacity = [stock.get(part, 0) for part in parts]
        model.add_vehicle_type(
            1, capacity=capacity, start_depot=depot, end_depot=depot, tw_late=1236 * UNITS, profile=profile
        )
    best = model.solve(stop=MaxRuntime(seconds), seed=1, display=False).best
    return len(told.visits) - best.num_clients(), best.distance() / UNITS


def _spot(visit: Visit) -> tuple[float, float]:
    return visit.site.latitude or 0.0, visit.site.longitude or 0.0


def _since_midnight(instant: Any) -> Any:
    return instant - MIDNIGHT


def _units(length: Any) -> int:
    units: int = round(length.total_seconds() / 60 * UNITS)
    return units


def _part(text: str) -> tuple[str, int]:
    count, cross, name = text.partition(" x ")
    return (name, int(count)) if cross else (text, 1)
