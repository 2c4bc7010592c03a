"""What comes in by itself, through a whole engine: events, check-in links, messages to the bot, visits typed."""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from dispatchwatch.app.check_in_links import Issued
from dispatchwatch.app.compose import open_desk
from dispatchwatch.app.config import Config
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.events import Happening, ToastWanted
from dispatchwatch.app.invitations import Invitations, NotPossible
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.domain.visit import Status, Technician, VisitKey
from dispatchwatch.intake.desk_feed import DESK
from dispatchwatch.store.store import open_store
from tests.fakes.beside_engine import Listener, SteppedClock, run_beside
from tests.fakes.receiver import Answer, Received, Receiver

SAM = Actor("Sam", "desk")
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
TODAY = VisitKey("today", "J-1")
OFFICE = """
[office]
timezone = "UTC"
[[feed]]
name = "today"
kind = "csv"
path = "today.csv"
every = "1h"
"""
LISTENER = "[listener]\nport = 0\n"
LINKS = LISTENER + 'check_in_links = true\nbase_url = "http://192.168.1.10:8460"\n'
POLLS = f"""
[[feed]]
name = "hook"
kind = "webhook"
polls = "today"
signature = {{ header = "X-Signature", secret = "{SECRET}" }}
"""
TELLS = f"""
[[feed]]
name = "hook"
kind = "webhook"
records = "visit"
paths = {{ ext_id = "id", sched_start = "start", status = "status" }}
signature = {{ header = "X-Signature", secret = "{SECRET}" }}
"""


def configured(folder: Path, text: str) -> Config:
    path = folder / "office.toml"
    path.write_text(OFFICE + text, encoding="utf-8")
    return read_config(path, SecretSource({"TOKEN": TOKEN}, folder, system_keyring))


def write(folder: Path, **starts: float) -> None:
    """The schedule: the visits of these names, so many minutes from now."""
    rows = "".join(f"{name.replace('_', '-')},{_in(minutes)},J. Ortiz,Acme\n" for name, minutes in starts.items())
    draft = folder / "today.part"
    draft.write_text(f"Appointment No,Start,Tech,Customer\n{rows}", encoding="utf-8")
    draft.replace(folder / "today.csv")


def _in(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="seconds")


async def send(url: str, body: bytes, secret: str = SECRET) -> int:
    headers = {"X-Signature": hmac.new(secret.encode(), body, sha256).hexdigest()}
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.post(f"{url}/hooks/hook", content=body, headers=headers)).status_code


async def listening(listener: Listener) -> str:
    """Where requests are taken."""
    await listener.until(lambda: "listening" in listener.names())
    told = next(one for one in listener.events if isinstance(one, Happening) and one.event == "listening")
    return told.text.rpartition(" ")[2]


def fields(listener: Listener, event: str) -> list[dict[str, Any]]:
    return [dict(one.fields) for one in listener.events if isinstance(one, Happening) and one.event == event]


def test_an_event_has_its_feed_read_at_once(tmp_path: Path) -> None:
    write(tmp_path, J_1=60)

    async def step(_: Engine, listener: Listener, __: SteppedClock) -> None:
        url = await listening(listener)
        await listener.until(lambda: "feed_ok" in listener.names())
        write(tmp_path, J_1=60, J_2=90)
        assert await send(url, b'{"changed": "J-2"}') == 202
        await listener.until(lambda: listener.names().count("feed_ok") == 2)
        assert fields(listener, "feed_ok")[-1]["visits"] == 2

    run_beside(configured(tmp_path, POLLS + LISTENER), step)


def test_an_event_with_another_signature_is_refused_and_the_office_hears_of_it(tmp_path: Path) -> None:
    write(tmp_path, J_1=60)

    async def step(_: Engine, listener: Listener, __: SteppedClock) -> None:
        url = await listening(listener)
        assert await send(url, b"{}", secret="another secret of somebody") == 401
        await listener.until(lambda: "request_refused" in listener.names())
        (told,) = fields(listener, "request_refused")
        assert told["text"].startswith("a request to the webhook hook was not taken: its signature is not ours")

    run_beside(configured(tmp_path, POLLS + LISTENER), step)


