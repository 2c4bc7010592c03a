"""Which visits or alerts a line of the configuration speaks of: words with `*` as a wildcard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

Words = Mapping[str, str | tuple[str, ...]]
"""What can be asked of a visit or alert, by name. Several values: any of them answers."""

WILDCARDS = frozenset("*?[")
MANY_VALUED = frozenset({"technician"})


@dataclass(frozen=True, slots=True)
class Match:
    """Every criterion must fit; a criterion fits when any of its patterns does. Case does not matter."""

    criteria: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def fits(self, words: Words) -> bool:
        return all(_fits(patterns, words.get(name, "")) for name, patterns in self.criteria)

    def includes(self, other: Match) -> bool:
        """Whether all that `other` fits is sure to be fitted by this too."""
        theirs = dict(other.criteria)
        return all(
            all(any(_covers(wide, narrow) for wide in patterns) for narrow in theirs.get(name, ("*",)))
            for name, patterns in self.criteria
        )

    def may_meet(self, other: Match) -> bool:
        """Whether one visit or alert can fit both. A crew may have a technician of each."""
        theirs = dict(other.criteria)
        return all(
            name in MANY_VALUED or any(_may_meet(one, two) for one in patterns for two in theirs.get(name, ("*",)))
            for name, patterns in self.criteria
        )


def _fits(patterns: tuple[str, ...], value: str | tuple[str, ...]) -> bool:
    values = (value,) if isinstance(value, str) else value or ("",)
    return any(fnmatchcase(one.casefold(), pattern.casefold()) for one in values for pattern in patterns)


def _covers(wide: str, narrow: str) -> bool:
    wide, narrow = wide.casefold(), narrow.casefold()
    # `*` in the wide pattern swallows whatever a wildcard of the narrow one stands for; `?` and `[` do not.
    can_be_read = not WILDCARDS & set(narrow) or not {"?", "["} & set(wide)
    return wide == narrow or (can_be_read and fnmatchcase(narrow, wide))


def _may_meet(one: str, two: str) -> bool:
    one, two = one.casefold(), two.casefold()
    if not WILDCARDS & set(one):
        return fnmatchcase(one, two)
    if not WILDCARDS & set(two):
        return fnmatchcase(two, one)
    return _begin_alike(one, two) and _begin_alike(one[::-1].replace("]", "["), two[::-1].replace("]", "["))


def _begin_alike(one: str, two: str) -> bool:
    """Whether two patterns agree up to where the first of them has a wildcard."""
    for mine, yours in zip(one, two, strict=False):
        if {mine, yours} & WILDCARDS:
            return True
        if mine != yours:
            return False
    return True
