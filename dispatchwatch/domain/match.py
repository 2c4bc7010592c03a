"""Which visits or alerts a line of the configuration speaks of: words with `*` as a wildcard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Match:
    """Every criterion must fit; a criterion fits when any of its patterns does. Case does not matter."""

    criteria: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def fits(self, words: Mapping[str, str]) -> bool:
        return all(
            any(fnmatchcase(words.get(name, "").casefold(), pattern.casefold()) for pattern in patterns)
            for name, patterns in self.criteria
        )
