"""The list on the board: it paints what is seen, follows the pointer, and keeps the person's place."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QTableView, QWidget

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.board import buttons
from dispatchwatch.desktop.board.columns import Column, widths
from dispatchwatch.desktop.board.delegate import BoardDelegate
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.placed_model import Index
from dispatchwatch.desktop.tables import settle
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.domain.visit import VisitKey

RESTS_AFTER = 3000


class BoardView(QTableView):
    """`pressed_button` carries the action and the key of the row, `opened` a key, `chosen` that of the current row."""

    pressed_button = Signal(object, object)
    opened = Signal(object)
    chosen = Signal(object)
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, assets: Assets, model: BoardModel, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = model
        self._kept: tuple[VisitKey | None, list[VisitKey], VisitKey | None, int] = (None, [], None, 0)
        self._painter = BoardDelegate(theme, assets, model, now, self)
        self.setItemDelegate(self._painter)
        self._hand = QTimer(self, singleShot=True, interval=RESTS_AFTER)
        self._hand.timeout.connect(self._let_go)
        model.modelAboutToBeReset.connect(self._keep_place)
        self.setModel(model)
        model.modelReset.connect(self._find_place)
        self._settle_in()
        theme.changed.connect(self.dress)
        self.dress()

    def _settle_in(self) -> None:
        settle(self, texts.BOARD, "boardHeader")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.menu_wanted)
        self.doubleClicked.connect(self._open)

    def show_zone(self, office_zone: str) -> None:
        self._painter.office_zone = office_zone

    @Slot()
    def dress(self) -> None:
        self.verticalHeader().setMinimumSectionSize(self._theme.row_height)
        self.verticalHeader().setDefaultSectionSize(self._theme.row_height)
        self._fit_columns()
        self.viewport().update()

    def tick(self, now: datetime) -> None:
        """Only what runs is painted anew: one narrow strip, however long the list is."""
        self._painter.now = now
        if self._rows.rowCount() and not self.isColumnHidden(Column.TIME):
            left, width = self.columnViewportPosition(Column.TIME), self.columnWidth(Column.TIME)
            self.viewport().update(QRect(left, 0, width, self.viewport().height()))

    @property
    def current_key(self) -> VisitKey | None:
        index = self.currentIndex()
        return self._rows.key_at(index.row()) if index.isValid() else None

    def selected_keys(self) -> list[VisitKey]:
        return [self._rows.key_at(index.row()) for index in self.selectionModel().selectedRows()]

    def go_to(self, key: VisitKey) -> None:
        """Puts the keyboard on a visit and scrolls to it."""
        number = self._rows.number_of(key)
        if number is not None:
            self.setCurrentIndex(self._rows.index(number, 0))

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        self._show_focus()
        if current.isValid():
            self.chosen.emit(self._rows.key_at(current.row()))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self._show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self._show_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters are shortcuts here, not a search within the first column."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseMoveEvent(event)
        self._follow(event.position().toPoint())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        button = self._button_at(event.position().toPoint())
        if button is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        button = self._button_at(event.position().toPoint())
        if button is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        key = self._rows.key_at(self.rowAt(event.position().toPoint().y()))
        self.go_to(key)
        self.pressed_button.emit(button, key)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        super().leaveEvent(event)
        self._let_go()
        self._follow(None)

    def _follow(self, point: QPoint | None) -> None:
        """Marks what is under the pointer. While the pointer moves, rows keep their places."""
        hovered = self.rowAt(point.y()) if point else -1
        before, self._painter.hovered, self._painter.pointer = self._painter.hovered, hovered, point
        for number in {before, hovered} - {-1}:
            self._paint_row(number)
        on_button = point is not None and self._button_at(point) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if on_button else Qt.CursorShape.ArrowCursor)
        if point:
            self._rows.hold(True)
            self._hand.start()

    @Slot()
    def _let_go(self) -> None:
        self._hand.stop()
        self._rows.hold(False)

    def _show_focus(self) -> None:
        """Frames the whole row that has the keyboard, not a cell of it."""
        before, self._painter.focused = self._painter.focused, self.currentIndex().row() if self.hasFocus() else -1
        for number in {before, self._painter.focused} - {-1}:
            self._paint_row(number)

    def _paint_row(self, number: int) -> None:
        top = self.rowViewportPosition(number)
        self.viewport().update(QRect(0, top, self.viewport().width(), self._theme.row_height))

    def _button_at(self, point: QPoint) -> buttons.RowAction | None:
        index = self.indexAt(point)
        if not index.isValid() or index.column() != Column.TOLD:
            return None
        placed = buttons.placed(self._rows.line_at(index.row()), self.visualRect(index), self._theme)
        return next((button.action for button in placed if button.area.contains(point)), None)

    def _fit_columns(self) -> None:
        room = self.viewport().width()
        fitting = widths(room, self._theme.scale, self._painter.time_width(), buttons.room(self._theme))
        self._painter.folded = frozenset(set(Column) - fitting.keys())
        for column in Column:
            self.setColumnHidden(column, column not in fitting)
            if column in fitting:
                self.setColumnWidth(column, fitting[column])

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._rows.key_at(index.row()))

    @Slot()
    def _keep_place(self) -> None:
        top = self.rowAt(0)
        self._kept = (
            self.current_key,
            self.selected_keys(),
            self._rows.key_at(top) if top >= 0 and self.verticalScrollBar().value() else None,
            self.rowViewportPosition(top),
        )

    @Slot()
    def _find_place(self) -> None:
        """After the list began anew: the same rows are chosen, and the same row is on top."""
        current, selected, top, offset = self._kept
        model, flags = self.selectionModel(), QItemSelectionModel.SelectionFlag
        for key in selected:
            number = self._rows.number_of(key)
            if number is not None:
                model.select(self._rows.index(number, 0), flags.Select | flags.Rows)
        number = self._rows.number_of(current) if current else None
        if number is not None:
            model.setCurrentIndex(self._rows.index(number, 0), flags.NoUpdate)
        number = self._rows.number_of(top) if top else None
        if number is not None:
            self.verticalScrollBar().setValue(number * self._theme.row_height - offset)
