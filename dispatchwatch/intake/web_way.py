"""The way out of the office: straight or through its proxy, and whose certificates count.

TLS is verified in any case; through a proxy too, as the connection to a source is encrypted from end to end (CONNECT).
The proxy settings of the computer do not count, so that feeds and channels go the same way.
"""

from __future__ import annotations

import ssl
from typing import Protocol

import httpx

PROXY_ASKS_WHO = "407"


class Way(Protocol):
    """How requests leave the office."""

    @property
    def proxy(self) -> str:
        """The address of the proxy, perhaps with user and password; empty where there is none."""
        ...

    def proxy_to(self, host: str) -> str | None:
        """The proxy that leads to this host; None where it is reached straight."""
        ...

    def certificates(self) -> ssl.SSLContext: ...


class Outward(httpx.BaseTransport):
    """Sends each request by the way to its host. Raises httpx.ProxyError, in words for people, where the proxy is what
    is in the way."""

    def __init__(self, way: Way | None) -> None:
        trusted = way.certificates() if way is not None else httpx.create_ssl_context()
        self._proxy_to = way.proxy_to if way is not None else _no_proxy
        self._straight = httpx.HTTPTransport(verify=trusted)
        self._led = httpx.HTTPTransport(verify=trusted, proxy=way.proxy) if way and way.proxy else self._straight

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._proxy_to(request.url.host) is None:
            return self._straight.handle_request(request)
        try:
            return self._led.handle_request(request)
        except httpx.ProxyError as error:
            raise httpx.ProxyError(_refusal(str(error))) from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if isinstance(bottom_of(error), ssl.SSLError):
                raise
            raise httpx.ProxyError("the proxy does not answer. Check proxy under [network]") from error

    def close(self) -> None:
        self._straight.close()
        self._led.close()


def bottom_of(error: BaseException) -> BaseException:
    """What lies at the bottom of an error."""
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__ or error
    return error


def _no_proxy(_host: str) -> None:
    return None


def _refusal(told: str) -> str:
    """`told` begins with the proxy's status."""
    status = told[:3] if told[:3].isdecimal() else ""
    advice = "Check the user and password in proxy under [network]" if status == PROXY_ASKS_WHO else "Ask who runs it"
    return f"the proxy does not let it through{f' ({status})' if status else ''}. {advice}"
