from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from dispatchwatch.app.events import BoardChanged
from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop.board.filter import BoardFilter, Facet, values_of
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.board.order import Chip
from dispatchwatch.desktop.bridge import BoardPiece, in_pieces
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import VisitKey
from tests.desktop.pictures import NOW, minutes, rows


@pytest.fixture
def model(qapp: QApplication) -> BoardModel:
    made = BoardModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def give(model: BoardModel, event: BoardChanged) -> None:
    for piece in in_pieces(event):
        assert isinstance(piece, BoardPiece)
        model.take(piece)


def shown(model: BoardModel) -> list[VisitKey]:
    return [model.key_at(number) for number in range(model.rowCount())]


def moved(row: BoardRow, standing: Standing, in_minutes: float) -> BoardRow:
    return replace(row, standing=standing, deadline=NOW + minutes(in_minutes))


def test_the_most_urgent_stands_first_and_then_the_next_deadline(model: BoardModel) -> None:
    give(model, BoardChanged(rows(40), replaces_all=True))
    standings = [model.line_at(number).standing.rank for number in range(40)]
    assert standings == sorted(standings)
    late = [row.deadline for number in range(40) if (row := model.line_at(number)).standing is Standing.LATE]
    assert late == sorted(late, key=lambda one: one or NOW)


def test_a_changed_row_is_said_to_have_changed_and_nothing_moves(model: BoardModel) -> None:
    board = rows(40)
    give(model, BoardChanged(board, replaces_all=True))
    before, changed, resets = shown(model), list[int](), list[int]()
    model.dataChanged.connect(lambda first, _: changed.append(first.row()))
    model.modelReset.connect(lambda: resets.append(1))
    give(model, BoardChanged((replace(board[5], acknowledged_by="Ben"),)))
    assert shown(model) == before
    assert changed == [model.number_of(board[5].key)]
    assert resets == []


def test_the_same_row_again_is_no_change(model: BoardModel) -> None:
    give(model, BoardChanged(rows(40), replaces_all=True))
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _: changed.append(first.row()))
    give(model, BoardChanged(rows(40)))
    assert changed == []


def test_a_row_that_becomes_late_moves_up_without_a_reset(model: BoardModel) -> None:
    board = rows(40)
    give(model, BoardChanged(board, replaces_all=True))
    moves, resets = list[int](), list[int]()
    model.rowsMoved.connect(lambda *_: moves.append(1))
    model.modelReset.connect(lambda: resets.append(1))
    give(model, BoardChanged((moved(board[20], Standing.LATE, -300),)))
    assert shown(model)[0] == board[20].key
    assert (moves, resets) == ([1], [])


def test_rows_come_and_go_one_by_one(model: BoardModel) -> None:
    board = rows(40)
    give(model, BoardChanged(board[:38], replaces_all=True))
    give(model, BoardChanged(board[38:], removed=(board[0].key, board[1].key)))
    assert set(shown(model)) == {row.key for row in board[2:]}


def test_a_new_board_keeps_what_stays_and_drops_the_rest(model: BoardModel) -> None:
    give(model, BoardChanged(rows(5000), replaces_all=True))
    give(model, BoardChanged(rows(5000)[100:900], replaces_all=True))
    assert model.rowCount() == 800


def test_a_large_board_in_many_pieces_takes_its_places_once(model: BoardModel) -> None:
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    give(model, BoardChanged(rows(5000), replaces_all=True))
    assert (model.rowCount(), resets) == (5000, [1])


def test_while_held_rows_keep_their_places_but_say_what_is_new(model: BoardModel) -> None:
    board = rows(40)
    give(model, BoardChanged(board, replaces_all=True))
    before = shown(model)
    model.hold(True)
    give(model, BoardChanged((moved(board[20], Standing.LATE, -300),), removed=(board[3].key,)))
    assert shown(model) == before
    line = model.line_of(board[20].key)
    assert line is not None
    assert line.standing is Standing.LATE
    model.hold(False)
    assert shown(model)[0] == board[20].key
    assert board[3].key not in shown(model)


@pytest.mark.parametrize("chip", list(Chip))
def test_every_filter_shows_what_its_count_says(model: BoardModel, chip: Chip) -> None:

    give(model, BoardChanged(rows(400), replaces_all=True))
    model.narrow(BoardFilter(chip))
    assert model.rowCount() == model.counts[chip]


def test_a_row_leaves_a_filter_it_no_longer_fits(model: BoardModel) -> None:
    board = rows(40)
    give(model, BoardChanged(board, replaces_all=True))
    model.narrow(BoardFilter(Chip.LATE))
    give(model, BoardChanged((moved(board[0], Standing.ON_SITE, -300),)))
    assert board[0].key not in shown(model)


def test_search_wants_every_word_and_knows_technician_customer_and_number(model: BoardModel) -> None:
    give(model, BoardChanged(rows(40), replaces_all=True))
    for text in ("ORTIZ acme", "j-1042", "plant"):
        model.search(text)
        assert model.rowCount() > 0, text
    model.search("nobody of that name")
    assert model.rowCount() == 0


def test_a_feed_can_be_chosen(model: BoardModel) -> None:
    other = tuple(
        replace(row, key=VisitKey("later", row.key.ext_id), visit=replace(row.visit, feed="later")) for row in rows(5)
    )
    give(model, BoardChanged(rows(40) + other, replaces_all=True))
    model.narrow(BoardFilter(values=frozenset({(Facet.FEED, "later")})))
    assert {key.feed for key in shown(model)} == {"later"}
    assert {value: number for (facet, value), number in values_of(model.lines()).items() if facet is Facet.FEED} == {
        "later": 5,
        "today": 40,
    }


def test_a_screen_reader_hears_a_whole_sentence_with_the_time_of_the_deadline(model: BoardModel) -> None:
    give(model, BoardChanged(rows(5), replaces_all=True))
    text = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert text == (
        "Late: J. Ortiz at Acme Foundry, Plant 4. Visit J-1042, Compressor PM 2000 h. Check-in due 09:31 CST. "
        "Alert warning, told ops-slack ✓, pager ✓."
    )
