# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop.alerts.centre import AlertCentre
from dispatchwatch.desktop.alerts.seen import Seen
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.domain.alert import AlertState
from tests.desktop import pictures
from tests.desktop.conftest import Opened
from tests.desktop.pictures import NOW, minutes


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def centre(room: DeskRoom, seen: Seen, qtbot: QtBot) -> AlertCentre:
    made = AlertCentre(room, seen)
    qtbot.addWidget(made)
    made.resize(360, 800)
    made.show()
    return made


def lines(count: int = 40) -> tuple[AlertLine, ...]:
    return pictures.alerts(pictures.rows(count))


def over(line: AlertLine) -> AlertLine:
    alert = replace(line.alert, state=AlertState.RESOLVED, resolved_at=NOW, resolution="checked in")
    return replace(line, alert=alert)


def test_each_alert_is_in_its_list(centre: AlertCentre) -> None:
    snoozed = replace(lines()[0], alert=replace(lines()[0].alert, snoozed_until=NOW + minutes(5)))
    centre.take((snoozed, *lines()[1:]))
    centre._count()
    assert dict(centre.model.counts()) == {"snoozed": 1, "open": 2, "acknowledged": 1, "resolved": 1}
    assert centre._tabs["open"].text() == "Open  2"


def test_the_worst_comes_first(centre: AlertCentre) -> None:
    centre.take(lines())
    ranks = [centre.model.line_at(row).alert.severity.rank for row in range(centre.model.rowCount())]
    assert ranks == sorted(ranks, reverse=True)


def test_a_snooze_ends_with_time_alone(centre: AlertCentre) -> None:
    snoozed = replace(lines()[0], alert=replace(lines()[0].alert, snoozed_until=NOW + minutes(5)))
    centre.take((snoozed,))
    assert centre.model.rowCount() == 0
    centre.tick(NOW + minutes(6))
    assert centre.model.rowCount() == 1


def test_what_came_and_went_unseen_stays_until_somebody_says_so(centre: AlertCentre, seen: Seen) -> None:
    centre.take(lines())
    seen.first_picture_over()
    late = replace(lines()[0], alert=replace(lines()[0].alert, id=77, key="other"))
    centre.take((late,))
    centre.take((over(late),))
    assert centre.model.number_of(77) is not None
    assert centre.model.missed(over(late).alert)
    seen.note([77])
    assert centre.model.number_of(77) is None


def test_what_was_over_before_we_looked_is_not_new(centre: AlertCentre) -> None:
    centre.take(lines())
    resolved = next(line for line in lines() if line.alert.state is AlertState.RESOLVED)
    assert not centre.model.missed(resolved.alert)


def test_several_chosen_alerts_say_what_will_happen(centre: AlertCentre) -> None:
    centre.take(lines())
    centre.view.selectAll()
    assert centre._bar.isVisible()
    assert centre._bar._count.text() == "3 alerts selected"
    assert centre._bar._meaning.text() == (
        "Reminders and escalations end; Ana Ruiz is on it, and ops-slack and pager will hear so."
    )


@pytest.mark.parametrize(("key", "signal"), [("A", "acknowledge"), ("R", "resolve")])
def test_keys_act_on_what_is_chosen(centre: AlertCentre, room: DeskRoom, qtbot: QtBot, key: str, signal: str) -> None:
    centre.take(lines())
    number = centre.model.key_at(0)
    centre.view.go_to(number)
    with qtbot.waitActive(centre, timeout=2000):
        centre.activateWindow()
    centre.view.setFocus()
    with qtbot.waitSignal(getattr(room.wishes, signal)) as asked:
        qtbot.keyClick(centre.view, key)
    assert asked.args == [[number]]


def test_snoozing_offers_its_lengths(centre: AlertCentre, qtbot: QtBot, room: DeskRoom) -> None:
    centre.take(lines())
    centre.view.go_to(centre.model.key_at(0))
    centre._snooze_selected()
    assert [action.text() for action in centre._menu.actions()] == ["5 minutes", "15 minutes", "30 minutes", "1 hour"]
    centre._menu.close()


def test_the_buttons_on_a_card_can_be_pressed(centre: AlertCentre, room: DeskRoom, qtbot: QtBot) -> None:
    centre.take(lines())
    index = centre.model.index(0, 0)
    first = centre.view._painter.buttons(centre.model.line_at(0), centre.view.visualRect(index))[0]
    with qtbot.waitSignal(room.wishes.acknowledge) as asked:
        qtbot.mouseClick(centre.view.viewport(), Qt.MouseButton.LeftButton, pos=first.area.center())
    assert asked.args == [[centre.model.key_at(0)]]


def test_two_thousand_alerts_need_no_widget_each(centre: AlertCentre) -> None:
    one = lines()[0]
    many = tuple(replace(one, alert=replace(one.alert, id=number, key=str(number))) for number in range(1, 2001))
    before = len(centre.findChildren(QObject))
    centre.take(many)
    assert centre.model.rowCount() == 2000
    assert len(centre.findChildren(QObject)) == before


def test_the_headline_follows_the_minutes(centre: AlertCentre) -> None:
    centre.take(lines())
    centre.tick(NOW)
    before = centre.view._minutes
    centre.tick(NOW + timedelta(seconds=60))
    assert centre.view._minutes == tuple(one + 1 for one in before)


def test_snooze_by_key_reaches_the_engine(open_window: Callable[[int], Opened], qtbot: QtBot) -> None:
    window, engine = open_window(40)
    number = window.alerts.model.key_at(0)
    window._room.deeds.snooze([number], 15)
    qtbot.waitUntil(lambda: engine.alerts[number].alert.snoozed_until == NOW + minutes(15))
    qtbot.waitUntil(lambda: window.alerts.model.counts()["snoozed"] == 1)
