"""Arrival windows told as a start and a length."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.intake.samples import problems_of_row, read_row, utc

START = {"Start": "2026-05-02 09:00"}
COLUMNS = {"columns": {"window_length": "Arrival Window"}}
NINE = utc(2026, 5, 2, 14)


def window(cell: str, *, unit: str = "minutes", **more: str) -> tuple[datetime | None, datetime | None]:
    told = read_row({**START, "Arrival Window": cell, **more}, **COLUMNS, window_unit=unit)
    return told.window_start, told.window_end


@pytest.mark.parametrize(
    ("cell", "unit", "minutes"),
    [
        ("60", "minutes", 60),
        ("2", "hours", 120),
        ("5400", "seconds", 90),
        ("90 min", "hours", 90),
        ("1:30", "hours", 90),
    ],
)
def test_a_window_begins_with_the_visit_and_is_as_long_as_told(cell: str, unit: str, minutes: int) -> None:
    assert window(cell, unit=unit) == (NINE, NINE + timedelta(minutes=minutes))


def test_a_window_with_a_start_of_its_own_is_counted_from_there() -> None:
    eight = NINE - timedelta(hours=1)
    assert window("120", **{"Window Start": "2026-05-02 08:00"}) == (eight, eight + timedelta(hours=2))


def test_an_end_that_is_told_says_more_than_a_length() -> None:
    assert window("120", **{"Window End": "2026-05-02 09:30"})[1] == NINE + timedelta(minutes=30)


@pytest.mark.parametrize("cell", ["", "0", "-", "n/a"])
def test_no_length_is_no_window(cell: str) -> None:
    assert window(cell) == (None, None)


def test_a_day_without_a_time_has_no_window() -> None:
    told = read_row({"Start": "2026-05-02", "Arrival Window": "60"}, **COLUMNS)
    assert (told.anytime, told.window_end) == (True, None)


@pytest.mark.parametrize(
    ("cell", "part"), [("3600", "makes a window of 60 hours"), ("soon", "is not a length of time in minutes")]
)
def test_a_length_that_makes_no_sense_is_a_doubt_and_left_out(cell: str, part: str) -> None:
    assert window(cell) == (None, None)
    [problem] = problems_of_row({**START, "Arrival Window": cell}, **COLUMNS)
    assert (problem.column, part in problem.problem) == ("Arrival Window", True)


def test_a_length_nobody_has_mapped_is_not_guessed_at() -> None:
    assert read_row({**START, "Arrival Window": "60"}).window_end is None
