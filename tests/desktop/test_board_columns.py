# mypy: disable-error-code="no-untyped-call"
"""The columns of the board: which fit, which fold, and what a hand on their heads changes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from dispatchwatch.desktop.board import buttons
from dispatchwatch.desktop.board.buttons import RowAction
from dispatchwatch.desktop.board.columns import (
    CHOOSABLE,
    LEAST,
    USUAL,
    Column,
    Measures,
    Placed,
    widths,
)
from dispatchwatch.desktop.board.columns_dialog import ColumnsDialog
from dispatchwatch.desktop.board.page import BoardPage
from dispatchwatch.desktop.board.sorting import SortKey
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.theme import Theme
from tests.desktop.conftest import Opened
from tests.desktop.keyboard import give_keyboard

Open = Callable[[int], Opened]
MEASURES = Measures(130, 220, 420)


def visible(page: BoardPage) -> list[Column]:
    heads = page.view.heads
    order = [Column(heads.logicalIndex(place)) for place in range(heads.count())]
    return [column for column in order if not page.view.isColumnHidden(column)]


@pytest.fixture
def page(open_window: Open) -> BoardPage:
    window, _ = open_window(40)
    window.resize(1920, 900)
    return window.board


@pytest.mark.parametrize("room", [360, 560, 700, 940, 1060, 1500, 2200])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_usual_columns_fill_the_room_and_the_countdown_never_folds(room: int, scale: float) -> None:
    scaled = Measures(*(round(length * scale) for length in MEASURES))
    found = widths(room, USUAL, scale, scaled)
    assert found[Column.TIME] == scaled.time
    least = scaled.time + round((LEAST[Column.TECHNICIAN] + LEAST[Column.SITE]) * scale)
    assert sum(found.values()) == max(room, least) or sum(found.values()) <= room


def test_the_age_of_the_data_folds_first_and_the_state_last() -> None:
    gone = [
        set(Column) & {one.column for one in USUAL} - widths(room, USUAL, 1.0, MEASURES).keys()
        for room in range(1200, 400, -40)
    ]
    first = next(columns for columns in gone if columns)
    assert first == {Column.AGE}
    assert all(Column.WINDOW in columns for columns in gone if Column.STATE in columns)


def test_what_a_person_added_or_widened_never_folds() -> None:
    added = (*USUAL, Placed(Column.NOTES))
    assert {placed.column for placed in added} <= widths(400, added, 1.0, MEASURES).keys()
    wide = (Placed(Column.TIME), Placed(Column.SITE, 700), Placed(Column.AGE))
    found = widths(400, wide, 1.5, MEASURES)
    assert (found[Column.SITE], Column.AGE in found) == (1050, True)


def test_a_late_row_offers_more_where_there_is_more_room(page: BoardPage, theme: Theme) -> None:
    row = page.model.line_at(0)
    cell = page.view.visualRect(page.model.index(0, Column.ACTIONS))
    for width, actions in (
        (buttons.room(theme), [RowAction.CHECK_IN, RowAction.ACKNOWLEDGE]),
        (buttons.room(theme, buttons.MOST_NEEDED[:3]), [RowAction.REASSIGN, RowAction.CHECK_IN, RowAction.ACKNOWLEDGE]),
        (buttons.room(theme, buttons.MOST_NEEDED), list(RowAction)),
    ):
        cell.setWidth(width)
        placed = buttons.placed(row, cell, theme)
        assert [button.action for button in placed] == actions
        assert all(cell.contains(button.area) for button in placed)
        assert all(one.area.right() < two.area.left() for one, two in pairwise(placed))


def test_a_head_is_pressed_to_sort_and_with_shift_for_a_further_key(page: BoardPage, qtbot: QtBot) -> None:
    def press(column: Column, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        heads = page.view.heads
        middle = QPoint(heads.sectionViewportPosition(column) + heads.sectionSize(column) // 2, 10)
        qtbot.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, modifier, middle)

    press(Column.TECHNICIAN)
    press(Column.SITE, Qt.KeyboardModifier.ShiftModifier)
    press(Column.SITE, Qt.KeyboardModifier.ShiftModifier)
    assert page.model.sorted_by == (SortKey(Column.TECHNICIAN), SortKey(Column.SITE, descending=True))
    technicians = [page.model.line_at(number).visit.technician for number in range(page.model.rowCount())]
    assert [one for one in technicians if one] == sorted((one for one in technicians if one), key=str.casefold)
    press(Column.AGE)
    assert len(page.model.sorted_by) == 2
    chip = next(one for one in page.active.chips if one.text().startswith("Sorted by"))
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert not page.model.sorted_by


def test_a_column_that_is_dragged_stays_where_it_was_put(page: BoardPage) -> None:
    heads = page.view.heads
    heads.moveSection(heads.visualIndex(Column.SITE), 0)
    assert visible(page)[0] is Column.SITE
    assert page.arranging.memory.usual[0].column is Column.SITE
    assert page.view.columns.first is Column.SITE
    page.arranging.open(1)
    assert visible(page)[0] is Column.SITE


def test_the_buttons_stay_at_the_end_whatever_is_dragged_behind_them(page: BoardPage) -> None:
    heads = page.view.heads
    heads.moveSection(heads.visualIndex(Column.SITE), heads.count() - 1)
    page.view.columns.fit()
    assert visible(page)[-1] is Column.ACTIONS


def test_an_edge_that_is_pulled_gives_a_width_that_stays(page: BoardPage, qtbot: QtBot, room: DeskRoom) -> None:
    heads = page.view.heads
    edge = QPoint(heads.sectionViewportPosition(Column.WINDOW) + heads.sectionSize(Column.WINDOW) - 1, 10)
    qtbot.mouseMove(heads.viewport(), edge)
    qtbot.mousePress(heads.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    qtbot.mouseMove(heads.viewport(), edge + QPoint(60, 0))
    qtbot.mouseRelease(heads.viewport(), Qt.MouseButton.LeftButton, pos=edge + QPoint(60, 0))
    width = next(one.width for one in page.arranging.memory.usual if one.column is Column.WINDOW)
    assert width == LEAST[Column.WINDOW] + 60
    assert not page.model.sorted_by
    room.theme.enlarge(2.0)
    assert page.view.columnWidth(Column.WINDOW) == 2 * width
    room.theme.enlarge(1.0)
    edge = QPoint(heads.sectionViewportPosition(Column.WINDOW) + heads.sectionSize(Column.WINDOW) - 1, 10)
    qtbot.mouseMove(heads.viewport(), edge)
    qtbot.mouseDClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    assert page.view.columnWidth(Column.WINDOW) == LEAST[Column.WINDOW]


def test_a_press_on_an_edge_sorts_nothing(page: BoardPage, qtbot: QtBot) -> None:
    heads = page.view.heads
    edge = QPoint(heads.sectionViewportPosition(Column.WINDOW) + heads.sectionSize(Column.WINDOW) - 1, 10)
    qtbot.mouseMove(heads.viewport(), edge)
    qtbot.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    assert not page.model.sorted_by


def test_nothing_is_laid_out_anew_under_a_hand_that_drags(page: BoardPage, qtbot: QtBot) -> None:
    heads, site = page.view.heads, page.view.columnWidth(Column.SITE)
    middle = QPoint(heads.sectionViewportPosition(Column.SITE) + 20, 10)
    qtbot.mousePress(heads.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    page.window().resize(2300, 900)
    assert page.view.columnWidth(Column.SITE) == site
    qtbot.mouseRelease(heads.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert page.view.columnWidth(Column.SITE) > site


@pytest.fixture
def dialog(page: BoardPage, room: DeskRoom, qtbot: QtBot) -> ColumnsDialog:
    made = ColumnsDialog(room, page.arranging, page.window())
    made.open()
    give_keyboard(made, qtbot)
    return made


def row_of(dialog: ColumnsDialog, words: str) -> int:
    items: QListWidget = dialog.list
    return next(row for row in range(items.count()) if items.item(row).text() == words)


def test_the_dialog_shows_hides_and_moves_columns_by_keys(page: BoardPage, dialog: ColumnsDialog, qtbot: QtBot) -> None:
    assert dialog.list.count() == len(CHOOSABLE)
    dialog.list.setCurrentRow(row_of(dialog, "Priority"))
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert Column.PRIORITY in visible(page)
    for _ in range(2):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    shown = visible(page)
    assert shown.index(Column.PRIORITY) == shown.index(Column.TOLD) - 1
    dialog.list.setCurrentRow(row_of(dialog, "Window"))
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert Column.WINDOW not in visible(page)
    dialog.reset.click()
    assert page.arranging.memory.usual == USUAL


def test_the_dialog_gives_widths_and_columns_for_one_view_alone(page: BoardPage, dialog: ColumnsDialog) -> None:
    dialog.own.click()
    dialog.list.setCurrentRow(row_of(dialog, "Customer · site"))
    dialog.width_choice.setCurrentIndex(dialog.width_choice.findData(320))
    dialog.width_choice.activated.emit(dialog.width_choice.currentIndex())
    assert page.view.columnWidth(Column.SITE) == 320
    assert page.arranging.memory.changed
    page.arranging.open(3)
    assert page.arranging.memory.columns == USUAL


def test_something_is_always_shown(page: BoardPage, dialog: ColumnsDialog) -> None:
    for row in range(dialog.list.count()):
        dialog.list.item(row).setCheckState(Qt.CheckState.Unchecked)
    assert len(page.arranging.memory.columns) == 1
    assert visible(page)
