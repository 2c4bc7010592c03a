"""How long the window's loop is held up while ten thousand visits and two thousand alerts arrive (house, budgets)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Thread

from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from dispatchwatch.app.events import AlertsChanged, BoardChanged, DeliveriesChanged, Event, StatusChanged
from dispatchwatch.desktop.memory import QuietMemory
from tests.desktop import pictures
from tests.desktop.conftest import Opened
from tests.desktop.fake_engine import FakeEngine

P99, WORST = 0.016, 0.100
ALERTS = 2000


class Pulse:
    """Beats as often as the loop lets it; the gaps between beats are how long the loop was held up."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


def portions(engine: FakeEngine) -> Iterator[list[Event]]:
    """What the engine publishes ten times a second: a new board first, then what eighty alerts at a time change."""
    board = pictures.rows(10_000)
    line, message = next(iter(engine.alerts.values())), next(iter(engine.deliveries.values()))
    status = StatusChanged(engine.feeds, engine.lanes, None, None)
    yield [BoardChanged(board, replaces_all=True), status]
    for start in range(1000, 1000 + ALERTS, 80):
        numbers = range(start, start + 80)
        alerts = tuple(replace(line, alert=replace(line.alert, id=number, key=str(number))) for number in numbers)
        changed = tuple(replace(row, acknowledged_by="Ben") for row in board[start : start + 80])
        messages = DeliveriesChanged(tuple(replace(message, id=number) for number in numbers))
        yield [messages, AlertsChanged(alerts), BoardChanged(changed), status]


def speak(engine: FakeEngine, events: list[list[Event]]) -> None:
    """On another thread, as the engine does it."""
    for portion in events:
        for event in portion:
            engine.bus.publish(event)
        time.sleep(0.1)


def test_the_window_stays_quick_while_everything_arrives(
    open_window: Callable[[int], Opened],
    qtbot: QtBot,
) -> None:
    window, engine = open_window(200)
    window.resize(1440, 900)
    events, memory = list(portions(engine)), QuietMemory(window)
    memory.start()
    pulse, speaker = Pulse(), Thread(target=speak, args=(engine, events))
    speaker.start()
    qtbot.waitUntil(lambda: not speaker.is_alive() and window.alerts.model.total >= ALERTS, timeout=60_000)
    qtbot.waitUntil(lambda: window.board.model.rowCount() == 10_000, timeout=60_000)
    pulse.stop()
    memory.stop()
    gaps = sorted(pulse.gaps)
    p99, worst = gaps[int(len(gaps) * 0.99)], gaps[-1]
    print(f"\nheld up: p50 {gaps[len(gaps) // 2] * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, worst {worst * 1000:.1f} ms")
    assert p99 <= P99
    assert worst <= WORST
