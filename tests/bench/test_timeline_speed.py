"""What the timeline costs: laying out a day, a second that passes, and scrolling (issue 6, budgets)."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from PySide6.QtWidgets import QApplication

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.timeline.layout import Order
from dispatchwatch.desktop.timeline.page import TimelinePage
from dispatchwatch.desktop.timeline.planner import Planner
from tests.desktop.conftest import (  # noqa: F401 - fixtures
    assets,
    files,
    keyring,
    loop,
    loops,
    preferences,
    problems,
    room,
    theme,
)
from tests.desktop.pictures import NOW
from tests.desktop.timeline_days import full_day

WHOLE_LAYOUT, LONGEST_TURN, A_TICK = 0.060, 0.010, 0.002
SIZE = (2560, 1440)
TICKS = 180


@contextmanager
def without_garbage() -> Iterator[None]:
    """The window keeps the search for garbage away from such moments as well (desktop/memory.py)."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def laying_out(technicians: int, visits: int) -> tuple[float, float]:
    """Seconds for the whole day, and for the longest turn of it; the best of five."""
    rows, found = full_day(technicians, visits), []
    for _ in range(5):
        with without_garbage():
            planner, turns = Planner(), []
            before = time.process_time()
            for _turn in planner.renew(rows, NOW.timestamp()):
                now = time.process_time()
                turns.append(now - before)
                before = now
            planner.plan(Order.LATE_FIRST)
            turns.append(time.process_time() - before)
        found.append((sum(turns), max(turns)))
    return min(whole for whole, _ in found), min(longest for _, longest in found)


def test_a_day_of_a_thousand_visits_is_laid_out_at_once_and_never_holds_the_window_up() -> None:
    small, (whole, turn), large = laying_out(20, 200)[0], laying_out(100, 1_000), laying_out(500, 5_000)
    print(
        f"\nlaid out: 200 visits {small * 1000:.1f} ms, 1,000 {whole * 1000:.1f} ms (longest turn {turn * 1000:.1f}), "
        f"5,000 {large[0] * 1000:.1f} ms (longest turn {large[1] * 1000:.1f})"
    )
    assert whole <= WHOLE_LAYOUT
    assert max(turn, large[1]) <= LONGEST_TURN
    assert large[0] / small <= 25 * 1.7


def opened(room: DeskRoom, application: QApplication, technicians: int, visits: int) -> TimelinePage:  # noqa: F811
    room.picture.rows = {row.key: row for row in full_day(technicians, visits)}
    page = TimelinePage(room)
    page.resize(*SIZE)
    page.show()
    while not page.view.days or page._work is not None:
        application.processEvents()
    application.processEvents()
    return page


def mean(application: QApplication, number: int, does: Callable[[int], object]) -> float:
    """Seconds of processor time, painting included."""
    with without_garbage():
        before = time.process_time()
        for count in range(number):
            does(count)
            application.processEvents()
        return (time.process_time() - before) / number


def test_a_second_paints_next_to_nothing_and_scrolling_less_than_everything(
    room: DeskRoom,  # noqa: F811
    qapp: QApplication,
) -> None:
    few, many = (opened(room, qapp, *size) for size in ((10, 100), (100, 1_000)))
    few_ticks = mean(qapp, TICKS, lambda count: few.tick(NOW + timedelta(seconds=count)))
    ticks = mean(qapp, TICKS, lambda count: many.tick(NOW + timedelta(seconds=count)))
    whole = mean(qapp, 10, lambda _: many.view.viewport().repaint())
    down = mean(qapp, 20, lambda _: many.view.scroll_rows(40))
    many.view.zoom(4)
    along = mean(qapp, 20, lambda _: many.view.scroll_time(40))
    same = mean(qapp, 20, lambda _: many._show())
    print(
        f"\n{SIZE[0]}x{SIZE[1]}, 100 technicians, 1,000 visits: a tick {ticks * 1000:.2f} ms (100 visits "
        f"{few_ticks * 1000:.2f}), a step down {down * 1000:.1f}, along {along * 1000:.1f}, a refresh without news "
        f"{same * 1000:.1f}, everything painted {whole * 1000:.1f} ms"
    )
    for page in (few, many):
        page.hide()
        page.deleteLater()
    assert ticks <= A_TICK
    assert down <= whole / 2
    assert along <= whole
    assert same <= whole / 4
