"""Where the configuration names its own channels, feeds and profiles, and what it keeps in the keyring for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dispatchwatch.app.keeping_secrets import KEYRING, field_of
from dispatchwatch.app.key_path import Steps, value_at

NAMED = frozenset({"feed", "channel"})
"""Lists whose entries others name."""


def naming(values: Mapping[str, Any], section: str, name: str) -> Iterator[Steps]:
    """Every key that names this channel, feed or profile."""
    match section:
        case "channel":
            for kind in ("route", "quiet"):
                yield from _listing(values, kind, ("channels",), name)
        case "profile":
            yield from _being(values, "profile", name)
        case "feed":
            yield from _being(values, "polls", name)
            for kind in ("route", "quiet"):
                yield from _listing(values, kind, ("when", "feed"), name)
            for number, one in enumerate(_tables(value_at(values, ("policy", "override")))):
                if _names(value_at(one, ("when", "feed")), name):
                    yield ("policy", "override", number, "when", "feed")


def renamed_in(value: Any, old: str, new: str) -> Any:
    """A name, or a list of names, with one of them changed."""
    if isinstance(value, list):
        return [new if _is(one, old) else one for one in value]
    return new


def in_keyring(values: Mapping[str, Any]) -> dict[str, Steps]:
    """The entries of the keyring that the configuration refers to, each with the key that does."""
    found: dict[str, Steps] = {}
    for steps, value in leaves(values):
        if isinstance(value, str) and value.startswith(KEYRING):
            found.setdefault(entry_of(values, steps), steps)
    return found


def entry_of(values: Mapping[str, Any], steps: Steps) -> str:
    """Under what name the keyring has the secret of a key; empty while what it belongs to has no name."""
    owner = str(steps[0])
    if owner in NAMED:
        owner = str(value_at(values, (*steps[:2], "name")) or "")
    return f"{owner}.{field_of(str(steps[-1]))}" if owner else ""


def leaves(values: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every value that is neither a table nor a list, with the steps that lead to it."""
    below: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(values, Mapping):
        below = iter(values.items())
    elif isinstance(values, list):
        below = iter(enumerate(values))
    else:
        yield steps, values
    for step, value in below:
        yield from leaves(value, (*steps, step))


def _listing(values: Mapping[str, Any], section: str, key: Steps, name: str) -> Iterator[Steps]:
    for number, one in enumerate(_tables(values.get(section))):
        if _names(value_at(one, key), name):
            yield (section, number, *key)


def _being(values: Mapping[str, Any], key: str, name: str) -> Iterator[Steps]:
    for number, one in enumerate(_tables(values.get("feed"))):
        if one.get(key) == name:
            yield ("feed", number, key)


def _names(value: Any, name: str) -> bool:
    return any(_is(one, name) for one in value) if isinstance(value, list) else _is(value, name)


def _is(value: Any, name: str) -> bool:
    """Patterns with wildcards name nobody in particular; case does not matter to them."""
    return isinstance(value, str) and value.casefold() == name.casefold()


def _tables(found: Any) -> list[Mapping[str, Any]]:
    """The entries of a list in their order; what is no table is an empty one."""
    return [one if isinstance(one, Mapping) else {} for one in found] if isinstance(found, list) else []
