"""A platform that is told in two requests: what the first brought about is never done twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from dispatchwatch.app.recovery import recover
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.deliveries import DeliveryState
from tests.fakes.office import SAM, Office, at, minutes, seconds, visit
from tests.fakes.one_lane import NOTE, TELL, OneLane, TwoSteps, one_lane

OPS = (Route(channels=("ops",)),)


def run(folder: Path, step: Callable[[Office], Awaitable[None]]) -> None:
    async def play() -> None:
        with Office(folder, at("10:25"), routes=OPS) as office:
            office.read(visit())
            await step(office)

    asyncio.run(play())


def asked(lane: OneLane) -> list[str]:
    return [str(request.url) for request in lane.requests]


def failing(url: str, status: int) -> Callable[[httpx.Request], httpx.Response]:
    """Says no to one of the two requests."""
    return lambda request: (
        httpx.Response(status) if str(request.url) == url else httpx.Response(200, json={"ticket": "T-1"})
    )


def test_both_steps_are_one_message(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        async with one_lane(office, TwoSteps()) as lane:
            await lane.told(1)
        assert asked(lane) == [TELL, NOTE]
        assert office.store.outbox.receipt("late_check_in|today|J-1042|2026-11-10T16:05Z", "ops") == (
            "T-1",
            {"noted": "raise"},
        )

    run(tmp_path, step)


@pytest.mark.parametrize("status", [503, 429, 401])
def test_where_the_second_fails_the_next_attempt_goes_on_from_the_first(tmp_path: Path, status: int) -> None:
    async def step(office: Office) -> None:
        async with one_lane(office, TwoSteps()) as lane:
            lane.answer = failing(NOTE, status)
            await lane.told(1)
            lane.answer = failing("", 0)
            office.desk.resume("ops", SAM, office.now)
            await lane.later(seconds(1))
            await lane.told(2)
        assert asked(lane) == [TELL, NOTE, NOTE]
        assert lane.bodies[2]["ticket"] == "T-1"
        assert office.told("ops") == [("raise", "sent")]

    run(tmp_path, step)


def test_also_after_a_restart(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        async with one_lane(office, TwoSteps()) as lane:
            lane.answer = failing(NOTE, 503)
            await lane.told(1)
        office.close()
        office.start()
        recover(office.store, {"ops": lane.lane.channel}, {}, "this desk", office.now)
        office.clock.advance(seconds(2))
        async with one_lane(office, TwoSteps()) as again:
            await again.told(1)
        assert asked(again) == [NOTE]

    run(tmp_path, step)


def test_also_where_the_program_was_killed_between_the_two(tmp_path: Path) -> None:
    """What the first request brought about is on record before the second one leaves."""

    async def step(office: Office) -> None:
        kept: list[object] = []

        def hear(request: httpx.Request) -> httpx.Response:
            if str(request.url) == NOTE:
                thread = json.loads(request.content)["key"]
                kept.append(office.store.outbox.receipt(thread, "ops"))
                raise KeyboardInterrupt  # as good as a kill: nothing is written after it
            return httpx.Response(200, json={"ticket": "T-1"})

        lane = OneLane(office, TwoSteps())
        lane.answer = hear
        running = asyncio.ensure_future(_until_killed(lane))
        await running
        assert kept == [("T-1", {})]
        assert [one.state for one in office.deliveries("ops")] == [DeliveryState.SENDING]
        recover(office.store, {"ops": lane.lane.channel}, {}, "this desk", office.now)
        async with one_lane(office, TwoSteps()) as again:
            await again.told(1)
        assert asked(again) == [NOTE]

    run(tmp_path, step)


async def _until_killed(lane: OneLane) -> None:
    (delivery,) = lane.office.store.outbox.due("ops", lane.office.now)
    try:
        await lane.lane._work([delivery])
    except KeyboardInterrupt:
        await lane.sender.aclose()


def test_a_message_given_up_half_way_goes_on_when_it_is_sent_again(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        async with one_lane(office, TwoSteps()) as lane:
            lane.answer = failing(NOTE, 400)
            await lane.told(1)
            (delivery,) = office.deliveries("ops")
            assert delivery.state is DeliveryState.FAILED
            lane.answer = failing("", 0)
            office.desk.resend([delivery.id], SAM, office.now)
            await lane.told(2)
        assert asked(lane) == [TELL, NOTE, NOTE]

    run(tmp_path, step)


def test_what_follows_in_the_thread_finds_the_ticket(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        async with one_lane(office, TwoSteps()) as lane:
            await lane.told(1)
            office.desk.acknowledge([1], SAM, office.now)
            await lane.later(minutes(1))
            await lane.told(2)
        assert asked(lane) == [TELL, NOTE, NOTE]

    run(tmp_path, step)
