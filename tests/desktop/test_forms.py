# mypy: disable-error-code="no-untyped-call"
"""A form shows what the file has, gives back what was said, and says what is wrong where it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from pydantic import SecretStr
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTimeEdit,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from dispatchwatch.app.settings.fields import FEED_KINDS, MODELS, fields_of
from dispatchwatch.app.settings.kinds import Described, Kind
from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.choice_editors import SwitchEditor
from dispatchwatch.desktop.forms.duration_editor import DurationEditor
from dispatchwatch.desktop.forms.editor import Surroundings
from dispatchwatch.desktop.forms.form import Form
from dispatchwatch.desktop.forms.group_editors import EntriesEditor, VariantsEditor
from dispatchwatch.desktop.forms.hours_editor import HoursEditor
from dispatchwatch.desktop.forms.long_secret_editor import LongSecretEditor
from dispatchwatch.desktop.forms.names_editor import NamesEditor
from dispatchwatch.desktop.forms.path_editor import PathEditor
from dispatchwatch.desktop.forms.place_editor import PlaceEditor
from dispatchwatch.desktop.forms.secret_editor import SecretEditor
from dispatchwatch.desktop.forms.spans import week_of, written
from dispatchwatch.desktop.forms.text_editors import LineEditor
from dispatchwatch.desktop.forms.zone_editor import ZoneEditor
from tests.desktop.form_fields import AROUND, TWO, every_kind, field
from tests.desktop.keyboard import give_keyboard

Make = Callable[..., Form]


@pytest.fixture
def form_of(room: DeskRoom, qtbot: QtBot) -> Iterator[Make]:
    """A form of these fields, on the screen."""
    shown: list[QScrollArea] = []

    def make(fields: Sequence[Described], values: dict[str, Any] | None = None, around: Surroundings = AROUND) -> Form:
        form, scroll = Form(room, fields, around), QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(form)
        scroll.resize(640, 480)
        shown.append(scroll)
        form.put(values or {})
        scroll.show()
        give_keyboard(scroll, qtbot)
        return form

    yield make
    for one in shown:
        delete(one)


VALUES: dict[str, Any] = {
    "text": "ops",
    "long_text": "a\nb",
    "secret": "keyring:",
    "choice": "b",
    "switch": True,
    "number": 7,
    "duration": "15m",
    "instant": "2026-11-22T09:00",
    "time_zone": "America/Chicago",
    "hours": {"mon-fri": "07:00-18:00", "sun": "22:00-24:00"},
    "channel_hours": {"mon-fri": "07:00-18:00"},
    "dates": [date(2026, 12, 25)],
    "days": "today",
    "names": ["one", "two"],
    "alert_kinds": ["a"],
    "severities": ["b"],
    "channels": ["pager"],
    "profile": "export",
    "feed": "today",
    "coordinates": [41.88, -87.63],
    "pairs": [[10, 35], [50, 60.5]],
    "path": "exports/*.csv",
    "address": "https://example.com",
    "table": {"sched_start": "Start"},
    "secrets": {"app_key": "env:APP_KEY"},
    "templates": {"raise": "{{ headline }}", "resolve": {"subject": "Over"}},
    "group": {"inner": "x"},
    "variants": {"kind": "b", "token": "env:T"},
    "groups": {"one": {"inner": "x"}},
    "entries": [{"inner": "x"}, {"inner": "y", "token": "env:T"}],
    "anything": {"a": [1, None]},
}


def test_every_kind_gives_back_what_the_file_has(form_of: Make) -> None:
    assert VALUES.keys() == {kind.value for kind in Kind}
    form = form_of(every_kind(), VALUES)
    assert form.values() == VALUES
    form.put({})
    assert form.values() == {}


def test_every_section_of_the_configuration_has_a_form(form_of: Make) -> None:
    for name in MODELS:
        form = form_of(fields_of(name))
        assert form.values() == {}, name
    for kind in FEED_KINDS:
        assert form_of(fields_of("feed", kind)).fields


def test_every_control_has_a_name_and_the_label_is_in_it(form_of: Make) -> None:
    form = form_of(every_kind(), VALUES)
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox)
    controls = [one for kind in kinds for one in form.findChildren(kind) if not isinstance(one.parent(), QTimeEdit)]
    assert len(controls) > 40
    assert [one for one in controls if not one.accessibleName()] == []
    editor = form.fields["coordinates"].editor
    assert [part.accessibleName() for part in editor.parts] == ["Coordinates, Latitude", "Coordinates, Longitude"]
    assert editor.parts[0].accessibleDescription() == "What it means."


def test_a_default_is_shown_and_left_out_of_the_file(form_of: Make, qtbot: QtBot) -> None:
    form = form_of([field(Kind.DURATION, default="30s"), field(Kind.SWITCH, default=True)])
    duration, switch = form.fields["duration"].editor, form.fields["switch"].editor
    assert isinstance(duration, DurationEditor)
    assert isinstance(switch, SwitchEditor)
    assert (duration.edit.placeholderText(), duration.echo.text()) == ("30s", "30 seconds")
    assert switch.switch.isChecked()
    assert form.values() == {}
    with qtbot.waitSignal(form.value_changed) as told:
        switch.switch.click()
    assert told.args == ["switch", False]


@pytest.mark.parametrize(
    ("typed", "value", "said"),
    [("15m", "15m", "15 minutes"), ("90 minutes", "90m", "1 hour 30 minutes"), ("soon", "soon", form_phrases.HOW_LONG)],
)
def test_a_duration_says_what_it_means(form_of: Make, qtbot: QtBot, typed: str, value: str, said: str) -> None:
    editor = form_of([field(Kind.DURATION)]).fields["duration"].editor
    assert isinstance(editor, DurationEditor)
    qtbot.keyClicks(editor.edit, typed)
    assert (editor.value, editor.echo.text()) == (value, said)


def test_numbers_that_are_none_are_given_back_as_typed(form_of: Make, qtbot: QtBot) -> None:
    editor = form_of([field(Kind.NUMBER)]).fields["number"].editor
    assert isinstance(editor, LineEditor)
    for typed, value in (("12", 12), ("1,5", 1.5), ("many", "many"), ("", None)):
        editor.edit.clear()
        qtbot.keyClicks(editor.edit, typed)
        assert editor.value == value


def test_problems_stand_at_their_fields_and_the_first_one_gets_the_keyboard(form_of: Make, qtbot: QtBot) -> None:
    fields = [field(Kind.TEXT, key=str(number)) for number in range(12)]
    form = form_of([*fields, field(Kind.VARIANTS, **_variants())], {"variants": {"kind": "b"}})
    form.set_problems({("9",): "must be shorter", ("variants", "token"): "this key is missing", ("x",): "who is that?"})
    wrong = form.fields["9"]
    edit = wrong.editor.parts[0]
    qtbot.waitUntil(edit.hasFocus)
    assert wrong.problem.text == "Must be shorter."
    assert wrong.problem.isVisible()
    assert edit.accessibleDescription() == "Must be shorter."
    assert edit.property("wrong") is True
    area = form.window()
    assert isinstance(area, QScrollArea)
    qtbot.waitUntil(lambda: area.viewport().rect().contains(edit.mapTo(area.viewport(), edit.rect().center())))
    inner = form.fields["variants"].editor
    assert isinstance(inner, VariantsEditor)
    assert inner.form is not None
    assert inner.form.fields["token"].problem.text == "This key is missing."
    assert form.problem.text == "Who is that?"
    form.set_problems({})
    assert not wrong.problem.isVisible()
    assert edit.property("wrong") is False


def test_a_problem_goes_as_soon_as_its_field_is_touched(form_of: Make, qtbot: QtBot) -> None:
    form = form_of([field(Kind.TEXT)])
    form.set_problems({("text",): "is missing"})
    qtbot.keyClicks(form.fields["text"].editor.parts[0], "a")
    assert form.fields["text"].problem.text == ""


def test_a_problem_further_down_unfolds_the_form(room: DeskRoom, qtbot: QtBot) -> None:
    form = Form(room, [field(Kind.TEXT), field(Kind.NUMBER)], AROUND, folded=["number"])
    qtbot.addWidget(form)
    form.show()
    assert not form.fields["number"].isVisible()
    form.set_problems({("number",): "too large"})
    assert form.fields["number"].isVisible()
    assert form.more.text() == form_phrases.FEWER


def test_what_another_choice_needs_is_shown_with_it_and_never_lost(form_of: Make) -> None:
    needed = field(Kind.TEXT, key="user", needed_where=("choice", "b"))
    form = form_of([field(Kind.CHOICE, options=TWO, default="a"), needed], {"user": "ana"})
    assert not form.fields["user"].isVisible()
    assert form.values() == {"user": "ana"}
    form.put({"choice": "b"})
    assert form.fields["user"].isVisible()
    assert form.fields["user"].is_needed


def test_a_typed_secret_goes_nowhere_but_into_typed(form_of: Make, qtbot: QtBot) -> None:
    form = form_of([field(Kind.SECRET)])
    editor = form.fields["secret"].editor
    assert isinstance(editor, SecretEditor)
    qtbot.keyClicks(editor.edit, "s3cret")
    assert editor.edit.echoMode() is QLineEdit.EchoMode.Password
    assert form.values() == {"secret": "keyring:"}
    assert {steps: one.get_secret_value() for steps, one in form.typed().items()} == {("secret",): "s3cret"}
    editor.show_it.click()
    assert editor.edit.echoMode() is QLineEdit.EchoMode.Normal
    editor.edit.clear()
    qtbot.keyClicks(editor.edit, "env:TOKEN")
    assert (form.values(), form.typed()) == ({"secret": "env:TOKEN"}, {})


def test_a_secret_that_is_kept_is_replaced_or_left(form_of: Make, qtbot: QtBot) -> None:
    form = form_of([field(Kind.SECRET)], {"secret": "keyring:"})
    editor = form.fields["secret"].editor
    assert isinstance(editor, SecretEditor)
    assert editor._state.text() == form_phrases.KEPT
    assert not editor.edit.isVisible()
    editor.replace.click()
    qtbot.keyClicks(editor.edit, "other")
    assert form.typed()
    editor.leave.click()
    assert (form.values(), form.typed()) == ({"secret": "keyring:"}, {})


def test_a_secret_in_the_file_can_be_moved_to_the_keyring(form_of: Make) -> None:
    form = form_of([field(Kind.SECRET)], {"secret": "in-clear"})
    editor = form.fields["secret"].editor
    assert isinstance(editor, SecretEditor)
    assert editor._state.text() == form_phrases.STANDS_IN_FILE
    editor.move_it.click()
    assert form.values() == {"secret": "keyring:"}
    assert form.typed()["secret",].get_secret_value() == "in-clear"


def test_without_a_keyring_only_references_are_taken_as_such(form_of: Make, qtbot: QtBot) -> None:
    form = form_of([field(Kind.SECRET)], around=Surroundings(can_keep=False))
    editor = form.fields["secret"].editor
    assert isinstance(editor, SecretEditor)
    assert editor.hint.text() == form_phrases.NO_KEYRING
    qtbot.keyClicks(editor.edit, "plain")
    assert (form.values(), form.typed()) == ({"secret": "plain"}, {})


def test_a_private_key_keeps_its_lines(form_of: Make) -> None:
    form = form_of([field(Kind.SECRET, pattern="(?s).+")])
    editor = form.fields["secret"].editor
    assert isinstance(editor, LongSecretEditor)
    editor.receive("-----BEGIN\nabc\n-----END")
    assert form.typed()["secret",].get_secret_value() == "-----BEGIN\nabc\n-----END"
    assert "23 characters in 3 lines, hidden" in editor._state.text()
    editor.replace.click()
    editor.receive("file:key.pem")
    assert (form.values(), form.typed()) == ({"secret": "file:key.pem"}, {})


def test_no_secret_is_in_what_a_form_says_of_itself(form_of: Make, qtbot: QtBot) -> None:
    form = form_of([field(Kind.SECRET)])
    editor = form.fields["secret"].editor
    assert isinstance(editor, SecretEditor)
    editor.take(SecretStr("s3cret"))
    form.set_problems({("secret",): "does not have the right form"})
    said = [one.text() for one in form.findChildren(QLineEdit)] + [repr(form.typed()), repr(form.values())]
    assert "s3cret" not in " ".join(said)
    assert form.fields["secret"].problem.text == "Does not have the right form."


def test_names_become_chips_and_go_again(form_of: Make, qtbot: QtBot) -> None:
    form = form_of([field(Kind.NAMES)], {"names": ["one"]})
    editor = form.fields["names"].editor
    assert isinstance(editor, NamesEditor)
    qtbot.keyClicks(editor.edit, "two, three")
    assert form.values() == {"names": ["one", "two", "three"]}
    qtbot.keyClick(editor.edit, Qt.Key.Key_Return)
    assert (editor.names, editor.edit.text()) == (("one", "two", "three"), "")
    qtbot.keyClick(editor.edit, Qt.Key.Key_Backspace)
    assert form.values() == {"names": ["one", "two"]}


def test_dates_are_days_and_what_is_none_is_given_back(form_of: Make, qtbot: QtBot) -> None:
    form = form_of([field(Kind.DATES)], {"dates": [date(2027, 1, 1)]})
    editor = form.fields["dates"].editor
    assert isinstance(editor, NamesEditor)
    qtbot.keyClicks(editor.edit, "2026-12-25")
    assert form.values() == {"dates": [date(2026, 12, 25), date(2027, 1, 1)]}
    editor.put(["tomorrow"])
    assert "tomorrow" in form.values()["dates"]


def test_hours_are_told_day_by_day(form_of: Make) -> None:
    form = form_of([field(Kind.HOURS)], {"hours": {"mon": "09:00-17:00"}})
    editor = form.fields["hours"].editor
    assert isinstance(editor, HoursEditor)
    editor.spread.click()
    assert form.values() == {"hours": {"mon-fri": "09:00-17:00"}}
    editor.days[2].click()
    assert form.values() == {"hours": {"mon-tue": "09:00-17:00", "thu-fri": "09:00-17:00"}}


@pytest.mark.parametrize("told", [{}, {"mon-sun": "00:00-24:00"}, {"fri": "22:00-06:00"}, {"sat": "08:00-12:00"}])
def test_a_week_comes_back_as_it_was(told: dict[str, str]) -> None:
    assert written(week_of(told)) == told


def test_a_place_can_be_pasted_as_maps_give_it(form_of: Make, qtbot: QtBot) -> None:
    form = form_of([field(Kind.COORDINATES)])
    editor = form.fields["coordinates"].editor
    assert isinstance(editor, PlaceEditor)
    editor.edits[0].setFocus()
    qtbot.keyClicks(editor.edits[0], "41.88, -87.63")
    assert form.values() == {"coordinates": [41.88, -87.63]}
    qtbot.keyClick(editor.edits[0], Qt.Key.Key_Tab)
    assert [edit.text() for edit in editor.edits] == ["41.88", "-87.63"]


def test_a_zone_is_found_by_its_city(form_of: Make, qtbot: QtBot) -> None:
    form = form_of([field(Kind.TIME_ZONE)])
    editor = form.fields["time_zone"].editor
    assert isinstance(editor, ZoneEditor)
    qtbot.waitUntil(lambda: bool(editor._known))
    editor._offers.setCompletionPrefix("chica")
    assert editor._offers.currentCompletion() == "America/Chicago"
    qtbot.keyClicks(editor.edit, "America/Chicago")
    assert editor.echo.text() == "It is 09:35 there now"
    editor.edit.setText("Mars/Olympus")
    assert "no time zone “Mars/Olympus”" in editor.echo.text()


def test_a_file_is_chosen_in_a_dialog_that_holds_nothing_up(form_of: Make, qtbot: QtBot, tmp_path: Any) -> None:
    (tmp_path / "day.csv").touch()
    form = form_of([field(Kind.PATH)], around=Surroundings(base=tmp_path))
    editor = form.fields["path"].editor
    assert isinstance(editor, PathEditor)
    editor.choose.click()
    dialog = editor.window().findChild(QFileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(tmp_path / "day.csv"))
    dialog.done(QDialog.DialogCode.Accepted)
    assert form.values() == {"path": "day.csv"}


def test_entries_come_and_go_and_each_has_its_own_problems(form_of: Make) -> None:
    form = form_of([next(one for one in every_kind() if one.kind is Kind.ENTRIES)], {"entries": VALUES["entries"]})
    editor = form.fields["entries"].editor
    assert isinstance(editor, EntriesEditor)
    form.set_problems({("entries", 1, "inner"): "is wrong", ("entries",): "too few"}, takes_keyboard=False)
    assert editor.forms[1].fields["inner"].problem.text == "Is wrong."
    assert form.fields["entries"].problem.text == "Too few."
    editor.drop(editor.forms[0])
    editor.add.click()
    assert form.values() == {"entries": [{"inner": "y", "token": "env:T"}, {}]}
    secret = editor.forms[1].fields["token"].editor
    assert isinstance(secret, SecretEditor)
    secret.take(SecretStr("x"))
    assert list(form.typed()) == [("entries", 1, "token")]


def _variants() -> dict[str, Any]:
    one = next(one for one in every_kind() if one.kind is Kind.VARIANTS)
    return {"options": one.options, "variants": one.variants}
