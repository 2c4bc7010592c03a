"""Who can take a visit over: obstacles in their order, arrivals and knock-on, what is known of unknown places."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any

import pytest

from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.prediction import forecast
from dispatchwatch.domain.reassign.answer import Answer, Obstacle, Relaxing, Suggestion
from dispatchwatch.domain.reassign.settings import Reassigning
from dispatchwatch.domain.reassign.suggesting import suggest, weigh
from dispatchwatch.domain.reassign.workday import Workdays
from dispatchwatch.domain.rules import Facts
from dispatchwatch.domain.technician import Absence, Profile, Roster
from dispatchwatch.domain.visit import Customer, Status, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.reassign import asks_for, plain_facts, spares, why_not
from tests.fakes.drives import Drives, site
from tests.fakes.office import CHICAGO, LEE, ORTIZ, at, hours, key, minutes, visit
from tests.fakes.picture import picture

DAYS_7_TO_17 = OfficeHours(CHICAGO, dict.fromkeys(range(7), (time(7), time(17))))
NOW = at("08:00")


def profile(technician: Technician, home: float | None = 0.0, **more: Any) -> Profile:
    place = None if home is None else (0.0, home)
    shift = more.pop("shift", DAYS_7_TO_17)
    return Profile(ext_id=technician.ext_id, name=technician.name, home=place, shift=shift, **more)


def day(*told: Visit | Watched, now: datetime = NOW, people: tuple[Profile, ...] = (), **settings: Any) -> Facts:
    """The two of the office at home, an hour's drive of road between nothing; more people where they are given."""
    roster = Roster.of(people or (profile(ORTIZ), profile(LEE)))
    facts = picture(now, *told, travel=Drives(), roster=roster)
    return replace(facts, reassigning=Reassigning(**settings))


def orphan(start: str = "10:00", minute: float | None = 30, **more: Any) -> Visit:
    """An hour of work that nobody has, so many minutes down the road."""
    begins = at(start)
    told = {"technicians": (), "sched_end": begins + hours(1), "site": site("Plant 4", minute), **more}
    return visit("J-1", start=begins, **told)


def job(ext_id: str, who: Technician, start: str, minute: float | None = 20, **more: Any) -> Visit:
    begins = at(start)
    told = {
        "technicians": (who,),
        "customer": Customer(f"Customer {ext_id}"),
        "sched_end": begins + hours(1),
        "site": site(f"Site {ext_id}", minute),
        **more,
    }
    return visit(ext_id, start=begins, **told)


def ask(facts: Facts, ext_id: str = "J-1") -> Answer:
    answer = suggest(key(ext_id), facts)
    assert answer is not None
    return answer


def of(who: Technician, answer: Answer) -> Suggestion:
    (found,) = (one for one in (*answer.can, *answer.cannot) if one.technician.ext_id == who.ext_id)
    return found


def obstacle(who: Technician, facts: Facts) -> Obstacle | None:
    refusal = of(who, ask(facts)).refusal
    return refusal.obstacle if refusal else None


def reason(who: Technician, facts: Facts) -> str:
    found = of(who, ask(facts))
    assert found.refusal is not None
    return why_not(found.refusal, found, facts.visits[key("J-1")].visit, facts.visits)


def test_everybody_is_either_ranked_or_explained() -> None:
    facts = day(orphan(), job("J-2", ORTIZ, "08:30"), people=(profile(ORTIZ), profile(LEE, skills=frozenset({"gas"}))))
    answer = ask(facts)
    assert sorted(one.technician.ext_id for one in (*answer.can, *answer.cannot)) == ["T-07", "T-09"]
    assert all(one.feasible for one in answer.can)
    assert all(one.refusal for one in answer.cannot)


def test_somebody_who_is_only_in_the_schedule_is_asked_too() -> None:
    new = Technician("P. New", "T-50")
    answer = ask(day(orphan(), job("J-2", new, "13:00")))
    assert {one.technician.ext_id for one in answer.can} == {"T-07", "T-09", "T-50"}


