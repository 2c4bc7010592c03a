from __future__ import annotations

from datetime import timedelta

import pytest

from dispatchwatch.desktop.board.cell_painter import FIGURE, CellPainter
from dispatchwatch.desktop.countdown import countdown
from dispatchwatch.desktop.theme import Theme
from tests.desktop.pictures import NOW


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (4 * 86400, "4 days"),
        (2 * 3600 + 300, "2 h 05"),
        (3600, "1 h 00"),
        (3599, "59:59"),
        (724, "12:04"),
        (64, "1:04"),
        (42, "0:42"),
        (0, "0:00"),
        (-1, "+1 s late"),
        (-59, "+59 s late"),
        (-60, "+1 min late"),
        (-215, "+3 min late"),
        (-3900, "+1 h 05 late"),
        (-5 * 86400, "+5 days late"),
    ],
)
def test_the_countdown_reads_like_a_clock_and_then_like_a_sentence(seconds: int, text: str) -> None:
    assert str(countdown(NOW + timedelta(seconds=seconds), NOW)) == text


def test_just_after_a_full_second_the_figure_is_that_of_the_second() -> None:
    assert countdown(NOW + timedelta(seconds=42), NOW + timedelta(milliseconds=5)).figure == "0:42"


def test_figures_are_equally_wide_and_the_column_holds_the_longest(theme: Theme) -> None:
    metrics = theme.metrics(FIGURE, strong=True)
    assert len({metrics.horizontalAdvance(f"0:{digit}{digit}") for digit in range(10)}) == 1
    room = CellPainter(theme, NOW).time_width()
    longest = max(
        metrics.horizontalAdvance(one.figure) + theme.metrics(12).horizontalAdvance(f" {one.unit}")
        for minutes in range(-2879, 2880, 7)
        for one in [countdown(NOW + timedelta(minutes=minutes), NOW)]
    )
    assert longest <= room - theme.px(28)
