"""One key in a form: what it is called, what it means, what it is filled in with, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatchwatch.app.settings.kinds import Described
from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.announcing import announce
from dispatchwatch.desktop.forms.editor import Editor, Problems
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.desktop.tokens import Tone

WIDEST = 600


class FormField(QWidget):
    """`changed` when a person did something to it; `look_up_wanted` where the account can be asked."""

    changed = Signal()
    look_up_wanted = Signal()

    def __init__(self, room: DeskRoom, described: Described, editor: Editor) -> None:
        super().__init__()
        self.described, self.editor = described, editor
        self._room = room
        self.problem = SaidLine(room)
        self.look_up = button(form_phrases.LOOK_UP, says=f"{form_phrases.LOOK_UP} {described.label}")
        self.look_up.setVisible(False)
        self._needed = label(form_phrases.NEEDED, "small")
        self._line = QHBoxLayout()
        self._lay_out()
        self.show_needed(needed=described.required)
        editor.changed.connect(self._edited)
        self.look_up.clicked.connect(self.look_up_wanted)
        room.theme.changed.connect(self._fit)
        self._fit()

    @property
    def is_needed(self) -> bool:
        return not self._needed.isHidden()

    def show_needed(self, *, needed: bool) -> None:
        """Says in words whether it has to be filled in."""
        self._needed.setVisible(needed)
        said = f"{self.described.label} ({form_phrases.NEEDED})" if needed else self.described.label
        self.editor.says(said, self.described.help)

    def offer_look_up(self) -> None:
        self.look_up.show()

    def add_button(self, one: QPushButton) -> None:
        """Beside what it is filled in with."""
        self._line.addWidget(one, 0, Qt.AlignmentFlag.AlignTop)

    def remark(self, text: str, tone: Tone = Tone.MUTED) -> None:
        """Says something about it that is no problem of what was filled in."""
        self.problem.say(text, tone)
        announce(self, text)

    def complain(self, problems: Problems) -> str:
        """Says what is wrong, and returns it: below the field, or below what is in it where it knows better."""
        rest = self.editor.complain(problems)
        text = " ".join(dict.fromkeys(form_phrases.as_sentence(one) for one in rest.values()))
        self.problem.say(text)
        self.editor.describe(text or self.described.help)
        return " ".join(dict.fromkeys(form_phrases.as_sentence(one) for one in problems.values()))

    def _edited(self) -> None:
        if self.problem.text:
            self.complain({})
        self.changed.emit()

    def _lay_out(self) -> None:
        head, line = QHBoxLayout(), self._line
        tight(head, spacing=8)
        tight(line, spacing=8)
        head.addWidget(label(self.described.label, "label"))
        head.addWidget(self._needed)
        head.addStretch(1)
        line.addWidget(self.editor, 1)
        line.addWidget(self.look_up, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        tight(column)
        column.addLayout(head)
        if self.described.help:
            column.addSpacing(2)
            column.addWidget(label(self.described.help, "small", wraps=True))
        column.addSpacing(6)
        column.addLayout(line)
        column.addSpacing(6)
        column.addWidget(self.problem)

    def _fit(self) -> None:
        self.setMaximumWidth(self._room.theme.px(WIDEST))


def effective(field: FormField) -> Any:
    """What counts: what was said, else the default."""
    value = field.editor.value
    return field.described.default if value is None else value
