"""What reaches a person beyond the window: toasts, the tray, the badge, and sounds."""

from __future__ import annotations

import sys
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.main_window import MainWindow
from dispatchwatch.desktop.muting import Muting
from dispatchwatch.desktop.open_alerts import OpenAlerts
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.presses import ORIGIN, SNOOZE_MINUTES, Presses
from dispatchwatch.desktop.ringing import Ringing
from dispatchwatch.desktop.side_loop import SideLoop
from dispatchwatch.desktop.silence import Silence
from dispatchwatch.desktop.sounds import Sounds
from dispatchwatch.desktop.toast_backends import TrayBackend, WindowBackend
from dispatchwatch.desktop.toast_check_dialog import ToastCheckDialog
from dispatchwatch.desktop.toast_notifier import NotifierBackend
from dispatchwatch.desktop.toast_plyer import PlyerBackend
from dispatchwatch.desktop.toast_storm import ToastStorm
from dispatchwatch.desktop.toasts import Toaster
from dispatchwatch.desktop.tray import Tray


class Alarm(QObject):
    """Silent until `start`; `leave` takes back what stands on the screen."""

    def __init__(self, application: QApplication, room: DeskRoom, window: MainWindow, preferences: Preferences) -> None:
        super().__init__()
        self._application = application
        self._room = room
        self._window = window
        self._alerts = OpenAlerts(room.bridge, room.now, self, snoozes=room.snoozes)
        self.tray = Tray(application, room.assets, self._alerts, window, now=room.now)
        silence = Silence(preferences, ZoneInfo(room.timezone))
        self._muting = Muting(silence, preferences, room.timezone, room.now)
        self._sounds = Sounds(room.assets.sounds, room.tasks, silence, application.beep)
        self._ringing = Ringing(self._alerts, self._sounds, preferences, room.now)
        self._storm = ToastStorm(lambda: room.picture.alerts)
        self._toaster = self._make_toaster()
        self._wire()

    def start(self) -> None:
        self.tray.look()
        self._room.bridge.toast_wanted.connect(self._take)
        self._room.tasks.spawn(self._toaster.get_ready())

    async def leave(self) -> None:
        self._storm.stop()
        self._ringing.stop()
        self._muting.stop()
        self.tray.leave()
        await self._toaster.leave()

    @Slot()
    def check(self) -> None:
        """Opens the self-test."""
        self._window.bring_up()
        ToastCheckDialog(self._room, self._toaster, self._sounds, self._window).open()

    def _make_toaster(self) -> Toaster:
        room, window = self._room, self._window
        icon = room.assets.program_picture if sys.platform != "win32" else None
        backends = (
            NotifierBackend(SideLoop("toasts"), icon),
            TrayBackend(self.tray),
            PlyerBackend(),
            WindowBackend(window.notice.toast),
        )
        presses = Presses(room.deeds, window, self._storm.take)
        return Toaster(backends, room.bridge, press=presses, is_open=self._alerts.waits)

    def _wire(self) -> None:
        window, tray, wishes = self._window, self.tray, self._room.wishes
        window.muted.connect(self._muting.choose)
        window.notice.snooze_wanted.connect(
            lambda numbers: self._room.deeds.snooze(numbers, SNOOZE_MINUTES, origin=ORIGIN)
        )
        self._muting.changed.connect(window.header.show_muted)
        self._muting.tell()
        self._storm.due.connect(self._show)
        self._alerts.changed.connect(self._withdraw)
        tray.open_wanted.connect(window.bring_up)
        tray.alert_wanted.connect(self._show_alert)
        tray.mute_wanted.connect(self._muting.mute_for)
        tray.wallboard_wanted.connect(wishes.wallboard)
        tray.check_wanted.connect(self.check)
        self._room.wishes.check_toasts.connect(self.check)
        # Hidden without a tray it could not be found again.
        tray.lost.connect(window.show)

    @Slot(object)
    def _take(self, wanted: ToastWanted) -> None:
        self._sounds.play(wanted.severity, self._room.now())
        self._application.alert(self._window)
        self._storm.take(wanted)

    @Slot(object)
    def _show(self, wanted: ToastWanted) -> None:
        self._room.tasks.spawn(self._toaster.show(wanted))

    @Slot()
    def _withdraw(self) -> None:
        self._room.tasks.spawn(self._toaster.withdraw_settled())

    @Slot(int)
    def _show_alert(self, number: int) -> None:
        self._window.bring_up()
        self._window.show_alerts((number,))
