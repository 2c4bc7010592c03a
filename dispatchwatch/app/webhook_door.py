"""Where the office software's events come in: verified, kept, answered; everything else follows later.

Senders wait a second at most (Jobber) and give a receiver up that answers slowly, so an answer depends on nothing but
the signature and the one row that keeps the body.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatchwatch.app.clock import Clock
from dispatchwatch.app.inbound_rate import Rate
from dispatchwatch.app.listening import Unread, address_of, body_of
from dispatchwatch.app.secrets import is_reference
from dispatchwatch.intake.webhook import Inbox, WebhookConfig
from dispatchwatch.intake.webhook_signing import Rejected

LOG = logging.getLogger(__name__)
LONGEST_KEEPING = 5.0
TAKEN, UNSIGNED, TOO_OFTEN, LATER = 202, 401, 429, 503


@dataclass(frozen=True, slots=True)
class Event:
    """A verified event. `reads` is the feed to be read because of it."""

    feed: str
    reads: str
    marks: tuple[str, ...]
    body: bytes = field(repr=False)
    at: datetime


class Reception:
    """What becomes of an event, on the engine's loop. `poll` reads the feed of a name soon, and does not wait."""

    def __init__(self, inbox: Inbox, poll: Callable[[str], None]) -> None:
        self._inbox = inbox
        self._poll = poll

    async def take(self, event: Event) -> bool:
        """Whether the event is news. When this returns it is kept. Raises what the inbox raises."""
        fresh = self._inbox.keep(event.feed, event.marks, event.body, event.at)
        if fresh:
            self._poll(event.reads)
        return fresh


class WebhookDoor:
    """`/hooks/<address>` of every webhook. `take` is `Reception.take`, awaited on the engine's loop; `refused` hears
    of requests that were not taken: the feed's name and the reason, for the office's own eyes."""

    def __init__(
        self,
        hooks: Iterable[WebhookConfig],
        take: Callable[[Event], Awaitable[bool]],
        clock: Clock,
        refused: Callable[[str, str], None] | None = None,
    ) -> None:
        self._hooks: Mapping[str, WebhookConfig] = {hook.at: hook for hook in hooks if _usable(hook)}
        self._rates = {hook.at: Rate(hook.per_minute, clock.steady) for hook in self._hooks.values()}
        self._take = take
        self._clock = clock
        self._refused = refused or _logged

    def routes(self) -> list[Route]:
        return [
            Route(f"/hooks/{at}", self._endpoint(hook), methods=["POST"], name=at) for at, hook in self._hooks.items()
        ]

    def _endpoint(self, hook: WebhookConfig) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await self._answer(hook, request)

        return answer

    async def _answer(self, hook: WebhookConfig, request: Request) -> Response:
        if not self._rates[hook.at].allows(address_of(request)):
            self._refused(hook.name, f"more than {hook.per_minute} requests a minute came from {address_of(request)}")
            return Response(status_code=TOO_OFTEN, headers={"Retry-After": "60"})
        try:
            event = self._verified(hook, request.headers, await body_of(request, hook.max_bytes))
        except Unread as problem:
            self._refused(hook.name, "its body is too large or broke off")
            return Response(status_code=problem.status)
        except Rejected as problem:
            self._refused(hook.name, str(problem))
            return Response(status_code=UNSIGNED)
        return Response(status_code=await self._kept(event))

    def _verified(self, hook: WebhookConfig, headers: Mapping[str, str], body: bytes) -> Event:
        now = self._clock.now()
        known_by = hook.signature.check(headers, body, now)
        marks = hook.marks(known_by, hook.signature.text(headers, body))
        return Event(hook.name, hook.polls or hook.name, marks, body, now)

    async def _kept(self, event: Event) -> int:
        """An event that came again is taken as well: the sender has to hear that it need not come a third time."""
        try:
            async with asyncio.timeout(LONGEST_KEEPING):
                await self._take(event)
        except Exception:
            LOG.exception("an event of %s could not be kept; its sender was asked to send it again", event.feed)
            return LATER
        return TAKEN


def _usable(hook: WebhookConfig) -> bool:
    """A reference that nobody has resolved is a secret that everybody knows."""
    if is_reference(hook.signature.secret.get_secret_value()):
        LOG.error("the secret of the webhook %s could not be had, so nothing is taken there", hook.name)
        return False
    return True


def _logged(feed: str, reason: str) -> None:
    LOG.warning("a request to the webhook %s was not taken: %s", feed, reason)
