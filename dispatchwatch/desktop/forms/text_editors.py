"""Texts: in one line, in several, and texts that stand for any JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Editor, beside

LINES = 4


class LineEditor(Editor):
    """One line. `width`, in pixels of the design, where what is typed is short."""

    def __init__(self, room: DeskRoom, default: str = "", width: int = 0) -> None:
        super().__init__(room)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(default)
        self.line = beside(self, self.edit)
        self._width = width
        if width:
            self.line.addStretch(1)
            room.theme.changed.connect(self._narrow)
            self._narrow()
        self.edit.textEdited.connect(lambda _text: self.changed.emit())

    @property
    def parts(self) -> Sequence[QWidget]:
        return (self.edit,)

    @property
    def value(self) -> Any:
        return self.edit.text().strip() or None

    def put(self, value: Any) -> None:
        self.edit.setText("" if value is None else str(value))
        self.edit.setCursorPosition(0)

    def enter(self, value: Any) -> None:
        """As if a person had typed it."""
        self.put(value)
        self.changed.emit()

    def _narrow(self) -> None:
        self.edit.setFixedWidth(self.room.theme.px(self._width))


class LinesEditor(Editor):
    """Several lines; Tab leaves it."""

    def __init__(self, room: DeskRoom, default: str = "", lines: int = LINES, *, code: bool = False) -> None:
        super().__init__(room)
        self._lines = lines
        self.edit = QPlainTextEdit()
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText(default)
        self._is_code = code
        beside(self, self.edit)
        self._quiet = False
        self.edit.textChanged.connect(self._typed)
        room.theme.changed.connect(self._fit)
        self._fit()

    @property
    def parts(self) -> Sequence[QWidget]:
        return (self.edit,)

    @property
    def value(self) -> Any:
        return self.edit.toPlainText().strip() or None

    def put(self, value: Any) -> None:
        self._quiet = True
        self.edit.setPlainText("" if value is None else str(value))
        self._quiet = False

    def _typed(self) -> None:
        if not self._quiet:
            self.changed.emit()

    def _fit(self) -> None:
        font = self.room.theme.font()
        if self._is_code:
            size = font.pixelSize()
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            font.setPixelSize(size)
            self.edit.setFont(font)
        self.edit.ensurePolished()
        self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * self._lines + self.room.theme.px(20))


class JsonEditor(LinesEditor):
    """Any JSON, as text."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__(room, code=True)

    @property
    def value(self) -> Any:
        text = super().value
        try:
            return None if text is None else json.loads(text)
        except ValueError:
            return text

    def put(self, value: Any) -> None:
        text = value if isinstance(value, str) or value is None else json.dumps(value, ensure_ascii=False, indent=2)
        super().put(text)
