"""The lines of “Who can take it?” for Qt: what is shown, what is read aloud, and what can be chosen."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dispatchwatch.desktop import reassign_phrases as phrases
from dispatchwatch.desktop.reassign.ranking import Kind, Line
from dispatchwatch.domain.visit import Technician

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
LINE = Qt.ItemDataRole.UserRole


class CardsModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()
        self._ranked = 0

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        self.beginResetModel()
        self._lines = lines
        self._ranked = sum(line.kind in {Kind.CAN, Kind.COULD} for line in lines)
        self.endResetModel()

    def line(self, row: int) -> Line:
        return self._lines[row]

    def row_of(self, technician: Technician) -> int | None:
        return next(
            (
                row
                for row, line in enumerate(self._lines)
                if line.weighed is not None and line.weighed.technician.is_same(technician)
            ),
            None,
        )

    def row_of_number(self, number: int) -> int | None:
        return next((row for row, line in enumerate(self._lines) if line.number == number), None)

    def first(self) -> int | None:
        """The best of those that are shown; where nobody can or could, what leads to the others."""
        return next((row for row, line in enumerate(self._lines) if line.kind is not Kind.HEADING), None)

    def rowCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.UserRole:
                return line
            case Qt.ItemDataRole.DisplayRole:
                return line.weighed.technician.name if line.weighed else line.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._sentence(index.row())
            case _:
                return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self._lines[index.row()].kind is Kind.HEADING:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return super().flags(index)

    def _sentence(self, row: int) -> str:
        line = self._lines[row]
        if line.weighed is None:
            return line.text
        if line.kind is Kind.CANNOT:
            return phrases.cannot_sentence(line.weighed)
        before = sum(one.kind is Kind.HEADING for one in self._lines[:row])
        return phrases.card_sentence(line.weighed, row - before + 1, self._ranked)
