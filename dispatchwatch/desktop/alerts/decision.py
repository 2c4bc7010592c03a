"""The small dialog before alerts are acknowledged or resolved: why, and a note. It never blocks what goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop import alert_phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import Choice, button, label, tight
from dispatchwatch.domain.wording import REASONS


class Decision(QDialog):
    """`decided` carries the reason's key (empty for resolving) and the note."""

    decided = Signal(str, str)

    def __init__(self, room: DeskRoom, lines: list[AlertLine], does: str, meaning: str, parent: QWidget) -> None:
        super().__init__(parent)
        title, with_reason = alert_phrases.decision_title(does, lines), does == texts.ACKNOWLEDGE
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(room.theme.px(420))
        self.reason, self.note = Choice(room.theme, room.assets), QLineEdit()
        self.reason.setAccessibleName(texts.REASON)
        for key, name in REASONS.items():
            self.reason.addItem(name, key)
        self.note.setAccessibleName(texts.NOTE)
        self.note.setPlaceholderText(texts.NOTE_HINT)
        self._does, self._back = button(does, "primary", "Enter"), button(texts.BACK, key="Esc")
        self._does.setDefault(True)
        self._lay_out(title, meaning, with_reason=with_reason)
        self._does.clicked.connect(self._decide)
        self._back.clicked.connect(self.reject)
        (self.reason if with_reason else self.note).setFocus()

    def _lay_out(self, title: str, meaning: str, *, with_reason: bool) -> None:
        layout = QVBoxLayout(self)
        tight(layout, (24, 24, 24, 24), 8)
        layout.addWidget(label(title, "title", wraps=True))
        layout.addWidget(label(meaning, "muted", wraps=True))
        layout.addSpacing(8)
        if with_reason:
            layout.addWidget(label(texts.REASON, "small"))
            layout.addWidget(self.reason)
        layout.addWidget(label(texts.NOTE, "small"))
        layout.addWidget(self.note)
        layout.addSpacing(16)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self._back)
        line.addWidget(self._does)
        layout.addLayout(line)

    @Slot()
    def _decide(self) -> None:
        self.decided.emit(str(self.reason.currentData()), self.note.text().strip())
        self.accept()


def acknowledging(room: DeskRoom, lines: list[AlertLine], parent: QWidget) -> Decision:
    return Decision(room, lines, texts.ACKNOWLEDGE, alert_phrases.what_acknowledging_does(lines, room.user), parent)


def resolving(room: DeskRoom, lines: list[AlertLine], parent: QWidget) -> Decision:
    return Decision(room, lines, texts.RESOLVE, texts.WHAT_RESOLVING_DOES, parent)
