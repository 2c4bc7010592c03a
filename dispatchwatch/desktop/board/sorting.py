"""What the board can be sorted by: several keys one after the other, each in its own direction.

Whatever is chosen, urgency decides between equals, so that the order is always the same. The time that is left is never
sorted by, only the deadline: the one runs, the other stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.order import urgency
from dispatchwatch.desktop.placed_model import Place
from dispatchwatch.domain.evidence import Evidence, evidence_of

Value = str | float | None
NUMBER = re.compile(r"\d+")
INVERTED = bytes(255 - byte for byte in range(256))
END = b"\xff"
TOLD = ("failed", "waiting", "sending", "sent", "dropped")
QUALITIES = tuple(Evidence)


class SortKey(NamedTuple):
    column: Column
    descending: bool = False


Sort = tuple[SortKey, ...]
MOST_URGENT_FIRST: Sort = ()


def chosen(sort: Sort, column: Column, *, further: bool) -> Sort:
    """What a press on a column’s head makes of the order. `further` keeps the keys before it."""
    before = next((key for key in sort if key.column is column), None)
    after = SortKey(column, descending=before is not None and not before.descending)
    if not further:
        return (after,) if before is None or sort[0].column is column else (SortKey(column),)
    return tuple(after if key is before else key for key in sort) if before else (*sort, after)


def place_of(row: BoardRow, sort: Sort) -> Place:
    parts: list[int | str | float | bytes] = []
    for key in sort:
        parts += _directed(VALUES[key.column](row), descending=key.descending)
    return (*parts, *urgency(row), row.key)


@lru_cache(maxsize=65_536)
def natural(text: str) -> str:
    """For sorting as people count: J-9 before J-10."""
    return NUMBER.sub(lambda number: number[0].zfill(12), text.casefold())


def _directed(value: Value, *, descending: bool) -> tuple[int, str | float | bytes]:
    """What is not known stands last either way."""
    if value is None or value == "":
        return 1, 0
    if not descending:
        return 0, value
    if isinstance(value, str):
        return 0, value.encode().translate(INVERTED) + END
    return 0, -value


def _instant(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _worst_told(row: BoardRow) -> Value:
    states = [TOLD.index(one.state) for one in row.told if one.state in TOLD]
    return float(min(states)) if states else None


def _quality(row: BoardRow) -> Value:
    evidence = evidence_of(row.visit)
    return None if evidence is None else float(QUALITIES.index(evidence))


VALUES: Mapping[Column, Callable[[BoardRow], Value]] = {
    Column.TIME: lambda row: _instant(row.deadline or row.visit.promise or row.visit.sched_start),
    Column.STATE: lambda row: float(row.standing.rank * 10 + list(type(row.standing)).index(row.standing)),
    Column.TECHNICIAN: lambda row: natural(row.visit.technician),
    Column.SITE: lambda row: natural(f"{row.visit.customer.name} {row.visit.site.name}".strip()),
    Column.WINDOW: lambda row: _instant(row.visit.window_start or row.visit.promise),
    Column.TOLD: _worst_told,
    Column.PRIORITY: lambda row: natural(row.visit.priority),
    Column.KIND: lambda row: natural(row.visit.kind),
    Column.ORDER: lambda row: natural(row.visit.order_ref),
    Column.FEED: lambda row: natural(row.key.feed),
    Column.CONTACT: lambda row: natural(row.visit.site.address),
    Column.PLANNED: lambda row: _instant(row.visit.sched_start),
    Column.PREDICTED: lambda row: _instant(row.predicted_arrival),
    Column.EVIDENCE: _quality,
    Column.ACKNOWLEDGED: lambda row: natural(row.acknowledged_by),
    Column.NOTES: lambda row: natural(row.visit.notes),
}


def keys_of(pairs: Sequence[tuple[Column, bool]]) -> Sort:
    """An order as it was kept; what can’t be sorted by, or comes twice, is left out."""
    found: dict[Column, SortKey] = {}
    for column, descending in pairs:
        if column in VALUES and column not in found:
            found[column] = SortKey(column, descending)
    return tuple(found.values())
