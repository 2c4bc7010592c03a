# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QTimeEdit
from pytestqt.qtbot import QtBot

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.alerts.decision import Decision
from dispatchwatch.desktop.board import buttons
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.order import Chip
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.main_window import MainWindow
from dispatchwatch.domain.alert import AlertState, Severity
from dispatchwatch.domain.standing import Standing
from tests.desktop.conftest import Opened
from tests.desktop.keyboard import give_keyboard
from tests.desktop.pictures import NOW, minutes

Open = Callable[[int], Opened]


def dialog_of(window: MainWindow) -> Decision:
    return next(one for one in window.findChildren(Decision) if one.isVisible())


def test_every_control_has_a_name_for_a_screen_reader(open_window: Open) -> None:
    window, _ = open_window(40)
    window.show_visit(window.board.model.key_at(0))
    kinds = (QAbstractButton, QLineEdit, QComboBox, QTimeEdit, QAbstractItemView)
    unnamed = [
        f"{type(one).__name__} {one.objectName()} in {type(one.parent()).__name__}"
        for kind in kinds
        for one in window.findChildren(kind)
        if not one.accessibleName() and not one.objectName().startswith("qt_") and one.isVisible()
    ]
    assert unnamed == []


def test_selection_and_scroll_stay_with_their_rows(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(400)
    view, model = window.board.view, window.board.model
    chosen = model.key_at(60)
    view.go_to(chosen)
    top = model.key_at(view.rowAt(0))
    late = next(row for row in engine.rows.values() if row.standing is Standing.LATER)
    engine.publish_rows([replace(late, standing=Standing.LATE, deadline=NOW - minutes(900))])
    qtbot.waitUntil(lambda: model.key_at(0) == late.key)
    assert view.current_key == chosen
    assert view.selected_keys() == [chosen]
    window.board.filters.choose(Chip.NEEDS_ACTION)
    window.board.filters.choose(Chip.ALL)
    assert view.current_key == chosen or model.number_of(chosen) is not None
    assert top in {model.key_at(number) for number in range(model.rowCount())}


def test_a_whole_new_picture_keeps_selection_and_scroll(open_window: Open, qtbot: QtBot, room: DeskRoom) -> None:
    window, _ = open_window(400)
    view, model = window.board.view, window.board.model
    view.go_to(model.key_at(200))
    qtbot.waitUntil(lambda: view.viewport().rect().contains(view.visualRect(view.currentIndex()).center()))
    before = (view.current_key, view.selected_keys(), view.verticalScrollBar().value())
    model.rebuild()
    assert (view.current_key, view.selected_keys(), view.verticalScrollBar().value()) == before


def test_a_tick_paints_the_countdown_and_moves_nothing(open_window: Open) -> None:
    window, _ = open_window(40)
    window.tick(NOW + minutes(1))
    assert window.header._clock.text() == "09:36:20"
    window.tick(NOW)
    assert window.header._countdown.text() == "0:42"


def test_the_counts_in_the_header_filter_the_board(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    late = window.header._stats[Chip.LATE]
    qtbot.waitUntil(lambda: late.text() == "4 late")
    qtbot.mouseClick(late, Qt.MouseButton.LeftButton)
    assert window.board.model.rowCount() == 4
    qtbot.mouseClick(late, Qt.MouseButton.LeftButton)
    assert window.board.model.rowCount() == 40


def test_pills_lead_to_their_pages(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    assert window.header._lane_pill.text().endswith("paused")
    qtbot.mouseClick(window.header._lane_pill, Qt.MouseButton.LeftButton)
    assert window.sent.isVisible()
    qtbot.mouseClick(window.header._feed_pill, Qt.MouseButton.LeftButton)
    assert window.feeds.isVisible()


def test_a_slash_goes_to_the_search_and_escape_leaves_it(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    window.resize(1440, 900)
    give_keyboard(window, qtbot)
    window.board.view.setFocus()
    qtbot.keyClick(window.board.view, "/")
    qtbot.waitUntil(window.header.search.hasFocus)
    qtbot.keyClicks(window.header.search, "ortiz")
    assert 0 < window.board.model.rowCount() < 40
    qtbot.keyClick(window.header.search, Qt.Key.Key_Escape)
    assert window.board.model.rowCount() == 40
    qtbot.waitUntil(window.board.view.hasFocus)


def test_acknowledging_by_key_asks_why_and_tells_the_engine(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    key = next(row.key for row in engine.rows.values() if row.alert_state is AlertState.OPEN)
    window.board.view.go_to(key)
    qtbot.keyClick(window.board.view, Qt.Key.Key_A)
    dialog = dialog_of(window)
    dialog.reason.setCurrentIndex(dialog.reason.findData("traffic"))
    dialog.note.setText("ten minutes out")
    qtbot.keyClick(dialog.note, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(engine.desk.reasons))
    assert engine.desk.reasons == [("traffic", "ten minutes out")]
    qtbot.waitUntil(window.notice.isVisible)
    assert window.notice.text.startswith("Done")


def test_a_refusal_is_shown_plainly_and_stays(open_window: Open, qtbot: QtBot, room: DeskRoom) -> None:
    window, engine = open_window(40)
    engine.desk.refuses = "Already acknowledged by Ben."
    room.deeds.acknowledge([1, 3])
    qtbot.waitUntil(window.notice.isVisible)
    assert window.notice.text == "2 could not be done."
    assert window.notice._body.text() == "J-1042, J-1044: Already acknowledged by Ben."
    assert not window.notice._fade.isActive()


def test_an_engine_that_fails_is_admitted(open_window: Open, qtbot: QtBot, room: DeskRoom) -> None:
    window, engine = open_window(40)
    engine.fails = RuntimeError("the disk is full")
    room.deeds.resolve([1])
    qtbot.waitUntil(window.notice.isVisible)
    assert window.notice.text == "That did not reach the engine, nothing was changed: the disk is full."


def test_the_painted_button_checks_in(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    window.resize(1440, 900)
    view, model = window.board.view, window.board.model
    row = model.line_at(0)
    cell = view.visualRect(model.index(0, Column.ACTIONS))
    press = next(
        one for one in buttons.placed(row, cell, window._room.theme) if one.action is buttons.RowAction.CHECK_IN
    )
    qtbot.mouseMove(view.viewport(), press.area.center())
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=press.area.center())
    qtbot.waitUntil(lambda: engine.rows[row.key].standing is Standing.ON_SITE)
    view._let_go()
    qtbot.waitUntil(lambda: model.key_at(0) != row.key)


def test_enter_opens_the_visit_beside_the_list(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    key = window.board.model.key_at(2)
    window.board.view.go_to(key)
    qtbot.keyClick(window.board.view, Qt.Key.Key_Return)
    assert window.visit.isVisible()
    qtbot.waitUntil(lambda: window.visit._record._page is not None)
    assert window.visit.key == key
    window.board.view.go_to(window.board.model.key_at(3))
    assert window.visit.key == window.board.model.key_at(3)
    window.visit.close_pane()
    assert not window.visit.isVisible()


def test_an_eta_is_entered_in_the_zone_of_the_site(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    key = window.board.model.key_at(5)
    window.show_visit(key)
    qtbot.mouseClick(window.visit._eta, Qt.MouseButton.LeftButton)
    assert window.visit._form._time.time().toString("HH:mm") == "09:50"
    qtbot.mouseClick(window.visit._form._does, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: engine.rows[key].visit.eta is not None)
    assert engine.rows[key].visit.eta == NOW.replace(second=0) + minutes(15)


def test_the_alerts_fold_away_in_a_narrow_window(open_window: Open) -> None:
    window, _ = open_window(40)
    window.resize(1440, 900)
    assert window.beside.isVisible()
    window.resize(1100, 700)
    assert not window.beside.isVisible()


def test_the_number_keys_change_the_page(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    give_keyboard(window, qtbot)
    for key, page in (("3", window.alerts), ("4", window.sent), ("5", window.feeds), ("1", window.board)):
        qtbot.keyClick(window.focusWidget(), key)
        assert page.isVisible()


def test_a_question_mark_shows_the_shortcuts(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(5)
    window.sheet.open()
    assert window.sheet.isVisible()
    window.sheet.accept()


def test_a_failed_message_can_be_sent_again_from_its_row(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    window.resize(1440, 900)
    window.go(texts.SENT)
    table, model = window.sent.table, window.sent.model
    number = next(row for row in range(model.rowCount()) if model.line_at(row).state == "failed")
    table.selectRow(number)
    line = model.line_at(number)
    table.resend_selected()
    qtbot.waitUntil(lambda: engine.deliveries[line.id].state == "waiting")


def test_a_test_shows_its_result_beside_the_button(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    window.go(texts.SENT)
    card = window.sent._cards["customer-mail"]
    qtbot.mouseClick(card._test, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(card._test.isEnabled)
    assert card._result.text() == "✕ SendGrid refused the API key (401)."


def test_rows_that_could_not_be_read_are_listed(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    window.go(texts.FEEDS)
    qtbot.waitUntil(lambda: window.feeds._model.rowCount() == 2)


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900)])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_page_can_be_painted_at_every_size(
    open_window: Open, room: DeskRoom, size: tuple[int, int], scale: float
) -> None:
    window, _ = open_window(40)
    room.theme.enlarge(scale)
    window.resize(*size)
    for page in (texts.BOARD, texts.ALERTS, texts.SENT, texts.FEEDS):
        window.go(page)
        assert not window.grab().isNull()
    window.show_visit(window.board.model.key_at(0))
    assert not window.grab().isNull()
    room.theme.enlarge(1.0)


def test_hovering_marks_the_row_and_holds_its_place(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    view = window.board.view
    view._follow(QPoint(60, 60))
    assert view._painter.hovered == view.rowAt(60)
    assert window.board.model._held
    view._let_go()
    assert not window.board.model._held


def test_a_toast_whose_alerts_somebody_took_on_goes_by_itself(open_window: Open) -> None:
    window, engine = open_window(40)
    states = {row.alert_id: row.alert_state for row in engine.rows.values() if row.alert_id is not None}
    still_open = next(number for number, state in states.items() if state is AlertState.OPEN)
    taken_on = next(number for number, state in states.items() if state is AlertState.ACKNOWLEDGED)
    window.notice.toast(ToastWanted("Two are late", "Acme", Severity.HIGH, (still_open, taken_on)))
    window.notice.keep_only(window.alerts.model.is_open)
    assert window.notice.isVisible()
    window.notice.toast(ToastWanted("One is late", "Acme", Severity.HIGH, (taken_on,)))
    window.notice.keep_only(window.alerts.model.is_open)
    assert not window.notice.isVisible()
