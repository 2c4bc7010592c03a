"""An office with a channel to each of the twenty, whose lanes are real: real connections, a real outbox.

Time passes by the clock's hand: rests are slept through, and a channel that lost its credentials is let in again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from dispatchwatch.app.delivery import Channel, Lane, PostOffice
from dispatchwatch.app.group_commit import GroupCommit
from dispatchwatch.app.sending import Destination
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import AlertKind, Operation
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from tests.fakes.office import EVERYTHING, SAM, Office, at, seconds, visit
from tests.fakes.pretend.channels import FULL, channel
from tests.fakes.pretend.life import OPERATIONS, Life, Told
from tests.fakes.pretend.service import Fault
from tests.fakes.pretend.world import World

MOST_STEPS = 60
WORDS = {
    Operation.RAISE: "2 min late",
    Operation.UPDATE: "Now high",
    Operation.ACKNOWLEDGE: "Acknowledged by Sam",
    Operation.RESOLVE: "J. Ortiz checked in at",
}


class Lanes:
    def __init__(self, office: Office, world: World, patience: float) -> None:
        self.office = office
        self.world = world
        self.paused: Counter[tuple[str, Operation]] = Counter()
        self.struck: dict[str, list[tuple[Operation, Fault]]] = {key: [] for key in FULL}
        self.channels: dict[str, Channel] = {key: channel(key, world.url(key), patience) for key in FULL}
        post = PostOffice(
            store=office.store, commits=GroupCommit(office.store, office.clock.steady), owing=office.owing,
            clock=office.clock, chance=lambda: 0.0, owner="this desk",
            settled=lambda *_: None, trouble=_no_trouble,
        )  # fmt: skip
        self.senders = {key: Sender() for key in FULL}
        self.lanes = {key: Lane(one, post, self.senders[key]) for key, one in self.channels.items()}
        self.tasks: list[asyncio.Task[None]] = []

    async def settle(self, operation: Operation) -> None:
        """Until nothing is owed any more."""
        for _ in range(MOST_STEPS):
            await self.once()
            if not self.office.store.outbox.listed([DeliveryState.WAITING]):
                return
            for name in [name for name in self.lanes if self.office.store.lanes.get(name).paused]:
                self.paused[name, operation] += 1
                self.office.desk.resume(name, SAM, self.office.now)
            self.office.clock.advance_to(self._next())
        owed = self.office.store.outbox.listed([DeliveryState.WAITING])
        raise AssertionError(f"still owed: {[(one.channel, one.error) for one in owed]}")

    async def once(self) -> None:
        """Until every lane has tried what is due now."""
        for lane in self.lanes.values():
            lane.wake()
        await self._until_quiet()

    def _next(self) -> datetime:
        """When the next lane has rested."""
        store, now = self.office.store, self.office.now
        ends = [
            store.lanes.get(one.channel).resting_until or now for one in store.outbox.listed([DeliveryState.WAITING])
        ]
        due = [one.next_attempt_at for one in store.outbox.listed([DeliveryState.WAITING])]
        return min((max(pair) for pair in zip(ends, due, strict=True)), default=now) + seconds(1)

    async def _until_quiet(self) -> None:
        async with asyncio.timeout(15):
            while self.office.store.outbox.listed([DeliveryState.SENDING]) or any(map(self._is_busy, self.lanes)):
                await asyncio.sleep(0.01)
                for task in self.tasks:
                    if task.done():
                        task.result()
                        raise AssertionError("a lane has ended")

    def _is_busy(self, name: str) -> bool:
        store, now = self.office.store, self.office.now
        lane = store.lanes.get(name)
        rests = lane.paused or (lane.resting_until is not None and lane.resting_until > now)
        return not rests and bool(store.outbox.due(name, now))

    def of(self, key: str) -> list[Delivery]:
        return [one for one in self.office.store.outbox.listed() if one.channel == key]

    def life(self, key: str) -> Life:
        """What became of the one alert on this channel, to be judged."""
        life = Life(self.channels[key], self.world[key], words=WORDS)
        for delivery in self.of(key):
            if delivery.state is not DeliveryState.DROPPED:
                life.told[delivery.operation] = Told(
                    delivery.operation, str(delivery.state), self.paused[key, delivery.operation], delivery.attempts,
                    delivery.may_have_arrived, [fault for operation, fault in self.struck[key]
                                                if operation is delivery.operation], why=delivery.error,
                )  # fmt: skip
        return life


async def whole_day(lanes: Lanes, jobs: Sequence[str], before: Callable[[Operation], None] = lambda _: None) -> None:
    """The visits are late, grow later, are acknowledged, and are attended at last. `before` each of it, what happens
    to the services is arranged."""
    office = lanes.office
    for operation in OPERATIONS:
        struck = {key: len(lanes.world[key].struck) for key in FULL}
        before(operation)
        _happens(office, operation, jobs)
        await lanes.settle(operation)
        for key, count in struck.items():
            lanes.struck[key] += [(operation, fault) for fault in lanes.world[key].struck[count:]]


def _happens(office: Office, operation: Operation, jobs: Sequence[str]) -> None:
    match operation:
        case Operation.RAISE:
            office.read(*map(visit, jobs))
        case Operation.UPDATE:
            office.clock.advance_to(max(at("10:50"), office.now))
            office.poll()
        case Operation.ACKNOWLEDGE:
            office.desk.acknowledge([one.id for one in office.open_alerts()], SAM, office.now)
            office.catch_up()
        case Operation.RESOLVE:
            arrived = office.now
            office.read(*(visit(job, arrived_at=arrived) for job in jobs))


@asynccontextmanager
async def running(folder: Path, world: World, patience: float = 5.0) -> AsyncIterator[Lanes]:
    """The lanes at work, on new accounts. `patience` is the seconds an answer may take."""
    world.begin()
    channels = {key: Destination(key, EVERYTHING) for key in FULL}
    routes = (Route(channels=tuple(FULL)),)
    kinds = (AlertKind.LATE_CHECK_IN,)
    with Office(folder, at("10:07"), routes=routes, channels=channels, kinds=kinds, storm_over=1000) as office:
        world.now = office.clock.now
        lanes = Lanes(office, world, patience)
        lanes.tasks = [asyncio.create_task(lane.run()) for lane in lanes.lanes.values()]
        try:
            yield lanes
        finally:
            for lane in lanes.lanes.values():
                lane.finish()
            await asyncio.wait(lanes.tasks)
            for sender in lanes.senders.values():
                await sender.aclose()
        for task in lanes.tasks:
            task.result()


def _no_trouble(error: StoreError) -> None:
    raise error
