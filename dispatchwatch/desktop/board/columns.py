"""How wide the columns of the board are, and which fold away when there is little room."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class Column(IntEnum):
    TIME = 0
    STATE = 1
    TECHNICIAN = 2
    SITE = 3
    WINDOW = 4
    TOLD = 5


LEAST: Mapping[Column, int] = {
    Column.STATE: 136,
    Column.TECHNICIAN: 136,
    Column.SITE: 150,
    Column.WINDOW: 108,
}
MOST: Mapping[Column, int] = {Column.TECHNICIAN: 240, Column.TOLD: 460}
SHARES: Mapping[Column, int] = {Column.TECHNICIAN: 3, Column.SITE: 4, Column.TOLD: 5}
FOLDING = (Column.WINDOW, Column.TOLD, Column.STATE)


def widths(room: int, scale: float, time: int, actions: int) -> dict[Column, int]:
    """The width of every column that fits into `room`; of those that do not, the least needed are left out.

    `time` is the width of the longest countdown, `actions` that of the buttons in the last column.
    """
    kept = {Column.TIME: time, **{column: round(width * scale) for column, width in LEAST.items()}}
    kept[Column.TOLD] = actions
    for column in FOLDING:
        if sum(kept.values()) <= room:
            break
        del kept[column]
    return _spread(kept, room, scale)


def _spread(kept: dict[Column, int], room: int, scale: float) -> dict[Column, int]:
    """Shares the room left over among the columns of words; what their limits leave goes to the customer."""
    spare = max(0, room - sum(kept.values()))
    sharing = {column: share for column, share in SHARES.items() if column in kept}
    for column, share in sharing.items():
        most = round(MOST[column] * scale) if column in MOST else room
        kept[column] = max(kept[column], min(most, kept[column] + spare * share // sum(sharing.values())))
    kept[Column.SITE] += max(0, room - sum(kept.values()))
    return kept
