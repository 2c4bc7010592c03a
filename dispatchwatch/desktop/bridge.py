"""The one door between the engine and the window.

Events come in on the engine's thread, are put in a queue, and cross by one queued signal; the window takes them out
in short turns, so that ten thousand rows at once never hold it up. Questions go the other way and are awaited.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from dispatchwatch.app.engine_room import EngineRoom
from dispatchwatch.app.events import (
    AlertsChanged,
    Awoke,
    BoardChanged,
    ConfigurationChanged,
    DeliveriesChanged,
    Event,
    Happening,
    StatusChanged,
    ToastWanted,
)
from dispatchwatch.app.view import BoardRow
from dispatchwatch.domain.visit import VisitKey

T = TypeVar("T")

TURN = 0.004
PIECE = 100


@dataclass(frozen=True, slots=True)
class BoardPiece:
    """A part of a BoardChanged, small enough for one turn. `last` closes the change it belongs to."""

    rows: tuple[BoardRow, ...]
    removed: tuple[VisitKey, ...]
    replaces_all: bool
    first: bool
    last: bool


Piece = BoardPiece | AlertsChanged | DeliveriesChanged | StatusChanged | ToastWanted | Awoke | ConfigurationChanged


class EngineNotThere(RuntimeError):
    """Asked before the engine runs, or after it has ended."""

    def __init__(self) -> None:
        super().__init__("the engine is not running yet")


class Bridge(QObject):
    """Typed signals for what happens; `ask` for everything a person wants."""

    board_changed = Signal(object)
    alerts_changed = Signal(object)
    deliveries_changed = Signal(object)
    status_changed = Signal(object)
    toast_wanted = Signal(object)
    awoke = Signal(object)
    configuration_changed = Signal(object)
    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine: EngineRoom | None = None
        self._arrived: deque[Event] = deque()
        self._pieces: Iterator[Piece] = iter(())
        self._asleep = True
        self._shut = False
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self._take_a_turn)
        self._wake.connect(self._take_a_turn, Qt.ConnectionType.QueuedConnection)
        self._signals = {
            BoardPiece: self.board_changed,
            AlertsChanged: self.alerts_changed,
            DeliveriesChanged: self.deliveries_changed,
            StatusChanged: self.status_changed,
            ToastWanted: self.toast_wanted,
            Awoke: self.awoke,
            ConfigurationChanged: self.configuration_changed,
        }

    def meet(self, engine: EngineRoom) -> None:
        """From here on the engine is heard and can be asked. The window may be on the screen before it."""
        self._engine = engine
        engine.bus.subscribe(self._hear)

    async def ask(self, question: Callable[[EngineRoom], Coroutine[Any, Any, T]]) -> T:
        """Runs a coroutine of the engine on the engine's loop and waits for its answer here."""
        if self._engine is None:
            raise EngineNotThere
        coroutine = question(self._engine)
        try:
            future = asyncio.run_coroutine_threadsafe(coroutine, self._engine.loop)
        except RuntimeError:
            coroutine.close()
            raise
        return await asyncio.wrap_future(future)

    def shut(self) -> None:
        """From here on nothing comes in: the window is going away before the engine does."""
        self._shut = True
        self._again.stop()
        self._arrived.clear()

    def _hear(self, event: Event) -> None:
        """Called on the engine's thread. Wakes the window only if it is not already on its way."""
        if self._shut or isinstance(event, Happening):
            return
        self._arrived.append(event)
        if self._asleep:
            self._asleep = False
            self._wake.emit()

    @Slot()
    def _take_a_turn(self) -> None:
        # Cleared before the queue is read: what arrives from here on wakes us again, at worst once too often.
        self._asleep = True
        until = time.perf_counter() + TURN
        while time.perf_counter() < until:
            piece = self._next()
            if piece is None:
                return
            self._signals[type(piece)].emit(piece)
        self._asleep = False
        self._again.start()

    def _next(self) -> Piece | None:
        piece = next(self._pieces, None)
        while piece is None and self._arrived:
            self._pieces = in_pieces(self._arrived.popleft())
            piece = next(self._pieces, None)
        return piece


def in_pieces(event: Event) -> Iterator[Piece]:
    """An event as parts of at most `PIECE` lines each."""
    match event:
        case BoardChanged():
            yield from _board_pieces(event)
        case AlertsChanged(lines):
            starts = range(0, max(1, len(lines)), PIECE)
            yield from (AlertsChanged(lines[start : start + PIECE]) for start in starts)
        case DeliveriesChanged(lines):
            starts = range(0, max(1, len(lines)), PIECE)
            yield from (DeliveriesChanged(lines[start : start + PIECE]) for start in starts)
        case Happening():
            return
        case _:
            yield event


def _board_pieces(event: BoardChanged) -> Iterator[BoardPiece]:
    count = max(1, -(-len(event.rows) // PIECE))
    for number in range(count):
        last = number == count - 1
        yield BoardPiece(
            rows=event.rows[number * PIECE : (number + 1) * PIECE],
            removed=event.removed if last else (),
            replaces_all=event.replaces_all,
            first=number == 0,
            last=last,
        )
