"""Tickets that people take on and close over there, heard from the pretended services themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dispatchwatch.app.hearing import Ear
from dispatchwatch.app.sending import Destination
from dispatchwatch.app.settling import Channel
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import AlertKind, AlertState, Operation
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.deliveries import DeliveryState
from tests.app.test_hearing import RoomOf
from tests.fakes.office import EVERYTHING, Office, at, minutes, visit
from tests.fakes.pretend.channels import channel
from tests.fakes.pretend.world import World

ANSWER = ("servicenow", "salesforce", "asana", "trello")
"""Those of the pretended services that answer what listening asks."""
KINDS = (AlertKind.LATE_CHECK_IN, AlertKind.TECH_NO_SHOW)


@dataclass
class There:
    """One visit that is late, and its ticket."""

    office: Office
    channel: Channel
    sender: Sender
    ear: Ear

    async def deliver(self) -> None:
        """As a lane does, with the receipt."""
        outbox = self.office.store.outbox
        for one in outbox.due("there", self.office.now):
            kept = outbox.receipt(one.thread, "there")
            found = await self._tell(one.notification.operation, Receipt(kept[0], kept[1]) if kept else None)
            outbox.keep_receipt(one.thread, "there", found.reference, dict(found.details))
            outbox.settle(one, DeliveryState.SENT, self.office.now)

    async def somebody(self, operation: Operation) -> None:
        """A person over there does it: the ticket moves, and we are told nothing."""
        kept = self.office.store.outbox.receipt(self.office.alerts()[0].key, "there")
        assert kept is not None
        await self._tell(operation, Receipt(kept[0], kept[1]))

    async def listen(self) -> None:
        assert await self.ear.ask(RoomOf(self.office)) == 30.0
        assert self.office.entries("listening_failed") == []

    async def _tell(self, operation: Operation, receipt: Receipt | None) -> Receipt:
        told = replace(self.office.deliveries("there")[0].notification, operation=operation)
        one = self.channel
        return await self.sender.send(one.platform, told, one.config, receipt, self.office.now)


def play(folder: Path, key: str, step: Callable[[There], Awaitable[None]]) -> None:
    async def run() -> None:
        full = channel(key)
        config = full.config.model_copy(update={"name": "there", "listen": True})
        there = Channel("there", full.platform, config)
        routes, channels = (Route(channels=("there",)),), {"there": Destination(key, EVERYTHING)}
        with Office(folder, at("09:40"), routes=routes, channels=channels, kinds=KINDS) as office:
            world = World(office.clock.now)
            sender = Sender(world.transport(key))
            ear = Ear([there], office.store, office.clock, lambda: 0.0, sender)
            office.says(visit())
            office.run_until(at("10:07"))
            found = There(office, there, sender, ear)
            await found.deliver()
            await step(found)
            await sender.aclose()
            assert world[key].amiss() == []

    asyncio.run(run())


@pytest.mark.parametrize("key", ANSWER)
def test_who_takes_a_ticket_on_and_closes_it_there_did_so_here(tmp_path: Path, key: str) -> None:
    async def step(there: There) -> None:
        await there.listen()
        assert there.office.alerts()[0].state is AlertState.OPEN
        await there.somebody(Operation.ACKNOWLEDGE)
        await there.listen()
        assert there.office.alerts()[0].state is AlertState.ACKNOWLEDGED
        before = there.office.contents()
        await there.listen()
        assert there.office.contents() == before
        await there.somebody(Operation.RESOLVE)
        await there.listen()
        assert there.office.alerts()[0].state is AlertState.RESOLVED
        await there.deliver()
        assert [one for one, _ in there.office.told("there")] == ["raise"]

    play(tmp_path, key, step)


@pytest.mark.parametrize("key", ANSWER)
def test_what_gets_worse_is_not_acknowledged_by_who_took_on_what_was_before(tmp_path: Path, key: str) -> None:
    """The ticket stands as taken all the time, and that is news once."""

    async def step(there: There) -> None:
        await there.somebody(Operation.ACKNOWLEDGE)
        await there.listen()
        there.office.run(minutes(60))
        await there.deliver()
        await there.listen()
        (no_show,) = there.office.open_alerts()
        assert no_show.kind is AlertKind.TECH_NO_SHOW
        assert no_show.state is AlertState.OPEN
        await there.somebody(Operation.RESOLVE)
        await there.listen()
        assert there.office.open_alerts() == []

    play(tmp_path, key, step)
