# mypy: disable-error-code="no-untyped-call"
"""Connecting a feed in the window: one question a page, the own data beside it, and back at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListView
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.mapping import KINDS, Office
from dispatchwatch.app.mapping_stages import MappingDraft, changing, looked
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.desktop import mapping_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.mapping.answers import ChosenAnswer, TypedAnswer
from dispatchwatch.desktop.mapping.change_sheet import ChangeSheet, said_of
from dispatchwatch.desktop.mapping.kind_question import KindQuestion
from dispatchwatch.desktop.mapping.wizard import MappingWizard
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.questions import NONE
from tests.desktop import pictures
from tests.desktop.keyboard import give_keyboard
from tests.fakes.keyring_box import KeyringBox

HEAD = "Appointment No,Start,Ends,Status,Arrival Window,Engineer,Customer,Site,Address,Job Type,Prio,Remarks"
Make = Callable[..., MappingWizard]


class Folder:
    """Where an office keeps its export: 12 columns, 6 visits, and 3 rows that can't be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        rows = [
            f"A-{n},2026-05-0{n} 9:00,,{'Fishing' if n == 1 else 'Done'},120,J. Ortiz,Acme,Plant {n},Rd,PM,1,"
            for n in range(1, 7)
        ]
        bad = [f",2026-05-1{n} 9:00,,Done,120,J. Ortiz,Acme,Plant,Rd,PM,1," for n in range(3)]
        (path / "day.csv").write_text("\n".join([HEAD, *rows, *bad]), encoding="utf-8")

    def office(self, *, is_new: bool = False) -> Office:
        zone, ring = ZoneInfo("America/Chicago"), KeyringBox()
        secrets = SecretSource({}, self.path, lambda: ring)
        return Office(self.path / "office.toml", zone, secrets, is_new=is_new, can_keep=True)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def opened(room: DeskRoom, folder: Folder, qtbot: QtBot) -> Iterator[Make]:
    shown: list[MappingWizard] = []

    def make(office: Office | None = None, **told: object) -> MappingWizard:
        wizard = MappingWizard(room, office or folder.office(), **told)  # type: ignore[arg-type]
        shown.append(wizard)
        wizard.resize(1100, 720)
        wizard.show()
        give_keyboard(wizard, qtbot)
        settled(wizard, qtbot)
        return wizard

    yield make
    for one in shown:
        delete(one)


def settled(wizard: MappingWizard, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not wizard._work.is_going)


def choose(wizard: MappingWizard, kind: str, qtbot: QtBot) -> None:
    question = wizard.page.question
    assert isinstance(question, KindQuestion)
    row = list(KINDS).index(kind)
    question.kinds.view.setCurrentIndex(question.kinds.model.index(row, 0))
    press_next(wizard, qtbot)


def answer(wizard: MappingWizard, text: str, qtbot: QtBot) -> None:
    question = wizard.page.question
    if isinstance(question, ChosenAnswer):
        row = [value for value, _, _ in question.model.options].index(text)
        question.view.setCurrentIndex(question.model.index(row, 0))
    else:
        assert isinstance(question, TypedAnswer)
        question.editor.edit.clear()
        qtbot.keyClicks(question.editor.edit, text)
    press_next(wizard, qtbot)


def press_next(wizard: MappingWizard, qtbot: QtBot) -> None:
    assert wizard.page.next.isEnabled()
    wizard.page.next.click()
    settled(wizard, qtbot)


def at_proof(wizard: MappingWizard, qtbot: QtBot) -> None:
    choose(wizard, "csv", qtbot)
    answer(wizard, "day.csv", qtbot)
    answer(wizard, "Start", qtbot)
    answer(wizard, "leave out", qtbot)
    answer(wizard, "paused", qtbot)


def test_a_file_becomes_a_feed(opened: Make, folder: Folder, qtbot: QtBot) -> None:
    wizard = opened(folder.office(is_new=True))
    assert wizard.page.heading.text() == mapping_phrases.WHERE_FROM
    assert not wizard.page.next.isEnabled()
    choose(wizard, "csv", qtbot)
    assert wizard.page.heading.text() == "In which time zone is the office, such as America/Chicago?"
    answer(wizard, "America/Chicago", qtbot)
    answer(wizard, "day.csv", qtbot)
    answer(wizard, "Start", qtbot)
    answer(wizard, "leave out", qtbot)
    assert wizard.page.heading.text() == "What does the status “Fishing” mean (seen once)?"
    answer(wizard, "paused", qtbot)
    assert wizard.page.said.text.startswith("6 visits are read. 3 rows could not be, the first in line 8:")
    assert wizard.page.next.text() == mapping_phrases.SAVE
    assert not wizard.is_complete
    with qtbot.waitSignal(wizard.finished) as told:
        wizard.page.next.click()
    assert told.args == ["today"]
    assert wizard.is_complete
    config = read_config(folder.path / "office.toml", folder.office().secrets)
    assert [feed.name for feed in config.feeds] == ["today"]
    assert config.profiles["today"].status == {"Fishing": "paused"}


