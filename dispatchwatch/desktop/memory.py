"""Python's search for garbage, kept out of the way: a full one stops every thread for as long as the day is large.

With ten thousand visits it takes some 75 ms, and left to itself it comes while they arrive. The small searches go on as
ever; the full one runs when nobody is looking, and at the latest every half hour.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

NEVER = 1_000_000
LOOKS_EVERY = 60_000
AT_LATEST = 30


class QuietMemory(QObject):
    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._before = gc.get_threshold()
        self._minutes = 0
        self._timer = QTimer(self, interval=LOOKS_EVERY)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        gc.collect()
        # What lives now lives as long as the window; nobody need search it again.
        gc.freeze()
        gc.set_threshold(self._before[0], self._before[1], NEVER)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        gc.set_threshold(*self._before)
        gc.unfreeze()

    @Slot()
    def _look(self) -> None:
        self._minutes += 1
        if self._minutes >= AT_LATEST or not self._window.isActiveWindow():
            self._minutes = 0
            gc.collect()
