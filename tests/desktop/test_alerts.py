# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from dispatchwatch.app.deeds import Lasting, Result
from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop import alert_phrases, results_phrases, texts
from dispatchwatch.desktop.alert_phrases import Gathering
from dispatchwatch.desktop.alerts.centre import AlertCentre
from dispatchwatch.desktop.alerts.decision import Decision, acknowledging
from dispatchwatch.desktop.alerts.delegate import AlertAction
from dispatchwatch.desktop.alerts.seen import Seen
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.domain.alert import AlertKind, AlertState, Severity
from dispatchwatch.domain.alert_search import AlertSearch, Heard
from dispatchwatch.domain.wording import REASONS
from tests.desktop import pictures
from tests.desktop.conftest import Opened
from tests.desktop.keyboard import give_keyboard
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
    give_keyboard(centre, qtbot)
    centre.view.setFocus()
    with qtbot.waitSignal(getattr(room.wishes, signal)) as asked:
        qtbot.keyClick(centre.view, key)
    assert asked.args == [[number]]


def test_snoozing_offers_its_lengths(centre: AlertCentre, qtbot: QtBot, room: DeskRoom) -> None:
    centre.take(lines())
    centre.view.go_to(centre.model.key_at(0))
    centre._snooze_selected()
    words = [action.text() for action in centre._menu.actions() if action.text()]
    lengths = ["5 minutes", "15 minutes", "30 minutes", "1 hour"]
    everybody = [f"{length}, everybody" for length in lengths]
    assert words == [alert_phrases.FOR_ME, *lengths, alert_phrases.FOR_OFFICE, *everybody]
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


def active(centre: AlertCentre, qtbot: QtBot) -> None:
    give_keyboard(centre, qtbot)
    centre.view.setFocus()


def press(centre: AlertCentre, qtbot: QtBot, number: int, action: AlertAction) -> None:
    """Presses a button of a card."""
    row = centre.model.number_of(number)
    assert row is not None
    index = centre.model.index(row, 0)
    placed = centre.view._painter.buttons(centre.model.line_at(row), centre.view.visualRect(index))
    area = next(one.area for one in placed if one.action is action)
    qtbot.mouseClick(centre.view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())


def known(room: DeskRoom, centre: AlertCentre, some: tuple[AlertLine, ...]) -> None:
    room.picture.alerts.update((line.alert.id, line) for line in some)
    centre.take(some)


def test_a_snooze_for_me_hides_it_from_me_alone_until_it_ends(
    centre: AlertCentre, room: DeskRoom, qtbot: QtBot
) -> None:
    known(room, centre, lines())
    number = centre.model.key_at(0)
    centre.view.go_to(number)
    active(centre, qtbot)
    qtbot.keyClick(centre.view, "S")
    centre._menu.actions()[2].trigger()
    centre._menu.close()
    alert = room.picture.alerts[number].alert
    assert (centre.model.tab_of(alert), alert.snoozed_until) == ("snoozed", None)
    assert centre.model.number_of(number) is None
    room.people.choose("Ben Okafor")
    assert centre.model.tab_of(alert) == "open"
    room.people.choose("Ana Ruiz")
    centre.tick(NOW + minutes(16))
    assert centre.model.number_of(number) is not None


def test_what_gets_worse_comes_back_from_a_snooze_of_ones_own(centre: AlertCentre, room: DeskRoom) -> None:
    known(room, centre, lines())
    warning = next(line for line in lines() if line.alert.severity is Severity.WARNING)
    room.snoozes.put_aside([warning.alert], NOW + minutes(30))
    assert centre.model.number_of(warning.alert.id) is None
    centre.take((replace(warning, alert=replace(warning.alert, severity=Severity.HIGH)),))
    assert centre.model.number_of(warning.alert.id) is not None


