"""Where in the configuration something stands: as a person reads it, and as the steps that lead there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Step = str | int
Steps = tuple[Step, ...]
"""Keys of tables and, counted from 0, places in lists: `("channel", 0, "webhook_url")`."""

COUNTED = re.compile(r"(\w+) (\d+)", re.ASCII)
UNWRITTEN = frozenset({"missing", "extra_forbidden", "union_tag_not_found"})
"""Errors of pydantic's that speak of a key by its name, though nothing may stand there."""


@dataclass(frozen=True, slots=True)
class KeyPath:
    """`text` is for people, who count lists from 1: `policy.override 2.check_in_grace`."""

    text: str
    steps: Steps

    def __str__(self) -> str:
        return self.text

    def __truediv__(self, step: Step) -> KeyPath:
        """What stands below, at a key or at a place in a list."""
        text = f" {step + 1}" if isinstance(step, int) else f".{step}"
        return KeyPath(self.text + text, (*self.steps, step))

    def below(self, dotted: str) -> KeyPath:
        """What stands below at several keys with dots between them."""
        found = self
        for step in dotted.split("."):
            found /= step
        return found


def section(name: str) -> KeyPath:
    return KeyPath(name, (name,))


def counted(text: str) -> KeyPath:
    """A path of plain names and numbers, such as `policy.override 2`, from its text."""
    steps: list[Step] = []
    for part in text.split("."):
        found = COUNTED.fullmatch(part)
        steps += [found[1], int(found[2]) - 1] if found else [part]
    return KeyPath(text, tuple(steps))


def place_of(loc: Sequence[Step]) -> str:
    """Where in its part pydantic found something wrong: `.auth.token`, or ` 2` for the second of a list."""
    return "".join(f" {step + 1}" if isinstance(step, int) else f".{step}" for step in loc)


def value_at(values: Any, steps: Steps) -> Any:
    """What stands at these steps; None where nothing does."""
    for step in steps:
        if isinstance(values, Mapping) and isinstance(step, str):
            values = values.get(step)
        elif isinstance(values, list) and isinstance(step, int) and 0 <= step < len(values):
            values = values[step]
        else:
            return None
    return values


def of_error(where: KeyPath, error: Mapping[str, Any], raw: object) -> KeyPath:
    """Where pydantic found something wrong in `raw`, which stands at `where`.

    Among its steps are names of types and of kinds, which stand nowhere in the file.
    """
    loc: Sequence[Step] = error["loc"]
    steps: list[Step] = []
    for number, step in enumerate(loc):
        is_there = isinstance(raw, Mapping) and step in raw
        if is_there or (isinstance(raw, list) and isinstance(step, int) and step < len(raw)):
            raw = raw[step]  # type: ignore[index]  # one of the two, as was just seen
            steps.append(step)
        elif number == len(loc) - 1 and error["type"] in UNWRITTEN and isinstance(raw, Mapping):
            steps.append(step)
    return KeyPath(where.text + place_of(loc), (*where.steps, *steps))
