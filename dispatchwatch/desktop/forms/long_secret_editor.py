"""A secret of many lines, such as a private key: nobody types one, so it is pasted or read from a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from dispatchwatch.app.secrets import is_reference
from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Surroundings
from dispatchwatch.desktop.forms.secret_editor import SecretEditor
from dispatchwatch.desktop.pieces import button
from dispatchwatch.desktop.tasks import aside

LARGEST = 100_000


class LongSecretEditor(SecretEditor):
    def __init__(self, room: DeskRoom, surroundings: Surroundings) -> None:
        self.paste, self.from_file = button(form_phrases.PASTE), button(form_phrases.FROM_FILE)
        self._base = surroundings.base
        super().__init__(room, surroundings)

    @property
    def parts(self) -> Sequence[QWidget]:
        return (self.paste, self.from_file) if self._is_entering else (self.replace,)

    def receive(self, text: str) -> None:
        """What was pasted or read: a secret, or a reference to one."""
        if is_reference(text.strip()) and "\n" not in text.strip():
            self.put(text.strip())
            self.changed.emit()
        elif text.strip():
            self.take(SecretStr(text))
            self._state.setText(f"{form_phrases.hidden(text)}. {form_phrases.TYPED_KEEPS}")
        self.take_keyboard()

    def _lay_out(self) -> None:
        super()._lay_out()
        for widget in (self.edit, self.show_it):
            widget.hide()
        line = self._entering.layout()
        if line is not None:
            line.addWidget(self.paste)
            line.addWidget(self.from_file)

    def _wire(self) -> None:
        super()._wire()
        self.paste.clicked.connect(lambda: self.receive(QGuiApplication.clipboard().text()))
        self.from_file.clicked.connect(self._open)

    def _open(self) -> None:
        dialog = QFileDialog(self.window(), form_phrases.FILE, str(self._base))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: self.room.tasks.spawn(self._read(Path(chosen))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _read(self, path: Path) -> None:
        try:
            text = await aside(_text_of, path)
        except (OSError, ValueError):
            text = ""
        if not isValid(self):
            return
        if text:
            self.receive(text)
        else:
            self.hint.setText(form_phrases.NOT_READ)


def _text_of(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(LARGEST).decode("utf-8")
