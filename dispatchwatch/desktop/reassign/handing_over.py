"""The one step between choosing and doing: what will be recorded, why, and whom to tell in which words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.desk_reassigning import Handover
from dispatchwatch.app.view import BoardRow, Weighed
from dispatchwatch.desktop import reassign_phrases as phrases
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import button, label, wear
from dispatchwatch.desktop.reassign.prepared import Message, Prepared
from dispatchwatch.desktop.sheet import Sheet
from dispatchwatch.desktop.tokens import Tone

WIDTH = 640


class HandingOver(Sheet):
    """Stays open once it is recorded, so that those it concerns can be told. `back_wanted`: to the list."""

    back_wanted = Signal()

    def __init__(self, room: DeskRoom, row: BoardRow, weighed: Weighed, parent: QWidget) -> None:
        super().__init__(room.theme, phrases.give(row.visit, weighed.technician), WIDTH, parent)
        self.setModal(False)
        self._room = room
        self._row = row
        self._weighed = weighed
        self._recorded = False
        self.note = QLineEdit()
        self.said = label(phrases.NOTHING_YET, "small", wraps=True)
        self.back = button(phrases.BACK_TO_THE_LIST)
        self.close_it = button(texts.CLOSE, key="Esc")
        self.confirm = button(phrases.CONFIRM, "primary", "Enter")
        self.prepared = [Prepared(room.theme, message) for message in messages(room, row, weighed)]
        self._lay_out()
        self._wire()

    def open(self) -> None:
        self.fit()
        self.show()
        self.activateWindow()
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        visit, weighed = self._row.visit, self._weighed
        self._titled(phrases.WHAT_IS_RECORDED, phrases.recorded(visit, weighed.technician, self._room.user))
        self.body.addWidget(label(phrases.until_the_feed_speaks(visit), "muted", wraps=True))
        if against := phrases.warning(weighed):
            said = label(against, wraps=True)
            wear(said, Tone.SOON)
            self.body.addWidget(said)
        if weighed.facts:
            self._titled(phrases.ITS_COSTS, phrases.facts(weighed))
        self.note.setAccessibleName(phrases.NOTE)
        self.note.setPlaceholderText(phrases.NOTE_HINT)
        self.body.addSpacing(8)
        self.body.addWidget(label(phrases.NOTE, "label"))
        self.body.addWidget(self.note)
        self._titled(phrases.MESSAGES, "")
        self.body.addWidget(label(phrases.NOTHING_SENDS, "muted", wraps=True))
        for one in self.prepared:
            self.body.addSpacing(8)
            self.body.addWidget(one)
        self.body.addStretch(1)
        self.confirm.setDefault(True)
        self.foot.addWidget(self.back)
        self.foot.addWidget(self.said, 1)
        self.foot.addWidget(self.close_it)
        self.foot.addWidget(self.confirm)

    def _titled(self, title: str, text: str) -> None:
        self.body.addSpacing(8)
        self.body.addWidget(label(title, "label"))
        if text:
            self.body.addWidget(label(text, wraps=True, selectable=True))

    def _wire(self) -> None:
        self.back.clicked.connect(self._go_back)
        self.close_it.clicked.connect(self.reject)
        self.confirm.clicked.connect(self._confirm)
        self._room.deeds.answered.connect(self._hear)
        self._room.deeds.failed.connect(self._hear_failure)

    @Slot()
    def _go_back(self) -> None:
        self.reject()
        self.back_wanted.emit()

    @Slot()
    def _confirm(self) -> None:
        if self._recorded:
            self.accept()
            return
        self._await(phrases.RECORDING, waits=True)
        handover = Handover(self._weighed.technician, self.note.text().strip(), self._weighed.facts)
        self._room.deeds.reassign(self._row.key, handover)

    @Slot(object)
    def _hear(self, results: list[Result]) -> None:
        """The answer to this deed, among those to others."""
        subject = f"visit {self._row.key.feed}/{self._row.key.ext_id}"
        own = next((result for result in results if result.subject == subject), None)
        if own is None or self.left or self.confirm.isEnabled():
            return
        self._recorded = own.done
        self._await(phrases.RECORDED if own.done else own.text, waits=False)
        if own.done:
            self.confirm.setText(phrases.DONE)
            self.confirm.setAccessibleName(phrases.DONE)
            self.note.setReadOnly(True)
            self.back.setEnabled(False)
            self.prepared[0].copy.setFocus(Qt.FocusReason.OtherFocusReason)
            self.reveal(self.prepared[0])

    @Slot(str)
    def _hear_failure(self, text: str) -> None:
        if not self.left and not self.confirm.isEnabled():
            self._await(text, waits=False)

    def _await(self, text: str, *, waits: bool) -> None:
        self.said.setText(text)
        for one in (self.confirm, self.back):
            one.setEnabled(not waits)


def messages(room: DeskRoom, row: BoardRow, weighed: Weighed) -> list[Message]:
    """To whoever goes now, to those who don’t any more, and to the customer."""
    visit, goes, user, office = row.visit, weighed.technician, room.user, room.office_name
    before = [
        Message(one.name, one.phone, phrases.to_the_one_before(visit, one, goes, user, office))
        for one in visit.technicians
        if not one.is_same(goes)
    ]
    return [
        Message(goes.name, goes.phone, phrases.to_the_new_one(visit, weighed, user, office)),
        *before,
        Message(
            visit.customer.name or phrases.CUSTOMER,
            visit.customer.phone,
            phrases.to_the_customer(visit, weighed, office),
        ),
    ]
