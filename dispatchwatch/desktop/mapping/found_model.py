"""Something that was found in a source, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from dispatchwatch.app.mapping import FoundTable
from dispatchwatch.desktop import mapping_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.wording import STATUS_NAMES

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
UNSURE = frozenset({"loose", "by part", "by value"})
LONGEST = 120
MARKS: Mapping[object, tuple[str, Tone]] = {
    mapping_phrases.LEFT_OUT: ("failed", Tone.LATE),
    mapping_phrases.DOUBTED: ("warning", Tone.SOON),
}


class FoundModel(QAbstractTableModel):
    """`marks` are icons of rows, where they have any."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self._room = room
        self.table = FoundTable("", (), ())
        self._marks: dict[int, tuple[str, Tone]] = {}

    def show_table(self, table: FoundTable) -> None:
        self.beginResetModel()
        self.table = table
        self._marks = {row: mark for row, cells in enumerate(table.rows) if (mark := self._mark(cells))}
        self.endResetModel()

    def cell(self, row: int, name: str) -> object:
        """What stands in a column that the session calls so; None where there is none."""
        return self.table.rows[row][self.table.columns.index(name)] if name in self.table.columns else None

    def rowCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.table.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            name = self.table.columns[section]
            return mapping_phrases.HEADINGS.get(name, name)
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            cell = self.table.rows[index.row()][index.column()]
            return shown(self.table.columns[index.column()], cell)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and (mark := self._marks.get(index.row())):
            return self._room.assets.icon(*mark, 16)
        if role == Qt.ItemDataRole.ForegroundRole and self._is_idle(index.row()):
            return self._room.theme.color(Tone.MUTED)
        return None

    def _mark(self, cells: Sequence[object]) -> tuple[str, Tone] | None:
        named = dict(zip(self.table.columns, cells, strict=True))
        if named.get("confidence") in UNSURE or ("word" in named and named.get("status") is None):
            return "unknown", Tone.SOON
        if named.get("field") and "confidence" in named:
            return "done", Tone.OK
        return MARKS.get(cells[0]) if cells else None

    def _is_idle(self, row: int) -> bool:
        """A column that is none of ours."""
        return "confidence" in self.table.columns and not self.cell(row, "field")


def shown(column: str, cell: object) -> str:
    """A cell as a person reads it."""
    if isinstance(cell, list):
        return " · ".join(_short(str(one)) for one in cell)
    if column == "field" and cell:
        return mapping_phrases.field_word(str(cell))
    if column == "confidence" and cell:
        return mapping_phrases.BECAUSE.get(str(cell), str(cell))
    if column == "status" and isinstance(cell, Status):
        return STATUS_NAMES[cell]
    return "" if cell is None else _short(str(cell))


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1]}…"
