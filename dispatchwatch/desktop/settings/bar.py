"""The bar below the settings: what is changed, saving it, and what came of that."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dispatchwatch.desktop import settings_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.announcing import announce
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.pieces import button, clear, label, tight
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.desktop.tokens import Tone

Offer = tuple[str, Callable[[], None]]


class SettingsBar(QFrame):
    """`save`, `discard` and `undo` are wished for."""

    save_wanted = Signal()
    discard_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self.setObjectName("settingsBar")
        self.save, self.discard = button(p.SAVE, "primary", p.SAVE_KEY), button(p.DISCARD)
        self.undo = button(p.UNDO, "link", p.UNDO_KEY)
        self.count, self.names = label(role="label"), label(role="muted")
        self.said = SaidLine(room)
        self._offers = QWidget()
        self._answers = QHBoxLayout(self._offers)
        tight(self._answers, spacing=8)
        self._lay_out()
        self.save.clicked.connect(self.save_wanted)
        self.discard.clicked.connect(self.discard_wanted)
        self.undo.clicked.connect(self.undo_wanted)
        self.show_state(State())

    def show_state(self, state: State) -> None:
        changed = state.change_count > 0
        self.count.setText(p.change_count(state.change_count) if changed else p.NO_CHANGES)
        self.names.setText(p.change_names([one.key for one in state.changes]))
        self.names.setToolTip("\n".join(one.key for one in state.changes))
        self.save.setEnabled(changed)
        self.discard.setEnabled(changed)
        self.undo.setVisible(bool(state.undoes))
        self.undo.setText(p.undo(state.undoes))
        self.undo.setAccessibleName(self.undo.text())
        if changed and self.said.text in {p.SAVED, p.SAVED_ONLY, p.DISCARDED, p.SAVING}:
            self.say("")

    def say(self, text: str, tone: Tone = Tone.LATE, offers: tuple[Offer, ...] = ()) -> None:
        """With `offers` a person may answer it."""
        self.said.say(text, tone)
        clear(self._answers)
        for words, deed in offers:
            made = button(words)
            made.clicked.connect(deed)
            self._answers.addWidget(made)
        self._offers.setVisible(bool(offers))
        announce(self, text)

    def _lay_out(self) -> None:
        line, told, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        tight(line, spacing=8)
        tight(told, spacing=12)
        tight(column, (24, 8, 24, 8), 8)
        told.addWidget(self.said, 1)
        told.addWidget(self._offers)
        self.names.setMinimumWidth(0)
        self.names.setSizePolicy(self.names.sizePolicy().Policy.Ignored, self.names.sizePolicy().Policy.Preferred)
        line.addWidget(self.count)
        line.addWidget(self.names, 1)
        for one in (self.undo, self.discard, self.save):
            line.addWidget(one)
        column.addLayout(told)
        column.addLayout(line)
        self._offers.hide()
