"""Finding the header among the first rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dispatchwatch.intake.columns import Columns, recognised, resolve
from dispatchwatch.intake.feed import FeedError

HEADER_WITHIN = 10


class Candidate(NamedTuple):
    """A row that may be the header. `below` is the index of what follows it, as its source counts."""

    below: int
    cells: Sequence[str]


def usable_header(candidates: Sequence[Candidate], chosen: Mapping[str, str], source: str) -> tuple[Candidate, Columns]:
    """The first that says where a visit's id and start are; titles above the header are passed over.

    Raises FeedError, naming `source`, about the one that came closest.
    """
    failures: list[tuple[int, FeedError]] = []
    for candidate in candidates:
        header = without_trailing_blanks(candidate.cells)
        try:
            return candidate, resolve(header, chosen, source)
        except FeedError as failure:
            failures.append((recognised(header, chosen), failure))
    if not failures:
        raise FeedError(f"{source} has no usable header: its first line cannot be cut into cells.")
    raise max(failures, key=lambda failure: failure[0])[1]


def likely_header(candidates: Sequence[Candidate], chosen: Mapping[str, str], source: str) -> Candidate:
    """The usable one; while there is none, the one with the most names we know, else with the most cells filled."""
    try:
        return usable_header(candidates, chosen, source)[0]
    except FeedError:
        if not candidates:
            raise
        return max(candidates, key=lambda one: (recognised(one.cells, chosen), _filled(one.cells)))


def without_trailing_blanks(cells: Sequence[str]) -> list[str]:
    names = list(cells)
    while names and not names[-1].strip():
        names.pop()
    return names


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())
