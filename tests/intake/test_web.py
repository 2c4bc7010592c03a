"""Sources on the web that misbehave, each a real server on this computer."""

from __future__ import annotations

import gzip
import ssl
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.web import Limits, Page, Request, Web, follow, is_loopback, shown
from tests.fakes.receiver import Act, Answer, Receiver
from tests.fakes.web_server import Talk, WebServer

PATIENT = Limits(total=timedelta(seconds=60), quiet=timedelta(seconds=60), bytes=10_000, redirects=3)
"""No computer is slow enough for its times to run out; the others each have one limit that can."""
SILENCE = replace(PATIENT, quiet=timedelta(seconds=0.05))
SHORT = replace(PATIENT, total=timedelta(seconds=0.2))
SECRET = "s3cret-in-the-path"


def get(url: str, limits: Limits = PATIENT, **request: object) -> Page:
    return ask(Request(url=f"{url}/{SECRET}", **request), Web(limits))  # type: ignore[arg-type]


def trusted(name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server with a certificate for this name shows, and what a client needs to believe it."""
    authority = trustme.CA()
    server_side, client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert(name).configure_cert(server_side)
    authority.configure_trust(client_side)
    return server_side, client_side


def ask(request: Request, web: Web | None = None) -> Page:
    web = web or Web(PATIENT)
    try:
        return web.fetch(request)
    finally:
        web.close()


def fails(behave: Callable[[Talk], None], limits: Limits = PATIENT) -> str:
    """The sentence that a server's behaviour ends with, without secrets and without words of programmers."""
    with WebServer(behave) as server, pytest.raises(FeedError) as error:
        get(server.url, limits)
    text = str(error.value)
    assert SECRET not in text
    assert not [word for word in ("Error", "Errno", "None", "httpx", "bytearray", "0x") if word in text]
    return text.replace(server.url, "URL")


def test_an_answer_is_a_page() -> None:
    with WebServer(lambda talk: talk.answer(b"hello", X_A="1", Date="Sat, 02 May 2026 14:00:00 GMT")) as server:
        page = get(server.url)
    assert (page.status, page.body, page.headers["x-a"]) == (200, b"hello", "1")
    assert page.date == datetime(2026, 5, 2, 14, tzinfo=UTC)
    assert page.url == f"{server.url}/{SECRET}"
    assert SECRET not in repr(page)


@pytest.mark.parametrize(
    ("headers", "date"),
    [
        ({"Date": "Sat, 02 May 2026 14:00:00 -0000"}, datetime(2026, 5, 2, 14, tzinfo=UTC)),
        ({"Date": "Sat, 02 May 2026 14:00:00 GMT", "Age": "300"}, datetime(2026, 5, 2, 14, 5, tzinfo=UTC)),
        ({"Date": "Fri, 31 Dec 9999 23:59:59 -1200"}, None),
        ({"Date": "soon"}, None),
        ({}, None),
    ],
)
def test_the_servers_clock_is_told_where_it_can_be_read(headers: dict[str, str], date: datetime | None) -> None:
    with WebServer(lambda talk: talk.answer(b"", "200 OK", **headers)) as server:
        assert get(server.url).date == date


@pytest.mark.parametrize("status", ["401 No", "404 Not Found", "500 Oops", "304 Not Modified"])
def test_any_status_is_an_answer(status: str) -> None:
    with WebServer(lambda talk: talk.answer(b"", status)) as server:
        assert get(server.url).status == int(status[:3])


def test_nobody_there() -> None:
    with WebServer(lambda talk: talk.answer()) as server:
        url = server.url
    with pytest.raises(FeedError, match=r"can’t be reached: connection refused\. Check the address and the network"):
        get(url)


def test_a_name_that_nobody_knows() -> None:
    with pytest.raises(FeedError, match=r"https://nowhere\.invalid can’t be reached: its name is not known"):
        get("https://nowhere.invalid")


def _hang(talk: Talk) -> None:
    talk.wait()


def test_a_server_that_never_answers() -> None:
    assert fails(_hang, SILENCE) == "URL fell silent for 0.05 seconds. It may be overloaded; it is asked again."


def test_a_server_that_falls_silent_in_the_middle() -> None:
    def behave(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        talk.wait()

    assert "fell silent for 0.05 seconds" in fails(behave, SILENCE)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"])
def test_a_server_that_trickles_never_falls_silent_and_ends_all_the_same(start: bytes) -> None:
    def behave(talk: Talk) -> None:
        talk.send(start)
        while not talk.wait(0.05):
            talk.send(b"H" if start else b"HTTP/1.1 200 OK"[:1])

    assert fails(behave, SHORT).startswith("URL was still sending after 0.2 seconds. It is too slow")


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"])
def test_one_that_trickles_over_tls_ends_too(start: bytes) -> None:
    def behave(talk: Talk) -> None:
        talk.send(start)
        while not talk.wait(0.05):
            talk.send(b"H")

    server_side, client_side = trusted("127.0.0.1")
    with WebServer(behave, server_side) as server:
        web = Web(SHORT, transport=httpx.HTTPTransport(verify=client_side))
        with pytest.raises(FeedError, match=r"was still sending after 0\.2 seconds"):
            ask(Request(url=server.url), web)


def test_a_body_that_never_ends() -> None:
    def behave(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while not talk.wait(0):
            talk.send(b"x" * 1000)

    assert fails(behave) == "URL sends more than 10,000 bytes. Ask for less of it, or raise max_bytes."


def test_a_body_of_exactly_the_limit() -> None:
    with WebServer(lambda talk: talk.answer(b"x" * 10_000)) as server:
        assert len(get(server.url).body) == 10_000


def test_a_bomb_is_not_unpacked_further_than_the_limit() -> None:
    bomb = gzip.compress(bytes(30_000_000))
    assert len(bomb) < 50_000
    text = fails(lambda talk: talk.answer(bomb, Content_Encoding="gzip"))
    assert text == "URL sends more than 10,000 bytes. Ask for less of it, or raise max_bytes."


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(b"hello world", mtime=0), "gzip"),
        (gzip.compress(b"hello ", mtime=0) + gzip.compress(b"world", mtime=0), "GZIP"),
        (zlib.compress(b"hello world"), "deflate"),
        (b"hello world", "identity"),
    ],
)
def test_packed_answers_are_unpacked(packed: bytes, encoding: str) -> None:
    with WebServer(lambda talk: talk.answer(packed, Content_Encoding=encoding)) as server:
        assert get(server.url).body == b"hello world"


