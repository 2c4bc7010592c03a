"""Late check-ins from the schedule to the alert (study 4.2, kind 1, and the rows of 4.3 that concern it)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.domain.alert import AlertKind, AlertState, Outcome, Severity
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Status
from tests.fakes.office import LEE, ORTIZ, SAM, Office, at, hours, key, minutes, seconds, visit

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("09:00"))


def test_nothing_is_late_at_the_deadline_and_everything_just_after_it(office: Office) -> None:
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:05"))
    assert office.open_alerts() == []
    office.clock.advance(MICROSECOND)
    office.look()
    (alert,) = office.open_alerts()
    assert (alert.kind, alert.severity, alert.due_at) == (AlertKind.LATE_CHECK_IN, Severity.WARNING, at("10:05"))
    assert alert.key == "late_check_in|today|J-1042|2026-11-10T16:05Z"
    assert not alert.found_at_start


def test_the_rules_say_to_look_again_just_after_the_deadline(office: Office) -> None:
    """A poll comes every half minute; the alert is due within milliseconds all the same."""
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:05") + minutes(1))
    (alert,) = office.open_alerts()
    assert alert.raised_at - at("10:05") <= timedelta(milliseconds=2)


def test_the_window_end_is_what_was_promised(office: Office) -> None:
    office.read(visit(start=at("09:00"), window_start=at("09:00"), window_end=at("11:00")))
    assert office.deadline() == at("11:15")
    office.run_until(at("11:15"))
    assert office.alerts() == []
    office.run(minutes(1))
    assert len(office.open_alerts()) == 1


def test_arrival_known_late_but_on_time_in_truth(office: Office) -> None:
    """Deadline 10:05; he was there at 10:04, and the source tells of it six minutes later."""
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:10"))
    assert [alert.state for alert in office.alerts()] == [AlertState.OPEN]
    office.read(visit(start=at("09:50"), status=Status.ARRIVED, arrived_at=at("10:04")))
    (alert,) = office.alerts()
    assert (alert.state, alert.outcome) == (AlertState.RESOLVED, Outcome.WAS_ON_TIME)
    assert alert.resolution == "J. Ortiz checked in on time at 10:04 CST, reported 6 min later"


def test_an_arrival_after_the_deadline_says_how_late_it_was(office: Office) -> None:
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:12"))
    office.read(visit(start=at("09:50"), status=Status.ARRIVED, arrived_at=at("10:12")))
    (alert,) = office.alerts()
    assert alert.outcome is Outcome.CHECKED_IN
    assert alert.resolution == "J. Ortiz checked in at 10:12 CST, 7 min late"


def test_status_flips_between_polls_without_an_arrival_time(tmp_path: Path) -> None:
    """Polls at 10:02 and 10:07, deadline 10:05: on time or not, nobody knows; the interval is kept."""
    office = Office(tmp_path, at("09:57"), interval=minutes(5))
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:06:30"))
    assert len(office.open_alerts()) == 1
    office.says(visit(start=at("09:50"), status=Status.IN_PROGRESS))
    office.clock.advance_to(at("10:07"))
    office.poll()
    (alert,) = office.alerts()
    assert (alert.state, alert.outcome) == (AlertState.RESOLVED, Outcome.CHECKED_IN_UNTIMED)
    assert alert.resolution == "J. Ortiz: working, some time between 10:02 CST and 10:07 CST"
    assert office.watched().check_in_seen == (at("10:02"), at("10:07"))


def test_a_job_completed_without_an_arrival_ends_the_alert_untimed(office: Office) -> None:
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:20"))
    office.read(visit(start=at("09:50"), status=Status.COMPLETED, completed_at=at("10:19"), status_at=at("10:19")))
    (alert,) = office.alerts()
    assert alert.outcome is Outcome.CHECKED_IN_UNTIMED


def test_a_source_clock_seven_minutes_ahead_can_not_make_an_arrival_later_than_its_news(office: Office) -> None:
    """Deadline 10:05; read at 10:06 with the stamp 10:13: he was there by 10:06 at the latest."""
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:06"))
    office.read(visit(start=at("09:50"), status=Status.ARRIVED, arrived_at=at("10:13")))
    (alert,) = office.alerts()
    assert alert.resolution.startswith("J. Ortiz checked in at 10:06 CST, 1 min late")


def test_one_of_a_crew_of_two_is_enough(office: Office) -> None:
    crew = visit(start=at("09:50"), technicians=(ORTIZ, LEE))
    office.read(crew)
    office.run_until(at("10:04"))
    office.read(visit(start=at("09:50"), technicians=(ORTIZ, LEE), status=Status.ARRIVED, arrived_at=at("10:03")))
    office.run_until(at("11:30"))
    assert office.alerts() == []


@pytest.mark.parametrize(
    "changes",
    [{"anytime": True}, {"sched_start": None, "sched_end": None}],
    ids=["anytime", "without any time"],
)
def test_a_visit_without_a_time_is_never_late(office: Office, changes: dict[str, Any]) -> None:
    office.read(visit(**changes), days={at("09:00").date()})
    office.run_until(at("23:59"))
    assert (office.alerts(), office.deadline()) == ([], None)


def test_a_visit_without_a_technician_is_not_late_but_unassigned(office: Office) -> None:
    office.read(visit(start=at("09:50"), technicians=()))
    office.run_until(at("11:00"))
    assert office.alerts() == []
    assert office.stands() is Standing.UNASSIGNED


@pytest.mark.parametrize("status", [Status.UNSCHEDULED, Status.UNKNOWN, *Status])
def test_only_somebody_who_is_awaited_can_be_late(tmp_path: Path, status: Status) -> None:
    office = Office(tmp_path, at("10:04"))
    office.read(visit(start=at("09:50"), status=status))
    office.run_until(at("10:06"))
    awaited = status in {Status.SCHEDULED, Status.DISPATCHED, Status.EN_ROUTE}
    assert bool(office.alerts()) is awaited


@pytest.mark.parametrize("evidence", ["arrived_at", "started_at"])
def test_a_stamp_is_evidence_whatever_the_status_word(office: Office, evidence: str) -> None:
    stamp: dict[str, Any] = {evidence: at("09:48")}
    office.read(visit(start=at("09:50"), status=Status.DISPATCHED, **stamp))
    office.run_until(at("11:30"))
    assert office.alerts() == []


def test_priority_one_is_critical_at_once(office: Office) -> None:
    office.read(visit(start=at("09:50"), priority="1"), visit("J-2", start=at("09:50"), priority="3"))
    office.run_until(at("10:05:01"))
    assert {alert.ext_id: alert.severity for alert in office.open_alerts()} == {
        "J-1042": Severity.CRITICAL,
        "J-2": Severity.WARNING,
    }


def test_the_severity_rises_at_half_an_hour_and_at_an_hour_and_never_falls(office: Office) -> None:
    office.read(visit(start=at("09:50")))
    seen = []
    for clock in ("10:05:01", "10:34:59", "10:35:01", "11:04:59", "11:05:01", "13:00"):
        office.run_until(at(clock))
        seen.append(office.open_alerts()[0].severity.value)
    assert seen == ["warning", "warning", "high", "high", "critical", "critical"]
    worsened = [look.recorded.worsened[0].updated_at for look in office.looks if look.recorded.worsened]
    assert [instant - at("10:05") for instant in worsened] == [
        minutes(30) + timedelta(milliseconds=1),
        minutes(60) + timedelta(milliseconds=1),
    ]


def test_on_the_way_and_about_to_arrive_lowers_it_by_one_step_but_never_what_was_said(office: Office) -> None:
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:36"))
    assert office.open_alerts()[0].severity is Severity.HIGH
    office.read(visit(start=at("09:50"), status=Status.EN_ROUTE, eta=at("10:45")))
    assert office.open_alerts()[0].severity is Severity.HIGH
    office.run_until(at("10:59"))
    assert office.open_alerts()[0].severity is Severity.HIGH


def test_a_late_start_with_a_near_arrival_is_told_as_info_until_the_arrival_is_overdue(office: Office) -> None:
    office.read(visit(start=at("09:50"), status=Status.EN_ROUTE, eta=at("10:15")))
    office.run_until(at("10:30"))
    assert [alert.severity for alert in office.open_alerts()] == [Severity.INFO]
    office.run_until(at("10:30:01"))
    assert [alert.severity for alert in office.open_alerts()] == [Severity.WARNING]


def test_the_technician_is_swapped_and_the_alert_stays(office: Office) -> None:
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:06"))
    (before,) = office.open_alerts()
    office.read(visit(start=at("09:50"), technicians=(LEE,)))
    office.run_until(at("10:20"))
    (after,) = office.alerts()
    assert (after.id, after.key, after.state) == (before.id, before.key, AlertState.OPEN)
    (change,) = office.store.schedules.history(key())
    old, new = change.changes["technicians"]
    assert (old[0]["name"], new[0]["name"]) == ("J. Ortiz", "M. Lee")


def test_an_alert_resolved_by_hand_never_opens_again_for_the_same_deadline(office: Office) -> None:
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:06"))
    assert office.desk.resolve([1], SAM, office.now, note="he called in")[0].done
    office.catch_up()
    office.run_until(at("12:00"))
    office.restart()
    office.run_until(at("12:30"))
    (alert,) = office.alerts()
    assert (alert.state, alert.outcome, alert.resolution) == (
        AlertState.RESOLVED,
        Outcome.BY_HAND,
        "Sam closed it: he called in",
    )


def test_a_new_deadline_after_one_resolved_by_hand_is_a_new_alert(office: Office) -> None:
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:06"))
    office.desk.resolve([1], SAM, office.now)
    office.catch_up()
    office.read(visit(start=at("10:30")))
    office.run_until(at("10:46"))
    assert [alert.due_at for alert in office.open_alerts()] == [at("10:45")]


def test_snooze_never_holds_back_that_it_is_over(office: Office) -> None:
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:06"))
    office.desk.snooze([1], SAM, office.now, until=at("12:00"))
    office.catch_up()
    office.read(visit(start=at("09:50"), status=Status.ARRIVED, arrived_at=at("10:06")))
    assert office.open_alerts() == []
    assert office.alerts()[0].resolved_at == at("10:06")


def test_a_first_look_at_an_old_file_flags_nothing_older_than_twelve_hours(tmp_path: Path) -> None:
    office = Office(tmp_path, at("2026-11-11 08:00"))
    old = at("2026-11-10 19:44:59")
    office.read(visit("J-1", start=old), visit("J-2", start=old + seconds(1)))
    assert [alert.ext_id for alert in office.open_alerts()] == ["J-2"]


def test_an_alert_older_than_the_look_back_stays_open_until_something_ends_it(office: Office) -> None:
    office.read(visit(start=at("09:50")))
    office.run_until(at("10:06"))
    office.clock.advance(hours(13))
    office.poll()
    assert [alert.state for alert in office.alerts()] == [AlertState.OPEN]
