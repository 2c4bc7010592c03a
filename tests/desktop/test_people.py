# mypy: disable-error-code="no-untyped-call"
"""Who sits here: one press changes it, it is shown large, and it signs what is done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dispatchwatch.app.events import AlertsChanged
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.header import Header
from dispatchwatch.desktop.initials import initials_of
from dispatchwatch.desktop.my_snoozes import MySnoozes
from dispatchwatch.desktop.open_alerts import OpenAlerts
from dispatchwatch.desktop.people import KNOWN, PRESENT, People
from dispatchwatch.desktop.preferences import Preferences
from tests.desktop import pictures
from tests.desktop.conftest import Opened
from tests.desktop.pictures import NOW, minutes

Open = Callable[[int], Opened]


@pytest.fixture
def header(room: DeskRoom, qtbot: QtBot) -> Header:
    made = Header(room)
    qtbot.addWidget(made)
    made.resize(1600, 64)
    made.show()
    return made


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ana Ruiz", "AR"),
        ("root", "RO"),
        ("J. Ortiz", "JO"),
        ("Ana María de la Cruz", "AC"),
        ("", "?"),
        ("Ó Briain", "ÓB"),
    ],
)
def test_initials(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_the_user_of_the_computer_sits_here_until_somebody_else_does(preferences: Preferences) -> None:
    people = People("root", preferences)
    assert (people.name, people.known) == ("root", ("root",))
    people.choose("  Ben   Okafor ")
    assert (people.name, people.initials, people.known) == ("Ben Okafor", "BO", ("root", "Ben Okafor"))
    assert People("root", preferences).name == "Ben Okafor"


def test_a_name_can_be_taken_off_the_list_but_not_from_under_whoever_sits_here(preferences: Preferences) -> None:
    people = People("root", preferences)
    people.choose("Ben Okafor")
    people.forget("Ben Okafor")
    assert "Ben Okafor" in people.known
    people.choose("root")
    people.forget("Ben Okafor")
    assert people.known == ("root",)


def test_what_is_kept_and_makes_no_sense_is_nobody(preferences: Preferences) -> None:
    preferences.choose(PRESENT, "Gone Girl")
    preferences._settings.setValue(KNOWN.key, "{")
    assert People("root", preferences).name == "root"


def test_one_press_changes_who_is_there_and_it_is_shown_large(header: Header, room: DeskRoom, qtbot: QtBot) -> None:
    room.people.choose("Ben Okafor")
    room.people.choose("Ana Ruiz")
    person = header.person
    qtbot.mouseClick(person, Qt.MouseButton.LeftButton)
    assert list(person.popup.names) == ["Ana Ruiz", "Ben Okafor"]
    qtbot.mouseClick(person.popup.names["Ben Okafor"], Qt.MouseButton.LeftButton)
    assert not person.popup.isVisible()
    assert (room.user, person.text()) == ("Ben Okafor", "Ben Okafor")
    assert person.card is not None
    assert person.card.isVisible()
    assert person.card.name.text() == "Ben Okafor"


def test_somebody_new_is_typed(header: Header, room: DeskRoom, qtbot: QtBot) -> None:
    popup = header.person.popup
    qtbot.mouseClick(header.person, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(popup.new, "Chiara Rossi")
    qtbot.keyClick(popup.new, Qt.Key.Key_Return)
    assert room.user == "Chiara Rossi"
    assert room.people.known == ("Ana Ruiz", "Chiara Rossi")


def test_a_narrow_header_shows_the_initials_alone_and_still_says_the_name(header: Header) -> None:
    assert header.person.text() == "Ana Ruiz"
    header.resize(1280, 64)
    assert header.person.text() == ""
    assert header.person.accessibleName() == "Ana Ruiz is at the desk. Press to change."


def test_whoever_sits_here_signs_what_is_done(open_window: Open, room: DeskRoom, qtbot: QtBot) -> None:
    _, engine = open_window(40)
    room.people.choose("Ben Okafor")
    room.deeds.acknowledge([1])
    qtbot.waitUntil(lambda: engine.alerts[1].alert.acknowledged_by == "Ben Okafor")
    assert room.deeds.actor().signature == "Ben Okafor (as Ana Ruiz)"


def test_a_snooze_of_ones_own_is_ones_own_and_outlives_the_window(room: DeskRoom, preferences: Preferences) -> None:
    alert = pictures.alerts(pictures.rows(40))[0].alert
    room.snoozes.put_aside([alert], NOW + minutes(15))
    assert room.snoozes.until(alert, NOW) == NOW + minutes(15)
    assert room.snoozes.until(alert, NOW + minutes(15)) is None
    again = MySnoozes(room.people, preferences, lambda: NOW)
    assert again.until(alert, NOW) == NOW + minutes(15)
    room.people.choose("Ben Okafor")
    assert room.snoozes.until(alert, NOW) is None
    room.people.choose("Ana Ruiz")
    room.snoozes.take_back([alert.id])
    assert room.snoozes.until(alert, NOW) is None


def test_what_is_put_aside_is_silent_here(room: DeskRoom, qtbot: QtBot) -> None:
    some = pictures.alerts(pictures.rows(40))
    waiting = OpenAlerts(room.bridge, room.now, snoozes=room.snoozes)
    with qtbot.waitSignal(waiting.changed):
        room.bridge.alerts_changed.emit(AlertsChanged(some))
    worst = waiting.worst_first()[0].alert
    with qtbot.waitSignal(waiting.changed):
        room.snoozes.put_aside([worst], NOW + minutes(15))
    assert worst.id not in {line.alert.id for line in waiting.worst_first()}
    assert not waiting.waits(worst.id)
