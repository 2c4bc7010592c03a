"""What needs a person first, and the filters that are one press away."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from dispatchwatch.app.view import BoardRow
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import OVER

RANKS: Mapping[Standing, int] = {standing: standing.rank for standing in Standing}
NEVER = float("inf")


def rank_of(row: BoardRow) -> int:
    """How urgent a row is; 0 comes first. An alert that waits for somebody makes any row as urgent as a deadline."""
    return min(RANKS[row.standing], RANKS[Standing.SOON]) if row.needs_somebody else RANKS[row.standing]


def urgency(row: BoardRow) -> tuple[int, float]:
    """What needs a person first, then by deadline. Never by the time left, which always runs."""
    instant = row.deadline or row.visit.promise or row.visit.sched_start
    return rank_of(row), instant.timestamp() if instant else NEVER


def awaits_arrival(row: BoardRow) -> bool:
    """Whether somebody is still to arrive there, so that there is something to enter."""
    over = row.visit.status in OVER or row.visit.checked_in
    return not over and row.standing not in {Standing.CANCELLED, Standing.GONE}


class Chip(StrEnum):
    """The filters one press away."""

    ALL = "all"
    NEEDS_ACTION = "needs_action"
    LATE = "late"
    SOON = "soon"
    ON_SITE = "on_site"
    DONE = "done"
    ON_TRACK = "on_track"


OFFERED = (Chip.ALL, Chip.NEEDS_ACTION, Chip.LATE, Chip.SOON, Chip.ON_SITE, Chip.DONE)
STANDINGS: Mapping[Chip, frozenset[Standing]] = {
    Chip.ALL: frozenset(Standing),
    Chip.NEEDS_ACTION: frozenset({Standing.LATE, Standing.SOON, Standing.UNASSIGNED, Standing.UNKNOWN}),
    Chip.LATE: frozenset({Standing.LATE}),
    Chip.SOON: frozenset({Standing.SOON}),
    Chip.ON_SITE: frozenset({Standing.ON_SITE}),
    Chip.DONE: frozenset({Standing.DONE, Standing.CANCELLED, Standing.GONE}),
    Chip.ON_TRACK: frozenset({Standing.EN_ROUTE, Standing.LATER, Standing.ON_SITE}),
}
CHIPS: Mapping[Standing, frozenset[Chip]] = {
    standing: frozenset(chip for chip, shown in STANDINGS.items() if standing in shown) for standing in Standing
}


def chips_of(row: BoardRow) -> frozenset[Chip]:
    """The filters that show a row."""
    chips = CHIPS[row.standing]
    return chips | {Chip.NEEDS_ACTION} if row.needs_somebody else chips
