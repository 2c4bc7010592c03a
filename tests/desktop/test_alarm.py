"""What reaches a person beyond the window, from the engine's wish to the press."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop import preferences as kept
from dispatchwatch.desktop.alarm import Alarm
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.presses import Presses
from dispatchwatch.desktop.toast import Action
from dispatchwatch.desktop.toast_check_dialog import ToastCheckDialog
from dispatchwatch.domain.alert import AlertState, Severity
from tests.desktop.conftest import Opened

Made = tuple[Alarm, Opened, Preferences]
ONE = ToastWanted("J. Ortiz is 20 min late", "Acme", Severity.HIGH, (1,))


@pytest.fixture
def alarm(
    open_window: Callable[[int], Opened],
    room: DeskRoom,
    qapp: QApplication,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Made]:
    """On a computer without a desktop session: toasts end in the window."""
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    opened, preferences = open_window(40), Preferences(tmp_path)
    preferences.choose(kept.SOUND_FOR, frozenset())
    made = Alarm(qapp, room, opened[0], preferences)
    made.start()
    yield made, opened, preferences
    gone: list[bool] = []

    async def leave() -> None:
        await made.leave()
        gone.append(True)

    room.tasks.spawn(leave())
    qtbot.waitUntil(lambda: bool(gone))


def test_a_toast_that_finds_no_other_way_is_shown_in_the_window_and_each_result_is_noted(
    alarm: Made, qtbot: QtBot
) -> None:
    _, (window, engine), _ = alarm
    engine.toast(1)
    qtbot.waitUntil(window.notice.isVisible)
    qtbot.waitUntil(lambda: engine.desk.toasts[-1:] == [((1,), "window", "")])
    tried = {backend for _, backend, problem in engine.desk.toasts if problem}
    assert tried <= {"desktop-notifier", "tray", "plyer"}


def test_the_notice_acts_on_one_alert_and_leads_to_many(alarm: Made, qtbot: QtBot) -> None:
    _, (window, engine), _ = alarm
    number = next(line.alert.id for line in engine.alerts.values() if line.alert.state is AlertState.OPEN)
    window.notice.toast(ToastWanted("Two", "", Severity.HIGH, (number, number + 1)))
    assert (window.notice._show.isVisible(), window.notice._snooze.isVisible()) == (True, False)
    window.notice.toast(ToastWanted("One", "", Severity.HIGH, (number,)))
    window.notice._snooze.click()
    qtbot.waitUntil(lambda: engine.alerts[number].alert.snoozed_until is not None)
    assert engine.desk.origins == ["toast"]


def test_the_trays_mute_is_seen_in_the_header_and_the_header_ends_it(alarm: Made) -> None:
    made, (window, _), preferences = alarm
    made.tray.mute_wanted.emit(15)
    assert window.header._muted
    window.muted.emit(False)
    assert not window.header._muted
    window.muted.emit(True)
    assert preferences.get(kept.MUTED)


def test_the_tray_opens_the_self_test_and_leads_to_alerts(alarm: Made, room: DeskRoom, qtbot: QtBot) -> None:
    made, (window, engine), _ = alarm
    with qtbot.waitSignal(room.wishes.wallboard):
        made.tray.wallboard_wanted.emit()
    made.tray.check_wanted.emit()
    dialog = window.findChild(ToastCheckDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: not any(row.words.isHidden() for row in dialog.ways))
    dialog.accept()
    number = next(line.alert.id for line in engine.alerts.values() if line.alert.state is AlertState.OPEN)
    made.tray.alert_wanted.emit(number)
    assert window.isVisible()


def test_a_window_without_its_tray_comes_back(alarm: Made) -> None:
    made, (window, _), _ = alarm
    window.hide()
    made.tray.lost.emit()
    assert window.isVisible()


class Front:
    def __init__(self, *, active: bool) -> None:
        self._active = active
        self.done: list[object] = []

    def bring_up(self) -> None:
        self.done.append("up")

    def show_alerts(self, numbers: tuple[int, ...]) -> None:
        self.done.append(numbers)

    def isActiveWindow(self) -> bool:  # noqa: N802
        return self._active


def test_presses_are_deeds_of_the_person_from_a_toast(
    open_window: Callable[[int], Opened], room: DeskRoom, qtbot: QtBot
) -> None:
    _, engine = open_window(40)
    front, told = Front(active=False), list[ToastWanted]()
    presses = Presses(room.deeds, front, told.append)
    number = next(line.alert.id for line in engine.alerts.values() if line.alert.state is AlertState.OPEN)
    wanted = ToastWanted("late", "Acme", Severity.HIGH, (number,))
    presses(wanted, Action.SHOW)
    assert front.done == ["up", (number,)]
    presses(wanted, Action.SNOOZE)
    qtbot.waitUntil(lambda: engine.alerts[number].alert.snoozed_until is not None)
    presses(wanted, Action.ACKNOWLEDGE)
    qtbot.waitUntil(lambda: engine.alerts[number].alert.state is AlertState.ACKNOWLEDGED)
    assert engine.desk.origins == ["toast", "toast"]
    assert told == []


@pytest.mark.parametrize(("active", "toasts"), [(False, 1), (True, 0)], ids=["behind", "in front"])
def test_a_refusal_is_said_where_it_is_seen(room: DeskRoom, active: bool, toasts: int) -> None:
    told: list[ToastWanted] = []
    _presses = Presses(room.deeds, Front(active=active), told.append)
    room.deeds.answered.emit([Result("alert 1", done=False, text="Already acknowledged by Ben.")])
    room.deeds.answered.emit([Result("alert 2", done=True, text="Acknowledged.")])
    assert [one.body for one in told] == ["Already acknowledged by Ben."] * toasts
