"""Seeing that the engine lives: a watch that ended by a fault is started again, but not for ever."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

LOOKS_EVERY = 1000
MOST = 3
SPAN = 600.0


class Mortal(Protocol):
    @property
    def fault(self) -> BaseException | None:
        """What ended it; None while it runs."""
        ...


class EngineWatch(QObject):
    """`died` carries what ended the engine that is watched; `given_up` comes instead once it happened more than `MOST`
    times in `SPAN` seconds. Nothing more is said until `watch` is called again."""

    died = Signal(object)
    given_up = Signal(object)

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._steady = steady
        self._engine: Mortal | None = None
        self._deaths: deque[float] = deque()
        self._timer = QTimer(self, interval=LOOKS_EVERY)
        self._timer.timeout.connect(self.look)

    def watch(self, engine: Mortal) -> None:
        self._engine = engine
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._engine = None

    @property
    def deaths(self) -> int:
        """So many lately."""
        return len(self._deaths)

    @Slot()
    def look(self) -> None:
        fault = self._engine.fault if self._engine is not None else None
        if fault is None:
            return
        self.stop()
        now = self._steady()
        self._deaths.append(now)
        while now - self._deaths[0] > SPAN:
            self._deaths.popleft()
        (self.given_up if len(self._deaths) > MOST else self.died).emit(fault)
