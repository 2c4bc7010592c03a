"""What a field can be set to is asked for while the channel is not whole yet; so is a person's sign-in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.channels import describe_platform
from dispatchwatch.app.choosing import choices, offered, to_choose
from dispatchwatch.app.config import ConfigError
from dispatchwatch.app.renewals import Renewals
from dispatchwatch.app.secrets import SecretError, SecretSource, keep
from dispatchwatch.app.signing_in import Asked, Screen, sign_in, to_sign_in
from dispatchwatch.app.unfinished import UnfinishedError
from dispatchwatch.dispatch.catalog import PLATFORMS
from tests.fakes.keyring import MemoryKeyring
from tests.fakes.receiver import Act, Answer, Receiver

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOKEN = "0" * 64
KEY = "0123456789abcdef0123456789abcdef"
BOARD, LIST = "a" * 24, "b" * 24
TRELLO = f'[[channel]]\nname = "cards"\nplatform = "trello"\napi_key = "{KEY}"\ntoken = "keyring:"\n'
ZOHO = """
[[channel]]
name = "cards"
platform = "zoho"
client_id = "1000.Q7ZS81LMPW03KXVT5RYUEHND"
client_secret = "b5c8d1f3a6e4c9d2b7a5e8f1c3d6a9b2c5d8e1f4aa"
refresh_token = "1000.0123456789abcdef0123456789abcdef.fedcba9876543210fedcba9876543210"
"""
MAIL = """
[[channel]]
name = "mail"
platform = "outlook"
authentication = "delegated"
tenant_id = "northside.example"
client_id = "66666666-7777-8888-9999-000000000000"
to = "boss@northside.example"
"""
REFRESH = "0.AXoAb5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj"
LOGIN = "/northside.example/oauth2/v2.0"
OFFERED = {
    "servicenow": {"assignment_group"},
    "asana": {"project", "section", "key_field"},
    "trello": {"id_board", "id_list"},
    "monday": {"board_id", "key_column", "status_column"},
    "hubspot": {"hs_pipeline", "hs_pipeline_stage"},
    "telegram": {"chat_id"},
    "zoho": {"module", "status_field", "unique_field", "new_status", "acknowledged_status", "resolved_status"},
}


class Account:
    """A file with one channel, and the platform that it leads to."""

    def __init__(self, folder: Path, receiver: Receiver) -> None:
        self.path = folder / "office.toml"
        self.receiver = receiver
        self.keyring = MemoryKeyring(**{"cards.token": TOKEN})
        self.secrets = SecretSource({}, folder, lambda: self.keyring)

    def write(self, text: str) -> None:
        self.path.write_text(f'{text}\nbase_url = "{self.receiver.url}"\n', encoding="utf-8")

    def choose(self, field: str, text: str, name: str = "cards") -> list[tuple[str, str]]:
        self.write(text)
        channel = to_choose(self.path, name, field, self.secrets)
        found = asyncio.run(choices(channel, field, NOW, Renewals(lambda: self.keyring, self.said)))
        return [(one.value, one.label) for one in found]

    def said(self, word: str, text: str) -> None:
        raise AssertionError(f"{word}: {text}")

    def refused(self, field: str, text: str, name: str = "cards") -> str:
        with pytest.raises(UnfinishedError) as caught:
            self.choose(field, text, name)
        assert TOKEN not in str(caught.value)
        assert KEY not in str(caught.value)
        return str(caught.value)

    def boards(self) -> None:
        boards = [{"id": BOARD, "name": "Zebra"}, {"id": LIST, "name": "ant\x1b[31m\nfarm"}]
        self.receiver.script("/1/members/me/boards", Answer(body=boards))
        self.receiver.script(f"/1/boards/{BOARD}/lists", Answer(body=[{"id": LIST, "name": "Late today"}]))


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with Receiver() as receiver:
        yield Account(tmp_path, receiver)


def test_a_field_that_is_missing_can_be_chosen(account: Account) -> None:
    account.boards()
    expected = [(LIST, "ant[31m farm"), (BOARD, "Zebra")]
    assert account.choose("id_board", TRELLO) == expected
    assert TOKEN in account.receiver.received[0].headers["authorization"]
    assert account.choose("id_board", TRELLO + 'id_board = ""\nid_list = ""') == expected
    assert account.choose("id_board", TRELLO + 'id_board = "what was it"') == expected


def test_a_field_that_depends_on_another_says_so(account: Account) -> None:
    account.boards()
    assert account.choose("id_list", f'{TRELLO}id_board = "{BOARD}"') == [(LIST, "Late today")]
    assert "set that first: id_board" in account.refused("id_list", TRELLO)


def test_a_value_of_another_field_that_is_wrong_is_said_and_never_sent(account: Account) -> None:
    assert "Board" in account.refused("id_list", TRELLO + 'id_board = "../../x"')
    assert account.receiver.received == []


def test_a_field_on_which_it_depends_may_be_left_at_its_usual_value(account: Account) -> None:
    account.receiver.script("/oauth/v2/token", Answer(body={"access_token": "x", "expires_in": 3600}))
    values = [{"display_value": "New", "actual_value": "New"}]
    status = {"api_name": "Status", "field_label": "Status", "pick_list_values": values}
    account.receiver.script("/crm/v8/settings/fields", Answer(body={"fields": [status]}))
    assert account.choose("new_status", ZOHO) == [("New", "New")]
    assert account.receiver.received[-1].target.endswith("module=Cases")


def test_what_else_is_wrong_is_said(account: Account) -> None:
    assert "can’t be chosen" in account.refused("token", TRELLO)
    assert "id_board" in account.refused("nonsense", TRELLO)
    assert "There is no channel “other”" in account.refused("id_board", TRELLO, "other")
    assert "missing" in account.refused("id_board", TRELLO.replace("api_key", "# api_key"))
    assert "is not a platform" in account.refused("id_board", TRELLO.replace('"trello"', '"trallo"'))
    account.keyring.entries.clear()
    assert "cards.token" in account.refused("id_board", TRELLO)


def test_the_rest_of_the_file_may_be_wrong(account: Account) -> None:
    account.boards()
    assert account.choose("id_board", f'[[route]]\nchannels = ["nobody"]\n[[feed]]\nkind = "x"\n{TRELLO}')
    with pytest.raises(ConfigError):
        account.choose("id_board", f'[network]\nproxy = "nonsense"\n{TRELLO}')


@pytest.mark.parametrize(
    ("answer", "words"),
    [(Answer(401, body="invalid key"), "Trello"), (Answer(act=Act.RESET), "Trello"), (Answer(body="<html>"), "Trello")],
)
def test_a_platform_that_says_no_is_a_sentence(account: Account, answer: Answer, words: str) -> None:
    account.receiver.script("/1/members/me/boards", answer)
    assert words in account.refused("id_board", TRELLO)


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.key)
def test_every_platform_names_what_can_be_chosen(platform: Any) -> None:
    some = offered(platform)
    assert set(some) >= OFFERED.get(platform.key, set())
    shown = {one["key"] for one in describe_platform(platform)["fields"] if one["look_up"]}
    assert shown == set(some)
    assert all(platform.config.model_fields[one].annotation is str for one in some)
    assert describe_platform(platform)["listens"] is (
        platform.key in {"pagerduty", "servicenow", "zendesk", "salesforce", "freshdesk", "telegram", "asana", "trello",
                         "monday", "hubspot", "zoho"}
    )  # fmt: skip


# Signing in


class SigningIn:
    def __init__(self, account: Account, text: str = MAIL) -> None:
        account.write(text)
        self.account = account
        self.shown: list[Asked] = []
        self.rests: list[float] = []
        code = {"user_code": "FGHJ", "device_code": "long", "verification_uri": "https://microsoft.com/devicelogin"}
        account.receiver.script(f"{LOGIN}/devicecode", Answer(body={**code, "expires_in": 60, "interval": 5}))

    async def rest(self, seconds: float) -> None:
        self.rests.append(seconds)

    def open(self, address: str) -> None:
        raise AssertionError(f"{address} need not be opened on this computer")

    def run(self, *answers: Answer) -> str:
        self.account.receiver.script(f"{LOGIN}/token", *answers)
        channel, how = to_sign_in(self.account.path, "mail", self.account.secrets)
        screen = Screen(show=self.shown.append, open_page=self.open, rest=self.rest)
        return asyncio.run(sign_in(channel, how, screen))


def no(error: str) -> Answer:
    return Answer(400, body={"error": error})


PENDING = no("authorization_pending")
SIGNED_IN = Answer(body={"access_token": "x", "refresh_token": REFRESH})


@pytest.mark.parametrize("more", ["", 'refresh_token = "keyring:"', 'refresh_token = ""'])
def test_a_person_signs_in_while_we_ask(account: Account, more: str) -> None:
    signing = SigningIn(account, MAIL + more)
    assert signing.run(PENDING, PENDING, SIGNED_IN) == REFRESH
    assert signing.shown == [Asked("https://microsoft.com/devicelogin", 60, "FGHJ")]
    assert signing.rests == [5.0, 5.0]


def test_asked_to_go_slower_it_does_and_trouble_is_waited_out(account: Account) -> None:
    signing = SigningIn(account)
    assert signing.run(no("slow_down"), PENDING, Answer(503), Answer(act=Act.RESET), SIGNED_IN) == REFRESH
    assert signing.rests == [10.0, 10.0, 15.0, 20.0]


@pytest.mark.parametrize(
    ("answer", "words"),
    [(PENDING, "not entered in time"), (no("access_denied"), "said no"), (no("invalid_client"), "invalid_client")],
)
def test_a_sign_in_that_fails_says_why(account: Account, answer: Answer, words: str) -> None:
    with pytest.raises(UnfinishedError, match=words):
        SigningIn(account).run(answer)


def test_where_nobody_signs_in_with_a_code_it_is_said(account: Account) -> None:
    account.write(TRELLO + f'id_board = "{BOARD}"\nid_list = "{LIST}"')
    with pytest.raises(UnfinishedError, match="nobody signs in to Trello"):
        to_sign_in(account.path, "cards", account.secrets)


def test_what_the_keyring_does_not_keep_is_said_without_it() -> None:
    keyring = MemoryKeyring()
    keep(keyring, "mail", "refresh_token", REFRESH)
    assert keyring.get_password("DispatchWatch", "mail.refresh_token") == REFRESH
    keyring.broken = True
    with pytest.raises(SecretError) as caught:
        keep(keyring, "mail", "refresh_token", "another secret")
    assert "another secret" not in f"{caught.value}"
    assert caught.value.__cause__ is None
