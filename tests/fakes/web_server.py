"""A server on this computer that misbehaves as told: it says byte by byte what goes over the wire.

with WebServer(lambda talk: talk.send(b"HTTP/1.1 200 OK\\r\\n")) as server:
    ...                         # ask server.url
"""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)


class Talk:
    """One connection after its request has come in. `head` is the request up to the empty line."""

    def __init__(self, connection: socket.socket, head: str, released: threading.Event) -> None:
        self.head = head
        self._connection = connection
        self._released = released

    @property
    def path(self) -> str:
        return self.head.split(" ")[1]

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def answer(self, body: bytes = b"", status: str = "200 OK", **headers: str) -> None:
        """A whole and proper answer; header names are written with `_` for `-`."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join([*lines, "", ""]).encode() + body)

    def wait(self, seconds: float | None = None) -> bool:
        """Whether the test is over; returns at once if so."""
        return self._released.wait(seconds)

    def reset(self) -> None:
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.close()


class WebServer:
    """Listens from construction until `close`; each connection is one request."""

    def __init__(self, behave: Callable[[Talk], None], tls: ssl.SSLContext | None = None) -> None:
        self._behave = behave
        self._tls = tls
        self._released = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._threads = [threading.Thread(target=self._listen, name="web server")]
        self.heads: list[str] = []
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._released.set()
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            pass  # wakes the listening thread
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _listen(self) -> None:
        while not self._released.is_set():
            connection, _ = self._listening.accept()
            thread = threading.Thread(target=self._serve, args=(connection,), name="web server talk")
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        """Clients may hang up at any time; that is what most of these tests are about."""
        connection.settimeout(5)
        with suppress(OSError), connection:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                head = self._head(connection)
                if head:
                    self.heads.append(head)
                    self._behave(Talk(connection, head, self._released))

    def _head(self, connection: socket.socket) -> str:
        """The body is taken in too: closing over unread bytes would reset the connection."""
        received = b""
        while not _whole(received):
            more = connection.recv(4096)
            if not more:
                return ""
            received += more
        return received.partition(b"\r\n\r\n")[0].decode("latin-1")


def _whole(request: bytes) -> bool:
    head, end, body = request.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)
