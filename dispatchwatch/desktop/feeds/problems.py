"""The rows of a feed that could not be read, or not wholly."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.placed_model import Index
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.schedule import Gravity, RowProblem

NO_INDEX = QModelIndex()


class ProblemsModel(QAbstractTableModel):
    def __init__(self, room: DeskRoom, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._all: tuple[RowProblem, ...] = ()
        self._shown: tuple[RowProblem, ...] = ()
        self._text = ""

    def show_problems(self, problems: tuple[RowProblem, ...]) -> None:
        if problems != self._all:
            self._all = problems
            self._narrow()

    def search(self, text: str) -> None:
        self._text = text.casefold()
        self._narrow()

    def rowCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(texts.ROW_PROBLEM_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return texts.ROW_PROBLEM_COLUMNS[section]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        problem = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (str(problem.line), problem.column, problem.problem, PurePath(problem.file).name)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{problem.file}, line {problem.line}: {problem.problem}"
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 2:
            unreadable = problem.gravity is Gravity.UNREADABLE
            return self._room.assets.icon(*("failed", Tone.LATE) if unreadable else ("warning", Tone.SOON), 16)
        return None

    def _narrow(self) -> None:
        self.beginResetModel()
        self._shown = tuple(
            one for one in self._all if self._text in f"{one.problem} {one.column} {one.file} {one.line}".casefold()
        )
        self.endResetModel()
