"""Fetching a page from a source on the web, within limits: how long, how much, from where.

A source that hangs, trickles, floods, leads elsewhere or can't prove who it is ends with one plain sentence. TLS is
always verified. A password is never sent over plain http except to this very computer.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Event
from time import monotonic

import httpx

from dispatchwatch import __version__
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.web_cutting import Cutting
from dispatchwatch.intake.web_unpacking import BadPacking, UnknownPacking, unpacked
from dispatchwatch.intake.web_way import Outward, Way, bottom_of

MEGABYTE = 1_000_000
USER_AGENT = f"DispatchWatch/{__version__}"
HOST = re.compile(r"(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?|[\dA-Fa-f:.]*:[\dA-Fa-f:.]*", re.ASCII)
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one page may cost. `total` is for the whole answer, `quiet` for each wait for more of it."""

    total: timedelta = timedelta(seconds=45)
    quiet: timedelta = timedelta(seconds=15)
    bytes: int = 50 * MEGABYTE
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Page:
    """An answer. `url` is where it came from in the end; `date` the server's own clock, where it tells it."""

    url: str = field(repr=False)
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    date: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for. `secret` says that headers or address carry a password or a key."""

    url: str = field(repr=False)
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    secret: bool = False


class Web:
    """Asks sources on the web, and keeps its connections open between fetches. `way` is how requests leave the office
    (straight, if left out), `transport` what tests put in its place; `steady` counts seconds."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        auth: httpx.Auth | None = None,
        way: Way | None = None,
        steady: Callable[[], float] = monotonic,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._auth = auth
        self._way = way
        self._steady = steady
        self._transport = transport
        self._client: httpx.Client | None = None
        self._cutting = Cutting()

    def fetch(self, request: Request) -> Page:
        """The answer, whatever its status. Raises FeedError for everything that is no answer."""
        url, started = _address(request), self._steady()
        with self._cutting.after(self.limits.total) as cut:
            for _ in range(self.limits.redirects + 1):
                page = self._once(request, url, started, cut)
                leads_to = page.headers.get("location", "") if page.status in REDIRECTS else ""
                if not leads_to:
                    return page
                url = _followed(url, leads_to)
        raise FeedError(f"{shown(url)} leads from one address to the next without end. Check the address.")

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _once(self, request: Request, url: httpx.URL, started: float, cut: Event) -> Page:
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, identity", **request.headers}
        with (
            _in_plain_words(url, self.limits, cut),
            self._connection().stream(
                request.method, url, headers=headers, content=request.body, extensions={"trace": self._cutting.note}
            ) as response,
        ):
            body = b"".join(self._pieces(response, url, started))
        return Page(str(url), response.status_code, dict(response.headers), body, _date(response))

    def _connection(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(
                auth=self._auth,
                timeout=self.limits.quiet.total_seconds(),
                follow_redirects=False,
                transport=self._transport or Outward(self._way),
            )
            # a feed that is dropped leaves no connection open
            weakref.finalize(self, self._client.close)
        return self._client

    def _pieces(self, response: httpx.Response, url: httpx.URL, started: float) -> Iterator[bytes]:
        """The body, unpacked by ourselves: a few packed bytes may stand for gigabytes."""
        left = self.limits.bytes
        for piece in self._unpacked(response, url):
            left -= len(piece)
            if left < 0:
                raise FeedError(
                    f"{shown(url)} sends more than {_size(self.limits.bytes)}. Ask for less of it, or raise max_bytes."
                )
            if self._steady() - started > self.limits.total.total_seconds():
                raise FeedError(_too_slow(url, self.limits))
            yield piece

    def _unpacked(self, response: httpx.Response, url: httpx.URL) -> Iterator[bytes]:
        encoding = response.headers.get("content-encoding", "identity")
        try:
            yield from unpacked(response.iter_raw(), encoding, self.limits.bytes + 1)
        except UnknownPacking:
            text = f"{shown(url)} packs its answer in a way nobody asked for ({encoding[:20]})."
            raise FeedError(f"{text} Ask whoever runs it to send it as gzip or plain.") from None
        except BadPacking:
            raise FeedError(f"{shown(url)} sends something that can’t be unpacked. It is asked again.") from None


def follow(url: str, leads_to: str) -> str:
    """Where a link of an answer leads, on the same server. Raises FeedError if it leads elsewhere."""
    return str(_followed(httpx.URL(url), leads_to))


def _followed(url: httpx.URL, leads_to: str) -> httpx.URL:
    try:
        following = _usable(url.join(leads_to))
    except (httpx.InvalidURL, ValueError):
        raise FeedError(f"{shown(url)} leads to an address that is none. Check the address.") from None
    if _origin(following) not in {_origin(url), ("https", url.host, 443)}:
        advice = "If that is right, write that address into the configuration"
        raise FeedError(f"{shown(url)} leads elsewhere, to {shown(following)}. {advice}.")
    return following.copy_with(userinfo=url.userinfo)


def _address(request: Request) -> httpx.URL:
    try:
        url = httpx.URL(request.url.strip())
        if url.scheme in {"webcal", "webcals"}:
            url = url.copy_with(scheme="https")
        url = _usable(url)
    except (httpx.InvalidURL, ValueError):
        raise FeedError("the address can’t be read. Write it like https://example.com/calendar.ics") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise FeedError(f"{shown(url)} is not an address on the web. It begins with https://")
    has_secret = request.secret or bool(url.userinfo)
    if url.scheme == "http" and has_secret and not is_loopback(url.host):
        raise FeedError(f"{shown(url)} would carry the password unprotected. Use its https:// address.")
    return url


def _usable(url: httpx.URL) -> httpx.URL:
    """Raises ValueError for a host or port that the network can’t take; httpx finds out too late, in other words."""
    if url.host and not HOST.fullmatch(url.raw_host.decode("ascii")):
        raise ValueError("not a host")
    if url.port is not None and not 0 < url.port < 65536:
        raise ValueError("not a port")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown(address: httpx.URL | str) -> str:
    """The address as it may be shown: without user, password, path and query, where secrets hide."""
    url = httpx.URL(address)
    host = f"[{url.host}]" if ":" in url.host else url.host
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{host}{port}" if url.host else "the address"


def _too_slow(url: httpx.URL, limits: Limits) -> str:
    return f"{shown(url)} was still sending after {_seconds(limits.total)}. It is too slow; ask for less, or later."


def _seconds(length: timedelta) -> str:
    count = round(length.total_seconds(), 2 if length < timedelta(seconds=1) else 0)
    return f"{count:g} {'second' if count == 1 else 'seconds'}"


def _size(count: int) -> str:
    return f"{count / MEGABYTE:g} MB" if count >= MEGABYTE // 10 else f"{count:,} bytes"


@contextmanager
def _in_plain_words(url: httpx.URL, limits: Limits, cut: Event) -> Iterator[None]:
    where = shown(url)
    try:
        yield
    except httpx.ConnectTimeout:
        raise FeedError(f"{where} can’t be reached: it does not answer. Check the address and the network.") from None
    except httpx.TimeoutException:
        text = f"{where} fell silent for {_seconds(limits.quiet)}. It may be overloaded; it is asked again."
        raise FeedError(text) from None
    except (httpx.LocalProtocolError, UnicodeError):
        # the library's own words would show the header, which is where passwords and keys are
        raise FeedError(f"{where} can’t be asked: user, password or key hold characters that can’t be sent.") from None
    except httpx.TransportError as error:
        raise FeedError(_too_slow(url, limits) if cut.is_set() else _broken(where, error)) from None


def _broken(where: str, error: httpx.TransportError) -> str:
    if isinstance(bottom_of(error), ssl.SSLError):
        text = f"{where} can’t prove who it is: its certificate is not valid for it. Nothing was sent."
        return f"{text} Ask whoever runs it; check this computer’s clock."
    if isinstance(error, httpx.ConnectError):
        return f"{where} can’t be reached: {_reason(error)}. Check the address and the network."
    if isinstance(error, httpx.ProxyError):
        return f"{where} can’t be reached: {error}."
    if isinstance(error, httpx.RemoteProtocolError):
        return f"{where} broke off in the middle, or what it speaks is not HTTP. It is asked again."
    return f"{where} broke off in the middle. It is asked again."


def _reason(error: httpx.ConnectError) -> str:
    """What the operating system says, without its numbers."""
    cause = bottom_of(error)
    if isinstance(cause, socket.gaierror):
        return "its name is not known"
    return ((cause.strerror if isinstance(cause, OSError) else "") or "nothing answers there").lower()


def _date(response: httpx.Response) -> datetime | None:
    """The server's clock; where a cache on the way has kept the answer, its age is added."""
    try:
        told = parsedate_to_datetime(response.headers["date"])
        age = timedelta(seconds=min(int(response.headers.get("age", "0")), 10**9))
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC) + age
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
