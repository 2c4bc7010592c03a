"""A token's address that asks to be left alone is left alone for as long as it says, as every other address is."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.errors import Failure, Unauthorised, Unreachable
from dispatchwatch.dispatch.platforms.gmail import Gmail
from dispatchwatch.dispatch.platforms.outlook import Outlook
from dispatchwatch.dispatch.platforms.zoho import Zoho
from dispatchwatch.dispatch.sender import Sender
from tests.dispatch.samples import NOW, notification
from tests.dispatch.samples_gmail import gmail_config
from tests.dispatch.samples_outlook import outlook_config
from tests.dispatch.samples_zoho import zoho_config

CHANNELS: list[tuple[Any, Any]] = [(Gmail(), gmail_config()), (Outlook(), outlook_config()), (Zoho(), zoho_config())]
IN_A_WHILE = timedelta(seconds=90)


def told(platform: Any, config: Any, status: int, **headers: str) -> Failure:
    """What comes of it where the address of the tokens gives this answer."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status, headers=headers)

    async def send() -> Failure:
        async with aclosing(Sender(httpx.MockTransport(answer))) as sender:
            with pytest.raises(Failure) as caught:
                await sender.send(platform, notification(), config, None, NOW)
            return caught.value

    failure = asyncio.run(send())
    assert len(asked) == 1, "the message itself has not left"
    return failure


@pytest.mark.parametrize(("platform", "config"), CHANNELS, ids=[one.key for one, _ in CHANNELS])
@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("header", ["90", format_datetime(NOW + IN_A_WHILE, usegmt=True)], ids=["seconds", "date"])
def test_it_is_left_alone_for_as_long_as_it_asks(platform: Any, config: Any, status: int, header: str) -> None:
    failure = told(platform, config, status, **{"Retry-After": header})
    assert isinstance(failure, Unreachable)
    assert failure.retry_after == IN_A_WHILE
    assert f"gives no access token just now (HTTP {status})" in failure.message


@pytest.mark.parametrize("header", ["soon", ""])
def test_where_it_does_not_say_the_usual_wait_is_left_to_the_lane(header: str) -> None:
    failure = told(*CHANNELS[0], 503, **{"Retry-After": header})
    assert isinstance(failure, Unreachable)
    assert failure.retry_after is None


def test_one_that_knows_the_credentials_no_more_is_not_waited_for() -> None:
    assert isinstance(told(*CHANNELS[0], 400, **{"Retry-After": "90"}), Unauthorised)
