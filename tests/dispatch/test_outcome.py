"""Every status from 200 to 599, held against the table of outcomes, for every platform."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unreachable
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from tests.dispatch.samples import NOW, notification, pagerduty_config, slack_config

CONFIGS: dict[str, Any] = {"slack": slack_config(), "pagerduty": pagerduty_config()}
SUCCESS = {"slack": b"ok", "pagerduty": b'{"status":"success","dedup_key":"k"}'}


def expected(status: int) -> type[Failure] | None:
    if status < 300:
        return None
    if status in {401, 403}:
        return Unauthorised
    if status in {408, 425, 429} or status >= 500:
        return Unreachable
    return Refused


async def outcome(platform: Platform[Any], response: httpx.Response) -> Receipt | Failure:
    sender = Sender(httpx.MockTransport(lambda _: response))
    try:
        return await sender.send(platform, notification(), CONFIGS[platform.key], None, NOW)
    except Failure as failure:
        return failure
    finally:
        await sender.aclose()


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.key)
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


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.key)
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
@pytest.mark.parametrize("status", [200, 202, 400, 500])
@pytest.mark.parametrize("charset", ["hex", "idna", "rot13", "undefined", "no-such"])
@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"", b"[" * 50_000, b"<title>" * 5_000, b'{"status": {"a": []}, "errors": 7}']
)
def test_any_answer_has_an_outcome(platform: Platform[Any], status: int, charset: str, body: bytes) -> None:
    headers = {"Content-Type": f"text/plain; charset={charset}"}
    assert isinstance(asyncio.run(outcome(platform, httpx.Response(status, headers=headers, content=body))), Failure)
