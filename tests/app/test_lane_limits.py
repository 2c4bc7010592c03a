"""A lane whose platform takes only so many messages in what time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx

from dispatchwatch.app import picture
from dispatchwatch.app.recovery import recover
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.deliveries import DeliveryState
from tests.fakes.office import SAM, Office, at, minutes, seconds, visit
from tests.fakes.one_lane import Limited, OneLane, Plain, one_lane

OPS = (Route(channels=("ops",)),)


def run(folder: Path, step: Callable[[Office], Awaitable[None]]) -> None:
    async def play() -> None:
        with Office(folder, at("10:25"), routes=OPS, storm_over=1000) as office:
            await step(office)

    asyncio.run(play())


def read(office: Office, count: int) -> None:
    office.read(*(visit(f"J-{number}") for number in range(count)))


def sent(office: Office) -> int:
    return sum(one.state is DeliveryState.SENT for one in office.deliveries("ops"))


def test_no_more_than_the_platform_takes_and_nothing_is_lost(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 7)
        async with one_lane(office, Limited(3)) as lane:
            await lane.told(3)
            await lane.later(seconds(59))
            assert sent(office) == 3
            await lane.later(seconds(1))
            await lane.told(6)
            await lane.rests()
            assert sent(office) == 6
            await lane.later(minutes(1))
            await lane.told(7)
        assert {one.state for one in office.deliveries("ops")} == {DeliveryState.SENT}
        assert len(lane.requests) == 7

    run(tmp_path, step)


def test_the_wait_is_there_to_be_seen_and_goes_away(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 2)
        async with one_lane(office, Limited(1)) as lane:
            await lane.told(1)
            await lane.rests()
            known = office.store.lanes.get("ops")
            assert known.limited_until == at("10:26")
            line = picture.lane_line(known, "Twilio", picture.Load(1, 0), "America/Chicago")
            assert line.limit == "Waits for Twilio’s limit until 10:26:00"
            assert lane.seen_limits == 1
            await lane.later(minutes(1))
            await lane.told(2)
            assert office.store.lanes.get("ops").limited_until is None

    run(tmp_path, step)


def test_an_idle_channel_never_says_that_it_waits(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 1)
        async with one_lane(office, Limited(1)) as lane:
            await lane.told(1)
            await lane.rests()
            assert office.store.lanes.get("ops").limited_until is None
            assert lane.seen_limits == 0

    run(tmp_path, step)


def test_what_is_worst_goes_first(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 4)
        for number, severity in ((3, Severity.HIGH), (4, Severity.CRITICAL)):
            alert = office.store.alerts.get(number)
            assert alert is not None
            assert office.store.alerts.save(replace(alert, severity=severity), expected=alert.state)
        async with one_lane(office, Limited(1)) as lane:
            for count in range(1, 5):
                await lane.told(count)
                await lane.later(minutes(1))
        assert [settled.delivery.alert_id for settled, _ in lane.results] == [4, 3, 1, 2]

    run(tmp_path, step)


def test_in_one_thread_the_order_stays(tmp_path: Path) -> None:
    """Also where something worse of other threads goes between."""

    async def step(office: Office) -> None:
        read(office, 2)
        async with one_lane(office, Limited(1)) as lane:
            await lane.told(1)
            office.desk.acknowledge([1, 2], SAM, office.now)
            office.catch_up()
            office.read(visit("J-0", arrived_at=at("10:24")), visit("J-1"))
            for count in range(2, 5):
                await lane.later(minutes(1))
                await lane.told(count)
        told = [(settled.delivery.alert_id, settled.delivery.operation.value) for settled, _ in lane.results]
        assert [one for one in told if one[0] == 1] == [(1, "raise"), (1, "resolve")]
        assert [one for one in told if one[0] == 2] == [(2, "raise"), (2, "acknowledge")]

    run(tmp_path, step)


def test_a_restart_does_not_go_beyond_the_limit(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 6)
        async with one_lane(office, Limited(3)) as lane:
            await lane.told(3)
        office.clock.advance(seconds(20))
        recover(office.store, {"ops": lane.lane.channel}, {}, "this desk", office.now)
        async with one_lane(office, Limited(3)) as again:
            await again.rests()
            assert again.requests == []
            await again.later(seconds(39))
            assert again.requests == []
            await again.later(seconds(1))
            await again.told(3)
        assert sent(office) == 6

    run(tmp_path, step)


def test_attempts_that_failed_count_after_a_restart_too(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 2)
        async with one_lane(office, Limited(2)) as lane:
            lane.answer = lambda _: httpx.Response(503)
            await lane.told(1)
            await lane.later(seconds(1))
            await lane.told(2)
        office.clock.advance(seconds(5))
        async with one_lane(office, Limited(2)) as again:
            await again.rests()
            assert again.requests == []
            await again.later(minutes(1))
            await again.told(2)

    run(tmp_path, step)


def test_the_office_s_own_limit_is_kept_where_the_platform_states_none(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 3)
        async with one_lane(office, Plain(), rate="2/1h") as lane:
            await lane.told(2)
            await lane.later(minutes(59))
            assert len(lane.requests) == 2
            await lane.later(minutes(1))
            await lane.told(3)

    run(tmp_path, step)


def test_switched_off_nothing_waits(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 20)
        async with one_lane(office, Limited(1), rate="off") as lane:
            await lane.told(20)

    run(tmp_path, step)


def test_a_clock_that_is_set_changes_nothing(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 2)
        async with one_lane(office, Limited(1)) as lane:
            await lane.told(1)
            office.clock.set_wall(office.now + timedelta(hours=1))
            await lane.rests()
            assert len(lane.requests) == 1
            await lane.later(minutes(1))
            await lane.told(2)

    run(tmp_path, step)


def test_worse_news_that_comes_while_it_waits_goes_next(tmp_path: Path) -> None:
    async def step(office: Office) -> None:
        read(office, 3)
        async with one_lane(office, Limited(1)) as lane:
            await lane.told(1)
            await lane.rests()
            alert = office.store.alerts.get(3)
            assert alert is not None
            office.store.alerts.save(replace(alert, severity=Severity.CRITICAL), expected=alert.state)
            await lane.later(minutes(1))
            await lane.told(2)
            assert lane.results[1][0].delivery.alert_id == 3

    run(tmp_path, step)


def test_one_lane_is_what_these_tests_think_it_is(tmp_path: Path) -> None:
    """Without a limit everything goes at once: what is held back above is held back by the limit."""

    async def step(office: Office) -> None:
        read(office, 7)
        lane: OneLane
        async with one_lane(office, Plain()) as lane:
            await lane.told(7)

    run(tmp_path, step)