def test_one_person_whom_feeds_call_by_id_and_by_name_has_one_day() -> None:
    by_name = Technician("j. ortiz")
    facts = day(orphan("10:00"), job("J-2", ORTIZ, "13:00"), job("J-3", by_name, "10:00", 60))
    found = of(ORTIZ, ask(facts))
    assert found.refusal is not None
    assert len([one for one in (*ask(facts).can, *ask(facts).cannot)]) == 2


def test_a_free_technician_is_there_in_time_and_delays_nobody() -> None:
    found = of(LEE, ask(day(orphan())))
    assert found.feasible
    assert (found.arrival, found.late, found.extra_drive, found.delays) == (at("10:00"), minutes(0), minutes(60), ())


def test_who_is_held_up_and_for_how_long() -> None:
    """Lee is ten minutes from both; an hour's work in between makes her twelve minutes later at the next."""
    later = job("J-2", LEE, "11:00", 42, window_end=at("11:30"))
    found = of(LEE, ask(day(orphan("10:00"), later)))
    assert found.feasible
    assert [(one.visit.ext_id, one.by, one.late) for one in found.delays] == [("J-2", minutes(12), minutes(0))]
    facts = day(orphan("10:00"), later)
    assert plain_facts(found, facts.visits[key("J-1")].visit, facts.visits) == (
        "arrives 10:00",
        "in time",
        "no extra driving",
        "delays Customer J-2, Site J-2 by 12 min",
    )


def test_less_than_a_minute_is_no_delay() -> None:
    later = job("J-2", LEE, "11:00", 30, window_end=at("11:30"))
    for end, expected in (("11:00:59", []), ("11:01:00", [minutes(1)])):
        found = of(LEE, ask(day(orphan("10:00", 30, sched_end=at(end)), later)))
        assert [one.by for one in found.delays] == expected


def test_what_has_begun_stays_first() -> None:
    """Ortiz is on his way: whatever he takes over comes after it."""
    going = job("J-2", ORTIZ, "08:00", 60, status=Status.EN_ROUTE, en_route_at=at("07:50"))
    found = of(ORTIZ, ask(day(orphan("12:00", 10), going)))
    assert found.after == key("J-2")
    announced = replace(going, eta=at("11:00"))
    found = of(ORTIZ, ask(day(orphan("08:10", 5, sched_end=at("08:20"), window_end=at("16:00")), announced)))
    assert (found.after, found.arrival) == (key("J-2"), at("12:55"))
    working = job("J-2", ORTIZ, "07:30", 60, status=Status.IN_PROGRESS, started_at=at("07:30"))
    found = of(ORTIZ, ask(day(orphan("08:00", 60, window_end=at("12:00")), working)))
    assert found.arrival == at("08:30")


@pytest.mark.parametrize(
    ("who", "needed", "expected"),
    [
        ({}, {"skills": ("gas",)}, Obstacle.SKILL),
        ({"skills": frozenset({"gas"})}, {"skills": ("GAS:2",)}, Obstacle.SKILL_LEVEL),
        ({"skills": frozenset({"Gas:2"})}, {"skills": ("gas:2",)}, None),
        ({"shift": OfficeHours(CHICAGO, {5: (time(7), time(17))})}, {}, Obstacle.OFF),
        ({"absences": (Absence(at("07:00"), at("18:00"), "ill"),)}, {}, Obstacle.ABSENT),
        ({"absences": (Absence(at("09:00"), at("10:30")),)}, {}, Obstacle.ABSENT),
        ({"absences": (Absence(at("10:30"), at("12:00")),)}, {}, Obstacle.AWAY),
        ({"parts": ()}, {"parts": ("belt",)}, Obstacle.PARTS),
        ({"parts": ("belt",)}, {"parts": ("2 x belt",)}, Obstacle.PARTS),
        ({"parts": ("3 x Belt",)}, {"parts": ("2 x belt",)}, None),
        ({"parts": None}, {"parts": ("belt",)}, None),
        ({"excluded": frozenset({"ACME Foundry"})}, {}, Obstacle.CUSTOMER),
        ({"radius_km": 1000.0}, {}, Obstacle.RADIUS),
        ({"radius_km": 5000.0}, {}, None),
        ({"most_visits": 1}, {}, Obstacle.FULL),
        ({"most_visits": 2}, {}, None),
        ({"shift": OfficeHours(CHICAGO, {1: (time(7), time(11))})}, {}, Obstacle.SHIFT_END),
        ({"shift": OfficeHours(CHICAGO, {1: (time(7), time(11))}), "overtime": minutes(30)}, {}, None),
        ({"home": 150.0}, {}, None),
    ],
)  # fmt: skip
def test_obstacles(who: dict[str, Any], needed: dict[str, Any], expected: Obstacle | None) -> None:
    """Lee has one visit in the morning, right at home; the tenth of November 2026 is a Tuesday."""
    home = who.get("home", 0.0)
    others = {name: value for name, value in who.items() if name != "home"}
    mine = job("J-2", LEE, "08:00", home, sched_end=at("08:10"))
    facts = day(orphan(**needed), mine, people=(profile(ORTIZ), profile(LEE, home, **others)))
    assert obstacle(LEE, facts) is expected


