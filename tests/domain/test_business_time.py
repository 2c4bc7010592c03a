"""Arithmetic in the hours that count: days the clocks change, nights, holidays, and that all functions agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dispatchwatch.domain.business_time import BusinessTime
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.thresholds import Counting
from tests.fakes.office import CHICAGO, WEEKDAYS_7_TO_18, at, hours, minutes, seconds, utc
from tests.thorough import times

MICROSECOND = timedelta(microseconds=1)
THANKSGIVING = date(2026, 11, 26)
ALWAYS = BusinessTime(OfficeHours(CHICAGO), Counting.ALWAYS)
WEEKDAYS = BusinessTime(OfficeHours(CHICAGO), Counting.WEEKDAYS)
HOLIDAY = BusinessTime(OfficeHours(CHICAGO, holidays=frozenset({THANKSGIVING})), Counting.WEEKDAYS)
OFFICE = BusinessTime(WEEKDAYS_7_TO_18, Counting.OFFICE)
NIGHTS = BusinessTime(OfficeHours(CHICAGO, dict.fromkeys(range(5), (time(22), time(6)))), Counting.OFFICE)
SATURDAY_NIGHT = BusinessTime(OfficeHours(CHICAGO, {5: (time(22), time(6))}), Counting.OFFICE)
ROUND_THE_CLOCK = BusinessTime(OfficeHours(CHICAGO, dict.fromkeys(range(7), (time(7), time(7)))), Counting.OFFICE)


@pytest.mark.parametrize(
    ("counting", "start", "end", "counted"),
    [
        (ALWAYS, "2026-11-10 09:00", "2026-11-10 10:30", hours(1.5)),
        (ALWAYS, "2026-10-31 09:00", "2026-11-01 09:00", hours(25)),
        (ALWAYS, "2026-03-07 09:00", "2026-03-08 09:00", hours(23)),
        (WEEKDAYS, "2026-11-13 09:00", "2026-11-16 09:00", hours(24)),
        (WEEKDAYS, "2026-11-14 09:00", "2026-11-15 17:00", hours(0)),
        (WEEKDAYS, "2026-11-13 23:59:59", "2026-11-16 00:00:01", seconds(2)),
        (WEEKDAYS, "2026-11-09 00:00", "2026-11-16 00:00", hours(120)),
        (WEEKDAYS, "2026-10-30 12:00", "2026-11-02 12:00", hours(24)),
        (HOLIDAY, "2026-11-25 09:00", "2026-11-27 09:00", hours(24)),
        (OFFICE, "2026-11-10 06:00", "2026-11-10 20:00", hours(11)),
        (OFFICE, "2026-11-10 17:00", "2026-11-11 08:00", hours(2)),
        (OFFICE, "2026-11-13 17:30", "2026-11-16 07:30", hours(1)),
        (NIGHTS, "2026-11-10 00:00", "2026-11-10 07:00", hours(6)),
        (NIGHTS, "2026-11-10 05:00", "2026-11-10 23:00", hours(2)),
        (NIGHTS, "2026-11-14 00:00", "2026-11-14 12:00", hours(6)),
        (NIGHTS, "2026-11-16 00:00", "2026-11-16 12:00", hours(0)),
        (SATURDAY_NIGHT, "2026-10-31 12:00", "2026-11-01 12:00", hours(9)),
        (SATURDAY_NIGHT, "2026-03-07 12:00", "2026-03-08 12:00", hours(7)),
        (ROUND_THE_CLOCK, "2026-11-10 09:00", "2026-11-12 09:00", hours(48)),
    ],
)
def test_how_much_counts_from_one_instant_to_another(
    counting: BusinessTime, start: str, end: str, counted: timedelta
) -> None:
    assert counting.between(at(start), at(end)) == counted
    assert counting.between(at(end), at(start)) == -counted


@pytest.mark.parametrize(
    ("counting", "end", "length", "start"),
    [
        (ALWAYS, "2026-11-01 09:00", hours(24), "2026-10-31 10:00"),
        (WEEKDAYS, "2026-11-16 09:00", hours(24), "2026-11-13 09:00"),
        (WEEKDAYS, "2026-11-16 09:00", hours(9), "2026-11-16 00:00"),
        (WEEKDAYS, "2026-11-16 09:00", hours(9) + MICROSECOND, "2026-11-13 23:59:59.999999"),
        (WEEKDAYS, "2026-11-15 12:00", hours(24), "2026-11-13 00:00"),
        (WEEKDAYS, "2026-11-11 09:00", hours(24), "2026-11-10 09:00"),
        (HOLIDAY, "2026-11-27 09:00", hours(24), "2026-11-25 09:00"),
        (OFFICE, "2026-11-16 09:00", hours(8), "2026-11-13 12:00"),
        (OFFICE, "2026-11-16 09:00", hours(0), "2026-11-16 09:00"),
        (OFFICE, "2026-11-15 12:00", hours(0), "2026-11-15 12:00"),
        (NIGHTS, "2026-11-10 07:00", hours(7), "2026-11-09 23:00"),
        (NIGHTS, "2026-11-10 03:00", hours(4), "2026-11-09 23:00"),
    ],
)
def test_from_when_on_so_much_counts_until_an_instant(
    counting: BusinessTime, end: str, length: timedelta, start: str
) -> None:
    assert counting.before(at(end), length) == at(start)


@pytest.mark.parametrize(
    ("counting", "start", "length", "end"),
    [
        (ALWAYS, "2026-10-31 09:00", hours(25), "2026-11-01 09:00"),
        (WEEKDAYS, "2026-11-13 09:00", hours(24), "2026-11-16 09:00"),
        (WEEKDAYS, "2026-11-13 09:00", hours(15), "2026-11-14 00:00"),
        (WEEKDAYS, "2026-11-14 09:00", hours(1), "2026-11-16 01:00"),
        (WEEKDAYS, "2026-11-14 09:00", hours(0), "2026-11-14 09:00"),
        (HOLIDAY, "2026-11-25 09:00", hours(24), "2026-11-27 09:00"),
        (OFFICE, "2026-11-13 17:00", hours(4), "2026-11-16 10:00"),
        (OFFICE, "2026-11-13 17:00", hours(1), "2026-11-13 18:00"),
        (NIGHTS, "2026-11-10 03:00", hours(2), "2026-11-10 05:00"),
        (NIGHTS, "2026-11-13 12:00", hours(8), "2026-11-14 06:00"),
        (NIGHTS, "2026-11-13 12:00", hours(9), "2026-11-16 23:00"),
        (SATURDAY_NIGHT, "2026-10-31 12:00", hours(9), "2026-11-01 06:00"),
    ],
)
def test_when_so_much_has_counted_since_an_instant(
    counting: BusinessTime, start: str, length: timedelta, end: str
) -> None:
    assert counting.after(at(start), length) == at(end)


@pytest.mark.parametrize("length", [hours(24 * 800), hours(24 * 3 * 366)])
def test_what_never_counts_is_no_instant_and_takes_no_eternity_to_say(length: timedelta) -> None:
    assert OFFICE.after(at("09:00"), length) is None
    assert OFFICE.before(at("09:00"), length) is None


def test_an_office_without_hours_is_always_open() -> None:
    always = BusinessTime(OfficeHours(CHICAGO), Counting.OFFICE)
    assert always.between(at("2026-11-14 09:00"), at("2026-11-15 09:00")) == hours(24)
    assert always.before(at("2026-11-15 09:00"), hours(24)) == at("2026-11-14 09:00")


def test_nights_that_reach_into_the_next_opening_count_once() -> None:
    """Monday 22:00–06:00, Tuesday from 04:00 on, and a Tuesday inside Monday's night altogether."""
    overlapping = BusinessTime(OfficeHours(CHICAGO, {0: (time(22), time(6)), 1: (time(4), time(12))}), Counting.OFFICE)
    assert overlapping.between(at("2026-11-09 00:00"), at("2026-11-11 00:00")) == hours(14)
    assert overlapping.after(at("2026-11-09 22:00"), hours(9)) == at("2026-11-10 07:00")
    assert overlapping.before(at("2026-11-10 12:00"), hours(9)) == at("2026-11-10 03:00")
    nested = BusinessTime(OfficeHours(CHICAGO, {0: (time(22), time(21)), 1: (time(5), time(6))}), Counting.OFFICE)
    assert nested.between(at("2026-11-09 00:00"), at("2026-11-11 00:00")) == hours(23)
    assert nested.before(at("2026-11-10 21:00"), hours(20)) == at("2026-11-10 01:00")


