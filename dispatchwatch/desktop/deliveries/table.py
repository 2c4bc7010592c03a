"""The table of messages: state first, then what, to whom, and in plain words how it went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from dispatchwatch.app.view import DeliveryLine
from dispatchwatch.desktop import delivery_phrases, phrases, texts
from dispatchwatch.desktop.canvas import Canvas, button_width
from dispatchwatch.desktop.deliveries.model import DeliveriesModel
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.marks import delivery
from dispatchwatch.desktop.placed_model import Index
from dispatchwatch.desktop.tables import settle
from dispatchwatch.desktop.tokens import Tone

ROW = 36
LEAST_WORDS = 420
STATE, WHEN, CHANNEL, WHAT, ABOUT, TRIES, RESULT = range(7)
WIDTHS = {STATE: 120, WHEN: 92, CHANNEL: 140, WHAT: 116, TRIES: 52}


class DeliveryDelegate(QStyledItemDelegate):
    def __init__(self, room: DeskRoom, model: DeliveriesModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = room
        self._model = model
        self.now = room.now()
        self.limits: Mapping[str, str] = {}
        self.hovered = -1
        self.focused = -1
        self.pointer: QPoint | None = None

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line, theme = self._model.line_at(index.row()), self._room.theme
        area: QRect = option.rect
        canvas = Canvas(painter, theme, self._room.assets, self.pointer)
        if option.state & QStyle.StateFlag.State_Selected:
            canvas.fill(area, theme.tint(Tone.ACCENT, 0.13))
        elif index.row() == self.hovered:
            canvas.fill(area, theme.tint(Tone.TEXT, 0.04))
        ink = theme.color(Tone.ACCENT) if index.row() == self.focused else theme.named(theme.tokens.line)
        canvas.fill(QRect(area.left(), area.bottom(), area.width(), 1), ink)
        self._cell(canvas, area.adjusted(theme.px(8), 0, -theme.px(8), 0), line, index.column())

    def resend_area(self, line: DeliveryLine, cell: QRect) -> QRect | None:
        """Where the Re-send button of a failed delivery is."""
        if line.state != "failed":
            return None
        theme, width = self._room.theme, button_width(self._room.theme, texts.RESEND)
        height = theme.px(26)
        top = cell.top() + (cell.height() - height) // 2
        return QRect(cell.right() - width - theme.px(12), top, width, height)

    def _cell(self, canvas: Canvas, area: QRect, line: DeliveryLine, column: int) -> None:
        zone_name = self._room.timezone
        match column:
            case 0:
                mark = delivery(line.state)
                canvas.icon(area.adjusted(self._room.theme.px(8), 0, 0, 0), mark.icon, mark.tone)
                words = area.adjusted(self._room.theme.px(32), 0, 0, 0)
                canvas.text(words, mark.word, mark.tone, strong=line.state == "failed")
            case 1:
                canvas.text(area, delivery_phrases.when(line.created_at, self.now, zone_name), Tone.MUTED)
            case 2:
                canvas.text(area, line.channel)
            case 3:
                canvas.text(area, texts.OPERATION_NAMES[line.operation], Tone.MUTED)
            case 4:
                self._about(canvas, area, line)
            case 5:
                canvas.text(area, str(line.attempts), Tone.MUTED, right=True)
            case _:
                self._result(canvas, area, line)

    def _about(self, canvas: Canvas, area: QRect, line: DeliveryLine) -> None:
        """How many alerts share the message, where they do, and what it says."""
        if many := delivery_phrases.alerts_in(line):
            area = area.adjusted(canvas.text(area, many, Tone.INFO, strong=True) + self._room.theme.px(8), 0, 0, 0)
        canvas.text(area, line.headline)

    def _result(self, canvas: Canvas, area: QRect, line: DeliveryLine) -> None:
        button = self.resend_area(line, area)
        if button is not None:
            canvas.button(button, texts.RESEND)
            area.setRight(button.left() - self._room.theme.px(8))
        limit = self.limits.get(line.channel, "")
        text = phrases.delivery_result(line, self.now, self._room.timezone, limit)
        twice = f"{texts.MAY_HAVE_ARRIVED_TWICE} · " if line.may_have_arrived else ""
        canvas.text(area, f"{twice}{text}", Tone.LATE if line.state == "failed" else Tone.MUTED)


class DeliveryTable(QTableView):
    """`resend_wanted` carries the numbers of failed deliveries, `opened` the number of one, `chosen` that of the one
    that has the keyboard, `selected` how many of those that are selected failed."""

    resend_wanted = Signal(object)
    opened = Signal(int)
    chosen = Signal(int)
    selected = Signal(int)

    def __init__(self, room: DeskRoom, model: DeliveriesModel) -> None:
        super().__init__()
        self._room = room
        self._lines = model
        self._painter = DeliveryDelegate(room, model, self)
        self.setModel(model)
        self.setItemDelegate(self._painter)
        settle(self, texts.SENT, "sentHeader")
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.doubleClicked.connect(self._open)
        self.selectionModel().selectionChanged.connect(self._tell_selected)
        room.theme.changed.connect(self.dress)
        self.dress()

    def failed_selected(self) -> list[int]:
        lines = (self._lines.line_at(index.row()) for index in self.selectionModel().selectedRows())
        return [line.id for line in lines if line.state == "failed"]

    def go_to(self, number: int) -> None:
        row = self._lines.number_of(number)
        if row is not None:
            self.setCurrentIndex(self._lines.index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._lines.key_at(index.row()))

    @Slot()
    def _tell_selected(self) -> None:
        self.selected.emit(len(self.failed_selected()))

    @Slot()
    def dress(self) -> None:
        self.verticalHeader().setMinimumSectionSize(self._room.theme.px(ROW))
        self.verticalHeader().setDefaultSectionSize(self._room.theme.px(ROW))
        self._fit()

    def tick(self, now: datetime) -> None:
        """Only the column that says when the next try is."""
        self._painter.now = now
        if self.isVisible() and self._lines.rowCount():
            left, width = self.columnViewportPosition(RESULT), self.columnWidth(RESULT)
            self.viewport().update(QRect(left, 0, width, self.viewport().height()))

    def show_limits(self, limits: Mapping[str, str]) -> None:
        """What the channels wait for, by their names, where they keep to the limit of a platform."""
        if limits != self._painter.limits:
            self._painter.limits = limits
            self.viewport().update()

    def resend_selected(self) -> None:
        if numbers := self.failed_selected():
            self.resend_wanted.emit(numbers)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        self._show_focus()
        if current.isValid():
            self.chosen.emit(self._lines.key_at(current.row()))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self._show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self._show_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters are shortcuts here."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseMoveEvent(event)
        self._follow(event.position().toPoint())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        super().leaveEvent(event)
        self._follow(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseReleaseEvent(event)
        number = self._resend_at(event.position().toPoint())
        if number is not None and event.button() is Qt.MouseButton.LeftButton:
            self.resend_wanted.emit([number])

    def _follow(self, point: QPoint | None) -> None:
        self._painter.hovered, self._painter.pointer = (self.rowAt(point.y()) if point else -1), point
        on_button = point is not None and self._resend_at(point) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if on_button else Qt.CursorShape.ArrowCursor)
        self.viewport().update()

    def _show_focus(self) -> None:
        self._painter.focused = self.currentIndex().row() if self.hasFocus() else -1
        self.viewport().update()

    def _resend_at(self, point: QPoint) -> int | None:
        index = self.indexAt(point)
        if not index.isValid() or index.column() != RESULT:
            return None
        line, pad = self._lines.line_at(index.row()), self._room.theme.px(8)
        area = self._painter.resend_area(line, self.visualRect(index).adjusted(pad, 0, -pad, 0))
        return line.id if area is not None and area.contains(point) else None

    def _fit(self) -> None:
        """The two columns of sentences share what the others leave; what was tried, and when, give way first."""
        theme, room = self._room.theme, self.viewport().width()
        fixed = {column: theme.px(width) for column, width in WIDTHS.items()}
        folded: set[int] = set()
        rest = room - sum(fixed.values())
        for column in (TRIES, WHAT, WHEN):
            if rest < theme.px(LEAST_WORDS):
                folded.add(column)
                rest += fixed[column]
        rest = max(rest, theme.px(LEAST_WORDS))
        widths = fixed | {ABOUT: rest * 6 // 11, RESULT: rest - rest * 6 // 11}
        for column, width in widths.items():
            self.setColumnHidden(column, column in folded)
            self.setColumnWidth(column, width)
