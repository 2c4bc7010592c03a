"""Opening the wallboard, on the screen that was chosen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.preference_kinds import Name
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.wallboard.window import Wallboard

SCREEN = Name(
    key="wallboard_screen",
    section="Wallboard",
    label="Screen of the wallboard",
    help="The name of a screen; where it is not there, the wallboard is shown on the main one.",
    default="",
)


class WallboardDoor(QObject):
    """Open or closed: asked for once more, the wallboard closes. `may_sleep` as the window’s."""

    may_sleep = Signal()

    def __init__(self, room: DeskRoom, application: QApplication, preferences: Preferences) -> None:
        super().__init__(application)
        self._room = room
        self._application = application
        self._preferences = preferences
        self.window: Wallboard | None = None
        room.wishes.wallboard.connect(self.turn)

    @Slot()
    def turn(self) -> None:
        if self.window is not None:
            self.window.close()
            return
        self.window = Wallboard(self._room, self._application)
        self.window.closed.connect(self._forget)
        self.window.may_sleep.connect(self.may_sleep)
        self.window.show_on(self._preferences.get(SCREEN) or self._other_screen())

    def close(self) -> None:
        if self.window is not None:
            self.window.close()

    @Slot()
    def _forget(self) -> None:
        self.window = None

    def _other_screen(self) -> str:
        """Where nothing was chosen: a second screen if there is one, since the desk is on the first."""
        main = self._application.primaryScreen()
        return next((one.name() for one in self._application.screens() if one is not main), main.name())
