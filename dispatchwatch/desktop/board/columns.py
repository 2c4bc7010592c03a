"""The columns of the board: which there are, how wide they are, and which fold away when there is little room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple


class Column(IntEnum):
    """In the order of the model. `ACTIONS` holds the painted buttons: it stands last and is not chosen."""

    TIME = 0
    STATE = 1
    TECHNICIAN = 2
    SITE = 3
    WINDOW = 4
    TOLD = 5
    PRIORITY = 6
    KIND = 7
    ORDER = 8
    FEED = 9
    CONTACT = 10
    PLANNED = 11
    PREDICTED = 12
    EVIDENCE = 13
    AGE = 14
    ACKNOWLEDGED = 15
    NOTES = 16
    ACTIONS = 17


class Placed(NamedTuple):
    """A column that is shown. `width` is in pixels of the design; 0 leaves it to the room there is."""

    column: Column
    width: int = 0


class Measures(NamedTuple):
    """What is measured in the typeface: the longest countdown, the buttons at the least and all of them."""

    time: int
    actions: int
    all_actions: int


CHOOSABLE = tuple(column for column in Column if column is not Column.ACTIONS)
USUAL: tuple[Placed, ...] = tuple(
    Placed(column)
    for column in (
        Column.TIME,
        Column.STATE,
        Column.TECHNICIAN,
        Column.SITE,
        Column.WINDOW,
        Column.TOLD,
        Column.AGE,
    )
)
NARROWEST, WIDEST = 48, 800
LEAST: Mapping[Column, int] = {
    Column.TIME: 136,
    Column.STATE: 128,
    Column.TECHNICIAN: 132,
    Column.SITE: 144,
    Column.WINDOW: 100,
    Column.TOLD: 84,
    Column.PRIORITY: 64,
    Column.KIND: 104,
    Column.ORDER: 88,
    Column.FEED: 88,
    Column.CONTACT: 168,
    Column.PLANNED: 104,
    Column.PREDICTED: 96,
    Column.EVIDENCE: 136,
    Column.AGE: 88,
    Column.ACKNOWLEDGED: 104,
    Column.NOTES: 184,
    Column.ACTIONS: 0,
}
MOST: Mapping[Column, int] = {Column.TECHNICIAN: 240, Column.TOLD: 180, Column.CONTACT: 280, Column.NOTES: 480}
SHARES: Mapping[Column, int] = {
    Column.TECHNICIAN: 3,
    Column.SITE: 4,
    Column.TOLD: 2,
    Column.CONTACT: 3,
    Column.NOTES: 4,
    Column.ACTIONS: 5,
}
FOLDS = frozenset({Column.ACTIONS, *(placed.column for placed in USUAL)})
FOLDING = (Column.AGE, Column.WINDOW, Column.TOLD, Column.ACTIONS, Column.STATE)


def widths(room: int, shown: Sequence[Placed], scale: float, measures: Measures) -> dict[Column, int]:
    """The width of every column that fits into `room`; of those that do not, the least needed are left out.

    Where a person has added columns or given one a width, nothing is left out: then the list scrolls sideways.
    """
    kept = {placed.column: round((placed.width or LEAST[placed.column]) * scale) for placed in shown}
    fixed = {placed.column for placed in shown if placed.width}
    if Column.TIME in kept and Column.TIME not in fixed:
        kept[Column.TIME] = measures.time
    kept[Column.ACTIONS] = measures.actions
    for column in FOLDING if kept.keys() <= FOLDS and not fixed else ():
        if sum(kept.values()) <= room:
            break
        kept.pop(column, None)
    return _spread(kept, room, fixed, _limits(room, scale, measures))


def _limits(room: int, scale: float, measures: Measures) -> dict[Column, int]:
    limits = {column: round(MOST[column] * scale) if column in MOST else room for column in SHARES}
    return limits | {Column.ACTIONS: measures.all_actions}


def _spread(kept: dict[Column, int], room: int, fixed: set[Column], limits: Mapping[Column, int]) -> dict[Column, int]:
    """Shares the room left over among the columns of words; what their limits leave goes to the customer."""
    spare = max(0, room - sum(kept.values()))
    sharing = {column: share for column, share in SHARES.items() if column in kept and column not in fixed}
    for column, share in sharing.items():
        kept[column] = max(kept[column], min(limits[column], kept[column] + spare * share // sum(sharing.values())))
    if takes_rest := next(
        (one for one in (Column.SITE, Column.NOTES, *kept) if one in kept and one not in fixed), None
    ):
        kept[takes_rest] += max(0, room - sum(kept.values()))
    return kept
