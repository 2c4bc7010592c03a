"""What notice was given: inside, in good time, uncertain, exempt, to the microsecond."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dispatchwatch.domain.business_time import BusinessTime
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.notice import Notice, Terms, Verdict, When, by_company, judge, when_done
from dispatchwatch.domain.thresholds import Counting
from dispatchwatch.domain.watched import Seen
from tests.fakes.office import CHICAGO, WEEKDAYS_7_TO_18, at, hours, minutes

MICROSECOND = timedelta(microseconds=1)
START = at("2026-11-10 09:50")
LINE = at("2026-11-09 09:50")
LAST = at("2026-11-10 10:10")


def terms(
    length: timedelta = timedelta(hours=24),
    counting: Counting = Counting.ALWAYS,
    *,
    exempt: bool = True,
    wait: timedelta | None = timedelta(minutes=20),
    office: OfficeHours | None = None,
) -> Terms:
    return Terms(length, BusinessTime(office or OfficeHours(CHICAGO), counting), exempt, wait)


def exactly(moment: datetime) -> When:
    return When(moment, moment)


@pytest.mark.parametrize(
    ("done", "verdict"),
    [
        (LINE - MICROSECOND, Verdict.OUTSIDE),
        (LINE, Verdict.OUTSIDE),
        (LINE + MICROSECOND, Verdict.INSIDE),
        (START, Verdict.INSIDE),
        (LAST, Verdict.INSIDE),
        (LAST + MICROSECOND, Verdict.LATE),
    ],
)
def test_the_verdict_to_the_microsecond(done: datetime, verdict: Verdict) -> None:
    assert judge(exactly(done), START, None, terms()) == Notice(verdict, LINE)


@pytest.mark.parametrize(
    ("earliest", "latest", "verdict"),
    [
        (LINE - minutes(30), LINE, Verdict.OUTSIDE),
        (LINE - minutes(30), LINE + MICROSECOND, Verdict.UNCERTAIN),
        (LINE, LINE + minutes(30), Verdict.UNCERTAIN),
        (LINE + MICROSECOND, LINE + minutes(30), Verdict.INSIDE),
        (START, LAST, Verdict.INSIDE),
        (START, LAST + MICROSECOND, Verdict.UNCERTAIN),
        (LAST + MICROSECOND, LAST + minutes(30), Verdict.LATE),
        (LINE - minutes(30), LAST + minutes(30), Verdict.UNCERTAIN),
    ],
)
def test_an_interval_that_straddles_the_line_or_the_wait_is_uncertain(
    earliest: datetime, latest: datetime, verdict: Verdict
) -> None:
    assert judge(When(earliest, latest), START, None, terms()).verdict is verdict


@pytest.mark.parametrize(
    ("booked", "verdict"),
    [(LINE, Verdict.INSIDE), (LINE + MICROSECOND, Verdict.EXEMPT), (START, Verdict.EXEMPT), (None, Verdict.INSIDE)],
)
def test_what_was_booked_inside_the_notice_is_exempt(booked: datetime | None, verdict: Verdict) -> None:
    assert judge(exactly(START - hours(2)), START, booked, terms()).verdict is verdict
    assert judge(exactly(START - hours(2)), START, booked, terms(exempt=False)).verdict is Verdict.INSIDE


def test_booked_inside_settles_what_would_be_uncertain() -> None:
    straddling = When(LINE - minutes(5), LINE + minutes(5))
    assert judge(straddling, START, LINE + minutes(1), terms()).verdict is Verdict.EXEMPT


def test_a_move_long_after_the_start_is_a_matter_of_notice_all_the_same() -> None:
    assert judge(exactly(START + hours(5)), START, None, terms(wait=None)).verdict is Verdict.INSIDE


@pytest.mark.parametrize(
    ("done", "verdict"),
    [
        ("2026-11-13 08:59", Verdict.OUTSIDE),
        ("2026-11-13 09:00", Verdict.OUTSIDE),
        ("2026-11-13 09:00:01", Verdict.INSIDE),
        ("2026-11-13 10:00", Verdict.INSIDE),
        ("2026-11-14 12:00", Verdict.INSIDE),
    ],
)
def test_notice_in_weekdays_for_a_monday_ends_on_friday(done: str, verdict: Verdict) -> None:
    """Start Mon 09:00, notice 24 h of weekdays, cancelled Fri 10:00: inside; Fri 08:59: outside."""
    monday = at("2026-11-16 09:00")
    found = judge(exactly(at(done)), monday, None, terms(counting=Counting.WEEKDAYS))
    assert found == Notice(verdict, at("2026-11-13 09:00"))


def test_notice_over_a_holiday_reaches_back_before_it() -> None:
    office = OfficeHours(CHICAGO, holidays=frozenset({at("2026-11-16 12:00").date()}))
    tuesday = at("2026-11-17 09:00")
    found = judge(exactly(at("2026-11-13 10:00")), tuesday, None, terms(counting=Counting.WEEKDAYS, office=office))
    assert found == Notice(Verdict.INSIDE, at("2026-11-13 09:00"))


def test_notice_in_office_hours() -> None:
    asked = terms(hours(4), Counting.OFFICE, office=WEEKDAYS_7_TO_18)
    assert judge(exactly(at("2026-11-13 16:00")), at("2026-11-16 09:00"), None, asked).line == at("2026-11-13 16:00")


@pytest.mark.parametrize(
    ("start", "line"),
    [
        ("2026-11-01 10:00", "2026-10-31 11:00"),
        ("2026-03-08 10:00", "2026-03-07 09:00"),
        ("2026-11-10 01:00", "2026-11-09 01:00"),
    ],
)
def test_a_day_of_notice_is_24_hours_whatever_the_clocks_do(start: str, line: str) -> None:
    assert judge(exactly(at(line)), at(start), None, terms()) == Notice(Verdict.OUTSIDE, at(line))


def test_without_any_notice_asked_only_what_comes_after_the_start_is_short() -> None:
    none = terms(timedelta(), Counting.OFFICE, office=WEEKDAYS_7_TO_18)
    sunday = at("2026-11-15 12:00")
    assert judge(exactly(sunday - MICROSECOND), sunday, None, none).verdict is Verdict.OUTSIDE
    assert judge(exactly(sunday + MICROSECOND), sunday, None, none).verdict is Verdict.INSIDE


def test_a_notice_that_can_never_be_given_is_not_asked() -> None:
    impossible = terms(timedelta(days=900), Counting.OFFICE, office=WEEKDAYS_7_TO_18)
    assert judge(exactly(START), START, None, impossible) == Notice(Verdict.OUTSIDE, None)


def test_without_a_start_there_is_no_notice() -> None:
    assert judge(exactly(START), None, None, terms()) == Notice(Verdict.UNTIMED, None)


@pytest.mark.parametrize(
    ("seen", "stamp", "when"),
    [
        (Seen(at("08:00"), at("08:30")), None, When(at("08:00"), at("08:30"))),
        (Seen(at("08:00"), at("08:30")), at("08:10"), exactly(at("08:10"))),
        (Seen(at("08:00"), at("08:30")), at("07:10"), exactly(at("07:10"))),
        (Seen(at("08:00"), at("08:30")), at("08:37"), exactly(at("08:30"))),
        (Seen(None, at("08:30")), at("07:10"), exactly(at("07:10"))),
        (Seen(None, at("08:30")), None, When(at("07:30"), at("08:30"))),
        (Seen(None, at("07:30")), None, None),
        (Seen(at("08:00"), at("08:00")), None, exactly(at("08:00"))),
        (Seen(at("09:00"), at("08:30")), None, exactly(at("08:30"))),
    ],
    ids=[
        "the interval",
        "its own stamp",
        "a source that was slow",
        "a clock that runs ahead",
        "first seen, but stamped",
        "seen before, by another way",
        "first seen and not stamped",
        "two looks in one instant",
        "a clock set back in between",
    ],
)
def test_when_something_was_done(seen: Seen, stamp: datetime | None, when: When | None) -> None:
    assert when_done(seen, stamp, known_since=at("07:30")) == when


@pytest.mark.parametrize(
    ("who", "ours"),
    [
        ("company", True),
        ("The Desk", True),
        ("the desk", True),
        (" office ", True),
        ("Technician", True),
        ("customer", False),
        ("the customer", False),
        ("", False),
        ("Theodore Company", False),
        ("J. Ortiz", False),
    ],
)
def test_who_is_one_of_ours(who: str, ours: bool) -> None:
    assert by_company(who) is ours
