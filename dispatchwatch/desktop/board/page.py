"""The board page: filters, the list, and what an empty list says."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint, QTimer, Signal, Slot
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from dispatchwatch.app.view import BoardRow, FeedLine
from dispatchwatch.desktop import alert_phrases, feed_phrases, texts
from dispatchwatch.desktop.board.buttons import RowAction
from dispatchwatch.desktop.board.filters import FilterBar
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.board.order import BoardFilter, Chip, awaits_arrival
from dispatchwatch.desktop.board.view import BoardView
from dispatchwatch.desktop.bridge import BoardPiece
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.empty import EmptyNote
from dispatchwatch.desktop.pieces import on_key, tight
from dispatchwatch.domain.alert import AlertState
from dispatchwatch.domain.visit import VisitKey

# The counts follow a change by so little that nobody sees it, and a flood of changes is counted once.
COUNTS_AFTER = 60
# How long a visit that was typed is waited for. One of another day never comes, and later nothing may move by itself.
AWAITS = 5000


class BoardPage(QWidget):
    """`opened` and `chosen` carry the key of a visit, `counted` how many visits each filter would show."""

    opened = Signal(object)
    chosen = Signal(object)
    counted = Signal(object)
    filtered = Signal(object)
    new_wanted = Signal()
    search_left = Signal()

    def __init__(self, room: DeskRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._feeds: tuple[FeedLine, ...] = ()
        self._known = False
        self.model = BoardModel(self)
        self.filters = FilterBar(room)
        self.view = BoardView(room.theme, room.assets, self.model, room.now(), self)
        self.view.show_zone(room.timezone)
        self._empty = EmptyNote(room, "board", self.view)
        self._menu = QMenu(self)
        self._counting = QTimer(self, singleShot=True, interval=COUNTS_AFTER)
        self._awaited: VisitKey | None = None
        self._waiting = QTimer(self, singleShot=True, interval=AWAITS)
        layout = QVBoxLayout(self)
        tight(layout)
        layout.addWidget(self.filters)
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self._wire()

    @property
    def known(self) -> bool:
        """Whether the engine has shown a board yet."""
        return self._known

    def take(self, piece: BoardPiece) -> None:
        self._known = self._known or piece.last
        self.model.take(piece)

    def await_visit(self, key: VisitKey) -> None:
        """Puts the keyboard on a visit that was just typed, as soon as it is there."""
        self._awaited = key
        self._waiting.start()
        self._find_awaited()

    def show_feeds(self, feeds: tuple[FeedLine, ...]) -> None:
        """All of them, the desk as well."""
        self._feeds = feed_phrases.set_up(feeds)
        self._show_empty()

    def tick(self, now: datetime) -> None:
        self.view.tick(now)
        if self._empty.isVisible():
            self._show_empty()

    def search(self, text: str) -> None:
        self.model.search(text)
        self._show_empty()

    def _wire(self) -> None:
        self._counting.timeout.connect(self._count)
        self.model.counted.connect(self._count_soon)
        self.model.settled.connect(self._show_empty)
        self.model.settled.connect(self._find_awaited)
        self._waiting.timeout.connect(self._await_no_more)
        self.filters.new_wanted.connect(self.new_wanted)
        self.filters.wanted.connect(self._narrow)
        self.view.opened.connect(self.opened)
        self.view.chosen.connect(self.chosen)
        self.view.pressed_button.connect(self._do)
        self.view.menu_wanted.connect(self._show_menu)
        self._empty.pressed.connect(self._show_all)
        keys = {
            "C": self._check_in_selected,
            "A": self._acknowledge_selected,
            "S": self._snooze_menu,
            "R": self._resolve_selected,
            "N": self._note_current,
            "L": self._link_current,
        }
        for key, action in keys.items():
            on_key(self.view, key, action)

    @Slot()
    def _show_all(self) -> None:
        self.filters.choose(Chip.ALL)
        self.search_left.emit()

    @Slot()
    def _find_awaited(self) -> None:
        """Also where the filter or the search would hide it: one has typed it to see it."""
        key = self._awaited
        if key is None or self.model.line_of(key) is None:
            return
        self._await_no_more()
        if self.model.number_of(key) is None:
            self._show_all()
        self.view.go_to(key)

    @Slot()
    def _await_no_more(self) -> None:
        self._awaited = None
        self._waiting.stop()

    @Slot()
    def _count_soon(self) -> None:
        if not self._counting.isActive():
            self._counting.start()

    @Slot()
    def _count(self) -> None:
        counts = self.model.counts
        self.filters.show_counts(counts)
        self.filters.offer_feeds(self.model.feeds())
        self.counted.emit(counts)
        self._show_empty()

    @Slot(object)
    def _narrow(self, wanted: BoardFilter) -> None:
        self.model.narrow(wanted)
        self._show_empty()
        self.filtered.emit(wanted.chip)

    @Slot()
    def _show_empty(self) -> None:
        if self.model.rowCount():
            self._empty.hide()
            return
        if not self._known:
            self._empty.say(texts.LOADING, "")
            return
        filtered = self.model.total > 0
        title, advice = feed_phrases.board_empty(self._feeds, self._room.now(), filtered=filtered)
        self._empty.say(title, advice, texts.CLEAR_FILTER if filtered else "")

    @Slot(object, object)
    def _do(self, action: RowAction, key: VisitKey) -> None:
        row = self.model.line_of(key)
        if row is None:
            return
        if action is RowAction.CHECK_IN:
            self._room.deeds.check_in([key])
        elif row.alert_id is not None:
            self._room.wishes.acknowledge.emit([row.alert_id])

    def _selected(self) -> list[BoardRow]:
        rows = (self.model.line_of(key) for key in self.view.selected_keys())
        return [row for row in rows if row is not None]

    def _selected_alerts(self) -> list[int]:
        over = AlertState.RESOLVED
        return [row.alert_id for row in self._selected() if row.alert_id is not None and row.alert_state is not over]

    @Slot()
    def _check_in_selected(self) -> None:
        keys = [row.key for row in self._selected()]
        if keys:
            self._room.deeds.check_in(keys)

    @Slot()
    def _acknowledge_selected(self) -> None:
        if numbers := self._selected_alerts():
            self._room.wishes.acknowledge.emit(numbers)

    @Slot()
    def _resolve_selected(self) -> None:
        if numbers := self._selected_alerts():
            self._room.wishes.resolve.emit(numbers)

    @Slot()
    def _note_current(self) -> None:
        if key := self.view.current_key:
            self._room.wishes.note.emit(key)

    @Slot()
    def _link_current(self) -> None:
        row = self.model.line_of(key) if (key := self.view.current_key) else None
        if row is not None and awaits_arrival(row):
            self._room.wishes.link.emit(row.key)

    @Slot()
    def _snooze_menu(self) -> None:
        """Beside the row that has the keyboard."""
        if self._selected_alerts():
            self._menu.clear()
            self._fill_snooze(self._menu)
            corner = self.view.visualRect(self.view.currentIndex()).bottomLeft()
            self._menu.popup(self.view.viewport().mapToGlobal(corner + QPoint(self._room.theme.px(120), 0)))

    def _fill_snooze(self, menu: QMenu) -> None:
        numbers = self._selected_alerts()
        for minutes in texts.SNOOZE_MINUTES:
            action = menu.addAction(alert_phrases.snooze_for(minutes))
            action.triggered.connect(lambda _=False, length=minutes: self._room.deeds.snooze(numbers, length))

    @Slot(QPoint)
    def _show_menu(self, point: QPoint) -> None:
        key = self.view.current_key
        if key is None or not self._selected():
            return
        menu = self._menu
        menu.clear()
        menu.addAction(f"{texts.OPEN_VISIT}\tEnter").triggered.connect(lambda: self.opened.emit(key))
        menu.addAction(f"{texts.CHECK_IN_NOW}\tC").triggered.connect(self._check_in_selected)
        menu.addAction(f"{texts.WRITE_NOTE}\tN").triggered.connect(self._note_current)
        menu.addAction(f"{texts.GIVE_LINK}\tL").triggered.connect(self._link_current)
        if self._selected_alerts():
            menu.addSeparator()
            menu.addAction(f"{texts.ACKNOWLEDGE}\tA").triggered.connect(self._acknowledge_selected)
            self._fill_snooze(menu.addMenu(texts.SNOOZE))
            menu.addAction(f"{texts.RESOLVE}\tR").triggered.connect(self._resolve_selected)
        menu.popup(self.view.viewport().mapToGlobal(point))
