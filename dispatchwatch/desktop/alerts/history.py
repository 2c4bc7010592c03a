"""The alerts of days gone by: looked for in the record, on a thread that holds up neither engine nor window."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatchwatch.desktop import alert_phrases, phrases
from dispatchwatch.desktop.alerts.past_filter import PastFilter
from dispatchwatch.desktop.alerts.past_model import PastModel
from dispatchwatch.desktop.alerts.seen import Seen
from dispatchwatch.desktop.alerts.view import AlertView
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.empty import EmptyNote
from dispatchwatch.desktop.pieces import label, tight


class History(QWidget):
    """`opened` carries the key of a visit."""

    opened = Signal(object)

    def __init__(self, room: DeskRoom, seen: Seen) -> None:
        super().__init__()
        self._room = room
        self._asked = 0
        self.filter = PastFilter(room, self)
        self.model = PastModel(seen, room.snoozes, room.now(), room.timezone, self)
        self.view = AlertView(room, self.model, seen, self)
        self.view.setAccessibleName(alert_phrases.HISTORY)
        self.said = label(role="small")
        self._empty = EmptyNote(room, "alerts", self.view)
        self.setFocusProxy(self.view)
        self.said.setContentsMargins(16, 8, 16, 8)
        layout = QVBoxLayout(self)
        tight(layout)
        for widget in (self.filter, self.view, self.said):
            layout.addWidget(widget)
        layout.setStretch(1, 1)
        self.filter.changed.connect(self._look_if_seen)
        self.view.opened.connect(self._open)

    def tick(self, now: datetime) -> None:
        self.model.tick(now)
        self.view.tick(now)

    def search(self, text: str) -> None:
        """What is typed at the top of the window counts here too."""
        if self.filter.words.text() != text:
            self.filter.words.setText(text)

    @Slot()
    def look(self) -> None:
        """Looks anew. The answer to an older question is not shown any more."""
        self._asked += 1
        self.said.setText(alert_phrases.LOOKING_BACK)
        self._room.tasks.spawn(self._look(self._asked))

    @Slot()
    def _look_if_seen(self) -> None:
        """Whoever comes here looks anyway; until then nothing need be looked for."""
        if self.isVisible():
            self.look()

    async def _look(self, asked: int) -> None:
        search = self.filter.search(self._room.now())
        try:
            found = await self._room.bridge.ask(lambda engine: engine.past_alerts(search))
            people = await self._room.bridge.ask(lambda engine: engine.past_people())
        except Exception as problem:  # noqa: BLE001 - whatever stopped it is said where the answer would stand
            self.said.setText(phrases.not_asked(problem))
            return
        if asked != self._asked:
            return
        self.model.replace_all(found.lines)
        self.filter.know_people(people)
        self.said.setText(alert_phrases.found(len(found.lines), found.total))
        if found.lines:
            self._empty.hide()
        else:
            self._empty.say(*alert_phrases.NO_PAST)

    @Slot(int)
    def _open(self, number: int) -> None:
        line = self.model.line_of(number)
        key = line.alert.visit_key if line is not None else None
        if key is not None and key in self._room.picture.rows:
            self.opened.emit(key)
        elif key is not None:
            self.said.setText(alert_phrases.not_on_board(key.ext_id))
