"""Where a person was in the list: which rows are chosen, which has the keyboard, which is on top. Kept over a reset."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QItemSelectionModel, QObject, Slot
from PySide6.QtWidgets import QTableView

from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.domain.visit import VisitKey

Flags = QItemSelectionModel.SelectionFlag


class KeptPlace(QObject):
    """Gives the table its model: what is kept must be kept before the table forgets it, and found after."""

    def __init__(self, table: QTableView, rows: BoardModel, theme: Theme) -> None:
        super().__init__(table)
        self._table, self._rows, self._theme = table, rows, theme
        self._current: Hashable = None
        self._top: Hashable = None
        self._selected: list[VisitKey] = []
        self._offset = 0
        rows.modelAboutToBeReset.connect(self._keep)
        table.setModel(rows)
        rows.modelReset.connect(self._find)

    @Slot()
    def _keep(self) -> None:
        table, rows = self._table, self._rows
        current, top = table.currentIndex().row(), table.rowAt(0)
        numbers = [index.row() for index in table.selectionModel().selectedRows()]
        self._current = rows.place_at(current) if current >= 0 else None
        self._selected = [rows.key_at(number) for number in numbers if rows.heading_at(number) is None]
        self._top = rows.place_at(top) if top >= 0 and table.verticalScrollBar().value() else None
        self._offset = table.rowViewportPosition(top)

    @Slot()
    def _find(self) -> None:
        """The same rows are chosen, and the same row is on top."""
        rows, model = self._rows, self._table.selectionModel()
        for key in self._selected:
            if (number := rows.number_of(key)) is not None:
                model.select(rows.index(number, 0), Flags.Select | Flags.Rows)
        if self._current is not None and (number := rows.number_of_place(self._current)) is not None:
            model.setCurrentIndex(rows.index(number, 0), Flags.NoUpdate)
        if self._top is not None and (number := rows.number_of_place(self._top)) is not None:
            self._table.verticalScrollBar().setValue(number * self._theme.row_height - self._offset)
