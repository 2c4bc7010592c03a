"""The list of alerts: painted cards whose buttons can be pressed."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.alert_phrases import Gathering
from dispatchwatch.desktop.alerts.delegate import AlertAction, AlertDelegate
from dispatchwatch.desktop.alerts.model import AlertsModel
from dispatchwatch.desktop.alerts.seen import Seen
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.grouped_model import Heading


class AlertView(QListView):
    """`pressed_button` carries the action, the number of the alert and where its button is; `opened` a number."""

    pressed_button = Signal(object, int, object)
    opened = Signal(int)

    def __init__(self, room: DeskRoom, model: AlertsModel, seen: Seen, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = model
        self._seen = seen
        self._kept: tuple[list[int], Hashable, int] = ([], None, 0)
        self._painter = AlertDelegate(room.theme, room.assets, model, room.now(), self)
        self._painter.zone_name = room.timezone
        self._minutes: tuple[int, ...] = ()
        self._looked_at: set[int] = set()
        model.modelAboutToBeReset.connect(self._keep_place)
        self.setModel(model)
        model.modelReset.connect(self._find_place)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(texts.ALERTS)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._open)
        room.theme.changed.connect(self.scheduleDelayedItemsLayout)

    def tick(self, now: datetime) -> None:
        """The minutes in the headlines: painted anew only when one that is seen has changed."""
        self._painter.now = now
        visible = self._visible()
        shown = [self._lines.line_at(row).alert for row in visible]
        minutes = tuple(int((now - alert.due_at).total_seconds() // 60) for alert in shown)
        if minutes != self._minutes:
            self._minutes = minutes
            self.viewport().update()
        self._note_seen(visible)

    def selected_numbers(self) -> list[int]:
        rows = (index.row() for index in self.selectionModel().selectedRows())
        return [self._lines.key_at(row) for row in rows if self._lines.heading_at(row) is None]

    def go_to(self, number: int) -> None:
        row = self._lines.number_of(number)
        if row is not None:
            self.setCurrentIndex(self._lines.index(row, 0))

    def corner_of(self, number: int) -> QPoint:
        """Where a menu for this alert may open."""
        row = self._lines.number_of(number)
        area = self.visualRect(self._lines.index(row, 0)) if row is not None else QRect()
        return self.viewport().mapToGlobal(area.center())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters are shortcuts here."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseMoveEvent(event)
        self._follow(event.position().toPoint())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        super().leaveEvent(event)
        self._follow(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        point = event.position().toPoint()
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        elif heading := self._heading_at(self.indexAt(point)):
            self._fold(heading)
        elif self._button_at(point) is None:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        found = self._button_at(event.position().toPoint())
        if found is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        action, number, area = found
        self.pressed_button.emit(action, number, self.viewport().mapToGlobal(area.bottomLeft()))

    def _heading_at(self, index: QModelIndex) -> Heading | None:
        return self._lines.heading_at(index.row()) if index.isValid() else None

    def _fold(self, heading: Heading) -> None:
        self._lines.fold(self._lines.folded ^ {heading.group.name})

    def _follow(self, point: QPoint | None) -> None:
        index = self.indexAt(point) if point else QModelIndex()
        self._painter.hovered, self._painter.pointer = (index.row() if index.isValid() else -1), point
        on_button = point is not None and self._button_at(point) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if on_button else Qt.CursorShape.ArrowCursor)
        self.viewport().update()

    def _button_at(self, point: QPoint) -> tuple[AlertAction, int, QRect] | None:
        index = self.indexAt(point)
        if not index.isValid() or self._heading_at(index) is not None:
            return None
        line = self._lines.line_at(index.row())
        for one in self._painter.buttons(line, self.visualRect(index)):
            if one.area.contains(point):
                return one.action, line.alert.id, one.area
        return None

    def _visible(self) -> list[int]:
        if not self.isVisible() or not self._lines.rowCount():
            return []
        first = max(0, self.indexAt(QPoint(1, 1)).row())
        last = self.indexAt(QPoint(1, self.viewport().height() - 2)).row()
        rows = range(first, (last if last >= 0 else self._lines.rowCount() - 1) + 1)
        return [row for row in rows if self._lines.heading_at(row) is None]

    def _note_seen(self, visible: list[int]) -> None:
        """What stood here in two ticks of an active window was seen; what is over needs a press."""
        if not self.window().isActiveWindow():
            self._looked_at = set()
            return
        here = {line.alert.id for line in map(self._lines.line_at, visible) if not self._lines.missed(line.alert)}
        twice = {number for number in here & self._looked_at if not self._seen.has(number)}
        self._looked_at = here
        if twice:
            self._seen.note(twice)
            self.viewport().update()

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        if heading := self._heading_at(index):
            self._fold(heading)
        else:
            self.opened.emit(self._lines.key_at(index.row()))

    @Slot()
    def _keep_place(self) -> None:
        current = self.currentIndex()
        place = self._lines.place_at(current.row()) if current.isValid() else None
        self._kept = (self.selected_numbers(), place, self.verticalScrollBar().value())

    @Slot()
    def _find_place(self) -> None:
        selected, current, scrolled = self._kept
        model = self.selectionModel()
        for number in selected:
            row = self._lines.number_of(number)
            if row is not None:
                model.select(self._lines.index(row, 0), model.SelectionFlag.Select)
        row = self._lines.number_of_place(current) if current is not None else None
        if row is not None:
            model.setCurrentIndex(self._lines.index(row, 0), model.SelectionFlag.NoUpdate)
        self.setUniformItemSizes(self._lines.gathering is Gathering.NOTHING)
        self.verticalScrollBar().setValue(scrolled)
