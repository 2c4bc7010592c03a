"""What is going to be written behind what the configuration has."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from dispatchwatch.desktop import mapping_phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import button
from dispatchwatch.desktop.sheet import Sheet

WIDTH, HEIGHT = 640, 360


class AddedSheet(Sheet):
    def __init__(self, room: DeskRoom, text: str, parent: QWidget) -> None:
        super().__init__(room.theme, mapping_phrases.WILL_BE_ADDED, WIDTH, parent)
        shown = QPlainTextEdit(text)
        shown.setReadOnly(True)
        shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        shown.setAccessibleName(mapping_phrases.WILL_BE_ADDED)
        shown.setMinimumHeight(room.theme.px(HEIGHT))
        self.body.addWidget(shown)
        close = button(texts.CLOSE, "primary", "Esc")
        close.clicked.connect(self.accept)
        self.foot.addStretch(1)
        self.foot.addWidget(close)
