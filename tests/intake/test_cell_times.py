from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from dispatchwatch.intake.formats import Told, format_problem, reader, tells_nothing, written

NINE = datetime(2026, 5, 2, 9, 0)  # noqa: DTZ001 - a local time is what these cells tell


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-05-02 09:00", NINE),
        ("2026-05-02 09:00:00", NINE),
        ("2026-05-02 9:00", NINE),
        ("2026-05-02T09:00:00.0000000", NINE),
        ("2026/05/02 09:00", NINE),
        ("5/2/2026 9:00 AM", NINE),
        ("5/2/26 9:00", NINE),
        ("05/02/2026, 09:00", NINE),
        ("5/2/2026 00:00:00 9:00", NINE),
        ("5/2/2026 12:00:00 AM 9:00", NINE),
        ("2026-05-02 00:00:00 9:00", NINE),
        ("2.5.2026 09:00", NINE),
        ("2026-05-02T09:00Z", NINE.replace(tzinfo=UTC)),
        ("2026-05-02 09:00 UTC", NINE.replace(tzinfo=UTC)),
        ("2026-05-02T09:00:00-05:00", NINE.replace(tzinfo=timezone(timedelta(hours=-5)))),
        ("2026-05-02 09:00:00 +0530", NINE.replace(tzinfo=timezone(timedelta(hours=5, minutes=30)))),
        ("2026-05-02 9:00 -05", NINE.replace(tzinfo=timezone(timedelta(hours=-5)))),
        ("12/31/2016 11:57:56 PM", datetime(2016, 12, 31, 23, 57, 56)),  # noqa: DTZ001
        ("2026-05-02 24:00", datetime(2026, 5, 3)),  # noqa: DTZ001
        ("5/2/2016", date(2016, 5, 2)),
        ("2026-05-02", date(2026, 5, 2)),
        ("2.5.26", date(2026, 5, 2)),
        ("5/2/99", date(1999, 5, 2)),
        ("9:00", timedelta(hours=9)),
        ("9 am", timedelta(hours=9)),
        ("12:15 a.m.", timedelta(minutes=15)),
        ("12:15 PM", timedelta(hours=12, minutes=15)),
        ("14:00 PM", timedelta(hours=14)),
        ("24:00", timedelta(hours=24)),
    ],
)
def test_times_are_read_as_people_and_programs_write_them(text: str, told: Told) -> None:
    found = written(text)
    assert found == told
    assert type(found) is type(told)
    if isinstance(found, datetime) and isinstance(told, datetime):
        assert found.utcoffset() == told.utcoffset()


@pytest.mark.parametrize(
    "text",
    ["", "soon", "9", "0900", "25:00", "9:60", "24:01", "2026-13-01", "31/12/2026", "9:00Z", "1462179600", "5/2"],
)
def test_what_is_no_time_is_refused_and_numbers_are_never_guessed_at(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        written(text)


def test_the_order_of_day_and_month_is_told_from_outside() -> None:
    assert written("5/2/2026", month_first=False) == date(2026, 2, 5)
    assert written("31/12/2026 8:00", month_first=False) == datetime(2026, 12, 31, 8)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("pattern", "text", "told"),
    [
        ("hhmm", "940", timedelta(hours=9, minutes=40)),
        ("hhmm", "5", timedelta(minutes=5)),
        ("hhmm", "0", timedelta()),
        ("hhmm", "2400", timedelta(hours=24)),
        ("hhmm", "1216.0", timedelta(hours=12, minutes=16)),
        ("seconds_since_midnight", "21660", timedelta(hours=6, minutes=1)),
        ("seconds_since_midnight", "90000", timedelta(hours=25)),
        ("epoch", "1462179600", datetime(2016, 5, 2, 9, tzinfo=UTC)),
        ("epoch_ms", "1462179600000", datetime(2016, 5, 2, 9, tzinfo=UTC)),
        ("%d/%m/%Y %H:%M", "02/05/2026 09:00", NINE),
        ("%Y %m %d", "2013 6 30", date(2013, 6, 30)),
        ("%H.%M", "9.30", timedelta(hours=9, minutes=30)),
        ("%d %b %Y %I:%M %p", "2 May 2026 9:00 AM", NINE),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-05-02T09:00:00+0000", NINE.replace(tzinfo=UTC)),
    ],
)
def test_a_configured_format_is_read(pattern: str, text: str, told: Told) -> None:
    assert format_problem(pattern) == ""
    found = reader(pattern, month_first=True)(text)
    assert found == told
    assert type(found) is type(told)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("hhmm", "2460"),
        ("hhmm", "2401"),
        ("hhmm", "-5"),
        ("hhmm", "12345"),
        ("hhmm", "²"),
        ("seconds_since_midnight", "-1"),
        ("seconds_since_midnight", "172800"),
        ("epoch", "nan"),
        ("epoch", "inf"),
        ("epoch_ms", "1e30"),
        ("%H:%M", "25:00"),
    ],
)
def test_a_cell_that_does_not_fit_its_format_is_refused(pattern: str, text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        reader(pattern, month_first=True)(text)


@pytest.mark.parametrize("text", ["", "TBD", "n/a", "N/A", "-", "null", "None", "0000-00-00", "0000-00-00 00:00:00"])
def test_the_many_ways_of_leaving_a_cell_empty(text: str) -> None:
    assert tells_nothing(text)


@pytest.mark.parametrize("text", ["0", "2026-05-02", "none yet", "x"])
def test_and_those_that_tell_something(text: str) -> None:
    assert not tells_nothing(text)