def test_a_snooze_of_ones_own_can_be_ended(centre: AlertCentre, room: DeskRoom, qtbot: QtBot) -> None:
    known(room, centre, lines())
    number = centre.model.key_at(0)
    room.snoozes.put_aside([room.picture.alerts[number].alert], NOW + minutes(30))
    centre.show_tab("snoozed")
    press(centre, qtbot, number, AlertAction.BRING_BACK)
    assert centre.model.number_of(number) is None
    centre.show_tab("open")
    assert centre.model.number_of(number) is not None


def test_a_snooze_for_the_office_is_still_the_engines(open_window: Callable[[int], Opened], qtbot: QtBot) -> None:
    window, engine = open_window(40)
    number = window.alerts.model.key_at(0)
    window.alerts._offer_snooze([number], QPoint())
    texts_of = {action.text(): action for action in window.alerts._menu.actions()}
    texts_of["15 minutes, everybody"].trigger()
    window.alerts._menu.close()
    qtbot.waitUntil(lambda: engine.alerts[number].alert.snoozed_until == NOW + minutes(15))


def test_what_somebody_is_on_can_be_put_back(open_window: Callable[[int], Opened], qtbot: QtBot) -> None:
    window, engine = open_window(40)
    window.resize(1280, 720)
    window.go(texts.ALERTS)
    window.alerts.show_tab("acknowledged")
    number = window.alerts.model.key_at(0)
    press(window.alerts, qtbot, number, AlertAction.REOPEN)
    qtbot.waitUntil(lambda: engine.alerts[number].alert.state is AlertState.OPEN)


def test_an_acknowledgement_may_last_until_the_visit_changes(
    open_window: Callable[[int], Opened], qtbot: QtBot
) -> None:
    window, engine = open_window(40)
    number = window.alerts.model.key_at(0)
    window.dialogs.acknowledge([number])
    dialog = next(one for one in window.findChildren(Decision) if one.isVisible())
    assert dialog._ends.text() == " "
    dialog.lasting.setCurrentText(alert_phrases.TILL_VISIT_CHANGES)
    assert dialog._ends.text() == alert_phrases.LASTING_MEANING
    qtbot.mouseClick(dialog.does, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(engine.desk.lastings))
    assert engine.desk.lastings == [Lasting(until_visit_changes=True)]


def test_the_reasons_suit_the_kind(centre: AlertCentre, room: DeskRoom) -> None:
    late = lines()[0]
    feed = replace(late, alert=replace(late.alert, kind=AlertKind.STALE_FEED, ext_id=""))
    dialog = acknowledging(room, [feed], centre)
    offered = [dialog.reason.itemText(row) for row in range(dialog.reason.count())]
    assert offered[1] == REASONS["source_told"]
    assert REASONS["traffic"] not in offered
    lasts = [dialog.lasting.itemText(row) for row in range(dialog.lasting.count())]
    assert alert_phrases.TILL_VISIT_CHANGES not in lasts
    assert "For 30 min" in lasts
    dialog.reject()


def test_after_many_each_fate_is_told_and_stays_until_it_is_read(
    open_window: Callable[[int], Opened], qtbot: QtBot
) -> None:
    window, _ = open_window(40)
    window._room.deeds.acknowledge([1, 3, 900])
    qtbot.waitUntil(window.notice.isVisible)
    assert window.notice.text == "2 acknowledged, 1 was already resolved by A. Diaz."
    assert window.notice._body.text() == "J-1042, J-1044: acknowledged\nJ-1031: already resolved by A. Diaz"
    assert not window.notice._fade.isActive()


def test_what_went_well_for_many_stays_too(open_window: Callable[[int], Opened], qtbot: QtBot) -> None:
    window, _ = open_window(40)
    window._room.deeds.acknowledge([1, 3])
    qtbot.waitUntil(window.notice.isVisible)
    assert window.notice.text == "2 acknowledged."
    assert not window.notice._fade.isActive()


