# mypy: disable-error-code="no-untyped-call"
"""Visits typed at the desk, and notes: by keyboard, with what is wrong at its field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.typed_visit import DESK, LABELS
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.board.order import Chip
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.main_window import MainWindow
from dispatchwatch.desktop.visit.typed_field import NamesCompleter
from dispatchwatch.desktop.visit.typed_form import FIRST, REST, VisitForm, known_names
from dispatchwatch.domain.visit import VisitKey
from tests.desktop import pictures
from tests.desktop.conftest import Opened
from tests.desktop.keyboard import give_keyboard
from tests.desktop.pictures import NOW

Open = Callable[[int], Opened]
D1 = VisitKey(DESK, "D-1")


def form_of(window: MainWindow) -> VisitForm:
    return next(one for one in window.findChildren(VisitForm) if not one.left)


def typing(window: MainWindow, qtbot: QtBot) -> VisitForm:
    qtbot.keyClick(window.board.view, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = form_of(window)
    # Until it has the keyboard, Esc belongs to the board.
    give_keyboard(form, qtbot)
    return form


def fill(form: VisitForm, **told: str) -> None:
    for name, text in told.items():
        form.fields[name].put(text)


def enter(form: VisitForm, qtbot: QtBot) -> None:
    qtbot.keyClick(form.fields["customer"].edit, Qt.Key.Key_Return)


def test_the_form_has_every_field_once() -> None:
    names = [name for line in (*FIRST, *REST) for name in line]
    assert sorted(names) == sorted(LABELS)


def test_a_new_visit_is_saved_with_enter_and_chosen_on_the_board(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    form = typing(window, qtbot)
    assert form.fields["sched_start"].text == "2026-11-24 "
    qtbot.waitUntil(form.fields["customer"].edit.hasFocus)
    fill(form, customer="Acme Foundry", technician="M. Lee", sched_start="14:00", duration="90")
    enter(form, qtbot)
    qtbot.waitUntil(lambda: window.board.view.current_key == D1)
    assert window.board.view.selected_keys() == [D1]
    assert form.left
    assert engine.rows[D1].visit.sched_start == NOW.replace(hour=20, minute=0, second=0)
    assert window.notice.text == "D-1 is added: Acme Foundry."


def test_a_filter_that_would_hide_the_new_visit_is_lifted(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    window.board.filters.choose(Chip.LATE)
    window.header.search.setText("ortiz")
    form = typing(window, qtbot)
    fill(form, customer="Acme Foundry", sched_start="14:00")
    enter(form, qtbot)
    qtbot.waitUntil(lambda: window.board.view.current_key == D1)
    assert window.board.arranging.present.filter.chip is Chip.ALL


def test_a_visit_that_never_comes_is_not_waited_for(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    first = window.board.model.key_at(0)
    window.board.view.go_to(first)
    window.board.await_visit(D1)
    window.board._waiting.timeout.emit()
    late = engine.desk.add_visit({"customer": "A", "sched_start": "2026-11-24 14:00"}, _ana(), NOW)
    assert late.done
    engine.publish_rows([engine.rows[D1]])
    qtbot.waitUntil(lambda: window.board.model.line_of(D1) is not None)
    assert window.board.view.current_key == first


def test_a_problem_is_said_at_its_field_and_nothing_typed_is_lost(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    form = typing(window, qtbot)
    fill(form, customer="Acme Foundry", sched_start="after lunch", title="Dryer")
    enter(form, qtbot)
    start = form.fields["sched_start"]
    qtbot.waitUntil(start.edit.hasFocus)
    assert "'after lunch' cannot be read as a time" in start._problem.text()
    assert start._problem.isVisible()
    assert start.edit.accessibleDescription() == start._problem.text()
    assert (form.fields["title"].text, form.does.isEnabled()) == ("Dryer", True)
    assert D1 not in engine.rows
    start.put("14:00")
    enter(form, qtbot)
    qtbot.waitUntil(lambda: D1 in engine.rows)


def test_a_problem_further_down_unfolds_the_form(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    form = typing(window, qtbot)
    zone = form.fields["site_timezone"]
    assert not zone.isVisible()
    fill(form, customer="Acme", sched_start="14:00", site_timezone="Chicago")
    enter(form, qtbot)
    qtbot.waitUntil(zone.edit.hasFocus)
    assert zone._problem.isVisible()
    assert form.more.text() == texts.LESS


def test_an_engine_that_fails_is_admitted_in_the_form(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    form = typing(window, qtbot)
    fill(form, customer="Acme")
    engine.fails = RuntimeError("the disk is full")
    enter(form, qtbot)
    qtbot.waitUntil(form._problem.isVisible)
    assert form._problem.text() == "That did not reach the engine, nothing was changed: the disk is full."


def test_pressed_twice_it_is_still_one_visit(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    form = typing(window, qtbot)
    fill(form, customer="Acme", sched_start="14:00")
    enter(form, qtbot)
    enter(form, qtbot)
    qtbot.waitUntil(lambda: form.left)
    assert len(engine.desk.told) == 1


def test_an_answer_that_comes_after_the_form_was_left_is_still_said(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    form = typing(window, qtbot)
    fill(form, customer="Acme", sched_start="soon")
    enter(form, qtbot)
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    qtbot.waitUntil(window.notice.isVisible)
    assert "'soon' cannot be read" in window.notice.text


def test_escape_leaves_and_adds_nothing(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    form = typing(window, qtbot)
    fill(form, customer="Acme")
    qtbot.keyClick(form.fields["customer"].edit, Qt.Key.Key_Escape)
    assert form.left
    assert engine.desk.told == []


def test_tab_goes_through_the_form_line_by_line(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    form = typing(window, qtbot)
    form._unfold(True)
    edits = [form.fields[name].edit for line in (*FIRST, *REST) for name in line]
    wanted: list[QWidget] = [*edits[:9], form.more, *edits[9:], form._back, form.does]
    order: list[QWidget] = [edits[0]]
    one = edits[0].nextInFocusChain()
    while one is not None and one is not edits[0]:
        if one in wanted:
            order.append(one)
        one = one.nextInFocusChain()
    assert order == wanted


def test_every_control_of_the_form_has_a_name(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    form = typing(window, qtbot)
    form._unfold(True)
    controls = [one for kind in (QAbstractButton, QLineEdit, QPlainTextEdit) for one in form.findChildren(kind)]
    assert len(controls) > len(LABELS)
    assert [one for one in controls if not one.accessibleName()] == []


def test_names_on_the_board_are_completed(qtbot: QtBot) -> None:
    known = known_names(pictures.rows(40))
    assert "J. Ortiz" in known["technician"]
    assert "" not in known["site"]
    edit = QLineEdit()
    qtbot.addWidget(edit)
    completer = NamesCompleter(known["technician"], edit)
    edit.setText("J. Ortiz; lee")
    completer.setCompletionPrefix(completer.splitPath(edit.text())[0])
    assert completer.completionCount() == 1
    assert completer.pathFromIndex(completer.completionModel().index(0, 0)) == "J. Ortiz; M. Lee"


def test_enter_on_a_completion_takes_it_and_saves_nothing(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    form = typing(window, qtbot)
    field = form.fields["customer"].edit
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "acme")
    popup = field.completer().popup()
    assert popup is not None
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == "Acme Foundry"
    assert not form.left
    assert engine.desk.told == []


def test_a_typed_visit_can_be_changed_and_others_can_not(open_window: Open, qtbot: QtBot, room: DeskRoom) -> None:
    window, engine = open_window(40)
    window.show_visit(window.board.model.key_at(0))
    assert not window.visit._change.isVisible()
    told = {"customer": "Acme", "sched_start": "2026-11-25 14:00", "notes": "Gate 4"}
    engine.desk.add_visit(told, _ana(), NOW)
    engine.publish_rows([engine.rows[D1]])
    qtbot.waitUntil(lambda: window.board.model.line_of(D1) is not None)
    window.show_visit(D1)
    assert window.visit._change.isVisible()
    window.visit._change.click()
    form = form_of(window)
    assert form.fields["notes"].isVisible()
    assert (form.fields["customer"].text, form.fields["notes"].text) == ("Acme", "Gate 4")
    fill(form, sched_start="15:00")
    enter(form, qtbot)
    qtbot.waitUntil(lambda: form.left)
    # A time alone is one of the day the visit was on, not of today.
    assert engine.rows[D1].visit.sched_start == NOW.replace(day=25, hour=21, minute=0, second=0)
    assert engine.rows[D1].visit.notes == "Gate 4"


def test_a_note_is_written_from_the_board_and_the_keyboard_returns(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    key = window.board.model.key_at(5)
    window.board.view.go_to(key)
    before = engine.rows[key].visit.notes
    qtbot.keyClick(window.board.view, Qt.Key.Key_N)
    note = window.visit._form._note
    qtbot.waitUntil(note.hasFocus)
    qtbot.keyClick(note, Qt.Key.Key_Return)
    assert window.visit._form.isVisible()
    qtbot.keyClicks(note, "Ask for Kim")
    qtbot.keyClick(note, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: engine.rows[key].visit.notes == f"{before}\nAsk for Kim".strip())
    assert not window.visit._form.isVisible()
    assert window.board.view.hasFocus()


def test_a_form_opened_by_its_button_gives_the_keyboard_back_to_it(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    window.show_visit(window.board.model.key_at(5))
    button = window.visit._note
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(window.visit._form._note.hasFocus)
    qtbot.keyClick(window.visit._form._note, Qt.Key.Key_Escape)
    assert button.hasFocus()
    assert window.visit.isVisible()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_form_fits_over_the_smallest_window(open_window: Open, room: DeskRoom, qtbot: QtBot, scale: float) -> None:
    window, _ = open_window(5)
    room.theme.enlarge(scale)
    window.resize(1024, 640)
    form = typing(window, qtbot)
    form._unfold(True)
    qtbot.waitUntil(lambda: form.middle.verticalScrollBar().maximum() > 0)
    assert form.width() <= window.width()
    assert form.height() <= window.height()
    last = form.fields["notes"]
    assert not form.middle.viewport().rect().contains(last.mapTo(form.middle.viewport(), last.rect().center()))
    form._complain("notes", "Notes: too long.")
    qtbot.waitUntil(
        lambda: form.middle.viewport().rect().contains(last.mapTo(form.middle.viewport(), last.rect().center()))
    )
    room.theme.enlarge(1.0)


def _ana() -> Actor:
    return Actor("Ana Ruiz", "desk")
