"""The visit beside the list: what is known, what happened, what was sent, and what the desk can do."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.typed_visit import DESK
from dispatchwatch.app.view import BoardRow, VisitPage
from dispatchwatch.desktop import phrases, texts, visit_phrases
from dispatchwatch.desktop.board.order import awaits_arrival
from dispatchwatch.desktop.countdown import countdown
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.marks import STANDINGS
from dispatchwatch.desktop.pieces import IconButton, MarkLabel, button, label, on_key, tight, wear
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.desktop.visit.form import Entry, EntryForm
from dispatchwatch.desktop.visit.record import Record
from dispatchwatch.desktop.visit.ways import Ways
from dispatchwatch.domain.alert import AlertState
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.wording import place

WIDTH = 420
GATHERS = 150
SETTLED = frozenset({Standing.ON_SITE, Standing.DONE, Standing.CANCELLED, Standing.GONE})


class VisitPane(QFrame):
    """`change_wanted` carries the key of the visit.

    `form_left`: the keyboard goes back to where it came from, which was not in here.
    """

    closed = Signal()
    change_wanted = Signal(object)
    form_left = Signal()

    def __init__(self, room: DeskRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self._room = room
        self._row: BoardRow | None = None
        self.key: VisitKey | None = None
        self._mark = MarkLabel(room.theme, room.assets, "later", Tone.TEXT, 20)
        self._word, self._id = label(role="strong"), label(role="muted", selectable=True)
        self._left, self._who = label(role="figure"), label(role="strong", wraps=True, selectable=True)
        self._check_in, self._eta = button(texts.CHECK_IN), button(texts.ETA)
        self._note, self._link = button(texts.WRITE_NOTE, key="N"), button(texts.GIVE_LINK, key="L")
        self._change, self._cancel = button(texts.CHANGE_VISIT), button(texts.CANCEL_VISIT, "danger")
        self._acknowledge = button(texts.ACKNOWLEDGE)
        self._reassign = button(visit_phrases.WHO_CAN_TAKE_IT, key="W")
        self.ways = Ways()
        self._close = IconButton(room.theme, room.assets, "close", texts.CLOSE, "Esc")
        self._form = EntryForm()
        self._opened_by: QPushButton | None = None
        self._opens = {
            Entry.CHECK_IN: self._check_in,
            Entry.ETA: self._eta,
            Entry.CANCEL: self._cancel,
            Entry.NOTE: self._note,
        }
        self._record = Record(room)
        # Several changes of one visit come together; the engine is asked once for all of them.
        self._gather = QTimer(self, singleShot=True, interval=GATHERS)
        self._lay_out()
        self._wire()
        room.theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_visit(self, row: BoardRow) -> None:
        if row.key != self.key:
            self._form.hide()
            self._record.clear()
        self.key = row.key
        self.renew(row)
        self.show()
        self.tick(self._room.now())
        self._ask()

    def renew(self, row: BoardRow | None) -> None:
        """The row of the visit shown has changed; None when it has left the board."""
        self._row = row
        if row is not None:
            self._show_row(row)
            self.touch()

    @Slot()
    def write_note(self) -> None:
        self._open_form(Entry.NOTE)

    def touch(self) -> None:
        """Something else about the visit shown has changed: an alert, a message."""
        if self.isVisible():
            self._gather.start()

    def tick(self, now: datetime) -> None:
        row = self._row
        if row is None or not self.isVisible():
            return
        running = row.deadline is not None and row.standing not in SETTLED
        self._left.setVisible(running)
        if running and row.deadline is not None:
            self._left.setText(str(countdown(row.deadline, now)))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if self.key is not None:
            self._gather.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """What nobody sees need not be asked for; and a window that closes is not there for the answer."""
        super().hideEvent(event)
        self._gather.stop()

    def _show_row(self, row: BoardRow) -> None:
        mark, visit = STANDINGS[row.standing], row.visit
        self._mark.wear(mark.icon, mark.tone)
        self._word.setText(mark.word)
        for one in (self._word, self._left):
            wear(one, mark.tone)
        note = phrases.row_note(row, self._room.now())
        self._id.setText(" · ".join(part for part in (visit.ext_id, note) if part))
        where = place(visit.customer.name, visit.site.name)
        self._who.setText(f"{phrases.crew(visit)}\n{where}")
        awaited = awaits_arrival(row)
        for action in (self._check_in, self._eta, self._cancel, self._link, self._reassign):
            action.setEnabled(awaited)
        self.ways.show_row(row)
        self._change.setVisible(row.key.feed == DESK)
        self._acknowledge.setVisible(row.alert_id is not None and row.alert_state is AlertState.OPEN)
        self.tick(self._room.now())

    def _lay_out(self) -> None:
        top, inner = QHBoxLayout(), QWidget()
        tight(top, (16, 12, 8, 0), 8)
        for widget in (self._mark, self._word, self._id):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self._close)
        body = QVBoxLayout(inner)
        tight(body, (16, 4, 16, 24), 12)
        body.addWidget(self._left)
        body.addWidget(self._who)
        actions = QWidget()
        flow = FlowLayout(actions, spacing=8)
        first = (self._acknowledge, self._check_in, self._reassign, self._eta)
        for one in (*first, self._note, self._link, self._change, self._cancel):
            flow.addWidget(one)
        body.addWidget(actions)
        body.addWidget(self.ways)
        body.addWidget(self._form)
        body.addWidget(self._record)
        body.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        outer = QVBoxLayout(self)
        tight(outer, (1, 0, 0, 0))
        outer.addLayout(top)
        outer.addWidget(scroll, 1)

    def _wire(self) -> None:
        self._gather.timeout.connect(self._ask)
        self._close.clicked.connect(self.close_pane)
        for entry, opens in self._opens.items():
            opens.clicked.connect(partial(self._open_form, entry))
        self._link.clicked.connect(self._want_link)
        self._change.clicked.connect(self._want_change)
        self._acknowledge.clicked.connect(self._want_acknowledged)
        self._form.left.connect(self._leave_form)
        self._form.entered.connect(self._enter)
        self._reassign.clicked.connect(self._want_another)
        self._record.resend_wanted.connect(self._room.deeds.resend)
        self.ways.copy_wanted.connect(self._copy)
        self.ways.failed.connect(self._room.deeds.failed)
        keys = {"Esc": self._escape, "N": self.write_note, "L": self._want_link, "W": self._want_another}
        for key, action in keys.items():
            on_key(self, key, action)

    @Slot()
    def _open_form(self, entry: Entry) -> None:
        if self._row is None:
            return
        opens = self._opens[entry]
        self._opened_by = opens if opens.hasFocus() else None
        self._form.ask(entry, self._room.now(), self._row.visit.site.timezone)

    @Slot()
    def _leave_form(self) -> None:
        self._form.hide()
        if self._opened_by is not None:
            self._opened_by.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.form_left.emit()

    @Slot(object, object, str)
    def _enter(self, entry: Entry, at: datetime, note: str) -> None:
        if self.key is None:
            return
        deeds = self._room.deeds
        match entry:
            case Entry.CHECK_IN:
                deeds.check_in([self.key], at, note)
            case Entry.ETA:
                deeds.eta(self.key, at, note)
            case Entry.CANCEL:
                deeds.cancel(self.key, note)
            case Entry.NOTE:
                deeds.note(self.key, note)
        self._leave_form()

    @Slot()
    def _want_link(self) -> None:
        if self._row is not None and awaits_arrival(self._row):
            self._room.wishes.link.emit(self._row.key)

    @Slot()
    def _want_another(self) -> None:
        if self._row is not None and awaits_arrival(self._row):
            self._room.wishes.reassign.emit(self._row.key, None)

    @Slot()
    def _copy(self) -> None:
        if text := self._record.text:
            QGuiApplication.clipboard().setText(text)
            self._room.deeds.answered.emit([Result("", done=True, text=texts.COPIED)])

    @Slot()
    def _want_change(self) -> None:
        if self.key is not None:
            self.change_wanted.emit(self.key)

    @Slot()
    def _want_acknowledged(self) -> None:
        if self._row is not None and self._row.alert_id is not None:
            self._room.wishes.acknowledge.emit([self._row.alert_id])

    @Slot()
    def _escape(self) -> None:
        if self._form.isVisible():
            self._leave_form()
        else:
            self.close_pane()

    @Slot()
    def close_pane(self) -> None:
        self.key, self._row = None, None
        self.hide()
        self.closed.emit()

    @Slot()
    def _ask(self) -> None:
        self._gather.stop()
        if self.key is not None:
            self._room.tasks.spawn(self._load(self.key))

    async def _load(self, key: VisitKey) -> None:
        try:
            page: VisitPage | None = await self._room.bridge.ask(lambda engine: engine.visit_page(key))
        except Exception as problem:  # noqa: BLE001 - whatever stopped it is said in its place
            self._record.say(phrases.not_asked(problem))
            return
        if key != self.key:
            return
        if page is None:
            self._record.say(texts.VISIT_GONE)
        else:
            self._record.show_page(page)

    @Slot()
    def _dress(self) -> None:
        self.setMinimumWidth(self._room.theme.px(WIDTH))