def test_the_first_obstacle_is_told_in_the_stated_order() -> None:
    lacking: dict[str, Any] = {"parts": (), "excluded": frozenset({"Acme Foundry"}), "radius_km": 1.0, "most_visits": 0}
    absent = (Absence(at("07:00"), at("18:00")),)
    facts = day(
        orphan(skills=("gas",), parts=("belt",)), people=(profile(ORTIZ), profile(LEE, absences=absent, **lacking))
    )
    found: list[Obstacle | None] = []
    cures: tuple[dict[str, Any], ...] = (
        {"skills": frozenset({"gas"})},
        {"absences": ()},
        {"parts": ("belt",)},
        {"excluded": frozenset()},
        {"radius_km": None},
        {"most_visits": None},
    )
    for cure in cures:
        found.append(obstacle(LEE, facts))
        lee = facts.roster.profiles["T-09"]
        facts = replace(facts, roster=Roster.of((profile(ORTIZ), replace(lee, **cure))))
    assert found == [
        Obstacle.SKILL, Obstacle.ABSENT, Obstacle.PARTS, Obstacle.CUSTOMER, Obstacle.RADIUS, Obstacle.FULL
    ]  # fmt: skip
    assert found == sorted(found, key=[None, *Obstacle].index)
    assert obstacle(LEE, facts) is None


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"status": Status.COMPLETED, "completed_at": at("07:50")}, Obstacle.OVER),
        ({"status": Status.CANCELLED}, Obstacle.OVER),
        ({"status": Status.IN_PROGRESS, "started_at": at("07:50")}, Obstacle.STARTED),
        ({"locked": True}, Obstacle.LOCKED),
        ({"technicians": (ORTIZ, Technician("P. New", "T-50"))}, Obstacle.CREW),
    ],
)
def test_a_visit_that_nobody_can_take_over_says_so_for_everybody(more: dict[str, Any], expected: Obstacle) -> None:
    answer = ask(day(orphan(**{"technicians": (ORTIZ,), **more})))
    assert not answer.can
    assert not answer.relaxed
    assert {one.refusal.obstacle for one in answer.cannot if one.refusal} == {expected}


def test_an_en_route_visit_may_go_to_somebody_who_is_nearer() -> None:
    going = orphan("08:10", 60, technicians=(ORTIZ,), status=Status.EN_ROUTE, en_route_at=at("07:55"))
    answer = ask(day(going, people=(profile(ORTIZ), profile(LEE, 55))))
    assert [one.technician.ext_id for one in answer.can] == ["T-09"]
    assert of(ORTIZ, answer).refusal == (Obstacle.HIS_OWN, "", minutes(0), None, None)


def test_a_visit_that_is_fixed_is_never_held_up() -> None:
    for fixed in (
        job("J-2", LEE, "11:05", 30, locked=True),
        job("J-2", LEE, "11:05", 30, technicians=(LEE, Technician("P. New", "T-50"))),
    ):
        assert obstacle(LEE, day(orphan("10:00"), fixed)) is None
        late = replace(fixed, sched_start=at("10:55"), sched_end=at("11:55"), window_end=at("13:00"))
        assert obstacle(LEE, day(orphan("10:00"), late)) is Obstacle.HOLDS_UP_LOCKED


