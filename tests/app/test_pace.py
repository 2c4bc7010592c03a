"""How many messages a channel takes in what time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatchwatch.app.pace import Pace, rates_of
from dispatchwatch.dispatch.platform import Rate

MINUTE = timedelta(minutes=1)


@given(
    rates=st.lists(st.tuples(st.integers(1, 5), st.integers(1, 30)), min_size=1, max_size=3),
    pauses=st.lists(st.floats(0, 20), max_size=40),
)
def test_no_span_of_a_window_ever_holds_more_than_it_allows(rates: list[tuple[int, int]], pauses: list[float]) -> None:
    pace = Pace(Rate(count, timedelta(seconds=per)) for count, per in rates)
    now, begun = 1000.0, []
    for pause in pauses:
        now += pause
        wait = pace.wait(now)
        assert (wait == 0) == (pace.room(now) > 0)
        now += wait
        assert pace.room(now) >= 1, "the wait it names is long enough"
        pace.took(now)
        begun.append(now)
    for count, per in rates:
        for first, beyond in zip(begun, begun[count:], strict=False):
            assert beyond - first >= per - 1e-9


def test_room_is_as_much_as_the_strictest_window_has() -> None:
    pace = Pace([Rate(10, MINUTE), Rate(2, timedelta(seconds=1))])
    assert pace.room(0) == 2
    pace.took(0)
    pace.took(0)
    assert (pace.room(0.5), pace.room(1.0)) == (0, 2)


def test_without_a_limit_it_is_not_bound() -> None:
    assert not Pace(rates_of("", None)).is_bound
    assert Pace(()).wait(0) == 0


@pytest.mark.parametrize(
    ("own", "vendor", "kept"),
    [
        ("", Rate(120, MINUTE), [(120, 60)]),
        ("30/1m", Rate(120, MINUTE), [(120, 60), (30, 60)]),
        ("5/15s", None, [(5, 15)]),
        ("off", Rate(120, MINUTE), []),
    ],
)
def test_the_office_s_own_limit_is_kept_beside_the_platform_s(
    own: str, vendor: Rate | None, kept: list[tuple[int, int]]
) -> None:
    assert [(one.count, one.per.total_seconds()) for one in rates_of(own, vendor)] == kept
