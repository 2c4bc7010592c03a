"""A channel that is in no file yet is looked into, tried and tested, and nothing of it is written anywhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from dispatchwatch.app.channel_drafts import ChannelDraft, DraftError, DraftTrial, Outside, signs_in
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.app.signing_in import Asked, Screen
from dispatchwatch.app.unfinished import UnfinishedError
from dispatchwatch.dispatch.catalog import platform
from tests.fakes.keyring import MemoryKeyring
from tests.fakes.receiver import Answer, Receiver

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOKEN, KEY, BOARD = "0" * 64, "0123456789abcdef0123456789abcdef", "a" * 24
HOOK = "https://hooks.slack.com/services/T1/B1/" + "x" * 24


class Desk:
    """Drafts, and the platform that they lead to."""

    def __init__(self, folder: Path, receiver: Receiver) -> None:
        self.receiver = receiver
        self.keyring = MemoryKeyring()
        self.outside = Outside(SecretSource({}, folder, lambda: self.keyring))

    def slack(self, *, typed: bool = True, **values: object) -> DraftTrial:
        told = {"platform": "slack", "webhook_url": "keyring:", "base_url": self.receiver.url, **values}
        secrets = {"webhook_url": SecretStr(HOOK)} if typed else {}
        return DraftTrial(ChannelDraft(told, secrets, "ops"), self.outside)

    def trello(self, **values: object) -> DraftTrial:
        told = {"platform": "trello", "name": "cards", "api_key": KEY, "token": "keyring:", **values}
        draft = ChannelDraft({**told, "base_url": self.receiver.url}, {"token": SecretStr(TOKEN)})
        return DraftTrial(draft, self.outside)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Receiver() as receiver:
        yield Desk(tmp_path, receiver)


def test_a_test_goes_out_with_a_secret_that_is_kept_nowhere(desk: Desk) -> None:
    result = asyncio.run(desk.slack().test(NOW))
    assert (result.done, result.text) == (True, "Slack took the test message.")
    assert b"This is a test from DispatchWatch" in desk.receiver.received[0].body
    assert desk.keyring.entries == {}


def test_a_secret_that_was_not_typed_is_the_one_the_keyring_has_under_the_name_it_is_known_by(desk: Desk) -> None:
    desk.keyring.set_password("DispatchWatch", "ops.webhook_url", HOOK)
    assert asyncio.run(desk.slack(typed=False, name="renamed").test(NOW)).done


def test_everything_that_is_wrong_is_said_at_its_field_and_nothing_is_sent(desk: Desk) -> None:
    with pytest.raises(DraftError) as caught:
        asyncio.run(desk.slack(typed=False, rate="often").test(NOW))
    assert set(caught.value.problems) == {"webhook_url", "rate"}
    assert "no entry “ops.webhook_url”" in caught.value.problems["webhook_url"]
    assert desk.receiver.received == []


def test_what_a_platform_says_no_to_is_a_sentence(desk: Desk) -> None:
    desk.receiver.script("*", Answer(403, body="invalid_token"))
    result = asyncio.run(desk.slack().test(NOW))
    assert not result.done
    assert "Slack" in result.text
    assert HOOK not in result.text


def test_choices_come_from_the_account_while_fields_are_still_empty(desk: Desk) -> None:
    desk.receiver.script("/1/members/me/boards", Answer(body=[{"id": BOARD, "name": "Late"}]))
    found = asyncio.run(desk.trello().choices("id_board", NOW))
    assert [(one.value, one.label) for one in found] == [(BOARD, "Late")]
    with pytest.raises(UnfinishedError, match="set that first: id_board"):
        asyncio.run(desk.trello().choices("id_list", NOW))


def test_a_platform_that_is_not_chosen_yet_is_said(desk: Desk) -> None:
    with pytest.raises(DraftError) as caught:
        asyncio.run(DraftTrial(ChannelDraft(), desk.outside).check(NOW))
    assert caught.value.problems == {"platform": "Choose a platform first."}


def test_the_harmless_call_is_tried(desk: Desk) -> None:
    desk.receiver.script("*", Answer(body={"id": "me"}))
    found = asyncio.run(desk.trello(id_board=BOARD, id_list="b" * 24).check(NOW))
    assert (found.is_problem, found.text) == (False, "Trello accepts its credentials")


def outlook(receiver: Receiver) -> dict[str, object]:
    return {
        "platform": "outlook",
        "name": "mail",
        "authentication": "delegated",
        "tenant_id": "northside.example",
        "client_id": "66666666-7777-8888-9999-000000000000",
        "to": "boss@northside.example",
        "refresh_token": "keyring:",
        "base_url": receiver.url,
    }


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "kept"])
def test_a_secret_that_is_renewed_goes_where_the_old_one_was(desk: Desk, typed: bool) -> None:
    desk.receiver.script(
        "/northside.example/oauth2/v2.0/token",
        Answer(body={"access_token": "a", "expires_in": 3600, "refresh_token": "the-next"}),
    )
    desk.receiver.script("*", Answer(202, body=""))
    desk.keyring.set_password("DispatchWatch", "mail.refresh_token", "the-first")
    secrets = {"refresh_token": SecretStr("typed")} if typed else {}
    trial = DraftTrial(ChannelDraft(outlook(desk.receiver), secrets, "mail"), desk.outside)
    assert asyncio.run(trial.test(NOW)).done
    kept = desk.keyring.get_password("DispatchWatch", "mail.refresh_token")
    assert kept == ("the-first" if typed else "the-next")
    assert [one.get_secret_value() for one in trial.renewed.values()] == (["the-next"] if typed else [])


def test_a_person_signs_in_for_a_draft(desk: Desk) -> None:
    login = "/northside.example/oauth2/v2.0"
    code = {"user_code": "ABCD-EFGH", "device_code": "d", "verification_uri": "https://microsoft.com/devicelogin"}
    desk.receiver.script(f"{login}/devicecode", Answer(body=code))
    desk.receiver.script(f"{login}/token", Answer(body={"access_token": "a", "refresh_token": "brought"}))
    shown: list[Asked] = []
    values = {key: value for key, value in outlook(desk.receiver).items() if key != "refresh_token"}
    trial = DraftTrial(ChannelDraft(values), desk.outside)
    field, secret = asyncio.run(trial.sign_in(Screen(show=shown.append, open_page=lambda _: None)))
    assert (field, secret.get_secret_value(), shown[0].code) == ("refresh_token", "brought", "ABCD-EFGH")
    assert desk.keyring.entries == {}


def test_nobody_signs_in_where_there_is_nothing_to_sign_in_to(desk: Desk) -> None:
    assert [signs_in(platform(key)) for key in ("outlook", "gmail", "slack")] == [True, True, False]
    with pytest.raises(UnfinishedError, match="Nobody signs in to Slack"):
        asyncio.run(desk.slack().sign_in(Screen(show=print, open_page=print)))
