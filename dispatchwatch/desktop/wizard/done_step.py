"""The last page: what happens now, and what is missing if something was left out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from dispatchwatch.desktop import set_up_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.step import Step
from dispatchwatch.desktop.pieces import MarkLabel, label, tight
from dispatchwatch.desktop.tokens import Tone


class DoneStep(Step):
    title = p.DONE

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self.words = label(wraps=True)
        column = QVBoxLayout(self)
        tight(column, spacing=12)
        column.addWidget(MarkLabel(room.theme, room.assets, "done", Tone.OK, 32), 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.words)
        column.addStretch(1)

    @property
    def is_complete(self) -> bool:
        return True

    def take_keyboard(self) -> None:
        """There is nothing to type here."""

    def say(self, *sentences: str) -> None:
        self.words.setText(" ".join(sentences))
