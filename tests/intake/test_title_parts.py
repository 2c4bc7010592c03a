"""Titles made of parts: seen, suggested where something speaks for it, and taken apart again by the pattern."""

from __future__ import annotations

import pytest

from dispatchwatch.intake.calendar_patterns import compiled, groups
from dispatchwatch.intake.statuses import StatusWords
from dispatchwatch.intake.title_parts import SEPARATORS, TitleParts, title_parts

WORDS = StatusWords({})


def parts(*titles: str) -> TitleParts:
    found = title_parts(titles)
    assert found is not None
    return found


def suggested(*titles: str, told: bool = False) -> dict[int, str]:
    return dict(parts(*titles).suggested(WORDS, technician_told=told))


def test_the_way_most_titles_are_made_is_found() -> None:
    found = parts("Acme - Ortiz", "Beta - Lee", "Lunch")
    assert (found.separator, found.fitting, found.of, found.example) == (" - ", 2, 3, "Acme - Ortiz")
    assert found.samples(1) == ("Ortiz", "Lee")


@pytest.mark.parametrize("titles", [(), ("Acme - Ortiz",), ("A - B", "Lunch", "Tea", "Team"), ("Service", "Repair")])
def test_titles_without_a_way_have_none(titles: tuple[str, ...]) -> None:
    assert title_parts(titles) is None


def test_names_that_come_again_are_suggested_as_technicians() -> None:
    assert suggested("Acme - Ortiz", "Beta - Lee", "Gamma - Ortiz", "Delta - Lee") == {0: "customer", 1: "technician"}
    assert suggested("Ortiz: Acme", "Lee: Beta", "Ortiz: Gamma", "Lee: Delta") == {0: "technician", 1: "customer"}


def test_where_nothing_speaks_for_it_nothing_is_suggested() -> None:
    assert suggested("Acme - Ortiz", "Beta - Lee") == {}
    assert suggested("Acme - Ortiz", "Beta - Lee", "Gamma - Novak", "Delta - Ortiz") == {}
    assert suggested("Acme - Ortiz", "Beta - Lee", "Acme - Lee", "Beta - Ortiz") == {}


def test_numbers_and_status_words_are_known_as_such() -> None:
    assert suggested("WO-1 - Acme", "WO-2 - Beta", told=True) == {0: "order_ref", 1: "customer"}
    assert suggested("Done | Acme", "Booked | Beta", told=True) == {0: "status", 1: "customer"}


@pytest.mark.parametrize("separator", SEPARATORS)
def test_the_pattern_takes_apart_what_was_put_together(separator: str) -> None:
    found = parts(separator.join(("Acme Co. (West)", "Ortiz")), separator.join(("Beta", "Lee")))
    pattern = compiled(found.pattern(["customer", "technician"]))
    told = groups(pattern, separator.join(("Acme Co. (West)", "Ortiz")))
    assert (told["customer"], told["technician"]) == ("Acme Co. (West)", "Ortiz")


def test_three_parts_may_leave_some_out() -> None:
    found = parts("WO-1 - Acme - Ortiz", "WO-2 - Beta - Lee")
    assert groups(compiled(found.pattern(["", "customer", ""])), "WO-1 - Acme - Ortiz")["customer"] == "Acme"
    assert found.pattern(["", "", ""]) == ""
