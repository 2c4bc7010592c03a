"""The window: rail, header, pages, and the visit and the alerts beside the board."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from dispatchwatch.app.events import AlertsChanged, DeliveriesChanged, StatusChanged
from dispatchwatch.desktop import settings_phrases, texts
from dispatchwatch.desktop.alerts.centre import AlertCentre
from dispatchwatch.desktop.alerts.seen import Seen
from dispatchwatch.desktop.board.clock import WindowClock
from dispatchwatch.desktop.board.order import Chip
from dispatchwatch.desktop.board.page import BoardPage
from dispatchwatch.desktop.bridge import BoardPiece
from dispatchwatch.desktop.deliveries.page import SentPage
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.dialogs import Dialogs
from dispatchwatch.desktop.feeds.page import FeedsPage
from dispatchwatch.desktop.header import Header
from dispatchwatch.desktop.middle import Middle
from dispatchwatch.desktop.notices import Notice
from dispatchwatch.desktop.page import Page
from dispatchwatch.desktop.page_stack import PageStack
from dispatchwatch.desktop.pieces import on_key, panel, tight
from dispatchwatch.desktop.rail import RAIL, Rail
from dispatchwatch.desktop.shortcuts import ShortcutSheet
from dispatchwatch.desktop.visit.pane import VisitPane
from dispatchwatch.domain.visit import VisitKey

LEAST = (1024, 640)


class MainWindow(QMainWindow):
    """`closing` is emitted instead of closing: what a closed window means is decided elsewhere."""

    closing = Signal()
    dressed = Signal()
    muted = Signal(bool)
    first_read = Signal()

    def __init__(self, room: DeskRoom, title_suffix: str = "") -> None:
        super().__init__()
        self.read = False
        self._room = room
        self._really_closes = False
        self.setWindowTitle(" – ".join(part for part in (room.office_name, texts.APPLICATION) if part) + title_suffix)
        self.setMinimumSize(*LEAST)
        self.clock = WindowClock(self, room.now)
        self.seen = Seen(self)
        self.header, self.rail = Header(room), Rail(room)
        self.board, self.sent, self.feeds = BoardPage(room), SentPage(room), FeedsPage(room)
        self.alerts, self.beside = AlertCentre(room, self.seen), AlertCentre(room, self.seen, beside=True)
        self.visit = VisitPane(room)
        self.sheet = ShortcutSheet(room, self)
        self.dialogs = Dialogs(room, self, self.board.model, self.alerts.model)
        self._stack = PageStack(
            room,
            {
                texts.BOARD: self.board,
                texts.ALERTS: self.alerts,
                texts.SENT: self.sent,
                texts.FEEDS: self.feeds,
            },
        )
        self._lay_out()
        self.notice = Notice(room, self)
        self._wire()
        self._listen()
        self._take_keys()
        self.go(texts.BOARD)

    def go(self, name: str) -> None:
        """Shows a page and puts the keyboard into it."""
        page = self._stack.go(name)
        self.rail.show_page(name)
        page.setFocus()

    def show_visit(self, key: VisitKey) -> None:
        """Beside the page that is seen."""
        row = self.board.model.line_of(key)
        if row is not None:
            self.visit.show_visit(row)
            self._middle.fold()
            self.board.view.go_to(key)

    def show_alerts(self, numbers: tuple[int, ...]) -> None:
        """Leads to what a toast spoke of: the visit if it was one, else the list."""
        lines = [line for number in numbers if (line := self.alerts.model.line_of(number)) is not None]
        if len(lines) == 1 and (key := lines[0].alert.visit_key) and self.board.model.line_of(key):
            self.go(texts.BOARD)
            self.show_visit(key)
        else:
            self.go(texts.ALERTS)
        if lines:
            self.alerts.show_alert(lines[0].alert.id)
            self.beside.show_alert(lines[0].alert.id)

    def put_under_header(self, widget: QWidget) -> None:
        self._rows.insertWidget(1, widget)

    def bring_up(self) -> None:
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def close_for_good(self) -> None:
        self._really_closes = True
        self.clock.stop()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if self._really_closes:
            event.accept()
            return
        event.ignore()
        self.closing.emit()

    def tick(self, now: datetime) -> None:
        for part in (self.header, self.board, self.beside, self.alerts, self.sent, self.feeds, self.visit):
            part.tick(now)

    @Slot(object)
    def _take_rows(self, piece: BoardPiece) -> None:
        self.board.take(piece)
        if self.visit.key is not None and any(row.key == self.visit.key for row in piece.rows):
            self.visit.renew(self.board.model.line_of(self.visit.key))

    @Slot(object)
    def _take_alerts(self, change: AlertsChanged) -> None:
        self.alerts.take(change.lines)
        self.beside.take(change.lines)
        self.notice.keep_only(self.alerts.model.is_open)
        if any(line.alert.visit_key == self.visit.key for line in change.lines):
            self.visit.touch()

    @Slot(object)
    def _take_deliveries(self, change: DeliveriesChanged) -> None:
        self.sent.take(change.lines)
        self.visit.touch()

    @Slot(object)
    def _take_status(self, status: StatusChanged) -> None:
        next_row = self.board.model.line_of(status.next_visit) if status.next_visit else None
        self.header.show_status(status, next_row)
        self.board.show_feeds(status.feeds)
        self.feeds.show_feeds(status.feeds)
        self.feeds.show_faults(status.faults)
        self.sent.show_lanes(status.lanes)
        self.seen.first_picture_over()
        if not self.read and all(feed.last_attempt_at is not None for feed in status.feeds):
            self.read = True
            self.first_read.emit()

    @Slot(object)
    def _greet(self, page: Page) -> None:
        """A page that was not there when all this began."""
        self.clock.tick.connect(page.tick)
        self.header.searched.connect(page.search)
        page.tick(self._room.now())
        page.search(self.header.search.text())

    @Slot(str)
    def _search(self, text: str) -> None:
        for part in (self.board, self.alerts, self.beside, self.sent, self.feeds):
            part.search(text)

    @Slot(object)
    def _show_typed(self, key: VisitKey) -> None:
        self.go(texts.BOARD)
        self.board.await_visit(key)

    @Slot(object)
    def _write_note(self, key: VisitKey) -> None:
        self.show_visit(key)
        self.visit.write_note()

    @Slot(str)
    def _open_settings(self, section: str) -> None:
        self.go(settings_phrases.SETTINGS)
        page = self._stack.currentWidget()
        if isinstance(page, Page):
            page.show_part(section)

    @Slot(object)
    def _filter(self, chip: Chip) -> None:
        self.go(texts.BOARD)
        self.board.filters.choose(chip)

    @Slot(object)
    def _follow_choice(self, key: VisitKey) -> None:
        """While the pane is open it shows the row that has the keyboard."""
        row = self.board.model.line_of(key)
        if self.visit.isVisible() and row is not None and key != self.visit.key:
            self.visit.show_visit(row)

    def _column(self) -> QFrame:
        made = panel("side")
        layout = QVBoxLayout(made)
        tight(layout, (1, 0, 0, 0))
        layout.addWidget(self.beside)
        return made

    def _lay_out(self) -> None:
        below, centre = QHBoxLayout(), panel("page")
        tight(below)
        below.addWidget(self.rail)
        self._middle = Middle(self._room.theme, self._stack, self.visit, self._column())
        below.addWidget(self._middle, 1)
        self._rows = QVBoxLayout(centre)
        tight(self._rows)
        self._rows.addWidget(self.header)
        self._rows.addLayout(below, 1)
        self.setCentralWidget(centre)

    def _wire(self) -> None:
        self.clock.tick.connect(self.tick)
        self._stack.made.connect(self._greet)
        self.rail.went.connect(self.go)
        self.rail.shortcuts_wanted.connect(self.sheet.open)
        self.header.went.connect(self.go)
        self.header.filtered.connect(self._filter)
        self.header.searched.connect(self._search)
        self.header.dressed.connect(self.dressed)
        self.header.muted.connect(self.muted)
        self.board.filtered.connect(self.header.show_chosen)
        self.board.counted.connect(self.header.show_counts)
        self.board.search_left.connect(self.header.search.clear)
        self.board.opened.connect(self.show_visit)
        self.board.chosen.connect(self._follow_choice)
        self.visit.closed.connect(self._leave_visit)
        self.visit.form_left.connect(self.board.setFocus)
        self.visit.change_wanted.connect(self.dialogs.change_visit)
        self.board.new_wanted.connect(self.dialogs.new_visit)
        self.dialogs.saved.connect(self._show_typed)
        self.alerts.counted.connect(lambda counts: self.rail.show_open_alerts(counts["open"]))
        for centre in (self.alerts, self.beside):
            centre.opened.connect(self.show_visit)
        self.notice.show_wanted.connect(self.show_alerts)
        self.notice.acknowledge_wanted.connect(lambda numbers: self._room.deeds.acknowledge(numbers, origin="toast"))
        self._room.deeds.answered.connect(self.notice.answer)
        self._room.deeds.failed.connect(self.notice.complain)
        self._hear_wishes()
        self._room.theme.changed.connect(self.dressed)

    def _hear_wishes(self) -> None:
        wishes = self._room.wishes
        wishes.visit.connect(self.show_visit)
        wishes.note.connect(self._write_note)
        wishes.link.connect(self.dialogs.give_link)
        wishes.acknowledge.connect(self.dialogs.acknowledge)
        wishes.resolve.connect(self.dialogs.resolve)
        wishes.page.connect(self.go)
        wishes.settings.connect(self._open_settings)

    def _listen(self) -> None:
        bridge = self._room.bridge
        bridge.board_changed.connect(self._take_rows)
        bridge.alerts_changed.connect(self._take_alerts)
        bridge.deliveries_changed.connect(self._take_deliveries)
        bridge.status_changed.connect(self._take_status)

    def _take_keys(self) -> None:
        for number, name in enumerate(RAIL, 1):
            on_key(self, str(number), partial(self.go, name))
        for keys in ("/", "Ctrl+F"):
            on_key(self, keys, self.header.focus_search)
        for keys in ("F1", "?"):
            on_key(self, keys, self.sheet.open)
        on_key(self, "Ctrl+N", self.dialogs.new_visit)
        on_key(self, "F5", self._room.deeds.read_feeds)
        on_key(self, "F11", self._room.wishes.wallboard.emit)
        for keys, steps in (("Ctrl++", 1), ("Ctrl+=", 1), ("Ctrl+-", -1)):
            on_key(self, keys, partial(self._room.theme.step, steps))
        on_key(self.header.search, "Esc", self._leave_search)

    @Slot()
    def _leave_search(self) -> None:
        self.header.search.clear()
        self.go(self._stack.name)

    @Slot()
    def _leave_visit(self) -> None:
        self._stack.page.setFocus(Qt.FocusReason.OtherFocusReason)
