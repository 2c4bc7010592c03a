"""httpx over aiohttp: one session, kept for one lane.

Like the httpx-aiohttp package and for the same reason (httpx's own transport stalls with many requests to one
origin), but with what a sender of alerts cannot do without:

- errors tell whether the request can have left: ConnectError and ConnectTimeout mean that it has not. (The package
  turns every lost connection into ConnectTimeout.)
- the address goes out byte for byte. (The package lets yarl rewrite `%2F` in a query, which may be a signature.)
- no cookies are kept, and no more than the first 512 KB of an answer are read: so much a list of many cards may hold.
- a proxy that refuses is an error of the connection: the request has not left. (aiohttp calls it an answer.)

The server's certificate is checked in every case; through a proxy too, as the connection to the server is encrypted
from end to end (CONNECT).
"""

from __future__ import annotations

import logging
import os
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import aiohttp
import httpx
from yarl import URL

from dispatchwatch.dispatch.fields import is_loopback

# Servers that close idle connections early do so after 5 s (Node, Apache). Giving them up before that makes it rare
# that a message is written to a connection which is just being closed, and its fate unknown.
KEEPALIVE_SECONDS = 4.0
CHUNK_BYTES = 16 * 1024
LONGEST_ANSWER_BYTES = 512 * 1024
PROXY_ASKS_WHO = 407

# httpx logs the address of every request, and in an address there may be a secret.
logging.getLogger("httpx").addFilter(lambda record: record.levelno >= logging.WARNING)


@dataclass(frozen=True, slots=True)
class Way:
    """How requests leave the office: through which proxy, if any, and whose certificates count besides those that
    everybody trusts. What runs on this computer is reached without the proxy."""

    proxy: str = field(default="", repr=False)
    ca_file: Path | None = None

    def proxy_to(self, host: str) -> str | None:
        return self.proxy if self.proxy and not is_loopback(host) else None

    def certificates(self) -> ssl.SSLContext:
        """Raises OSError if they can’t be read."""
        return trusted_certificates(self.ca_file)


STRAIGHT = Way()


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Opens its session with the first request, so it can be made before there is a running loop.

    The certificates are read when it is made: the first alert of the day must not wait for them.
    """

    def __init__(self, way: Way = STRAIGHT) -> None:
        self._way = way
        self._ssl_context = way.certificates()
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request. Raises httpx.ConnectError or ConnectTimeout if it cannot have left, else another
        httpx.TransportError; the messages are sentences that follow a platform's name."""
        content = await request.aread()
        limits = request.extensions["timeout"]
        if self._session is None:
            self._session = self._open()
        try:
            answer = await self._session.request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=request.headers,
                data=content or None,
                allow_redirects=False,
                proxy=self._way.proxy_to(request.url.host),
                # aiohttp's `connect` covers the name look-up too, which `sock_connect` does not.
                timeout=aiohttp.ClientTimeout(connect=limits["connect"], sock_read=limits["read"]),
            )
        except (aiohttp.ClientError, OSError) as error:
            raise translated(error, request.url.host) from error
        return httpx.Response(
            answer.status, headers=answer.raw_headers, stream=_Body(answer, request.url.host), request=request
        )

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(ssl=self._ssl_context, keepalive_timeout=KEEPALIVE_SECONDS)
        return aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trust_env=False
        )


class _Body(httpx.AsyncByteStream):
    """The beginning of an answer's body; closing it early closes the connection as well."""

    def __init__(self, answer: aiohttp.ClientResponse, host: str) -> None:
        self._answer = answer
        self._host = host

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        try:
            async for chunk in self._answer.content.iter_chunked(CHUNK_BYTES):
                yield chunk
                size += len(chunk)
                if size >= LONGEST_ANSWER_BYTES:
                    return
        except (aiohttp.ClientError, OSError) as error:
            raise translated(error, self._host) from error

    async def aclose(self) -> None:
        self._answer.release()


@lru_cache(maxsize=4)
def trusted_certificates(also: Path | None = None) -> ssl.SSLContext:
    """The certificates of certifi, or those that SSL_CERT_FILE and SSL_CERT_DIR name, and those of one file more.
    Reading them takes a while. Raises OSError if the file can't be read or holds no certificate."""
    context = httpx.create_ssl_context()
    if also is not None:
        context.load_verify_locations(cafile=also)
    return context


def translated(error: Exception, host: str) -> httpx.TransportError:
    """The httpx error that says the same. Texts of aiohttp that may hold the address are left out."""
    match error:
        case aiohttp.ClientProxyConnectionError():
            return httpx.ConnectError("the proxy can’t be reached. Nothing was sent. Check the proxy’s address.")
        case aiohttp.ClientHttpProxyError():
            advice = (
                "Check the user and password in its address." if error.status == PROXY_ASKS_WHO else "Ask who runs it."
            )
            return httpx.ConnectError(f"the proxy does not let it through (HTTP {error.status}). {advice}")
        case aiohttp.ClientConnectorError():
            return httpx.ConnectError(_no_connection(error, host))
        case aiohttp.ConnectionTimeoutError():
            return httpx.ConnectTimeout(f"{host} did not take up the connection in time.")
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return httpx.UnsupportedProtocol("the channel’s address is not one that can be called. Check it.")
        case aiohttp.SocketTimeoutError():
            return httpx.ReadTimeout(f"{host} did not answer in time.")
        case aiohttp.ClientResponseError():
            return httpx.RemoteProtocolError(f"{host} answered in something that is not HTTP.")
        case _:
            return httpx.ReadError(f"{host} ended the connection without a whole answer.")


def _no_connection(error: aiohttp.ClientConnectorError, host: str) -> str:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            problem = error.certificate_error
            detail = problem.verify_message if isinstance(problem, ssl.SSLCertVerificationError) else "not valid"
            return (
                f"the certificate of {host} can’t be trusted: {detail}. Nothing was sent. "
                "Is a proxy in between, or is this computer’s clock wrong?"
            )
        case aiohttp.ClientSSLError():
            return f"{host} does not speak TLS as it should. Nothing was sent. Check the channel’s address."
        case aiohttp.ClientConnectorDNSError():
            return f"the name {host} is not known. Check the internet connection and the channel’s address."
        case _:
            number = error.os_error.errno
            return f"no connection to {host}: {os.strerror(number) if number else 'it was not taken up'}."
