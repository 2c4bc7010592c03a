"""A refresh token that a platform replaces while a command asks it is kept as the running program keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from dispatchwatch.cli.program import run
from tests.fakes.keyring import MemoryKeyring
from tests.fakes.receiver import Answer, Receiver

OLD, NEW = "0.AXoAb5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj", "1.BYpBc6Zt9Eg2Hi4Uq7VuX5Ry0MnAs3Ld8WcOk"
CONFIG = """
[[channel]]
name = "mail"
platform = "outlook"
authentication = "delegated"
tenant_id = "northside.example"
client_id = "66666666-7777-8888-9999-000000000000"
to = "boss@northside.example"
base_url = "{url}"
refresh_token = "{token}"
"""
COMMANDS = [["channel", "test", "mail"], ["check", "--connect"]]
IDS = ["test", "check"]
CAN_NOT = (
    "mail: Outlook renewed the refresh_token, which can’t be kept where it stands. "
    'Write refresh_token = "keyring:" and sign in again before the old one ends.\n'
)


class Shell:
    def __init__(self, folder: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._receiver = receiver
        self._capsys = capsys
        (folder / "token").write_text(OLD, encoding="utf-8")

    def run(self, command: list[str], token: str) -> tuple[int, str, str]:
        path = self._folder / "office.toml"
        path.write_text(CONFIG.format(url=self._receiver.url, token=token), encoding="utf-8")
        status = run([*command, "--config", str(path), "--data", str(self._folder / "data")])
        out, err = self._capsys.readouterr()
        assert NEW not in out + err
        assert "Traceback" not in err
        return status, out, err


@pytest.fixture
def kept() -> Iterator[MemoryKeyring]:
    before, own = keyring.get_keyring(), MemoryKeyring(**{"mail.refresh_token": OLD})
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    with Receiver() as receiver:
        token = {"access_token": "access", "expires_in": 3600, "refresh_token": NEW}
        receiver.script("/northside.example/oauth2/v2.0/token", Answer(body=token))
        receiver.script("/v1.0/me", Answer(body={"displayName": "Dispatch"}))
        receiver.script("/v1.0/me/sendMail", Answer(202, body=""))
        yield Shell(tmp_path, receiver, capsys)


@pytest.mark.parametrize("command", COMMANDS, ids=IDS)
def test_what_came_from_the_keyring_goes_back_there(shell: Shell, kept: MemoryKeyring, command: list[str]) -> None:
    status, _, err = shell.run(command, "keyring:")
    assert status == 0
    assert "renewed" not in err
    assert kept.get_password("DispatchWatch", "mail.refresh_token") == NEW


@pytest.mark.parametrize("command", COMMANDS, ids=IDS)
@pytest.mark.parametrize("token", ["file:token", "env:MAIL_TOKEN", OLD], ids=["file", "env", "literal"])
def test_a_place_that_can_not_be_written_is_said(
    shell: Shell, kept: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, command: list[str], token: str
) -> None:
    monkeypatch.setenv("MAIL_TOKEN", OLD)
    status, _, err = shell.run(command, token)
    assert status == 0
    assert err.count(CAN_NOT) == 1
    assert kept.get_password("DispatchWatch", "mail.refresh_token") == OLD


@pytest.mark.parametrize("command", COMMANDS, ids=IDS)
def test_a_keyring_that_takes_nothing_is_said(shell: Shell, kept: MemoryKeyring, command: list[str]) -> None:
    kept.broken = True
    status, _, err = shell.run(command, "keyring:")
    assert status == 0
    assert "mail: a renewed refresh_token could not be kept" in err
