"""The one place that takes requests from outside: a small web server in a thread of its own.

Started only where `[listener]` is configured. It does not touch the store: what is to be done with a request is done
on the engine's loop (`on_loop`), as everything else is.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from dispatchwatch.app.inbound_config import ListenerConfig

LONGEST_CONNECTION = 10.0
"""Seconds from the first byte to the last. Who sends his request slower than that is cut off."""
MOST_CONNECTIONS = 64
LARGEST_HEAD = 16 * 1024
FAREWELL = 3.0
A = TypeVar("A")
B = TypeVar("B")


class ListeningError(Exception):
    """Nothing can be taken at the configured address; the text says why and what to do."""


class Unread(Exception):
    """A body that was not read to its end, and the status that says so."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Listener:
    """`start` and `stop` may be called once each, from any thread; both block for a moment."""

    def __init__(
        self, config: ListenerConfig, routes: Sequence[BaseRoute], longest: float = LONGEST_CONNECTION
    ) -> None:
        self._config = config
        self._server = _Server(_settings(_application(routes), longest))
        self._thread = threading.Thread(target=self._live, name="listener", daemon=True)
        self._socket: socket.socket | None = None

    @property
    def port(self) -> int:
        """The port that is listened at, once started."""
        return int(self._socket.getsockname()[1]) if self._socket is not None else self._config.port

    @property
    def url(self) -> str:
        """Where it listens; others may reach it at another address."""
        return self._config.listened_at(self.port)

    def start(self) -> None:
        """Returns once requests are taken. Raises ListeningError."""
        self._socket = _bound(self._config)
        self._thread.start()
        self._server.settled.wait(FAREWELL)
        if not self._server.started:
            raise ListeningError("The listener does not come up; the log says why. Everything else runs on.")

    def stop(self) -> None:
        """Answers what is under way, for a bounded time."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(FAREWELL)
            self._server.force_exit = True
            self._thread.join(FAREWELL)

    def _live(self) -> None:
        try:
            if self._socket is not None:
                self._server.run([self._socket])
        finally:
            self._server.settled.set()


async def body_of(request: Request, most: int) -> bytes:
    """The body as it was sent. Raises Unread where it is larger than `most` bytes or breaks off."""
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told[:12]) > most:
        raise Unread(413)
    pieces, left = list[bytes](), most
    try:
        async for piece in request.stream():
            left -= len(piece)
            if left < 0:
                raise Unread(413)
            pieces.append(piece)
    except ClientDisconnect:
        raise Unread(400) from None
    return b"".join(pieces)


def address_of(request: Request) -> str:
    """Who asks, as the connection tells. What headers say of it is not believed."""
    return request.client.host if request.client else ""


def on_loop(
    loop: asyncio.AbstractEventLoop, deed: Callable[[A], Coroutine[Any, Any, B]]
) -> Callable[[A], Awaitable[B]]:
    """`deed` for other loops to await: it is done on this one, the engine's."""

    async def ask(what: A) -> B:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(deed(what), loop))

    return ask


def _application(routes: Sequence[BaseRoute]) -> Starlette:
    application = Starlette(routes=list(routes), exception_handlers={HTTPException: _plainly})
    application.router.redirect_slashes = False
    return application


async def _plainly(_request: Request, error: Exception) -> Response:
    """No such address, or no such method there: the number says it, and nothing else does."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return Response(status_code=status)


class _Server(Server):
    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.settled = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.settled.set()


def _settings(application: Starlette, longest: float) -> Config:
    return Config(
        application,
        loop="asyncio",
        http=_brief(longest),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        headers=[("Connection", "close")],
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_graceful_shutdown=1,
    )


def _brief(longest: float) -> type[H11Protocol]:
    """Connections that end: uvicorn waits for a request that is never finished for as long as it takes."""

    class Brief(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._end = self.loop.call_later(longest, transport.abort)

        def connection_lost(self, exc: Exception | None) -> None:
            self._end.cancel()
            super().connection_lost(exc)

    return Brief


def _bound(config: ListenerConfig) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, kind, protocol)
    except OSError:
        raise ListeningError(f"{config.host} is not an address of this computer. Check host in [listener].") from None
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows lets two programs share a port otherwise
            found.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(MOST_CONNECTIONS)
    except OSError as error:
        found.close()
        reason = (error.strerror or "it can’t be used").lower()
        advice = "Choose another port in [listener], or end the program that uses it"
        raise ListeningError(f"Nothing can be taken at {config.host}:{config.port}: {reason}. {advice}.") from None
    return found
