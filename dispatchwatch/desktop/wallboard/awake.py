"""Keeping the screen on while the wallboard is shown, by each system's own way."""

from __future__ import annotations

import ctypes
import os
import sys

from PySide6.QtCore import QObject, QProcess, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCall, QDBusPendingCallWatcher

CONTINUOUS, DISPLAY_REQUIRED = 0x80000000, 0x00000002
"""learn.microsoft.com, SetThreadExecutionState."""
SERVICE, PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
"""specifications.freedesktop.org, idle-inhibit."""


class Awake(QObject):
    """`refused` is emitted where the system does not promise to keep the screen on."""

    refused = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cookie: int | None = None
        self._process: QProcess | None = None

    def hold(self, reason: str) -> None:
        if sys.platform == "win32":
            if not ctypes.windll.kernel32.SetThreadExecutionState(CONTINUOUS | DISPLAY_REQUIRED):
                self.refused.emit()
        elif sys.platform == "darwin":
            self._caffeinate()
        else:
            self._inhibit(reason)

    def release(self) -> None:
        if sys.platform == "win32":
            ctypes.windll.kernel32.SetThreadExecutionState(CONTINUOUS)
        if self._process is not None:
            self._process.kill()
            self._process = None
        if self._cookie is not None:
            _ask("UnInhibit", self._cookie)
            self._cookie = None

    def _caffeinate(self) -> None:
        """Ends with this program, however that ends."""
        self._process = QProcess(self)
        self._process.errorOccurred.connect(self.refused)
        self._process.start("/usr/bin/caffeinate", ["-d", "-w", str(os.getpid())])

    def _inhibit(self, reason: str) -> None:
        """Asked without waiting for the answer: whoever keeps the screen may take its time."""
        if not QDBusConnection.sessionBus().isConnected():
            self.refused.emit()
            return
        watcher = QDBusPendingCallWatcher(_ask("Inhibit", "DispatchWatch", reason), self)
        watcher.finished.connect(self._answered)

    @Slot(object)
    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        answer = watcher.reply()
        if answer.type() is QDBusMessage.MessageType.ReplyMessage:
            self._cookie = int(answer.arguments()[0])
        else:
            self.refused.emit()
        watcher.deleteLater()


def _ask(method: str, *values: object) -> QDBusPendingCall:
    call = QDBusMessage.createMethodCall(SERVICE, PATH, SERVICE, method)
    call.setArguments(list(values))
    return QDBusConnection.sessionBus().asyncCall(call)
