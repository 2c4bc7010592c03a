"""The small dialog for an expected arrival, asked for from the row of a visit."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import board_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import label
from dispatchwatch.desktop.sheet import Sheet
from dispatchwatch.desktop.visit.form import Entry, EntryForm

WIDTH = 400


class EtaDialog(Sheet):
    def __init__(self, room: DeskRoom, row: BoardRow, parent: QWidget) -> None:
        super().__init__(room.theme, board_phrases.ETA_TITLE, WIDTH, parent)
        self._room = room
        self._key = row.key
        self.form = EntryForm()
        self.body.addWidget(label(board_phrases.about(row), "muted", wraps=True))
        self.body.addWidget(self.form)
        self.form.entered.connect(self._enter)
        self.form.left.connect(self.reject)
        self.form.ask(Entry.ETA, room.now(), row.visit.site.timezone)

    @Slot(object, object, str)
    def _enter(self, _entry: Entry, at: datetime, note: str) -> None:
        self._room.deeds.eta(self._key, at, note)
        self.accept()