def test_an_empty_answer_may_call_itself_packed() -> None:
    with WebServer(lambda talk: talk.answer(b"", Content_Encoding="gzip")) as server:
        assert get(server.url).body == b""


@pytest.mark.parametrize("packed", [gzip.compress(b"hello world" * 9, mtime=0)[:-9], b"no gzip at all"])
def test_a_damaged_packed_answer(packed: bytes) -> None:
    assert "can’t be unpacked" in fails(lambda talk: talk.answer(packed, Content_Encoding="gzip"))


def test_a_packing_nobody_asked_for() -> None:
    assert "in a way nobody asked for (br)" in fails(lambda talk: talk.answer(b"x", Content_Encoding="br"))


def test_a_connection_reset_in_the_middle() -> None:
    def behave(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        talk.reset()

    assert fails(behave).startswith("URL broke off in the middle")


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"])
def test_an_answer_that_is_none_or_not_whole(said: bytes) -> None:
    assert fails(lambda talk: talk.send(said)).startswith("URL broke off in the middle")


def test_a_redirect_on_the_same_host_is_followed_with_method_and_body() -> None:
    with Receiver() as receiver:
        receiver.script("/old", Answer(307, {"Location": "/new/place?a=1"}))
        receiver.script("/new/place", Answer(body=b"here"))
        page = ask(Request(url=f"{receiver.url}/old", method="REPORT", body=b"question"))
        assert (page.body, page.url) == (b"here", f"{receiver.url}/new/place?a=1")
        assert [(one.method, one.body) for one in receiver.received] == [("REPORT", b"question")] * 2


@pytest.mark.parametrize("place", ["http://localhost:{port}/x", "http://127.0.0.1:1/x", "ftp://127.0.0.1:{port}/x"])
def test_a_redirect_elsewhere_is_not_followed(place: str) -> None:
    with WebServer(lambda talk: talk.answer(b"", "302 Found", Location=place.format(port=server.port))) as server:
        with pytest.raises(
            FeedError, match=r"leads elsewhere, to \w+://[\w.]+:\d+\. If that is right, write that address"
        ):
            get(server.url)
        assert len(server.heads) == 1


@pytest.mark.parametrize("place", ["http://127.0.0.1:99999/", "//a..b/", "https://exa mple.com/"])
def test_a_redirect_to_nonsense(place: str) -> None:
    text = fails(lambda talk: talk.answer(b"", "302 Found", Location=place))
    assert text == "URL leads to an address that is none. Check the address."


def test_a_redirect_loop_ends() -> None:
    with WebServer(lambda talk: talk.answer(b"", "302 Found", Location=f"{talk.path}x")) as server:
        with pytest.raises(FeedError, match="leads from one address to the next without end"):
            get(server.url)
        assert len(server.heads) == PATIENT.redirects + 1


def test_from_https_to_http_is_elsewhere() -> None:
    with pytest.raises(FeedError, match=r"leads elsewhere, to http://example\.com\."):
        follow("https://example.com/a", "http://example.com/a")
    assert follow("http://example.com/a", "https://example.com/a") == "https://example.com/a"


def test_a_password_stays_with_the_address_on_the_way_and_is_sent() -> None:
    def behave(talk: Talk) -> None:
        talk.answer(b"", "302 Found", Location=f"{server.url}/b") if talk.path == "/a" else talk.answer(b"here")

    with WebServer(behave) as server:
        ask(Request(url=server.url.replace("//", "//ann:pass@") + "/a"))
    assert ["Authorization: Basic YW5uOnBhc3M=" in head for head in server.heads] == [True, True]


def test_a_certificate_that_nobody_vouches_for() -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with WebServer(lambda talk: talk.answer(b"secret"), context) as server:
        with pytest.raises(
            FeedError, match=r"can’t prove who it is: its certificate is not valid for it\. Nothing was sent"
        ):
            get(server.url)
        assert server.heads == []


def test_a_certificate_that_the_computer_trusts(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(f"{tmp_path}/ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", f"{tmp_path}/ca.pem")
    with WebServer(lambda talk: talk.answer(b"hello"), context) as server:
        assert get(server.url).body == b"hello"


def test_a_certificate_for_another_name(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("example.com").configure_cert(context)
    authority.cert_pem.write_to_path(f"{tmp_path}/ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", f"{tmp_path}/ca.pem")
    with (
        WebServer(lambda talk: talk.answer(b"hello"), context) as server,
        pytest.raises(FeedError, match="can’t prove who it is"),
    ):
        get(server.url)


def test_https_where_plain_http_is_spoken() -> None:
    sentences = r"can’t prove who it is|broke off in the middle|does not answer"
    with (
        WebServer(lambda talk: talk.answer(b"hello")) as server,
        pytest.raises(FeedError, match=sentences),
    ):
        get(server.url.replace("http:", "https:"), SILENCE)


@pytest.mark.parametrize(
    ("url", "secret"), [("http://example.com/a.ics", True), ("http://ann:pass@example.com/a.ics", False)]
)
def test_a_password_over_plain_http_is_refused(url: str, secret: bool) -> None:
    with pytest.raises(FeedError) as error:
        ask(Request(url=url, secret=secret))
    text = "http://example.com would carry the password unprotected. Use its https:// address."
    assert str(error.value) == text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "::1"])
def test_this_computer_may_be_asked_over_plain_http(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.example.com", "128.0.0.1", "example.com", ""])
def test_other_computers_are_not_this_one(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "url",
    ["", "calendar.ics", "https://", "https://:80/", "ftp://example.com/a", "file:///etc/passwd", "https://a..b/",
     "http://[::1/", "https://exa mple.com/", "https://example.com:99999/", "https://example.com:x/", "\0", "//x",
     f"https://{'a' * 64}.com/", "javascript:alert(1)", "https://\udcff/"],
)  # fmt: skip
def test_nonsense_is_not_an_address(url: str) -> None:
    with pytest.raises(FeedError, match=r"can’t be read|not an address on the web"):
        ask(Request(url=url))


def test_webcal_is_https() -> None:
    with pytest.raises(FeedError, match=r"https://127\.0\.0\.1:1 can’t be reached"):
        ask(Request(url="webcal://127.0.0.1:1/a.ics"))


def test_what_is_shown_of_an_address() -> None:
    assert shown("https://ann:pass@example.com:8443/secret?key=1#x") == "https://example.com:8443"
    assert shown("http://[::1]:80/x") == "http://[::1]"


@pytest.mark.parametrize("value", ["Bearer gehe\nim", "Bearer geheim€", "Bearer geheim\0"])
def test_a_key_that_cannot_be_sent_is_not_shown(value: str) -> None:
    with WebServer(lambda talk: talk.answer()) as server, pytest.raises(FeedError) as error:
        get(server.url, headers={"Authorization": value})
    assert "gehe" not in str(error.value)
    assert "characters that can’t be sent" in str(error.value)


def test_connections_are_kept_open_and_closed_at_the_end() -> None:
    with Receiver() as receiver:
        web = Web(PATIENT)
        for _ in range(3):
            web.fetch(Request(url=receiver.url))
        assert len({one.connection for one in receiver.received}) == 1
        web.close()
        receiver.wait_until_closed()


def test_after_a_failure_the_next_fetch_is_as_good_as_any() -> None:
    with Receiver() as receiver:
        receiver.script("/", Answer(act=Act.HANG), Answer(act=Act.HALF), Answer(body=b"fine"))
        web = Web(SHORT)
        with pytest.raises(FeedError, match=r"after 0\.2 seconds"):
            web.fetch(Request(url=receiver.url))
        web.limits = PATIENT
        with pytest.raises(FeedError, match="broke off in the middle"):
            web.fetch(Request(url=receiver.url))
        assert web.fetch(Request(url=receiver.url)).body == b"fine"
        web.close()


def test_a_login_is_sent_with_every_request() -> None:
    with WebServer(lambda talk: talk.answer()) as server:
        ask(Request(url=server.url, secret=True), Web(PATIENT, auth=httpx.BasicAuth("ann", "pässwörd")))
    assert "Authorization: Basic" in server.heads[0]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.text(max_size=30), st.sampled_from(["", "http://", "https://", "webcal://", "http://127.0.0.1:1/", "https://["])
)
def test_whatever_the_address_is_nothing_but_a_feed_error_comes_out(text: str, start: str) -> None:
    """Nothing is asked: the transport refuses whatever gets as far as that."""
    with pytest.raises(FeedError) as error:
        ask(Request(url=start + text), Web(PATIENT, transport=_NoNetwork()))
    assert "Error" not in str(error.value) or "Error" in text


class _NoNetwork(httpx.BaseTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        raise httpx.ConnectError("not in this test")
