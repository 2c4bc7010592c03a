"""The keys below one heading of a TOML text, changed with the library that keeps comments.

It takes long to load, so nothing here loads it before something is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dispatchwatch.app.key_path import Step, Steps

LONGEST_LINE = 100


def with_value(body: str, steps: Steps, value: Any) -> str:
    """The body with this value at a key, or below one: tables that are not there yet are written in one line."""
    import tomlkit

    document = tomlkit.parse(_ended(body))
    above: Any = document
    depth = 0
    while depth < len(steps) - 1 and _has(above, steps[depth]):
        above = above[steps[depth]]
        depth += 1
    is_new = not _has(above, steps[depth])
    above[steps[depth]] = _item(_nested(steps[depth + 1 :], value))
    if is_new and depth:
        _tidy(document, steps[:depth])
    return _ended(document.as_string())


def without(body: str, steps: Steps) -> str:
    """The body without this key, where it has it."""
    import tomlkit

    document = tomlkit.parse(body)
    above: Any = document
    for step in steps[:-1]:
        if not _has(above, step):
            return body
        above = above[step]
    if not _has(above, steps[-1]):
        return body
    del above[steps[-1]]
    if len(steps) > 1:
        _tidy(document, steps[:-1])
    return document.as_string()


def body_of(values: Mapping[str, Any]) -> str:
    """A body with these keys."""
    import tomlkit

    document = tomlkit.document()
    for key, value in values.items():
        document[key] = _item(value)
    return _ended(document.as_string())


def key_text(name: str) -> str:
    import tomlkit

    return tomlkit.key(name).as_string()


def _nested(steps: Steps, value: Any) -> Any:
    for step in reversed(steps):
        value = {step: value}
    return value


def _tidy(document: Any, steps: Steps) -> None:
    """A table in one line is written anew where a key came or went: its spaces would tell of it."""
    import tomlkit

    above: Any = document
    for step in steps[:-1]:
        above = above[step]
    if isinstance(above[steps[-1]], tomlkit.items.InlineTable):
        above[steps[-1]] = _item(above[steps[-1]].unwrap())


def _has(above: Any, step: Step) -> bool:
    return step < len(above) if isinstance(step, int) else step in above


def _item(value: Any) -> Any:
    """As people write it: tables in one line, long lists and texts of several lines in several."""
    import tomlkit

    if isinstance(value, Mapping):
        inner = ", ".join(f"{key_text(key)} = {_item(one).as_string()}" for key, one in value.items())
        return tomlkit.value(f"{{ {inner} }}" if inner else "{}")
    if isinstance(value, list | tuple):
        items = tomlkit.array()
        items.extend(_item(one) for one in value)
        return items.multiline(len(items.as_string()) > LONGEST_LINE)
    if isinstance(value, str) and "\n" in value and "'''" not in value and '"""' not in value:
        return tomlkit.string(value, multiline=True)
    return tomlkit.item(value)


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"
