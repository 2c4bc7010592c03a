# mypy: disable-error-code="no-untyped-call"
"""The first start, driven as a person does it: how many presses it takes, and what stands in the file afterwards."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.secret_editor import SecretEditor
from dispatchwatch.desktop.mapping.answers import TypedAnswer
from dispatchwatch.desktop.mapping.kind_question import KindQuestion
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.wizard.door import SetUpDoor
from dispatchwatch.desktop.wizard.first_start import ACCOUNT, DONE, PLATFORM, SOURCE, FirstStart
from dispatchwatch.desktop.wizard.kept_draft import FIRST_START, Draft
from tests.desktop import pictures
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.keyboard import give_keyboard
from tests.fakes.keyring_box import KeyringBox
from tests.fakes.receiver import Answer, Receiver


class Hand:
    """Presses keys and buttons, and counts them. What is pasted counts as one press."""

    def __init__(self) -> None:
        self.presses = 0

    def click(self, button: QAbstractButton) -> None:
        assert button.isVisible(), button.text()
        assert button.isEnabled(), button.text()
        self.presses += 1
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def key(self, widget: QWidget, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        self.presses += 1
        QTest.keyClick(widget, key, modifiers[0] if modifiers else Qt.KeyboardModifier.NoModifier)

    def paste(self, edit: QLineEdit, text: str) -> None:
        QApplication.clipboard().setText(text)
        edit.setFocus()
        self.key(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert edit.text() == text


@pytest.fixture
def engine(room: DeskRoom) -> Iterator[FakeEngine]:
    made = FakeEngine(0, with_feed=False)
    made.start()
    room.bridge.meet(made)
    yield made
    made.stop()


@pytest.fixture
def over(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(1280, 800)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def samples() -> list[bool]:
    """Whether the sample day could be opened, once for each time somebody wanted it."""
    return []


@pytest.fixture
def wizard(room: DeskRoom, over: QWidget, samples: list[bool], qtbot: QtBot) -> FirstStart:
    return begun(room, over, qtbot, samples)


def begun(room: DeskRoom, over: QWidget, qtbot: QtBot, samples: list[bool] | None = None) -> FirstStart:
    def open_sample() -> bool:
        if samples is not None:
            samples.append(True)
        return True

    made = FirstStart(room, open_sample, over)
    made.open()
    made.activateWindow()
    qtbot.waitUntil(lambda: made._office is not None)
    give_keyboard(made, qtbot)
    return made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        made.script("*", Answer(body="ok"))
        yield made


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Twenty visits of today, as an office exports them."""
    path = tmp_path / "exports" / "today.csv"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Appointment No", "Start", "End", "Status", "Technician", "Customer", "Site"])
        for number in range(20):
            start = pictures.NOW + timedelta(minutes=20 * number)
            told = [start.isoformat(), (start + timedelta(hours=1)).isoformat()]
            rows.writerow([f"A-{number}", *told, "Scheduled", "J. Ortiz", "Acme Foundry", "Plant 4"])
    return path


def map_the_export(wizard: FirstStart, hand: Hand, export: Path, qtbot: QtBot) -> None:
    """Goes through the questions about the schedule until it is saved."""
    mapping = wizard.mapping
    assert mapping is not None
    page = mapping.page
    assert isinstance(page.question, KindQuestion)
    if not page.question.kinds.answer:
        hand.key(page.question.kinds.view, Qt.Key.Key_Down)
    hand.click(page.next)
    for _ in range(12):
        qtbot.waitUntil(lambda: not mapping._work.is_going)
        if wizard.at != SOURCE or mapping.saved is not None:
            break
        if isinstance(page.question, TypedAnswer):
            edit = page.question.findChildren(QLineEdit)[0]
            if mapping.stage is not None and mapping.stage.asks is not None and mapping.stage.asks.key == "path":
                hand.paste(edit, str(export))
            elif not edit.text():
                hand.paste(edit, "America/Chicago")
        hand.click(page.next)
    qtbot.waitUntil(lambda: wizard.at == PLATFORM)


def set_up_slack(wizard: FirstStart, hand: Hand, receiver: Receiver, qtbot: QtBot) -> None:
    """From the list of platforms to the first test message."""
    for letter in "slack":
        hand.key(wizard.platforms.search, Qt.Key(ord(letter.upper())))
    hand.key(wizard.platforms.search, Qt.Key.Key_Return)
    assert wizard.at == ACCOUNT
    form = wizard.account
    assert form is not None
    secret = form.form.fields["webhook_url"].editor
    assert isinstance(secret, SecretEditor)
    hand.paste(secret.edit, f"{receiver.url}/services/T0/B0/abcdefghijklmnopqrstuvwx")
    hand.click(form.trying.test)
    qtbot.waitUntil(lambda: len(receiver.received) == 1)
    qtbot.waitUntil(form.trying.test.isEnabled)


def written(files: OfficeFiles) -> dict[str, Any]:
    return tomllib.loads(files.config.read_text(encoding="utf-8"))