def test_others_may_become_late_by_the_tolerance_and_no_more() -> None:
    later = job("J-2", LEE, "10:50", 30)
    assert obstacle(LEE, day(orphan("10:00"), later)) is None
    assert obstacle(LEE, day(orphan("10:00"), later, tolerance=minutes(9))) is Obstacle.HOLDS_UP
    sooner = replace(later, sched_start=at("10:49"))
    assert obstacle(LEE, day(orphan("10:00"), sooner)) is Obstacle.HOLDS_UP
    assert reason(LEE, day(orphan("10:00"), sooner)) == "M. Lee would be 11 min late at Customer J-2, Site J-2."


def test_what_is_late_already_may_stay_as_late_but_not_become_later() -> None:
    """She is an hour late at J-2 anyway. There is room after it, none before it."""
    busy = job("J-3", LEE, "07:30", 0, status=Status.IN_PROGRESS, started_at=at("07:30"), sched_end=at("09:30"))
    late = job("J-2", LEE, "09:00", 30, sched_end=at("09:30"))
    found = of(LEE, ask(day(orphan("10:30", 30), busy, late)))
    assert (found.feasible, found.after, found.arrival) == (True, key("J-2"), at("10:30"))
    assert obstacle(LEE, day(orphan("09:50", 15, sched_end=at("10:00")), busy, late)) is Obstacle.HOLDS_UP


def test_the_day_as_it_is_planned_is_the_one_that_is_predicted() -> None:
    told = (
        job("J-2", LEE, "07:30", 15, status=Status.IN_PROGRESS, started_at=at("07:40")),
        job("J-3", LEE, "08:30", 40, window_end=at("09:00")),
        job("J-4", LEE, "11:00", 20, eta=at("11:20")),
        job("J-5", LEE, "00:00", 90, anytime=True),
        job("J-6", ORTIZ, "08:05", 30, status=Status.EN_ROUTE, en_route_at=at("07:50")),
        job("J-7", ORTIZ, "08:40", 50, order_ref="W-1"),
        job("J-8", ORTIZ, "08:40", 50, order_ref="W-1", sched_end=at("10:40")),
        job("J-9", ORTIZ, "09:00", 70),
    )
    facts = day(*told)
    for who in (LEE, ORTIZ):
        workdays = Workdays(facts, NOW)
        workday = workdays.of(who)
        assert workday is not None
        planned = {each: arrival for stop, arrival in workday.route.timetable() for each in stop.keys}
        predicted = forecast(facts.day_of(who.ext_id), who, facts.standards, NOW).predictions
        assert {each: workdays.figures.instant(arrival) for each, arrival in planned.items()} == {
            one.key: one.expected for one in predicted
        }


def test_taking_it_from_somebody_saves_him_the_drive_and_the_others_the_wait() -> None:
    mine = orphan("09:00", 30, technicians=(ORTIZ,), window_end=at("10:00"))
    next_one = job("J-2", ORTIZ, "09:30", 0, window_end=at("11:00"))
    facts = day(mine, next_one)
    saving = ask(facts).saving
    assert saving is not None
    assert (saving.drive, [(one.visit.ext_id, one.by) for one in saving.sooner]) == (
        minutes(60),
        [("J-2", minutes(-60))],
    )
    assert (
        spares(saving, facts.visits)
        == "J. Ortiz drives 1 h 00 min less and is at Customer J-2, Site J-2 1 h 00 min earlier."
    )
    assert ask(day(orphan())).saving is None


def test_an_unknown_place_gives_what_is_certain_and_says_so() -> None:
    facts = day(orphan("10:00", None))
    found = of(LEE, ask(facts))
    assert (found.feasible, found.unknown, found.extra_drive, found.arrival) == (True, "Plant 4", None, at("10:00"))
    assert plain_facts(found, facts.visits[key("J-1")].visit, facts.visits)[:2] == (
        "not there before 10:00: no coordinates for Plant 4",
        "extra driving not known",
    )
    near = ask(day(orphan("10:00", 30)))
    assert found.score < of(LEE, near).score


