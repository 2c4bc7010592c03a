"""What is remembered of the board, written down and read again: what makes no sense is left out, the rest stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from dispatchwatch.desktop.board.columns import CHOOSABLE, NARROWEST, USUAL, WIDEST, Column, Placed
from dispatchwatch.desktop.board.filter import BoardFilter, Facet, FacetValue
from dispatchwatch.desktop.board.grouping import Grouping
from dispatchwatch.desktop.board.order import Chip
from dispatchwatch.desktop.board.sorting import Sort, keys_of
from dispatchwatch.desktop.board.views import FIRST_VIEWS, Arrangement, BoardMemory, Columns, SavedView
from dispatchwatch.desktop.preference_kinds import Preference
from dispatchwatch.domain.standing import Standing

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
NOT_READ = (LookupError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBoard(Preference[BoardMemory]):
    def read(self, word: str) -> BoardMemory:
        told = json.loads(word)
        if not isinstance(told, dict):
            raise ValueError(word)
        return _memory(told)

    def write(self, value: BoardMemory) -> str:
        return json.dumps(_told(value), ensure_ascii=False, separators=(",", ":"))


BOARD = KeptBoard(
    key="board",
    section="Board",
    label="Views of the board",
    help="Chosen on the board itself.",
    default=BoardMemory(),
)


def _told(memory: BoardMemory) -> dict[str, Any]:
    return {
        "views": [{"name": one.name, **_told_arrangement(one.arrangement)} for one in memory.views],
        "opened": memory.opened,
        "present": _told_arrangement(memory.present),
        "at_start": memory.at_start,
        "usual": _told_columns(memory.usual),
        "folded": {grouping.value: sorted(names) for grouping, names in memory.folded.items() if names},
    }


def _told_arrangement(one: Arrangement) -> dict[str, Any]:
    return {
        "chip": one.filter.chip.value,
        "values": sorted([facet.value, value] for facet, value in one.filter.values),
        "mine": one.filter.mine,
        "grouping": one.grouping.value,
        "sort": [[key.column.name.lower(), key.descending] for key in one.sort],
        "columns": None if one.columns is None else _told_columns(one.columns),
    }


def _told_columns(columns: Columns) -> list[list[Any]]:
    return [[placed.column.name.lower(), placed.width] for placed in columns]


def _memory(told: Mapping[str, Any]) -> BoardMemory:
    views: dict[str, SavedView] = {}
    folded = told.get("folded")
    for view in _each(told.get("views", ()), _view):
        views.setdefault(view.name, view)
    kept = tuple(views.values()) or FIRST_VIEWS
    opened, at_start = str(told.get("opened", "")), str(told.get("at_start", ""))
    return BoardMemory(
        views=kept,
        opened=opened if opened in views else kept[0].name,
        present=next(iter(_each([told.get("present")], _arrangement)), kept[0].arrangement),
        at_start=at_start if at_start in views else "",
        usual=_columns(told.get("usual")) or USUAL,
        folded=dict(_each(folded.items() if isinstance(folded, dict) else (), _folded)),
    )


def _view(told: Mapping[str, Any]) -> SavedView:
    name = str(told["name"]).strip()
    if not name:
        raise ValueError(name)
    return SavedView(name, _arrangement(told))


def _arrangement(told: Mapping[str, Any]) -> Arrangement:
    chip = _one_of(Chip, told.get("chip"), Chip.ALL)
    values = frozenset(_each(told.get("values", ()), _value))
    return Arrangement(
        filter=BoardFilter(chip, values, told.get("mine") is True),
        grouping=_one_of(Grouping, told.get("grouping"), Grouping.NONE),
        sort=_sort(told.get("sort", ())),
        columns=_columns(told.get("columns")) or None,
    )


def _one_of(kind: type[E], word: Any, otherwise: E) -> E:
    return next((one for one in kind if one.value == word), otherwise)


def _value(pair: Any) -> FacetValue:
    facet, value = Facet(pair[0]), str(pair[1])
    return facet, Standing(value).value if facet is Facet.STATE else value


def _sort(told: Any) -> Sort:
    return keys_of(_each(told, lambda pair: (Column[pair[0].upper()], pair[1] is True)))


def _columns(told: Any) -> Columns:
    placed = {one.column: one for one in _each(told or (), _placed)}
    return tuple(placed.values())


def _placed(pair: Any) -> Placed:
    column, width = Column[pair[0].upper()], int(pair[1])
    if column not in CHOOSABLE:
        raise ValueError(column)
    return Placed(column, min(max(width, NARROWEST), WIDEST) if width else 0)


def _folded(pair: tuple[str, Any]) -> tuple[Grouping, frozenset[str]]:
    return Grouping(pair[0]), frozenset(str(name) for name in pair[1])


def _each(told: Any, read: Callable[[Any], T]) -> list[T]:
    """What can be read of these; what can’t is left out, and costs nothing beside it."""
    found: list[T] = []
    for one in told if isinstance(told, Iterable) and not isinstance(told, str) else ():
        try:
            found.append(read(one))
        except NOT_READ:
            continue
    return found
