"""A message that is prepared for somebody: to be changed, copied, or taken by whatever sends texts here."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from dispatchwatch.desktop import reassign_phrases as phrases
from dispatchwatch.desktop.board import reaching
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.desktop.theme import BASE_SIZE, Theme

WIDTH = 540
"""About how wide a line is."""


class Message(NamedTuple):
    """`phone` is empty where no number is known."""

    name: str
    phone: str
    text: str


class Prepared(QWidget):
    """Sends nothing by itself. `open_url` answers whether anything on this computer took the address."""

    def __init__(self, theme: Theme, message: Message) -> None:
        super().__init__()
        self.open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl
        self.message = message
        name, phone, text = message
        self.text = QPlainTextEdit(text)
        self.text.setAccessibleName(phrases.message_to(name, phone))
        self.text.setTabChangesFocus(True)
        lines = len(theme.wrapped(text, BASE_SIZE, theme.px(WIDTH), 8)) + 1
        self.text.setFixedHeight(theme.metrics().lineSpacing() * lines + theme.px(16))
        self.copy = button(phrases.COPY, says=f"{phrases.COPY}: {phrases.message_to(name, '')}")
        self.call = button(phrases.CALL, says=f"{phrases.CALL}: {name}, {phone}")
        self.by_text = button(phrases.TEXT_MESSAGE, says=f"{phrases.TEXT_MESSAGE}: {name}, {phone}")
        self.said = label("" if phone else phrases.NO_NUMBER, "small", wraps=True)
        self._lay_out(has_phone=bool(reaching.DIALLED.search(phone)))
        self.copy.clicked.connect(self._copy)
        self.call.clicked.connect(self._call)
        self.by_text.clicked.connect(self._text)

    def _lay_out(self, *, has_phone: bool) -> None:
        line, layout = QHBoxLayout(), QVBoxLayout(self)
        tight(line, spacing=8)
        line.addWidget(self.copy)
        for one in (self.call, self.by_text):
            line.addWidget(one)
            one.setVisible(has_phone)
        line.addWidget(self.said, 1)
        tight(layout, spacing=4)
        layout.addWidget(label(phrases.message_to(self.message.name, self.message.phone), "label", wraps=True))
        layout.addWidget(self.text)
        layout.addLayout(line)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.said.setText(phrases.copied(self.message.name))

    @Slot()
    def _call(self) -> None:
        self._open(reaching.phone_link(self.message.phone))

    @Slot()
    def _text(self) -> None:
        number = reaching.phone_link(self.message.phone).removeprefix("tel:")
        self._open(f"sms:{number}?body={quote(self.text.toPlainText())}")

    def _open(self, url: str) -> None:
        if not self.open_url(QUrl(url)):
            QGuiApplication.clipboard().setText(self.message.phone)
            self.said.setText(phrases.nothing_takes(self.message.phone))
