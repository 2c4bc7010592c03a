"""Columns that say what a visit needs of whoever goes, and whether it may be changed."""

from __future__ import annotations

import pytest

from tests.intake.samples import read_row

START = {"Start": "2026-05-02 09:00"}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("gas; dryer:2", ("gas", "dryer:2")),
        ("gas, dryer", ("gas", "dryer")),
        ("gas|x\ny", ("gas", "x", "y")),
        ("-", ()),
    ],
)
def test_skills_and_parts_stand_one_after_the_other(cell: str, expected: tuple[str, ...]) -> None:
    visit = read_row({**START, "Required Skills": cell, "Parts Needed": cell})
    assert (visit.skills, visit.parts) == (expected, expected)


@pytest.mark.parametrize(("cell", "expected"), [("Yes", True), ("x", True), ("no", False), ("", False)])
def test_a_visit_may_be_locked(cell: str, expected: bool) -> None:
    assert read_row({**START, "Locked": cell}).locked is expected


def test_a_source_that_says_nothing_of_it_asks_for_nothing() -> None:
    visit = read_row(START)
    assert (visit.skills, visit.parts, visit.locked) == ((), (), False)