def test_the_own_data_is_seen_beside_every_question(opened: Make, qtbot: QtBot) -> None:
    wizard = opened()
    assert not wizard.page.preview.isVisible()
    choose(wizard, "csv", qtbot)
    assert wizard.page.preview.isVisible()
    answer(wizard, "day.csv", qtbot)
    panel = wizard.page.preview
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert panel.model.rowCount() == 12
    assert panel.view.currentIndex().data() == "Start"
    assert panel.model.index(1, 4).data() == "2026-05-01 9:00 · 2026-05-02 9:00 · 2026-05-03 9:00"
    qtbot.waitUntil(lambda: mapping_phrases.NOT_READ in panel.tabs)
    panel.tabs[mapping_phrases.NOT_READ].click()
    assert [panel.model.index(row, 0).data() for row in range(3)] == [mapping_phrases.LEFT_OUT] * 3
    assert panel.detail.text() == panel.model.table.rows[0][-1]


def test_back_is_always_possible_and_what_was_said_is_forgotten(opened: Make, qtbot: QtBot) -> None:
    wizard = opened()
    at_proof(wizard, qtbot)
    keys = [key for key, _ in wizard.draft.answers]
    assert keys == ["path", "column:sched_start", "header:Arrival Window", "status:Fishing"]
    wizard.page.back.click()
    settled(wizard, qtbot)
    assert "Fishing" in wizard.page.heading.text()
    assert len(wizard.draft.answers) == 3
    for _ in range(3):
        give_keyboard(wizard, qtbot)
        qtbot.keyClick(wizard, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        settled(wizard, qtbot)
    assert wizard.page.heading.text() == "Which file does your office software write?"
    wizard.page.back.click()
    assert isinstance(wizard.page.question, KindQuestion)
    assert wizard.page.question.answer == "csv"
    assert wizard.page.back.isHidden()


def test_a_source_that_is_not_there_is_asked_for_again_with_the_reason(opened: Make, qtbot: QtBot) -> None:
    wizard = opened()
    choose(wizard, "csv", qtbot)
    answer(wizard, "nope.csv", qtbot)
    assert "nope.csv is not there" in wizard.page.said.text
    question = wizard.page.question
    assert isinstance(question, TypedAnswer)
    assert question.answer == "nope.csv"
    qtbot.waitUntil(question.editor.edit.hasFocus)
    answer(wizard, "day.csv", qtbot)
    assert "Start" in wizard.page.heading.text()


def test_an_answer_that_makes_no_sense_is_said_at_the_question(opened: Make, folder: Folder, qtbot: QtBot) -> None:
    wizard = opened(folder.office(is_new=True))
    choose(wizard, "csv", qtbot)
    answer(wizard, "Mars", qtbot)
    assert "'Mars' is not a time zone" in wizard.page.said.text
    assert wizard.page.heading.text().startswith("In which time zone")


def test_a_name_that_is_taken_is_said(opened: Make, folder: Folder, qtbot: QtBot) -> None:
    office = folder.office()
    taken = Office(office.path, office.zone, office.secrets, feeds={"today": "csv"}, can_keep=True)
    wizard = opened(taken)
    question = wizard.page.question
    assert isinstance(question, KindQuestion)
    assert question.name == "today 2"
    question.edit.setText("today")
    choose(wizard, "csv", qtbot)
    assert "There is a feed “today” already" in wizard.page.said.text


def test_a_column_is_said_anew(opened: Make, folder: Folder, qtbot: QtBot) -> None:
    wizard = opened()
    at_proof(wizard, qtbot)
    panel = wizard.page.preview
    panel.choose(mapping_phrases.COLUMNS)
    panel.view.selectRow(5)
    give_keyboard(wizard.window(), qtbot)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_F2)
    sheet = wizard.findChild(ChangeSheet)
    assert sheet is not None
    row = [value for value, _, _ in sheet.answers.model.options].index("technician")
    sheet.answers.view.setCurrentIndex(sheet.answers.model.index(row, 0))
    sheet.does.click()
    settled(wizard, qtbot)
    assert wizard.draft.answers[-1] == ("column:technician", "Engineer")
    panel.choose(mapping_phrases.COLUMNS)
    assert panel.model.index(5, 1).data() == "The technician"