def test_a_visit_that_an_event_tells_of_is_watched_also_after_a_restart(tmp_path: Path) -> None:
    write(tmp_path, J_1=600)
    body = json.dumps({"visit": {"id": "W-1", "start": _in(-60), "status": "scheduled"}}).encode()

    async def first(_: Engine, listener: Listener, __: SteppedClock) -> None:
        url = await listening(listener)
        assert [await send(url, body), await send(url, body)] == [202, 202]
        await listener.until(lambda: "raised" in listener.names())
        assert [one["job"] for one in fields(listener, "raised")] == ["W-1"]

    async def second(engine: Engine, listener: Listener, _: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names() or "stopped" in listener.names())
        page = await engine.visit_page(VisitKey("hook", "W-1"))
        assert page is not None
        arrived = json.dumps({"visit": {"id": "W-1", "start": _in(-60), "status": "on site"}}).encode()
        assert await send(await listening(listener), arrived) == 202
        await listener.until(lambda: "resolved" in listener.names())
        assert "raised" not in listener.names()

    config = configured(tmp_path, TELLS + LISTENER)
    run_beside(config, first)
    write(tmp_path, J_1=600, J_2=700)
    run_beside(config, second)


def test_a_link_lets_the_technician_check_in_and_ends_the_alert(tmp_path: Path) -> None:
    write(tmp_path, J_1=-40)

    async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
        url = await listening(listener)
        await listener.until(lambda: "raised" in listener.names())
        issued = await engine.link(TODAY, SAM)
        assert issued.url.startswith("http://192.168.1.10:8460/c/")
        token = issued.url.rpartition("/")[2]
        async with httpx.AsyncClient(trust_env=False) as phone:
            seen = await phone.get(f"{url}/c/{token}")
            assert "You are not checked in yet." in seen.text
            assert "resolved" not in listener.names()
            done = await phone.post(f"{url}/c", data={"token": token, "action": "arrived"})
            assert "Recorded. You are checked in" in done.text
        await listener.until(lambda: "resolved" in listener.names())
        page = await engine.visit_page(TODAY)
        assert page is not None
        assert page.row.visit.status is Status.ARRIVED

    config = configured(tmp_path, LINKS)
    run_beside(config, step)
    store = open_store(tmp_path / "data" / "db.sqlite", datetime.now(UTC))
    trail = [(one["who"], one["origin"], one["action"]) for one in store.audit.entries()]
    assert ("Sam", "desk", "check_in_link_given") in trail
    assert ("J. Ortiz", "check-in link", "check_in") in trail
    assert "/c/" not in repr(list(store.audit.entries()))


def test_a_link_given_out_by_another_process_works(tmp_path: Path) -> None:
    write(tmp_path, J_1=30)
    config = configured(tmp_path, LINKS)

    async def step(_: Engine, listener: Listener, clock: SteppedClock) -> None:
        url = await listening(listener)
        await listener.until(lambda: "feed_ok" in listener.names())
        store = open_store(tmp_path / "data" / "db.sqlite", clock.now())
        issued: Issued = Invitations(config, store).link(TODAY, SAM, clock.now())
        store.close()
        async with httpx.AsyncClient(trust_env=False) as phone:
            seen = await phone.get(f"{url}/c/{issued.url.rpartition('/')[2]}")
        assert seen.status_code == 200
        assert "Acme" in seen.text

    run_beside(config, step)


def test_without_the_switch_there_are_no_links_and_nothing_listens(tmp_path: Path) -> None:
    write(tmp_path, J_1=30)

    async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        with pytest.raises(NotPossible, match="check_in_links = true"):
            await engine.link(TODAY, SAM)
        assert "listening" not in listener.names()

    run_beside(configured(tmp_path, LISTENER), step)


