"""`[network]` counts for all that leaves the office: feeds looked at, connected, tried and watched, and the bot."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from dispatchwatch.app.checking import Finding, try_everything
from dispatchwatch.app.config import Config
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.mapping import MappingError
from dispatchwatch.app.previewing import PreviewFailure, preview_feed
from dispatchwatch.app.renewals import Renewals
from tests.app.mapping_offices import begun, office, secrets_of
from tests.fakes.beside_engine import Listener, SteppedClock, run_beside
from tests.fakes.keyring import MemoryKeyring
from tests.fakes.proxy import Proxy
from tests.fakes.web_server import Talk, WebServer
from tests.intake.calendar_samples import START, calendar, event

NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)
SOURCE, LOGIN, TELEGRAM = "schedule.invalid", "login.invalid", "api.telegram.org"
RECORDS = [{"id": "J-1", "start": "2026-05-02T13:00:00Z", "technician": "J. Ortiz", "status": "scheduled"}]
FEEDS = {
    "ical": f'kind = "ical"\nurl = "https://{SOURCE}/day.ics"\n',
    "caldav": f'kind = "caldav"\nurl = "https://{SOURCE}/dav"\n',
    "json": f'kind = "json"\nurl = "https://{SOURCE}/visits"\n',
    "json behind a token": (
        f'kind = "json"\nurl = "https://{SOURCE}/visits"\nauth = {{ kind = "oauth_client_credentials", '
        f'token_url = "https://{LOGIN}/token", client_id = "us", client_secret = "file:secret" }}\n'
    ),
}
NETWORK = '[network]\nproxy = "{url}"\nca_file = "office-ca.pem"\n'


def behave(talk: Talk) -> None:
    match talk.path.partition("?")[0]:
        case "/day.ics":
            talk.answer(calendar(event(START, "SUMMARY:Acme")).encode())
        case "/visits":
            talk.answer(json.dumps(RECORDS).encode())
        case "/token":
            talk.answer(json.dumps({"access_token": "t0ken", "expires_in": 3600}).encode())
        case path if path.endswith("/getUpdates"):
            talk.answer(json.dumps({"ok": True, "result": []}).encode())
        case _:
            talk.answer(b"", "401 Unauthorized")


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Proxy]:
    """The world behind the office’s proxy; only the office’s own authority vouches for who is who in it."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.cert_pem.write_to_path(str(tmp_path / "office-ca.pem"))
    authority.issue_cert(SOURCE, LOGIN, TELEGRAM).configure_cert(context)
    (tmp_path / "secret").write_text("s3cret", encoding="utf-8")
    with WebServer(behave, context) as server, Proxy(server.port) as proxy:
        yield proxy


def configured(folder: Path, proxy: Proxy, text: str) -> Config:
    path = folder / "office.toml"
    path.write_text(NETWORK.format(url=proxy.url) + text, encoding="utf-8")
    return read_config(path, secrets_of(folder))


async def tried(config: Config) -> list[Finding]:
    return await try_everything(config, NOW, Renewals(MemoryKeyring, lambda *_: None))


@pytest.mark.parametrize("kind", FEEDS)
def test_a_feed_that_is_looked_at_or_tried(tmp_path: Path, outside: Proxy, kind: str) -> None:
    config = configured(tmp_path, outside, f'[[feed]]\nname = "board"\n{FEEDS[kind]}')
    with suppress(PreviewFailure):  # what the server answers is not what this is about
        preview_feed(config, "board", NOW)
    wanted = {f"{SOURCE}:443", *([f"{LOGIN}:443"] if "token" in kind else [])}
    assert set(outside.asked) == wanted
    (finding,) = asyncio.run(tried(config))
    assert finding.text == ("1 visit read" if kind != "caldav" else finding.text)
    assert "can’t be reached" not in finding.text
    assert len(outside.asked) == 2 * len(wanted)


@pytest.mark.parametrize("kind", ["ical", "caldav", "json"])
def test_a_feed_that_is_being_connected(tmp_path: Path, outside: Proxy, kind: str) -> None:
    where = office(tmp_path, text=NETWORK.format(url=outside.url))
    answers = {"ical": {"from": "address", "url": f"https://{SOURCE}/day.ics"}}
    session = begun(kind, where, **answers.get(kind, {"url": f"https://{SOURCE}/visits"}))
    with suppress(MappingError):
        session.look(NOW)
    assert set(outside.asked) == {f"{SOURCE}:443"}


def test_feeds_and_bot_of_the_running_program(tmp_path: Path, outside: Proxy) -> None:
    text = (
        f'[[feed]]\nname = "board"\n{FEEDS["ical"]}[telegram_check_in]\ntoken = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5P"\n'
    )

    async def step(_: Engine, listener: Listener, __: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        async with asyncio.timeout(20):
            while f"{TELEGRAM}:443" not in outside.asked:  # noqa: ASYNC110 - a thread of its own asks
                await asyncio.sleep(0.01)

    run_beside(configured(tmp_path, outside, text), step)
    assert set(outside.asked) == {f"{SOURCE}:443", f"{TELEGRAM}:443"}
