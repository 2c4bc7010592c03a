"""Through a proxy, and with certificates of the office's own: always verified, and what failed is said plainly."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
import trustme

from dispatchwatch.dispatch.errors import Failure, Unreachable
from dispatchwatch.dispatch.platforms.slack import Slack
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.dispatch.transport import STRAIGHT, Way, trusted_certificates
from tests.dispatch.samples import NOW, WEBHOOK_PATH, notification, slack_config
from tests.fakes.proxy import Proxy
from tests.fakes.receiver import Receiver
from tests.fakes.web_server import Talk, WebServer

SLACK = "hooks.slack.com"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "office-ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def slack(authority: trustme.CA) -> Iterator[WebServer]:
    """Answers as Slack does; that it is Slack, only the office's own authority vouches for."""
    with _server(authority, SLACK) as server:
        yield server


def _server(authority: trustme.CA, name: str) -> WebServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return WebServer(lambda talk: Talk.answer(talk, b"ok"), context)


def tell(way: Way = STRAIGHT, base_url: str | None = None) -> Receipt | Failure:
    async def run() -> Receipt | Failure:
        async with aclosing(Sender(way=way)) as sender:
            try:
                return await sender.send(Slack(), notification(), slack_config(base_url), None, NOW)
            except Failure as failure:
                return failure

    return asyncio.run(run())


def test_through_the_proxy_to_the_platform_s_own_name(slack: WebServer, ca_file: Path) -> None:
    with Proxy(slack.port) as proxy:
        assert tell(Way(proxy.url, ca_file)) == Receipt()
        assert proxy.asked == [f"{SLACK}:443"]
    (head,) = slack.heads
    assert head.startswith(f"POST {WEBHOOK_PATH} ")
    assert WEBHOOK_PATH not in "".join(proxy.heads), "the proxy sees who is told, and nothing of what"


def test_the_server_has_to_prove_who_it_is_through_a_proxy_too(slack: WebServer) -> None:
    with Proxy(slack.port) as proxy:
        failure = tell(Way(proxy.url))
    assert isinstance(failure, Unreachable)
    assert f"the certificate of {SLACK} can’t be trusted" in failure.message
    assert slack.heads == []


def test_a_certificate_for_another_name_does_not_count(authority: trustme.CA, ca_file: Path) -> None:
    with _server(authority, "elsewhere.example") as server, Proxy(server.port) as proxy:
        failure = tell(Way(proxy.url, ca_file))
    assert isinstance(failure, Unreachable)
    assert "can’t be trusted" in failure.message
    assert server.heads == []


def test_with_user_and_password(slack: WebServer, ca_file: Path) -> None:
    with Proxy(slack.port, password="office:s3cret") as proxy:
        assert tell(Way(proxy.url, ca_file)) == Receipt()


def test_without_the_right_password_nothing_has_left_and_the_password_is_not_shown(
    slack: WebServer, ca_file: Path
) -> None:
    with Proxy(slack.port, password="office:s3cret") as proxy:
        way = Way(proxy.url.replace("s3cret", "wr0ng"), ca_file)
        failure = tell(way)
    assert isinstance(failure, Unreachable)
    assert "the proxy does not let it through (HTTP 407)" in failure.message
    assert "user and password" in failure.message
    assert "wr0ng" not in failure.message + repr(failure) + repr(way)


@pytest.mark.parametrize("status", ["403 Forbidden", "502 Bad Gateway", "503 Busy"])
def test_a_proxy_that_refuses_has_told_nobody(slack: WebServer, ca_file: Path, status: str) -> None:
    with Proxy(slack.port, status=status) as proxy:
        failure = tell(Way(proxy.url, ca_file))
    assert isinstance(failure, Unreachable)
    assert f"HTTP {status[:3]}" in failure.message


def test_a_proxy_that_is_not_there_is_named_as_the_one_that_is_missing(ca_file: Path) -> None:
    with Proxy(0) as gone:
        pass
    failure = tell(Way(gone.url, ca_file))
    assert isinstance(failure, Unreachable)
    assert "the proxy can’t be reached" in failure.message


def test_what_runs_on_this_computer_is_reached_without_it(ca_file: Path) -> None:
    with Receiver() as receiver, Proxy(0) as proxy:
        assert tell(Way(proxy.url, ca_file), receiver.url) == Receipt()
        assert proxy.asked == []


def test_a_certificate_of_the_office_s_own_without_a_proxy(authority: trustme.CA, ca_file: Path) -> None:
    with _server(authority, "127.0.0.1") as server:
        assert isinstance(tell(STRAIGHT, server.url), Unreachable)
        assert tell(Way(ca_file=ca_file), server.url) == Receipt()


def test_the_certificates_everybody_trusts_go_on_to_count(ca_file: Path) -> None:
    assert len(trusted_certificates(ca_file).get_ca_certs()) == len(trusted_certificates().get_ca_certs()) + 1
