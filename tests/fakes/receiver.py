"""A receiver on this computer that stands in for every platform. Standard library only, on threads of its own.

    with Receiver() as receiver:
        receiver.script("/services/T/B/x", Answer(429, {"Retry-After": "1"}), Answer())
        ...                             # send to receiver.url
        first, second = receiver.wait_for(2)

A path's answers are given in order and the last one stays. Paths without a script are answered as Slack's webhooks
answer ("ok"), those of PagerDuty's Events API as PagerDuty does.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from types import TracebackType
from typing import Any, Self


class Act(Enum):
    """What to do once the request has been read."""

    REPLY = auto()
    HANG = auto()  # answer only when released
    CLOSE = auto()  # end the connection without a word
    RESET = auto()  # break the connection (RST)
    HALF = auto()  # promise the whole body, send half of it, close
    RAW = auto()  # send the body as it is, without status or headers, and close
    TRICKLE = auto()  # send the body byte by byte, waiting `delay` before each


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` goes out as JSON unless it is text or bytes. `delay` is in seconds and ends early when released.

    `hang_up` closes the connection after the answer, unannounced.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = "ok"
    delay: float = 0.0
    act: Act = Act.REPLY
    hang_up: bool = False

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()

    @property
    def head(self) -> bytes:
        json_or_text = "text/plain" if isinstance(self.body, str | bytes) else "application/json"
        headers = {"Content-Type": json_or_text, "Content-Length": str(len(self.content)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} Scripted", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


@dataclass(frozen=True, slots=True)
class Received:
    """One request. `target` is path and query as they came, header names are in lower case, `at` is monotonic, and
    requests with the same `connection` came over the same one."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    at: float
    connection: int

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Script = Answer | Callable[[Received], Answer]


def like_pagerduty(received: Received) -> Answer:
    event = received.json
    answer = {"status": "success", "message": "Event processed"}
    return Answer(202, body={**answer, **({"dedup_key": event["dedup_key"]} if "dedup_key" in event else {})})


class Receiver:
    """Listens from construction until `close`. Any method may be called from any thread."""

    def __init__(self) -> None:
        self._arrived = threading.Condition()
        self._received: list[Received] = []
        self._scripts: dict[str, deque[Script]] = {}
        self._released = threading.Event()
        self._connections: dict[int, socket.socket] = {}
        self._accepted = 0
        self.fault: BaseException | None = None
        self.script("/v2/enqueue", like_pagerduty)
        self.script("/v2/change/enqueue", like_pagerduty)
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="receiver")
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def received(self) -> list[Received]:
        """Everything so far, in order of arrival."""
        with self._arrived:
            return list(self._received)

    @property
    def connections(self) -> int:
        """How many connections are open."""
        with self._arrived:
            return len(self._connections)

    def script(self, path: str, *answers: Script) -> None:
        """Answer requests to the path so from now on; "*" stands for every path that has no script of its own."""
        with self._arrived:
            self._scripts[path] = deque(answers)

    def wait_for(self, count: int, path: str = "*", timeout: float = 15.0) -> list[Received]:
        """The first `count` requests (to that path), as soon as they are there. Raises TimeoutError."""

        def arrived() -> list[Received]:
            return [request for request in self._received if path in {"*", request.path}]

        with self._arrived:
            if not self._arrived.wait_for(lambda: len(arrived()) >= count, timeout):
                paths = [request.target for request in self._received]
                raise TimeoutError(f"{len(arrived())} of {count} requests to {path} after {timeout} s; all: {paths}")
            return arrived()[:count]

    def wait_until_closed(self, timeout: float = 15.0) -> None:
        """Return as soon as no connection is open. Raises TimeoutError."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: not self._connections, timeout):
                raise TimeoutError(f"{len(self._connections)} connections are still open after {timeout} s")

    def forget(self) -> None:
        """Drop what was received so far."""
        with self._arrived:
            self._received.clear()

    def release(self) -> None:
        """End every wait: hanging requests are answered, delays are over, now and from now on."""
        self._released.set()

    def close(self) -> None:
        self.release()
        self._server.shutdown()
        self._thread.join()
        with self._arrived:
            for connection in self._connections.values():
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()
        if self.fault is not None:
            raise self.fault

    def opened(self, connection: socket.socket) -> int:
        with self._arrived:
            self._accepted += 1
            self._connections[self._accepted] = connection
            return self._accepted

    def closed(self, number: int) -> None:
        with self._arrived:
            self._connections.pop(number, None)
            self._arrived.notify_all()

    def take(self, request: Received) -> Answer:
        """Note the request and say what it gets."""
        with self._arrived:
            self._received.append(request)
            self._arrived.notify_all()
            answers = self._scripts.get(request.path) or self._scripts.get("*") or deque([Answer()])
            answer = answers.popleft() if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, Answer) else answer(request)

    def wait(self, seconds: float | None) -> None:
        self._released.wait(seconds)


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, receiver: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.receiver = receiver

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        number = self.receiver.opened(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.receiver.closed(number)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Clients may go away at any moment. Anything else is our own fault, and `close` raises it."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.receiver.fault = error


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle_one_request(self) -> None:
        self.close_connection = True
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        answer = self.server.receiver.take(
            Received(self.command, self.path, headers, body, time.monotonic(), self.client_address[1])
        )
        stays_open = self._play(answer) and not answer.hang_up and headers.get("connection", "").lower() != "close"
        self.close_connection = not stays_open

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing is logged; tests look at what was received."""

    def _play(self, answer: Answer) -> bool:
        """Carry out the answer; whether the connection can be used again afterwards."""
        match answer.act:
            case Act.CLOSE:
                return False
            case Act.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return False
            case Act.RAW:
                self.wfile.write(answer.content)
                return False
            case Act.HALF:
                self.wfile.write(answer.head + answer.content[: len(answer.content) // 2])
                return False
            case Act.TRICKLE:
                self.wfile.write(answer.head)
                for byte in answer.content:
                    self.server.receiver.wait(answer.delay)
                    self.wfile.write(bytes([byte]))
                return True
            case Act.HANG:
                self.server.receiver.wait(None)
            case Act.REPLY if answer.delay:
                self.server.receiver.wait(answer.delay)
            case _:
                pass
        self.wfile.write(answer.head + answer.content)
        return True
