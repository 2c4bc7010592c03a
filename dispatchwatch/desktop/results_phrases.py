"""What became of what was asked: one thing in its own words, many counted by their fate, and none left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dispatchwatch.app.deeds import Result
from dispatchwatch.desktop.phrases import sentence

NOT_DONE = "could not be done"


def summary(results: Sequence[Result]) -> str:
    """ "3 acknowledged, 1 was already resolved by A. Diaz, 1 could not be done." """
    if len(results) == 1:
        return sentence(results[0].text)
    counted: dict[str, int] = {}
    for one in sorted(results, key=lambda one: not one.done):
        counted[_fate(one)] = counted.get(_fate(one), 0) + 1
    return sentence(", ".join(_counted(number, fate) for fate, number in counted.items()))


def details(results: Sequence[Result], names: Mapping[str, str]) -> str:
    """A line for each fate with whom it befell; where something was refused in words of its own, those. Empty for one.

    `names` are what a person calls what the results are about, by their subjects.
    """
    if len(results) == 1:
        return ""
    befell: dict[str, list[str]] = {}
    for one in sorted(results, key=lambda one: not one.done):
        befell.setdefault(one.fate or sentence(one.text), []).append(names.get(one.subject, one.subject))
    return "\n".join(f"{', '.join(who)}: {fate}" for fate, who in befell.items())


def _fate(one: Result) -> str:
    return one.fate or ("done" if one.done else NOT_DONE)


def _counted(number: int, fate: str) -> str:
    if fate.startswith(("already", "open already")):
        return f"{number} {'was' if number == 1 else 'were'} {fate}"
    return f"{number} {fate}"
