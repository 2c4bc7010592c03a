"""The icon in the system's tray: how many alerts are open, and the way back to the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.tokens import Tone

LOOKS_AGAIN = 1000
LOOKS = 15
SIZE = 64


class Tray(QObject):
    """`available` tells whether there is a tray; at login it may come some seconds after us."""

    open_wanted = Signal()
    quit_wanted = Signal()

    def __init__(
        self,
        application: QApplication,
        theme: Theme,
        assets: Assets,
        parent: QWidget,
        available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._theme = theme
        self._assets = assets
        self._available = available
        self._count = -1
        self._looks_left = LOOKS
        self._icon = QSystemTrayIcon(self)
        self._menu = QMenu(parent)
        self._menu.addAction(texts.OPEN).triggered.connect(self.open_wanted)
        self._menu.addAction(texts.QUIT).triggered.connect(self.quit_wanted)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._pressed)
        self._icon.messageClicked.connect(self.open_wanted)
        self._again = QTimer(self, interval=LOOKS_AGAIN)
        self._again.timeout.connect(self.look)
        self.show_count(0)

    @property
    def present(self) -> bool:
        return self._icon.isVisible() and self._available()

    @Slot()
    def look(self) -> None:
        """Puts the icon into the tray as soon as there is one."""
        self._looks_left -= 1
        if self._available():
            self._icon.show()
            self._again.stop()
        elif self._looks_left > 0:
            self._again.start()
        else:
            self._again.stop()

    def show_count(self, count: int) -> None:
        if count == self._count:
            return
        self._count = count
        self._icon.setIcon(self._painted(count))
        self._icon.setToolTip(phrases.tray_tip(count))
        self._application.setBadgeNumber(count)

    def message(self, title: str, body: str) -> bool:
        """Asks the tray to show a toast; False where it can't."""
        if not self.present or not QSystemTrayIcon.supportsMessages():
            return False
        self._icon.showMessage(title, body, self._icon.icon())
        return True

    def leave(self) -> None:
        self._again.stop()
        self._icon.hide()
        self._application.setBadgeNumber(0)

    def _painted(self, count: int) -> QIcon:
        pixmap = self._assets.program_icon().pixmap(SIZE, SIZE)
        pixmap.setDevicePixelRatio(1)
        if count:
            self._paint_badge(pixmap, str(count) if count < 100 else "99")
        return QIcon(pixmap)

    def _paint_badge(self, pixmap: QPixmap, text: str) -> None:
        tokens = self._theme.tokens
        area = QRect(SIZE - 42, SIZE - 38, 42, 38)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(Tone.LATE))
        painter.drawRoundedRect(area, 12, 12)
        font = QFont(self._theme.font(strong=True))
        font.setPixelSize(30)
        painter.setFont(font)
        painter.setPen(self._theme.named(tokens.surface))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            self.open_wanted.emit()
