"""The sign of life: a dead man's switch is called while the program works, so that its silence is heard.

The address is a secret: whoever has it can keep the switch quiet. It is in no error, log or trail.
"""

from __future__ import annotations

import asyncio

import httpx

from dispatchwatch.app.running_config import HeartbeatConfig
from dispatchwatch.dispatch.outgoing import USER_AGENT
from dispatchwatch.dispatch.transport import STRAIGHT, AiohttpTransport, Way

SECONDS = 10.0


class Heartbeat:
    """`transport` is what tests put in the place of the network."""

    def __init__(
        self, config: HeartbeatConfig, way: Way = STRAIGHT, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.every = config.every
        self._method = config.method
        self._url = config.url
        self._client = httpx.AsyncClient(
            transport=transport or AiohttpTransport(way), follow_redirects=False, trust_env=False, timeout=SECONDS
        )

    async def beat(self) -> str:
        """Calls the switch once. Returns why that failed, in a sentence without the address; empty if it was heard."""
        try:
            async with (
                asyncio.timeout(SECONDS),
                self._client.stream(
                    self._method, self._url.get_secret_value(), headers={"User-Agent": USER_AGENT}
                ) as answer,
            ):
                status = answer.status_code
        except (TimeoutError, httpx.TimeoutException):
            return "The dead man’s switch did not answer in time."
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
            return "The dead man’s switch can’t be reached. Check the network, and [heartbeat] url."
        if 200 <= status < 300:
            return ""
        return f"The dead man’s switch answered HTTP {status}. Check [heartbeat] url."

    async def aclose(self) -> None:
        await self._client.aclose()
