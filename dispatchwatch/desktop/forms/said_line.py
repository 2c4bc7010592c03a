"""What is wrong or went well, in words with an icon."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import MarkLabel, label, tight, wear
from dispatchwatch.desktop.tokens import Tone

ICONS = {Tone.LATE: "failed", Tone.OK: "done", Tone.SOON: "warning", Tone.INFO: "info", Tone.MUTED: "sending"}


class SaidLine(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self._mark = MarkLabel(room.theme, room.assets, ICONS[Tone.LATE], Tone.LATE)
        self.words = label(wraps=True, selectable=True)
        line = QHBoxLayout(self)
        tight(line, spacing=8)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.words, 1, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        return self.words.text()

    def say(self, text: str, tone: Tone = Tone.LATE) -> None:
        self._mark.wear(ICONS[tone], tone)
        wear(self.words, tone)
        self.words.setText(text)
        self.setVisible(bool(text))
