# mypy: disable-error-code="no-untyped-call"
"""What is chosen for this computer: it counts at once, and nothing of it is in the configuration."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from dispatchwatch.desktop import computer_phrases
from dispatchwatch.desktop.autostart import FileAutostart
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.preferences import MUTED, PREFERENCES, QUIET_FROM, REPEAT_EVERY, SOUND_FOR
from dispatchwatch.desktop.settings.computer_parts import DeedPart, LookPart, StartingPart, computer_parts
from dispatchwatch.desktop.settings.people_part import PeoplePart
from dispatchwatch.desktop.settings.preference_part import PreferencePart
from dispatchwatch.desktop.theme import Density, Scheme
from dispatchwatch.desktop.wallboard.door import SCREEN
from dispatchwatch.domain.alert import Severity


@pytest.fixture
def part(room: DeskRoom, qtbot: QtBot) -> PreferencePart:
    made = PreferencePart(room, PREFERENCES)
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_preference_has_a_field(room: DeskRoom, qtbot: QtBot) -> None:
    parts = [part for _, _, part in computer_parts(room)]
    for one in parts:
        qtbot.addWidget(one)
    keys = {str(known.steps[-1]) for one in parts for known in one.known()}
    assert keys >= {one.key for one in (*PREFERENCES, SCREEN)}


def test_a_choice_counts_at_once(part: PreferencePart, room: DeskRoom, qtbot: QtBot) -> None:
    qtbot.keyClick(part.form.fields[MUTED.key].editor.parts[0], Qt.Key.Key_Space)
    boxes = part.form.fields[SOUND_FOR.key].editor
    next(one for one in boxes.parts if one.accessibleName().endswith("Info")).click()  # type: ignore[attr-defined]
    part.form.value_changed.emit(QUIET_FROM.key, "7:30")
    assert room.preferences.get(MUTED) is True
    assert Severity.INFO in room.preferences.get(SOUND_FOR)
    assert room.preferences.get(QUIET_FROM) == time(7, 30)


@pytest.mark.parametrize(
    ("key", "told"), [(QUIET_FROM.key, "noon"), (REPEAT_EVERY.key, 5)], ids=["no time", "too little"]
)
def test_what_makes_no_sense_is_said_and_not_kept(part: PreferencePart, room: DeskRoom, key: str, told: object) -> None:
    part.form.value_changed.emit(key, told)
    assert part.form.fields[key].problem.text
    assert room.preferences.get(QUIET_FROM) == time(22)
    assert room.preferences.get(REPEAT_EVERY) == 60


def test_what_is_chosen_elsewhere_is_shown(part: PreferencePart, room: DeskRoom) -> None:
    room.preferences.choose(QUIET_FROM, time(21, 15))
    assert part.form.fields[QUIET_FROM.key].editor.value == "21:15"


def test_the_look_is_worn_at_once(room: DeskRoom, qtbot: QtBot) -> None:
    look = LookPart(room)
    qtbot.addWidget(look)
    for key, told in (("scheme", "dark"), ("density", "compact")):
        look.form.value_changed.emit(key, told)
    assert (room.theme.scheme, room.theme.density) == (Scheme.DARK, Density.COMPACT)
    assert look.form.fields["density"].editor.value == "compact"
    room.theme.pack(Density.COMFORTABLE)
    assert look.form.fields["density"].editor.value == "comfortable"


def test_starting_with_the_system_is_told_to_the_system(room: DeskRoom, tmp_path: Path, qtbot: QtBot) -> None:
    autostart = FileAutostart(tmp_path / "autostart" / "it.desktop", "text")
    part = StartingPart(room, autostart)
    qtbot.addWidget(part)
    part.form.value_changed.emit("autostart", True)
    qtbot.waitUntil(lambda: autostart.is_on)
    part.form.value_changed.emit("autostart", False)
    qtbot.waitUntil(lambda: not autostart.is_on)


def test_a_system_that_does_not_allow_it_is_said(room: DeskRoom, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "autostart").write_text("in the way", encoding="utf-8")
    part = StartingPart(room, FileAutostart(tmp_path / "autostart" / "it.desktop", "text"))
    qtbot.addWidget(part)
    part.form.value_changed.emit("autostart", True)
    field = part.form.fields["autostart"]
    qtbot.waitUntil(lambda: "did not allow" in field.problem.text)
    assert not field.editor.switch.isChecked()  # type: ignore[attr-defined]


def test_the_set_up_can_be_begun_again(room: DeskRoom, qtbot: QtBot) -> None:
    parts = [part for _, _, part in computer_parts(room) if isinstance(part, DeedPart)]
    for one in parts:
        qtbot.addWidget(one)
    again = next(one for one in parts if one.button.text() == computer_phrases.SET_UP)
    with qtbot.waitSignal(room.wishes.set_up):
        qtbot.mouseClick(again.button, Qt.MouseButton.LeftButton)


def test_somebody_else_takes_the_seat(room: DeskRoom, qtbot: QtBot) -> None:
    part = PeoplePart(room)
    qtbot.addWidget(part)
    part.name.setFocus()
    qtbot.keyClicks(part.name, "M. Lee")
    qtbot.keyClick(part.name, Qt.Key.Key_Return)
    assert room.user == "M. Lee"
    back = [one for one in part.findChildren(QPushButton) if one.accessibleName().endswith("Ana Ruiz")]
    back[0].click()
    assert room.user == "Ana Ruiz"
