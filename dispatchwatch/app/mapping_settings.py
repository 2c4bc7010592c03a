"""The keys of a `[[feed]]` as a person gives them one by one: dotted names, nested tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from dispatchwatch.app.config_parts import ErrorDetails, checked, place_of, sentence_of
from dispatchwatch.intake.feed import FeedConfig
from dispatchwatch.intake.secret import LOOKUP, Lookup

UNFINISHED = frozenset({"missing", "union_tag_not_found"})
"""Errors that the next answer may put right."""
NOT_ASKED = frozenset({"name", "kind", "profile"})


def with_setting(settings: Mapping[str, Any], key: str, value: object) -> dict[str, Any]:
    """The settings with one more; `auth.user` is the `user` of the table `auth`."""
    name, _, rest = key.partition(".")
    below = settings.get(name)
    inner = with_setting(below if isinstance(below, Mapping) else {}, rest, value) if rest else value
    return {**settings, name: inner}


def without_setting(settings: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The settings without one; a table that nothing is left in goes with it."""
    name, _, rest = key.partition(".")
    below = settings.get(name)
    inner = without_setting(below, rest) if rest and isinstance(below, Mapping) else {}
    return {**{other: value for other, value in settings.items() if other != name}, **({name: inner} if inner else {})}


def setting(settings: Mapping[str, Any], key: str) -> Any:
    """What stands there; None where nothing does."""
    found: Any = settings
    for name in key.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def is_setting(model: type[FeedConfig], key: str) -> bool:
    return key.partition(".")[0] in model.model_fields.keys() - NOT_ASKED


def validated(model: type[FeedConfig], settings: Mapping[str, Any], lookup: Lookup) -> FeedConfig:
    """Raises ValueError with the first thing that is wrong, as a sentence without what was written."""
    found: FeedConfig | None
    found, errors = checked(model, settings, {LOOKUP: lookup})
    if found is None:
        raise ValueError(_told(errors[0]))
    return found


def problem_at(model: type[FeedConfig], settings: Mapping[str, Any], key: str) -> str:
    """What is wrong with this setting, whatever else may be; empty where nothing is."""
    steps = key.split(".")
    for error in checked(model, settings)[1]:
        place = [str(step) for step in error["loc"]]
        if error["type"] not in UNFINISHED and place[:1] == steps[:1] and (len(place) == 1 or steps[-1] in place):
            return _told(error)
    return ""


def sentence(error: ValidationError) -> str:
    """The first thing that is wrong, without what was written."""
    return _told(error.errors(include_input=False, include_url=False)[0])


def _told(error: ErrorDetails) -> str:
    place, text = place_of(error).lstrip("."), sentence_of(error)
    return f"{place}: {text}." if place else f"{text[:1].upper()}{text[1:]}."
