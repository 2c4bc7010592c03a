"""A lane against a real server: every way in which telling can fail, and what follows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.delivery import Channel, Lane, PostOffice, Settled
from dispatchwatch.app.group_commit import GroupCommit
from dispatchwatch.app.recovery import CHANNEL_GONE, recover
from dispatchwatch.dispatch.catalog import platform
from dispatchwatch.dispatch.fields import load
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from tests.fakes.office import SAM, Office, at, hours, minutes, seconds, visit
from tests.fakes.receiver import Act, Answer, Receiver, like_pagerduty

KEY = "0123456789abcdef0123456789abcdef"
WEBHOOK = "/services/T0/B0/abcdefghijkl"
ENQUEUE = "/v2/enqueue"
Step = Callable[["Lanes"], Awaitable[None]]


class Lanes:
    """The lanes of an office, running; steps wait until what they ask for has been written down."""

    def __init__(self, office: Office, receiver: Receiver, timeout: float) -> None:
        self.office = office
        self.receiver = receiver
        self.settled: list[tuple[Settled, DeliveryState]] = []
        self._changed = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []
        self.channels = {
            "ops": _channel("ops", "slack", receiver, timeout, webhook_url=f"{receiver.url}{WEBHOOK}"),
            "pager": _channel("pager", "pagerduty", receiver, timeout, routing_key=KEY),
        }
        post = PostOffice(
            store=office.store,
            commits=GroupCommit(office.store, office.clock.steady),
            owing=office.owing,
            clock=office.clock,
            chance=lambda: 0.0,
            owner="this desk",
            settled=self._hear,
            trouble=_no_trouble,
        )
        self.senders = {name: Sender() for name in self.channels}
        self.lanes = {name: Lane(channel, post, self.senders[name]) for name, channel in self.channels.items()}

    def _hear(self, settled: Settled, state: DeliveryState) -> None:
        self.settled.append((settled, state))
        self._changed.set()

    async def attempts(self, count: int) -> list[tuple[Settled, DeliveryState]]:
        """The first `count` attempts, as soon as they are written down."""
        while len(self.settled) < count:
            self._changed.clear()
            async with asyncio.timeout(15):
                await self._changed.wait()
        return self.settled[:count]

    async def later(self, by: timedelta) -> None:
        """Time passes and the lanes look again."""
        self.office.clock.advance(by)
        self.wake()
        await asyncio.sleep(0)

    def wake(self) -> None:
        for lane in self.lanes.values():
            lane.wake()

    def of(self, channel: str) -> list[Delivery]:
        return [one for one in self.office.store.outbox.listed() if one.channel == channel]


def _no_trouble(error: StoreError) -> None:
    raise error


def _channel(name: str, key: str, receiver: Receiver, timeout: float, **more: str) -> Channel:
    values: dict[str, Any] = {
        "name": name,
        "platform": key,
        "timeout": timeout,
        "base_url": receiver.url,
        "rate": "off",
        **more,
    }
    return Channel(name, platform(key), load(platform(key).config, values))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def run(tmp_path: Path, receiver: Receiver, step: Step, *, routes: tuple[Route, ...], timeout: float = 5.0) -> None:
    """Runs `step` on an office whose visit J-1042 is 20 minutes late and whose routes have just been told so."""

    async def play() -> None:
        with Office(tmp_path, at("10:25"), routes=routes) as office:
            async with _lanes(office, receiver, timeout) as lanes:
                office.read(visit())
                lanes.wake()
                await step(lanes)

    asyncio.run(play())


@asynccontextmanager
async def _lanes(office: Office, receiver: Receiver, patience: float) -> AsyncIterator[Lanes]:
    lanes = Lanes(office, receiver, patience)
    tasks = lanes.tasks = [asyncio.create_task(lane.run()) for lane in lanes.lanes.values()]
    try:
        yield lanes
    finally:
        for lane in lanes.lanes.values():
            lane.finish()
        await asyncio.gather(*tasks)
        for sender in lanes.senders.values():
            await sender.aclose()


OPS = (Route(channels=("ops",)),)
PAGER = (Route(channels=("pager",)),)
BOTH = (Route(channels=("ops", "pager")),)


def test_a_message_is_sent_once_and_its_receipt_is_kept(tmp_path: Path, receiver: Receiver) -> None:
    async def step(lanes: Lanes) -> None:
        ((settled, state),) = await lanes.attempts(1)
        assert state is DeliveryState.SENT
        (delivery,) = lanes.of("pager")
        assert (delivery.state, delivery.attempts, delivery.error) == (DeliveryState.SENT, 1, "")
        kept = lanes.office.store.outbox.receipt(settled.delivery.thread, "pager")
        assert kept is not None
        assert kept[0] == delivery.reference == receiver.received[0].json["dedup_key"]
        for lane in lanes.lanes.values():
            lane.finish()
        await asyncio.gather(*lanes.tasks)
        assert lanes.office.store.lanes.get("pager").last_success_at == lanes.office.now

    run(tmp_path, receiver, step, routes=PAGER)


def test_a_503_is_tried_again_later_and_holds_its_whole_lane_back(tmp_path: Path, receiver: Receiver) -> None:
    receiver.script(WEBHOOK, Answer(503), Answer(503), Answer())

    async def step(lanes: Lanes) -> None:
        await lanes.attempts(1)
        lanes.office.read(visit(), visit("J-2"))
        lanes.wake()
        await lanes.later(timedelta())
        assert len(receiver.received) == 1
        assert lanes.of("ops")[0].next_attempt_at == lanes.office.now + seconds(1)
        await lanes.later(seconds(1))
        await lanes.attempts(2)
        assert lanes.of("ops")[0].next_attempt_at == lanes.office.now + seconds(2)
        await lanes.later(seconds(2))
        await lanes.attempts(4)
        assert [one.state for one in lanes.of("ops")] == [DeliveryState.SENT, DeliveryState.SENT]
        assert [one.attempts for one in lanes.of("ops")] == [3, 1]

    run(tmp_path, receiver, step, routes=OPS)


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_obeyed_in_seconds_and_as_a_date(tmp_path: Path, receiver: Receiver, as_date: bool) -> None:
    value = format_datetime(at("10:25:07"), usegmt=True) if as_date else "7"
    receiver.script(WEBHOOK, Answer(429, {"Retry-After": value}), Answer())

    async def step(lanes: Lanes) -> None:
        await lanes.attempts(1)
        (delivery,) = lanes.of("ops")
        assert delivery.next_attempt_at == at("10:25:07")
        await lanes.later(seconds(6))
        assert len(receiver.received) == 1
        await lanes.later(seconds(1))
        await lanes.attempts(2)
        assert lanes.of("ops")[0].state is DeliveryState.SENT

    run(tmp_path, receiver, step, routes=OPS)


def test_a_400_gives_up_this_message_and_goes_on_with_the_next(tmp_path: Path, receiver: Receiver) -> None:
    receiver.script(WEBHOOK, Answer(400, body="invalid_payload"), Answer())

    async def step(lanes: Lanes) -> None:
        await lanes.attempts(1)
        lanes.office.read(visit(), visit("J-2"))
        lanes.wake()
        await lanes.attempts(2)
        failed, sent = lanes.of("ops")
        assert (failed.state, sent.state) == (DeliveryState.FAILED, DeliveryState.SENT)
        assert "invalid_payload" in failed.error
        (result,) = lanes.office.desk.resend([failed.id], SAM, lanes.office.now)
        assert result.done
        lanes.wake()
        await lanes.attempts(3)
        assert lanes.of("ops")[0].state is DeliveryState.SENT

    run(tmp_path, receiver, step, routes=OPS)


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_pause_the_channel_until_a_person_acts(
    tmp_path: Path, receiver: Receiver, status: int
) -> None:
    receiver.script(WEBHOOK, Answer(status, body="no_permission"), Answer())

    async def step(lanes: Lanes) -> None:
        await lanes.attempts(1)
        assert "no_permission" in lanes.office.store.lanes.get("ops").paused
        lanes.office.read(visit(), visit("J-2"))
        await lanes.later(hours(1))
        assert len(receiver.received) == 1
        assert {one.state for one in lanes.of("ops")} == {DeliveryState.WAITING}
        assert lanes.office.desk.resume("ops", SAM, lanes.office.now).done
        lanes.wake()
        await lanes.attempts(3)
        assert {one.state for one in lanes.of("ops")} == {DeliveryState.SENT}

    run(tmp_path, receiver, step, routes=OPS)


@pytest.mark.parametrize("act", [Act.RESET, Act.CLOSE, Act.HANG])
def test_without_an_answer_slack_is_told_once_more_and_then_a_person_is_asked(
    tmp_path: Path, receiver: Receiver, act: Act
) -> None:
    receiver.script(WEBHOOK, Answer(act=act))

    async def step(lanes: Lanes) -> None:
        await lanes.attempts(1)
        (delivery,) = lanes.of("ops")
        assert (delivery.state, delivery.may_have_arrived) == (DeliveryState.WAITING, True)
        assert delivery.next_attempt_at == lanes.office.now + seconds(30)
        await lanes.later(seconds(30))
        await lanes.attempts(2)
        (delivery,) = lanes.of("ops")
        assert delivery.state is DeliveryState.FAILED
        assert "may have arrived" in delivery.error
        await lanes.later(hours(1))
        assert len(receiver.received) == 2

    run(tmp_path, receiver, step, routes=OPS, timeout=0.2)


def test_a_second_sending_that_is_answered_is_marked_as_perhaps_double(tmp_path: Path, receiver: Receiver) -> None:
    receiver.script(WEBHOOK, Answer(act=Act.RESET), Answer())

    async def step(lanes: Lanes) -> None:
        await lanes.attempts(1)
        await lanes.later(seconds(30))
        await lanes.attempts(2)
        (delivery,) = lanes.of("ops")
        assert (delivery.state, delivery.may_have_arrived) == (DeliveryState.SENT, True)

    run(tmp_path, receiver, step, routes=OPS)


def test_without_an_answer_pagerduty_is_told_until_it_answers(tmp_path: Path, receiver: Receiver) -> None:
    receiver.script(ENQUEUE, *[Answer(act=Act.RESET)] * 4, like_pagerduty)

    async def step(lanes: Lanes) -> None:
        for count in range(1, 6):
            await lanes.attempts(count)
            await lanes.later(minutes(5))
        assert lanes.of("pager")[0].state is DeliveryState.SENT
        assert len({request.json["dedup_key"] for request in receiver.received}) == 1

    run(tmp_path, receiver, step, routes=PAGER)


def test_a_refused_connection_never_counts_as_arrived(tmp_path: Path) -> None:
    with Receiver() as gone:
        pass

    async def step(lanes: Lanes) -> None:
        await lanes.attempts(1)
        (delivery,) = lanes.of("ops")
        assert (delivery.state, delivery.may_have_arrived) == (DeliveryState.WAITING, False)
        assert "no connection" in delivery.error
        # over before anybody heard of it: neither the alert nor its end is sent
        lanes.office.read(visit(arrived_at=at("10:20")))
        assert [one.state for one in lanes.of("ops")] == [DeliveryState.DROPPED]

    run(tmp_path, gone, step, routes=OPS)


def test_after_a_day_of_failures_it_is_given_up_visibly(tmp_path: Path, receiver: Receiver) -> None:
    receiver.script(WEBHOOK, Answer(503))

    async def step(lanes: Lanes) -> None:
        await lanes.attempts(1)
        await lanes.later(hours(24))
        await lanes.attempts(2)
        (delivery,) = lanes.of("ops")
        assert (delivery.state, "503" in delivery.error) == (DeliveryState.FAILED, True)

    run(tmp_path, receiver, step, routes=OPS)


def test_a_dead_channel_holds_up_no_other(tmp_path: Path, receiver: Receiver) -> None:
    receiver.script(WEBHOOK, Answer(act=Act.HANG))

    async def step(lanes: Lanes) -> None:
        ((settled, state),) = await lanes.attempts(1)
        assert (settled.delivery.channel, state) == ("pager", DeliveryState.SENT)
        assert lanes.of("ops")[0].state is DeliveryState.SENDING
        receiver.release()
        await lanes.attempts(2)

    run(tmp_path, receiver, step, routes=BOTH)


def test_of_one_alert_what_was_owed_first_is_sent_first(tmp_path: Path, receiver: Receiver) -> None:
    receiver.script(ENQUEUE, Answer(503), like_pagerduty)

    async def step(lanes: Lanes) -> None:
        await lanes.attempts(1)
        (alert,) = lanes.office.open_alerts()
        lanes.office.desk.acknowledge([alert.id], SAM, lanes.office.now)
        await lanes.later(seconds(1))
        await lanes.attempts(3)
        actions = [request.json["event_action"] for request in receiver.received]
        assert actions == ["trigger", "trigger", "acknowledge"]

    run(tmp_path, receiver, step, routes=PAGER)


def test_reminders_come_until_somebody_acknowledges(tmp_path: Path, receiver: Receiver) -> None:
    async def step(lanes: Lanes) -> None:
        await lanes.attempts(1)
        for count in (2, 3):
            await lanes.later(minutes(30))
            await lanes.attempts(count)
        assert b"Reminder" in receiver.received[2].body
        (alert,) = lanes.office.open_alerts()
        lanes.office.desk.acknowledge([alert.id], SAM, lanes.office.now)
        lanes.wake()
        await lanes.attempts(4)
        await lanes.later(hours(2))
        assert [one.operation for one in lanes.of("ops") if one.state is DeliveryState.SENT] == [
            Operation.RAISE,
            Operation.RAISE,
            Operation.RAISE,
            Operation.ACKNOWLEDGE,
        ]
        assert [one.state for one in lanes.of("ops")][3] is DeliveryState.DROPPED

    run(tmp_path, receiver, step, routes=(Route(channels=("ops",), repeat=minutes(30)),))


def test_what_a_dead_process_left_half_sent_is_sent_again_and_once_more_at_most_to_slack(
    tmp_path: Path, receiver: Receiver
) -> None:
    with Office(tmp_path, at("10:25"), routes=BOTH) as office:
        office.read(visit())
        channels = {
            "ops": _channel("ops", "slack", receiver, 5, webhook_url=f"{receiver.url}{WEBHOOK}"),
            "pager": _channel("pager", "pagerduty", receiver, 5, routing_key=KEY),
        }
        states = []
        for _ in range(3):
            for delivery in office.store.outbox.listed([DeliveryState.WAITING]):
                assert office.store.outbox.claim(delivery, "this desk", office.now, minutes(2))
            recover(office.store, channels, {}, "this desk", office.now)
            states.append({one.channel: one.state for one in office.store.outbox.listed()})
        assert [one["ops"] for one in states] == [DeliveryState.WAITING, DeliveryState.FAILED, DeliveryState.FAILED]
        assert {one["pager"] for one in states} == {DeliveryState.WAITING}


def test_another_desk_s_sending_is_left_alone_until_its_lease_ends(tmp_path: Path) -> None:
    with Office(tmp_path, at("10:25"), routes=PAGER) as office:
        office.read(visit())
        (delivery,) = office.store.outbox.listed()
        assert office.store.outbox.claim(delivery, "another desk", office.now, minutes(2))
        recover(office.store, {}, {"pager": ""}, "this desk", office.now + minutes(1))
        assert office.store.outbox.listed()[0].state is DeliveryState.SENDING
        recover(office.store, {}, {"pager": ""}, "this desk", office.now + minutes(2))
        assert office.store.outbox.listed()[0].state is DeliveryState.WAITING


def test_what_is_owed_to_a_channel_that_is_gone_fails_where_it_can_be_seen(tmp_path: Path) -> None:
    with Office(tmp_path, at("10:25"), routes=PAGER) as office:
        office.read(visit())
        recover(office.store, {}, {}, "this desk", office.now)
        (delivery,) = office.store.outbox.listed()
        assert (delivery.state, delivery.error) == (DeliveryState.FAILED, CHANNEL_GONE)


def test_what_was_put_differently_while_the_lane_held_it_goes_out_in_its_new_words(
    tmp_path: Path, receiver: Receiver
) -> None:
    receiver.script(WEBHOOK, Answer(act=Act.HANG), Answer())
    storm = [visit(f"S-{n}") for n in range(10)]

    async def play() -> None:
        with Office(tmp_path, at("10:25"), routes=OPS) as office:
            office.read(visit())
            office.read(visit(), *storm)
            async with _lanes(office, receiver, 5.0) as lanes:
                await asyncio.to_thread(receiver.wait_for, 1)
                office.read(visit(), visit("S-0", arrived_at=at("10:20")), *storm[1:])
                receiver.release()
                await lanes.attempts(2)
                assert [len(settled.delivery.alerts) for settled, _ in lanes.settled] == [1, 9]
                assert b"9 late check-ins" in receiver.received[1].body
                assert len(receiver.received) == 2
                notes = [entry["detail"]["alerts"] for entry in office.entries("delivered")]
                assert [len(note) for note in notes] == [1, 9], "the trail names all it spoke of"

    asyncio.run(play())


def test_the_name_a_platform_gave_a_thread_goes_with_all_that_follows_in_it(tmp_path: Path, receiver: Receiver) -> None:
    """Reminders too: a platform with tickets must find its ticket."""

    async def step(lanes: Lanes) -> None:
        await lanes.attempts(1)
        (first,) = [one for one in lanes.of("pager") if one.state is DeliveryState.SENT]
        lanes.office.store.outbox.keep_receipt(first.thread, "pager", "their-own-name", {})
        await lanes.later(minutes(30))
        await lanes.attempts(2)
        assert receiver.received[1].json["dedup_key"] == "their-own-name"

    run(tmp_path, receiver, step, routes=(Route(channels=("pager",), repeat=minutes(30)),))


def test_after_a_refused_first_message_the_channel_is_not_told_who_is_on_it(tmp_path: Path, receiver: Receiver) -> None:
    receiver.script(WEBHOOK, Answer(400, body="invalid_payload"), Answer())

    async def play() -> None:
        with Office(tmp_path, at("10:25"), routes=OPS) as office:
            office.read(visit())
            office.desk.acknowledge([1], SAM, office.now)
            async with _lanes(office, receiver, 5.0) as lanes:
                await lanes.attempts(1)
                await lanes.later(minutes(1))
                assert office.told("ops") == [("raise", "failed"), ("acknowledge", "dropped")]
                assert len(receiver.received) == 1

    asyncio.run(play())
