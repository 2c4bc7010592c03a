"""Keeps the columns of the list as they were chosen: which are shown, in which order, how wide, and which fold."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QTableView

from dispatchwatch.desktop.board import buttons
from dispatchwatch.desktop.board.cell_painter import CellPainter
from dispatchwatch.desktop.board.columns import NARROWEST, USUAL, WIDEST, Column, Measures, Placed, widths
from dispatchwatch.desktop.board.heads import BoardHeads
from dispatchwatch.desktop.theme import Theme


class ColumnFitting(QObject):
    """`placed` carries the columns as somebody has just dragged or widened them."""

    placed = Signal(object)

    def __init__(self, table: QTableView, heads: BoardHeads, theme: Theme, cells: CellPainter) -> None:
        super().__init__(table)
        self._table, self._heads, self._theme, self._cells = table, heads, theme, cells
        self._shown: tuple[Placed, ...] = USUAL
        self._fitting = False
        heads.setSectionsMovable(True)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        heads.sectionMoved.connect(self._moved)
        heads.sectionResized.connect(self._resized)
        heads.let_go.connect(self.fit)
        heads.width_left.connect(self._leave_width)

    def show_columns(self, shown: tuple[Placed, ...]) -> None:
        if shown != self._shown:
            self._shown = shown
            self.fit()

    @Slot()
    def fit(self) -> None:
        """Nothing is laid out anew under a hand that drags."""
        if self._heads.held:
            return
        theme, table = self._theme, self._table
        measures = Measures(self._cells.time_width(), buttons.room(theme), buttons.room(theme, buttons.MOST_NEEDED))
        fitting = widths(table.viewport().width(), self._shown, theme.scale, measures)
        self._cells.folded = frozenset(set(Column) - fitting.keys())
        self._fitting = True
        self._heads.setMinimumSectionSize(theme.px(NARROWEST))
        for place, column in enumerate(self._order()):
            self._heads.moveSection(self._heads.visualIndex(column), place)
        for column in Column:
            table.setColumnHidden(column, column not in fitting)
            if column in fitting:
                table.setColumnWidth(column, fitting[column])
        self._fitting = False

    @property
    def first(self) -> Column:
        """The column at the left."""
        return next((column for column in self._order() if not self._table.isColumnHidden(column)), Column.TIME)

    def _order(self) -> list[Column]:
        """What is hidden stands behind what is shown; the buttons come last."""
        shown = [placed.column for placed in self._shown]
        hidden = [column for column in Column if column not in {*shown, Column.ACTIONS}]
        return [*shown, *hidden, Column.ACTIONS]

    @Slot(int, int, int)
    def _moved(self, _section: int, _before: int, _after: int) -> None:
        if self._fitting:
            return
        known = {placed.column: placed for placed in self._shown}
        order = [Column(self._heads.logicalIndex(place)) for place in range(self._heads.count())]
        self._shown = tuple(known[column] for column in order if column in known)
        self.placed.emit(self._shown)

    @Slot(int, int, int)
    def _resized(self, section: int, _before: int, after: int) -> None:
        if not self._fitting and self._heads.held and after:
            width = min(max(round(after / self._theme.scale), NARROWEST), WIDEST)
            self._widen(Column(section), width)

    @Slot(object)
    def _leave_width(self, column: Column) -> None:
        self._widen(column, 0)
        self.fit()

    def _widen(self, column: Column, width: int) -> None:
        self._shown = tuple(Placed(column, width) if one.column is column else one for one in self._shown)
        self.placed.emit(self._shown)
