from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from dispatchwatch.app.events import (
    AlertsChanged,
    BoardChanged,
    ConfigurationChanged,
    DeliveriesChanged,
    Happening,
    StatusChanged,
)
from dispatchwatch.desktop import bridge as bridge_module
from dispatchwatch.desktop.bridge import PIECE, BoardPiece, Bridge, EngineNotThere, in_pieces
from dispatchwatch.desktop.desk_room import DeskRoom
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.pictures import NOW, rows


def test_ten_thousand_rows_cross_in_small_pieces_of_one_change() -> None:
    pieces = [
        piece for piece in in_pieces(BoardChanged(rows(10_000), replaces_all=True)) if isinstance(piece, BoardPiece)
    ]
    assert sum(len(piece.rows) for piece in pieces) == 10_000
    assert max(len(piece.rows) for piece in pieces) <= PIECE
    assert [piece.first for piece in pieces] == [True] + [False] * (len(pieces) - 1)
    assert [piece.last for piece in pieces] == [False] * (len(pieces) - 1) + [True]


def test_what_is_removed_crosses_with_the_last_piece() -> None:
    board = rows(1000)
    pieces = list(in_pieces(BoardChanged(board[:600], removed=(board[700].key,))))
    assert [len(piece.removed) for piece in pieces if isinstance(piece, BoardPiece)] == [0, 0, 0, 0, 0, 1]


def test_an_empty_change_still_crosses() -> None:
    for event in (BoardChanged(()), AlertsChanged(()), DeliveriesChanged(())):
        assert len(list(in_pieces(event))) == 1


def test_that_another_configuration_is_in_force_crosses_whole() -> None:
    told = ConfigurationChanged("Northside", "America/Chicago")
    assert list(in_pieces(told)) == [told]


def test_happenings_are_not_for_the_window() -> None:
    assert list(in_pieces(Happening(NOW, "raised", {}, ""))) == []


def test_events_from_another_thread_arrive_in_order_on_ours(qtbot: QtBot) -> None:
    bridge, engine = Bridge(), FakeEngine(5)
    bridge.meet(engine)
    heard: list[object] = []
    threads: list[threading.Thread] = []
    bridge.board_changed.connect(heard.append)
    bridge.board_changed.connect(lambda _: threads.append(threading.current_thread()))
    bridge.status_changed.connect(heard.append)

    def speak() -> None:
        for number in range(300):
            engine.bus.publish(BoardChanged(rows(5)[: number % 5 + 1]))
        engine.bus.publish(StatusChanged((), (), None, None))

    speaker = threading.Thread(target=speak)
    speaker.start()
    qtbot.waitUntil(lambda: len(heard) == 301)
    speaker.join()
    assert isinstance(heard[-1], StatusChanged)
    assert set(threads) == {threading.main_thread()}
    bridge.shut()


def test_a_turn_ends_when_its_time_is_over_and_the_rest_comes_later(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no time at all, each turn of the loop takes nothing; with time, everything arrives. Never all at once."""
    monkeypatch.setattr(bridge_module, "TURN", 1e-9)
    bridge, engine = Bridge(), FakeEngine(5)
    bridge.meet(engine)
    turns: list[int] = []
    bridge.board_changed.connect(lambda piece: turns.append(len(piece.rows)))
    engine.bus.publish(BoardChanged(rows(1000)))
    bridge._take_a_turn()
    assert sum(turns) <= PIECE
    monkeypatch.setattr(bridge_module, "TURN", 0.008)
    qtbot.waitUntil(lambda: sum(turns) == 1000)
    bridge.shut()


def test_a_shut_bridge_hears_nothing(qtbot: QtBot) -> None:
    bridge, engine = Bridge(), FakeEngine(5)
    bridge.meet(engine)
    heard: list[object] = []
    bridge.board_changed.connect(heard.append)
    bridge.shut()
    engine.bus.publish(BoardChanged(rows(5)))
    bridge._take_a_turn()
    assert heard == []


def test_a_question_is_answered_by_the_engine_on_its_own_thread(room: DeskRoom, qtbot: QtBot) -> None:
    engine = FakeEngine(5)
    engine.start()
    room.bridge.meet(engine)
    answers: list[object] = []

    async def ask() -> None:
        answers.append(await room.bridge.ask(lambda one: one.perform(lambda *_: threading.current_thread().name)))

    room.tasks.spawn(ask())
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["fake engine"]
    engine.stop()


def test_without_an_engine_a_question_fails_plainly(room: DeskRoom, qtbot: QtBot) -> None:
    told: list[BaseException] = []

    async def ask() -> None:
        try:
            await room.bridge.ask(lambda one: one.refresh())
        except EngineNotThere as problem:
            told.append(problem)

    room.tasks.spawn(ask())
    qtbot.waitUntil(lambda: bool(told))
