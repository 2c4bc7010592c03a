"""The list on the board: it paints what is seen, follows the pointer, and keeps the person's place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QTableView, QToolTip, QWidget

from dispatchwatch.desktop import board_phrases, texts
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.board import buttons
from dispatchwatch.desktop.board.column_fitting import ColumnFitting
from dispatchwatch.desktop.board.columns import Column, Placed
from dispatchwatch.desktop.board.delegate import BoardDelegate
from dispatchwatch.desktop.board.heads import BoardHeads
from dispatchwatch.desktop.board.kept_place import KeptPlace
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.placed_model import Index
from dispatchwatch.desktop.tables import settle
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.domain.visit import VisitKey

RESTS_AFTER = 3000
FOLDS = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}
OPENS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class BoardView(QTableView):
    """`pressed_button` carries the action and the key of the row, `opened` a key, `chosen` that of the current row.

    `folded` carries the name of a group, and whether it is to be folded; None turns it round.
    """

    pressed_button = Signal(object, object)
    opened = Signal(object)
    chosen = Signal(object)
    folded = Signal(str, object)
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, assets: Assets, model: BoardModel, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = model
        self._minute = now.replace(second=0, microsecond=0)
        self._painter = BoardDelegate(theme, assets, model, now, self)
        self.setItemDelegate(self._painter)
        self.heads = BoardHeads(self)
        self.setHorizontalHeader(self.heads)
        self._hand = QTimer(self, singleShot=True, interval=RESTS_AFTER)
        self._hand.timeout.connect(self._let_go)
        self._place = KeptPlace(self, model, theme)
        settle(self, texts.BOARD, "boardHeader")
        self.heads.setSectionsClickable(True)
        self.columns = ColumnFitting(self, self.heads, theme, self._painter.cells)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.menu_wanted)
        self.doubleClicked.connect(self._open)
        theme.changed.connect(self.dress)
        self.dress()

    def show_zone(self, office_zone: str) -> None:
        self._painter.cells.office_zone = office_zone

    def show_readings(self, read_at: Mapping[str, datetime | None]) -> None:
        """When each feed was read last. What is painted of it changes with the minute."""
        self._painter.cells.read_at = read_at

    def show_hits(self, words: tuple[str, ...]) -> None:
        self._painter.cells.hits = words
        self.viewport().update()

    def show_columns(self, shown: tuple[Placed, ...]) -> None:
        self.columns.show_columns(shown)
        self._painter.first = self.columns.first

    @Slot()
    def dress(self) -> None:
        self.verticalHeader().setMinimumSectionSize(self._theme.row_height)
        self.verticalHeader().setDefaultSectionSize(self._theme.row_height)
        self.columns.fit()
        self.viewport().update()

    def tick(self, now: datetime) -> None:
        """Only what runs is painted anew: a narrow strip, however long the list is; once a minute all that is seen."""
        self._painter.cells.now = now
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self.viewport().update()
        elif self._rows.rowCount() and not self.isColumnHidden(Column.TIME):
            left, width = self.columnViewportPosition(Column.TIME), self.columnWidth(Column.TIME)
            self.viewport().update(QRect(left, 0, width, self.viewport().height()))

    @property
    def current_key(self) -> VisitKey | None:
        """The visit that has the keyboard; None on the header of a group."""
        number = self.currentIndex().row()
        return self._rows.key_at(number) if number >= 0 and self._rows.heading_at(number) is None else None

    def selected_keys(self) -> list[VisitKey]:
        """In the order of the list, whatever the order they were chosen in."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._rows.key_at(number) for number in numbers if self._rows.heading_at(number) is None]

    def begin_anew(self) -> None:
        """After another order was chosen: at the top, or at the visit that has the keyboard where one is chosen."""
        if self.selectionModel().hasSelection() and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        else:
            self.scrollToTop()

    def go_to(self, key: VisitKey) -> None:
        """Puts the keyboard on a visit and scrolls to it."""
        number = self._rows.number_of(key)
        if number is not None:
            self.setCurrentIndex(self._rows.index(number, self.columns.first))

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        self._show_focus()
        if (key := self.current_key) is not None:
            self.chosen.emit(key)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self._show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self._show_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.columns.fit()
        self._painter.first = self.columns.first

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        number, key = self.currentIndex().row(), Qt.Key(event.key())
        if number >= 0 and key in OPENS:
            if not self._fold(number):
                self._open(self.currentIndex())
        elif number >= 0 and key in FOLDS and self._fold_by_key(number, wanted=FOLDS[key]):
            event.accept()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters are shortcuts here, not a search within the first column."""

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """A painted button says what it does, and by which key."""
        if isinstance(event, QHelpEvent) and (action := self._button_at(event.pos())) is not None:
            words = f"{buttons.TEXTS[action]} · {board_phrases.ROW_KEYS[action]}"
            QToolTip.showText(event.globalPos(), words, self.viewport())
            return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseMoveEvent(event)
        self._follow(event.position().toPoint())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        button = self._button_at(event.position().toPoint())
        if button is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        point = event.position().toPoint()
        number, button = self.rowAt(point.y()), self._button_at(point)
        if event.button() is not Qt.MouseButton.LeftButton or number < 0:
            super().mouseReleaseEvent(event)
        elif button is not None:
            key = self._rows.key_at(number)
            self.go_to(key)
            self.pressed_button.emit(button, key)
        else:
            super().mouseReleaseEvent(event)
            self._fold(number)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        super().leaveEvent(event)
        self._let_go()
        self._follow(None)

    def _fold(self, number: int, *, wanted: bool | None = None) -> bool:
        """Folds a group by its header. Answers whether there was one, and it was not so already."""
        heading = self._rows.heading_at(number)
        if heading is None or heading.folded is wanted:
            return False
        self.folded.emit(heading.group.name, wanted)
        return True

    def _fold_by_key(self, number: int, *, wanted: bool) -> bool:
        """The left arrow goes from a visit to its header first, and then folds the group."""
        above = self._rows.group_above(number)
        if wanted and above != number:
            self.setCurrentIndex(self._rows.index(above, self.columns.first))
            return True
        return self._fold(number, wanted=wanted)

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
        if index.column() != Column.ACTIONS or self._rows.heading_at(index.row()) is not None:
            return None
        placed = buttons.placed(self._rows.line_at(index.row()), self.visualRect(index), self._theme)
        return next((button.action for button in placed if button.area.contains(point)), None)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        if self._rows.heading_at(index.row()) is None:
            self.opened.emit(self._rows.key_at(index.row()))
