"""The panel below the filter button: everything that visits can be filtered by, one press each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from dispatchwatch.desktop import board_phrases
from dispatchwatch.desktop.board.arranging import Arranging
from dispatchwatch.desktop.board.facets_model import FacetsModel
from dispatchwatch.desktop.board.filter import values_of
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.switch import Switch
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.desktop.tokens import Tone

WIDTH, HEIGHT, ROW = 336, 520, 30
CHOOSES = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})
DOWN, UP = Qt.Key.Key_Down, Qt.Key.Key_Up


class OfferDelegate(QStyledItemDelegate):
    """A tick, the value, and how many visits have it."""

    def __init__(self, room: DeskRoom, offers: FacetsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = room
        self._offers = offers

    def sizeHint(  # noqa: N802
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, self._room.theme.px(ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, offer = self._room.theme, self._offers.offer_at(index.row())
        canvas, area = Canvas(painter, theme, self._room.assets), QRect(option.rect)
        inner = area.adjusted(theme.px(12), 0, -theme.px(12), 0)
        if offer.value is None:
            canvas.text(inner.adjusted(0, theme.px(6), 0, 0), offer.words, Tone.MUTED, 11, strong=True)
            return
        chosen = self._offers.is_chosen(offer)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            canvas.fill(area, theme.tint(Tone.ACCENT, 0.10))
            canvas.fill(QRect(area.left(), area.top(), theme.px(2), area.height()), theme.color(Tone.ACCENT))
        if chosen:
            canvas.icon(inner, "done", Tone.ACCENT, 16)
        used = canvas.text(inner, str(offer.count), Tone.MUTED, 12, right=True)
        words = inner.adjusted(theme.px(24), 0, -used - theme.px(8), 0)
        canvas.text(words, offer.words, Tone.ACCENT if chosen else Tone.TEXT, strong=chosen)


class FilterPanel(QFrame):
    def __init__(self, room: DeskRoom, rows: BoardModel, arranging: Arranging, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._room = room
        self._rows = rows
        self._arranging = arranging
        self.offers = FacetsModel(self)
        self.text, self.list = QLineEdit(), QListView()
        self.mine = Switch(room.theme, board_phrases.MINE_MEANING, board_phrases.MINE_MEANING)
        self.mine.setAccessibleName(board_phrases.MINE_MEANING)
        self.clear = button(board_phrases.CLEAR_FILTERS, "link")
        self._nothing = label(board_phrases.NO_SUCH_VALUE, "muted")
        self._settle_in()
        self._lay_out()
        self._wire()

    def open_below(self, anchor: QWidget) -> None:
        """Anew each time: what is on the board now is offered."""
        theme, window = self._room.theme, anchor.window()
        self.text.clear()
        self.offers.offer(values_of(self._rows.lines()), self._arranging.present.filter.values)
        self._show_chosen()
        below = anchor.mapToGlobal(QPoint(0, anchor.height() + theme.px(4)))
        right = window.mapToGlobal(QPoint(window.width(), 0)).x() - theme.px(WIDTH + 8)
        bottom = window.mapToGlobal(QPoint(0, window.height())).y() - theme.px(8)
        self.resize(theme.px(WIDTH), max(min(theme.px(HEIGHT), bottom - below.y()), theme.px(240)))
        self.move(min(below.x(), right), below.y())
        self.show()
        self.text.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The arrows lead from the search field into the list; Enter there chooses the first that was found."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key, current = Qt.Key(event.key()), self.list.currentIndex()
        if watched is self.text and key is DOWN:
            self.list.setCurrentIndex(self.offers.first_value())
            self.list.setFocus()
            return True
        if watched is self.text and key in CHOOSES - {Qt.Key.Key_Space}:
            self._choose(self.offers.first_value())
            return True
        if watched is self.list and key in CHOOSES:
            self._choose(current)
            return True
        if watched is self.list and key is UP and current == self.offers.first_value():
            self.text.setFocus()
            return True
        return super().eventFilter(watched, event)

    def _settle_in(self) -> None:
        self.text.setPlaceholderText(board_phrases.FILTER_SEARCH)
        self.text.setAccessibleName(board_phrases.FILTER_SEARCH)
        self.text.setClearButtonEnabled(True)
        self.list.setAccessibleName(board_phrases.FILTER)
        self.list.setModel(self.offers)
        self.list.setItemDelegate(OfferDelegate(self._room, self.offers, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        tight(layout, (1, 12, 1, 8), 8)
        for one in (self.text, self.mine, self.clear):
            line = QVBoxLayout()
            tight(line, (12, 0, 12, 0))
            line.addWidget(one)
            layout.addLayout(line)
        layout.insertWidget(2, self.list, 1)
        layout.insertWidget(3, self._nothing, 0, Qt.AlignmentFlag.AlignCenter)

    def _wire(self) -> None:
        self.text.textChanged.connect(self._narrow)
        self.text.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.clicked.connect(self._choose)
        self.mine.clicked.connect(self._arranging.toggle_mine)
        self.clear.clicked.connect(self._arranging.clear_values)
        self._arranging.changed.connect(self._show_chosen)

    @Slot(str)
    def _narrow(self, text: str) -> None:
        self.offers.narrow(text)
        self._nothing.setVisible(not self.offers.rowCount())

    @Slot()
    def _show_chosen(self) -> None:
        wanted = self._arranging.present.filter
        self.offers.choose(wanted.values)
        self.mine.setChecked(wanted.mine)
        self.clear.setEnabled(bool(wanted.values or wanted.mine))
        self._nothing.setVisible(not self.offers.rowCount())

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if index.isValid() and (value := self.offers.offer_at(index.row()).value) is not None:
            self._arranging.toggle(value)
