"""`channel choices` and `channel sign-in`: what they print, and how they end."""

from __future__ import annotations

import json
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import httpx
import keyring
import pytest

from dispatchwatch.cli.program import run
from tests.fakes.keyring import MemoryKeyring
from tests.fakes.receiver import Answer, Receiver

BOARD = "a" * 24
REFRESH = "0.AXoAb5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj"
CONFIG = """
[[channel]]
name = "cards"
platform = "trello"
api_key = "0123456789abcdef0123456789abcdef"
token = "0000000000000000000000000000000000000000000000000000000000000000"
base_url = "{url}"

[[channel]]
name = "mail"
platform = "outlook"
authentication = "delegated"
tenant_id = "northside.example"
client_id = "66666666-7777-8888-9999-000000000000"
to = "boss@northside.example"
base_url = "{url}"
"""
LOGIN = "/northside.example/oauth2/v2.0"
GMAIL = """
[[channel]]
name = "gmail"
platform = "gmail"
mailbox = "dispatch@northside.example"
to = "boss@northside.example"
client_id = "1234567890-abc.apps.googleusercontent.com"
client_secret = "GOCSPX-0123456789abcdef"
refresh_token = "keyring:"
base_url = "{url}"
"""


class Shell:
    def __init__(self, folder: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = folder / "office.toml"
        self.receiver = receiver
        self._capsys = capsys
        self.write(CONFIG)

    def write(self, text: str) -> None:
        self.path.write_text(text.format(url=self.receiver.url), encoding="utf-8")

    def run(self, *arguments: str) -> tuple[int, str, str]:
        status = run(["channel", *arguments, "--config", str(self.path)])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return status, out, err


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    with Receiver() as receiver:
        receiver.script("/1/members/me/boards", Answer(body=[{"id": BOARD, "name": "Late"}]))
        code = {"user_code": "FGHJ", "device_code": "long", "verification_uri": "https://microsoft.com/devicelogin"}
        receiver.script(f"{LOGIN}/devicecode", Answer(body={**code, "expires_in": 900, "interval": 5}))
        receiver.script(f"{LOGIN}/token", Answer(body={"access_token": "x", "refresh_token": REFRESH}))
        yield Shell(tmp_path, receiver, capsys)


@pytest.fixture
def kept() -> Iterator[MemoryKeyring]:
    before, own = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


def test_choices_are_a_table_or_lines_of_json(shell: Shell) -> None:
    assert shell.run("choices", "cards", "id_board") == (0, f"{'VALUE'.ljust(26)}LABEL\n{BOARD}  Late\n", "")
    status, out, err = shell.run("choices", "cards", "id_board", "--json")
    assert (status, json.loads(out), err) == (0, {"value": BOARD, "label": "Late"}, "")


def test_nothing_to_choose_from_is_said(shell: Shell) -> None:
    shell.receiver.script("/1/members/me/boards", Answer(body=[]))
    assert shell.run("choices", "cards", "id_board") == (0, "The account has nothing to choose from.\n", "")
    assert shell.run("choices", "cards", "id_board", "--json") == (0, "", "")


def test_what_can_not_be_chosen_is_refused_in_a_sentence(shell: Shell) -> None:
    status, out, err = shell.run("choices", "cards", "token", "--json")
    assert (status, out) == (1, "")
    assert err.startswith("cards: token can’t be chosen from a list; these can: id_board, id_list")
    assert shell.run("choices", "nobody", "id_board")[0] == 1
    shell.path.write_text("[", encoding="utf-8")
    assert shell.run("choices", "cards", "id_board")[0] == 2


def test_a_sign_in_shows_the_code_and_keeps_what_it_brings(shell: Shell, kept: MemoryKeyring) -> None:
    status, out, err = shell.run("sign-in", "mail")
    assert status == 0
    assert "Open https://microsoft.com/devicelogin and enter FGHJ within 15 minutes." in out
    assert "mail is signed in" in out
    assert 'refresh_token = "keyring:"' in err
    assert REFRESH not in out + err
    assert kept.get_password("DispatchWatch", "mail.refresh_token") == REFRESH


def test_in_json_it_is_two_lines(shell: Shell, kept: MemoryKeyring) -> None:
    shell.write(CONFIG + 'refresh_token = "keyring:"\n')
    status, out, err = shell.run("sign-in", "mail", "--json")
    assert (status, err) == (0, "")
    code, done = (json.loads(line) for line in out.splitlines())
    assert (code["address"], code["code"], code["seconds"]) == ("https://microsoft.com/devicelogin", "FGHJ", 900)
    assert done["done"] is True


def test_a_sign_in_that_fails_keeps_nothing(shell: Shell, kept: MemoryKeyring) -> None:
    shell.receiver.script(f"{LOGIN}/token", Answer(400, body={"error": "access_denied"}))
    status, _, err = shell.run("sign-in", "mail")
    assert status == 1
    assert "the person said no" in err
    assert kept.entries == {}
    assert shell.run("sign-in", "cards")[0] == 1


def test_a_keyring_that_does_not_keep_it_is_said(shell: Shell, kept: MemoryKeyring) -> None:
    kept.broken = True
    status, out, err = shell.run("sign-in", "mail")
    assert status == 1
    assert "mail.refresh_token" in err
    assert REFRESH not in out + err


class Browser(webbrowser.BaseBrowser):
    """Signs in as soon as it is opened, as far as `answers` is set."""

    answers: ClassVar[dict[str, str]] = {}

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:  # noqa: ARG002
        asked = httpx.URL(url).params
        if self.answers:
            httpx.get(asked["redirect_uri"], params={"state": asked["state"], **self.answers}, trust_env=False)
        return bool(self.answers)


@pytest.fixture
def browser() -> Iterator[type[Browser]]:
    webbrowser.register("test", Browser, preferred=True)
    yield Browser
    Browser.answers = {}


@pytest.mark.parametrize("as_json", [False, True])
def test_a_sign_in_with_a_browser_opens_it(
    shell: Shell, kept: MemoryKeyring, browser: type[Browser], as_json: bool
) -> None:
    shell.write(GMAIL)
    shell.receiver.script("/token", Answer(body={"access_token": "x", "refresh_token": REFRESH}))
    browser.answers = {"code": "4/0AbC"}
    status, out, err = shell.run("sign-in", "gmail", *(["--json"] if as_json else []))
    assert (status, err) == (0, "")
    assert kept.get_password("DispatchWatch", "gmail.refresh_token") == REFRESH
    assert REFRESH not in out
    if as_json:
        asked = json.loads(out.splitlines()[0])
        assert (asked["channel"], asked["seconds"], "code" in asked) == ("gmail", 600, False)
        assert asked["address"].startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    else:
        assert out.startswith("Open https://accounts.google.com/o/oauth2/v2/auth?")
        assert " in a browser on this computer within 10 minutes. Waiting …" in out


def test_a_person_who_says_no_in_the_browser_keeps_nothing(
    shell: Shell, kept: MemoryKeyring, browser: type[Browser]
) -> None:
    shell.write(GMAIL)
    browser.answers = {"error": "access_denied"}
    status, _, err = shell.run("sign-in", "gmail")
    assert status == 1
    assert "Gmail did not sign anybody in: the person said no (access_denied)." in err
    assert kept.entries == {}
