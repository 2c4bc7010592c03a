"""Patterns that a person writes to take a title apart, such as `^(?P<technician>[^-]+) - (?P<customer>.+)$`.

Python's `re` can't be interrupted and holds up the whole program, so only patterns that can't run away are taken:
no repeated group, no reference back, few repeats, and a title of bounded length. They are matched from its beginning.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

LONGEST_PATTERN = 200
LONGEST_TITLE = 120
MOST_REPEATS = 4
ESCAPED = re.compile(r"\\.", re.DOTALL)
CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
REPEAT = re.compile(r"[*+]|\{\d*,\d*\}")
REPEATED_GROUP = re.compile(r"\)\s*(?:[*+]|\{)")
SIDE_BY_SIDE = re.compile(r"(?:[*+]|\{\d*,\d*\})[?+]?(?:\((?:\?(?:P?<\w+>|:))?|\))*(?:\.|\w|C|E)(?:[*+]|\{\d*,\d*\})")
BACK = re.compile(r"\\[1-9]|\(\?P=|\(\?\(")


def compiled(pattern: str) -> re.Pattern[str]:
    """Raises ValueError, in words for the configuration's author, for a pattern that is not taken."""
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"the pattern is longer than {LONGEST_PATTERN} characters")
    try:
        found = re.compile(pattern, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as problem:
        raise ValueError(f"'{pattern}' is not a regular expression: {problem}") from None
    if BACK.search(pattern):
        raise ValueError("the pattern refers back to what it has found; write it without")
    bare = CLASS.sub("C", ESCAPED.sub("E", pattern))
    if REPEATED_GROUP.search(bare):
        raise ValueError("the pattern repeats a group, which can take for ever; repeat characters, as in [^-]+")
    if len(REPEAT.findall(bare)) > MOST_REPEATS:
        raise ValueError(f"the pattern repeats more than {MOST_REPEATS} things; make it simpler")
    if SIDE_BY_SIDE.search(bare):
        raise ValueError(
            "two repeats stand side by side in the pattern; put something fixed, such as ' - ', between them"
        )
    return found


def _pattern(text: str) -> str:
    compiled(text)
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
"""A regular expression that can't run away."""


def groups(pattern: re.Pattern[str], title: str) -> dict[str, str]:
    """The named groups that are found in a title, and the first one under the empty name."""
    match = pattern.match(title[:LONGEST_TITLE])
    if match is None:
        return {}
    found = {name: text.strip() for name, text in match.groupdict().items() if text}
    first = match[1] if pattern.groups else match[0]
    return {"": (first or "").strip(), **found}
