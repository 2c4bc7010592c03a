"""What a column or a word is taken for, said anew."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dispatchwatch.app.mapping import FIELD_WORDS, NONE
from dispatchwatch.desktop import mapping_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.mapping.answers import ChosenAnswer
from dispatchwatch.desktop.pieces import button
from dispatchwatch.desktop.sheet import Sheet
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.wording import STATUS_NAMES

WIDTH = 480
COLUMN = "column"
Said = tuple[tuple[str, str], ...]
"""Keys of questions with their answers, one after the other."""


class ChangeSheet(Sheet):
    """`said` carries the answers that say it."""

    said = Signal(object)

    def __init__(self, room: DeskRoom, kind: str, name: str, now: str, parent: QWidget) -> None:
        """`kind` is `column` or `word`; `now` is what it is taken for, empty for nothing."""
        super().__init__(room.theme, mapping_phrases.changing(kind, name), WIDTH, parent)
        self._kind, self._name, self._now = kind, name, now
        self.answers = ChosenAnswer(room, options_of(kind), now or (NONE if kind == COLUMN else ""))
        self.does, self._back = button(mapping_phrases.SAY_SO, "primary", "Enter"), button(mapping_phrases.CANCEL)
        self.body.addWidget(self.answers)
        self.foot.addStretch(1)
        self.foot.addWidget(self._back)
        self.foot.addWidget(self.does)
        self.does.setDefault(True)
        self.does.clicked.connect(self._say)
        self.answers.entered.connect(self._say)
        self._back.clicked.connect(self.reject)
        self.answers.take_keyboard()

    def _say(self) -> None:
        if self.left or not self.answers.answer:
            return
        self.said.emit(said_of(self._kind, self._name, self._now, self.answers.answer))
        self.accept()


def options_of(kind: str) -> list[tuple[str, str, str]]:
    if kind == COLUMN:
        fields = [(name, mapping_phrases.field_word(name), "") for name in FIELD_WORDS]
        return [(NONE, mapping_phrases.NOTHING_OF_OURS, ""), *fields]
    return [(status.value, STATUS_NAMES[status], "") for status in Status]


def said_of(kind: str, name: str, now: str, chosen: str) -> Said:
    """A column stands for one field at a time, so what it stood for is taken back first."""
    if kind != COLUMN:
        return ((f"status:{name}", chosen),)
    back: Said = ((f"column:{now}", NONE),) if now and now != chosen else ()
    return back if chosen == NONE else (*back, (f"column:{chosen}", name))
