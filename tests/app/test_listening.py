"""Real requests to a real listener on this computer: signed ones are taken, everything else ends within its limits."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from dispatchwatch.app.inbound_config import ListenerConfig
from dispatchwatch.app.inbound_rate import REMEMBERED_NAMES, Rate
from dispatchwatch.app.listening import Listener, ListeningError, on_loop
from dispatchwatch.app.prompting import Prompts
from dispatchwatch.app.webhook_door import Event, Reception, WebhookDoor
from dispatchwatch.intake.webhook import MemoryInbox, WebhookConfig
from tests.fakes.clock import ManualClock
from tests.fakes.office import at

SECRET = "correct horse battery staple"
NOW = at("08:00")
EPOCH = int(NOW.timestamp())
JOBBER = {"header": "X-Jobber-Hmac-SHA256", "encoding": "base64"}
FIELD_NATION = {
    "header": "X-FN-Signature",
    "prefix": "sha256=",
    "timestamp_header": "X-FN-Request-Timestamp",
    "id_header": "X-FN-Delivery-Id",
}
BODY = json.dumps({"data": {"webHookEvent": {"topic": "VISIT_UPDATE"}}}).encode()


def code(text: bytes, secret: str = SECRET) -> bytes:
    return hmac.new(secret.encode(), text, hashlib.sha256).digest()


def hook(name: str, signature: dict[str, str], **values: Any) -> WebhookConfig:
    return WebhookConfig.model_validate({"name": name, "signature": {"secret": SECRET, **signature}, **values})


class Room:
    """The engine's side: a loop in a thread of its own, where everything is kept and every poll is noted."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOW)
        self.inbox = MemoryInbox()
        self.polled: list[str] = []
        self.refused: list[tuple[str, str]] = []
        self.fault: Exception | None = None
        self.threads: set[str] = set()
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="engine of the test")
        self._thread.start()

    async def take(self, event: Event) -> bool:
        self.threads.add(threading.current_thread().name)
        if self.fault:
            raise self.fault
        return await Reception(self.inbox, self.polled.append).take(event)

    def door(self, *hooks: WebhookConfig) -> WebhookDoor:
        take = on_loop(self.loop, self.take)
        return WebhookDoor(hooks, take, self.clock, lambda feed, reason: self.refused.append((feed, reason)))

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


HOOKS = (
    hook("jobber", JOBBER, polls="today"),
    hook("fn", FIELD_NATION, address="field-nation", per_minute=20, max_bytes=2000),
)


@pytest.fixture
def room() -> Iterator[Room]:
    room = Room()
    try:
        yield room
    finally:
        room.close()


@pytest.fixture
def url(room: Room) -> Iterator[str]:
    listener = Listener(ListenerConfig(port=0), room.door(*HOOKS).routes(), longest=0.4)
    listener.start()
    try:
        yield listener.url
    finally:
        listener.stop()


def jobber(url: str, body: bytes = BODY, secret: str = SECRET) -> httpx.Response:
    headers = {"X-Jobber-Hmac-SHA256": b64encode(code(body, secret)).decode()}
    return httpx.post(f"{url}/hooks/jobber", content=body, headers=headers, trust_env=False)


def field_nation(url: str, body: bytes = BODY, delivery: str = "0f8f:1", stamp: int = EPOCH * 1000) -> httpx.Response:
    headers = {
        "X-FN-Signature": f"sha256={code(body).hex()}",
        "X-FN-Request-Timestamp": str(stamp),
        "X-FN-Delivery-Id": delivery,
    }
    return httpx.post(f"{url}/hooks/field-nation", content=body, headers=headers, trust_env=False)


