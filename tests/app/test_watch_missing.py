"""Visits that vanish from the schedule, from the readings to the alert (study 4.2, kind 12, and its rows of 4.3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dispatchwatch.app.looking import Reading
from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Outcome, Severity
from dispatchwatch.domain.visit import Status, Visit
from tests.fakes.office import ALL_KINDS, DAY, FEED, SAM, Office, at, key, minutes, seconds, visit

TOMORROW = at("2026-11-11 12:00")
OTHERS = tuple(visit(f"K-{number}", start=TOMORROW + minutes(150 * number)) for number in range(3))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("09:00"), kinds=ALL_KINDS)


def lost(**more: object) -> Visit:
    return visit("J-1", start=TOMORROW - minutes(60), **more)


def missing(office: Office) -> list[Alert]:
    return [alert for alert in office.alerts() if alert.kind is AlertKind.JOB_MISSING]


def test_a_visit_that_two_complete_readings_lack_is_missing_after_five_minutes(office: Office) -> None:
    office.read(lost(), *OTHERS)
    office.run_until(at("09:10"))
    office.says(*OTHERS)
    office.run_until(at("09:14:59"))
    assert missing(office) == []
    office.clock.advance_to(at("09:15"))
    office.poll()
    (alert,) = missing(office)
    assert (alert.ext_id, alert.severity, alert.key) == ("J-1", Severity.WARNING, "job_missing|today|J-1|1")
    assert not alert.found_at_start


def test_it_becomes_high_a_day_before_its_start(office: Office) -> None:
    office.read(lost(), *OTHERS)
    office.says(*OTHERS)
    office.run_until(at("10:59:59"))
    assert [alert.severity for alert in missing(office)] == [Severity.WARNING]
    office.run_until(at("11:00:01"))
    assert [alert.severity for alert in missing(office)] == [Severity.HIGH]


def test_a_visit_that_is_back_at_the_next_reading_was_never_missing(office: Office) -> None:
    for _ in range(4):
        office.read(lost(), *OTHERS)
        office.run(minutes(3))
        office.read(*OTHERS)
        office.run(minutes(3))
    assert missing(office) == []


def test_back_in_the_schedule_it_is_over_and_gone_again_it_is_a_new_alert(office: Office) -> None:
    office.read(lost(), *OTHERS)
    for start in ("09:05", "09:35"):
        office.says(*OTHERS)
        office.run_until(at(start) + minutes(10))
        office.says(lost(), *OTHERS)
        office.run_until(at(start) + minutes(20))
    first, second = missing(office)
    assert [one.state for one in (first, second)] == [AlertState.RESOLVED] * 2
    assert (first.outcome, first.resolution) == (Outcome.REMEDIED, "The visit is back in the schedule at 09:15 CST")
    assert second.key == "job_missing|today|J-1|2"


def test_a_cancellation_that_comes_late_ends_it(office: Office) -> None:
    office.read(lost(), *OTHERS)
    office.says(*OTHERS)
    office.run_until(at("09:15"))
    office.read(lost(status=Status.CANCELLED), *OTHERS)
    (alert,) = missing(office)
    assert (alert.state, alert.outcome) == (AlertState.RESOLVED, Outcome.CANCELLED)


def test_cancelled_and_then_deleted_it_is_not_missing(office: Office) -> None:
    office.read(lost(), *OTHERS)
    office.read(lost(status=Status.CANCELLED), *OTHERS)
    office.says(*OTHERS)
    office.run_until(at("09:30"))
    assert missing(office) == []


def test_cancelled_at_the_desk_it_is_over(office: Office) -> None:
    office.read(lost(), *OTHERS)
    office.says(*OTHERS)
    office.run_until(at("09:15"))
    assert office.desk.cancel(key("J-1"), SAM, office.now).done
    office.catch_up()
    office.run_until(at("09:40"))
    assert [(alert.state, alert.outcome) for alert in missing(office)] == [(AlertState.RESOLVED, Outcome.CANCELLED)]


def test_an_arrival_told_at_the_desk_does_not_put_it_back_in_the_schedule(office: Office) -> None:
    office.read(lost(), *OTHERS)
    office.says(*OTHERS)
    office.run_until(at("09:15"))
    assert office.desk.check_in(key("J-1"), at("09:10"), SAM, office.now).done
    office.catch_up()
    office.run_until(at("09:40"))
    assert [alert.state for alert in missing(office)] == [AlertState.OPEN]
    assert office.watched("J-1").disappearances == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_under_another_number_it_is_the_same_visit(office: Office, at_once: bool) -> None:
    office.read(lost(order_ref="W-1"), *OTHERS)
    renumbered = replace(lost(order_ref="W-1"), ext_id="J-77")
    if not at_once:
        office.says(*OTHERS)
        office.run_until(at("09:15"))
    office.says(renumbered, *OTHERS)
    office.run_until(at("09:40"))
    found = [(alert.outcome, alert.resolution) for alert in missing(office)]
    text = "The visit is back in the schedule at 09:15 CST"
    assert found == ([] if at_once else [(Outcome.REMEDIED, text)])


def test_once_its_day_is_over_it_is_noted(tmp_path: Path) -> None:
    office = Office(tmp_path, at("09:00"), kinds=[AlertKind.JOB_MISSING], interval=minutes(10))
    office.read(lost(), *OTHERS)
    office.says(*OTHERS)
    office.run_until(at("2026-11-12 10:59:59"))
    assert [alert.state for alert in missing(office)] == [AlertState.OPEN]
    office.run_until(at("2026-11-12 11:00:01"))
    assert [(alert.state, alert.outcome) for alert in missing(office)] == [(AlertState.RESOLVED, Outcome.NOTED)]


def test_an_empty_list_is_a_shrunken_feed_and_not_thirty_missing_visits(office: Office) -> None:
    office.read(*(visit(f"J-{number}", start=TOMORROW + minutes(number)) for number in range(30)))
    office.says()
    office.run_until(at("09:40"))
    assert missing(office) == []
    assert AlertKind.FEED_SHRUNK in {alert.kind for alert in office.open_alerts()}


def test_what_a_page_that_was_cut_off_lacks_is_not_missing(office: Office) -> None:
    office.read(lost(), *OTHERS)
    office.says(*OTHERS, complete=False)
    office.run_until(at("09:40"))
    assert missing(office) == []
    for _ in range(3):
        cut = replace(office.snapshot(OTHERS, complete=False), lacking="page 2 could not be read.")
        office.look(Reading(FEED, office.now, cut))
        office.clock.advance(minutes(4))
    assert missing(office) == []


def test_missing_once_and_then_told_of_by_a_cut_page_it_is_not_counted_as_missing_twice(office: Office) -> None:
    """The reading that comes again and again holds the visit; an earlier, whole one did not."""
    office.read(lost(), *OTHERS)
    office.read(*OTHERS)
    office.says(lost(), complete=False)
    office.run_until(at("09:40"))
    assert (missing(office), office.watched("J-1").missing_since) == ([], None)


def test_days_that_a_reading_does_not_cover_can_not_lack_a_visit(office: Office) -> None:
    office.read(lost(), *OTHERS)
    office.says(visit("J-2", start=at("15:00")), days={DAY})
    office.run_until(at("09:40"))
    assert missing(office) == []


def test_while_the_feed_can_not_be_read_nothing_goes_missing(office: Office) -> None:
    office.read(lost(), *OTHERS)
    office.read(*OTHERS)
    office.fail("gone")
    office.run_until(at("09:40"))
    assert missing(office) == []


def test_a_visit_missed_while_nobody_watched_needs_two_new_readings(office: Office) -> None:
    office.read(lost(), *OTHERS)
    office.close()
    office.clock.advance(minutes(60))
    office.start()
    office.says(*OTHERS)
    office.run(minutes(5) - seconds(1))
    assert missing(office) == []
    office.run(seconds(31))
    assert len(missing(office)) == 1


def test_a_missing_visit_stays_one_alert_over_a_restart(office: Office) -> None:
    office.read(lost(), *OTHERS)
    office.says(*OTHERS)
    office.run_until(at("09:20"))
    office.restart()
    office.run_until(at("09:50"))
    assert [alert.state for alert in missing(office)] == [AlertState.OPEN]