def test_nothing_is_chosen_before_somebody_does(opened: Make, qtbot: QtBot) -> None:
    wizard = opened()
    question = wizard.page.question
    assert isinstance(question, KindQuestion)
    qtbot.waitUntil(question.kinds.view.hasFocus)
    assert (question.answer, wizard.page.next.isEnabled()) == ("", False)
    qtbot.keyClick(question.kinds.view, Qt.Key.Key_Down)
    assert (question.answer, wizard.page.next.isEnabled()) == ("csv", True)
    qtbot.keyClick(question.kinds.view, Qt.Key.Key_Return)
    settled(wizard, qtbot)
    assert wizard.page.heading.text() == "Which file does your office software write?"


def test_a_column_stands_for_one_field_at_a_time() -> None:
    assert said_of("column", "A", "site", "title") == (("column:site", NONE), ("column:title", "A"))
    assert said_of("column", "A", "site", NONE) == (("column:site", NONE),)
    assert said_of("column", "A", "", "title") == (("column:title", "A"),)
    assert said_of("word", "Fishing", "", "paused") == (("status:Fishing", "paused"),)


def test_a_draft_is_taken_up_where_it_was_left(opened: Make, qtbot: QtBot) -> None:
    first = opened()
    choose(first, "csv", qtbot)
    answer(first, "day.csv", qtbot)
    with qtbot.waitSignal(first.cancelled):
        first.page.cancel.click()
    second = opened(draft=first.draft)
    assert second.draft == MappingDraft("csv", "today", (("path", "day.csv"),))
    assert "Start" in second.page.heading.text()


def test_a_feed_of_the_file_is_changed_and_saved_by_others(
    opened: Make, folder: Folder, room: DeskRoom, qtbot: QtBot
) -> None:
    entry = {"name": "today", "kind": "csv", "path": "day.csv", "profile": "today"}
    profile = ProfileConfig(columns={"sched_start": "Start"}, status={"Fishing": "paused"})
    stage = looked(changing(entry, profile, folder.office()), pictures.NOW)
    wizard = opened(stage=stage)
    while wizard.page.next.text() != mapping_phrases.SAVE:
        answer(wizard, "leave out", qtbot)
    with qtbot.waitSignal(wizard.mapped) as told:
        wizard.page.next.click()
    written, how = told.args
    assert written == {"name": "today", "kind": "csv", "path": "day.csv"}
    assert how["columns"]["sched_start"] == "Start"
    assert not (folder.path / "office.toml").exists()


def test_what_takes_long_can_be_stopped(opened: Make, qtbot: QtBot) -> None:
    wizard, held = opened(), Event()
    wizard._work.do(lambda: held.wait(10), lambda _: pytest.fail("heard of it"), wizard.page.say)
    qtbot.waitUntil(wizard.page.stop.isVisible)
    assert not wizard.page.next.isEnabled()
    wizard.page.stop.click()
    held.set()
    assert wizard.page.said.text == mapping_phrases.STOPPED
    assert wizard.page.next.text() == mapping_phrases.AGAIN


def test_what_breaks_in_the_program_is_admitted(opened: Make, qtbot: QtBot) -> None:
    wizard = opened()

    def broken() -> None:
        raise KeyError("secret")

    wizard._work.do(broken, lambda _: pytest.fail("done"), wizard.page.say)
    settled(wizard, qtbot)
    assert wizard.page.said.text == mapping_phrases.broke(KeyError())
    assert "secret" not in wizard.page.said.text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_begun_and_every_control_has_a_name(opened: Make, qtbot: QtBot, kind: str) -> None:
    wizard = opened()
    choose(wizard, kind, qtbot)
    assert wizard.page.question is not None
    assert wizard.page.heading.text().endswith("?") or wizard.page.heading.text()
    controls = [one for part in (QAbstractButton, QLineEdit, QListView) for one in wizard.findChildren(part)]
    nameless = [one for one in controls if not one.accessibleName() and one.objectName() != "qt_tableview_cornerbutton"]
    assert nameless == []


def test_a_secret_is_hidden_and_in_no_draft(opened: Make, qtbot: QtBot) -> None:
    wizard = opened()
    choose(wizard, "ical", qtbot)
    answer(wizard, "address", qtbot)
    question = wizard.page.question
    assert isinstance(question, TypedAnswer)
    assert question.editor.edit.echoMode() is QLineEdit.EchoMode.Password
    answer(wizard, "ftp://cal.example/s3cret.ics", qtbot)
    assert "s3cret" not in wizard.page.said.text
    assert "s3cret" not in repr(wizard.draft)


@pytest.mark.parametrize(
    ("text", "asked", "beside"),
    [
        ("Which? A folder will do too.", "Which?", "A folder will do too."),
        ("“A. B? C” holds x. How is it written?", "How is it written?", "“A. B? C” holds x."),
        ("The address of the server", "The address of the server", ""),
    ],
)
def test_a_question_is_parted_from_what_is_said_beside_it(text: str, asked: str, beside: str) -> None:
    assert mapping_phrases.parted(text) == (asked, beside)
