"""Which days a visit is on, when a snapshot has lost too much, and what differs between two sightings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.domain.desk_entry import DeskAction, DeskEntry, overlay
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.schedule import days_of, differences, shrunk_from, starts_within
from dispatchwatch.domain.standing import Standing, standing
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.watched import Seen, sight
from tests.fakes.office import CHICAGO, DAY, FEED, SAM, at, hours, minutes, seconds, visit

TOMORROW = date(2026, 11, 11)


def test_a_visit_over_midnight_is_on_both_days() -> None:
    night = visit(start=at("22:30"), sched_end=at("2026-11-11 01:30"))
    assert days_of(night, CHICAGO) == (DAY, TOMORROW)
    assert starts_within(night, frozenset({DAY}), CHICAGO)
    assert not starts_within(night, frozenset({TOMORROW}), CHICAGO)


def test_the_day_is_the_offices_day() -> None:
    late = visit(start=at("23:30", ZoneInfo("America/Los_Angeles")), sched_end=None)
    assert days_of(late, ZoneInfo("America/Los_Angeles")) == (DAY,)
    assert days_of(late, CHICAGO) == (TOMORROW,)


def test_a_visit_without_a_time_is_on_no_day() -> None:
    assert days_of(visit(sched_start=None, sched_end=None), CHICAGO) == ()


def test_a_visit_of_several_days_is_on_each() -> None:
    long = visit(start=at("09:00"), sched_end=at("2026-11-12 17:00"))
    assert days_of(long, CHICAGO) == (DAY, TOMORROW, date(2026, 11, 12))


@pytest.mark.parametrize(
    ("known", "found", "shrunk"),
    [
        (0, 0, False),
        (1, 0, True),
        (30, 0, True),
        (9, 1, False),
        (10, 5, False),
        (10, 4, True),
        (11, 5, True),
        (100, 50, False),
        (100, 49, True),
        (5, 50, False),
    ],
)
def test_less_than_half_of_ten_rows_or_nothing_at_all_is_too_little(known: int, found: int, shrunk: bool) -> None:
    assert shrunk_from(known, found) is shrunk


def test_differences_name_each_field_with_both_values() -> None:
    assert differences(visit(notes="a"), visit(notes="b", priority="1")) == {"notes": ("a", "b"), "priority": ("", "1")}
    assert differences(visit(), visit()) == {}


def entry(action: DeskAction, clock: str = "09:48", promise: Any = "same") -> DeskEntry:
    promised = at("09:50") if promise == "same" else promise
    return DeskEntry(
        feed=FEED,
        ext_id="J-1042",
        action=action,
        at=at(clock),
        entered_at=at("09:55"),
        by=SAM.name,
        promise=promised,
    )


def test_a_check_in_at_the_desk_fills_what_the_source_lacks() -> None:
    told = overlay(visit(), [entry(DeskAction.CHECK_IN)])
    assert (told.status, told.arrived_at, told.checkin_method) == (Status.ARRIVED, at("09:48"), "desk")


def test_what_the_source_itself_knows_wins() -> None:
    known = visit(status=Status.IN_PROGRESS, arrived_at=at("09:40"))
    assert overlay(known, [entry(DeskAction.CHECK_IN), entry(DeskAction.CANCEL)]) == known


def test_an_expected_arrival_puts_the_technician_on_the_way() -> None:
    told = overlay(visit(), [entry(DeskAction.ETA, "10:20"), entry(DeskAction.ETA, "10:30")])
    assert (told.status, told.eta) == (Status.EN_ROUTE, at("10:30"))


def test_a_cancellation_at_the_desk_stays_while_the_source_says_nothing_of_it() -> None:
    told = overlay(visit(), [entry(DeskAction.CANCEL)])
    assert (told.status, told.cancelled_by) == (Status.CANCELLED, "the desk")
    assert overlay(visit(status=Status.COMPLETED), [entry(DeskAction.CANCEL)]).status is Status.COMPLETED


@pytest.mark.parametrize(
    ("move", "still_meant"),
    [(hours(12), True), (hours(12) + seconds(1), False), (hours(-12), True), (minutes(5), True), (hours(24), False)],
)
def test_an_entry_speaks_of_the_appointment_it_was_made_for(move: timedelta, still_meant: bool) -> None:
    moved = visit(start=at("09:50") + move)
    assert overlay(moved, [entry(DeskAction.CHECK_IN)]).checked_in is still_meant


def test_an_entry_for_a_visit_without_a_time_speaks_of_it_as_long_as_it_has_none() -> None:
    assert overlay(visit(anytime=True), [entry(DeskAction.CHECK_IN, promise=None)]).checked_in
    assert not overlay(visit(), [entry(DeskAction.CHECK_IN, promise=None)]).checked_in


@pytest.mark.parametrize(
    ("clock", "changes", "stands"),
    [
        ("09:00", {}, Standing.LATER),
        ("09:49:59", {}, Standing.LATER),
        ("09:50", {}, Standing.SOON),
        ("10:05", {}, Standing.SOON),
        ("10:05:01", {}, Standing.LATE),
        ("10:05:01", {"status": Status.EN_ROUTE}, Standing.LATE),
        ("09:50", {"status": Status.EN_ROUTE}, Standing.EN_ROUTE),
        ("10:06", {"technicians": ()}, Standing.UNASSIGNED),
        ("10:06", {"status": Status.ARRIVED}, Standing.ON_SITE),
        ("10:06", {"arrived_at": at("10:00")}, Standing.ON_SITE),
        ("10:06", {"status": Status.COMPLETED}, Standing.DONE),
        ("10:06", {"status": Status.CUSTOMER_NO_SHOW}, Standing.DONE),
        ("10:06", {"status": Status.CANCELLED}, Standing.CANCELLED),
        ("10:06", {"status": Status.UNKNOWN}, Standing.UNKNOWN),
        ("10:06", {"status": Status.UNSCHEDULED}, Standing.UNASSIGNED),
        ("10:06", {"anytime": True}, Standing.LATER),
    ],
)
def test_how_a_visit_stands_on_the_board(clock: str, changes: dict[str, Any], stands: Standing) -> None:
    watched = sight(None, visit(**changes), Seen(None, at(clock)))
    assert standing(watched, Policy(), at(clock)) is stands