def test_what_is_certain_is_enough_to_say_no() -> None:
    busy = job("J-2", LEE, "07:30", 0, status=Status.IN_PROGRESS, started_at=at("07:30"), sched_end=at("12:00"))
    assert obstacle(LEE, day(orphan("10:00", None), busy)) is Obstacle.LATE
    assert (
        reason(LEE, day(orphan("10:00", None), busy))
        == "M. Lee would be there at 12:00 CST at the earliest, 2 h 00 min later than promised."
    )


def test_who_knows_the_way_is_ranked_before_who_may_be_anywhere() -> None:
    answer = ask(day(orphan(), people=(profile(ORTIZ, None), profile(LEE, 0))))
    assert [one.technician.ext_id for one in answer.can] == ["T-09", "T-07"]
    assert answer.can[1].unknown == "the home of J. Ortiz"


def test_a_visit_of_another_day_is_asked_about_as_of_that_day() -> None:
    """Who works tomorrow, whatever he is doing now; today's absence says nothing."""
    tomorrow = at("2026-11-11 10:00")
    mine = replace(orphan(), sched_start=tomorrow, sched_end=tomorrow + hours(1))
    busy = job("J-2", LEE, "07:30", 0, status=Status.IN_PROGRESS, started_at=at("07:30"), sched_end=at("16:00"))
    people = (profile(ORTIZ, absences=(Absence(at("07:00"), at("18:00")),)), profile(LEE))
    answer = ask(day(mine, busy, people=people))
    assert {(one.technician.ext_id, one.arrival) for one in answer.can} == {("T-07", tomorrow), ("T-09", tomorrow)}


def test_the_one_the_customer_prefers_and_the_one_with_the_lighter_day_come_first() -> None:
    people = (profile(ORTIZ), profile(LEE, preferred=frozenset({"Acme Foundry"})))
    assert [one.technician.ext_id for one in ask(day(orphan(), people=people)).can] == ["T-09", "T-07"]
    busy = job("J-2", ORTIZ, "14:00", 0)
    assert [one.technician.ext_id for one in ask(day(orphan(), busy)).can] == ["T-09", "T-07"]


def test_the_weights_are_the_offices_own() -> None:
    near = job("J-2", ORTIZ, "12:00", 30)
    assert [one.technician.ext_id for one in ask(day(orphan(), near)).can] == ["T-07", "T-09"]
    only_work: dict[str, Any] = {f"{name}_counts": 0.0 for name in ("arrival", "drive", "delays", "skill", "preferred")}
    assert [one.technician.ext_id for one in ask(day(orphan(), near, **only_work)).can] == ["T-09", "T-07"]


def test_weighing_one_is_what_everybody_was_told() -> None:
    facts = day(orphan(), job("J-2", LEE, "11:00", 40))
    answer = ask(facts)
    assert weigh(key("J-1"), LEE, facts) == of(LEE, answer)
    assert weigh(key("J-1"), Technician("m. lee"), facts) == of(LEE, answer)
    assert weigh(key("J-1"), Technician("Nobody"), facts) is None
    assert weigh(key("J-99"), LEE, facts) is None
    assert suggest(key("J-99"), facts) is None


def relaxed(facts: Facts) -> list[tuple[str, tuple[Relaxing, ...], str]]:
    answer = ask(facts)
    assert not answer.can
    told = facts.visits[key("J-1")].visit
    return [
        (one.technician.ext_id, one.relaxed.steps, asks_for(one, told, facts.visits))
        for one in answer.relaxed
        if one.relaxed
    ]


ONLY_LEE = (profile(LEE),)


def test_where_nobody_can_overtime_is_asked_for_first() -> None:
    facts = day(orphan("16:00", 0), people=(profile(LEE, shift=OfficeHours(CHICAGO, {1: (time(7), time(16, 30))})),))
    assert relaxed(facts) == [("T-09", (Relaxing.OVERTIME,), "M. Lee can if he works 30 min after his shift.")]
    assert not ask(replace(facts, reassigning=Reassigning(overtime=minutes(20)))).relaxed


