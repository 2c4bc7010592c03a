"""An HTTP proxy on this computer that leads every connection (CONNECT) to one port of this computer.

with Proxy(leads_to=server.port) as proxy:
    ...                         # use proxy.url; proxy.asked is who was to be reached
"""

from __future__ import annotations

import base64
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Proxy:
    """Listens from construction until `close`. With `password` ("user:password") it lets nobody else through."""

    def __init__(self, leads_to: int, *, password: str = "", status: str = "200 Connection established") -> None:
        self._leads_to = leads_to
        self._password = password
        self._status = status
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.asked: list[str] = []
        self.heads: list[str] = []
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._listen, name="proxy")]
        self._threads[0].start()

    @property
    def url(self) -> str:
        user = f"{self._password}@" if self._password else ""
        return f"http://{user}127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for one in self._open:
            one.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        """Clients may hang up at any time."""
        self._open.append(client)
        with suppress(OSError):
            self._lead(client)

    def _lead(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (piece := client.recv(4096)):
                return
            head += piece
        self.heads.append(head.decode("latin-1"))
        self.asked.append(self.heads[-1].split(" ")[1])
        answer = self._status if self._lets_through() else "407 Proxy Authentication Required"
        client.sendall(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode())
        if not answer.startswith("200"):
            client.shutdown(socket.SHUT_RDWR)
            return
        server = socket.create_connection(("127.0.0.1", self._leads_to), timeout=10)
        self._open.append(server)
        self._start(_pour, server, client)
        _pour(client, server)

    def _lets_through(self) -> bool:
        told = base64.b64encode(self._password.encode()).decode()
        return not self._password or f"Basic {told}" in self.heads[-1]

    def _start(self, work: object, *arguments: socket.socket) -> None:
        thread = threading.Thread(target=work, args=arguments, name="proxy")  # type: ignore[arg-type]  # any function
        self._threads.append(thread)
        thread.start()


def _pour(source: socket.socket, target: socket.socket) -> None:
    """Everything that comes from one side goes out at the other, until either ends."""
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
