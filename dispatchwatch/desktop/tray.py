"""The icon in the system's tray: how many alerts are open and how bad they are, and the way back to the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop import texts, toast_phrases, tray_icon
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.open_alerts import OpenAlerts
from dispatchwatch.domain.wording import short_headline

LOOKS_AGAIN = 1000
LOOKS_OFTEN = 15
LOOKS_LATER = 10_000
IN_MENU = 5
LONGEST_ENTRY = 60


class Tray(QObject):
    """`available` tells whether there is a tray; at login it may come some seconds after us.

    `alert_wanted` carries the number of an alert, `mute_wanted` minutes, none of which means until further notice is
    over. `lost` is emitted when the tray goes away: a hidden window has no other door.
    """

    open_wanted = Signal()
    quit_wanted = Signal()
    alert_wanted = Signal(int)
    mute_wanted = Signal(int)
    wallboard_wanted = Signal()
    check_wanted = Signal()
    message_pressed = Signal()
    lost = Signal()

    def __init__(
        self,
        application: QApplication,
        assets: Assets,
        alerts: OpenAlerts,
        parent: QWidget,
        *,
        now: Callable[[], datetime],
        available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._assets = assets
        self._alerts = alerts
        self._now = now
        self._available = available
        self._looks = 0
        self._shown: object = None
        self._icon = QSystemTrayIcon(self)
        self.menu = QMenu(parent)
        self.menu.aboutToShow.connect(self._fill)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._pressed)
        self._icon.messageClicked.connect(self.message_pressed)
        self._again = QTimer(self, interval=LOOKS_AGAIN)
        self._again.timeout.connect(self.look)
        alerts.changed.connect(self._show)
        self._show()
        self._fill()

    @property
    def present(self) -> bool:
        return self._icon.isVisible() and self._available()

    @property
    def shows_messages(self) -> bool:
        return self.present and QSystemTrayIcon.supportsMessages()

    @Slot()
    def look(self) -> None:
        """Puts the icon into the tray as soon as there is one, and says when there is none any more."""
        self._looks += 1
        self._again.start(LOOKS_AGAIN if self._looks < LOOKS_OFTEN else LOOKS_LATER)
        if self._available():
            if not self._icon.isVisible():
                self._icon.show()
                self._again.start(LOOKS_LATER)
        elif self._icon.isVisible():
            self._icon.hide()
            self.lost.emit()

    def message(self, title: str, body: str) -> bool:
        """Asks the tray to show a toast; False where it can't."""
        if not self.shows_messages:
            return False
        self._icon.showMessage(title, body, self._icon.icon())
        return True

    def leave(self) -> None:
        self._again.stop()
        self._icon.hide()
        self._application.setBadgeNumber(0)

    @Slot()
    def _show(self) -> None:
        lines = self._alerts.worst_first()
        self._icon.setToolTip(toast_phrases.tray_tip(lines, self._now()))
        count, worst = len(lines), lines[0].alert.severity if lines else None
        if (count, worst) != self._shown:
            self._shown = (count, worst)
            self._icon.setIcon(tray_icon.counted(count, worst) if worst else self._assets.program_icon())
            self._application.setBadgeNumber(count)

    @Slot()
    def _fill(self) -> None:
        """The menu as it is now; some systems show it without asking, so it is never empty."""
        menu, lines = self.menu, self._alerts.worst_first()
        menu.clear()
        menu.addAction(texts.OPEN).triggered.connect(self.open_wanted)
        menu.addSeparator()
        for line in lines[:IN_MENU]:
            self._add_alert(line)
        if len(lines) > IN_MENU:
            menu.addAction(toast_phrases.more_alerts(len(lines) - IN_MENU)).triggered.connect(self.open_wanted)
        elif not lines:
            menu.addAction(toast_phrases.NO_ALERTS).setEnabled(False)
        menu.addSeparator()
        self._add_mutes(menu.addMenu(toast_phrases.MUTE))
        menu.addAction(toast_phrases.WALLBOARD).triggered.connect(self.wallboard_wanted)
        menu.addAction(f"{toast_phrases.CHECK_TOASTS} …").triggered.connect(self.check_wanted)
        menu.addSeparator()
        menu.addAction(texts.QUIT).triggered.connect(self.quit_wanted)

    def _add_alert(self, line: AlertLine) -> None:
        # An ampersand would underline the letter behind it.
        text = short_headline(line.alert, self._now()).replace("&", "&&")
        cut = text if len(text) <= LONGEST_ENTRY else f"{text[: LONGEST_ENTRY - 1]}…"
        self.menu.addAction(cut).triggered.connect(partial(self._want_alert, line.alert.id))

    def _add_mutes(self, menu: QMenu) -> None:
        for text, minutes in (
            (toast_phrases.MUTE_FOR_15, 15),
            (toast_phrases.MUTE_FOR_60, 60),
            (toast_phrases.UNMUTE, 0),
        ):
            menu.addAction(text).triggered.connect(partial(self._want_mute, minutes))

    def _want_alert(self, number: int, _checked: bool = False) -> None:
        self.alert_wanted.emit(number)

    def _want_mute(self, minutes: int, _checked: bool = False) -> None:
        self.mute_wanted.emit(minutes)

    @Slot(QSystemTrayIcon.ActivationReason)
    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            self.open_wanted.emit()
