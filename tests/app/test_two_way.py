"""Listening, through a whole engine: beside sending, through somebody else's asking, with secrets that are renewed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.config import Config
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.events import Happening
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.store.store import Store, open_store
from tests.fakes.beside_engine import Listener, SteppedClock, run_beside
from tests.fakes.keyring import MemoryKeyring
from tests.fakes.receiver import Act, Answer, Received, Receiver

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
KEY = "0123456789abcdef0123456789abcdef"
CHANNELS = ("there", "ops")
REFRESH = "0.AXoAb5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj"
OFFICE = """
[office]
timezone = "UTC"
[[feed]]
name = "today"
kind = "csv"
path = "today.csv"
every = "1s"
[[channel]]
name = "ops"
platform = "slack"
webhook_url = "https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnop"
base_url = "{url}"
[[route]]
channels = ["there", "ops"]
[[channel]]
name = "there"
base_url = "{url}"
"""
PAGER = f"""
platform = "pagerduty"
routing_key = "{KEY}"
api_token = "read-only-token"
timeout = 60
listen = true
"""
BOT = f"""
platform = "telegram"
bot_token = "{TOKEN}"
chat_id = "-1001"
acknowledge_button = "on"
listen = true
"""
MAIL = """
platform = "outlook"
authentication = "delegated"
tenant_id = "northside.example"
client_id = "66666666-7777-8888-9999-000000000000"
refresh_token = "keyring:"
to = "boss@northside.example"
"""


def configured(folder: Path, receiver: Receiver, text: str, keyring: MemoryKeyring | None = None) -> Config:
    path = folder / "office.toml"
    path.write_text(OFFICE.format(url=receiver.url) + text, encoding="utf-8")
    return read_config(path, SecretSource({}, folder, lambda: keyring or MemoryKeyring()))


def write(folder: Path, *names: str) -> None:
    """Visits that should have begun forty minutes ago."""
    start = (datetime.now(UTC) - timedelta(minutes=40)).isoformat(timespec="seconds")
    draft = folder / "today.part"
    rows = "".join(f"{name},{start},J. Ortiz,Acme\n" for name in names)
    draft.write_text(f"Appointment No,Start,Tech,Customer\n{rows}", encoding="utf-8")
    draft.replace(folder / "today.csv")


def fields(listener: Listener, event: str, **wanted: Any) -> list[dict[str, Any]]:
    found = [dict(one.fields) for one in listener.events if isinstance(one, Happening) and one.event == event]
    return [one for one in found if all(one.get(key) == value for key, value in wanted.items())]


def kept(folder: Path) -> Store:
    return open_store(folder / "data" / "db.sqlite", datetime.now(UTC))


async def until_told(listener: Listener, count: int = 1) -> None:
    await listener.until(lambda: all(len(fields(listener, "delivered", channel=one)) >= count for one in CHANNELS))


def incidents(status: str) -> Answer:
    person = {"type": "user_reference", "summary": "Ann Lee"}
    at = (datetime.now(UTC) + timedelta(seconds=2)).isoformat(timespec="seconds")
    changed = {"last_status_change_by": person, "last_status_change_at": at, "created_at": at}
    return Answer(body={"incidents": [{"status": status, **changed}]})


def test_who_acknowledges_in_pagerduty_is_shown_and_the_others_hear_of_it(tmp_path: Path) -> None:
    write(tmp_path, "J-1")

    async def first(_: Engine, listener: Listener, __: SteppedClock) -> None:
        await until_told(listener)

    async def second(_: Engine, listener: Listener, __: SteppedClock) -> None:
        await listener.until(lambda: "acknowledged" in listener.names())
        assert [one["acknowledged_by"] for one in fields(listener, "acknowledged")] == ["Ann Lee"]
        await listener.until(lambda: bool(fields(listener, "delivered", channel="ops", operation="acknowledge")))

    with Receiver() as receiver:
        config = configured(tmp_path, receiver, PAGER)
        run_beside(config, first)
        receiver.script("/incidents", incidents("acknowledged"))
        run_beside(config, second)
        assert receiver.wait_for(1, "/incidents")[0].headers["authorization"] == "Token token=read-only-token"
    store = kept(tmp_path)
    assert [one.operation.value for one in store.outbox.listed() if one.channel == "there"] == ["raise"]
    (entry,) = [one for one in store.audit.entries() if one["action"] == "acknowledged"]
    assert (entry["who"], entry["origin"]) == ("Ann Lee", "pagerduty")
    store.close()


def test_a_question_that_hangs_holds_back_no_message_and_no_end(tmp_path: Path) -> None:
    write(tmp_path, "J-1")

    async def first(_: Engine, listener: Listener, __: SteppedClock) -> None:
        await until_told(listener)

    with Receiver() as receiver:

        async def second(_: Engine, listener: Listener, __: SteppedClock) -> None:
            await asyncio.to_thread(receiver.wait_for, 1, "/incidents")
            write(tmp_path, "J-1", "J-2")
            await until_told(listener)

        config = configured(tmp_path, receiver, PAGER)
        run_beside(config, first)
        receiver.script("/incidents", Answer(act=Act.HANG))
        run_beside(config, second)


def test_who_asks_for_the_office_s_bot_brings_the_buttons_as_well(tmp_path: Path) -> None:
    write(tmp_path, "J-1")
    updates: list[dict[str, Any]] = []

    def ask(_: Received) -> Answer:
        found = list(updates)
        updates.clear()
        return Answer(body={"ok": True, "result": found}, delay=0.0 if found else 0.05)

    with Receiver() as telegram:
        telegram.script(f"/bot{TOKEN}/getUpdates", ask)
        telegram.script(
            f"/bot{TOKEN}/sendMessage", Answer(body={"ok": True, "result": {"message_id": 7, "chat": {"id": -1001}}})
        )
        telegram.script(f"/bot{TOKEN}/answerCallbackQuery", Answer(body={"ok": True, "result": True}))

        async def step(_: Engine, listener: Listener, __: SteppedClock) -> None:
            await until_told(listener)
            message = {"message_id": 7, "chat": {"id": -1001}}
            press = {"id": "1", "from": {"first_name": "Ann", "last_name": "Lee"}, "data": "acknowledge"}
            updates.append({"update_id": 9, "callback_query": {**press, "message": message}})
            await listener.until(lambda: "acknowledged" in listener.names())
            assert [one["acknowledged_by"] for one in fields(listener, "acknowledged")] == ["Ann Lee"]
            await listener.until(lambda: bool(fields(listener, "delivered", channel="ops", operation="acknowledge")))

        section = f'[telegram_check_in]\ntoken = "{TOKEN}"\nbase_url = "{telegram.url}"\n'
        run_beside(configured(tmp_path, telegram, BOT + section), step)
        asked = [one.json for one in telegram.received if one.path.endswith("getUpdates")]
        answered = [one.json for one in telegram.received if one.path.endswith("answerCallbackQuery")]
    assert {tuple(one["allowed_updates"]) for one in asked} == {("message", "callback_query")}
    assert {one["timeout"] for one in asked} == {25}
    assert [one["text"] for one in answered] == ["Acknowledged by Ann Lee."]


@pytest.mark.parametrize("broken", [False, True])
def test_a_renewed_secret_is_kept_or_it_is_said(tmp_path: Path, broken: bool) -> None:
    write(tmp_path, "J-1")
    keyring = MemoryKeyring(**{"there.refresh_token": REFRESH})
    renewed = "1.AXoAnother-refresh-token-of-some-length"

    async def step(_: Engine, listener: Listener, __: SteppedClock) -> None:
        keyring.broken = broken
        await until_told(listener)
        if broken:
            await listener.until(lambda: "secret_not_kept" in listener.names())
            assert renewed not in f"{listener.events}"

    with Receiver() as receiver:
        token = {"access_token": "access", "expires_in": 3600, "refresh_token": renewed}
        receiver.script("/northside.example/oauth2/v2.0/token", Answer(body=token))
        receiver.script("/v1.0/me/sendMail", Answer(202, body=""))
        run_beside(configured(tmp_path, receiver, MAIL, keyring), step, lambda: keyring)
    assert keyring.get_password("DispatchWatch", "there.refresh_token") == (REFRESH if broken else renewed)


def test_what_can_not_listen_is_told_of(tmp_path: Path) -> None:
    with Receiver() as receiver:
        for text, said in (
            (PAGER.replace('api_token = "read-only-token"', ""), "as this channel is set up"),
            (MAIL.replace("keyring:", "x" * 20) + "listen = true\n", "leave listen out"),
        ):
            found = configured(tmp_path, receiver, text).warnings
            (told,) = [one for one in found if one.where.endswith(".listen")]
            assert said in told.text
            assert told.needs_action
        assert not [one for one in configured(tmp_path, receiver, PAGER).warnings if one.where.endswith(".listen")]
