"""One lane of an office, with a made-up platform at its end, under a clock moved by hand.

async with one_lane(office, Plain()) as lane:
    office.read(visit())
    await lane.told(1)
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx

from dispatchwatch.app.delivery import Channel, Lane, PostOffice, Settled
from dispatchwatch.app.group_commit import GroupCommit
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.fields import ChannelConfig, load
from dispatchwatch.dispatch.platform import Platform, Rate, Repeat, SingleRequest, json_request
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.dispatch.templates import Templates
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.deliveries import DeliveryState
from tests.fakes.office import Office

TELL = "https://plain.example/tell"
NOTE = "https://plain.example/note"


class Plain(SingleRequest[ChannelConfig]):
    """Told in one request; doubles what it is told twice."""

    key = "plain"
    name = "Plain"
    operations = frozenset(Operation)
    repeat = Repeat.DOUBLES
    config = ChannelConfig

    def build(self, notification: Notification, config: ChannelConfig, receipt: Receipt | None) -> httpx.Request:
        del config, receipt
        return json_request("POST", TELL, _body(notification))

    def parse(self, response: httpx.Response) -> Receipt:
        del response
        return Receipt()


class Limited(Plain):
    """Takes so many messages in a minute."""

    def __init__(self, count: int) -> None:
        type(self).rate = Rate(count, timedelta(minutes=1))


class TwoSteps(Platform[ChannelConfig]):
    """Opens a ticket and then notes something on it; a ticket that is open is not opened again."""

    key = "two"
    name = "Two Steps"
    operations = frozenset(Operation)
    repeat = Repeat.DOUBLES
    config = ChannelConfig

    def tell(self, notification: Notification, config: ChannelConfig, receipt: Receipt | None) -> Conversation:
        del config
        if receipt is None or not receipt.reference:
            answer = yield Step(json_request("POST", TELL, _body(notification)))
            receipt = Receipt(answer.json()["ticket"], {})
        yield Step(json_request("POST", NOTE, {**_body(notification), "ticket": receipt.reference}), reached=receipt)
        return Receipt(receipt.reference, {"noted": notification.operation.value})


def _body(notification: Notification) -> dict[str, Any]:
    return {
        "operation": notification.operation.value,
        "key": notification.alert_key,
        "subject": notification.subject,
        "headline": notification.headline,
        "severity": notification.severity.value,
        "facts": dict(notification.facts),
    }


class OneLane:
    """`answer` may be replaced at any time; `requests` are what arrived, `bodies` their JSON."""

    def __init__(
        self, office: Office, platform: Platform[Any], *, rate: str = "", templates: Templates | None = None
    ) -> None:
        self.office = office
        self.requests: list[httpx.Request] = []
        self.answer: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(200, json={"ticket": "T-1"})
        self.results: list[tuple[Settled, DeliveryState]] = []
        self.seen_limits = 0
        self._changed = asyncio.Event()
        self.sender = Sender(httpx.MockTransport(self._take))
        config = load(platform.config, {"name": "ops", "platform": platform.key, "rate": rate})
        post = PostOffice(
            store=office.store,
            commits=GroupCommit(office.store, office.clock.steady),
            owing=office.owing,
            clock=office.clock,
            chance=lambda: 0.0,
            owner="this desk",
            settled=self._hear,
            trouble=_no_trouble,
            limited=self._limited,
        )
        self.lane = Lane(Channel("ops", platform, config, templates), post, self.sender)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests]

    async def told(self, count: int) -> None:
        """As soon as so many attempts are written down."""
        self.lane.wake()
        while len(self.results) < count:
            self._changed.clear()
            async with asyncio.timeout(10):
                await self._changed.wait()

    async def rests(self) -> None:
        """The lane has looked, and found nothing it may send."""
        self.lane.wake()
        for _ in range(200):
            await asyncio.sleep(0)

    async def later(self, by: timedelta) -> None:
        self.office.clock.advance(by)
        await self.rests()

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer(request)

    def _hear(self, settled: Settled, state: DeliveryState) -> None:
        self.results.append((settled, state))
        self._changed.set()

    def _limited(self) -> None:
        self.seen_limits += 1


def _no_trouble(error: StoreError) -> None:
    raise error


@asynccontextmanager
async def one_lane(
    office: Office, platform: Platform[Any], *, rate: str = "", templates: Templates | None = None
) -> AsyncIterator[OneLane]:
    """The lane, running; it has ended when the context does."""
    lane = OneLane(office, platform, rate=rate, templates=templates)
    running = asyncio.create_task(lane.lane.run())
    try:
        yield lane
    finally:
        lane.lane.finish()
        await running
        await lane.sender.aclose()
