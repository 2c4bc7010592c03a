"""Who goes, from the schedule to the alert (study 4.2, kinds 7, 10 and 10b, and the rows of 4.3 that concern them)."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Operation, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.domain.visit import Customer, Site, Status, Visit
from dispatchwatch.domain.wording import notification
from tests.fakes.office import CHICAGO, LEE, ORTIZ, Office, at, hours, minutes, visit

KINDS = (AlertKind.UNASSIGNED, AlertKind.DOUBLE_BOOKED, AlertKind.TRAVEL_CONFLICT, AlertKind.LATE_CHECK_IN)
SOON = timedelta(milliseconds=2)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("06:00"), kinds=KINDS, interval=minutes(5))


def nobody(**more: Any) -> Visit:
    return visit(start=at("12:00"), **{"technicians": (), **more})


def first(**more: Any) -> Visit:
    return visit("J-1", start=at("11:00"), **more)


def later(clock: str = "12:30", **more: Any) -> Visit:
    told = {"customer": Customer("Beta Mill"), "site": Site("Yard 2", "America/Chicago")}
    return visit("J-2", start=at(clock), **{**told, **more})


def of(office: Office, kind: AlertKind) -> list[Alert]:
    return [alert for alert in office.alerts() if alert.kind is kind]


# Nobody assigned


def test_nobody_assigned_is_told_four_hours_before_and_worse_at_one_hour_and_at_the_start(office: Office) -> None:
    office.read(nobody())
    seen = []
    for clock in ("07:59:59", "08:00:01", "10:59:59", "11:00:01", "11:59:59", "12:00:01", "14:00"):
        office.run_until(at(clock))
        seen.append([alert.severity.value for alert in office.open_alerts()])
    assert seen == [[], ["warning"], ["warning"], ["high"], ["high"], ["critical"], ["critical"]]
    (alert,) = office.alerts()
    assert alert.raised_at - at("08:00") <= SOON


def test_a_visit_without_technician_past_its_start_is_unassigned_and_not_late(tmp_path: Path) -> None:
    office = Office(tmp_path, at("12:30"), kinds=KINDS)
    office.read(nobody())
    office.run_until(at("13:00"))
    assert [(alert.kind, alert.severity) for alert in office.alerts()] == [(AlertKind.UNASSIGNED, Severity.CRITICAL)]


def test_assigning_somebody_ends_it_and_says_who(office: Office) -> None:
    office.read(nobody())
    office.run_until(at("09:00"))
    office.read(nobody(technicians=(LEE,)))
    (alert,) = office.alerts()
    assert (alert.state, alert.outcome, alert.resolution) == (
        AlertState.RESOLVED,
        Outcome.REMEDIED,
        "M. Lee is assigned",
    )


def test_a_technician_who_falls_ill_after_all_is_news_once_more(office: Office) -> None:
    office.read(nobody())
    office.run_until(at("09:00"))
    office.read(nobody(technicians=(ORTIZ,)))
    office.run_until(at("09:30"))
    office.read(nobody())
    assert [alert.state for alert in office.alerts()] == [AlertState.RESOLVED, AlertState.OPEN]
    office.restart()
    office.poll()
    assert len(office.alerts()) == 2


def test_moved_beyond_the_lead_ends_it_and_the_new_start_has_its_own(office: Office) -> None:
    office.read(nobody())
    office.run_until(at("09:00"))
    office.read(nobody(sched_start=at("17:00"), sched_end=at("18:00")))
    office.run_until(at("12:59:59"))
    assert [alert.outcome for alert in office.alerts()] == [Outcome.MOVED]
    office.run(minutes(1))
    assert [(alert.due_at, alert.state) for alert in office.alerts()] == [
        (at("12:00"), AlertState.RESOLVED),
        (at("17:00"), AlertState.OPEN),
    ]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"status": Status.CANCELLED}, Outcome.CANCELLED),
        ({"status": Status.COMPLETED}, Outcome.REMEDIED),
        ({"status": Status.ARRIVED, "arrived_at": at("08:55")}, Outcome.REMEDIED),
    ],
)
def test_cancelled_or_somebody_there_ends_it(office: Office, changes: dict[str, Any], outcome: Outcome) -> None:
    office.read(nobody())
    office.run_until(at("09:00"))
    office.read(nobody(**changes))
    assert [alert.outcome for alert in office.alerts()] == [outcome]


def test_an_urgent_visit_without_technician_is_told_at_once(office: Office) -> None:
    office.read(nobody(priority="1", sched_start=at("17:00"), sched_end=at("18:00")))
    assert [alert.severity for alert in office.open_alerts()] == [Severity.WARNING]


def test_a_technician_who_is_off_that_day_is_nobody(tmp_path: Path) -> None:
    mondays = OfficeHours(CHICAGO, {0: (time(7), time(16))})
    roster = Roster.of([Profile(ext_id="T-07", name="J. Ortiz", shift=mondays)])
    office = Office(tmp_path, at("06:00"), kinds=(AlertKind.UNASSIGNED,), roster=roster)
    office.read(nobody(technicians=(ORTIZ,)))
    office.run_until(at("08:01"))
    (alert,) = office.open_alerts()
    assert alert.facts["technician"] == "J. Ortiz"
    office.read(nobody(technicians=(ORTIZ, LEE)))
    assert office.open_alerts() == []


def test_while_the_schedule_can_not_be_read_nobody_is_called_unassigned(office: Office) -> None:
    office.read(nobody())
    office.run_until(at("07:30"))
    office.fail("the folder is gone")
    office.run_until(at("09:00"))
    assert office.alerts() == []
    office.read(nobody(technicians=(LEE,)))
    office.run_until(at("12:14"))
    assert office.alerts() == []


def test_a_start_missed_before_the_program_began_is_told_once(tmp_path: Path) -> None:
    office = Office(tmp_path, at("14:00"), kinds=KINDS)
    office.read(nobody())
    office.restart()
    office.read(nobody())
    (alert,) = office.alerts()
    assert (alert.found_at_start, alert.severity) == (True, Severity.CRITICAL)


# Double-booked


def test_a_double_booking_is_told_at_once_and_is_high_two_hours_before(office: Office) -> None:
    office.read(first(), later())
    (alert,) = office.open_alerts()
    assert (alert.kind, alert.severity, alert.ext_id) == (AlertKind.DOUBLE_BOOKED, Severity.WARNING, "J-2")
    office.run_until(at("08:59:59"))
    assert office.open_alerts()[0].severity is Severity.WARNING
    office.run(minutes(1))
    assert office.open_alerts()[0].severity is Severity.HIGH
    worsened = [look.recorded.worsened[0].updated_at for look in office.looks if look.recorded.worsened]
    assert [instant - at("09:00") <= SOON for instant in worsened] == [True]


def test_reading_the_same_again_and_starting_again_tell_nothing_new(office: Office) -> None:
    office.read(first(), later())
    office.read(later(), first())
    office.restart()
    office.read(first(), later())
    office.run_until(at("08:00"))
    assert len(office.alerts()) == 1


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        ((first(), later("13:00")), Outcome.REMEDIED),
        ((first(), later(technicians=(LEE,))), Outcome.REMEDIED),
        ((first(status=Status.COMPLETED, arrived_at=at("05:00")), later()), Outcome.REMEDIED),
        ((first(), later(status=Status.CANCELLED)), Outcome.CANCELLED),
        ((first(status=Status.CANCELLED), later()), Outcome.CANCELLED),
        ((first(), later(anytime=True)), Outcome.MOVED),
    ],
    ids=["moved", "reassigned", "first over", "later cancelled", "first cancelled", "anytime"],
)
def test_room_ends_a_double_booking(office: Office, after: tuple[Visit, Visit], outcome: Outcome) -> None:
    office.read(first(), later())
    office.run_until(at("06:30"))
    office.read(*after)
    assert [alert.outcome for alert in of(office, AlertKind.DOUBLE_BOOKED)] == [outcome]


def test_set_apart_and_double_booked_once_more_is_told_once_more(office: Office) -> None:
    office.read(first(), later())
    office.read(first(), later("14:00"))
    office.read(first(), later("12:00"))
    assert [alert.state for alert in office.alerts()] == [AlertState.RESOLVED, AlertState.OPEN]


def test_two_at_the_same_site_for_the_same_customer_are_only_noted(office: Office) -> None:
    office.read(first(), later(customer=Customer("Acme Foundry"), site=Site("Plant 4", "America/Chicago")))
    office.run_until(at("10:30"))
    assert [alert.severity for alert in office.open_alerts()] == [Severity.INFO]


def test_a_crew_of_one_order_is_not_double_booked(office: Office) -> None:
    office.read(first(order_ref="W-1"), later(order_ref="W-1"))
    office.run_until(at("08:00"))
    assert office.alerts() == []


def test_a_double_booking_of_the_past_raises_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path, at("13:00"), kinds=(AlertKind.DOUBLE_BOOKED,))
    office.read(first(), later())
    assert office.alerts() == []


def test_a_double_booking_that_nobody_solved_is_over_when_its_time_has_passed(tmp_path: Path) -> None:
    office = Office(tmp_path, at("10:00"), kinds=(AlertKind.DOUBLE_BOOKED,), interval=minutes(5))
    office.read(first(), later())
    office.run_until(at("12:59:59"))
    assert len(office.open_alerts()) == 1
    office.run(minutes(1))
    (alert,) = office.alerts()
    assert (alert.outcome, alert.resolution) == (Outcome.NOTED, "Its time has passed")


def test_one_reading_without_the_visit_does_not_end_it_and_a_second_does(office: Office) -> None:
    office.read(first(), later())
    office.clock.advance(minutes(1))
    office.read(first())
    assert len(office.open_alerts()) == 1
    office.run(minutes(11))
    assert [alert.outcome for alert in office.alerts()] == [Outcome.WITHDRAWN]


def test_the_sleeping_program_wakes_and_reads_before_it_speaks(office: Office) -> None:
    office.read(nobody())
    office.sleep(hours(3))
    assert office.alerts() == []
    office.read(nobody(technicians=(LEE,)))
    assert office.alerts() == []


def test_what_a_channel_is_told_of_a_double_booking(office: Office) -> None:
    office.read(first(), later())
    (alert,) = office.open_alerts()
    told = notification(alert, Operation.RAISE, office.now)
    assert told.headline.startswith("J. Ortiz, double-booked for 30 min: Acme Foundry, Plant 4 (11:00–13:00 CST)")
    assert dict(told.facts)["J-1"] == "Acme Foundry, Plant 4 (11:00–13:00 CST)"
    assert dict(told.facts)["Overlap"] == "30 min"


# Drive too short


def placed(one: Visit, latitude: float, longitude: float) -> dict[str, Any]:
    return {"site": Site(one.site.name, one.site.timezone, "", latitude, longitude)}


def near(**more: Any) -> Visit:
    return first(**placed(first(), 41.88, -87.63), **more)


def far(clock: str) -> Visit:
    return later(clock, **placed(later(), 41.98, -87.90))


def test_a_gap_too_short_for_the_way_is_told_until_it_fits(office: Office) -> None:
    office.read(near(), far("13:10"))
    (alert,) = office.open_alerts()
    assert (alert.kind, alert.severity, alert.ext_id) == (AlertKind.TRAVEL_CONFLICT, Severity.INFO, "J-2")
    office.read(near(), far("14:30"))
    assert [alert.outcome for alert in office.alerts()] == [Outcome.REMEDIED]


def test_a_visit_put_between_two_others_takes_the_conflict_with_it(office: Office) -> None:
    office.read(near(), far("13:10"))
    between = visit("J-3", start=at("13:02"), sched_end=at("13:05"), **placed(first(), 41.88, -87.63))
    office.read(near(), between, far("13:10"))
    old, new = office.alerts()
    assert (old.outcome, new.state) == (Outcome.REMEDIED, AlertState.OPEN)
    assert new.facts["other"] == "J-3"


def test_without_coordinates_nothing_is_said_of_the_way(office: Office) -> None:
    office.read(first(), later("13:01"))
    office.run_until(at("07:00"))
    assert office.alerts() == []
