"""What a visit asks of whoever goes: skills with their levels, and parts with their counts.

Written as people write them: `dryer` is the skill at any level, `dryer:2` at level 2 or higher; `belt` is one belt,
`2 x belt` two. Names are compared without regard to case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

ANY_LEVEL = 1
_LEVEL = re.compile(r"(.+?)\s*:\s*(\d{1,3})")
_COUNT = re.compile(r"(\d{1,4})\s*[x×*]\s*(.+)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def skill_of(text: str) -> tuple[str, int]:
    """The folded name of a skill and its level."""
    found = _LEVEL.fullmatch(text.strip())
    return (found[1].casefold(), int(found[2])) if found else (text.strip().casefold(), ANY_LEVEL)


@lru_cache(maxsize=4096)
def part_of(text: str) -> tuple[str, int]:
    """The folded name of a part and how many of it."""
    found = _COUNT.fullmatch(text.strip())
    return (found[2].strip().casefold(), int(found[1])) if found else (text.strip().casefold(), 1)


def levels(skills: Iterable[str]) -> dict[str, int]:
    """Each skill with its level; of one that is named twice the higher counts."""
    found: dict[str, int] = {}
    for name, level in map(skill_of, skills):
        found[name] = max(level, found.get(name, 0))
    return found


def lacking_skills(needed: Iterable[str], held: Mapping[str, int]) -> list[str]:
    """Those of the needed skills, as they are written, that nobody with these levels has at all."""
    return [text for text in needed if skill_of(text)[0] not in held]


def weak_skills(needed: Iterable[str], held: Mapping[str, int]) -> list[str]:
    """Those that are held, but at too low a level."""
    return [text for text in needed if 0 < held.get(skill_of(text)[0], 0) < skill_of(text)[1]]


def counted(parts: Iterable[str]) -> Counter[str]:
    """How many of each part."""
    found: Counter[str] = Counter()
    for name, count in map(part_of, parts):
        found[name] += count
    return found
