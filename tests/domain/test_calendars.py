"""Local time as instants, and when the office is open (study 4.1, 4.3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.domain.calendars import OfficeHours, day_bounds, instant
from tests.fakes.office import CHICAGO, WEEKDAYS_7_TO_18, at, utc
from tests.thorough import times

NIGHT = OfficeHours(CHICAGO, {4: (time(22), time(6))})


@pytest.mark.parametrize(
    ("local", "zone", "expected", "doubtful"),
    [
        ("2026-03-08 02:30", "America/Chicago", "2026-03-08 08:30", True),
        ("2026-03-08 01:59", "America/Chicago", "2026-03-08 07:59", False),
        ("2026-03-08 03:00", "America/Chicago", "2026-03-08 08:00", False),
        ("2026-11-01 01:30", "America/Chicago", "2026-11-01 06:30", True),
        ("2026-11-01 00:59", "America/Chicago", "2026-11-01 05:59", False),
        ("2026-11-01 02:00", "America/Chicago", "2026-11-01 08:00", False),
        ("2026-11-10 09:00", "America/Denver", "2026-11-10 16:00", False),
        ("2026-11-10 09:00", "Asia/Kolkata", "2026-11-10 03:30", False),
    ],
)
def test_local_times_become_instants(local: str, zone: str, expected: str, doubtful: bool) -> None:
    found = instant(datetime.fromisoformat(local), ZoneInfo(zone))
    assert found == (utc(expected), doubtful)
    assert found[0].tzinfo is UTC


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2026-11-10 06:59:59", False),
        ("2026-11-10 07:00", True),
        ("2026-11-10 17:59:59", True),
        ("2026-11-10 18:00", False),
        ("2026-11-14 12:00", False),
    ],
)
def test_office_hours_to_the_second(now: str, is_open: bool) -> None:
    assert WEEKDAYS_7_TO_18.open_at(at(now)) is is_open


@pytest.mark.parametrize(
    ("now", "change"),
    [
        ("2026-11-10 06:00", "2026-11-10 07:00"),
        ("2026-11-10 07:00", "2026-11-10 18:00"),
        ("2026-11-13 18:00", "2026-11-16 07:00"),
    ],
)
def test_when_the_office_opens_or_closes_next(now: str, change: str) -> None:
    assert WEEKDAYS_7_TO_18.next_change(at(now)) == at(change)


def test_without_hours_the_office_is_always_open() -> None:
    always = OfficeHours(CHICAGO)
    assert always.open_at(at("03:00"))
    assert always.next_change(at("03:00")) is None


def test_a_holiday_is_closed_all_day() -> None:
    office = OfficeHours(CHICAGO, WEEKDAYS_7_TO_18.hours, frozenset({date(2026, 12, 25)}))
    assert not office.open_at(at("2026-12-25 10:00"))
    assert office.next_change(at("2026-12-24 18:00")) == at("2026-12-28 07:00")


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2026-11-13 21:59", False),
        ("2026-11-13 22:00", True),
        ("2026-11-14 05:59", True),
        ("2026-11-14 06:00", False),
    ],
)
def test_hours_over_midnight_belong_to_the_day_they_begin_on(now: str, is_open: bool) -> None:
    assert NIGHT.open_at(at(now)) is is_open


def test_a_shift_over_the_autumn_night_is_an_hour_longer() -> None:
    saturday = OfficeHours(CHICAGO, {5: (time(22), time(6))})
    opens = saturday.next_change(at("2026-10-31 12:00"))
    assert opens == at("2026-10-31 22:00")
    closes = saturday.next_change(opens)
    assert closes is not None
    assert closes - opens == timedelta(hours=9)


@settings(max_examples=times(70))
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001 - made aware below
def test_the_office_stays_as_it_is_until_the_next_change_and_then_differs(moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    change = WEEKDAYS_7_TO_18.next_change(now)
    assert change is not None
    state = WEEKDAYS_7_TO_18.open_at(now)
    assert WEEKDAYS_7_TO_18.open_at(change) is not state
    assert WEEKDAYS_7_TO_18.open_at(max(now, change - timedelta(microseconds=1))) is state


@settings(max_examples=times(50))
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sampled_from(["America/Chicago", "Europe/Berlin", "UTC"]))
def test_each_day_ends_where_the_next_begins(day: date, zone: str) -> None:
    start, end = day_bounds(day, ZoneInfo(zone))
    assert day_bounds(day + timedelta(days=1), ZoneInfo(zone))[0] == end
    assert timedelta(hours=23) <= end - start <= timedelta(hours=25)
