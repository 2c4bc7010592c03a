"""A configuration that is no TOML any more: what is wrong, where, and its text to be put right."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from dispatchwatch.desktop import settings_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.desktop.settings.state import State


class BrokenFile(QWidget):
    """`retyped` carries the text as it is now, `again` wishes the file read anew."""

    retyped = Signal(str)
    again = Signal()

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self._room = room
        self.said = SaidLine(room)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(p.THE_TEXT)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.read, self.open = button(p.READ_AGAIN, key="F5"), button(p.OPEN_IN_EDITOR)
        self.copy = button(p.COPY_PATH)
        self._lay_out()
        self.text.textChanged.connect(lambda: self.retyped.emit(self.text.toPlainText()))
        self.read.clicked.connect(self.again)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(str(room.files.config)))
        self.open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(room.files.config))))
        room.theme.changed.connect(self._dress)
        self._dress()

    def show_state(self, state: State) -> None:
        """The text is put in anew only where it is another one: nobody's cursor jumps."""
        wrong = state.fault
        self.said.say(p.fault(wrong.text, state.fault_line) if wrong is not None else "")
        self._title.setText(p.BROKEN_TITLE if wrong is not None else p.THE_TEXT)
        self._why.setVisible(wrong is not None)
        self.text.setVisible(True)
        if self.text.toPlainText() != state.text:
            self.text.blockSignals(True)
            self.text.setPlainText(state.text)
            self.text.blockSignals(False)
            self._mark(state.fault_line)

    def show_unreadable(self, text: str) -> None:
        """Not even its text can be had."""
        self.said.say(text)
        self.text.setVisible(False)

    def _mark(self, line: int) -> None:
        block = self.text.document().findBlockByNumber(max(0, line - 1))
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        self.text.setTextCursor(cursor)
        self.text.centerCursor()

    def _dress(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(self._room.theme.px(13))
        self.text.setFont(font)

    def _lay_out(self) -> None:
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=8)
        for one in (self.read, self.open, self.copy):
            flow.addWidget(one)
        column = QVBoxLayout(self)
        tight(column, (24, 20, 24, 16), 12)
        self._title = label(p.BROKEN_TITLE, "title", wraps=True)
        self._why = label(p.BROKEN_WHY, "muted", wraps=True)
        column.addWidget(self._title)
        column.addWidget(self._why)
        column.addWidget(self.said)
        column.addWidget(label(p.path_of(self._room.files.config), "small", wraps=True, selectable=True))
        column.addWidget(buttons)
        column.addWidget(self.text, 1)
