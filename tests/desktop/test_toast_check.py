from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.silence import Silence
from dispatchwatch.desktop.sounds import Sounds
from dispatchwatch.desktop.toast import Absent, Action
from dispatchwatch.desktop.toast_check import without_window
from dispatchwatch.desktop.toast_check_dialog import ToastCheckDialog
from dispatchwatch.desktop.toasts import Toaster
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.ways import Way

Made = tuple[ToastCheckDialog, FakeEngine]


@pytest.fixture
def check(room: DeskRoom, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Made]]:
    """The self-test of these ways. `plays` says whether this computer plays sounds."""
    engine, over = FakeEngine(5), QWidget()
    engine.start()
    room.bridge.meet(engine)
    qtbot.addWidget(over)

    def open_one(*ways: Way, plays: bool = True) -> Made:
        sounds = Sounds(
            tmp_path, room.tasks, Silence(Preferences(tmp_path), ZoneInfo("UTC")), lambda: None, lambda _: plays
        )
        dialog = ToastCheckDialog(room, Toaster(ways, room.bridge), sounds, over)
        dialog.open()
        qtbot.waitUntil(lambda: not any(row.words.isHidden() for row in dialog.ways))
        return dialog, engine

    yield open_one
    engine.stop()


def test_every_way_says_what_it_can_do_or_why_it_can_not(check: Callable[..., Made]) -> None:
    dialog, _ = check(Way("desktop-notifier", Absent("no daemon")), Way("window"))
    first, second = dialog.ways
    assert (first.name.text(), first.words.text()) == ("The system’s toasts", "Not available: no daemon.")
    assert second.words.text().startswith("Shows buttons and reports which is pressed.")
    dialog.accept()


def test_a_test_toast_tells_its_result_and_whether_a_press_arrives(check: Callable[..., Made], qtbot: QtBot) -> None:
    way = Way("desktop-notifier")
    dialog, engine = check(way, Way("window"))
    (row, _) = dialog.ways
    row.tries.click()
    qtbot.waitUntil(lambda: row.result.text() == "Taken. Do you see it?")
    assert engine.desk.toasts == [((), "desktop-notifier", "")]
    way.toasts[0].pressed(Action.SHOW)
    assert row.result.text() == "You pressed Show: presses arrive."
    way.problem = Absent("no daemon")
    row.tries.click()
    qtbot.waitUntil(lambda: row.result.text() == "Not shown: no daemon.")
    qtbot.waitUntil(lambda: row.words.text() == "Not available: no daemon.")
    dialog.accept()


def test_what_comes_after_the_dialog_is_closed_harms_nobody(check: Callable[..., Made], qtbot: QtBot) -> None:
    way = Way("desktop-notifier")
    dialog, _ = check(way)
    dialog.ways[0].tries.click()
    qtbot.waitUntil(lambda: bool(way.toasts))
    with qtbot.waitSignal(dialog.destroyed):
        dialog.accept()
    way.toasts[0].pressed(Action.SHOW)
    assert len(way.shown) == 1


@pytest.mark.parametrize(("plays", "said"), [(True, "Played."), (False, "The system’s bell was rung instead.")])
def test_a_sound_is_tried(check: Callable[..., Made], qtbot: QtBot, plays: bool, said: str) -> None:
    dialog, _ = check(Way("window"), plays=plays)
    dialog.sounds[-1].tries.click()
    qtbot.waitUntil(lambda: dialog.sounds[-1].result.text().endswith(said))
    dialog.accept()


def test_the_doctor_tells_the_truth_without_a_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    system, tray, plyer, window = without_window()
    assert system.startswith("desktop-notifier: Not available: no program on this desktop shows toasts")
    assert tray == "tray: Known only once the window is open"
    assert plyer == "plyer: Not available: there is no desktop session to show it in"
    assert window.startswith("window: Always there")
