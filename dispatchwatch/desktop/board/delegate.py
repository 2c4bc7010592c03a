"""How a row of the board is painted: its ground here, its cells and the headers of groups by painters of their own."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.board.cell_painter import URGENT, CellPainter, mark_of
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.heading_painter import paint_heading
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.standing import Standing

AnyIndex = QModelIndex | QPersistentModelIndex


class BoardDelegate(QStyledItemDelegate):
    """`pointer`, the rows `hovered` and `focused`, and `first`, the column at the left, are set by the view."""

    def __init__(self, theme: Theme, assets: Assets, model: BoardModel, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._assets = assets
        self._model = model
        self._whole = parent
        self.cells = CellPainter(theme, now)
        self.hovered = -1
        self.focused = -1
        self.first = Column.TIME
        self.pointer: QPoint | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        canvas = Canvas(painter, self._theme, self._assets, self.pointer)
        area: QRect = option.rect
        painter.save()
        painter.setClipRect(area)
        heading = self._model.heading_at(index.row())
        if heading is None:
            row = self._model.line_at(index.row())
            self._ground(canvas, area, row, option, index)
            self.cells.paint(canvas, area, row, Column(index.column()))
        else:
            whole = QRect(0, area.top(), self._whole.width(), area.height())
            paint_heading(canvas, whole, heading, hovered=index.row() == self.hovered)
        if index.row() == self.focused:
            self._frame(canvas, area)
        painter.restore()

    def _ground(
        self, canvas: Canvas, area: QRect, row: BoardRow, option: QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        """Tint of the state, selection, the line below, and the bar at the left of what is late."""
        theme, state = self._theme, option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            canvas.fill(area, theme.tint(Tone.ACCENT, 0.13))
        elif index.row() == self.hovered:
            canvas.fill(area, theme.tint(Tone.TEXT, 0.04))
        elif row.standing in URGENT and row.unverified_since is None:
            canvas.fill(area, theme.tint(mark_of(row).tone, 0.07 if row.standing is Standing.LATE else 0.04))
        canvas.fill(QRect(area.left(), area.bottom(), area.width(), 1), theme.named(theme.tokens.line))
        if index.column() == self.first and (selected or row.standing is Standing.LATE):
            bar = Tone.ACCENT if selected else mark_of(row).tone
            canvas.fill(QRect(area.left(), area.top(), theme.px(3), area.height() - 1), theme.color(bar))
        if selected and theme.tokens.high_contrast:
            self._frame(canvas, area)

    def _frame(self, canvas: Canvas, area: QRect) -> None:
        color = self._theme.color(Tone.ACCENT)
        canvas.fill(QRect(area.left(), area.top(), area.width(), 1), color)
        canvas.fill(QRect(area.left(), area.bottom(), area.width(), 1), color)
