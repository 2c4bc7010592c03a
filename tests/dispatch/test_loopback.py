"""What really happens on a connection, against a server on this computer."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

import pytest

from dispatchwatch.dispatch import sender as sender_module
from dispatchwatch.dispatch.errors import Failure, Refused, Unknown, Unreachable
from dispatchwatch.dispatch.platforms.pagerduty import PagerDuty
from dispatchwatch.dispatch.platforms.slack import Slack
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.notification import Notification
from tests.dispatch.samples import NOW, WEBHOOK_PATH, notification, pagerduty_config, slack_config
from tests.fakes.receiver import Act, Answer, Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


async def post(base_url: str, seconds: float = 5.0) -> Receipt | Failure:
    async with aclosing(Sender()) as sender:
        try:
            return await sender.send(Slack(), notification(), slack_config(base_url, timeout=seconds), None, NOW)
        except Failure as failure:
            return failure


def test_a_message_arrives_as_it_was_built(receiver: Receiver) -> None:
    assert asyncio.run(post(receiver.url)) == Receipt()
    (received,) = receiver.received
    assert (received.method, received.target) == ("POST", WEBHOOK_PATH)
    assert received.headers["content-type"] == "application/json"
    assert received.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert received.json["text"].startswith("High: J. Ortiz")


@pytest.mark.parametrize("path", ["/services/%7EA/%2fx%2F/b@c:d", "/services/T/B/a+b;c='(d)'*,!$&~"])
def test_the_path_arrives_byte_for_byte(receiver: Receiver, path: str) -> None:
    async def run() -> None:
        async with aclosing(Sender()) as sender:
            await sender.send(Slack(), notification(), slack_config(receiver.url, path=path), None, NOW)

    asyncio.run(run())
    assert [request.target for request in receiver.received] == [path]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (Answer(act=Act.HANG), Unknown, "did not answer in time"),
        (Answer(act=Act.CLOSE), Unknown, "ended the connection"),
        (Answer(act=Act.RESET), Unknown, "ended the connection"),
        (Answer(act=Act.RAW, body="\x00\x01garbage\r\n\r\n"), Unknown, "not HTTP"),
        (Answer(act=Act.RAW, body="HTTP/1.1 abc OK\r\n\r\n"), Unknown, "not HTTP"),
        (Answer(act=Act.RAW, body="HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), Unknown, "not HTTP"),
        (Answer(act=Act.HALF, body="ok" * 50), Unknown, "without a whole answer"),
        (Answer(headers={"Content-Encoding": "gzip"}, body="ok"), Unknown, "no whole answer"),
        (Answer(400, act=Act.HALF, body="x" * 50), Refused, "HTTP 400"),
        (Answer(503, {"Retry-After": "7"}, act=Act.HALF, body="x" * 50), Unreachable, "HTTP 503"),
        (Answer(body="x" * 3_000_000), Refused, "does not take this message: xxx"),
        (Answer(400, body="x" * 3_000_000), Refused, "HTTP 400"),
        (Answer(204, body=""), Refused, "gives no reason"),
    ],
)
def test_what_a_bad_answer_means(receiver: Receiver, answer: Answer, kind: type[Failure], words: str) -> None:
    receiver.script(WEBHOOK_PATH, answer)
    failure = asyncio.run(post(receiver.url, seconds=0.2 if answer.act is Act.HANG else 5.0))
    assert type(failure) is kind
    assert words in failure.message
    assert len(receiver.received) == 1
    if isinstance(failure, Unreachable):
        assert failure.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize(("status", "kind"), [(200, Unknown), (429, Unreachable)])
def test_an_answer_that_trickles_meets_the_deadline(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, status: int, kind: type[Failure]
) -> None:
    monkeypatch.setattr(sender_module, "CONNECT_SECONDS", 0.2)
    receiver.script(WEBHOOK_PATH, Answer(status, body="x" * 1000, act=Act.TRICKLE, delay=0.02))
    assert type(asyncio.run(post(receiver.url, seconds=0.1))) is kind


def test_a_refused_connection_never_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    failure = asyncio.run(post(f"http://127.0.0.1:{port}"))
    assert isinstance(failure, Unreachable)
    assert "no connection to 127.0.0.1" in failure.message


def test_an_unknown_name_never_left() -> None:
    failure = asyncio.run(post("https://nowhere.invalid"))
    assert isinstance(failure, Unreachable)
    assert "nowhere.invalid" in failure.message


def test_a_server_that_never_completes_the_handshake_was_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_module, "CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        failure = asyncio.run(post(f"https://127.0.0.1:{silent.getsockname()[1]}"))
    assert isinstance(failure, Unreachable)
    assert "did not take up the connection" in failure.message


def test_a_server_without_tls_was_told_nothing(receiver: Receiver) -> None:
    failure = asyncio.run(post(receiver.url.replace("http:", "https:")))
    assert isinstance(failure, Unreachable)
    assert "does not speak TLS" in failure.message
    assert receiver.received == []


def test_a_certificate_that_cannot_be_trusted_is_named(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def shake_hands() -> None:
            connection, _ = listening.accept()
            with connection, pytest.raises(OSError, match=r"(?i)alert|eof|reset"):
                context.wrap_socket(connection, server_side=True).close()

        server = threading.Thread(target=shake_hands)
        server.start()
        failure = asyncio.run(post(f"https://127.0.0.1:{listening.getsockname()[1]}"))
        server.join()
    assert isinstance(failure, Unreachable)
    assert "the certificate of 127.0.0.1 can’t be trusted: self-signed certificate" in failure.message


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate and its key."""
    x509 = pytest.importorskip("cryptography.x509")
    hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW - timedelta(days=9), NOW + timedelta(days=9))
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def test_the_connection_is_kept_between_messages(receiver: Receiver) -> None:
    asyncio.run(_send_each([notification()] * 3, receiver))
    assert len({request.connection for request in receiver.received}) == 1


