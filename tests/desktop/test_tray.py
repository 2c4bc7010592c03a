from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from dispatchwatch.app.events import AlertsChanged
from dispatchwatch.desktop import tray_icon
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.open_alerts import OpenAlerts
from dispatchwatch.desktop.toast import Absent, Action, Toast
from dispatchwatch.desktop.toast_backends import TrayBackend
from dispatchwatch.desktop.tray import LOOKS_LATER, LOOKS_OFTEN, Tray
from dispatchwatch.domain.alert import AlertState, Severity
from tests.desktop import pictures
from tests.desktop.conftest import Opened
from tests.desktop.test_toasts import WANTED

Made = tuple[Tray, Opened]


@pytest.fixture
def tray(open_window: Callable[[int], Opened], room: DeskRoom, qapp: QApplication, qtbot: QtBot) -> Callable[..., Made]:
    """`count` visits, and a tray that is as available as told."""

    def made(count: int = 40, available: Callable[[], bool] = lambda: False) -> Made:
        alerts = OpenAlerts(room.bridge, room.now)
        opened = open_window(count)
        alerts.setParent(opened[0])
        qtbot.waitUntil(lambda: bool(alerts.worst_first()))
        tray = Tray(qapp, room.assets, alerts, opened[0], now=room.now, available=available)
        return tray, opened

    return made


def test_a_tray_that_comes_late_is_found_and_one_that_goes_is_missed(tray: Callable[..., Made], qtbot: QtBot) -> None:
    there = [False]
    made, _ = tray(available=lambda: there[0])
    made.look()
    assert made._again.isActive()
    there[0] = True
    made.look()
    assert made.present
    there[0] = False
    with qtbot.waitSignal(made.lost):
        made.look()
    assert not made.present
    made.leave()


def test_it_looks_often_at_login_and_seldom_later(tray: Callable[..., Made]) -> None:
    made, _ = tray()
    for _ in range(LOOKS_OFTEN):
        made.look()
    assert made._again.interval() == LOOKS_LATER
    made.leave()
    assert not made._again.isActive()


def test_the_icon_counts_and_the_tooltip_says_how_bad_it_is(tray: Callable[..., Made], qtbot: QtBot) -> None:
    made, (_, engine) = tray()
    lines = made._alerts.worst_first()
    assert made._icon.toolTip().startswith(f"DispatchWatch – {len(lines)} open alerts\n")
    counted = _picture(made)
    engine.publish_alerts(
        replace(line, alert=replace(line.alert, state=AlertState.RESOLVED)) for line in engine.alerts.values()
    )
    qtbot.waitUntil(lambda: made._icon.toolTip() == "DispatchWatch – nothing needs you")
    assert _picture(made) != counted
    made.leave()


def test_the_menu_leads_to_the_worst_alerts(tray: Callable[..., Made], qtbot: QtBot) -> None:
    made, _ = tray()
    lines = made._alerts.worst_first()
    made.menu.aboutToShow.emit()
    texts = [action.text() for action in made.menu.actions() if action.text()]
    assert texts[0] == "Open"
    assert texts[-4:] == ["Mute sounds", "Wallboard", "Check toasts and sounds …", "Quit"]
    with qtbot.waitSignal(made.alert_wanted) as heard:
        made.menu.actions()[2].trigger()
    assert heard.args == [lines[0].alert.id]
    assert (f"{len(lines) - 5} more …" in texts) is (len(lines) > 5)
    made.leave()


@pytest.mark.parametrize(("text", "minutes"), [("For 15 minutes", 15), ("For 1 hour", 60), ("Hear sounds again", 0)])
def test_the_menu_mutes_for_a_while(tray: Callable[..., Made], qtbot: QtBot, text: str, minutes: int) -> None:
    made, _ = tray()
    menu = next(action.menu() for action in made.menu.actions() if action.text() == "Mute sounds")
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(made.mute_wanted) as heard:
        next(action for action in menu.actions() if action.text() == text).trigger()
    assert heard.args == [minutes]
    made.leave()


@pytest.mark.parametrize("size", [16, 24, 32])
@pytest.mark.parametrize("count", [3, 42, 250])
def test_the_number_stands_out_at_every_size(qapp: QApplication, size: int, count: int) -> None:
    image = tray_icon.counted(count, Severity.HIGH).pixmap(size, size).toImage()
    assert image.width() == size
    colours = [image.pixelColor(x, y) for x in range(2, size - 2) for y in range(2, size - 2)]
    white = sum(one.lightness() > 200 for one in colours) / len(colours)
    ground = sum(one.red() > 120 and one.green() < 80 for one in colours) / len(colours)
    assert white > 0.12
    assert ground > 0.25


def test_what_the_tray_was_asked_last_is_where_a_click_leads(tray: Callable[..., Made], room: DeskRoom) -> None:
    made, _ = tray()
    way, pressed = TrayBackend(made), list[Action]()
    for work in (way.check(), way.show(Toast(1, WANTED, pressed.append))):
        with pytest.raises(Absent):
            work.send(None)
    made.message_pressed.emit()
    assert pressed == []
    way._last = Toast(1, WANTED, pressed.append)
    made.message_pressed.emit()
    assert pressed == [Action.SHOW]
    made.leave()


def _picture(tray: Tray) -> QImage:
    return tray._icon.icon().pixmap(32, 32).toImage()


def test_a_snoozed_alert_does_not_wait_until_it_comes_back(room: DeskRoom, qtbot: QtBot) -> None:
    moment = [pictures.NOW]
    alerts = OpenAlerts(room.bridge, lambda: moment[0])
    line = next(one for one in pictures.alerts(pictures.rows(40)) if one.alert.state is AlertState.OPEN)
    snoozed = replace(line, alert=replace(line.alert, snoozed_until=pictures.NOW + pictures.minutes(5)))
    room.bridge.alerts_changed.emit(AlertsChanged((snoozed,)))
    assert not alerts.waits(line.alert.id)
    moment[0] += pictures.minutes(6)
    assert alerts.waits(line.alert.id)
    assert alerts.waits(99_999)
