"""What comes of any answer. Statuses are held against the table here for two platforms that mean by them what everybody
does; what each of the twenty means by them is in test_every_platform.py.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.catalog import PLATFORMS, platform
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from tests.dispatch.samples import NOW, notification
from tests.fakes.pretend.channels import channel

EITHER = pytest.mark.parametrize("platform", [platform("slack"), platform("pagerduty")], ids=lambda known: known.key)
TOKEN = {"access_token": "0123456789abcdef", "expires_in": 3600}
BODIES = [b"\xff\xfe", b"", b"[" * 50_000, b"<title>" * 5_000, b'{"status": {"a": []}, "errors": 7}', b"[7]", b"null"]
SUCCESS = {"slack": b"ok", "pagerduty": b'{"status":"success","dedup_key":"k"}'}


def expected(status: int) -> type[Failure] | None:
    if status < 300:
        return None
    if status in {401, 403}:
        return Unauthorised
    if status == 504:
        return Unknown
    if status in {408, 425, 429} or status >= 500:
        return Unreachable
    return Refused


async def outcome(platform: Platform[Any], response: httpx.Response) -> Receipt | Failure:
    def answer(request: httpx.Request) -> httpx.Response:
        asks_for_token = "oauth" in request.url.path or request.url.path == "/token"
        return httpx.Response(200, json=TOKEN) if asks_for_token else response

    sender = Sender(httpx.MockTransport(answer))
    try:
        return await sender.send(platform, notification(), channel(platform.key).config, None, NOW)
    except Failure as failure:
        return failure
    finally:
        await sender.aclose()


@EITHER
def test_every_status_has_its_outcome(platform: Platform[Any]) -> None:
    async def all_of_them() -> None:
        for status in range(200, 600):
            body = SUCCESS[platform.key] if status < 300 else b"because"
            found = await outcome(platform, httpx.Response(status, content=body))
            wanted = expected(status)
            assert type(found) is (wanted or Receipt), status
            if isinstance(found, Failure):
                assert platform.name in found.message
                assert str(status) in found.message
                assert "because" in found.message

    asyncio.run(all_of_them())


@EITHER
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ({"Retry-After": "7"}, timedelta(seconds=7)),
        ({"Retry-After": "Sun, 22 Nov 2026 09:42:00 GMT"}, timedelta(seconds=60)),
        ({"Retry-After": "whenever"}, None),
        ({}, None),
    ],
)
def test_a_wait_that_is_asked_for_is_passed_on(
    platform: Platform[Any], status: int, header: dict[str, str], wait: timedelta | None
) -> None:
    found = asyncio.run(outcome(platform, httpx.Response(status, headers=header)))
    assert isinstance(found, Unreachable)
    assert found.retry_after == wait


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.key)
@pytest.mark.parametrize("status", [200, 202, 400, 404, 500])
def test_any_answer_has_an_outcome(platform: Platform[Any], status: int) -> None:
    """Whatever is in it, and whatever it claims to be: a failure, or a receipt where the status says it all."""
    for charset in ("hex", "idna", "undefined", "no-such"):
        headers = {"Content-Type": f"text/plain; charset={charset}"}
        for body in BODIES:
            found = asyncio.run(outcome(platform, httpx.Response(status, headers=headers, content=body)))
            assert isinstance(found, Failure | Receipt)
            assert status < 300 or isinstance(found, Failure)
