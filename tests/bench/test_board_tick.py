"""What a second costs: the board with ten thousand visits ticking, against an empty window (house, budgets)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from dispatchwatch.desktop.main_window import MainWindow
from tests.desktop.conftest import Opened
from tests.desktop.pictures import NOW

TICKS = 60
ONE_PERCENT_OF_A_SECOND = 0.010


def cost_of_a_tick(window: MainWindow, application: QApplication) -> float:
    """Seconds of processor time per tick, painting included. The clock itself is stopped: we are the clock."""
    window.clock.stop()
    for number in range(5):
        window.tick(NOW + timedelta(seconds=number))
        application.processEvents()
    before = time.process_time()
    for number in range(TICKS):
        window.tick(NOW + timedelta(seconds=10 + number))
        application.processEvents()
    return (time.process_time() - before) / TICKS


@pytest.mark.parametrize("size", [(1440, 900), (1920, 1080)])
def test_ten_thousand_ticking_visits_cost_no_more_than_a_percent_of_a_core(
    open_window: Callable[[int], Opened],
    qapp: QApplication,
    size: tuple[int, int],
) -> None:
    costs = {}
    for count in (0, 200, 10_000):
        window, engine = open_window(count)
        window.resize(*size)
        qapp.processEvents()
        costs[count] = cost_of_a_tick(window, qapp)
        window.hide()
        engine.stop()
    extra = costs[10_000] - costs[0]
    figures = ", ".join(f"{count:,} visits {cost * 1000:.2f} ms" for count, cost in costs.items())
    print(f"\n{size[0]}x{size[1]}: a tick costs {figures}; ten thousand over none: {extra * 100:.2f} % of a core")
    assert extra <= ONE_PERCENT_OF_A_SECOND
    assert costs[10_000] <= costs[200] * 1.5 + 0.002
