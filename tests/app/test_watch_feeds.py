"""Feeds that fail, go stale, shrink or tell only of what changed (study 4.2, kinds 13 and 13b)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dispatchwatch.app.looking import Reading
from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Outcome, Severity
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Status, Visit
from tests.fakes.office import (
    DAY,
    FEED,
    SAM,
    WEEKDAYS_7_TO_18,
    Office,
    at,
    hours,
    key,
    minutes,
    seconds,
    visit,
)


def of_kind(office: Office, kind: AlertKind) -> list[Alert]:
    return [alert for alert in office.alerts() if alert.kind is kind]


def day_of(count: int) -> tuple[Visit, ...]:
    return tuple(visit(f"J-{n}", start=at("16:00") + minutes(n)) for n in range(count))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("09:00"))


@pytest.mark.parametrize(
    ("interval", "limit"),
    [(seconds(30), minutes(5)), (minutes(1), minutes(5)), (minutes(2), minutes(6)), (minutes(4), minutes(12))],
)
def test_a_feed_is_stale_after_three_intervals_but_never_before_five_minutes(
    tmp_path: Path, interval: object, limit: object
) -> None:
    assert isinstance(interval, type(minutes(1)))
    assert isinstance(limit, type(minutes(1)))
    office = Office(tmp_path, at("09:00"), interval=interval)
    office.read(visit(start=at("15:00")))
    last_good = office.now
    office.fail("exports/today.csv is not there.")
    office.run_until(last_good + limit - seconds(1))
    assert office.alerts() == []
    office.run_until(last_good + limit + seconds(1))
    (alert,) = office.open_alerts()
    assert (alert.kind, alert.severity, alert.due_at) == (AlertKind.STALE_FEED, Severity.HIGH, last_good + limit)
    assert alert.facts["problem"] == "exports/today.csv is not there."
    assert alert.found_at_start is False


def test_a_stale_feed_is_critical_at_thirty_minutes_and_over_when_it_can_be_read(office: Office) -> None:
    office.read(visit(start=at("15:00")))
    office.fail("gone")
    office.run_until(at("09:29:59"))
    assert [alert.severity for alert in office.open_alerts()] == [Severity.HIGH]
    office.run_until(at("09:30:01"))
    assert [alert.severity for alert in office.open_alerts()] == [Severity.CRITICAL]
    office.read(visit(start=at("15:00")))
    (alert,) = office.alerts()
    assert (alert.state, alert.outcome) == (AlertState.RESOLVED, Outcome.RECOVERED)


def test_each_failing_spell_is_an_alert_of_its_own(office: Office) -> None:
    for start in ("09:00", "10:00"):
        office.clock.advance_to(at(start))
        office.read(visit(start=at("15:00")))
        office.clock.advance(minutes(1))
        office.fail("gone")
        office.run(minutes(10))
        office.read(visit(start=at("15:00")))
    assert [alert.state for alert in office.alerts()] == [AlertState.RESOLVED] * 2


def test_one_failure_between_good_readings_is_no_alert(office: Office) -> None:
    for _ in range(20):
        office.read(visit(start=at("15:00")))
        office.clock.advance(minutes(2))
        office.fail("busy")
        office.clock.advance(minutes(2))
    assert office.alerts() == []


def test_a_feed_that_never_could_be_read_is_stale_too(office: Office) -> None:
    office.fail("exports is not there.")
    office.run_until(at("09:05:01"))
    assert [alert.kind for alert in office.open_alerts()] == [AlertKind.STALE_FEED]


def test_outside_office_hours_nobody_is_called_but_at_the_opening_it_shows(tmp_path: Path) -> None:
    office = Office(tmp_path, at("19:00"), office_hours=WEEKDAYS_7_TO_18, interval=minutes(10))
    office.read(visit(start=at("16:00"), status=Status.COMPLETED))
    office.fail("gone")
    office.run_until(at("2026-11-11 06:59:59"))
    assert office.alerts() == []
    office.run_until(at("2026-11-11 07:00:01"))
    assert [alert.severity for alert in office.open_alerts()] == [Severity.CRITICAL]


def test_an_alert_of_the_day_is_neither_worsened_nor_ended_by_closing_time(tmp_path: Path) -> None:
    office = Office(tmp_path, at("17:50"), office_hours=WEEKDAYS_7_TO_18)
    office.read(visit(start=at("16:00"), status=Status.COMPLETED))
    office.fail("gone")
    office.run_until(at("20:00"))
    assert [(alert.severity, alert.state) for alert in office.alerts()] == [(Severity.HIGH, AlertState.OPEN)]


def test_while_a_feed_is_stale_nobody_is_called_late_and_afterwards_only_who_is(office: Office) -> None:
    awaited = [visit("J-1", start=at("09:30")), visit("J-2", start=at("09:30")), visit("J-3", start=at("15:00"))]
    office.read(*awaited)
    office.run_until(at("09:38"))
    office.fail("gone")
    office.run_until(at("10:30"))
    assert of_kind(office, AlertKind.LATE_CHECK_IN) == []
    office.read(visit("J-1", start=at("09:30"), status=Status.ARRIVED, arrived_at=at("09:31")), *awaited[1:])
    assert [alert.ext_id for alert in of_kind(office, AlertKind.LATE_CHECK_IN)] == ["J-2"]


def test_a_deadline_within_the_limit_of_the_last_good_reading_still_counts(office: Office) -> None:
    office.read(visit(start=at("09:00")))
    office.run_until(at("09:12"))
    office.fail("busy")
    office.run_until(at("09:16"))
    assert [alert.kind for alert in office.open_alerts()] == [AlertKind.LATE_CHECK_IN]


def test_an_open_alert_is_frozen_while_its_feed_is_stale(office: Office) -> None:
    office.read(visit(start=at("09:00")))
    office.run_until(at("09:16"))
    office.fail("gone")
    office.run_until(at("11:00"))
    (alert,) = of_kind(office, AlertKind.LATE_CHECK_IN)
    assert (alert.state, alert.severity) == (AlertState.OPEN, Severity.WARNING)


def test_an_arrival_entered_at_the_desk_ends_the_alert_though_the_feed_is_stale(office: Office) -> None:
    office.read(visit(start=at("09:00")))
    office.run_until(at("09:16"))
    office.fail("gone")
    office.run_until(at("09:30"))
    assert office.desk.check_in(key(), at("09:14"), SAM, office.now).done
    office.catch_up()
    (alert,) = of_kind(office, AlertKind.LATE_CHECK_IN)
    assert (alert.state, alert.outcome) == (AlertState.RESOLVED, Outcome.WAS_ON_TIME)
    office.read(visit(start=at("09:00")))
    office.run_until(at("10:30"))
    assert office.watched().visit.arrived_at == at("09:14")
    assert len(of_kind(office, AlertKind.LATE_CHECK_IN)) == 1


@pytest.mark.parametrize("count", [1, 30])
def test_an_empty_list_is_a_shrunken_feed_and_not_thirty_missing_jobs(office: Office, count: int) -> None:
    office.read(*day_of(count))
    office.run_until(at("09:10"))
    office.read()
    office.run_until(at("09:40"))
    (alert,) = office.alerts()
    assert (alert.kind, alert.severity, alert.state) == (AlertKind.FEED_SHRUNK, Severity.HIGH, AlertState.OPEN)
    assert (alert.facts["rows"], alert.facts["shrunken_rows"]) == (str(count), "0")
    assert [watched for watched in office.watch.visits.values() if watched.missing_since] == []


@pytest.mark.parametrize(
    ("before", "after", "set_aside"),
    [(10, 5, False), (10, 4, True), (9, 4, False), (9, 1, False), (40, 20, False), (40, 19, True)],
)
def test_less_than_half_of_ten_or_more_is_too_little(office: Office, before: int, after: int, set_aside: bool) -> None:
    office.read(*day_of(before))
    office.read(*day_of(after))
    assert bool(of_kind(office, AlertKind.FEED_SHRUNK)) is set_aside
    missing = [watched for watched in office.watch.visits.values() if watched.missing_since]
    assert len(missing) == (0 if set_aside else before - after)


def test_while_a_snapshot_is_set_aside_nobody_is_called_late(office: Office) -> None:
    office.read(*day_of(20), visit("J-late", start=at("09:20")))
    office.read(*day_of(2))
    office.run_until(at("10:30"))
    assert of_kind(office, AlertKind.LATE_CHECK_IN) == []


def test_a_shrunken_feed_is_over_when_it_has_its_usual_size_again(office: Office) -> None:
    office.read(*day_of(20))
    office.read(*day_of(2))
    office.run_until(at("09:20"))
    office.read(*day_of(19))
    (alert,) = office.alerts()
    assert (alert.state, alert.outcome) == (AlertState.RESOLVED, Outcome.RECOVERED)
    assert office.watched("J-19").missing_since == at("09:20")


def test_a_shrunken_feed_accepted_by_hand_is_taken_at_the_next_reading(office: Office) -> None:
    office.read(*day_of(20))
    office.read(*day_of(2))
    assert office.desk.resolve([1], SAM, office.now)[0].done
    office.catch_up()
    office.run_until(at("09:10"))
    (alert,) = office.alerts()
    assert (alert.state, alert.outcome) == (AlertState.RESOLVED, Outcome.ACCEPTED)
    assert sum(watched.withdrawn for watched in office.watch.visits.values()) == 18
    assert office.watch.feeds[FEED].rows == 2


def test_an_empty_schedule_accepted_by_hand_leaves_nobody_to_be_late(office: Office) -> None:
    """A snow day: all visits are taken out, the file is empty, and a person says that this is right."""
    office.read(visit("J-1", start=at("09:30")), visit("J-2", start=at("10:30")))
    office.read()
    assert office.desk.resolve([1], SAM, office.now)[0].done
    office.catch_up()
    office.run_until(at("12:00"))
    assert of_kind(office, AlertKind.LATE_CHECK_IN) == []


def test_another_small_snapshot_than_the_accepted_one_is_asked_about_again(office: Office) -> None:
    office.read(*day_of(20))
    office.read(*day_of(2))
    office.desk.resolve([1], SAM, office.now)
    office.catch_up()
    office.read(*day_of(3))
    assert [alert.state for alert in office.alerts()] == [AlertState.RESOLVED, AlertState.OPEN]


def test_a_shrunken_feed_stays_set_aside_over_a_restart(office: Office) -> None:
    office.read(*day_of(20))
    office.read(*day_of(2))
    office.restart()
    office.run_until(at("09:30"))
    assert [alert.state for alert in office.alerts()] == [AlertState.OPEN]
    assert len(office.watch.visits) == 20


def test_a_new_day_without_yesterdays_visits_has_not_shrunk(office: Office) -> None:
    office.read(*day_of(20))
    office.clock.advance(hours(24))
    tomorrow = [visit(f"K-{n}", start=at("2026-11-11 16:00")) for n in range(3)]
    office.read(*tomorrow)
    assert office.alerts() == []
    assert [one for one in office.watch.visits.values() if one.missing_since] == []


def test_a_feed_that_tells_only_of_changes_loses_nothing_by_silence(office: Office) -> None:
    office.read(*day_of(20), visit("J-late", start=at("09:30")), complete=False)
    office.read(visit("J-3", start=at("16:03"), priority="1"), complete=False)
    office.run_until(at("09:46"))
    office.read(complete=False)
    assert [one for one in office.watch.visits.values() if one.missing_since] == []
    assert [(alert.kind, alert.ext_id) for alert in office.alerts()] == [(AlertKind.LATE_CHECK_IN, "J-late")]


def test_only_visits_of_the_days_a_reading_covers_can_be_missing_from_it(office: Office) -> None:
    tomorrow = visit("K-1", start=at("2026-11-11 09:00"))
    office.read(visit("J-1", start=at("15:00")), tomorrow)
    office.read(visit("J-2", start=at("15:00")), days={DAY})
    assert office.watched("J-1").missing_since == at("09:00")
    assert office.watched("K-1").missing_since is None


def test_failures_are_in_the_trail_once_per_problem(office: Office) -> None:
    office.read(visit(start=at("15:00")))
    for problem in ("gone", "gone", "locked", "locked"):
        office.fail(problem)
        office.clock.advance(seconds(30))
    office.read(visit(start=at("15:00")))
    office.read(visit(start=at("15:00")))
    actions = [entry["action"] for entry in office.entries() if entry["origin"] == "feed"]
    assert actions == ["feed_read", "feed_failed", "feed_failed", "feed_read"]


def test_a_part_that_can_not_be_read_leaves_the_rest_true_and_absence_meaningless(tmp_path: Path) -> None:
    with Office(tmp_path, at("09:00")) as office:
        office.read(visit(start=at("09:50")), visit("J-2", start=at("09:50")))
        for minute in range(1, 70):
            office.clock.advance(minutes(1))
            told = office.snapshot((visit("J-2", start=at("09:50"), arrived_at=at("09:45")),), complete=False)
            office.look(Reading(FEED, office.now, replace(told, lacking="b.csv is locked.")))
            if minute == 4:
                assert office.open_alerts() == []
        assert [(alert.kind, alert.ext_id) for alert in office.open_alerts()] == [(AlertKind.STALE_FEED, "")]
        assert office.open_alerts()[0].facts["problem"] == "b.csv is locked."
        assert office.stands("J-2") is Standing.ON_SITE
        office.read(visit(start=at("09:50")), visit("J-2", start=at("09:50"), arrived_at=at("09:45")))
        assert [alert.kind for alert in office.open_alerts()] == [AlertKind.LATE_CHECK_IN]
