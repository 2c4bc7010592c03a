from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatchwatch.domain.durations import duration_text, parse_duration
from dispatchwatch.intake.durations import read_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("24h", timedelta(hours=24)),
        ("2d", timedelta(days=2)),
        (" 5 M ", timedelta(minutes=5)),
        ("0s", timedelta()),
    ],
)
def test_a_configured_duration_is_read(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "15", "m", "-5m", "1.5h", "1h30m", "5w", "٥m"])
def test_anything_else_is_refused_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match="such as 90s, 15m, 24h or 2d"):
        parse_duration(text)


def test_a_duration_beyond_counting_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than"):
        parse_duration("999999999999999d")


def test_the_text_uses_the_largest_whole_unit() -> None:
    lengths = [timedelta(seconds=90), timedelta(minutes=90), timedelta(hours=24), timedelta(seconds=0.4)]
    assert [duration_text(length) for length in lengths] == ["90s", "90m", "1d", "0s"]


@given(st.integers(min_value=0, max_value=10**9))
def test_what_is_written_reads_back_the_same(seconds: int) -> None:
    assert parse_duration(duration_text(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("cell", "unit", "minutes"),
    [
        ("90", "minutes", 90),
        ("1.5", "hours", 90),
        ("1,5", "hours", 90),
        ("5400", "seconds", 90),
        ("90 min", "hours", 90),
        ("2 hrs", "minutes", 120),
        ("1:30", "minutes", 90),
        ("0:01:30", "minutes", 1.5),
    ],
)
def test_a_cell_tells_a_length_in_the_units_sources_use(cell: str, unit: str, minutes: float) -> None:
    assert read_duration(cell, unit) == timedelta(minutes=minutes)


@pytest.mark.parametrize("cell", ["", "n/a", "0", "0:00"])
def test_no_length_is_none(cell: str) -> None:
    assert read_duration(cell, "minutes") is None


@pytest.mark.parametrize("cell", ["-5", "soon", "inf", "1e9", "5 fortnights", "99999999"])
def test_what_is_no_length_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_duration(cell, "minutes")