def test_local_times_are_counted_by_their_instants() -> None:
    """Two times of one zone subtract as wall clocks in Python; the night of autumn has an hour more."""
    evening = datetime(2026, 10, 31, 12, tzinfo=CHICAGO)
    noon = datetime(2026, 11, 1, 12, tzinfo=CHICAGO)
    for counting in (ALWAYS, BusinessTime(OfficeHours(CHICAGO, {5: (time(12), time(12))}), Counting.OFFICE)):
        assert counting.between(evening, noon) == hours(25)
        assert counting.after(evening, hours(25)) == at("2026-11-01 12:00")
        assert counting.before(noon, hours(25)) == at("2026-10-31 12:00")


def test_an_opening_at_a_time_the_clocks_skip_counts_from_where_they_go_on() -> None:
    sunday = BusinessTime(OfficeHours(CHICAGO, {6: (time(2, 30), time(5))}), Counting.OFFICE)
    assert sunday.between(at("2026-03-08 00:00"), at("2026-03-09 00:00")) == hours(1.5)
    closed_before_it_opened = BusinessTime(OfficeHours(CHICAGO, {6: (time(2, 30), time(3))}), Counting.OFFICE)
    assert closed_before_it_opened.between(at("2026-03-08 00:00"), at("2026-03-09 00:00")) == hours(0)
    assert closed_before_it_opened.after(at("2026-03-08 00:00"), minutes(30)) == at("2026-03-15 03:00")