def test_a_port_that_is_taken_is_said_and_the_watch_goes_on(tmp_path: Path) -> None:
    write(tmp_path, J_1=-40)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        async def step(_: Engine, listener: Listener, __: SteppedClock) -> None:
            await listener.until(lambda: "raised" in listener.names() and "fault" in listener.names())
            (told,) = fields(listener, "fault")
            assert f"Nothing can be taken at 127.0.0.1:{port}" in told["text"]
            assert any("can’t come in" in one.title for one in listener.events if isinstance(one, ToastWanted))

        run_beside(configured(tmp_path, POLLS + f"[listener]\nport = {port}\n"), step)


def test_a_message_to_the_bot_checks_the_technician_in(tmp_path: Path) -> None:
    write(tmp_path, J_1=-40)
    updates: list[dict[str, Any]] = []
    asked = asyncio.Event()

    def answer(request: Received) -> Answer:
        found = list(updates)
        updates.clear()
        return Answer(body={"ok": True, "result": found}, delay=0.0 if found else 0.05)

    def said(number: int, text: str) -> dict[str, Any]:
        sender = {"id": 5, "is_bot": False, "first_name": "J"}
        message = {"message_id": number, "from": sender, "chat": {"id": 5, "type": "private"}, "text": text}
        return {"update_id": number, "message": {**message, "date": int(datetime.now(UTC).timestamp())}}

    with Receiver() as telegram:
        telegram.script(f"/bot{TOKEN}/getUpdates", answer)
        telegram.script(f"/bot{TOKEN}/sendMessage", Answer(body={"ok": True, "result": {}}))

        async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
            await listener.until(lambda: "raised" in listener.names())
            code = await engine.telegram_code(Technician("J. Ortiz"), SAM)
            updates.append(said(1, f"/start {code}"))
            updates.append(said(2, "/arrived"))
            await listener.until(lambda: "resolved" in listener.names())
            asked.set()

        section = f'[telegram_check_in]\ntoken = "env:TOKEN"\nbase_url = "{telegram.url}"\n'
        run_beside(configured(tmp_path, section), step)
        sent = [one.json for one in telegram.received if one.path.endswith("sendMessage")]
    assert "this chat is now known to the office" in sent[0]["text"]
    assert "checked in at" in sent[1]["text"]


def test_a_visit_typed_at_the_desk_is_watched_at_once_and_again_after_a_restart(tmp_path: Path) -> None:
    write(tmp_path, J_1=600)
    told = {"customer": "Acme", "technician": "M. Lee", "sched_start": _in(-60)}

    async def first(engine: Engine, listener: Listener, _: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        result = await engine.perform(lambda desk, now: desk.add_visit(told, SAM, now))
        assert result.done
        assert result.text.startswith("D-1 is added: Acme")
        await listener.until(lambda: "raised" in listener.names())
        assert [(one["feed"], one["job"]) for one in fields(listener, "raised")] == [(DESK, "D-1")]

    async def second(engine: Engine, listener: Listener, _: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        assert (await engine.visit_page(VisitKey(DESK, "D-1"))) is not None
        arrived = await engine.perform(lambda desk, now: desk.check_in(VisitKey(DESK, "D-1"), now, SAM, now))
        assert arrived.done
        await listener.until(lambda: "resolved" in listener.names())

    config = configured(tmp_path, "")
    run_beside(config, first)
    write(tmp_path, J_1=600, J_2=700)
    run_beside(config, second)


def test_a_visit_typed_by_another_process_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, J_1=600)
    config = configured(tmp_path, "")

    async def step(_: Engine, listener: Listener, clock: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        store = open_store(tmp_path / "data" / "db.sqlite", clock.now())
        told = {"site": "Plant 4", "technician": "M. Lee", "sched_start": _in(-60)}
        assert open_desk(config, store).add_visit(told, SAM, clock.now()).done
        store.close()
        await listener.until(lambda: "raised" in listener.names())
        assert [one["job"] for one in fields(listener, "raised")] == ["D-1"]

    run_beside(config, step)