def test_a_connection_closed_while_idle_is_not_used_again(receiver: Receiver) -> None:
    receiver.script(WEBHOOK_PATH, Answer(hang_up=True))
    asyncio.run(_send_each([notification()] * 20, receiver, wait_until_closed=True))
    assert len({request.connection for request in receiver.received}) == 20


async def _send_each(told: list[Notification], receiver: Receiver, *, wait_until_closed: bool = False) -> None:
    """Send one after the other. Waiting blocks the loop, as a long computation does, so it learns nothing meanwhile."""
    async with aclosing(Sender()) as sender:
        for one in told:
            await sender.send(Slack(), one, slack_config(receiver.url), None, NOW)
            if wait_until_closed:
                receiver.wait_until_closed()


def test_an_unread_rest_of_an_answer_does_not_spoil_the_next(receiver: Receiver) -> None:
    receiver.script("/v2/enqueue", Answer(400, body="x" * 3_000_000), Answer(202, body={"status": "success"}))

    async def run() -> None:
        told, config = notification(), pagerduty_config(receiver.url)
        async with aclosing(Sender()) as sender:
            with pytest.raises(Refused):
                await sender.send(PagerDuty(), told, config, None, NOW)
            assert await sender.send(PagerDuty(), told, config, None, NOW) == Receipt()

    asyncio.run(run())


def test_a_cancelled_send_leaves_nothing_open(receiver: Receiver) -> None:
    receiver.script(WEBHOOK_PATH, Answer(act=Act.HANG))

    async def run() -> None:
        async with aclosing(Sender()) as sender:
            sending = asyncio.create_task(sender.send(Slack(), notification(), slack_config(receiver.url), None, NOW))
            await asyncio.to_thread(receiver.wait_for, 1)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending

    asyncio.run(run())
    receiver.release()
    receiver.wait_until_closed()


def test_cookies_are_not_kept(receiver: Receiver) -> None:
    receiver.script(WEBHOOK_PATH, Answer(headers={"Set-Cookie": "a=b; Path=/"}))
    asyncio.run(_send_each([notification()] * 2, receiver))
    assert "cookie" not in receiver.received[1].headers
