"""All twenty platforms at once in a pretend world: real lanes, a real outbox, real connections on this computer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.domain.alert import Operation
from dispatchwatch.store.deliveries import DeliveryState
from tests.dispatch.samples import NOW
from tests.dispatch.test_secrets import secrets_of
from tests.fakes.office import visit
from tests.fakes.pretend import DONE, Fault, World
from tests.fakes.pretend.channels import FULL
from tests.fakes.pretend.lanes import Lanes, running, whole_day
from tests.fakes.pretend.life import OPERATIONS
from tests.fakes.pretend.verdict import LETTERS, verdict

ON_A_CONNECTION = tuple(one for one in Fault if one is not Fault.HANG)
ROUNDS = 3
"""Twelve faults for every platform, so that each kind meets each of them."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(lambda: NOW) as world:
        yield world


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is such a place: nothing is crashed here, and nothing waits for the disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own in it
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


def through_lanes(folder: Path, world: World, step: Callable[[Lanes], Awaitable[None]], patience: float = 5.0) -> None:
    async def play() -> None:
        async with running(folder, world, patience) as lanes:
            await step(lanes)

    asyncio.run(play())


def test_on_all_twenty_at_once_a_life_goes_its_way(folder: Path, world: World) -> None:
    async def step(lanes: Lanes) -> None:
        await whole_day(lanes, ["J-1042"])
        assert {key: problems for key in FULL if (problems := verdict(lanes.life(key)))} == {}
        assert {one.state for key in FULL for one in lanes.of(key)} == {DeliveryState.SENT}
        assert {(key, one.attempts) for key in FULL for one in lanes.of(key)} == {(key, 1) for key in FULL}
        assert all(len(lanes.of(key)) == len(OPERATIONS) for key in FULL)

    through_lanes(folder, world, step)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_on_all_twenty_at_once_with_a_fault_in_every_operation(folder: Path, world: World, turn: int) -> None:
    chance = Random(turn)  # noqa: S311

    async def step(lanes: Lanes) -> None:
        def arrange(operation: Operation) -> None:
            for place, service in enumerate(world.services.values()):
                kind = (place + turn * len(OPERATIONS) + OPERATIONS.index(operation)) % len(ON_A_CONNECTION)
                number = len(service.asked) + chance.randint(1, 2 if service.key in FULL.keys() - LETTERS else 1)
                service.faults = {number: ON_A_CONNECTION[kind]}

        await whole_day(lanes, ["J-1042"], arrange)
        assert {key: problems for key in FULL if (problems := verdict(lanes.life(key)))} == {}
        struck = sum(len(world[key].struck) for key in FULL)
        assert struck >= 70, "of 80 faults; an operation may have no second request"

    through_lanes(folder, world, step)


def test_a_service_that_hangs_is_told_again_and_at_most_twice(folder: Path, world: World) -> None:
    async def step(lanes: Lanes) -> None:
        def arrange(operation: Operation) -> None:
            if operation is Operation.RAISE:
                for service in world.services.values():
                    service.faults = {1: Fault.HANG}

        await whole_day(lanes, ["J-1042"], arrange)
        assert {key: problems for key in FULL if (problems := verdict(lanes.life(key)))} == {}
        assert {world[key].struck[0] for key in FULL} == {Fault.HANG}

    through_lanes(folder, world, step, patience=1.0)


@pytest.mark.parametrize("status", [400, 401, 500])
def test_nothing_secret_is_written_down_when_every_service_repeats_what_it_was_sent(
    folder: Path, world: World, status: int
) -> None:
    """In the audit trail, the deliveries, the receipts and the lanes: nowhere in the database."""

    async def step(lanes: Lanes) -> None:
        for service in world.services.values():
            service.echo = status
        lanes.office.read(visit())
        await lanes.once()
        for key, one in lanes.channels.items():
            (delivery,) = lanes.of(key)
            assert delivery.error.startswith(one.platform.name), "each was told, and has heard its own words"
        written = everything_in(folder)
        assert b"J. Ortiz" in written
        found = {(one.name, secret[:4]) for one in lanes.channels.values() for secret in secrets_of(one)
                 if secret.encode() in written}  # fmt: skip
        assert found == set()
        assert b"access-token-number" not in written

    through_lanes(folder, world, step)


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def test_many_alerts_at_once_while_a_tenth_of_all_requests_goes_wrong(folder: Path, world: World) -> None:
    chance, jobs = Random(7), [f"J-{number}" for number in range(3)]  # noqa: S311
    kinds = [Fault.ERROR, Fault.AWAY, Fault.BUSY, Fault.BUSY_UNTIL, Fault.RESET, Fault.HALF, Fault.DROPPED]

    async def step(lanes: Lanes) -> None:
        for service in world.services.values():
            service.faults = {number: chance.choice(kinds) for number in range(1, 200) if chance.random() < 0.1}
        await whole_day(lanes, jobs)
        states = Counter(one.state for key in FULL for one in lanes.of(key))
        assert states.keys() <= {DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DROPPED}
        for key in FULL:
            assert wrong_in_storm(lanes, key, len(jobs)) == []

    through_lanes(folder, world, step)


def wrong_in_storm(lanes: Lanes, key: str, jobs: int) -> list[str]:
    """What can't be explained by an answer that was lost, of which each may leave one thing twice."""
    service, told = lanes.world[key], lanes.channels[key]
    lost = sum(fault in DONE for fault in service.struck)
    failed = sum(one.state is not DeliveryState.SENT for one in lanes.of(key))
    doubles = {told.platform.on_repeat(one, told.config) for one in OPERATIONS} == {Repeat.DOUBLES}
    spare = lost if doubles else 0
    found = list(service.amiss())
    if key in LETTERS:
        count = len(service.tellings())
        expected = jobs * len(OPERATIONS)
        return found + ([] if expected - failed <= count <= expected + lost else [f"{count} messages"])
    if key != "telegram":
        standings = Counter(service.standings())
        if not jobs - failed <= standings["resolved"] <= jobs + spare or standings.total() > jobs + spare:
            found.append(f"{standings} after {lost} lost answers and {failed} failures")
    return found
