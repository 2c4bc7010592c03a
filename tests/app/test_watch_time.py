"""Start-up, sleep, clocks that people set, zones, daylight saving and midnight (study 4.3)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.app.awakening import Awakening, Gap
from dispatchwatch.domain.alert import AlertKind, AlertState, Severity
from dispatchwatch.domain.calendars import day_bounds
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Site, Status
from tests.fakes.office import (
    CHICAGO,
    FEED,
    Office,
    at,
    hours,
    minutes,
    seconds,
    utc,
    visit,
)

DENVER = ZoneInfo("America/Denver")


def test_started_at_eleven_with_a_miss_of_nine_raises_it_once_and_says_so(tmp_path: Path) -> None:
    office = Office(tmp_path, at("11:00"))
    assert office.alerts() == []
    office.read(visit(start=at("09:00")))
    office.run_until(at("12:30"))
    (alert,) = office.alerts()
    assert alert.found_at_start
    assert (alert.due_at, alert.severity) == (at("09:15"), Severity.CRITICAL)
    assert [toast.alert_ids for toast in office.toasts] == [(alert.id,)]


@pytest.mark.parametrize("count", [2, 3, 40])
def test_several_misses_found_at_the_start_are_one_toast(tmp_path: Path, count: int) -> None:
    office = Office(tmp_path, at("11:00"))
    office.read(*(visit(f"J-{n}", start=at("09:00")) for n in range(count)))
    assert len(office.alerts()) == count
    (toast,) = office.toasts
    assert toast.title == f"{count} alerts while nobody was watching"
    assert len(toast.alert_ids) == count


def test_a_few_alerts_at_once_are_a_toast_each_and_more_are_one(tmp_path: Path) -> None:
    for count, toasts in ((3, 3), (4, 1)):
        office = Office(tmp_path / str(count), at("09:00"))
        office.read(*(visit(f"J-{n}", start=at("09:00")) for n in range(count)))
        office.run_until(at("09:16"))
        assert len(office.toasts) == toasts


def test_a_restart_raises_nothing_again(tmp_path: Path) -> None:
    office = Office(tmp_path, at("09:00"))
    office.read(visit(start=at("09:00")))
    office.run_until(at("09:20"))
    office.restart()
    office.run_until(at("09:40"))
    assert len(office.alerts()) == 1
    assert len(office.toasts) == 1


def test_nothing_is_raised_from_what_was_known_before_the_program_started(tmp_path: Path) -> None:
    office = Office(tmp_path, at("09:00"))
    office.read(visit(start=at("09:00")))
    office.close()
    office.clock.advance(minutes(20))
    office.start()
    office.look()
    assert office.alerts() == []
    office.poll()
    assert [alert.found_at_start for alert in office.alerts()] == [True]


@pytest.mark.parametrize("counted", [True, False], ids=["Linux counts sleep", "elsewhere it looks like a step"])
def test_asleep_for_three_hours_nothing_is_raised_from_the_old_snapshot(tmp_path: Path, counted: bool) -> None:
    """Two visits fell due meanwhile; one of them was kept, as the first reading after waking tells."""
    office = Office(tmp_path, at("09:00"))
    awaited = [visit("J-1", start=at("10:00")), visit("J-2", start=at("10:00"))]
    office.read(*awaited)
    office.run_until(at("09:30"))
    office.sleep(hours(3), counted=counted)
    assert office.alerts() == []
    office.read(visit("J-1", start=at("10:00"), status=Status.ARRIVED, arrived_at=at("10:02")), awaited[1])
    office.run(minutes(2))
    assert [(alert.ext_id, alert.found_at_start) for alert in office.alerts()] == [("J-2", True)]


def test_forty_misses_during_sleep_are_one_toast(tmp_path: Path) -> None:
    office = Office(tmp_path, at("09:00"))
    office.read(*(visit(f"J-{n}", start=at("10:00")) for n in range(40)))
    office.sleep(hours(3))
    office.poll()
    assert (len(office.alerts()), len(office.toasts)) == (40, 1)


def test_a_feed_that_fails_after_waking_is_stale_counting_from_the_waking(tmp_path: Path) -> None:
    office = Office(tmp_path, at("09:00"))
    office.read(visit(start=at("15:00")))
    office.sleep(hours(3))
    office.fail("the network is not there yet")
    assert office.alerts() == []
    office.run_until(at("12:05:01"))
    (alert,) = office.alerts()
    assert (alert.kind, alert.severity) == (AlertKind.STALE_FEED, Severity.HIGH)


def test_a_clock_set_back_an_hour_neither_ends_nor_doubles_an_open_alert(tmp_path: Path) -> None:
    office = Office(tmp_path, at("09:00"))
    office.read(visit(start=at("09:00")))
    office.run_until(at("09:20"))
    office.set_clock(at("08:20"))
    office.run_until(at("09:40"))
    assert [alert.state for alert in office.alerts()] == [AlertState.OPEN]


def test_a_clock_set_forward_an_hour_and_back_again_raises_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path, at("09:00"))
    office.read(visit(start=at("10:00")))
    office.run_until(at("09:30"))
    office.set_clock(at("10:30"))
    office.run(seconds(45))
    office.set_clock(at("09:30:45"))
    office.run_until(at("10:14"))
    assert office.alerts() == []
    office.run_until(at("10:16"))
    assert len(office.alerts()) == 1


def test_a_clock_that_stays_set_forward_is_believed_after_a_minute(tmp_path: Path) -> None:
    office = Office(tmp_path, at("09:00"))
    office.read(visit(start=at("10:00")))
    office.set_clock(at("10:30"))
    office.run(seconds(59))
    assert office.alerts() == []
    office.run(seconds(32))
    assert len(office.alerts()) == 1


def test_a_clock_set_forward_does_not_withdraw_a_visit_that_one_reading_lacked(tmp_path: Path) -> None:
    office = Office(tmp_path, at("09:00"))
    other = visit("J-2", start=at("16:00"))
    office.read(visit(start=at("09:00")), other)
    office.run_until(at("09:20"))
    office.read(other)
    office.set_clock(at("10:20"))
    assert [alert.state for alert in office.alerts()] == [AlertState.OPEN]


def test_after_the_clock_was_set_back_a_failing_feed_is_stale_as_soon_as_ever(tmp_path: Path) -> None:
    office = Office(tmp_path, at("10:00"))
    office.read(visit(start=at("15:00")))
    office.set_clock(at("09:00"))
    office.fail("gone")
    office.run_until(at("09:07"))
    assert [alert.kind for alert in office.alerts()] == [AlertKind.STALE_FEED]


def test_what_was_read_by_a_clock_since_set_back_is_not_fresh(tmp_path: Path) -> None:
    office = Office(tmp_path, at("10:00"))
    office.read(visit(start=at("15:00")))
    office.set_clock(at("09:00"))
    assert office.watch.facts(office.now).fresh_feeds() == frozenset()
    office.run(seconds(91))
    assert office.watch.facts(office.now).fresh_feeds() == {FEED}


@pytest.mark.parametrize(
    ("passed", "step", "found"),
    [
        (seconds(1), seconds(0), None),
        (seconds(14.9), seconds(0), None),
        (seconds(15), seconds(0), Gap(seconds(15), seconds(0))),
        (hours(3), seconds(0), Gap(hours(3), seconds(0))),
        (seconds(1), seconds(4.9), None),
        (seconds(1), seconds(5), Gap(seconds(1), seconds(5))),
        (seconds(1), hours(-1), Gap(seconds(1), hours(-1))),
        (hours(3), hours(1), Gap(hours(3), hours(1))),
    ],
)
def test_a_gap_is_told_from_time_that_passed_as_it_should(
    passed: timedelta, step: timedelta, found: Gap | None
) -> None:
    awakening = Awakening(at("09:00"), 50.0)
    assert awakening.observe(at("09:00") + passed + step, 50.0 + passed.total_seconds()) == found
    assert awakening.observe(at("09:00") + passed + step + seconds(1), 51.0 + passed.total_seconds()) is None


def test_only_a_clock_that_was_set_has_to_settle() -> None:
    assert Gap(hours(3), timedelta()).trust_from == timedelta()
    assert Gap(seconds(1), hours(1)).trust_from == seconds(60)


def test_the_deadline_of_the_spring_night_is_an_instant(tmp_path: Path) -> None:
    """2026-03-08, Chicago: 01:50 CST plus a grace of 15 minutes is 03:05 CDT, a quarter of an hour later."""
    office = Office(tmp_path, at("2026-03-08 01:00"))
    office.read(visit(start=at("2026-03-08 01:50")))
    assert office.deadline() == at("2026-03-08 03:05") == utc("2026-03-08 08:05")
    office.run(minutes(65))
    assert office.alerts() == []
    office.run(minutes(1))
    (alert,) = office.alerts()
    assert alert.raised_at - at("2026-03-08 01:50") < minutes(16)


def test_the_deadline_of_the_autumn_night_comes_once_and_is_the_first(tmp_path: Path) -> None:
    """2026-11-01 01:30 in Chicago comes twice; the first is meant. The countdown never jumps."""
    office = Office(tmp_path, utc("2026-11-01 05:30"))
    office.read(visit(start=at("2026-11-01 01:15")))
    deadline = office.deadline()
    assert deadline == utc("2026-11-01 06:30")
    left = []
    while office.now < utc("2026-11-01 08:30"):
        left.append(deadline - office.now)
        office.clock.advance(minutes(10))
        office.poll()
    assert {before - after for before, after in pairwise(left)} == {minutes(10)}
    assert [alert.due_at for alert in office.alerts()] == [utc("2026-11-01 06:30")]


@pytest.mark.parametrize(
    ("day", "length"),
    [(date(2026, 11, 1), hours(25)), (date(2026, 3, 8), hours(23)), (date(2026, 11, 10), hours(24))],
)
def test_a_day_is_as_long_as_it_is(day: date, length: timedelta) -> None:
    start, end = day_bounds(day, CHICAGO)
    assert end - start == length


def test_office_in_chicago_and_site_in_denver(tmp_path: Path) -> None:
    """09:00 at the site is 10:00 at the office; the deadline is told in the site's time."""
    office = Office(tmp_path, at("09:00"))
    office.read(visit(start=at("09:00", DENVER), site=Site("Mile High", "America/Denver")))
    office.run_until(at("10:15"))
    assert office.alerts() == []
    office.run_until(at("10:20"))
    office.read(
        visit(
            start=at("09:00", DENVER),
            site=Site("Mile High", "America/Denver"),
            status=Status.ARRIVED,
            arrived_at=at("10:19"),
        )
    )
    (alert,) = office.alerts()
    assert alert.resolution == "J. Ortiz checked in at 09:19 MST, 4 min late, reported 1 min later"
    assert "was due" not in office.toasts[0].body
    assert "due 09:15 MST" in office.toasts[0].body


def test_a_visit_over_midnight_is_late_by_its_instant(tmp_path: Path) -> None:
    office = Office(tmp_path, at("22:00"))
    night = visit(start=at("22:30"), sched_end=at("2026-11-11 01:30"), window_end=at("2026-11-11 00:05"))
    office.read(night)
    office.run_until(at("2026-11-11 00:20"))
    assert office.alerts() == []
    office.run_until(at("2026-11-11 00:20:01"))
    (alert,) = office.alerts()
    assert alert.key.endswith("2026-11-11T06:20Z")
    office.run_until(at("2026-11-11 03:00"))
    assert len(office.alerts()) == 1


def test_a_visit_over_midnight_belongs_to_the_file_of_the_day_it_begins_on(tmp_path: Path) -> None:
    office = Office(tmp_path, at("22:00"))
    office.read(visit(start=at("22:30"), sched_end=at("2026-11-11 01:30")))
    office.clock.advance(hours(3))
    office.read(visit("K-1", start=at("2026-11-11 09:00")))
    assert office.watched().missing_since is None
    assert office.stands() is Standing.LATE
