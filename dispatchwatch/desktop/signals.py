"""SIGINT and SIGTERM, heard although Qt has the loop: the system wakes us through a socket."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Slot


class QuitSignals(QObject):
    def __init__(self, wants_to_quit: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._quit = wants_to_quit
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)
        self._before = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)
        self._handlers = {one: signal.signal(one, self._on_signal) for one in (signal.SIGINT, signal.SIGTERM)}

    def remove(self) -> None:
        for one, before in self._handlers.items():
            signal.signal(one, before)
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        self._ours.close()
        self._theirs.close()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._quit()

    @Slot()
    def _drain(self) -> None:
        """Python calls its handlers on the way into this; the byte itself says nothing."""
        self._ours.recv(64)
