"""The one clock of the window: it ticks just after each full second, and rests while nobody can see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

JUST_AFTER = 5


class WindowClock(QObject):
    """Emits `tick(now)`; everything that runs with the time listens to this one signal."""

    tick = Signal(object)

    def __init__(self, window: QWidget, now: Callable[[], datetime]) -> None:
        super().__init__(window)
        self._window = window
        self.now = now
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_time)
        window.installEventFilter(self)

    def start(self) -> None:
        self._on_time()

    def stop(self) -> None:
        self._timer.stop()

    def beat(self) -> None:
        """One tick, by hand."""
        self.tick.emit(self.now())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in {QEvent.Type.Show, QEvent.Type.WindowStateChange} and self._seen():
            self._on_time()
        return super().eventFilter(watched, event)

    @Slot()
    def _on_time(self) -> None:
        if not self._seen():
            self._timer.stop()
            return
        now = self.now()
        self.tick.emit(now)
        self._timer.start(1000 - now.microsecond // 1000 + JUST_AFTER)

    def _seen(self) -> bool:
        return self._window.isVisible() and not self._window.isMinimized()
