"""Who can take a visit, as the lines of a list: cards in their order, and below them those who cannot, folded away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from dispatchwatch.app.view import Suggestions, Weighed
from dispatchwatch.desktop import reassign_phrases as phrases
from dispatchwatch.domain.visit import Technician

DRIFT = timedelta(minutes=5)
"""Every cost moves a little while the clock goes on; so much is worth a word."""
FIGURES = re.compile(r"\d+")


class Kind(StrEnum):
    CAN = "can"
    COULD = "could"
    CANNOT = "cannot"
    HEADING = "heading"
    FOLD = "fold"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `number` is the key that chooses it, from 1 to 9; 0 where there is none."""

    kind: Kind
    text: str = ""
    weighed: Weighed | None = None
    number: int = 0


def lines(
    found: Suggestions, text: str = "", *, unfolded: bool = False, own: Sequence[Technician] = ()
) -> tuple[Line, ...]:
    """What is shown where so much of a name or a skill has been typed; then nothing that fits is folded away.

    `own` have the visit already: why they can’t take it is the last thing to be told.
    """
    asked = {one.technician.identity for one in found.could}
    can, could = _fitting(found.can, text), _fitting(found.could, text)
    others = (one for one in found.cannot if one.technician.identity not in asked)
    cannot = sorted(_fitting(others, text), key=lambda one: any(one.technician.is_same(who) for who in own))
    ranked = [Line(Kind.CAN, weighed=one) for one in can] + [Line(Kind.COULD, weighed=one) for one in could]
    if not text:
        ranked = [replace(line, number=place if place < 10 else 0) for place, line in enumerate(ranked, 1)]
    unfolded = unfolded or bool(text)
    head = [] if found.can else [Line(Kind.HEADING, phrases.nobody_can(found))]
    fold = [Line(Kind.FOLD, phrases.cannot(cannot, more=bool(could), unfolded=unfolded))] if cannot else []
    below = [Line(Kind.CANNOT, weighed=one) for one in cannot] if unfolded else []
    return (*head, *ranked, *fold, *below)


def of_technician(found: Suggestions, technician: Technician) -> Weighed | None:
    """What it comes to with him; None where the answer does not speak of him."""
    everybody = (*found.can, *found.could, *found.cannot)
    return next((one for one in everybody if one.technician.is_same(technician)), None)


def with_him(found: Suggestions, weighed: Weighed) -> Suggestions:
    """The answer with one more technician in it."""
    if weighed.feasible:
        return replace(found, can=(*found.can, weighed))
    return replace(found, cannot=(*found.cannot, weighed))


def differs(shown: Suggestions, newest: Suggestions) -> bool:
    """Whether somebody who decides by `shown` should see `newest` first."""
    return (
        _outline(shown.can) != _outline(newest.can)
        or _outline(shown.could) != _outline(newest.could)
        or {(one.technician.identity, FIGURES.sub("", one.reason)) for one in shown.cannot}
        != {(one.technician.identity, FIGURES.sub("", one.reason)) for one in newest.cannot}
        or any(_moved(*pair) for pair in zip(shown.can, newest.can, strict=False))
    )


def _outline(those: Iterable[Weighed]) -> list[tuple[object, ...]]:
    return [(one.technician.identity, one.delayed, one.displaced, one.extra_drive is None) for one in those]


def _moved(before: Weighed, after: Weighed) -> bool:
    arrivals = (before.arrival, after.arrival)
    if arrivals[0] is None or arrivals[1] is None:
        return arrivals[0] is not arrivals[1]
    delayed = zip(before.delays, after.delays, strict=False)
    return abs(arrivals[0] - arrivals[1]) >= DRIFT or any(
        timedelta(minutes=abs(one[1] - other[1])) >= DRIFT for one, other in delayed
    )


def _fitting(those: Iterable[Weighed], text: str) -> tuple[Weighed, ...]:
    wanted = text.casefold()
    return tuple(one for one in those if any(wanted in word.casefold() for word in (one.technician.name, *one.skills)))
