"""The board page: filters, the list, and what an empty list says."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatchwatch.app.view import FeedLine
from dispatchwatch.desktop import feed_phrases, texts
from dispatchwatch.desktop.board.active_filters import ActiveFilters
from dispatchwatch.desktop.board.arranging import Arranging
from dispatchwatch.desktop.board.buttons import RowAction
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.columns_dialog import ColumnsDialog
from dispatchwatch.desktop.board.filter import BoardFilter
from dispatchwatch.desktop.board.filters import FilterBar
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.board.naming import ViewNaming
from dispatchwatch.desktop.board.row_deeds import RowDeeds
from dispatchwatch.desktop.board.row_menu import RowMenu
from dispatchwatch.desktop.board.sorting import chosen
from dispatchwatch.desktop.board.view import BoardView
from dispatchwatch.desktop.board.views_dialog import ViewsDialog
from dispatchwatch.desktop.bridge import BoardPiece
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.empty import EmptyNote
from dispatchwatch.desktop.pieces import on_key, tight
from dispatchwatch.domain.visit import VisitKey

# The counts follow a change by so little that nobody sees it, and a flood of changes is counted once.
COUNTS_AFTER = 60
# How long a visit that was typed is waited for. One of another day never comes, and later nothing may move by itself.
AWAITS = 5000
VIEWS_WITH_A_KEY = 9


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
        self.arranging = Arranging(self)
        self.model = BoardModel(self, me=room.user)
        self.filters = FilterBar(room, self.model, self.arranging)
        self.active = ActiveFilters(room, self.arranging)
        self.view = BoardView(room.theme, room.assets, self.model, room.now(), self)
        self.view.show_zone(room.timezone)
        self.deeds = RowDeeds(room, self.model, self.view)
        self.menu = RowMenu(room, self.deeds, self.view)
        self._empty = EmptyNote(room, "board", self.view)
        self._counting = QTimer(self, singleShot=True, interval=COUNTS_AFTER)
        self._awaited: VisitKey | None = None
        self._waiting = QTimer(self, singleShot=True, interval=AWAITS)
        layout = QVBoxLayout(self)
        tight(layout)
        for one in (self.filters, self.active):
            layout.addWidget(one)
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self._wire()
        self._take_keys()
        self.arranging.remember(room.preferences)

    @property
    def known(self) -> bool:
        """Whether the engine has shown a board yet."""
        return self._known

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self.arranging.keep()

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
        self.view.show_readings({feed.name: feed.last_good_at for feed in feeds})
        self._show_empty()

    def tick(self, now: datetime) -> None:
        self.view.tick(now)
        if self._empty.isVisible():
            self._show_empty()

    def search(self, text: str) -> None:
        self.model.search(text)
        self.view.show_hits(self.model.query.words)
        self._show_hits()

    def _wire(self) -> None:
        self._counting.timeout.connect(self._count)
        self.model.counted.connect(self._count_soon)
        self.model.settled.connect(self._show_empty)
        self.model.settled.connect(self._find_awaited)
        self._waiting.timeout.connect(self._await_no_more)
        self.arranging.changed.connect(self._arrange)
        self.filters.new_wanted.connect(self.new_wanted)
        self.filters.columns_wanted.connect(self._open_columns)
        self.filters.folding_wanted.connect(self._fold_all)
        self.filters.views.naming_wanted.connect(self._name_view)
        self.filters.views.list_wanted.connect(self._open_views)
        self.view.opened.connect(self.opened)
        self.view.chosen.connect(self.chosen)
        self.view.pressed_button.connect(self._do)
        self.view.folded.connect(self._fold)
        self.view.heads.sort_wanted.connect(self._sort)
        self.view.columns.placed.connect(self.arranging.place_columns)
        self._empty.pressed.connect(self._help_out)
        self._room.people.changed.connect(lambda: self.model.belong_to(self._room.user))

    def _take_keys(self) -> None:
        for number in range(VIEWS_WITH_A_KEY):
            on_key(self, f"Ctrl+{number + 1}", partial(self.arranging.open, number))
        on_key(self.view, "F", self.filters.open_panel)
        on_key(self.view, "G", self.filters.open_groups)
        on_key(self.view, "Shift+C", self._open_columns)
        on_key(self.view, "U", partial(self.arranging.sort, ()))
        on_key(self.view, "Ctrl+S", self._save_view)
        on_key(self.view, "Esc", self._leave)

    @Slot()
    def _arrange(self) -> None:
        """Has the list look as is wanted now."""
        memory, present = self.arranging.memory, self.arranging.present
        before = (self.model.filter, self.model.sorted_by, self.model.grouping)
        is_other = before != (present.filter, present.sort, present.grouping)
        self.model.narrow(present.filter)
        self.model.arrange(present.sort, present.grouping, self.arranging.folded)
        self.view.show_columns(memory.columns)
        if is_other:
            self.view.begin_anew()
        self._show_empty()
        self.filtered.emit(present.filter.chip)

    @Slot(object, bool)
    def _sort(self, column: Column, further: bool) -> None:
        self.arranging.sort(chosen(self.arranging.present.sort, column, further=further))

    @Slot(str, object)
    def _fold(self, name: str, wanted: bool | None) -> None:
        folded = self.arranging.folded
        fold = name not in folded if wanted is None else wanted
        self.arranging.fold(folded | {name} if fold else folded - {name})

    @Slot(bool)
    def _fold_all(self, folded: bool) -> None:
        self.arranging.fold(self.model.group_names() if folded else frozenset())

    @Slot()
    def _open_columns(self) -> None:
        ColumnsDialog(self._room, self.arranging, self.window()).open()

    @Slot()
    def _name_view(self) -> None:
        ViewNaming(self._room, self.arranging, self.window()).open()

    @Slot()
    def _open_views(self) -> None:
        ViewsDialog(self._room, self.arranging, self.window()).open()

    @Slot()
    def _save_view(self) -> None:
        if self.arranging.memory.changed:
            self._name_view()

    @Slot()
    def _leave(self) -> None:
        """Out of the search first, then out of the selection."""
        if self.model.text:
            self.search_left.emit()
        else:
            self.view.clearSelection()

    @Slot()
    def _show_all(self) -> None:
        self.arranging.filter(BoardFilter())
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
            self.arranging.fold(frozenset())
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
        self.counted.emit(counts)
        self.filtered.emit(self.arranging.present.filter.chip)
        self._show_empty()

    @Slot()
    def _show_empty(self) -> None:
        self._show_hits()
        if self.model.rowCount():
            self._empty.hide()
            return
        if not self._known:
            self._empty.say(texts.LOADING, "")
            return
        filtered = self.model.total > 0
        title, advice = feed_phrases.board_empty(self._feeds, self._room.now(), filtered=filtered)
        offer = texts.CLEAR_FILTER if filtered else "" if self._feeds else texts.SET_UP
        self._empty.say(title, advice, offer)

    @Slot()
    def _help_out(self) -> None:
        """An empty board is empty because of a filter, or because nothing is set up yet."""
        if self.model.total > 0:
            self._show_all()
        else:
            self._room.wishes.set_up.emit()

    def _show_hits(self) -> None:
        self.filters.show_hits(self.model.shown, self.model.total, searching=bool(self.model.text))

    @Slot(object, object)
    def _do(self, action: RowAction, key: VisitKey) -> None:
        """A painted button speaks of its own row, whatever else is chosen."""
        row = self.model.line_of(key)
        if row is None:
            return
        match action:
            case RowAction.CHECK_IN:
                self._room.deeds.check_in([key])
            case RowAction.ACKNOWLEDGE if row.alert_id is not None:
                self._room.wishes.acknowledge.emit([row.alert_id])
            case RowAction.REASSIGN:
                self._room.wishes.reassign.emit(key, None)
            case RowAction.CALL:
                self.deeds.call_technician()