def test_what_has_no_fate_to_share_is_told_in_its_own_words() -> None:
    results = [Result(f"alert {number}", done=False, text=f"The disk is full {number}.") for number in (1, 2)]
    assert results_phrases.summary(results) == "2 could not be done."
    told = results_phrases.details(results, {"alert 1": "J-1"})
    assert told == "J-1: The disk is full 1.\nalert 2: The disk is full 2."


@pytest.mark.parametrize(
    ("by", "name"), [(Gathering.VISIT, "J-1042 · Acme Foundry"), (Gathering.TECHNICIAN, "J. Ortiz")]
)
def test_alerts_are_gathered(centre: AlertCentre, qtbot: QtBot, by: Gathering, name: str) -> None:
    tester = QAbstractItemModelTester(centre.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    centre.take(lines())
    centre.gathering.setCurrentIndex(list(Gathering).index(by))
    headings = [centre.model.heading_at(row) for row in range(centre.model.rowCount())]
    assert name in {heading.group.name for heading in headings if heading is not None}
    assert headings[0] is not None
    assert headings[1] is None
    centre.view.selectAll()
    assert len(centre.view.selected_numbers()) == 3
    top = centre.view.visualRect(centre.model.index(0, 0)).center()
    qtbot.mouseClick(centre.view.viewport(), Qt.MouseButton.LeftButton, pos=top)
    assert centre.model.rowCount() == len(headings) - 1
    centre.take((over(lines()[0]),))
    assert tester is not None


def test_the_column_beside_the_board_has_no_history(open_window: Callable[[int], Opened]) -> None:
    window, _ = open_window(5)
    assert window.beside.history is None
    assert "history" not in window.beside._tabs


def test_the_history_is_looked_through_by_the_engine(open_window: Callable[[int], Opened], qtbot: QtBot) -> None:
    window, engine = open_window(40)
    window.go(texts.ALERTS)
    qtbot.mouseClick(window.alerts._tabs["history"], Qt.MouseButton.LeftButton)
    history = window.alerts.history
    assert history is not None
    qtbot.waitUntil(lambda: history.model.rowCount() == 60)
    assert history.said.text() == "60 alerts"
    history.filter.kind.setCurrentText("Late check-in")
    history.filter.severity.setCurrentText("Warning")
    history.filter.heard.setCurrentText("A channel could not be told")
    history.filter.who.setCurrentText("Ben Okafor")
    history.filter.period.setCurrentText("Always")
    history.filter.words.setText("ortiz acme")
    wanted = AlertSearch(
        words=("ortiz", "acme"),
        kind=AlertKind.LATE_CHECK_IN,
        severity=Severity.WARNING,
        heard=Heard.UNDELIVERED,
        who="Ben Okafor",
    )
    qtbot.waitUntil(lambda: engine.searches[-1] == wanted)
    qtbot.waitUntil(lambda: 0 < history.model.rowCount() < 60)
    assert all(history.model.line_at(row).alert.severity is Severity.WARNING for row in range(history.model.rowCount()))


def test_an_engine_that_cannot_look_back_is_admitted(open_window: Callable[[int], Opened], qtbot: QtBot) -> None:
    window, engine = open_window(40)
    engine.fails = RuntimeError("the disk is gone")
    window.alerts.show_tab("history")
    history = window.alerts.history
    assert history is not None
    qtbot.waitUntil(lambda: "the disk is gone" in history.said.text())


def test_what_is_long_over_says_that_its_page_is_not_there(open_window: Callable[[int], Opened], qtbot: QtBot) -> None:
    window, _ = open_window(40)
    window.go(texts.ALERTS)
    window.alerts.show_tab("history")
    history = window.alerts.history
    assert history is not None
    qtbot.waitUntil(lambda: history.model.rowCount() > 0)
    history.view.opened.emit(history.model.key_at(0))
    assert history.said.text() == "J-899 is not on the board of today, so its page can’t be opened."
