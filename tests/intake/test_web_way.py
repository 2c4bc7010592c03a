"""Sources on the web by the office's way: through its proxy, with its certificates, always verified."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from dispatchwatch.dispatch.transport import Way
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.web import Limits, Page, Request, Web
from tests.fakes.proxy import Proxy
from tests.fakes.web_server import Talk, WebServer

NAME = "schedule.invalid"
PATIENT = Limits(total=timedelta(seconds=60), quiet=timedelta(seconds=60))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "office-ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def source(authority: trustme.CA) -> Iterator[WebServer]:
    """That it is `NAME`, only the office's own authority vouches for; only the proxy knows where it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(NAME, "127.0.0.1").configure_cert(context)
    with WebServer(lambda talk: Talk.answer(talk, b"the day"), context) as server:
        yield server


def fetched(way: Way, url: str = f"https://{NAME}/s3cret-day") -> Page:
    web = Web(PATIENT, way=way)
    try:
        return web.fetch(Request(url=url))
    finally:
        web.close()


def refused(way: Way, url: str = f"https://{NAME}/s3cret-day") -> str:
    with pytest.raises(FeedError) as error:
        fetched(way, url)
    assert "s3cret" not in str(error.value)
    return str(error.value)


def test_through_the_proxy_to_the_source_s_own_name(source: WebServer, ca_file: Path) -> None:
    with Proxy(source.port, password="office:pass") as proxy:
        assert fetched(Way(proxy.url, ca_file)).body == b"the day"
        assert proxy.asked == [f"{NAME}:443"]
    assert "s3cret-day" not in "".join(proxy.heads), "the proxy sees who is asked, and nothing of what"


def test_the_source_has_to_prove_who_it_is_through_a_proxy_too(source: WebServer) -> None:
    with Proxy(source.port) as proxy:
        assert f"https://{NAME} can’t prove who it is" in refused(Way(proxy.url))
    assert source.heads == []


def test_the_office_s_certificates_count_without_a_proxy(source: WebServer, ca_file: Path) -> None:
    assert "can’t prove who it is" in refused(Way(), source.url)
    assert fetched(Way(ca_file=ca_file), source.url).body == b"the day"


def test_what_runs_on_this_computer_is_reached_without_the_proxy(source: WebServer, ca_file: Path) -> None:
    with Proxy(0) as proxy:
        assert fetched(Way(proxy.url, ca_file), source.url).body == b"the day"
        assert proxy.asked == []


def test_the_computer_s_own_proxy_settings_do_not_count(
    source: WebServer, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(0) as gone:
        monkeypatch.setenv("ALL_PROXY", gone.url)
        monkeypatch.setenv("HTTPS_PROXY", gone.url)
        assert fetched(Way(ca_file=ca_file), source.url).body == b"the day"
        assert gone.asked == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            "403 Forbidden",
            f"https://{NAME} can’t be reached: the proxy does not let it through (403). Ask who runs it.",
        ),
        ("502 Bad Gateway", "does not let it through (502)"),
    ],
)
def test_a_proxy_that_refuses_is_named(source: WebServer, ca_file: Path, status: str, words: str) -> None:
    with Proxy(source.port, status=status) as proxy:
        assert words in refused(Way(proxy.url, ca_file))


def test_a_wrong_password_is_said_and_not_shown(source: WebServer, ca_file: Path) -> None:
    with Proxy(source.port, password="office:pass") as proxy:
        said = refused(Way(proxy.url.replace("pass", "wr0ng"), ca_file))
    assert "(407). Check the user and password in proxy under [network]." in said
    assert "wr0ng" not in said


def test_a_proxy_that_is_not_there_is_named_as_the_one_that_is_missing(ca_file: Path) -> None:
    with Proxy(0) as gone:
        pass
    assert "the proxy does not answer. Check proxy under [network]." in refused(Way(gone.url, ca_file))
