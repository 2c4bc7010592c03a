"""“Move to …”: to whom a visit could be given, what each would cost, and the proposal by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import texts
from dispatchwatch.desktop import timeline_phrases as phrases
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.desktop.timeline.weighing import Weigher
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.visit import Technician

WHO = Qt.ItemDataRole.UserRole
WIDTH, HEIGHT = 520, 480


class MoveDialog(QDialog):
    """`proposed` carries the technician that was chosen. Nothing is changed here."""

    proposed = Signal(object)

    def __init__(
        self, room: DeskRoom, weigher: Weigher, row: BoardRow, people: Sequence[Technician], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._room = room
        self._weigher = weigher
        self.setWindowTitle(phrases.MOVE_TITLE)
        self.search = QLineEdit()
        self.search.setPlaceholderText(phrases.MOVE_HINT)
        self.search.setAccessibleName(phrases.MOVE_HINT)
        self.people = QListWidget()
        self.people.setAccessibleName(phrases.MOVE_TITLE)
        self.people.setItemDelegate(_Line(room, weigher, self.people))
        for technician in people:
            item = QListWidgetItem(technician.name)
            item.setData(WHO, technician)
            self.people.addItem(item)
        self._propose = button(phrases.PROPOSE, "primary", "Enter")
        self._lay_out(row)
        self._wire()
        weigher.about(row.key)
        weigher.want(people)
        self.people.setCurrentRow(0)
        self._show_costs()

    def _lay_out(self, row: BoardRow) -> None:
        theme, close = self._room.theme, button(texts.CLOSE, key="Esc")
        close.clicked.connect(self.reject)
        ends = QHBoxLayout()
        tight(ends, spacing=8)
        ends.addWidget(label(phrases.PROPOSED_ONLY, "small", wraps=True), 1)
        ends.addWidget(close)
        ends.addWidget(self._propose)
        layout = QVBoxLayout(self)
        tight(layout, (24, 24, 24, 24), 12)
        layout.addWidget(label(phrases.MOVE_TITLE, "title"))
        layout.addWidget(label(phrases.moving(row), "muted", wraps=True))
        layout.addWidget(self.search)
        layout.addWidget(self.people, 1)
        layout.addLayout(ends)
        self.resize(theme.px(WIDTH), theme.px(HEIGHT))

    def _wire(self) -> None:
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.people.itemActivated.connect(self._choose)
        self._propose.clicked.connect(self._choose)
        self._weigher.weighed.connect(self._show_costs)
        self.finished.connect(self._weigher.forget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The arrows move through the list while one types."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
                self._move(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._choose()
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        number = self.people.currentRow() + step
        while 0 <= number < self.people.count():
            if not self.people.item(number).isHidden():
                self.people.setCurrentRow(number)
                return
            number += step

    @Slot(str)
    def _narrow(self, text: str) -> None:
        items = [self.people.item(number) for number in range(self.people.count())]
        for item in items:
            item.setHidden(text.casefold() not in item.text().casefold())
        shown = [item for item in items if not item.isHidden()]
        if shown and self.people.currentItem() not in shown:
            self.people.setCurrentItem(shown[0])
        self._propose.setEnabled(bool(shown))

    @Slot()
    def _choose(self) -> None:
        for item in self.people.selectedItems():
            if not item.isHidden():
                self.accept()
                self.proposed.emit(item.data(WHO))

    @Slot()
    def _show_costs(self) -> None:
        """For screen readers and for the eye."""
        for number in range(self.people.count()):
            item = self.people.item(number)
            weighed = self._weigher.of(item.data(WHO))
            text = f"{item.text()}: {phrases.weighed_words(weighed, self._room.timezone)}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
            item.setToolTip(text)
        self.people.viewport().update()


class _Line(QStyledItemDelegate):
    """A technician, and below the name what it would cost."""

    def __init__(self, room: DeskRoom, weigher: Weigher, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = room
        self._weigher = weigher

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802, ARG002
        return QSize(0, self._room.theme.px(48))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, canvas, area = self._room.theme, Canvas(painter, self._room.theme, self._room.assets), QRect(option.rect)
        technician: Technician = index.data(WHO)
        weighed = self._weigher.of(technician)
        mark = phrases.weighed_mark(weighed)
        if option.state & QStyle.StateFlag.State_Selected:
            canvas.fill(area, theme.tint(Tone.ACCENT, 0.13))
            canvas.fill(QRect(area.left(), area.top(), theme.px(3), area.height()), theme.color(Tone.ACCENT))
        canvas.fill(QRect(area.left(), area.bottom(), area.width(), 1), theme.named(theme.tokens.line))
        inner = area.adjusted(theme.px(12), theme.px(4), -theme.px(8), -theme.px(5))
        canvas.icon(inner, mark.icon, mark.tone, 16)
        words = inner.adjusted(theme.px(28), 0, 0, 0)
        upper = QRect(words.left(), words.top(), words.width(), words.height() // 2)
        canvas.text(upper, technician.name, strong=True)
        costs = phrases.weighed_words(weighed, self._room.timezone)
        canvas.text(upper.translated(0, upper.height()), costs, mark.tone if weighed else Tone.MUTED, 12)
