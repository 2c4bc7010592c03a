"""Telling a platform as a lane does, with answers made up: what is sent, and what comes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from dispatchwatch.dispatch.conversation import rehearsed
from dispatchwatch.dispatch.errors import Failure
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.notification import Notification
from tests.dispatch.samples import NOW

Answering = Callable[[httpx.Request], httpx.Response]
TOKEN = {"access_token": "tok-9f8e7d6c5b4a", "expires_in": 3600}


@dataclass(frozen=True)
class Told:
    """`requests` without those for tokens; `receipt` is what was returned, or reached before the failure."""

    requests: list[httpx.Request]
    receipt: Receipt | None
    failure: Failure | None

    @property
    def ways(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]

    def body(self, number: int = -1) -> Any:
        return json.loads(self.requests[number].content)

    @property
    def kept(self) -> Receipt:
        """The receipt of a telling that went well."""
        assert self.failure is None, self.failure
        assert self.receipt is not None
        return self.receipt


def json_(status: int, body: Any = None) -> httpx.Response:
    return httpx.Response(status) if body is None else httpx.Response(status, json=body)


def tell(
    platform: Any,
    notification: Notification,
    config: Any,
    receipt: Receipt | None,
    *answers: httpx.Response | Exception,
) -> Told:
    """The answers are given in order; requests for tokens get one of their own."""
    sent: list[httpx.Request] = []
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        if "oauth" in request.url.path:
            return httpx.Response(200, json=TOKEN)
        sent.append(request)
        assert left, f"nothing more was expected, but {request.method} {request.url} came"
        following = left.pop(0)
        if isinstance(following, Exception):
            raise following
        return following

    async def send() -> Told:
        sender = Sender(httpx.MockTransport(answer))
        try:
            told = await sender.send(platform, notification, config, receipt, NOW)
        except Failure as failure:
            return Told(sent, failure.reached, failure)
        finally:
            await sender.aclose()
        assert not left, f"{len(left)} answers were not asked for"
        return Told(sent, told, None)

    return asyncio.run(send())


def asked(conversation: Any, *answers: httpx.Response) -> tuple[list[httpx.Request], Any]:
    """What a lookup or a listening asks, and what it finds."""
    left = list(answers)
    requests, found = rehearsed(conversation, lambda _: left.pop(0))
    assert not left, f"{len(left)} answers were not asked for"
    return requests, found
