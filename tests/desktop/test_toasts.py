from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.toast import Ability, Absent, Action, Toast, ToastBackend, cut
from dispatchwatch.desktop.toast_backends import WindowBackend
from dispatchwatch.desktop.toast_plyer import PlyerBackend
from dispatchwatch.desktop.toast_storm import ToastStorm, gathered
from dispatchwatch.desktop.toasts import Toaster
from dispatchwatch.domain.alert import Severity
from tests.desktop import pictures
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.ways import Way

WANTED = ToastWanted("J. Ortiz is 20 min late", "Acme Foundry, Plant 4 · J-1042 · due 09:15 CST", Severity.HIGH, (1,))


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


@pytest.fixture
def show_all(room: DeskRoom, qtbot: QtBot) -> Iterator[Callable[..., None]]:
    """Shows these toasts and takes back what is settled, and waits until that is done."""
    engine = FakeEngine(5)
    engine.start()
    room.bridge.meet(engine)

    def go_on(toaster: Toaster, *wanted: ToastWanted) -> None:
        done = list[bool]()

        async def go() -> None:
            for one in wanted:
                await toaster.show(one)
            await toaster.withdraw_settled()
            done.append(True)

        room.tasks.spawn(go())
        qtbot.waitUntil(lambda: bool(done))

    yield go_on
    engine.stop()


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

        async def show(self, toast: Toast) -> None:
            self.shown.append(toast.wanted)
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
        async def show(self, toast: Toast) -> None:
            await backend.show(Toast(toast.number, long, toast.pressed))

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


def test_what_is_taken_on_is_taken_back_and_what_was_never_open_stays(
    show_all: Callable[..., None], room: DeskRoom
) -> None:
    window, waiting = Way("window"), {1, 2, 3}
    toaster = Toaster([window], room.bridge, is_open=waiting.__contains__)
    show_all(toaster, numbered(1), numbered(2, 3), numbered(9))
    waiting -= {1, 2}
    show_all(toaster)
    assert window.withdrawn == [1]
    waiting -= {3}
    show_all(toaster)
    assert window.withdrawn == [1, 2]


def test_a_way_that_is_absent_is_asked_again_after_a_while(show_all: Callable[..., None], room: DeskRoom) -> None:
    moment, absent, window = [0.0], Way("desktop-notifier", Absent("no daemon")), Way("window")
    toaster = Toaster([absent, window], room.bridge, steady=lambda: moment[0])
    show_all(toaster, WANTED, WANTED)
    assert len(absent.shown) == 1
    moment[0] = 61
    absent.problem = None
    show_all(toaster, WANTED)
    assert (len(absent.shown), len(window.shown)) == (2, 2)


@pytest.mark.parametrize(
    ("ids", "actions"),
    [((1,), tuple(Action)), ((1, 2), (Action.SHOW,)), ((), (Action.SHOW,))],
    ids=["one alert", "many", "none"],
)
def test_a_toast_of_one_alert_acts_and_others_only_lead_there(ids: tuple[int, ...], actions: tuple[Action]) -> None:
    assert Toast(1, numbered(*ids), lambda _: None).actions == actions


def test_what_a_way_can_do_is_said_in_words() -> None:
    assert Ability().in_words() == "Shows the words without buttons. Whether it was seen or clicked is not reported."
    assert "reports which is pressed" in Ability(buttons=True, clicks=True, withdraws=True).in_words()


def test_a_storm_becomes_one_toast(qtbot: QtBot) -> None:
    board = pictures.rows(40)
    alerts = {line.alert.id: line for line in pictures.alerts(board)}
    moment, due = [0.0], list[ToastWanted]()
    storm = ToastStorm(lambda: alerts, lambda: moment[0])
    storm.due.connect(due.append)
    for number in range(1, 15):
        storm.take(ToastWanted(f"{number} is late", "", Severity.WARNING, (number,)))
    assert [one.title for one in due] == ["1 is late", "2 is late", "3 is late", "4 is late"]
    storm.let_out()
    assert (due[-1].title, due[-1].alert_ids) == ("10 things need you", tuple(range(5, 15)))
    assert due[-1].body == "5 is late; 6 is late; 7 is late; and 7 more"
    moment[0] = 60
    storm.take(WANTED)
    assert due[-1] == WANTED
    storm.stop()


def test_a_storm_of_one_kind_is_named_and_as_grave_as_its_worst() -> None:
    lines = pictures.alerts(pictures.rows(40))
    kind = lines[0].alert.kind
    alike = {line.alert.id: line for line in lines if line.alert.kind is kind}
    held = [ToastWanted(f"{number}", "", Severity.WARNING, (number,)) for number in alike]
    held.append(ToastWanted("worst", "", Severity.CRITICAL, (next(iter(alike)),)))
    one = gathered(held, alike)
    assert one.title.startswith(f"{len(alike)} ")
    assert "things" not in one.title
    assert (one.severity, one.body.split(";")[0]) == (Severity.CRITICAL, "worst")


def numbered(*numbers: int) -> ToastWanted:
    return ToastWanted("late", "Acme", Severity.HIGH, numbers)
