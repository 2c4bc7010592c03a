"""A line of text to be given away: it can be selected, and copied with one press."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.pieces import button, tight

SAYS_COPIED = 2000


class Copying(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.field, self.copy = QLineEdit(), button(texts.COPY, says=f"{texts.COPY}: {name}")
        self.field.setReadOnly(True)
        self.field.setAccessibleName(name)
        self._again = QTimer(self, singleShot=True, interval=SAYS_COPIED)
        self._again.timeout.connect(self._ready)
        self.copy.clicked.connect(self._copy)
        line = QHBoxLayout(self)
        tight(line, spacing=8)
        line.addWidget(self.field, 1)
        line.addWidget(self.copy)

    def show_text(self, text: str) -> None:
        self.field.setText(text)
        self.field.setCursorPosition(0)
        self._ready()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.field.text())
        self.copy.setText(texts.COPIED)
        self._again.start()

    @Slot()
    def _ready(self) -> None:
        self.copy.setText(texts.COPY)
