from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatchwatch.dispatch.retry_after import LONGEST, retry_after

NOW = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 2 ", 2),
        ("1.5", 1.5),
        ("-7", 0),
        ("86400", 3600),
        ("9" * 400, 3600),
        ("Sun, 22 Nov 2026 09:42:30 GMT", 90),
        ("Sunday, 22-Nov-26 09:42:30 GMT", 90),
        ("Sun Nov 22 09:42:30 2026", 90),
        ("Sun, 22 Nov 2026 09:40:00 GMT", 0),
        ("Mon, 23 Nov 2026 09:40:00 GMT", 3600),
        ("Sun, 22 Nov 2026 10:42:30 +0100", 90),
    ],
)
def test_seconds_and_dates_are_read(value: str, seconds: float) -> None:
    assert retry_after(value, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "soon", "٣", "nan", "inf", "1e3", "Sun, 99 Nov 2026 09:42:30 GMT", "5, 10"])
def test_what_cannot_be_read_says_nothing(value: str) -> None:
    assert retry_after(value, NOW) is None


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{1,6} \d\d:\d\d:\d\d .{0,6}", fullmatch=True))
def test_any_header_gives_a_span_within_the_hour_or_none(value: str) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or timedelta(0) <= wait <= LONGEST
