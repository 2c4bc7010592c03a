"""What holds of every suggestion, on days made up at random, by the checker, which shares no shortcut with them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta

import pytest

from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.reassign import obstacles
from dispatchwatch.domain.reassign.answer import Answer, Suggestion
from dispatchwatch.domain.reassign.checker import problems
from dispatchwatch.domain.reassign.route import Route, Stop, timed
from dispatchwatch.domain.reassign.settings import Reassigning
from dispatchwatch.domain.reassign.suggesting import suggest
from dispatchwatch.domain.reassign.workday import Workday, Workdays
from dispatchwatch.domain.rules import Facts
from dispatchwatch.domain.technician import Absence, Profile, Roster
from dispatchwatch.domain.visit import Customer, Status, Technician, Visit, VisitKey
from tests.fakes.drives import Drives, site
from tests.fakes.office import CHICAGO, FEED, at, hours, key, minutes
from tests.fakes.picture import picture
from tests.thorough import FACTOR

SEEDS = range(60 * FACTOR)
ORPHAN = key("J-0")
SKILLS = ("gas", "dryer:2", "electrical")


def somebody(number: int, chance: random.Random) -> Profile:
    opens = chance.choice((7, 8, 9))
    away = (Absence(at("12:00"), at("13:00"), "dentist"),) if chance.random() < 0.2 else ()
    return Profile(
        ext_id=f"T-{number:02d}",
        name=f"Technician {number:02d}",
        home=None if chance.random() < 0.1 else (0.0, chance.uniform(0, 60)),
        shift=OfficeHours(CHICAGO, {1: (time(opens), time(opens + chance.choice((6, 8, 9))))}),
        skills=frozenset(chance.sample(SKILLS, chance.randrange(4))),
        overtime=minutes(chance.choice((0, 0, 30))),
        parts=("belt",) if chance.random() < 0.3 else None,
        absences=away,
    )


def work(number: int, crew: tuple[Technician, ...], start_in: float, chance: random.Random) -> Visit:
    start = at("07:30") + minutes(start_in)
    has_window = chance.random() < 0.4
    return Visit(
        feed=FEED,
        ext_id=f"J-{number}",
        priority=chance.choice(("1", "2", "3", "4")),
        technicians=crew,
        customer=Customer(f"Customer {number}"),
        site=site(f"Site {number}", None if chance.random() < 0.08 else chance.uniform(0, 60)),
        sched_start=start,
        sched_end=start + minutes(chance.choice((20, 40, 60, 90))),
        window_start=start - minutes(30) if has_window else None,
        window_end=start + minutes(chance.choice((15, 60, 120))) if has_window else None,
        skills=(chance.choice(SKILLS),) if chance.random() < 0.25 else (),
        parts=("belt",) if chance.random() < 0.2 else (),
        locked=chance.random() < 0.1,
        anytime=False,
    )


def under_way(visit: Visit, chance: random.Random) -> Visit:
    begun = visit.sched_start
    assert begun is not None
    if chance.random() < 0.5:
        return replace(visit, status=Status.EN_ROUTE, en_route_at=begun - minutes(10), locked=False)
    return replace(visit, status=Status.IN_PROGRESS, started_at=begun, locked=False)


def made_up(seed: int) -> tuple[Facts, list[Visit], list[Profile]]:
    """A day of eight technicians as of eight in the morning, with one visit that nobody has."""
    chance = random.Random(seed)  # noqa: S311 - a fixed seed
    people = [somebody(number, chance) for number in range(8)]
    told = [replace(work(0, (), chance.uniform(60, 420), chance), locked=False)]
    for one in people:
        start = chance.uniform(0, 60)
        for number in range(chance.randrange(6)):
            crew: tuple[Technician, ...] = (Technician(one.name, one.ext_id),)
            if chance.random() < 0.05:
                crew = (*crew, Technician("Apprentice", "T-99"))
            made = work(len(told), crew, start, chance)
            told.append(under_way(made, chance) if number == 0 and chance.random() < 0.5 else made)
            start += chance.uniform(50, 140)
    return drawn(told, people), told, people


def drawn(told: list[Visit], people: list[Profile]) -> Facts:
    facts = picture(at("08:00"), *told, travel=Drives(), roster=Roster.of(people))
    return replace(facts, reassigning=Reassigning())


def answered(facts: Facts) -> Answer:
    answer = suggest(ORPHAN, facts)
    assert answer is not None
    return answer


def ways(route: Route, stop: Stop, workdays: Workdays) -> Iterator[Route]:
    """Every day that comes of putting a stop somewhere after what has begun."""
    for at_ in range(min(route.line.fixed, len(route.stops)), len(route.stops) + 1):
        yield timed(route.line, (*route.stops[:at_], stop, *route.stops[at_:]), workdays.figures.drives)


def is_wrong(day: Workday, after: Route, facts: Facts, workdays: Workdays) -> bool:
    """Whether the checker finds something that was not wrong before."""
    visits = {one: watched.visit for one, watched in facts.visits.items()}
    found = Counter(problems(replace(day, route=after), visits, workdays.figures, day.route))
    return bool(found - Counter(problems(day, visits, workdays.figures, day.route)))


def chosen(found: Suggestion, day: Workday, stop: Stop, workdays: Workdays) -> Route:
    """The day after a suggestion was followed."""
    keys = [one.keys[-1] for one in day.route.stops]
    place = keys.index(found.after) + 1 if found.after else 0
    stops = (*day.route.stops[:place], stop, *day.route.stops[place:])
    return timed(day.route.line, stops, workdays.figures.drives)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_suggestion_makes_nobody_later_than_the_tolerance_and_moves_nothing_that_is_fixed(seed: int) -> None:
    facts, _, _ = made_up(seed)
    workdays, orphan = Workdays(facts, facts.now), facts.visits[ORPHAN]
    stop = workdays.figures.stop_of(orphan, facts.reassigning.tolerance)
    for found in answered(facts).can:
        day = workdays.of(found.technician)
        assert day is not None
        after = chosen(found, day, stop, workdays)
        assert not is_wrong(day, after, facts, workdays)
        arrivals = {each: arrival for one, arrival in after.timetable() for each in one.keys}
        before = {each: arrival for one, arrival in day.route.timetable() for each in one.keys}
        assert workdays.figures.instant(arrivals[ORPHAN]) == found.arrival
        assert found.late <= facts.reassigning.tolerance
        for each, arrival in before.items():
            visit = facts.visits[each].visit
            later = arrivals[each] - arrival
            promise = visit.promise
            assert promise is not None
            late = workdays.figures.instant(arrivals[each]) - promise
            assert later <= 0.01 or late <= facts.reassigning.tolerance + timedelta(milliseconds=1)
            if visit.locked or len(visit.technicians) > 1 or visit.status is Status.EN_ROUTE:
                assert later <= 0.01
        told = {one.visit: one.by.total_seconds() for one in found.delays}
        assert told == pytest.approx(
            {each: arrivals[each] - at_ for each, at_ in before.items() if arrivals[each] - at_ >= 60}
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_is_said_to_be_unable_is_wherever_it_is_put(seed: int) -> None:
    """Unless a reason stands that has nothing to do with the time, the checker finds fault with every place."""
    facts, _, _ = made_up(seed)
    workdays, orphan = Workdays(facts, facts.now), facts.visits[ORPHAN]
    stop = workdays.figures.stop_of(orphan, facts.reassigning.tolerance)
    for found in answered(facts).cannot:
        day = workdays.of(found.technician)
        assert day is not None
        assert found.refusal is not None
        if not list(obstacles.of_technician(day, orphan.visit, stop)):
            assert all(is_wrong(day, after, facts, workdays) for after in ways(day.route, stop, workdays))


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_is_there_once_and_the_order_of_the_input_says_nothing(seed: int) -> None:
    facts, told, people = made_up(seed)
    answer = answered(facts)
    names = Counter(one.technician.identity for one in (*answer.can, *answer.cannot))
    crews = {one.identity for visit in told for one in visit.technicians}
    assert names == Counter(dict.fromkeys({one.ext_id for one in people} | crews, 1))
    chance = random.Random(seed)  # noqa: S311 - a fixed seed
    assert answered(drawn(chance.sample(told, len(told)), chance.sample(people, len(people)))) == answer


def test_the_days_made_up_are_of_every_kind() -> None:
    answers = [answered(made_up(seed)[0]) for seed in SEEDS]
    refusals = Counter(one.refusal.obstacle for answer in answers for one in answer.cannot if one.refusal)
    assert sum(len(answer.can) for answer in answers) > 100
    assert len(refusals) >= 5
    assert any(answer.relaxed for answer in answers)


def test_a_relaxed_suggestion_stays_within_what_it_asks_for() -> None:
    """Never more overtime or lateness of others than the office allows to ask for."""
    for seed in SEEDS:
        facts, _, _ = made_up(seed)
        settings = facts.reassigning
        for found in answered(facts).relaxed:
            assert found.relaxed is not None
            assert found.relaxed.steps
            assert found.overtime <= settings.overtime + hours(0.5)
            assert all(
                one.late <= settings.later or one.by <= minutes(1) or _was_late(one.visit, facts)
                for one in found.delays
            )


def _was_late(visit: VisitKey, facts: Facts) -> bool:
    watched = facts.visits[visit]
    return watched.visit.promise is not None and watched.visit.promise < facts.now
