"""Test messages go out beside a lane; its platform's limit holds for both together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.testing import ChannelTester
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.deliveries import DeliveryState
from tests.fakes.office import SAM, Office, at, minutes, seconds, visit
from tests.fakes.one_lane import Limited, OneLane, Plain, one_lane

OPS = (Route(channels=("ops",)),)
TOO_SOON = "ops has reached its limit of messages at Plain; nothing was sent. A test can go in {}: test it again then."


def run(folder: Path, step: Callable[[Office], Awaitable[None]]) -> None:
    async def play() -> None:
        with Office(folder, at("10:25"), routes=OPS, storm_over=1000) as office:
            await step(office)

    asyncio.run(play())


def read(office: Office, count: int) -> None:
    office.read(*(visit(f"J-{number}") for number in range(count)))


async def try_out(office: Office, lane: OneLane) -> Result:
    """As another process does it: nothing but the store is shared. Its request is counted with the lane's."""

    def take(request: httpx.Request) -> httpx.Response:
        lane.requests.append(request)
        return lane.answer(request)

    channel = lane.lane.channel
    desk: Desk = office.desk
    tester = ChannelTester({"ops": channel}, office.store, desk, lambda _: Sender(httpx.MockTransport(take)))
    return await tester.test("ops", SAM, lambda: office.now)


def sent(office: Office) -> int:
    return sum(one.state is DeliveryState.SENT for one in office.deliveries("ops"))


def test_a_test_counts_for_the_lane(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 4)
        async with one_lane(office, Limited(2)) as lane:
            await lane.rests()
            assert sent(office) == 2
            await lane.later(minutes(1))
            assert sent(office) == 4
            await lane.later(minutes(1))
            assert (await try_out(office, lane)).done
            office.read(*(visit(f"J-{number}") for number in range(7)))
            await lane.rests()
            assert sent(office) == 5, "the test took one of the two places"
            await lane.later(seconds(59))
            assert sent(office) == 5
            await lane.later(seconds(1))
            assert sent(office) == 7

    run(tmp_path, step)


def test_one_before_the_start_counts_too(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        assert (await try_out(office, OneLane(office, Limited(1)))).done
        read(office, 1)
        async with one_lane(office, Limited(1)) as lane:
            await lane.rests()
            assert sent(office) == 0
            await lane.later(minutes(1))
            assert sent(office) == 1

    run(tmp_path, step)


def test_a_test_beyond_the_limit_is_not_sent_and_says_when_it_can_be(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 1)
        async with one_lane(office, Limited(1)) as lane:
            await lane.told(1)
            office.clock.advance(seconds(20))
            result = await try_out(office, lane)
            assert (result.done, result.text) == (False, TOO_SOON.format("40 seconds"))
            assert len(lane.requests) == 1
            office.clock.advance(seconds(39))
            assert (await try_out(office, lane)).text == TOO_SOON.format("1 second")
            office.clock.advance(seconds(1))
            assert (await try_out(office, lane)).done
            assert (await try_out(office, lane)).text == TOO_SOON.format("60 seconds")
            assert len(lane.requests) == 2
        assert [one["action"] for one in office.store.audit.entries(subject="channel ops")] == ["channel_tested"]

    run(tmp_path, step)


def test_a_test_that_begins_while_a_batch_goes_out_takes_its_place_in_it(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 3)
        async with one_lane(office, Limited(3)) as lane:

            def first(_: httpx.Request) -> httpx.Response:
                office.store.channel_tests.begin("ops", office.now, office.now)
                lane.answer = lambda _: httpx.Response(200)
                return httpx.Response(200)

            lane.answer = first
            await lane.rests()
            assert sent(office) == 2
            await lane.later(minutes(1))
            assert sent(office) == 3

    run(tmp_path, step)


def test_what_waits_for_a_person_keeps_no_test_away(tmp_path: Path) -> None:
    """It is the test that shows whether the credentials are right again."""

    async def step(office: Office) -> None:
        read(office, 1)
        async with one_lane(office, Limited(1)) as lane:
            lane.answer = lambda _: httpx.Response(401)
            await lane.told(1)
            assert office.store.lanes.get("ops").paused
            assert not (await try_out(office, lane)).done
            office.clock.advance(minutes(1))
            lane.answer = lambda _: httpx.Response(200)
            assert (await try_out(office, lane)).done
            assert not office.store.lanes.get("ops").paused

    run(tmp_path, step)


def test_without_a_limit_tests_go_at_any_time(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        lane = OneLane(office, Plain())
        assert [(await try_out(office, lane)).done for _ in range(3)] == [True] * 3
        off = OneLane(office, Limited(1), rate="off")
        assert [(await try_out(office, off)).done for _ in range(3)] == [True] * 3

    run(tmp_path, step)
