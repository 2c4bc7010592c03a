"""Skills with their levels and parts with their counts, as people write them."""

from __future__ import annotations

import pytest

from dispatchwatch.domain.needs import counted, lacking_skills, levels, part_of, skill_of, weak_skills


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dryer", ("dryer", 1)),
        (" dryer : 2 ", ("dryer", 2)),
        ("gas: class a", ("gas: class a", 1)),
        ("HVAC:10", ("hvac", 10)),
    ],
)
def test_a_skill_may_have_a_level(text: str, expected: tuple[str, int]) -> None:
    assert skill_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Belt", ("belt", 1)), ("2 x Belt", ("belt", 2)), ("3×belt", ("belt", 3)), ("40 W lamp", ("40 w lamp", 1))],
)
def test_a_part_may_have_a_count(text: str, expected: tuple[str, int]) -> None:
    assert part_of(text) == expected


def test_what_lacks_and_what_is_too_weak() -> None:
    held = levels(["Gas:2", "gas", "Dryer"])
    assert held == {"gas": 2, "dryer": 1}
    assert lacking_skills(["gas", "laser"], held) == ["laser"]
    assert weak_skills(["gas:2", "dryer:3", "laser:2"], held) == ["dryer:3"]
    assert counted(["belt", "2 x Belt", "oil"]) == {"belt": 3, "oil": 1}
