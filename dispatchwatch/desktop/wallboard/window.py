"""The wallboard’s window: the whole of one screen, with nothing in it to press. Esc or F11 ends it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from dispatchwatch.desktop.board.clock import WindowClock
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import tight
from dispatchwatch.desktop.wallboard.awake import Awake
from dispatchwatch.desktop.wallboard.face import WallboardFace

TITLE = "DispatchWatch wallboard"
LEAVES = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_F11})
REASON = "The wallboard is shown"


class Wallboard(QWidget):
    """`closed` once it is gone, `may_sleep` where the system does not promise to keep the screen on."""

    closed = Signal()
    may_sleep = Signal()

    def __init__(self, room: DeskRoom, application: QApplication) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # A screen on the wall must not take the keyboard from somebody who writes at the desk.
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(TITLE)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.face = WallboardFace(room, application)
        layout = QVBoxLayout(self)
        tight(layout)
        layout.addWidget(self.face)
        self._awake = Awake(self)
        self._awake.refused.connect(self.may_sleep)
        self.clock = WindowClock(self, room.now)
        self.clock.tick.connect(self.face.tick)
        room.picture.rows_changed.connect(self.face.update)
        application.screenRemoved.connect(self._screen_gone)

    def show_on(self, name: str) -> None:
        """On the screen of this name; on the main one where there is none, or it was unplugged."""
        self._fill(screen_named(name))
        self.clock.start()
        self._awake.hold(REASON)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in LEAVES:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self.clock.stop()
        self._awake.release()
        super().closeEvent(event)
        self.closed.emit()

    def _fill(self, screen: QScreen) -> None:
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()

    @Slot(QScreen)
    def _screen_gone(self, gone: QScreen) -> None:
        if self.screen() is gone:
            self._fill(QGuiApplication.primaryScreen())


def screen_named(name: str) -> QScreen:
    return next((one for one in QGuiApplication.screens() if one.name() == name), QGuiApplication.primaryScreen())
