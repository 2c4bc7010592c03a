"""The network or the computer comes back: what failed is tried at once, and the window hears what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.events import Awoke
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.deliveries import DeliveryState
from tests.fakes.beside_engine import Listener, SteppedClock, run_beside
from tests.fakes.office import Office, at, minutes, seconds, visit
from tests.fakes.one_lane import Plain, one_lane

OPS = (Route(channels=("ops",)),)
DAY = "Appointment No,Start,Status,Tech,Customer,Site\nJ-1,2099-01-05T09:00Z,Scheduled,J. Ortiz,Acme,Plant 4\n"
CONFIG = """
[[feed]]
name = "today"
kind = "csv"
path = "today.csv"
every = "10m"
"""


def play(folder: Path, step: Callable[[Office], Awaitable[None]]) -> None:
    async def run() -> None:
        with Office(folder, at("10:25"), routes=OPS) as office:
            office.read(visit())
            await step(office)

    asyncio.run(run())


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route to host", request=request)


def test_a_lane_that_rests_for_want_of_the_network_tries_again_when_told(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        async with one_lane(office, Plain()) as lane:
            well, lane.answer = lane.answer, unreachable
            for count in range(1, 6):
                await lane.told(count)
                office.clock.advance(minutes(5))
            await lane.told(6)
            lane.answer = well
            await lane.later(seconds(1))
            assert (len(lane.results), office.store.lanes.get("ops").resting_until is None) == (6, False)
            lane.lane.try_now()
            await lane.told(7)
            assert lane.results[-1][1] is DeliveryState.SENT
            assert office.store.lanes.get("ops").resting_until is None

    play(tmp_path, step)


def test_a_rest_that_the_platform_asked_for_is_kept(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        async with one_lane(office, Plain()) as lane:
            lane.answer = lambda _: httpx.Response(429, headers={"Retry-After": "120"})
            await lane.told(1)
            lane.lane.try_now()
            await lane.rests()
            assert len(lane.results) == 1
            await lane.later(seconds(121))
            await lane.told(2)

    play(tmp_path, step)


@pytest.mark.parametrize("slept", [True, False], ids=["asleep", "without a network"])
def test_the_feeds_are_read_at_once(tmp_path: Path, slept: bool) -> None:
    (tmp_path / "office.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "today.csv").write_text(DAY, encoding="utf-8")

    async def step(engine: Engine, listener: Listener, clock: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        (tmp_path / "today.csv").write_text(DAY.replace("09:00", "09:30"), encoding="utf-8")
        if slept:
            clock.sleep(timedelta(minutes=42))
        else:
            await engine.network_back()
        await listener.until(lambda: listener.names().count("feed_ok") == 2)
        woke = [event for event in listener.events if isinstance(event, Awoke)]
        assert [round(one.pause / timedelta(minutes=1)) for one in woke] == ([42] if slept else [])

    run_beside(read_config(tmp_path / "office.toml", SecretSource({}, tmp_path, system_keyring)), step)
