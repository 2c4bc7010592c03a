"""Where visits stand on the timeline, worked out without a window."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatchwatch.app.view import BoardRow, TechnicianLine
from dispatchwatch.desktop.timeline import walking
from dispatchwatch.desktop.timeline.crews import NOT_TOLD, UNASSIGNED, Crews, Who
from dispatchwatch.desktop.timeline.hours import marks, span_of, step_for
from dispatchwatch.desktop.timeline.layout import Order, TechnicianDay, lay_out, overlap
from dispatchwatch.desktop.timeline.lens import Lens
from dispatchwatch.desktop.timeline.planner import Plan, Planner
from dispatchwatch.desktop.timeline.scene import Focus
from dispatchwatch.desktop.timeline.shape import shape_of
from dispatchwatch.desktop.timeline.stage import Measures, Stage
from dispatchwatch.desktop.timeline_phrases import gap_words
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.technician import Absence
from dispatchwatch.domain.visit import Technician
from tests.desktop import timeline_days as days
from tests.desktop.pictures import NOW, OFFICE, minutes
from tests.desktop.timeline_days import ZONE, at, row

T = NOW.timestamp()
ORTIZ = Who("T-000", days.technician(0))
HOUR = 3600.0


def laid(*rows: BoardRow, who: Who = ORTIZ) -> TechnicianDay:
    return lay_out(who, rows, T)


def planned(rows: tuple[BoardRow, ...], people: tuple[TechnicianLine, ...] = (), order: Order = Order.BY_NAME) -> Plan:
    planner = Planner()
    planner.meet(Crews(people))
    for _ in planner.renew(rows, T):
        pass
    return planner.plan(order)


def seconds(clock: str, day: int = 24) -> float:
    return at(clock, day).timestamp()


@st.composite
def some_visits(draw: st.DrawFn) -> list[BoardRow]:
    found = []
    for number in range(draw(st.integers(0, 14))):
        start = at("06:00") + minutes(5 * draw(st.integers(0, 90)))
        length = 5 * draw(st.integers(1, 30))
        kind = draw(st.sampled_from(("planned", "expected", "working", "done", "any time", "cancelled")))
        later = start + minutes(draw(st.integers(-20, 50)))
        match kind:
            case "expected":
                found.append(row(number, start, length, expected=later))
            case "working":
                found.append(row(number, start, length, Standing.ON_SITE, arrived_at=later))
            case "done":
                left = later + minutes(length)
                found.append(row(number, start, length, Standing.DONE, arrived_at=later, completed_at=left))
            case "any time":
                found.append(row(number, None))
            case "cancelled":
                found.append(row(number, start, length, Standing.CANCELLED))
            case _:
                found.append(row(number, start, length))
    return found


@given(some_visits())
def test_no_visit_is_lost_and_none_lies_on_another(visits: list[BoardRow]) -> None:
    day = laid(*visits)
    assert sorted(block.key for block in day.blocks) == sorted(one.key for one in visits)
    assert all(0 <= block.lane < day.lanes for block in day.blocks)
    for one, other in combinations(day.blocks, 2):
        if one.lane == other.lane:
            for part in ("plan", "happens"):
                first, second = (
                    getattr(block.shape, part) if part == "plan" else block.shape.happens(T) for block in (one, other)
                )
                assert first is None or second is None or not overlap(first, second)


@given(some_visits(), st.randoms(use_true_random=False))
def test_the_order_in_which_visits_come_makes_no_difference(visits: list[BoardRow], chance: random.Random) -> None:
    mixed = list(visits)
    chance.shuffle(mixed)
    assert laid(*mixed) == laid(*visits)


@given(some_visits())
def test_gaps_lie_between_visits_and_within_nobodys_work(visits: list[BoardRow]) -> None:
    day = laid(*visits)
    plans = [block.shape.plan for block in day.blocks if block.shape.plan and not block.shape.off]
    for gap in day.gaps:
        assert gap.start < gap.end
        assert not any(overlap((gap.start, gap.end), plan) for plan in plans)


def test_overlaps_are_marked_with_what_they_overlap_and_cancelled_visits_take_no_time() -> None:
    day = laid(
        row(1, at("10:00")),
        row(2, at("10:30")),
        row(3, at("10:30"), standing=Standing.CANCELLED),
        row(4, at("11:30")),
    )
    assert {block.key.ext_id: [key.ext_id for key in block.overlaps] for block in day.blocks} == {
        "J-1001": ["J-1002"],
        "J-1002": ["J-1001"],
        "J-1003": [],
        "J-1004": [],
    }
    assert day.load == 3 * HOUR


def test_in_the_tray_nobody_is_planned_twice() -> None:
    day = laid(row(1, at("10:00"), crew=()), row(2, at("10:30"), crew=()), who=Who(UNASSIGNED))
    assert day.lanes == 2
    assert not any(block.overlaps for block in day.blocks)
    assert day.gaps == ()


def test_a_gap_knows_the_drive_and_what_is_left_of_the_shift() -> None:
    who = replace(ORTIZ, shifts=((seconds("07:00"), seconds("16:00")),))
    day = laid(row(1, at("08:00")), row(2, at("10:00"), drive=20), row(3, at("11:02")), who=who)
    assert [(gap.start, gap.end, gap.free) for gap in day.gaps] == [
        (seconds("09:00"), seconds("10:00"), 40 * 60),
        (seconds("12:02"), seconds("16:00"), (3 * 60 + 58) * 60),
    ]


def test_nobody_is_free_while_he_is_away() -> None:
    away = Absence(at("10:00"), at("12:00"), "Dentist")
    who = replace(ORTIZ, shifts=((seconds("07:00"), seconds("16:00")),), absences=(away,))
    day = laid(row(1, at("08:00")), who=who)
    assert [(gap.start, gap.end) for gap in day.gaps] == [
        (seconds("09:00"), seconds("10:00")),
        (seconds("12:00"), seconds("16:00")),
    ]


def test_a_gap_says_how_much_is_free_or_until_when_or_that_it_is_too_short() -> None:
    day = laid(row(1, at("08:00")), row(2, at("10:30"), drive=20), row(3, at("12:00")), row(4, at("13:10"), drive=18))
    said = [gap_words(gap, T, OFFICE)[0] for gap in day.gaps]
    assert said == ["free until 10:10", "30 min free", "18 min drive, 10 min time"]


def test_what_is_running_ends_now_or_when_it_should_be_over() -> None:
    working = shape_of(row(1, at("09:00"), 60, Standing.ON_SITE, arrived_at=at("09:10")))
    assert working.happens(T) == (seconds("09:10"), T)
    foreseen = replace(working.row, predicted_end=at("10:10"))
    assert shape_of(foreseen).happens(T) == (seconds("09:10"), seconds("10:10"))


@pytest.mark.parametrize(
    ("facts", "plan"),
    [
        ({}, (seconds("10:00"), seconds("11:00"))),
        ({"sched_end": None}, (seconds("10:00"), seconds("11:00"))),
        ({"sched_end": at("09:00")}, (seconds("10:00"), seconds("11:00"))),
        ({"sched_start": None, "sched_end": None, "window_start": at("12:00")}, (seconds("12:00"), seconds("13:00"))),
        ({"sched_start": None, "sched_end": None}, None),
    ],
    ids=["planned", "no end", "end before start", "only a window", "no time"],
)
def test_a_plan_is_drawn_from_what_the_source_tells(facts: dict[str, Any], plan: object) -> None:
    shape = shape_of(row(1, at("10:00"), **facts))
    assert shape.plan == plan
    assert shape.assumed is (facts != {})


def test_nothing_is_made_up_where_no_stamps_are() -> None:
    done = shape_of(row(1, at("08:00"), 60, Standing.DONE))
    assert done.actual is None
    backwards = shape_of(row(1, at("08:00"), 60, Standing.DONE, arrived_at=at("09:00"), completed_at=at("08:30")))
    assert backwards.actual == (seconds("09:00"), seconds("09:00"))


def test_everybody_has_a_row_and_a_crew_of_two_stands_in_both() -> None:
    plan = planned(days.every_kind(), days.people())
    rows = {day.who.name or day.identity: [block.key.ext_id for block in day.blocks] for day in plan.days}
    assert "J-1007" in rows["M. Lee"]
    assert "J-1007" in rows["S. Whitfield-Okonkwo"]
    assert rows["P. Adeyemi"] == []
    assert rows[NOT_TOLD] == ["J-1023"]
    assert plan.tray is not None
    assert {block.key.ext_id for block in plan.tray.blocks} == {"J-1018", "J-1019", "J-1020"}
    assert [day.identity for day in plan.days][-1] == NOT_TOLD


def test_a_technician_the_schedule_knows_by_name_only_is_the_one_the_office_told_of() -> None:
    told = days.line(0)
    plan = planned((row(1, at("10:00"), crew=(Technician("j. ortiz"),)),), (told,))
    (day,) = plan.days
    assert day.who.technician == told.technician
    assert len(day.blocks) == 1


def test_those_with_something_late_stand_first_or_all_by_name() -> None:
    names = [day.who.name for day in planned(days.every_kind(), days.people(), Order.LATE_FIRST).days]
    assert names[:2] == ["J. Ortiz", "M. Lee"]
    assert names[-2:] == ["P. Adeyemi", ""]
    by_name = [day.who.name for day in planned(days.every_kind(), days.people(), Order.BY_NAME).days]
    assert by_name[:-1] == sorted(by_name[:-1])


def test_rows_that_are_held_keep_their_places() -> None:
    planner = Planner()
    rows = {one.key: one for one in days.every_kind()}
    list(planner.renew(rows.values(), T))
    held = [day.identity for day in planner.plan(Order.LATE_FIRST).days]
    lindqvist = next(one for one in rows.values() if one.visit.technician == "K. Lindqvist")
    rows[lindqvist.key] = replace(lindqvist, standing=Standing.LATE)
    list(planner.renew(rows.values(), T))
    assert [day.identity for day in planner.plan(Order.LATE_FIRST, held).days] == held
    assert [day.identity for day in planner.plan(Order.LATE_FIRST).days] != held


def test_only_rows_whose_visits_changed_are_laid_out_anew() -> None:
    planner = Planner()
    rows = {one.key: one for one in days.every_kind()}
    list(planner.renew(rows.values(), T))
    before = {day.identity: day for day in planner.plan(Order.BY_NAME).days}
    changed = rows[row(10, None).key]
    rows[changed.key] = replace(changed, visit=replace(changed.visit, technicians=(days.technician(1),)))
    del rows[row(1, None).key]
    list(planner.renew(rows.values(), T))
    after = {day.identity: day for day in planner.plan(Order.BY_NAME).days}
    assert {name for name in after if after[name] is not before[name]} == {"T-000", "T-001", "T-003"}
    assert after["T-001"].block(changed.key) is not None
    assert after["T-003"].block(changed.key) is None


def test_a_technician_nobody_told_of_goes_with_his_last_visit() -> None:
    planner = Planner()
    only = row(1, at("10:00"))
    list(planner.renew([only], T))
    assert len(planner.plan(Order.BY_NAME).days) == 1
    list(planner.renew([], T))
    assert planner.plan(Order.BY_NAME) == Plan()


@given(st.lists(st.sampled_from(days.every_kind()), unique_by=lambda one: one.key), st.integers(0, 20))
def test_taking_changes_in_one_by_one_leads_to_the_same_rows(some: list[BoardRow], cut: int) -> None:
    planner = Planner()
    list(planner.renew(some[:cut], T))
    list(planner.renew(some, T))
    assert planner.plan(Order.LATE_FIRST) == planned(tuple(some), order=Order.LATE_FIRST)


def test_the_day_reaches_from_the_first_shift_or_visit_to_the_last() -> None:
    plan = planned((row(1, at("08:10")), row(2, at("22:30"), 180, crew=(days.technician(6),))), (days.line(0),))
    assert span_of(plan.days, ZONE, T) == (seconds("06:00"), seconds("02:00", 25))


def test_an_empty_day_shows_the_usual_hours_and_now() -> None:
    assert span_of([], ZONE, T) == (seconds("07:00"), seconds("19:00"))
    late = seconds("21:40")
    assert span_of([], ZONE, late) == (seconds("07:00"), seconds("22:00"))


def test_a_visit_of_days_does_not_stretch_the_hours_beyond_sense() -> None:
    plan = planned((row(1, at("08:00", 20), 10 * 24 * 60),))
    assert span_of(plan.days, ZONE, T) == (seconds("12:00", 23), seconds("12:00", 25))


@pytest.mark.parametrize(
    ("start", "hours", "shown"),
    [
        (datetime(2026, 11, 1, 5, tzinfo=UTC), 3, ["00:00", "01:00", "01:00 CST", "02:00"]),
        (datetime(2026, 3, 8, 7, tzinfo=UTC), 2, ["01:00", "03:00 CDT", "04:00"]),
    ],
    ids=["an hour comes twice", "an hour is skipped"],
)
def test_the_ruler_shows_the_office_clock_on_the_day_it_changes(start: datetime, hours: int, shown: list[str]) -> None:
    first = start.timestamp()
    assert [mark.text for mark in marks((first, first + hours * HOUR), ZONE, 60)] == shown


def test_marks_stand_at_full_local_hours_where_the_offset_is_not_whole() -> None:
    found = marks((T, T + 3 * HOUR), ZoneInfo("Asia/Kolkata"), 60)
    assert [mark.text for mark in found] == ["21:00", "22:00", "23:00", "00:00"]
    assert found[-1].begins == "Wed 25"
    assert step_for(100, 80) == 60
    assert step_for(1000, 80) == 15
    assert step_for(1, 80) == 720


@given(st.floats(-30, 30), st.integers(0, 800), st.integers(100, 3000))
def test_what_is_under_the_pointer_stays_there_while_one_zooms(steps: float, x: int, width: int) -> None:
    lens = Lens()
    lens.cover((0.0, 12 * HOUR), width)
    lens.zoom(6, width / 2)
    fixed = lens.instant(x)
    lens.zoom(steps, x)
    inside = lens.span[0] < lens.left and lens.shown[1] < lens.span[1] - 1
    assert not inside or lens.instant(x) == pytest.approx(fixed, abs=1)
    assert lens.span[0] <= lens.left <= lens.shown[1] <= lens.span[1] + 1e-6


def test_the_lens_keeps_its_place_when_the_day_grows() -> None:
    lens = Lens()
    lens.cover((0.0, 10 * HOUR), 1000)
    assert (lens.length, lens.offset) == (1000, 0)
    lens.zoom(4, 500)
    before = (lens.left, lens.per_hour)
    lens.cover((-2 * HOUR, 12 * HOUR), 1000)
    assert (lens.left, lens.per_hour) == before
    lens.fit()
    assert (lens.left, lens.length) == (-2 * HOUR, 1000)


def test_the_lens_reveals_no_more_than_it_must() -> None:
    lens = Lens()
    lens.cover((0.0, 10 * HOUR), 1000)
    lens.zoom(5, 0)
    left = lens.left
    lens.reveal((lens.left + HOUR, lens.left + 1.5 * HOUR), 10)
    assert lens.left == left
    lens.reveal((8 * HOUR, 9 * HOUR), 10)
    assert lens.shown[1] == pytest.approx(9 * HOUR + 10 / lens.per_hour * HOUR)


def staged(count: int = 12) -> Stage:
    stage = Stage(Measures(30, 200, 40, 3))
    plan = planned(days.full_day(count, count * 3))
    tray = lay_out(Who(UNASSIGNED), [row(900 + number, at("10:00"), crew=()) for number in range(9)], T)
    stage.height = 600
    stage.show(tray, plan.days, Measures(30, 200, 40, 3))
    return stage


def test_the_tray_takes_no_more_than_a_third_and_scrolls_by_itself() -> None:
    stage = staged()
    assert stage.tray_length == 9 * 40 + 6
    assert stage.tray_bottom == 30 + 190
    stage.tray_scrolled = 100
    placed = stage.at(40)
    assert placed is not None
    assert (placed.day, placed.top) == (stage.tray, -70)


def test_rows_are_found_where_they_are_painted() -> None:
    stage = staged()
    stage.scrolled = 55
    for y in range(0, 620, 7):
        found = stage.at(y)
        seen = [one for one in stage.seen(0, 600) if max(one.top, one.clip[0]) <= y < min(one.top + one.height, 600)]
        expected = [one for one in seen if y < one.clip[1]]
        assert [found] == expected[:1] or (found is None and not expected)
    assert stage.at(10) is None
    assert stage.place("nobody") is None


def test_arrows_walk_along_a_day_and_to_the_nearest_visit_of_the_next() -> None:
    plan = planned(days.every_kind(), days.people())
    rows = list(plan.days)
    start = walking.at(rows, row(3, None).key)
    assert start == Focus("T-000", row(3, None).key)
    later = walking.along(rows, start, 1, T)
    assert later == Focus("T-000", row(4, None).key)
    assert walking.along(rows, later, 1, T) == later
    names = [day.who.name for day in rows]
    below = walking.across(rows, start, 1, T)
    assert below is not None
    assert names[walking.row_of(rows, below) or 0] == names[names.index("J. Ortiz") + 1]
    assert walking.across(rows, Focus("T-007"), -1, T) is not None
    assert walking.first([], T) is None


def test_the_keyboard_stays_with_its_visit_when_it_goes_to_somebody_else() -> None:
    before = Focus("T-000", row(3, None).key)
    moved = [
        replace(one, visit=replace(one.visit, technicians=(days.technician(1),))) if one.key == before.key else one
        for one in days.every_kind()
    ]
    rows = planned(tuple(moved), days.people()).days
    assert walking.kept(rows, before) == Focus("T-001", before.key)
    gone = planned(tuple(one for one in moved if one.key != before.key), days.people()).days
    assert walking.kept(gone, before) == Focus("T-000")
    assert walking.kept(gone, None) is None
