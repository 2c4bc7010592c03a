"""Thresholds, their overrides, wildcards; durations; how long to wait after failures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatchwatch.domain import backoff
from dispatchwatch.domain.durations import duration_text, parse_duration
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.policy import Override, Policy
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Customer
from tests.fakes.office import hours, minutes, seconds, visit


def override(grace: int, **criteria: str) -> Override:
    when = Match(tuple((name, (pattern,)) for name, pattern in criteria.items()))
    return Override(when, {"check_in_grace": minutes(grace)})


def test_the_defaults_are_those_of_the_study() -> None:
    defaults = Thresholds()
    assert (defaults.check_in_grace, defaults.look_back) == (minutes(15), hours(12))
    assert (defaults.late_high_after, defaults.late_critical_after) == (minutes(30), minutes(60))
    assert (defaults.cancel_notice, defaults.reschedule_notice) == (hours(24), hours(24))


def test_all_overrides_that_match_apply_and_the_last_wins_per_key() -> None:
    policy = Policy(
        overrides=(
            Override(Match((("customer", ("acme*",)),)), {"check_in_grace": minutes(5), "look_back": hours(1)}),
            override(7, priority="1"),
            override(99, customer="Other"),
        )
    )
    found = policy.for_visit(visit(priority="1"))
    assert (found.check_in_grace, found.look_back) == (minutes(7), hours(1))
    assert policy.for_visit(visit(priority="3")).check_in_grace == minutes(5)
    assert policy.for_visit(visit(priority="1", customer=Customer("x"))).check_in_grace == minutes(7)
    assert policy.for_visit(visit(customer=Customer("x"))) == Thresholds()


@pytest.mark.parametrize("word", ["priority", "customer", "site", "contract", "kind", "technician", "feed"])
def test_an_override_can_ask_for_every_word_of_the_interface(word: str) -> None:
    told = visit(priority="p", contract="c", kind="k")
    assert Policy(overrides=(override(1, **{word: "?*"}),)).for_visit(told).check_in_grace == minutes(1)
    assert Policy(overrides=(override(1, **{word: "nobody"}),)).for_visit(told).check_in_grace == minutes(15)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", seconds(90)),
        ("15m", minutes(15)),
        ("24h", hours(24)),
        ("2d", timedelta(days=2)),
        (" 5 M ", minutes(5)),
        ("0s", timedelta()),
    ],
)
def test_durations_as_the_file_writes_them(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "15", "m", "1.5h", "-5m", "5 minutes", "1h30m", "٣m", "99999999999999999999d"])
def test_what_is_no_duration_is_refused_with_the_text_in_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|longer"):
        parse_duration(text)


@given(st.integers(0, 10**8))
def test_a_duration_reads_back_as_it_was_written(count: int) -> None:
    assert parse_duration(duration_text(seconds(count))) == seconds(count)


@given(st.integers(1, 200), st.floats(0, 1, exclude_max=True))
def test_waits_grow_stay_spread_and_never_exceed_five_minutes(failures: int, chance: float) -> None:
    wait = backoff.delay(failures, chance)
    step = min(2.0 * 2 ** min(failures - 1, 60), 300.0)
    assert step / 2 <= wait.total_seconds() <= step
    assert backoff.delay(failures + 1, chance) >= wait
