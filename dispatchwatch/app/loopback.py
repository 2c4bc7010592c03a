"""Where a browser on this computer brings the answer of a sign-in: a page on 127.0.0.1, for one answer and no longer.

Whoever can make the browser open an address could bring an answer too: it counts only with the state of this sign-in,
which nobody else knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from hmac import compare_digest
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

LARGEST_HEAD = 16 * 1024
LONGEST_CONNECTION = 10.0
TAKEN = "DispatchWatch has the answer and tells you there whether you are signed in. You can close this page."
NOT_OURS = "This is not the answer to the sign-in that DispatchWatch waits for. Nothing was taken; sign in again."
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>DispatchWatch</title></head>\
<body><p>{said}</p></body></html>"""
HEADERS = (
    "Content-Type: text/html; charset=utf-8",
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    "Cache-Control: no-store",
    "Referrer-Policy: no-referrer",
    "Connection: close",
)


class Loopback:
    """Listens while it is open as a context. `answer` is a future: what the browser brought."""

    def __init__(self, state: str) -> None:
        self._state = state
        self.answer: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LARGEST_HEAD)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Not waited for: browsers open connections in advance that they say nothing on.
        self._server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request. Whoever hangs up, or sends something else, is let go."""
        try:
            async with asyncio.timeout(LONGEST_CONNECTION):
                brought = self._brought((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
                writer.write(_page(*(("400 Bad Request", NOT_OURS) if brought is None else ("200 OK", TAKEN))))
                await writer.drain()
            if brought is not None and not self.answer.done():
                self.answer.set_result(brought)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return
        finally:
            writer.close()

    def _brought(self, head: str) -> Mapping[str, str] | None:
        """What stands in the address of the request, if it is the answer to this sign-in and the first one."""
        method, _, rest = head.partition(" ")
        try:
            found = parse_qs(urlsplit(rest.partition(" ")[0]).query, max_num_fields=20)
        except ValueError:
            return None
        told = {name: values[0] for name, values in found.items()}
        is_ours = compare_digest(told.get("state", "").encode(), self._state.encode())
        is_answer = method == "GET" and bool(told.get("code") or told.get("error"))
        return told if is_ours and is_answer and not self.answer.done() else None


def _page(status: str, said: str) -> bytes:
    body = PAGE.format(said=said).encode()
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *HEADERS, "", ""]).encode() + body
