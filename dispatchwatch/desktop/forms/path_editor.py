"""A file or folder, typed or found with the system's own dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.text_editors import LineEditor
from dispatchwatch.desktop.pieces import button


class PathEditor(LineEditor):
    """What lies below `base` is written as seen from there."""

    def __init__(self, room: DeskRoom, base: Path, default: str = "") -> None:
        super().__init__(room, default)
        self._base = base
        self.choose = button(form_phrases.CHOOSE_FILE)
        self.choose.clicked.connect(self._open)
        self.line.addWidget(self.choose)

    def _open(self) -> None:
        dialog = QFileDialog(self.window(), form_phrases.FILE, str(self._base))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, chosen: str) -> None:
        self.enter(from_base(Path(chosen), self._base))
        self.take_keyboard()


def from_base(path: Path, base: Path) -> str:
    """As the configuration's folder sees it."""
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)
