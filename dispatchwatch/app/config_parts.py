"""The file's sections as checked values: what is wrong in one is collected, so that it never hides another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dispatchwatch.app.config import Problem
from dispatchwatch.app.key_path import KeyPath, of_error, section
from dispatchwatch.app.key_path import place_of as _place_of

ErrorDetails = Mapping[str, Any]


class PartReader:
    """Reads part by part; `problems` holds what was found wrong, in the order of reading."""

    def __init__(self, path: Path, raw: Mapping[str, Any]) -> None:
        self.path = path
        self.raw = raw
        self.problems: list[Problem] = []

    def wrong(self, where: KeyPath, text: str, *, is_warning: bool = False, needs_action: bool = False) -> None:
        self.problems.append(Problem.at(where, text, is_warning=is_warning, needs_action=needs_action))

    def part(self, where: KeyPath, model: type[Any], raw: object) -> Any:
        """`raw` as a value of the model; None where it can't be."""
        found, errors = checked(model, raw)
        self.tell(where, errors, raw)
        return found

    def tell(self, where: KeyPath, errors: Iterable[ErrorDetails], raw: object) -> None:
        for one in errors:
            self.wrong(of_error(where, one, raw), sentence_of(one))

    def section(self, name: str, model: type[Any]) -> Any:
        """The table of this name, as if it were empty where it is left out or can't be read."""
        return self.part(section(name), model, self.raw.get(name, {})) or model()

    def listed(self, name: str, read: Callable[[KeyPath, Mapping[str, Any]], Any]) -> list[Any]:
        return [part for part in self.each(name, read) if part is not None]

    def each(self, name: str, read: Callable[[KeyPath, Mapping[str, Any]], Any]) -> list[Any]:
        """The parts of a list in their order, None for one that could not be read."""
        found = self.raw.get(name, [])
        if not isinstance(found, list) or not all(isinstance(raw, dict) for raw in found):
            self.wrong(section(name), f"write it as [[{name}]], with two brackets")
            return []
        return [read(_named(name, number, raw), raw) for number, raw in enumerate(found)]

    def table(self, name: str) -> Mapping[str, Any]:
        found = self.raw.get(name, {})
        if isinstance(found, dict):
            return found
        self.wrong(section(name), f"write it as [{name}.some-name], with one pair of brackets")
        return {}


def checked(model: type[Any], raw: object, context: Mapping[str, Any] | None = None) -> tuple[Any, list[ErrorDetails]]:
    """`raw` as a value of the model, or what is wrong with it; the errors do not hold what was written."""
    try:
        return model.model_validate(raw, context=context), []
    except ValidationError as error:
        return None, list(error.errors(include_input=False, include_url=False))


def place_of(error: ErrorDetails) -> str:
    """Where in its part something is wrong: `.auth.token`, or ` 2` for the second of a list."""
    return _place_of(error["loc"])


def sentence_of(error: ErrorDetails) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such key; is it misspelt?"
    if error["type"] == "missing":
        return "this key is missing"
    text = str(error["msg"]).removeprefix("Value error, ")
    return text[:1].lower() + text[1:]


def _named(name: str, number: int, raw: Mapping[str, Any]) -> KeyPath:
    called = raw.get("name") or raw.get("id")
    return KeyPath(f"{name} “{called}”" if called else f"{name} {number + 1}", (name, number))
