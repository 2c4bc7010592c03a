"""What is believed, what is not, and what is said of it: from the readings to the alert (study 4.2, 13 to 15)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Outcome, Severity
from dispatchwatch.domain.visit import Status
from tests.fakes.office import ALL_KINDS, FEED, SAM, WEEKDAYS_7_TO_18, Office, at, key, minutes, seconds, visit

MINE = {
    AlertKind.STALE_FEED,
    AlertKind.FEED_SHRUNK,
    AlertKind.CLOCK_SKEW,
    AlertKind.STATUS_CONFLICT,
    AlertKind.UNMAPPED_STATUS,
}
WRONG: dict[str, Any] = {
    "status": Status.COMPLETED,
    "status_raw": "Done",
    "started_at": at("09:30"),
    "completed_at": at("09:10"),
}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("09:00"), kinds=ALL_KINDS)


def of(office: Office, kind: AlertKind) -> list[Alert]:
    return [alert for alert in office.alerts() if alert.kind is kind]


def became(office: Office, kind: AlertKind) -> list[tuple[AlertState, Outcome | None]]:
    return [(alert.state, alert.outcome) for alert in of(office, kind)]


# Facts that contradict


def test_a_contradiction_is_told_once_and_is_over_when_it_is_corrected(office: Office) -> None:
    office.read(visit())
    office.run_until(at("09:40"))
    office.says(visit(**WRONG))
    office.run_until(at("09:50"))
    (alert,) = of(office, AlertKind.STATUS_CONFLICT)
    assert (alert.severity, alert.state, alert.due_at) == (Severity.INFO, AlertState.OPEN, at("09:40"))
    office.says(visit(**{**WRONG, "completed_at": at("09:48")}))
    office.run_until(at("10:00"))
    assert became(office, AlertKind.STATUS_CONFLICT) == [(AlertState.RESOLVED, Outcome.REMEDIED)]
    assert office.watched().visit.completed_at == at("09:48")


def test_another_set_of_contradictions_is_another_alert(office: Office) -> None:
    office.read(visit())
    office.read(visit(**WRONG))
    office.read(visit(**WRONG, sched_end=at("09:00")))
    first, second = of(office, AlertKind.STATUS_CONFLICT)
    assert (first.state, second.state) == (AlertState.RESOLVED, AlertState.OPEN)


def test_reading_the_same_contradiction_again_writes_nothing(office: Office) -> None:
    office.clock.advance_to(at("09:40"))
    office.read(visit(**WRONG))
    before = office.contents()
    office.poll()
    office.look()
    assert office.contents() == before


def test_a_job_completed_without_an_arrival_is_no_contradiction(office: Office) -> None:
    office.read(visit())
    office.clock.advance_to(at("11:00"))
    office.read(visit(status=Status.COMPLETED, status_raw="Done", completed_at=at("10:55")))
    assert of(office, AlertKind.STATUS_CONFLICT) == []


def test_rows_that_do_not_agree_are_told_until_they_do(office: Office) -> None:
    office.also_told = {"repeated": frozenset({"J-1042"})}
    office.read(visit())
    assert [alert.key for alert in of(office, AlertKind.STATUS_CONFLICT)] == ["status_conflict|today|J-1042|repeated"]
    office.also_told = {}
    office.read(visit(notes="one row"))
    assert became(office, AlertKind.STATUS_CONFLICT) == [(AlertState.RESOLVED, Outcome.REMEDIED)]


def test_an_arrival_in_the_future_is_no_arrival_until_its_time_has_come(office: Office) -> None:
    """Somebody types 11:30 into the column of arrivals. Nobody is there at 10:05; and the file does not change."""
    office.read(visit(arrived_at=at("11:30"), status_raw="Scheduled"))
    office.run_until(at("10:06"))
    assert [alert.kind for alert in office.open_alerts()] == [AlertKind.STATUS_CONFLICT, AlertKind.LATE_CHECK_IN]
    office.run_until(at("11:29:59"))
    assert office.watched().visit.arrived_at is None
    office.run_until(at("11:30:30"))
    assert office.watched().visit.arrived_at == at("11:30")
    assert became(office, AlertKind.STATUS_CONFLICT) == [(AlertState.RESOLVED, Outcome.REMEDIED)]


def test_the_desks_word_does_not_hide_what_the_source_still_says(office: Office) -> None:
    office.read(visit(sched_end=at("09:00")))
    assert office.desk.check_in(key(), at("08:59"), SAM, office.now).done
    office.catch_up()
    assert became(office, AlertKind.STATUS_CONFLICT) == [(AlertState.OPEN, None)]


# Words nobody knows


def test_a_word_never_seen_is_told_once_and_the_visit_keeps_its_status(office: Office) -> None:
    office.read(visit(status=Status.EN_ROUTE), visit("J-2", start=at("15:00")))
    office.says(
        visit(status=Status.UNKNOWN, status_raw="Foo"),
        visit("J-2", start=at("15:00"), status=Status.UNKNOWN, status_raw="foo"),
    )
    office.run(minutes(30))
    (alert,) = of(office, AlertKind.UNMAPPED_STATUS)
    assert (alert.key, alert.ext_id, alert.facts["visits"]) == ("unmapped_status|today||foo", "", "2")
    assert office.watched().visit.status is Status.EN_ROUTE
    office.read(visit(status=Status.EN_ROUTE, status_raw="Foo"), visit("J-2", start=at("15:00"), status_raw="foo"))
    assert became(office, AlertKind.UNMAPPED_STATUS) == [(AlertState.RESOLVED, Outcome.REMEDIED)]


# Schedules that stand still


def stand_still(office: Office, until: str) -> None:
    """The file was last written at nine, and is read again and again."""
    office.also_told = {"source_at": at("09:00")}
    office.read(visit(), visit("J-2", start=at("15:00")))
    office.run_until(at(until))


def test_an_export_that_is_not_rewritten_while_work_is_due_is_out_of_date(office: Office) -> None:
    stand_still(office, "10:59:59")
    assert of(office, AlertKind.STALE_FEED) == []
    office.run_until(at("11:00:01"))
    assert [alert.severity for alert in of(office, AlertKind.STALE_FEED)] == [Severity.HIGH]
    office.run_until(at("11:30:01"))
    assert [alert.severity for alert in of(office, AlertKind.STALE_FEED)] == [Severity.CRITICAL]
    assert AlertKind.LATE_CHECK_IN in {alert.kind for alert in office.alerts()}, "it waits for nothing"
    office.says(visit(status=Status.EN_ROUTE), visit("J-2", start=at("15:00")))
    office.run_until(at("11:31"))
    assert became(office, AlertKind.STALE_FEED) == [(AlertState.RESOLVED, Outcome.RECOVERED)]


def test_an_export_that_is_rewritten_with_the_same_content_is_alive(office: Office) -> None:
    office.read(visit(), visit("J-2", start=at("15:00")))
    office.run_until(at("12:00"))
    assert of(office, AlertKind.STALE_FEED) == []


def test_a_source_that_tells_no_times_of_its_own_counts_from_its_last_change(office: Office) -> None:
    office.also_told = {"source_at": None}
    office.read(visit(), visit("J-2", start=at("15:00")))
    office.clock.advance_to(at("09:30"))
    office.read(visit(notes="new"), visit("J-2", start=at("15:00")))
    office.run_until(at("11:29:59"))
    assert of(office, AlertKind.STALE_FEED) == []
    office.run_until(at("11:30:01"))
    assert [alert.due_at for alert in of(office, AlertKind.STALE_FEED)] == [at("11:30")]


def test_an_old_file_found_at_the_start_is_out_of_date_at_once(tmp_path: Path) -> None:
    office = Office(tmp_path, at("10:30"), kinds=ALL_KINDS)
    office.also_told = {"source_at": at("06:00")}
    office.read(visit())
    assert [alert.severity for alert in of(office, AlertKind.STALE_FEED)] == [Severity.CRITICAL]


def test_overnight_a_schedule_may_stand_still(tmp_path: Path) -> None:
    office = Office(tmp_path, at("16:30"), kinds=ALL_KINDS, office_hours=WEEKDAYS_7_TO_18, interval=minutes(10))
    office.also_told = {"source_at": at("16:30")}
    office.read(visit(start=at("17:00")), visit("J-2", start=at("2026-11-11 15:00")))
    office.run_until(at("2026-11-11 07:29:59"))
    assert of(office, AlertKind.STALE_FEED) == []
    office.run_until(at("2026-11-11 07:30:01"))
    assert [alert.severity for alert in of(office, AlertKind.STALE_FEED)] == [Severity.HIGH]


def test_what_stood_still_and_then_can_not_be_read_is_one_thing_wrong_at_a_time(office: Office) -> None:
    stand_still(office, "11:10")
    office.fail("gone")
    office.run_until(at("11:20"))
    frozen, unread = of(office, AlertKind.STALE_FEED)
    assert (frozen.state, frozen.outcome) == (AlertState.RESOLVED, Outcome.BECAME_WORSE)
    assert (unread.state, unread.facts["problem"]) == (AlertState.OPEN, "gone")
    office.also_told = {"source_at": None}
    office.says(visit(), visit("J-2", start=at("12:30")))
    office.run_until(at("13:19"))
    assert [alert.state for alert in of(office, AlertKind.STALE_FEED)] == [AlertState.RESOLVED] * 2
    office.run_until(at("13:21"))
    assert [alert.state for alert in of(office, AlertKind.STALE_FEED)][2:] == [AlertState.OPEN], "counted anew"


def test_one_that_stands_still_stays_one_alert_over_a_restart_and_a_failed_reading(office: Office) -> None:
    stand_still(office, "11:10")
    office.restart()
    office.run_until(at("11:15"))
    office.fail("busy")
    office.says(visit(), visit("J-2", start=at("15:00")))
    office.run_until(at("11:45"))
    assert [alert.state for alert in of(office, AlertKind.STALE_FEED)] == [AlertState.OPEN]


def test_after_a_restart_before_anything_is_read_nothing_is_said_of_it(office: Office) -> None:
    stand_still(office, "10:30")
    office.close()
    office.clock.advance_to(at("12:00"))
    office.start()
    office.look()
    assert of(office, AlertKind.STALE_FEED) == []


# Clocks


def test_a_source_whose_clock_is_ahead_is_told_once_a_day_until_it_agrees(office: Office) -> None:
    office.also_told = {"clock_ahead": minutes(7)}
    office.read(visit(start=at("2026-11-12 15:00")))
    office.run_until(at("2026-11-11 00:10"))
    assert became(office, AlertKind.CLOCK_SKEW) == [(AlertState.RESOLVED, Outcome.NOTED), (AlertState.OPEN, None)]
    office.also_told = {"clock_ahead": seconds(90)}
    office.poll()
    assert became(office, AlertKind.CLOCK_SKEW)[1] == (AlertState.OPEN, None), "between the lines it stays"
    office.also_told = {"clock_ahead": seconds(59)}
    office.poll()
    assert became(office, AlertKind.CLOCK_SKEW)[1] == (AlertState.RESOLVED, Outcome.RECOVERED)
    assert of(office, AlertKind.CLOCK_SKEW)[1].resolution == "The clocks agree again"


@pytest.mark.parametrize(
    ("ahead", "severity"),
    [
        (minutes(2), None),
        (minutes(2) + seconds(1), Severity.INFO),
        (minutes(7), Severity.INFO),
        (minutes(10) + seconds(1), Severity.HIGH),
        (minutes(61), None),
    ],
)
def test_arrivals_from_the_future_show_that_a_clock_is_ahead(
    office: Office, ahead: timedelta, severity: Severity | None
) -> None:
    office.read(visit())
    office.clock.advance_to(at("10:04"))
    office.read(visit(status=Status.ARRIVED, status_raw="On Site", arrived_at=at("10:04") + ahead))
    found = of(office, AlertKind.CLOCK_SKEW)
    assert [alert.severity for alert in found] == ([severity] if severity else [])
    assert office.watched().visit.checked_in


def test_a_later_arrival_that_hides_the_lead_says_nothing_and_the_next_day_ends_it(tmp_path: Path) -> None:
    office = Office(tmp_path, at("09:00"), kinds=ALL_KINDS, interval=minutes(5))
    ahead = visit(status=Status.ARRIVED, status_raw="On Site", arrived_at=at("09:07"))
    office.read(ahead)
    for clock, stamp in (("09:30", "09:25"), ("09:40", "09:41")):
        office.clock.advance_to(at(clock))
        office.read(ahead, visit("J-2", status=Status.ARRIVED, status_raw="On Site", arrived_at=at(stamp)))
        assert office.watch.feeds[FEED].stamps_ahead == minutes(7)
    office.run_until(at("23:59"))
    assert became(office, AlertKind.CLOCK_SKEW) == [(AlertState.OPEN, None)]
    office.run_until(at("2026-11-11 00:00:01"))
    assert became(office, AlertKind.CLOCK_SKEW) == [(AlertState.RESOLVED, Outcome.NOTED)]


def test_with_a_clock_seven_minutes_ahead_the_receipt_decides_who_was_on_time(office: Office) -> None:
    """Deadline 10:05; read at 10:04 with the stamp 10:11: he was there in time, whatever the stamp says."""
    office.read(visit())
    office.run_until(at("10:06"))
    office.read(visit(status=Status.ARRIVED, status_raw="On Site", arrived_at=at("10:13")))
    (late,) = of(office, AlertKind.LATE_CHECK_IN)
    assert late.resolution.startswith("J. Ortiz checked in at 10:06 CST, 1 min late")
    assert [alert.severity for alert in of(office, AlertKind.CLOCK_SKEW)] == [Severity.INFO]


def test_a_restart_forgets_none_of_it(office: Office) -> None:
    office.clock.advance_to(at("09:40"))
    office.read(
        visit(**WRONG),
        visit("J-2", start=at("15:00"), status=Status.UNKNOWN, status_raw="Foo"),
        visit("J-3", start=at("16:00"), status=Status.ARRIVED, status_raw="On Site", arrived_at=at("09:47")),
    )
    before = [(alert.key, alert.state) for alert in office.alerts() if alert.kind in MINE]
    assert len(before) == 3
    office.restart()
    office.run(minutes(5))
    assert [(alert.key, alert.state) for alert in office.alerts() if alert.kind in MINE] == before
    assert office.watch.feeds[FEED].stamps_ahead == minutes(7)