def test_a_day_without_midnight_begins_where_the_clocks_go_on() -> None:
    """In Havana the clocks go from 00:00 to 01:00 on Sunday, 8 March 2026; the week has an hour less."""
    havana = BusinessTime(OfficeHours(ZoneInfo("America/Havana")), Counting.WEEKDAYS)
    friday, monday = utc("2026-03-06 17:00"), utc("2026-03-09 16:00")
    assert havana.between(friday, monday) == hours(24)


@pytest.mark.parametrize("counting", [WEEKDAYS, OFFICE])
@pytest.mark.parametrize("moment", ["0001-01-05 12:00", "9999-12-28 12:00"])
def test_the_ends_of_the_calendar_are_no_fault(counting: BusinessTime, moment: str) -> None:
    assert counting.between(utc(moment), utc(moment)) == hours(0)
    counting.before(utc(moment), hours(100))
    counting.after(utc(moment), hours(100))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-11-10 09:00", "2026-11-10 23:59", 0),
        ("2026-11-10 23:59", "2026-11-11 00:01", 1),
        ("2026-11-13 09:00", "2026-11-14 09:00", 0),
        ("2026-11-13 09:00", "2026-11-16 08:00", 1),
        ("2026-11-14 09:00", "2026-11-16 09:00", 1),
        ("2026-11-13 09:00", "2026-11-17 08:00", 2),
        ("2026-11-25 09:00", "2026-11-27 09:00", 1),
        ("2026-11-17 09:00", "2026-11-10 09:00", 0),
    ],
)
def test_business_days_later_by_the_local_dates(start: str, end: str, days: int) -> None:
    assert HOLIDAY.days_between(at(start), at(end)) == days


# What holds whatever the hours

ZONES = ("America/Chicago", "Europe/Berlin", "Pacific/Auckland", "America/Havana", "UTC")
clock_times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
week = st.dictionaries(st.integers(0, 6), st.tuples(clock_times, clock_times), min_size=1)
some_holidays = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=4)
countings = st.builds(
    BusinessTime,
    st.builds(OfficeHours, st.sampled_from(ZONES).map(ZoneInfo), week, some_holidays),
    st.sampled_from([Counting.WEEKDAYS, Counting.OFFICE, Counting.OFFICE]),
)
instants = st.one_of(
    st.integers(0, 364 * 24 * 60).map(lambda count: utc("2026-01-02") + minutes(count)),
    st.sampled_from(["2026-03-08 06:00", "2026-03-29 00:30", "2026-10-25 00:30", "2026-11-01 05:00"]).map(utc),
)
lengths = st.integers(1, 6 * 24 * 60).map(minutes)
PROPERTY = settings(max_examples=times(70))


@PROPERTY
@given(countings, instants, lengths)
def test_what_comes_after_is_the_first_instant_that_is_so_much_later(
    counting: BusinessTime, start: datetime, length: timedelta
) -> None:
    end = counting.after(start, length)
    assume(end is not None)
    assert end is not None
    assert end.tzinfo is UTC
    assert counting.between(start, end) == length
    assert counting.between(start, end - MICROSECOND) < length


@PROPERTY
@given(countings, instants, lengths)
def test_what_comes_before_is_the_last_instant_from_which_so_much_counts(
    counting: BusinessTime, end: datetime, length: timedelta
) -> None:
    start = counting.before(end, length)
    assume(start is not None)
    assert start is not None
    assert start.tzinfo is UTC
    assert counting.between(start, end) == length
    assert counting.between(start + MICROSECOND, end) < length


@PROPERTY
@given(countings, st.tuples(instants, instants, instants).map(sorted))
def test_lengths_add_up_and_never_exceed_the_clock(counting: BusinessTime, moments: list[datetime]) -> None:
    first, second, third = moments
    assert counting.between(first, second) + counting.between(second, third) == counting.between(first, third)
    assert timedelta() <= counting.between(first, third) <= third - first


@PROPERTY
@given(countings, instants, st.integers(0, 6 * 24 * 60).map(minutes))
def test_the_office_is_open_where_time_counts_and_nowhere_else(
    counting: BusinessTime, start: datetime, length: timedelta
) -> None:
    """Minute by minute: nothing that is counted twice or left out can hide."""
    assume(counting.counting is Counting.OFFICE)
    length = min(length, hours(30))
    steps = int(length / minutes(1))
    opened = sum(counting.office.open_at(start + minutes(number)) for number in range(steps))
    assert counting.between(start, start + length) == minutes(opened)
