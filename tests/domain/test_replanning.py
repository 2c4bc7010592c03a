"""Several visits planned anew at once: what moves and what does not, and the differences in words."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest

from dispatchwatch.domain.reassign.checker import problems, usual_of
from dispatchwatch.domain.reassign.joint import Puzzle, plans
from dispatchwatch.domain.reassign.replanning import DayPlan, Replan, Task, Wish, replans
from dispatchwatch.domain.reassign.workday import Workdays
from dispatchwatch.domain.rules import Facts
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.domain.visit import Status, Technician
from dispatchwatch.domain.wording.replanning import differences
from tests.domain.test_reassign import day, job, orphan, profile
from tests.domain.test_reassign_known_answers import C101, TOY, best_of_the_toy
from tests.domain.test_reassign_properties import drawn, made_up
from tests.fakes.office import LEE, ORTIZ, at, hours, key, minutes
from tests.fakes.technician_routing import instance, needs_instances
from tests.thorough import FACTOR

ABSENCE_MATTERS = (514, 852)
"""Days on which a visit comes to lie in an absence when another is taken out."""

NEW = Technician("P. New", "T-50")
THREE = (profile(ORTIZ), profile(LEE), profile(NEW, 60.0))


def planned(wish: Wish, facts: Facts, rounds: int = 40, seed: int = 1) -> Replan:
    """The best after so many rounds."""
    *_, last = told(wish, facts, rounds, seed)
    return last


def told(wish: Wish, facts: Facts, rounds: int = 40, seed: int = 1) -> Iterator[Replan]:
    return islice(replans(wish, facts, random.Random(seed).random), rounds)  # noqa: S311 - a fixed seed


def hands(replan: Replan) -> dict[str, str]:
    """Who has which visit in the end."""
    return {visit.visit.ext_id: one.technician.ext_id for one in replan.after for visit in one.visits}


def test_the_visits_of_somebody_who_is_ill_go_to_those_who_are_near() -> None:
    facts = day(
        job("J-2", ORTIZ, "09:00", 5),
        job("J-3", ORTIZ, "11:00", 55, window_end=at("11:30")),
        job("J-4", LEE, "13:00", 0),
        people=THREE,
    )
    found = planned(Wish(out=(ORTIZ,)), facts)
    assert hands(found) == {"J-2": "T-09", "J-3": "T-50", "J-4": "T-09"}
    assert found.unserved == ()
    assert differences(found, facts.visits) == (
        "Customer J-2, Site J-2 goes from J. Ortiz to M. Lee, who arrives 09:00.",
        "Customer J-3, Site J-3 goes from J. Ortiz to P. New, who arrives 11:00.",
        "All in all 1 h 30 min less is driven.",
    )


def test_before_is_the_day_as_it_stands_and_after_the_other() -> None:
    facts = day(job("J-2", ORTIZ, "09:00", 5), orphan("10:30", 30), people=THREE)
    found = planned(Wish(orphans=(key("J-1"),)), facts)
    before = {one.technician.ext_id: [visit.visit.ext_id for visit in one.visits] for one in found.before}
    after = {one.technician.ext_id: [visit.visit.ext_id for visit in one.visits] for one in found.after}
    assert before == {"T-07": ["J-2"], "T-09": [], "T-50": []}
    assert after == {"T-07": ["J-2", "J-1"], "T-09": [], "T-50": []}
    (mine,) = (visit for one in found.after for visit in one.visits if visit.visit == key("J-1"))
    assert (mine.start, mine.end, mine.late) == (at("10:30"), at("11:30"), minutes(0))


def test_together_they_are_placed_better_than_one_after_the_other() -> None:
    """Only Lee can do the second; were she given the first, which is nearer to her, nobody could."""
    people = (profile(ORTIZ, 40.0), profile(LEE, 0.0, skills=frozenset({"gas"})))
    facts = day(
        orphan("10:00", 10),
        replace(orphan("10:00", 10), ext_id="J-5", skills=("gas",)),
        people=people,
    )
    found = planned(Wish(orphans=(key("J-1"), key("J-5"))), facts)
    assert hands(found) == {"J-1": "T-07", "J-5": "T-09"}


def test_what_nobody_can_take_is_named_and_the_rest_is_planned() -> None:
    facts = day(orphan(), replace(orphan("11:30"), ext_id="J-5", skills=("gas",)))
    found = planned(Wish(orphans=(key("J-1"), key("J-5"))), facts)
    assert found.unserved == (key("J-5"),)
    assert "Nobody was found for Acme Foundry, Plant 4." in differences(found, facts.visits)
    assert "J-1" in hands(found)


def test_what_has_begun_or_is_fixed_stays_even_with_somebody_who_is_ill() -> None:
    facts = day(
        job("J-2", ORTIZ, "08:00", 5, status=Status.EN_ROUTE, en_route_at=at("07:50")),
        job("J-3", ORTIZ, "10:00", 5, locked=True),
        job("J-4", ORTIZ, "12:00", 5, technicians=(ORTIZ, LEE)),
        job("J-5", ORTIZ, "14:00", 5),
        people=THREE,
    )
    assert hands(planned(Wish(out=(ORTIZ,)), facts)) == {"J-2": "T-07", "J-3": "T-07", "J-4": "T-09", "J-5": "T-09"}
    allowed = planned(Wish(out=(ORTIZ,), moves_locked=True), facts)
    assert hands(allowed)["J-3"] == "T-09"
    assert hands(allowed)["J-2"] == "T-07"


def test_how_late_somebody_who_is_ill_would_have_been_is_no_measure_for_others() -> None:
    """Ortiz would be two hours late; Lee, who could be there an hour late, is not asked to be."""
    at_work = {"status": Status.IN_PROGRESS, "started_at": at("07:00")}
    late = job("J-3", ORTIZ, "10:00", 0)
    facts = day(
        late,
        job("J-2", ORTIZ, "07:00", 0, sched_end=at("12:00"), **at_work),
        job("J-4", LEE, "07:00", 0, sched_end=at("11:00"), **at_work),
    )
    assert planned(Wish(out=(ORTIZ,)), facts).unserved == (key("J-3"),)
    in_time = replace(facts.visits[key("J-3")], visit=replace(late, window_end=at("10:55")))
    assert planned(Wish(out=(ORTIZ,)), replace(facts, visits={**facts.visits, key("J-3"): in_time})).unserved == ()


def test_others_keep_their_visits_unless_they_may_be_moved() -> None:
    """Lee's visit is right at New's door, and the orphan at hers."""
    facts = day(
        job("J-4", LEE, "10:00", 60),
        orphan("10:00", 0, skills=("gas",)),
        people=(profile(LEE, skills=frozenset({"gas"})), profile(NEW, 60.0)),
    )
    kept = planned(Wish(orphans=(key("J-1"),)), facts)
    assert (hands(kept), kept.unserved) == ({"J-4": "T-09"}, (key("J-1"),))
    moved = planned(Wish(orphans=(key("J-1"),), moves_others=True), facts)
    assert (hands(moved), moved.unserved) == ({"J-4": "T-50", "J-1": "T-09"}, ())


def test_a_technician_gets_no_more_visits_than_he_takes_a_day() -> None:
    people = (profile(LEE, most_visits=2), profile(NEW, 100.0))
    over = job("J-9", LEE, "07:00", 0, status=Status.COMPLETED, started_at=at("07:00"), completed_at=at("07:20"))
    orphans = [replace(orphan(f"{hour}:00", 10), ext_id=f"J-{hour}") for hour in (10, 12, 14)]
    found = planned(Wish(orphans=tuple(one.key for one in orphans)), day(over, *orphans, people=people))
    assert Counter(hands(found).values()) == {"T-09": 1, "T-50": 2}


def test_each_plan_is_better_than_the_one_before_and_the_same_object_while_it_is_the_best() -> None:
    facts, visits, _ = made_up(3)
    wish = Wish(out=(visits[-1].technicians[0],), orphans=(key("J-0"),), moves_others=True)
    found = list(told(wish, facts, 60))
    different = list(dict.fromkeys(map(id, found)))
    assert 1 < len(different) < 60
    served = [-len(one.unserved) for one in found]
    assert served == sorted(served)
    assert [one.rounds for one in found] == sorted(one.rounds for one in found)


def test_the_first_plan_is_the_day_with_nobody_for_what_is_to_be_planned() -> None:
    facts = day(job("J-2", ORTIZ, "09:00", 5), people=THREE)
    first = next(told(Wish(out=(ORTIZ,)), facts))
    assert (first.unserved, hands(first)) == ((key("J-2"),), {})
    assert differences(first, facts.visits)[0] == "Nobody was found for Customer J-2, Site J-2."


def test_visits_of_a_later_day_are_planned_on_that_day() -> None:
    tomorrow = at("2026-11-11 10:00")
    facts = day(replace(orphan(), sched_start=tomorrow, sched_end=tomorrow + hours(1)))
    found = planned(Wish(orphans=(key("J-1"),)), facts)
    assert [visit.start for one in found.after for visit in one.visits] == [tomorrow]


@pytest.mark.parametrize("seed", [*range(25 * FACTOR), *ABSENCE_MATTERS])
def test_every_plan_passes_the_checker_and_moves_nothing_that_has_begun(seed: int) -> None:
    facts, visits, people = made_up(seed)
    chance = random.Random(seed)  # noqa: S311 - a fixed seed
    out = Technician(people[seed % 8].name, people[seed % 8].ext_id)
    wish = Wish(out=(out,), orphans=(key("J-0"),), moves_others=seed % 2 == 0)
    replan = planned(wish, facts, 25, seed)
    before, after = (_by_visit(days) for days in (replan.before, replan.after))
    for visit in visits:
        fixed = visit.locked or len(visit.technicians) > 1 or visit.status is Status.EN_ROUTE
        is_others = not wish.moves_others and before.get(visit.key) != out.ext_id
        if visit.key in before and (fixed or is_others):
            assert after[visit.key] == before[visit.key]
    assert set(after) | set(replan.unserved) >= set(before)
    assert _newly_wrong(wish, facts, seed) == []
    shuffled = drawn(chance.sample(visits, len(visits)), chance.sample(people, len(people)))
    assert planned(wish, shuffled, 25, seed) == replan


def _by_visit(days: tuple[DayPlan, ...]) -> dict[object, str]:
    return {visit.visit: one.technician.ext_id for one in days for visit in one.visits}


def _newly_wrong(wish: Wish, facts: Facts, seed: int) -> list[object]:
    """What the checker finds in the plan, and did not find in the day before."""
    task = Task(wish, facts)
    visits = {one: watched.visit for one, watched in facts.visits.items()}
    chance = random.Random(seed).random  # noqa: S311 - a fixed seed
    *_, last = islice(plans(task.routes, task.waiting, task.puzzle, chance), 25)
    elsewhere = {each: at_ for one in task.days for each, at_ in usual_of(one.route).items()}
    wrong: list[object] = []
    for one, route in zip(task.days, last.routes, strict=True):
        found = Counter(problems(replace(one, route=route), visits, task.figures, one.route, elsewhere))
        wrong += list((found - Counter(problems(one, visits, task.figures, one.route))).elements())
    return wrong


@needs_instances
def test_on_the_toy_the_plan_from_nothing_is_the_best_that_enumeration_finds() -> None:
    toy = instance(TOY)
    facts = toy.picture()
    found = planned(Wish(orphans=tuple(one.key for one in toy.visits)), facts, 60)
    assert found.unserved == ()
    assert found.drive.total_seconds() / 60 == pytest.approx(best_of_the_toy(toy), abs=1e-3)


@needs_instances
def test_whoever_has_the_fewest_ways_is_placed_first() -> None:
    """So that all hundred are served at the first try; the cheapest first would leave some to nobody."""
    told_ = instance(C101)
    first_try = planned(Wish(orphans=tuple(one.key for one in told_.visits)), told_.picture(), 2)
    assert first_try.unserved == ()


def test_a_puzzle_without_anything_to_move_stays_as_it_is() -> None:
    facts = day(job("J-2", ORTIZ, "09:00", 5), people=(Profile(ext_id="T-07", name="J. Ortiz"),))
    assert Roster.of(()).profiles == {}
    workdays = Workdays(facts, facts.now)
    routes = [one.route for one in workdays.all()]
    puzzle = Puzzle({}, workdays.figures.drives, workdays.figures.costs)
    costs = {plan.cost for plan in islice(plans(routes, [], puzzle, lambda: 0.5), 10)}
    assert costs == {routes[0].cost(workdays.figures.costs)}
