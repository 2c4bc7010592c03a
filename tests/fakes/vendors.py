"""Vendors of dispatch software on this computer, as strict as they can be: what is not asked exactly as expected is
refused and remembered.

    with Vendor([Asked("/jobs", {"page": "1"}, answer={"jobs": []})]) as vendor:
        config = vendor.moved_here(config)      # https://api.example.com/jobs -> http://127.0.0.1:…/jobs
        ...
    assert vendor.refused == []
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from dispatchwatch.intake.json_feed import JsonConfig
from tests.fakes.receiver import Answer, Received, Receiver

TOKEN = "t0ken"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Asked:
    """One request as it must come: exactly this query and this body; `headers` are those that must be among its own
    (names in lower case). `answer` is the body of a 200, or an `Answer`."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: object = None

    def is_that(self, request: Received) -> bool:
        parts = urlsplit(request.target)
        form = request.headers.get("content-type") == FORM
        body = dict(parse_qsl(request.body.decode())) if form else request.json if request.body else None
        return (
            request.method == ("GET" if self.body is None else "POST")
            and unquote(parts.path) == self.path
            and dict(parse_qsl(parts.query, keep_blank_values=True)) == self.query
            and body == self.body
            and all(request.headers.get(name) == value for name, value in self.headers.items())
        )


class Vendor:
    """Answers the requests that are expected, in any order and any number; those `refused` it did not know."""

    def __init__(self, expected: Sequence[Asked]) -> None:
        self.expected = list(expected)
        self.asked: list[Asked] = []
        self.refused: list[str] = []
        self._receiver = Receiver()
        self._receiver.script("*", self._answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._receiver.close()

    def moved_here(self, config: JsonConfig) -> JsonConfig:
        """The same configuration with every host replaced by this one; paths and queries stay."""
        auth = config.auth
        if hasattr(auth, "token_url"):
            auth = auth.model_copy(update={"token_url": self._here(auth.token_url)})
        joins = {name: one.model_copy(update={"url": self._here(one.url)}) for name, one in config.joins.items()}
        return config.model_copy(update={"url": self._here(config.url), "joins": joins, "auth": auth})

    def _here(self, url: str) -> str:
        scheme, _, rest = url.partition("://")
        assert scheme == "https", url
        return f"{self._receiver.url}/{rest.partition('/')[2]}"

    def _answer(self, request: Received) -> Answer:
        for expected in self.expected:
            if expected.is_that(request):
                self.asked.append(expected)
                answer = expected.answer
                return answer if isinstance(answer, Answer) else Answer(body=answer)
        body = request.body.decode(errors="replace")
        self.refused.append(f"{request.method} {unquote(request.target)} {dict(request.headers)} {body}")
        return Answer(404, body={"message": "that was not expected"})


def token(path: str, fields: Mapping[str, str]) -> Asked:
    """Where a token is had for these fields."""
    granted = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}
    return Asked(path, body=dict(fields), headers={"content-type": FORM}, answer=granted)
