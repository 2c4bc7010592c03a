"""An office that listens to one of the pretended services: what is told goes out by a lane's steps, what people do over
there is done in the service itself, and an ear of its own hears it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from dispatchwatch.app.hearing import Ear
from dispatchwatch.app.sending import Destination
from dispatchwatch.app.settling import Channel
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import Alert, AlertKind
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.deliveries import DeliveryState
from tests.app.test_hearing import RoomOf
from tests.fakes.office import EVERYTHING, Office, at, visit
from tests.fakes.pretend.channels import channel
from tests.fakes.pretend.people import ANN, Peopled, Person
from tests.fakes.pretend.service import Thing
from tests.fakes.pretend.world import World

JOB = "J-1042"
THERE, ELSEWHERE = "there", "ops"
KINDS = (AlertKind.LATE_CHECK_IN, AlertKind.TECH_NO_SHOW)


@dataclass
class There:
    """Late visits, and what stands for them over there. `ear` hears for all the channels that listen."""

    office: Office
    world: World
    channels: Sequence[Channel]
    senders: list[Sender] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.room = RoomOf(self.office)
        self._lane = self._sender()
        self.begin_to_listen()

    @property
    def service(self) -> Peopled:
        found = self.world[self.channels[0].platform.key]
        assert isinstance(found, Peopled)
        return found

    def begin_to_listen(self) -> None:
        """As when the program starts."""
        self.ear = Ear(self.channels, self.office.store, self.office.clock, lambda: 0.0, self._sender())

    def _sender(self) -> Sender:
        self.senders.append(Sender(self.world.transport(self.channels[0].platform.key)))
        return self.senders[-1]

    # What we do

    async def deliver(self) -> None:
        """Everything that is owed arrives, at these channels as a lane would tell it."""
        self.office.deliver(ELSEWHERE)
        outbox = self.office.store.outbox
        for one in self.channels:
            while due := outbox.due(one.name, self.office.now):
                for delivery in due:
                    kept = outbox.receipt(delivery.thread, one.name)
                    receipt = Receipt(kept[0], kept[1]) if kept else None
                    words = delivery.notification
                    found = await self._lane.send(one.platform, words, one.config, receipt, self.office.now)
                    outbox.keep_receipt(delivery.thread, one.name, found.reference, dict(found.details))
                    outbox.settle(delivery, DeliveryState.SENT, self.office.now)

    async def ask(self) -> float | None:
        """One question, whatever comes of it: the seconds to rest before the next."""
        return await self.ear.ask(self.room)

    async def listen(self) -> None:
        """One question that is answered."""
        before = len(self.room.said)
        assert await self.ask() == 30.0
        assert [event for event, _, _ in self.room.said[before:] if event != "listening_ok"] == []

    # What people do over there

    def does(self, standing: str, person: Person = ANN, job: str = JOB) -> None:
        self.service.done_by(person, self.thing(job), standing)

    def thing(self, job: str = JOB) -> Thing:
        """What stands for this visit; the newest, where there was another before."""
        things = [one for one in self.service.things.values() if job in str(one.log) and not one.fields.get("answers")]
        return things[-1]

    # What came of it

    def alert(self, job: str = JOB) -> Alert:
        """The newest about this visit."""
        return [one for one in self.office.alerts() if one.ext_id == job][-1]

    def told(self, name: str = THERE) -> list[str]:
        return [operation for operation, _ in self.office.told(name)]

    def deeds(self) -> list[Any]:
        """Everything that anybody did or was owed so far."""
        done = [one for action in ("acknowledged", "resolved") for one in self.office.entries(action)]
        return [done, self.office.told(""), self.service.tellings()]


Step = Callable[[There], Awaitable[None]]


def play(
    folder: Path,
    key: str,
    step: Step,
    *,
    jobs: Sequence[str] = (JOB,),
    ahead: timedelta = timedelta(),
    also: Sequence[tuple[str, dict[str, Any]]] = (),
) -> None:
    """An office where these visits are late and told to the service. Its clock is `ahead` of ours; `also` are further
    channels that share the ear, with what they are configured differently."""

    async def run() -> None:
        channels = [_listening(key, THERE), *(_listening(key, name, **more) for name, more in also)]
        names = [*(one.name for one in channels), ELSEWHERE]
        told = {name: Destination(key if name != ELSEWHERE else "slack", EVERYTHING) for name in names}
        routes = (Route(channels=tuple(names)),)
        with Office(folder, at("10:04"), routes=routes, channels=told, kinds=KINDS, storm_over=1000) as office:
            there = There(office, World(lambda: office.now + ahead), channels)
            office.says(*map(visit, jobs))
            office.run_until(at("10:07"))
            await there.deliver()
            await step(there)
            for sender in there.senders:
                await sender.aclose()
            assert there.service.amiss() == []

    asyncio.run(run())


def _listening(key: str, name: str, **more: Any) -> Channel:
    full = channel(key)
    return Channel(name, full.platform, full.config.model_copy(update={"name": name, "listen": True, **more}))
