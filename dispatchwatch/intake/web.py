"""Fetching a page from a source on the web, within limits: how long, how much, from where.

A source that hangs, trickles, floods, leads elsewhere or can't prove who it is ends with one plain sentence. TLS is
always verified. A password is never sent over plain http except to this very computer.
"""

from __future__ import annotations

import ipaddress
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic

import httpx

from dispatchwatch import __version__
from dispatchwatch.intake.feed import FeedError

MEGABYTE = 1_000_000
USER_AGENT = f"DispatchWatch/{__version__}"
DECODERS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


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

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    date: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for. `secret` says that headers or address carry a password or a key."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    secret: bool = False


class Web:
    """The way to sources on the web; keeps its connections open between fetches. `steady` counts seconds."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        auth: httpx.Auth | None = None,
        steady: Callable[[], float] = monotonic,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._auth = auth
        self._steady = steady
        self._transport = transport
        self._client: httpx.Client | None = None

    def fetch(self, request: Request) -> Page:
        """The answer, whatever its status. Raises FeedError for everything that is no answer."""
        url, started = _address(request), self._steady()
        for _ in range(self.limits.redirects + 1):
            page = self._once(request, url, started)
            leads_to = page.headers.get("location", "") if page.status in {301, 302, 303, 307, 308} else ""
            if not leads_to:
                return page
            url = self._followed(url, leads_to)
        raise FeedError(f"{_shown(url)} leads from one address to the next without end. Check the address.")

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _once(self, request: Request, url: httpx.URL, started: float) -> Page:
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, identity", **request.headers}
        with (
            _in_plain_words(url, self.limits),
            self._connection().stream(request.method, url, headers=headers, content=request.body) as response,
        ):
            body = b"".join(self._pieces(response, url, started))
        return Page(str(url), response.status_code, dict(response.headers), body, _date(response))

    def _connection(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(
                auth=self._auth,
                timeout=self.limits.quiet.total_seconds(),
                follow_redirects=False,
                transport=self._transport,
            )
        return self._client

    def _pieces(self, response: httpx.Response, url: httpx.URL, started: float) -> Iterator[bytes]:
        """The body, unpacked by ourselves: a few packed bytes may stand for gigabytes."""
        left = self.limits.bytes
        for piece in _unpacked(response, url, self.limits.bytes):
            left -= len(piece)
            if left < 0:
                size = self.limits.bytes // MEGABYTE
                raise FeedError(f"{_shown(url)} sends more than {size} MB. Ask for less of it, or raise max_bytes.")
            if self._steady() - started > self.limits.total.total_seconds():
                raise FeedError(
                    f"{_shown(url)} was still sending after {self.limits.total.total_seconds():.0f} seconds. "
                    "It is too slow; try again later or ask for less."
                )
            yield piece

    def _followed(self, url: httpx.URL, leads_to: str) -> httpx.URL:
        try:
            following = url.join(leads_to)
        except httpx.InvalidURL:
            raise FeedError(f"{_shown(url)} leads to an address that is none. Check the address.") from None
        if following.host != url.host or (url.scheme == "https" and following.scheme != "https"):
            raise FeedError(
                f"{_shown(url)} leads elsewhere, to {following.scheme}://{following.host}. "
                "If that is right, write that address into the configuration."
            )
        return following


def _address(request: Request) -> httpx.URL:
    try:
        url = httpx.URL(request.url.strip())
    except httpx.InvalidURL:
        raise FeedError("the address can’t be read. Write it like https://example.com/calendar.ics") from None
    if url.scheme == "webcal":
        url = url.copy_with(scheme="https")
    if url.scheme not in {"http", "https"} or not url.host:
        raise FeedError(f"{_shown(url)} is not an address on the web. It begins with https://")
    has_secret = request.secret or bool(url.userinfo)
    if url.scheme == "http" and has_secret and not is_loopback(url.host):
        raise FeedError(f"{_shown(url)} would carry the password unprotected. Use its https:// address.")
    return url


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(url: httpx.URL) -> str:
    """The address as it may be shown: without user, password, path and query, where secrets hide."""
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{url.host}{port}" if url.host else "the address"


@contextmanager
def _in_plain_words(url: httpx.URL, limits: Limits) -> Iterator[None]:
    where = _shown(url)
    try:
        yield
    except httpx.ConnectTimeout:
        raise FeedError(f"{where} can’t be reached: it does not answer.") from None
    except httpx.TimeoutException:
        quiet = limits.quiet.total_seconds()
        raise FeedError(
            f"{where} fell silent for {quiet:.0f} seconds. It may be overloaded; it is asked again."
        ) from None
    except httpx.ConnectError as error:
        if isinstance(_cause(error), ssl.SSLError) or "CERTIFICATE" in str(error).upper() or "SSL" in str(error):
            text = f"{where} can’t prove who it is: its certificate is not valid for it. Nothing was sent."
            raise FeedError(f"{text} Ask whoever runs it; check this computer’s clock.") from None
        raise FeedError(f"{where} can’t be reached ({error}). Check the address and the network.") from None
    except httpx.TransportError as error:
        raise FeedError(
            f"{where} broke off in the middle ({str(error) or type(error).__name__}). It is asked again."
        ) from None


def _cause(error: BaseException) -> BaseException | None:
    """What lies at the bottom of an error."""
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__ or error
    return error


def _unpacked(response: httpx.Response, url: httpx.URL, most: int) -> Iterator[bytes]:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"identity", ""}:
        yield from response.iter_raw()
        return
    if encoding not in DECODERS:
        raise FeedError(f"{_shown(url)} packs its answer in a way nobody asked for ({encoding}).")
    decoder = zlib.decompressobj(DECODERS[encoding])
    try:
        for packed in response.iter_raw():
            yield decoder.decompress(packed, most + 1)
            while decoder.unconsumed_tail:
                yield decoder.decompress(decoder.unconsumed_tail, most + 1)
        yield decoder.flush()
    except zlib.error:
        raise FeedError(f"{_shown(url)} sends something that can’t be unpacked. It is asked again.") from None


def _date(response: httpx.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        return None
