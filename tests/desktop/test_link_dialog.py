# mypy: disable-error-code="no-untyped-call"
"""Check-in links and codes for the office's bot, as they are given away at the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import segno
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from dispatchwatch.app.check_in_links import Issued
from dispatchwatch.app.invitations import NotPossible
from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.main_window import MainWindow
from dispatchwatch.desktop.theme import Scheme, Theme
from dispatchwatch.desktop.visit.check_in_link import CheckInLink
from dispatchwatch.desktop.visit.qr import QrPicture
from dispatchwatch.domain.standing import Standing
from tests.desktop.conftest import Opened

Open = Callable[[int], Opened]
URL = "http://192.168.1.10:8460/c/0Zx5sZ3n1cS2m7mY4q2Yc8wJ6b1hV9kT"


def dialog_of(window: MainWindow) -> CheckInLink:
    return next(one for one in window.findChildren(CheckInLink) if not one.left)


def giving(window: MainWindow, qtbot: QtBot, number: int = 5) -> CheckInLink:
    window.board.view.go_to(window.board.model.key_at(number))
    qtbot.keyClick(window.board.view, Qt.Key.Key_L)
    return dialog_of(window)


def test_a_link_is_made_shown_and_copied(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    row = window.board.model.line_at(5)
    dialog = giving(window, qtbot)
    qtbot.waitUntil(dialog.link.isVisible)
    assert dialog.link.field.text() == f"http://192.168.1.10:8460/c/{row.key.ext_id}"
    assert dialog.link.field.isReadOnly()
    said = [one.text() for one in dialog.findChildren(type(dialog._said)) if one.isVisible()]
    assert "Valid from Tue 10 Nov 00:00 to Tue 10 Nov 15:50." in said
    assert phrases.given_to(row.visit) in said
    assert texts.WHO_HAS_IT in said
    assert texts.ONLY_HERE not in said
    qtbot.waitUntil(dialog.link.copy.hasFocus)
    qtbot.keyClick(dialog.link.copy, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == dialog.link.field.text()
    assert dialog.link.copy.text() == texts.COPIED
    dialog.link._again.timeout.emit()
    assert dialog.link.copy.text() == texts.COPY


def test_what_is_not_possible_is_said_in_its_place(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    engine.fails = NotPossible("Check-in links are not switched on: add [listener].")
    dialog = giving(window, qtbot)
    qtbot.waitUntil(lambda: dialog._said.text() == "Check-in links are not switched on: add [listener].")
    assert dialog._said.isVisible()
    assert not dialog.link.isVisible()
    engine.fails = NotPossible("The office has no Telegram bot yet.")
    dialog.codes[0].click()
    qtbot.waitUntil(dialog._code_said.isVisible)
    assert dialog._code_said.text() == "The office has no Telegram bot yet."
    assert not dialog.code.isVisible()
    assert not window.notice.isVisible()


def test_a_code_is_made_for_the_one_who_is_named(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    name = window.board.model.line_at(5).visit.technician
    dialog = giving(window, qtbot)
    assert [one.text() for one in dialog.codes] == [f"Make a code for {name}"]
    dialog.codes[0].click()
    qtbot.waitUntil(dialog.code.isVisible)
    assert dialog.code.field.text() == "/start ABCDE-FGHJK"
    assert dialog._code_said.text() == f"For {name}. {texts.CODE_LIVES}"
    assert dialog.codes[0].isEnabled()


def test_a_dialog_left_before_the_link_came_troubles_nobody(open_window: Open, qtbot: QtBot, room: DeskRoom) -> None:
    window, _ = open_window(40)
    dialog = giving(window, qtbot)
    dialog.codes[0].click()
    dialog.reject()
    qtbot.waitUntil(lambda: not room.tasks._going)
    assert dialog.left


def test_what_is_over_gets_no_link(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    row = next(one for one in engine.rows.values() if one.standing is Standing.DONE)
    window.show_visit(row.key)
    assert not window.visit._link.isEnabled()
    qtbot.keyClick(window.board.view, Qt.Key.Key_L)
    assert window.findChildren(CheckInLink) == []


def test_nobody_assigned_means_no_code(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    row = next(one for one in engine.rows.values() if one.standing is Standing.UNASSIGNED)
    window.dialogs.give_link(row.key)
    dialog = dialog_of(window)
    assert dialog.codes == []
    assert "nobody assigned" in phrases.given_to(row.visit)


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("http://127.0.0.1:8460/c/x", True),
        ("http://[::1]:8460/c/x", True),
        ("http://localhost:8460/c/x", True),
        ("http://192.168.1.10:8460/c/x", False),
        ("https://desk.example.org/c/x", False),
    ],
)
def test_a_link_that_no_phone_can_open_says_so(url: str, warned: bool) -> None:
    assert bool(phrases.reach(url)) is warned


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize("side", [248, 310, 496])
def test_every_module_of_the_picture_is_drawn_dark_on_white(
    theme: Theme, qtbot: QtBot, scheme: Scheme, side: int
) -> None:
    theme.choose(scheme)
    picture = QrPicture(Issued(URL, "").qr, side)
    qtbot.addWidget(picture)
    image, area = picture.grab().toImage(), picture.area()
    wanted = [bytes(row) for row in segno.make(URL, error="m", micro=False).matrix_iter(border=4)]
    assert picture.modules == len(wanted)
    step = area.width() / picture.modules
    assert step == int(step) >= 5
    assert image.pixelColor(0, 0).name() == "#ffffff"
    for y, row in enumerate(wanted):
        for x, dark in enumerate(row):
            corners = ((0, 0), (step - 1, 0), (0, step - 1), (step - 1, step - 1))
            for right, down in corners:
                pixel = image.pixelColor(int(area.left() + x * step + right), int(area.top() + y * step + down))
                assert pixel.name() == ("#000000" if dark else "#ffffff"), (x, y)
    theme.choose(Scheme.LIGHT)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_dialog_fits_over_the_smallest_window(
    open_window: Open, room: DeskRoom, qtbot: QtBot, scale: float
) -> None:
    window, _ = open_window(40)
    room.theme.enlarge(scale)
    window.resize(1024, 640)
    dialog = giving(window, qtbot)
    qtbot.waitUntil(dialog.link.isVisible)
    dialog.codes[0].click()
    qtbot.waitUntil(dialog.code.isVisible)
    qtbot.waitUntil(lambda: dialog.size().height() <= window.height())
    assert dialog.width() <= window.width()
    room.theme.enlarge(1.0)


def test_every_control_of_the_dialog_has_a_name(open_window: Open, qtbot: QtBot) -> None:
    window, _ = open_window(40)
    dialog = giving(window, qtbot)
    qtbot.waitUntil(dialog.link.isVisible)
    controls = [one for kind in (QAbstractButton, QLineEdit, QrPicture) for one in dialog.findChildren(kind)]
    assert [one for one in controls if not one.accessibleName()] == []
    assert any(isinstance(one, QrPicture) for one in controls)


def test_two_technicians_get_a_code_each(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    one, other = window.board.model.line_at(5), window.board.model.line_at(6)
    crew = (*one.visit.technicians, *other.visit.technicians)
    engine.publish_rows([replace(one, visit=replace(one.visit, technicians=crew))])
    qtbot.waitUntil(lambda: window.board.model.line_of(one.key) != one)
    window.dialogs.give_link(one.key)
    assert [made.text() for made in dialog_of(window).codes] == [f"Make a code for {who.name}" for who in crew]