def test_then_lateness_within_what_the_office_allows() -> None:
    busy = job("J-2", LEE, "07:30", 0, status=Status.IN_PROGRESS, started_at=at("07:30"), sched_end=at("10:20"))
    facts = day(orphan("10:00", 0), busy, people=ONLY_LEE)
    assert relaxed(facts) == [("T-09", (Relaxing.LATER,), "M. Lee can if he is 20 min late.")]


def test_then_a_visit_that_matters_less_gives_way() -> None:
    lesser = job("J-2", LEE, "09:30", 60, priority="4", sched_end=at("11:30"))
    fixed = job("J-3", LEE, "12:00", 60, priority="4", locked=True, sched_end=at("16:00"))
    facts = day(orphan("10:00", 0, priority="2"), lesser, fixed, people=ONLY_LEE)
    assert relaxed(facts) == [
        (
            "T-09",
            (Relaxing.DISPLACING,),
            "M. Lee can if he gives up Customer J-2, Site J-2, which then needs somebody else.",
        )
    ]
    assert ask(facts).relaxed[0].relaxed == ((Relaxing.DISPLACING,), key("J-2"))
    same = day(orphan("10:00", 0, priority="4"), lesser, fixed, people=ONLY_LEE)
    assert all(one.relaxed is None or one.relaxed.displaced is None for one in ask(same).relaxed)


def test_then_somebody_whose_skill_is_not_quite_enough() -> None:
    facts = day(orphan(skills=("gas:3",)), people=(profile(LEE, skills=frozenset({"gas:2"})), profile(ORTIZ)))
    assert relaxed(facts) == [
        ("T-09", (Relaxing.SKILL_LEVEL,), "M. Lee can if he goes although his level is below gas:3.")
    ]


def test_and_at_last_a_new_time() -> None:
    missed = orphan("06:00", 0)
    ((who, steps, words), *_) = relaxed(day(missed, people=ONLY_LEE))
    assert (who, steps[-1]) == ("T-09", Relaxing.NEW_TIME)
    assert words == "M. Lee can if he is 2 h 00 min late and agrees a new time with the customer."


def test_after_a_call_at_the_depot_everything_is_on_the_van_again() -> None:
    depot = job("D-1", LEE, "08:10", 0, kind="Depot", sched_end=at("08:20"))
    people = (profile(ORTIZ, parts=()), profile(LEE, parts=()))
    answer = ask(day(orphan(parts=("belt",)), depot, people=people))
    assert [(one.technician.ext_id, one.after) for one in answer.can] == [("T-09", key("D-1"))]
    before = replace(depot, sched_start=at("12:00"), sched_end=at("12:10"), window_end=at("15:00"))
    assert obstacle(LEE, day(orphan(parts=("belt",)), before, people=people)) in {Obstacle.LATE, Obstacle.PARTS}


def test_parts_that_later_visits_need_are_spoken_for() -> None:
    later = job("J-2", LEE, "13:00", 0, parts=("2 x belt",))
    people = (profile(ORTIZ, parts=("2 x belt",)), profile(LEE, parts=("2 x belt",)))
    facts = day(orphan(parts=("belt",)), later, people=people)
    assert obstacle(LEE, facts) is Obstacle.PARTS
    assert reason(LEE, facts) == "M. Lee has not enough of “belt” on the van."
    assert obstacle(ORTIZ, facts) is None


@pytest.mark.parametrize(("priority", "after"), [("3", None), ("emergency", key("J-2"))])
def test_a_minute_late_at_an_urgent_visit_costs_more_than_a_detour(priority: str, after: VisitKey | None) -> None:
    """Before the other visit it makes that a minute late; after it, five more minutes have to be driven."""
    other = job("J-2", LEE, "11:00", 30, priority=priority)
    mine = orphan("10:00", 25, sched_end=at("10:56"), window_end=at("13:00"))
    facts = day(mine, other, drive_home=False, wait_costs=0.0)
    assert of(LEE, ask(facts)).after == after
