"""What happened, what it means, what to do; and the words for whoever mends it, which can be copied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from dispatchwatch.desktop import crash_report, texts, toast_phrases
from dispatchwatch.desktop.pieces import button, label, tight


class ErrorDialog(QDialog):
    """Shows and copies the same text: without secrets always, without names unless the person chooses them."""

    def __init__(self, said: tuple[str, str], text: str, names: Sequence[str], parent: QWidget | None) -> None:
        super().__init__(parent)
        title, meaning = said
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(600, 420)
        self._with_names = crash_report.without_secrets(text, Path.home())
        self._without_names = crash_report.without_names(self._with_names, names)
        self.words = QPlainTextEdit(self._without_names)
        self.words.setReadOnly(True)
        self.words.setAccessibleName(title)
        self.names = button(toast_phrases.SHOW_NAMES, says=toast_phrases.NAMES_MEANING)
        self.names.setCheckable(True)
        self.names.setVisible(self._with_names != self._without_names)
        self.names.toggled.connect(self._choose)
        self._lay_out(title, meaning)

    @property
    def text(self) -> str:
        return self.words.toPlainText()

    def _lay_out(self, title: str, meaning: str) -> None:
        copies, closes = button(texts.COPY), button(texts.CLOSE, "primary", "Esc")
        copies.clicked.connect(self._copy)
        closes.clicked.connect(self.accept)
        line = QHBoxLayout()
        line.addWidget(self.names)
        line.addStretch(1)
        line.addWidget(copies)
        line.addWidget(closes)
        layout = QVBoxLayout(self)
        tight(layout, (24, 24, 24, 24), 8)
        layout.addWidget(label(title, "title", wraps=True))
        layout.addWidget(label(meaning, "muted", wraps=True))
        layout.addWidget(self.words, 1)
        layout.addLayout(line)

    @Slot(bool)
    def _choose(self, keeps: bool) -> None:
        self.words.setPlainText(self._with_names if keeps else self._without_names)
        self.names.setText(toast_phrases.HIDE_NAMES if keeps else toast_phrases.SHOW_NAMES)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
