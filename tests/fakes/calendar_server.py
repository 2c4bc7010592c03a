"""Radicale, a real CalDAV server, on this computer and in a thread of its own.

with CalendarServer(folder, users={"ann": "secret"}) as server:
    server.make_calendar("/ann/visits/", "Visits")
    server.put("/ann/visits/one.ics", text)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import radicale.app
import radicale.config

MAKE = (
    '<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>'
    "<d:displayname>{name}</d:displayname></d:prop></d:set></c:mkcalendar>"
)


class CalendarServer:
    """Each of the `users` (name to password) sees what is theirs. `asked` are the requests, as "METHOD path"."""

    def __init__(self, folder: Path, users: Mapping[str, str]) -> None:
        self._users = users
        self.asked: list[str] = []
        (folder / "users").write_text("".join(f"{name}:{password}\n" for name, password in self._users.items()))
        access = {"type": "htpasswd", "htpasswd_filename": str(folder / "users"), "htpasswd_encryption": "plain"}
        configuration = radicale.config.load()
        configuration.update(
            {
                "storage": {"filesystem_folder": str(folder / "collections")},
                "auth": {**access, "delay": "0"},
                "rights": {"type": "owner_only"},
                "logging": {"level": "critical"},
            },
            "test",
        )
        self._program = radicale.app.Application(configuration)
        self._server = make_server("127.0.0.1", 0, self._answer, WSGIServer, _Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="radicale")
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def make_calendar(self, path: str, name: str) -> None:
        self.change("MKCALENDAR", path, MAKE.format(name=name))

    def put(self, path: str, text: str) -> None:
        self.change("PUT", path, text, {"Content-Type": "text/calendar; charset=utf-8"})

    def delete(self, path: str) -> None:
        self.change("DELETE", path)

    def change(self, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None) -> None:
        """As the owner of the path does with his own program; not counted in `asked`."""
        owner = path.strip("/").partition("/")[0]
        login = (owner, self._users[owner])
        before = list(self.asked)
        answer = httpx.request(method, self.url + path, content=body.encode(), headers=headers, auth=login)
        self.asked = before
        assert answer.status_code in {200, 201, 204}, (answer.status_code, answer.text)

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        answer: Iterable[bytes] = self._program(environ, start)
        return answer


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Tests look at `asked`."""