def test_from_nothing_to_a_test_message_on_slack(
    wizard: FirstStart,
    engine: FakeEngine,
    files: OfficeFiles,
    keyring: KeyringBox,
    receiver: Receiver,
    export: Path,
    qtbot: QtBot,
) -> None:
    hand = Hand()
    map_the_export(wizard, hand, export, qtbot)
    mapped = hand.presses
    set_up_slack(wizard, hand, receiver, qtbot)
    # Whoever makes the way longer should know it.
    assert (mapped, hand.presses) == (9, 17)
    hand.click(wizard.frame.next)
    qtbot.waitUntil(lambda: wizard.at == DONE)
    file = written(files)
    assert file["office"]["timezone"] == "America/Chicago"
    assert [feed["path"] for feed in file["feed"]] == [str(export)]
    assert file["channel"] == [{"name": "slack", "platform": "slack", "webhook_url": "keyring:"}]
    assert file["route"] == [{"channels": ["slack"]}]
    assert len(keyring.kept) == 1
    assert len(engine.reconfigured) == 2
    assert "“slack” is told" in wizard.done_step.words.text()
    hand.click(wizard.frame.next)
    qtbot.waitUntil(lambda: not isValid(wizard))


def test_only_the_channel_is_skipped(
    wizard: FirstStart, engine: FakeEngine, export: Path, files: OfficeFiles, qtbot: QtBot
) -> None:
    map_the_export(wizard, Hand(), export, qtbot)
    wizard.frame.skip.click()
    assert wizard.at == DONE
    assert "Nobody outside this window is told" in wizard.done_step.words.text()
    assert "channel" not in written(files)


def test_with_everything_skipped_it_says_what_is_missing(wizard: FirstStart, files: OfficeFiles) -> None:
    wizard.frame.skip.click()
    wizard.frame.skip.click()
    assert "the board stays empty" in wizard.done_step.words.text()
    assert not files.config.exists()


def test_back_leads_to_the_question_before_and_keeps_what_was_typed(wizard: FirstStart, qtbot: QtBot) -> None:
    wizard.frame.skip.click()
    wizard.platforms.mark("trello")
    wizard.frame.next.click()
    form = wizard.account
    assert form is not None
    form.form.fields["name"].editor.put("cards")
    QTest.keyClick(wizard, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert wizard.at == PLATFORM
    wizard.frame.next.click()
    assert wizard.account is form
    assert form.draft.values["name"] == "cards"


def test_left_and_taken_up_again_without_the_secret(
    wizard: FirstStart, room: DeskRoom, over: QWidget, engine: FakeEngine, export: Path, qtbot: QtBot
) -> None:
    map_the_export(wizard, Hand(), export, qtbot)
    wizard.platforms.mark("slack")
    wizard.frame.next.click()
    form = wizard.account
    assert form is not None
    form.form.fields["name"].editor.put("ops")
    secret = form.form.fields["webhook_url"].editor
    assert isinstance(secret, SecretEditor)
    secret.edit.setText("https://hooks.slack.com/services/T/B/verysecret")
    wizard.reject()
    kept = room.preferences.get(FIRST_START)
    assert kept.is_left
    assert dict(kept.values) == {"platform": "slack", "name": "ops"}
    assert "verysecret" not in FIRST_START.write(kept)
    again = begun(room, over, qtbot)
    qtbot.waitUntil(lambda: again.at == PLATFORM)
    again.frame.next.click()
    assert again.account is not None
    assert again.account.draft.values["name"] == "ops"
    again.reject()


def test_a_channel_that_can_not_be_used_is_not_saved(
    wizard: FirstStart, engine: FakeEngine, files: OfficeFiles, qtbot: QtBot
) -> None:
    wizard.frame.skip.click()
    wizard.platforms.mark("slack")
    wizard.frame.next.click()
    form = wizard.account
    assert form is not None
    secret = form.form.fields["webhook_url"].editor
    assert isinstance(secret, SecretEditor)
    secret.edit.setText("no address")
    secret.changed.emit()
    wizard.frame.next.click()
    qtbot.waitUntil(lambda: bool(form.form.fields["webhook_url"].problem.text))
    assert wizard.at == ACCOUNT
    assert not files.config.exists()


def test_the_sample_day_opens_beside_it(wizard: FirstStart, samples: list[bool]) -> None:
    wizard.frame.sample.click()
    assert samples == [True]
    assert "window of its own" in wizard.frame.said.text


def test_it_opens_by_itself_until_somebody_has_left_it(
    room: DeskRoom, over: QWidget, engine: FakeEngine, qtbot: QtBot
) -> None:
    door = SetUpDoor(room, over)
    door.watch()
    room.tasks.spawn(room.bridge.ask(lambda one: one.show_everything()))
    qtbot.waitUntil(lambda: isinstance(door.wizard, FirstStart))
    assert isinstance(door.wizard, FirstStart)
    door.wizard.reject()
    assert door.wizard is None
    later = SetUpDoor(room, over)
    later.watch()
    with qtbot.waitSignal(room.picture.status_changed):
        room.tasks.spawn(room.bridge.ask(lambda one: one.show_everything()))
    assert later.wizard is None
    room.wishes.set_up.emit()
    assert later.wizard is not None


@pytest.mark.parametrize("word", ["[]", '{"kind": 1}', "{"], ids=["a list", "half of it", "no json"])
def test_a_draft_that_makes_no_sense_is_no_draft(word: str, room: DeskRoom) -> None:
    room.preferences._settings.setValue(FIRST_START.key, word)
    assert room.preferences.get(FIRST_START) == Draft()
