"""A channel's own words are shown as they would go out, and what is wrong with them at its part."""

from __future__ import annotations

from datetime import UTC, datetime

from dispatchwatch.app.trying_templates import parts_of, tried, written
from dispatchwatch.domain.alert import Operation

NOW = datetime(2026, 11, 22, 16, 10, tzinfo=UTC)
ZONE = "America/Chicago"


def test_what_is_written_is_what_goes_out() -> None:
    found = tried({"headline": "{{ subject|upper }}!"}, Operation.RAISE, "ops", ZONE, NOW)
    assert (found.headline[-1], found.headline.upper(), found.problems) == ("!", found.headline, {})
    built_in = tried({}, Operation.RAISE, "ops", ZONE, NOW)
    assert "has not checked in" in built_in.headline
    assert built_in.lines[0] == ("Visit", "J-1042")


def test_a_problem_is_said_at_its_part_and_the_built_in_words_are_shown() -> None:
    found = tried({"headline": "fine", "body": "one\n{{ nonsense }}"}, Operation.RESOLVE, "ops", ZONE, NOW)
    assert set(found.problems) == {"body"}
    assert found.problems["body"].startswith("line 2: there is no “nonsense”")
    assert "Resolved" in found.headline


def test_what_says_nothing_says_so_and_for_what() -> None:
    found = tried({"headline": "{% if is_reminder %}again{% endif %}"}, Operation.RAISE, "ops", ZONE, NOW)
    assert "it says nothing (for " in found.problems["headline"]


def test_words_are_written_as_short_as_the_file_allows() -> None:
    assert written({"headline": "a", "subject": ""}) == "a"
    assert written({"subject": "b"}) == {"subject": "b"}
    assert written({}) is None
    assert parts_of(written({"headline": "a", "body": "c"})) == {"headline": "a", "body": "c"}
