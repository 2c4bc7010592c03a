"""What differs between two configurations, key by key, in words that may be recorded: secrets never."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dispatchwatch.app.key_path import KeyPath, Steps
from dispatchwatch.app.secrets import is_reference
from dispatchwatch.app.settings.fields import MODELS, field_at

HIDDEN = "***"
LONGEST = 200


class Change(NamedTuple):
    """One key with what stood there and what stands there now; empty where nothing does."""

    key: str
    before: str
    after: str


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """The keys that differ, in the order of the file, first those that are there now. Entries of lists are the same by
    their name, those without one by their place."""
    old, new = _told(before), _told(after)
    keys = [*new, *(key for key in old if key not in new)]
    unsaid = ("", None)
    return tuple(
        Change(key, old.get(key, unsaid)[0], new.get(key, unsaid)[0])
        for key in keys
        if old.get(key, unsaid)[1] != new.get(key, unsaid)[1]
    )


def _told(values: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """By key, what may be said of a value, and the value itself."""
    return {where.text: (_said(values, where.steps, value), value) for where, value in _leaves(values)}


def _leaves(values: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
    for section, below in values.items():
        yield from _below(KeyPath(section, (section,)), below)


def _below(where: KeyPath, value: Any) -> Iterator[tuple[KeyPath, Any]]:
    if isinstance(value, Mapping) and value:
        for key, one in value.items():
            yield from _below(where / key, one)
    elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        for number, one in enumerate(value):
            yield from _below(_entry(where, number, one), one)
    else:
        yield where, value


def _entry(where: KeyPath, number: int, one: Mapping[str, Any]) -> KeyPath:
    called = one.get("name") or one.get("id")
    place = where / number
    return KeyPath(f"{where.text} “{called}”", place.steps) if called else place


def _said(values: Mapping[str, Any], steps: Steps, value: Any) -> str:
    """What no form knows may be anything, so it is not shown either."""
    known = str(steps[0]) in {*MODELS, "feed", "channel"}
    field = field_at(values, steps) if known and len(steps) > 1 else None
    is_open = field is not None and not field.is_private
    if not is_open and not (isinstance(value, str) and is_reference(value)):
        return HIDDEN
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
