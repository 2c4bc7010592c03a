"""The one place that talks HTTP outward."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import TypeVar

import httpx

from dispatchwatch.dispatch.errors import Failure, Refused, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.dispatch.outgoing import addressed, prepare
from dispatchwatch.dispatch.platform import Platform, Receipt
from dispatchwatch.dispatch.redact import redact
from dispatchwatch.dispatch.retry_after import retry_after
from dispatchwatch.dispatch.text import clip
from dispatchwatch.dispatch.transport import AiohttpTransport
from dispatchwatch.domain.notification import Notification

C = TypeVar("C", bound=ChannelConfig)
CONNECT_SECONDS = 5.0
LONGEST_MESSAGE = 400
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
NEVER_COULD = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)

# httpx logs the address of every request, and in an address there may be a secret.
logging.getLogger("httpx").addFilter(lambda record: record.levelno >= logging.WARNING)


class Sender:
    """Sends one request at a time; each lane has its own, made and closed by it.

    The server's certificate is always checked, no redirect is followed. `transport` is what tests put in its place.
    Every failure comes out as one of `errors`, with the channel's secrets taken out and nothing chained to it.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            transport=transport or AiohttpTransport(), follow_redirects=False, trust_env=False
        )

    async def send(
        self, platform: Platform[C], notification: Notification, config: C, receipt: Receipt | None, now: datetime
    ) -> Receipt:
        """Tell the platform. `now` is what a Retry-After date is measured from. Raises a Failure."""
        try:
            request = prepare(platform, notification, config, receipt)
            return platform.parse(await self._answer(platform, request, config.timeout, now))
        except Failure as failure:
            cleaned = _cleaned(failure, platform.secrets(config))
        # Outside of `except`: errors below this one hold the request, and the request holds the secrets.
        raise cleaned

    async def check(self, platform: Platform[C], config: C, now: datetime) -> bool:
        """Whether the credentials were tried and accepted; False if the platform has no harmless way to try them.

        Raises a Failure.
        """
        try:
            request = platform.check(config)
            if request is None:
                return False
            await self._answer(platform, addressed(request, config), config.timeout, now)
            return True
        except Failure as failure:
            cleaned = _cleaned(failure, platform.secrets(config))
        raise cleaned

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _answer(
        self, platform: Platform[C], request: httpx.Request, seconds: float, now: datetime
    ) -> httpx.Response:
        """The answer to the request, if its status is a success. Raises a Failure."""
        answer = await self._exchange(platform.name, request, seconds)
        failure = platform.classify(answer)
        if isinstance(failure, Unreachable) and failure.retry_after is None:
            failure.retry_after = retry_after(answer.headers.get("Retry-After", ""), now)
        if failure is not None:
            raise failure
        return answer

    async def _exchange(self, name: str, request: httpx.Request, seconds: float) -> httpx.Response:
        """The answer with its body. One whose status says no is complete enough without.

        Connecting takes 5 s at most, so when the deadline for the whole strikes, the request has begun to leave.
        """
        await _notice_closed_connections()
        request.extensions["timeout"] = httpx.Timeout(seconds, connect=CONNECT_SECONDS).as_dict()
        answer: httpx.Response | None = None
        try:
            async with asyncio.timeout(CONNECT_SECONDS + seconds):
                answer = await self._client.send(request, stream=True)
                await answer.aread()
                return answer
        except (httpx.RequestError, TimeoutError) as error:
            if answer is None or answer.is_success:
                raise _failure(name, error) from error
            return httpx.Response(answer.status_code, headers=answer.headers, request=request)
        finally:
            if answer is not None:
                await answer.aclose()


async def _notice_closed_connections() -> None:
    """Let the loop read what has come in since it last looked.

    If the server has closed the idle connection meanwhile, it is dropped now and the request takes a new one, instead
    of being written into the void. The first round reads the end of the stream, the second acts on it.
    """
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def _cleaned(failure: Failure, secrets: tuple[str, ...]) -> Failure:
    """The failure without secrets, and short. In this order: half a secret would not be found any more."""
    return failure.reworded(clip(redact(failure.message, secrets), LONGEST_MESSAGE))


def _failure(name: str, error: httpx.RequestError | TimeoutError) -> Failure:
    told = str(error) if isinstance(error, httpx.TransportError) else ""
    said = f"{name}: {told or 'no whole answer came.'}"
    if isinstance(error, NEVER_LEFT):
        return Unreachable(said)
    if isinstance(error, NEVER_COULD):
        return Refused(said)
    return Unknown(f"{said} The message may have arrived.")
