# mypy: disable-error-code="no-untyped-call"
"""A channel is set up: chosen, filled in, looked up from the account, signed in for, tried, before it is saved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from dispatchwatch.app.channel_drafts import ChannelDraft, Outside
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.desktop import channel_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.channel_form import ChannelForm
from dispatchwatch.desktop.forms.choice_sheet import ChoiceSheet
from dispatchwatch.desktop.forms.editor import Surroundings
from dispatchwatch.desktop.forms.platform_list import PlatformList
from dispatchwatch.desktop.forms.platform_rows import PlatformRows
from dispatchwatch.desktop.forms.secret_editor import SecretEditor
from dispatchwatch.desktop.forms.sign_in_sheet import SignInSheet
from dispatchwatch.desktop.forms.templates_editor import TemplatesEditor
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.domain.alert import Operation
from tests.desktop.keyboard import give_keyboard
from tests.fakes.keyring import MemoryKeyring
from tests.fakes.receiver import Act, Answer, Receiver

HOOK = "https://hooks.slack.com/services/T1/B1/" + "x" * 24
BOARD = "a" * 24
TRELLO = {"platform": "trello", "name": "cards", "api_key": "0123456789abcdef0123456789abcdef", "token": "keyring:"}
MAIL = {
    "platform": "outlook",
    "name": "mail",
    "authentication": "delegated",
    "tenant_id": "northside.example",
    "client_id": "66666666-7777-8888-9999-000000000000",
    "to": "boss@northside.example",
}
Make = Callable[..., ChannelForm]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


@pytest.fixture
def channel(room: DeskRoom, receiver: Receiver, tmp_path: Path, qtbot: QtBot) -> Iterator[Make]:
    shown: list[QWidget] = []

    def make(values: dict[str, str], **typed: str) -> ChannelForm:
        outside = Outside(SecretSource({}, tmp_path, MemoryKeyring))
        secrets = {key: SecretStr(text) for key, text in typed.items()}
        draft = ChannelDraft({**values, "base_url": receiver.url}, secrets)
        window = QWidget()
        made = ChannelForm(room, draft, outside, Surroundings())
        made.setParent(window)
        shown.append(window)
        window.resize(1000, 800)
        made.resize(1000, 800)
        window.show()
        give_keyboard(window, qtbot)
        return made

    yield make
    receiver.release()
    for one in shown:
        delete(one)


def test_platforms_are_found_by_name_and_by_what_they_do(room: DeskRoom, qtbot: QtBot) -> None:
    platforms = PlatformList(room)
    qtbot.addWidget(platforms)
    QAbstractItemModelTester(platforms.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    platforms.show()
    assert platforms.model.rowCount() == len(PLATFORMS) == 20
    assert not platforms.is_complete
    qtbot.waitUntil(lambda: "Slack channel" in _line(platforms.model, "slack"))
    qtbot.keyClicks(platforms.search, "incident")
    assert {platforms.model.index(row, 0).data() for row in range(platforms.model.rowCount())} == {
        "PagerDuty",
        "ServiceNow",
    }
    with qtbot.waitSignal(platforms.chosen) as told:
        qtbot.keyClick(platforms.search, Qt.Key.Key_Return)
    assert told.args == ["pagerduty"]
    qtbot.keyClicks(platforms.search, " nobody")
    assert not platforms.is_complete


def test_what_a_platform_can_is_said_in_plain_words() -> None:
    model = PlatformRows()
    assert _line(model, "pagerduty").endswith("tells, updates, acknowledges, resolves, listens.")
    assert _line(model, "slack").endswith("tells, updates, acknowledges, resolves.")


def test_a_test_is_sent_from_a_channel_that_is_not_saved(channel: Make, receiver: Receiver, qtbot: QtBot) -> None:
    form = channel({"platform": "slack", "name": "ops", "webhook_url": "keyring:"}, webhook_url=HOOK)
    assert form.is_complete
    with qtbot.waitSignal(form.trying.arrived):
        form.trying.test.click()
    assert form.trying.said.text == "Slack took the test message."
    assert b"This is a test" in receiver.received[0].body


def test_what_is_missing_is_said_at_its_field_before_anything_is_sent(
    channel: Make, receiver: Receiver, qtbot: QtBot
) -> None:
    form = channel({"platform": "slack"})
    assert not form.is_complete
    form.trying.test.click()
    qtbot.waitUntil(lambda: form.trying.said.text == channel_phrases.FIX_FIRST)
    field = form.form.fields["webhook_url"]
    assert "is missing" in field.problem.text
    qtbot.waitUntil(field.editor.parts[0].hasFocus)
    assert receiver.received == []


def test_what_the_platform_refuses_is_said_beside_the_button(channel: Make, receiver: Receiver, qtbot: QtBot) -> None:
    receiver.script("*", Answer(404, body="no_service"))
    form = channel({"platform": "slack", "name": "ops", "webhook_url": "keyring:"}, webhook_url=HOOK)
    form.trying.test.click()
    qtbot.waitUntil(lambda: form.trying.said.text.startswith("Slack"))
    assert HOOK not in form.trying.said.text
    form.form.fields["name"].editor.parts[0].setFocus()
    qtbot.keyClicks(form.form.fields["name"].editor.parts[0], "x")
    assert form.trying.said.text == ""


def test_a_test_that_hangs_is_stopped(channel: Make, receiver: Receiver, qtbot: QtBot) -> None:
    receiver.script("*", Answer(act=Act.HANG))
    form = channel({"platform": "slack", "name": "ops", "webhook_url": "keyring:"}, webhook_url=HOOK)
    form.trying.test.click()
    qtbot.waitUntil(form.trying.stop.isVisible)
    qtbot.waitUntil(lambda: bool(receiver.received))
    assert not form.trying.test.isEnabled()
    form.trying.stop.click()
    assert form.trying.said.text == channel_phrases.CALLED_OFF
    assert form.trying.test.isEnabled()
    qtbot.waitUntil(nobody_asks)


def test_a_field_is_chosen_from_the_account(channel: Make, receiver: Receiver, qtbot: QtBot) -> None:
    boards = [{"id": BOARD, "name": "Late today"}, {"id": "b" * 24, "name": "Other"}]
    receiver.script("/1/members/me/boards", Answer(body=boards))
    form = channel(TRELLO, token="0" * 64)
    field = form.form.fields["id_board"]
    field.look_up.click()
    qtbot.waitUntil(lambda: form.window().findChild(ChoiceSheet) is not None)
    sheet = form.window().findChild(ChoiceSheet)
    assert sheet is not None
    qtbot.keyClicks(sheet.search, "late")
    sheet.does.click()
    assert field.editor.value == BOARD
    assert field.problem.text == "Late today"


def test_an_account_that_can_not_be_asked_says_why(channel: Make, receiver: Receiver, qtbot: QtBot) -> None:
    receiver.script("/1/members/me/boards", Answer(401, body="invalid token"))
    form = channel(TRELLO, token="0" * 64)
    field = form.form.fields["id_board"]
    field.look_up.click()
    qtbot.waitUntil(lambda: field.problem.text.startswith("Could not ask: Trello"))
    lists = form.form.fields["id_list"]
    lists.look_up.click()
    qtbot.waitUntil(lambda: "set that first: id_board" in lists.problem.text)


def test_a_person_signs_in_with_a_code(channel: Make, receiver: Receiver, qtbot: QtBot) -> None:
    login = "/northside.example/oauth2/v2.0"
    code = {"user_code": "ABCD-EFGH", "device_code": "d", "verification_uri": "https://microsoft.com/devicelogin"}
    receiver.script(f"{login}/devicecode", Answer(body={**code, "interval": 1}))
    receiver.script(f"{login}/token", Answer(body={"refresh_token": "brought", "access_token": "a"}, delay=60))
    form = channel(MAIL)
    assert not form.is_complete
    form.sign_in.click()
    sheet = form.window().findChild(SignInSheet)
    assert sheet is not None
    qtbot.waitUntil(lambda: sheet.code.text() == "ABCD-EFGH")
    assert sheet.address.field.text() == "https://microsoft.com/devicelogin"
    receiver.release()
    with qtbot.waitSignal(sheet.brought):
        pass
    assert form.draft.typed["refresh_token"].get_secret_value() == "brought"
    assert form.draft.values["refresh_token"] == "keyring:"
    assert form.is_complete


def test_signing_in_can_be_left(channel: Make, receiver: Receiver, qtbot: QtBot) -> None:
    receiver.script("*", Answer(act=Act.HANG))
    form = channel(MAIL)
    form.sign_in.click()
    sheet = form.window().findChild(SignInSheet)
    assert sheet is not None
    qtbot.waitUntil(lambda: bool(receiver.received))
    sheet._cancel.click()
    qtbot.waitUntil(nobody_asks)
    assert form.draft.typed == {}


def test_only_what_counts_is_shown(channel: Make) -> None:
    form = channel({"platform": "salesforce", "authentication": "jwt_bearer"}).form
    assert form.fields["private_key"].is_needed
    assert form.fields["client_secret"].isHidden()
    assert form.fields["timeout"].isHidden()
    assert not form.fields["authentication"].isHidden()
    assert "listen" not in channel({"platform": "slack"}).form.fields


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.key)
def test_every_platform_has_a_form_and_a_help_page(channel: Make, qtbot: QtBot, platform: object) -> None:
    form = channel({"platform": str(platform.key)})  # type: ignore[attr-defined]
    assert form.draft.values.keys() == {"platform", "base_url"}
    qtbot.waitUntil(lambda: bool(form.help.toPlainText()))
    assert channel_phrases.NO_HELP not in form.help.toPlainText()


def test_own_words_are_shown_as_they_go_out(channel: Make, qtbot: QtBot) -> None:
    form = channel({"platform": "slack", "name": "ops"})
    editor = form.form.fields["templates"].editor
    assert isinstance(editor, TemplatesEditor)
    words = editor.operations[Operation.RAISE]
    qtbot.waitUntil(lambda: "has not checked in" in words.preview.headline.text())
    assert words.editors["headline"].edit.placeholderText() == words.preview.headline.text()
    words.editors["headline"].edit.setPlainText("Look: {{ subject }}")
    qtbot.waitUntil(lambda: words.preview.headline.text().startswith("Look: "))
    assert form.draft.values["templates"] == {"raise": "Look: {{ subject }}"}
    words.editors["headline"].edit.setPlainText("one\n{{ nonsense }}")
    qtbot.waitUntil(lambda: words.said["headline"].text.startswith("Line 2: there is no “nonsense”"))
    marked = words.editors["headline"].edit.extraSelections()
    assert [one.cursor.blockNumber() for one in marked] == [1]
    assert words.preview._note.text() == channel_phrases.PREVIEW_BUILT_IN


def test_a_draft_that_was_left_is_taken_up_with_its_secrets(channel: Make) -> None:
    first = channel({"platform": "slack", "name": "ops", "webhook_url": "keyring:"}, webhook_url=HOOK)
    second = channel({"platform": "slack"})
    second.put(first.draft)
    assert second.draft == first.draft
    editor = second.form.fields["webhook_url"].editor
    assert isinstance(editor, SecretEditor)
    assert editor.edit.text() == ""


def nobody_asks() -> bool:
    """Whether every thread beside the window has ended, though the platform has not answered."""
    return not any(one.name.startswith("aside") for one in threading.enumerate())


def _line(model: PlatformRows, key: str) -> str:
    return str(model.index(model.place_of(key), 0).data(Qt.ItemDataRole.AccessibleTextRole))