def raw(url: str, sent: bytes, then: bytes = b"") -> bytes:
    """What comes back for these very bytes, until the other side hangs up."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(sent + then)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
    return answer


def test_a_signed_event_is_kept_and_its_feed_is_polled(url: str, room: Room) -> None:
    answer = jobber(url)
    assert (answer.status_code, answer.content) == (202, b"")
    assert [(letter.at, letter.body) for letter in room.inbox.after("jobber", 0)] == [(NOW, BODY)]
    assert room.polled == ["today"]
    assert room.threads == {"engine of the test"}


def test_an_event_that_tells_of_visits_has_its_own_feed_read(url: str, room: Room) -> None:
    assert field_nation(url).status_code == 202
    assert room.polled == ["fn"]


def test_an_event_that_comes_again_is_answered_and_nothing_more(url: str, room: Room) -> None:
    assert [field_nation(url, delivery=delivery).status_code for delivery in ("a:1", "a:1", "a:2")] == [202] * 3
    assert len(room.inbox.after("fn", 0)) == 1
    assert room.polled == ["fn"]


def test_nothing_of_a_rejected_request_is_kept(url: str, room: Room) -> None:
    refusals = [jobber(url, secret="somebody else’s"), field_nation(url, stamp=(EPOCH - 301) * 1000)]
    assert [(answer.status_code, answer.content) for answer in refusals] == [(401, b"")] * 2
    assert room.inbox.after("jobber", 0) == room.inbox.after("fn", 0) == []
    assert room.polled == []
    assert [feed for feed, _ in room.refused] == ["jobber", "fn"]
    assert "signature is not ours" in room.refused[0][1]
    assert "too old" in room.refused[1][1]
    assert SECRET not in repr(room.refused)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/hooks/jobber", 405),
        ("PUT", "/hooks/jobber", 405),
        ("POST", "/hooks/jobber/", 404),
        ("POST", "/hooks/other", 404),
        ("GET", "/", 404),
        ("GET", "/hooks/../hooks", 404),
        ("GET", "/docs", 404),
    ],
)
def test_other_requests_learn_nothing(url: str, room: Room, method: str, path: str, status: int) -> None:
    answer = httpx.request(method, f"{url}{path}", trust_env=False)
    assert (answer.status_code, answer.content) == (status, b"")
    assert "server" not in answer.headers


def test_a_large_body_is_not_even_read(url: str, room: Room) -> None:
    assert field_nation(url, body=b"x" * 2001).status_code == 413
    head = b"POST /hooks/field-nation HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"
    assert raw(url, head).startswith(b"HTTP/1.1 413")
    assert room.inbox.after("fn", 0) == []


def test_a_large_body_without_a_length_is_broken_off(url: str, room: Room) -> None:
    head = b"POST /hooks/field-nation HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert raw(url, head, b"%x\r\n%s\r\n" % (2001, b"x" * 2001)).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST /hooks/jobber HTTP/1.1\r\nHost: x\r\n",
        b"POST /hooks/jobber HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
    ],
    ids=["silence", "half a head", "half a body"],
)
def test_a_slow_request_is_cut_off(url: str, room: Room, sent: bytes) -> None:
    began = time.monotonic()
    assert raw(url, sent) == b""
    assert time.monotonic() - began < 3
    assert room.inbox.after("jobber", 0) == []
    assert jobber(url).status_code == 202


def test_what_is_no_http_is_refused(url: str) -> None:
    assert raw(url, b"\x16\x03\x01\x02\x00\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert raw(url, b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000).startswith((b"HTTP/1.1 400", b""))
    assert jobber(url).status_code == 202


def test_too_many_requests_are_sent_away(url: str, room: Room) -> None:
    answers = [field_nation(url, delivery=str(n)) for n in range(21)]
    assert [answer.status_code for answer in answers] == [202] * 20 + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    room.clock.advance(timedelta(seconds=4))
    assert field_nation(url, delivery="later").status_code == 202
    assert jobber(url).status_code == 202


def test_an_event_that_cannot_be_kept_is_asked_for_again(url: str, room: Room) -> None:
    room.fault = OSError("disk full")
    assert jobber(url).status_code == 503
    room.fault = None
    assert jobber(url).status_code == 202


def test_a_secret_that_could_not_be_had_takes_nothing(room: Room) -> None:
    door = room.door(hook("jobber", {**JOBBER, "secret": "keyring:"}))
    assert door.routes() == []


def test_a_port_in_use_is_a_plain_sentence(room: Room) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listener = Listener(ListenerConfig(port=taken.getsockname()[1]), [])
        with pytest.raises(ListeningError, match="Choose another port in") as error:
            listener.start()
    assert "Errno" not in str(error.value)


def test_an_address_of_another_computer_is_a_plain_sentence() -> None:
    with pytest.raises(ListeningError, match=r"Nothing can be taken at 203\.0\.113\.9"):
        Listener(ListenerConfig(host="203.0.113.9", port=0), []).start()


def test_stopping_frees_the_port(room: Room) -> None:
    listener = Listener(ListenerConfig(port=0), room.door(*HOOKS).routes())
    listener.start()
    port = listener.port
    listener.stop()
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_only_this_computer_is_listened_to_unless_told_otherwise() -> None:
    assert ListenerConfig().host == "127.0.0.1"
    assert ListenerConfig().only_this_computer
    assert not ListenerConfig(host="0.0.0.0").only_this_computer  # noqa: S104 - said, not done
    assert ListenerConfig(host="::1").reached_at(8460) == "http://[::1]:8460"
    assert ListenerConfig(base_url="http://192.168.1.10:8460/").reached_at(1) == "http://192.168.1.10:8460"


@pytest.mark.parametrize(
    "values", [{"host": "a b"}, {"base_url": "ftp://x"}, {"base_url": "http://x/?a"}, {"port": -1}]
)
def test_a_wrong_listener_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ListenerConfig.model_validate(values)


def test_a_rate_saves_up_for_a_minute_and_forgets_who_was_quiet() -> None:
    clock = ManualClock(NOW)
    rate = Rate(2, clock.steady)
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    assert rate.allows("b")
    clock.advance(timedelta(seconds=30))
    assert [rate.allows("a") for _ in range(2)] == [True, False]
    for n in range(REMEMBERED_NAMES):
        rate.allows(str(n))
    assert rate.allows("a")


def test_word_that_comes_while_a_feed_is_read_leads_to_one_more_reading() -> None:
    async def live() -> list[str]:
        read: list[str] = []

        async def reading(name: str) -> None:
            read.append(name)
            if len(read) == 1:
                for _ in range(5):
                    prompts.poll(name)

        prompts = Prompts(reading, settling=0)
        for _ in range(5):
            prompts.poll("today")
        for _ in range(20):
            await asyncio.sleep(0)
        prompts.poll("today")
        prompts.stop()
        return read

    assert asyncio.run(live()) == ["today", "today"]
