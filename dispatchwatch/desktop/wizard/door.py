"""Opening the first start: by itself where nothing is set up yet, and whenever somebody asks for it."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QProcess, Slot
from PySide6.QtWidgets import QWidget

from dispatchwatch.app.events import StatusChanged
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.wizard.kept_draft import FIRST_START


class SetUpDoor(QObject):
    """Open at most once. It opens by itself only until somebody has closed it: the empty board offers it after that."""

    def __init__(self, room: DeskRoom, over: QWidget) -> None:
        super().__init__(over)
        self._room, self._over = room, over
        self.wizard: QWidget | None = None
        self._has_looked = False
        room.wishes.set_up.connect(self.open)

    def watch(self) -> None:
        """From here on it may open by itself."""
        self._room.picture.status_changed.connect(self._look)

    @Slot()
    def open(self) -> None:
        from dispatchwatch.desktop.wizard.first_start import FirstStart

        if self.wizard is not None:
            self.wizard.activateWindow()
            return
        wizard = FirstStart(self._room, start_sample_day, self._over)
        self.wizard = wizard
        wizard.finished.connect(self._forget)
        wizard.open()

    @Slot(object)
    def _look(self, status: StatusChanged) -> None:
        """Once, at the first word of the engine."""
        if self._has_looked:
            return
        self._has_looked = True
        is_new = all(feed.kind == "desk" for feed in status.feeds)
        if is_new and not self._room.files.config.exists() and not self._room.preferences.get(FIRST_START).is_left:
            self.open()

    @Slot()
    def _forget(self) -> None:
        self.wizard = None


def start_sample_day() -> bool:
    """A program of its own, with a folder of its own."""
    program = [] if getattr(sys, "frozen", False) else ["-m", "dispatchwatch"]
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments([*program, "demo"])
    return bool(process.startDetached()[0])
