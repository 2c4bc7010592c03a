from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from dispatchwatch import __version__
from dispatchwatch.dispatch.errors import Failure, Refused, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.dispatch.outgoing import addressed, previewed
from dispatchwatch.dispatch.platform import Platform, json_request
from dispatchwatch.dispatch.platforms.pagerduty import PagerDuty
from dispatchwatch.dispatch.platforms.slack import Slack
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from tests.dispatch.samples import NOW, WEBHOOK_PATH, notification, pagerduty_config, slack_config

Answering = Callable[[httpx.Request], httpx.Response]


async def send(answering: Answering, platform: Platform[Any] | None = None, config: Any = None) -> Receipt | Failure:
    sender = Sender(httpx.MockTransport(answering))
    try:
        return await sender.send(platform or Slack(), notification(), config or slack_config(), None, NOW)
    except Failure as failure:
        return failure
    finally:
        await sender.aclose()


def test_what_leaves_is_what_was_prepared() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(202, json={"status": "success", "dedup_key": "dw:x"})

    assert asyncio.run(send(answer, PagerDuty(), pagerduty_config())) == Receipt("dw:x")
    (prepared,) = previewed(PagerDuty(), notification(), pagerduty_config())
    assert len(seen) == 1
    assert (seen[0].method, seen[0].url, seen[0].content) == (prepared.method, prepared.url, prepared.content)
    assert seen[0].headers == prepared.headers
    assert seen[0].headers["User-Agent"] == f"DispatchWatch/{__version__}"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("no connection"), Unreachable),
        (httpx.ConnectTimeout("no connection"), Unreachable),
        (httpx.PoolTimeout("no connection"), Unreachable),
        (httpx.UnsupportedProtocol("what"), Refused),
        (httpx.ReadTimeout("slow"), Unknown),
        (httpx.WriteTimeout("slow"), Unknown),
        (httpx.ReadError("gone"), Unknown),
        (httpx.WriteError("gone"), Unknown),
        (httpx.RemoteProtocolError("gone"), Unknown),
        (httpx.CloseError("gone"), Unknown),
        (httpx.DecodingError("bad"), Unknown),
    ],
)
def test_a_lost_request_is_unreachable_only_if_it_never_left(error: Exception, kind: type[Failure]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error

    failure = asyncio.run(send(fail))
    assert type(failure) is kind
    assert failure.message.startswith("Slack: ")
    assert ("may have arrived" in failure.message) is (kind is Unknown)


def test_nothing_that_holds_the_request_is_chained_to_a_failure() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone", request=request)

    failure = asyncio.run(send(fail))
    assert isinstance(failure, Unknown)
    assert (failure.__cause__, failure.__context__) == (None, None)


def test_redirects_are_not_followed() -> None:
    asked: list[str] = []

    def redirect(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"Location": "https://elsewhere.example/"})

    assert isinstance(asyncio.run(send(redirect)), Refused)
    assert len(asked) == 1


def test_a_check_says_whether_there_was_one() -> None:
    async def check(platform: Platform[Any], config: ChannelConfig, status: int) -> bool:
        sender = Sender(httpx.MockTransport(lambda _: httpx.Response(status, json={"status": "success"})))
        try:
            return await sender.check(platform, config, NOW)
        finally:
            await sender.aclose()

    assert asyncio.run(check(PagerDuty(), pagerduty_config(), 202)) is True
    assert asyncio.run(check(Slack(), slack_config(), 500)) is False
    with pytest.raises(Unreachable, match="HTTP 503"):
        asyncio.run(check(PagerDuty(), pagerduty_config(), 503))


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8080", "http://[::1]:9/", "https://proxy.example"])
@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/services/T/B/x",
        "/a%7Eb/%2fx%2F//c;d=1/e@f:!$'()*,",
        "/w?sp=%2Ftriggers%2Frun&sig=a-b_c%2Bd%3d&x=a+b%20c&y=~%7e",
    ],
)
def test_base_url_replaces_the_origin_and_not_a_byte_more(origin: str, target: str) -> None:
    request = addressed(json_request("POST", f"https://vendor.example{target}", {}), slack_config(base_url=origin))
    assert str(request.url) == origin.rstrip("/") + target
    assert request.headers["Host"] == origin.rstrip("/").partition("://")[2]


def test_without_base_url_the_vendors_address_stays() -> None:
    (request,) = previewed(Slack(), notification(), slack_config())
    assert str(request.url) == f"https://hooks.slack.com{WEBHOOK_PATH}"
