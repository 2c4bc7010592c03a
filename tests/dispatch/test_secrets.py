"""No platform lets a secret out: not in a repr, an error, a preview or a log. A new platform is added to CHANNELS."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.dispatch.errors import Failure
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.redact import preview
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import NOW, ROUTING_KEY, WEBHOOK_PATH, notification, pagerduty_config, slack_config
from tests.fakes.receiver import Answer, Received, Receiver

CHANNELS: dict[str, tuple[Any, str]] = {
    "slack": (slack_config, WEBHOOK_PATH.rpartition("/")[2]),
    "pagerduty": (pagerduty_config, ROUTING_KEY),
}
EVERY_PLATFORM = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.key)


def test_every_platform_is_held_to_it() -> None:
    assert CHANNELS.keys() == {platform.key for platform in PLATFORMS}


@EVERY_PLATFORM
def test_not_in_what_is_shown_of_a_channel(platform: Platform[Any]) -> None:
    make, secret = CHANNELS[platform.key]
    config = make()
    assert secret not in repr(config) + str(config) + str(config.model_dump()) + config.model_dump_json()
    assert any(secret in hidden for hidden in platform.secrets(config))


@EVERY_PLATFORM
@pytest.mark.parametrize("operation", list(Operation))
def test_not_in_a_preview(platform: Platform[Any], operation: Operation) -> None:
    make, secret = CHANNELS[platform.key]
    for config in (make(), make("http://127.0.0.1:8080")):
        (request,) = previewed(platform, notification(operation), config)
        shown = json.dumps(preview(request, platform.secrets(config)))
        assert secret not in shown
        assert "***" in shown
        assert str(request.url.copy_with(path="/")) in shown


@EVERY_PLATFORM
@pytest.mark.parametrize("status", [200, 202, 302, 400, 401, 404, 429, 500])
def test_not_in_an_error_or_log_even_if_the_answer_repeats_it(
    platform: Platform[Any], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    make, secret = CHANNELS[platform.key]
    caplog.set_level(logging.DEBUG)

    def echo(received: Received) -> Answer:
        said = received.target + " " + secret + " " + received.body.decode() + quote(received.body)
        return Answer(status, body={"status": "no", "message": said} if status % 2 else said)

    with Receiver() as receiver:
        receiver.script("/v2/enqueue", echo)
        receiver.script("*", echo)
        failure = asyncio.run(_failure(platform, make(receiver.url)))
    assert secret not in "".join([str(failure), repr(failure), *traceback.format_exception(failure), caplog.text])


@EVERY_PLATFORM
def test_not_even_its_beginning_where_a_long_answer_is_cut(platform: Platform[Any]) -> None:
    make, secret = CHANNELS[platform.key]
    for length in range(250, 400, 7):
        said = "x" * length + secret
        failure = asyncio.run(
            _failure(platform, make(), httpx.MockTransport(lambda _, said=said: httpx.Response(400, text=said)))
        )
        assert secret[:4] not in failure.message
        assert len(failure.message) <= 400


@EVERY_PLATFORM
def test_not_in_the_error_of_a_lost_request(platform: Platform[Any], caplog: pytest.LogCaptureFixture) -> None:
    make, secret = CHANNELS[platform.key]
    caplog.set_level(logging.DEBUG)

    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError(f"lost {request.url} {request.content!r}", request=request)

    failure = asyncio.run(_failure(platform, make(), httpx.MockTransport(fail)))
    assert secret not in "".join([str(failure), repr(failure), *traceback.format_exception(failure), caplog.text])


async def _failure(platform: Platform[Any], config: Any, transport: httpx.AsyncBaseTransport | None = None) -> Failure:
    sender = Sender(transport)
    try:
        with pytest.raises(Failure) as caught:
            await sender.send(platform, notification(), config, None, NOW)
    finally:
        await sender.aclose()
    return caught.value
