"""A REST source on this computer that hands out its records in every style of paging, and misbehaves as told.

    with JsonServer([{"id": 1, "start": "2026-05-02T14:00:00Z"}], style="page", size=2) as server:
        server.troubles[2] = Answer(429, {"Retry-After": "30"})     # the second request from now on
        ...                                                         # ask server.url

Parameters it knows: page (from 1), offset, cursor, limit (never more than `size`), since (records whose `modified` is
not before it, compared as text). It counts as `asked` only requests for records.

Other lists of it stand in `lists` by path: `/staff` gives them all, `/staff?ids=7,8` those of these ids, `/staff/7` a
single one; `list_troubles` says what a path answers instead, and `asked_of` what a path was asked.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from tests.fakes.receiver import Answer, Received, Receiver

Style = Literal["none", "page", "offset", "cursor", "continuation", "link", "link_header", "same"]


class JsonServer:
    """`style` says how it pages; `date` is what its clock tells (None: it has none); `user`, `key` and `tokens` who is
    let in. Everything can be changed between requests."""

    def __init__(self, records: Sequence[Any] = (), *, style: Style = "none", size: int = 2) -> None:
        self.records = list(records)
        self.style: Style = style
        self.size = size
        self.envelope: Mapping[str, Any] | None = {}
        self.date: datetime | None = None
        self.tags = False
        self.user: tuple[str, str] | None = None
        self.key: tuple[str, str] | None = None
        self.tokens: set[str] | None = None
        self.expires_in: object = 3600
        self.token_trouble: Answer | None = None
        self.token_requests: list[Received] = []
        self.troubles: dict[int, Answer] = {}
        self.asked: list[Received] = []
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.list_troubles: dict[str, Answer] = {}
        self._asked_lists: list[Received] = []
        self._issued = 0
        self._receiver = Receiver()
        self._receiver.script("*", self._answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._receiver.close()

    @property
    def url(self) -> str:
        return f"{self._receiver.url}/visits"

    @property
    def token_url(self) -> str:
        return f"{self._receiver.url}/token"

    @property
    def where(self) -> str:
        return self._receiver.url

    def forget(self) -> None:
        """Counts requests from one again."""
        self.asked.clear()
        self.troubles.clear()

    def queries(self) -> list[dict[str, str]]:
        """The parameters of each request for records."""
        return [dict(parse_qsl(urlsplit(request.target).query)) for request in self.asked]

    def asked_of(self, path: str) -> list[Received]:
        """The requests for a list, or for what is in it."""
        return [one for one in self._asked_lists if one.path == path or one.path.startswith(f"{path}/")]

    def _answer(self, request: Received) -> Answer:
        answer = self._token(request) if request.path == "/token" else self._records(request)
        if self.date is None or "Date" in answer.headers:
            return answer
        clock = {"Date": format_datetime(self.date.astimezone(UTC), usegmt=True)}
        return Answer(answer.status, {**answer.headers, **clock}, answer.body, act=answer.act)

    def _token(self, request: Received) -> Answer:
        self.token_requests.append(request)
        if self.token_trouble is not None:
            return self.token_trouble
        self._issued += 1
        token = f"token-{self._issued}"
        if self.tokens is not None:
            self.tokens.add(token)
        life = {} if self.expires_in is None else {"expires_in": self.expires_in}
        return Answer(body={"access_token": token, "token_type": "Bearer", **life})

    def _records(self, request: Received) -> Answer:
        path = next((path for path in self.lists if request.path == path or request.path.startswith(f"{path}/")), "")
        return self._list(path, request) if path else self._page(request)

    def _list(self, path: str, request: Received) -> Answer:
        self._asked_lists.append(request)
        if not self._lets_in(request):
            return Answer(401, body={"error": "who are you?"})
        if path in self.list_troubles:
            return self.list_troubles[path]
        query, one = dict(parse_qsl(urlsplit(request.target).query)), unquote(request.path[len(path) + 1 :])
        held = {str(record["id"]): record for record in self.lists[path]}
        if one:
            return Answer(body=held[one]) if one in held else Answer(404, body={"error": "no such thing"})
        wanted = query["ids"].split(",") if "ids" in query else held
        listed = [record for record in self.lists[path] if str(record["id"]) in wanted]
        if self.style == "page":
            listed = listed[self._begin(query) :][: self.size]
        tag = f'"{sha256(json.dumps(listed).encode()).hexdigest()[:16]}"'
        if self.tags and request.headers.get("if-none-match") == tag:
            return Answer(304, {"ETag": tag}, b"")
        return Answer(200, {"ETag": tag} if self.tags else {}, {"data": listed})

    def _page(self, request: Received) -> Answer:
        self.asked.append(request)
        if not self._lets_in(request):
            return Answer(401, body={"error": "who are you?"})
        if trouble := self.troubles.get(len(self.asked)):
            return trouble
        body, headers = self._body(request)
        tag = f'"{sha256(json.dumps(body).encode()).hexdigest()[:16]}"'
        if self.tags and request.headers.get("if-none-match") == tag:
            return Answer(304, {"ETag": tag}, b"")
        return Answer(200, {**headers, **({"ETag": tag} if self.tags else {})}, body)

    def _lets_in(self, request: Received) -> bool:
        told = request.headers.get("authorization", "")
        if self.user and told != "Basic " + base64.b64encode(":".join(self.user).encode()).decode():
            return False
        if self.key:
            name, key = self.key
            in_query = parse_qs(urlsplit(request.target).query).get(name, [""])[0]
            return key in {request.headers.get(name.lower(), ""), in_query}
        return self.tokens is None or told.removeprefix("Bearer ") in self.tokens

    def _body(self, request: Received) -> tuple[Any, Mapping[str, str]]:
        asked = dict(parse_qsl(urlsplit(request.target).query))
        if request.method == "POST" and request.body:
            asked |= {name: str(value) for name, value in request.json.items()}
        records = [one for one in self.records if str(one.get("modified", "")) >= asked.get("since", "")]
        begin = self._begin(asked)
        size = len(records) if self.style == "none" else min(int(asked.get("limit", self.size)), self.size)
        end = begin + size
        held, more = records[begin:end], end < len(records)
        if self.envelope is None:
            return held, {}
        body: dict[str, Any] = {**self.envelope, "data": held}
        headers = {}
        here = f"{request.path}?cursor={end}"
        if self.style == "cursor":
            body["next"] = str(end) if more else None
        if self.style == "continuation":
            body |= {"continueFrom": str(end), "hasMore": more}
        if self.style == "link":
            body |= {"next": f"{self.where}{here}"} if more else {}
        if self.style == "link_header" and more:
            headers["Link"] = f'<{self.where}/first>; rel="first", <{here}>; rel="next"'
        return body, headers

    def _begin(self, asked: Mapping[str, str]) -> int:
        if self.style == "page":
            return (int(asked.get("page", "1")) - 1) * self.size
        return int(asked.get("offset", asked.get("cursor", "0"))) if self.style != "same" else 0
