from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop import sounds
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.sounds import FILES, Sounds, find_player
from dispatchwatch.desktop.toasts import PlyerBackend, ToastBackend, Toaster, WindowBackend, cut
from dispatchwatch.domain.alert import Severity
from tests.desktop.conftest import RESOURCES
from tests.desktop.fake_engine import FakeEngine

WANTED = ToastWanted("J. Ortiz is 20 min late", "Acme Foundry, Plant 4 · J-1042 · due 09:15 CST", Severity.HIGH, (1,))


class Way:
    def __init__(self, name: str, problem: Exception | None = None) -> None:
        self.name = name
        self._problem = problem
        self.shown: list[ToastWanted] = []

    async def show(self, wanted: ToastWanted) -> None:
        self.shown.append(wanted)
        if self._problem is not None:
            raise self._problem


@pytest.fixture
def show(room: DeskRoom, qtbot: QtBot) -> Callable[..., FakeEngine]:
    def show_through(*ways: ToastBackend, times: int = 1) -> FakeEngine:
        engine = FakeEngine(5)
        engine.start()
        room.bridge.meet(engine)
        toaster, done = Toaster(ways, room.bridge), list[int]()

        async def go() -> None:
            for number in range(times):
                await toaster.show(WANTED)
                done.append(number)

        room.tasks.spawn(go())
        qtbot.waitUntil(lambda: len(done) == times)
        engine.stop()
        return engine

    return show_through


def test_the_best_way_that_works_is_taken_and_noted(show: Callable[..., FakeEngine]) -> None:
    first, second = Way("plyer"), Way("window")
    engine = show(first, second)
    assert engine.desk.toasts == [((1,), "plyer", "")]
    assert second.shown == []


def test_what_fails_is_noted_and_the_next_way_is_tried(show: Callable[..., FakeEngine]) -> None:
    window = Way("window")
    engine = show(Way("plyer", RuntimeError("balloon refused")), Way("tray", RuntimeError("no tray")), window)
    assert engine.desk.toasts == [((1,), "plyer", "balloon refused"), ((1,), "tray", "no tray"), ((1,), "window", "")]
    assert window.shown == [WANTED]


@pytest.mark.parametrize("problem", [NotImplementedError("no backend"), ImportError("dbus"), FileNotFoundError("x")])
def test_a_way_that_will_never_work_is_tried_once(show: Callable[..., FakeEngine], problem: Exception) -> None:
    plyer = Way("plyer", problem)
    engine = show(plyer, Way("window"), times=3)
    assert len(plyer.shown) == 1
    assert [backend for _, backend, _ in engine.desk.toasts] == ["plyer", "window", "window", "window"]


def test_two_toasts_at_once_find_the_same_way_closed(room: DeskRoom, qtbot: QtBot) -> None:
    class Closed(Way):
        """Says that it can't be used only once both toasts have asked."""

        async def show(self, wanted: ToastWanted) -> None:
            self.shown.append(wanted)
            if len(self.shown) == 2:
                both.set()
            await both.wait()
            raise NotImplementedError("no backend")

    both, engine, window, done = asyncio.Event(), FakeEngine(5), Way("window"), list[int]()
    engine.start()
    room.bridge.meet(engine)
    toaster = Toaster([Closed("plyer"), window], room.bridge)

    async def go() -> None:
        await toaster.show(WANTED)
        done.append(1)

    room.tasks.spawn(go())
    room.tasks.spawn(go())
    qtbot.waitUntil(lambda: len(done) == 2)
    engine.stop()
    assert window.shown == [WANTED, WANTED]


def test_plyer_gets_no_more_than_windows_takes(show: Callable[..., FakeEngine]) -> None:
    said: list[tuple[str, str]] = []
    long = ToastWanted("word " * 40, "word " * 100, Severity.INFO, (1,))
    backend = PlyerBackend(lambda title, body: said.append((title, body)))

    class Long(Way):
        async def show(self, wanted: ToastWanted) -> None:  # noqa: ARG002 - a longer one instead
            await backend.show(long)

    show(Long("plyer"))
    assert len(said[0][0]) <= 64
    assert len(said[0][1]) <= 256
    assert said[0][0].endswith("word…")


def test_the_window_is_the_last_way_and_always_works(show: Callable[..., FakeEngine]) -> None:
    shown: list[ToastWanted] = []
    show(WindowBackend(shown.append))
    assert shown == [WANTED]


@pytest.mark.parametrize(
    ("text", "longest", "cut_text"),
    [("short", 64, "short"), ("one two three", 10, "one two…"), ("unbreakable", 6, "unbre…"), ("a, b", 4, "a, b")],
)
def test_text_is_cut_at_words(text: str, longest: int, cut_text: str) -> None:
    assert cut(text, longest) == cut_text


@pytest.mark.parametrize(
    ("there", "player"),
    [({"paplay", "aplay"}, "paplay"), ({"aplay"}, "aplay"), (set(), None)],
)
def test_the_first_player_that_is_there_plays(there: set[str], player: str | None) -> None:
    found = find_player("linux", lambda name: name if name in there else None)
    assert (found[0] if found else None) == player


def test_every_severity_has_a_small_sound() -> None:
    for severity in Severity:
        path = RESOURCES / "sounds" / FILES[severity]
        assert path.stat().st_size < 40_000


def test_without_a_player_the_bell_rings_and_muted_nothing_does(
    room: DeskRoom, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(sounds, "play_file", lambda _path: False)
    made = Sounds(Path("nowhere"), room.tasks, lambda: rung.append(1))
    made.muted = True
    made.play(Severity.HIGH)
    made.muted = False
    made.play(Severity.HIGH)
    qtbot.waitUntil(lambda: rung == [1])
