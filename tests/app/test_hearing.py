"""What people do to alerts over there is done here: once, by their name, and told to everybody but who told us."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.app.desk import Desk
from dispatchwatch.app.ears import Ears
from dispatchwatch.app.hearing import AT_ONCE, TOAST_AFTER, Ear
from dispatchwatch.app.settling import Channel
from dispatchwatch.dispatch.conversation import Heard, Held, Listening, News, Step
from dispatchwatch.dispatch.fields import ChannelConfig, load
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import AlertKind, AlertState, Operation
from dispatchwatch.domain.routing import Route
from tests.fakes.office import SAM, Office, at, hours, minutes, seconds, visit
from tests.fakes.one_lane import Plain
from tests.thorough import times

T = TypeVar("T")
NEWS = "https://plain.example/news"
BOTH = (Route(channels=("ops", "pager")),)
TOLD_THERE = {"acknowledge", "resolve"}


class Talkative(Plain):
    """Answers a question with `news`; channels of the same `bot` share an ear."""

    def __init__(self, bot: str = "") -> None:
        self.bot = bot
        self.news: list[News] = []
        self.cursor = ""
        self.questions: list[tuple[Sequence[Held], str]] = []

    def ear(self, config: ChannelConfig) -> str:
        del config
        return self.bot

    def listen(self, held: Sequence[Held], config: ChannelConfig, cursor: str) -> Listening:
        del config
        self.questions.append((held, cursor))
        yield Step(httpx.Request("GET", NEWS))
        return Heard(tuple(self.news), self.cursor)


@dataclass
class RoomOf:
    """The engine's part: a deed, and what follows from it."""

    office: Office
    said: list[tuple[str, str, bool]] = field(default_factory=list)
    deeds: int = 0

    async def perform(self, deed: Callable[[Desk, datetime], T]) -> T:
        self.deeds += 1
        result = deed(self.office.desk, self.office.now)
        self.office.catch_up()
        return result

    def heard(self, event: str, text: str, *, channel: str = "", with_toast: bool = False) -> None:
        assert channel
        self.said.append((event, text, with_toast))


def channel(platform: Talkative, name: str = "ops", **more: Any) -> Channel:
    config = load(ChannelConfig, {"name": name, "platform": "plain", "listen": True, **more})
    return Channel(name, platform, config)


@dataclass
class Play:
    office: Office
    platform: Talkative
    room: RoomOf
    ear: Ear
    answer: Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]] = lambda _: httpx.Response(200)

    def thread(self) -> str:
        return self.office.alerts()[0].key

    def ask(self) -> float | None:
        return asyncio.run(self.ear.ask(self.room))

    def hear(self, operation: Operation, by: str = "Ann Lee", **more: Any) -> float | None:
        self.platform.news = [News(self.thread(), operation, by, **more)]
        return self.ask()

    def known(self, *channels: str) -> None:
        """Everything was told, and the platforms have names for it."""
        for one in self.office.deliver(*channels):
            self.office.store.outbox.keep_receipt(one.thread, one.channel, f"T-{one.id}", {"id": str(one.id)})

    def of(self, event: str) -> list[tuple[str, bool]]:
        return [(text, toast) for name, text, toast in self.room.said if name == event]


@contextmanager
def play(
    folder: Path, *channels: Channel, platform: Talkative | None = None, patience: float = 60.0, **office: Any
) -> Iterator[Play]:
    """An office in which J-1042 is late, and both channels know of it."""
    told = {"routes": BOTH, **office}
    platform = platform or Talkative()
    with Office(folder, at("09:40"), **told) as place:

        async def answer(request: httpx.Request) -> httpx.Response:
            found = playing.answer(request)
            return await found if not isinstance(found, httpx.Response) else found

        sender = Sender(httpx.MockTransport(answer))
        listening = channels or (channel(platform),)
        ear = Ear(listening, place.store, place.clock, lambda: 0.0, sender, patience)
        playing = Play(place, platform, RoomOf(place), ear)
        yield playing
        asyncio.run(ear.aclose())


@pytest.fixture
def late(tmp_path: Path) -> Iterator[Play]:
    with play(tmp_path) as found:
        found.office.says(visit())
        found.office.run_until(at("10:07"))
        found.known()
        yield found


# What is heard is done


@pytest.mark.parametrize("operation", [Operation.ACKNOWLEDGE, Operation.RESOLVE])
def test_it_is_done_by_his_name_and_told_to_everybody_else(late: Play, operation: Operation) -> None:
    assert late.hear(operation) == 30.0
    (alert,) = late.office.alerts()
    assert (alert.acknowledged_by or alert.resolved_by) == "Ann Lee"
    assert alert.state is (AlertState.ACKNOWLEDGED if operation is Operation.ACKNOWLEDGE else AlertState.RESOLVED)
    (entry,) = late.office.entries(f"{operation.value}d")
    assert (entry["who"], entry["origin"]) == ("Ann Lee", "plain")
    assert late.office.told("ops") == [("raise", "sent")]
    assert late.office.told("pager") == [("raise", "sent"), (operation.value, "waiting")]


def test_the_same_again_changes_nothing(late: Play) -> None:
    late.hear(Operation.ACKNOWLEDGE)
    before = late.office.contents()
    late.hear(Operation.ACKNOWLEDGE, by="Bo")
    assert late.office.contents() == before
    late.hear(Operation.RESOLVE)
    before = late.office.contents()
    late.hear(Operation.RESOLVE, by="Bo")
    late.hear(Operation.ACKNOWLEDGE, by="Bo")
    assert late.office.contents() == before


def test_what_the_desk_did_first_stays_his(late: Play) -> None:
    late.office.desk.acknowledge([1], SAM, late.office.now)
    late.hear(Operation.ACKNOWLEDGE)
    assert late.office.alerts()[0].acknowledged_by == "Sam"
    assert ("acknowledge", "waiting") in late.office.told("ops")


def test_what_is_over_later_is_told_there_too(late: Play) -> None:
    late.hear(Operation.ACKNOWLEDGE)
    late.office.read(visit(arrived_at=late.office.now))
    assert [operation for operation, _ in late.office.told("ops")] == ["raise", "resolve"]


def test_every_alert_of_a_storm_is_acted_on(tmp_path: Path) -> None:
    count = AT_ONCE + 5
    with play(tmp_path, storm_over=3) as found:
        found.office.says(*(visit(f"J-{number}") for number in range(count)))
        found.office.run_until(at("10:07"))
        found.known()
        assert len(found.office.deliveries("ops")) == 1
        found.hear(Operation.ACKNOWLEDGE)
        assert {one.acknowledged_by for one in found.office.alerts()} == {"Ann Lee"}
        assert found.room.deeds == 2
        assert [one for one, _ in found.office.told("ops")] == ["raise"]
        assert [one for one, _ in found.office.told("pager")] == ["raise", "acknowledge"]
        found.hear(Operation.RESOLVE)
        assert {one.state for one in found.office.alerts()} == {AlertState.RESOLVED}
        assert [one for one, _ in found.office.told("ops")] == ["raise"]


def test_nobody_named_is_the_platform(late: Play) -> None:
    late.hear(Operation.ACKNOWLEDGE, by="")
    assert late.office.alerts()[0].acknowledged_by == "Plain"


def test_a_name_may_hold_anything(late: Play) -> None:
    late.hear(Operation.ACKNOWLEDGE, by="<b>Ann\n\x1b[31m" + "x" * 500)
    name = late.office.alerts()[0].acknowledged_by
    assert "\n" not in name
    assert "\x1b" not in name
    assert len(name) <= 80


def test_news_of_what_nobody_holds_are_let_go(late: Play) -> None:
    before = late.office.contents()
    late.platform.news = [News("another thread", Operation.RESOLVE, "Ann Lee")]
    late.ask()
    assert late.office.contents() == before


def test_what_is_ended_by_acknowledging_is_over_there_too(tmp_path: Path) -> None:
    """Somebody took it on over there; that it is over is news to them."""
    with play(tmp_path, kinds=[AlertKind.RESCHEDULED_SHORT_NOTICE]) as found:
        found.office.read(visit(start=at("11:50")))
        found.office.run_until(at("09:50"))
        found.office.read(visit(start=at("15:00")))
        found.office.run_until(at("09:52"))
        found.known()
        found.hear(Operation.ACKNOWLEDGE)
        assert [one.acknowledged_by for one in found.office.alerts()] == ["Ann Lee"]
        assert found.office.alerts()[0].state is AlertState.RESOLVED
        assert [one for one, _ in found.office.told("ops")] == ["raise", "resolve"]


def test_closing_a_ticket_takes_no_shrunken_schedule_for_good(tmp_path: Path) -> None:
    with play(tmp_path) as found:
        visits = [visit(f"J-{number}", start=at("15:00")) for number in range(30)]
        found.office.read(*visits)
        found.office.read(*visits[:3])
        (alert,) = found.office.alerts()
        assert alert.kind is AlertKind.FEED_SHRUNK
        found.known()
        found.hear(Operation.RESOLVE)
        assert found.office.alerts()[0].state is AlertState.ACKNOWLEDGED


# What is asked


def test_what_is_open_there_is_asked_about(late: Play) -> None:
    late.ask()
    ((held, cursor),) = late.platform.questions
    assert [(one.thread, one.receipt.reference, cursor) for one in held] == [(late.thread(), "T-1", "")]
    late.hear(Operation.RESOLVE)
    late.ask()
    assert list(late.platform.questions[-1][0]) == []


def test_a_thread_without_a_name_there_is_not_asked_about(late: Play) -> None:
    late.office.says(visit(), visit("J-2", start=at("09:55")))
    late.office.run_until(at("10:20"))
    late.office.deliver()
    late.ask()
    assert len(late.platform.questions[-1][0]) == 1


def test_it_goes_on_where_it_ended_also_after_a_restart(late: Play) -> None:
    late.platform.cursor = "42"
    late.ask()
    again = Ear([channel(late.platform)], late.office.store, late.office.clock, lambda: 0.0, late.ear._sender)
    asyncio.run(again.ask(late.room))
    assert [cursor for _, cursor in late.platform.questions] == ["", "42"]


def test_another_account_begins_anew(late: Play) -> None:
    late.platform.cursor = "42"
    late.ask()
    other = channel(late.platform, base_url="https://other.example.com")
    asyncio.run(Ear([other], late.office.store, late.office.clock, lambda: 0.0, late.ear._sender).ask(late.room))
    assert [cursor for _, cursor in late.platform.questions] == ["", ""]


def test_details_join_the_receipt_as_it_is_by_then(late: Play) -> None:
    place = late.thread(), "ops"

    def meanwhile(_: httpx.Request) -> httpx.Response:
        late.office.store.outbox.keep_receipt(*place, "T-9", {"id": "9", "noted": "now"})
        return httpx.Response(200)

    late.answer = meanwhile
    late.hear(Operation.ACKNOWLEDGE, details={"stands": "TAKEN"})
    assert late.office.store.outbox.receipt(*place) == ("T-9", {"id": "9", "noted": "now", "stands": "TAKEN"})


# When it was done


def test_older_than_the_last_change_it_is_let_go(late: Play) -> None:
    late.hear(Operation.ACKNOWLEDGE, at=late.office.alerts()[0].updated_at - seconds(2))
    assert late.office.alerts()[0].state is AlertState.OPEN
    late.hear(Operation.ACKNOWLEDGE, at=late.office.alerts()[0].updated_at.replace(microsecond=0))
    assert late.office.alerts()[0].state is AlertState.ACKNOWLEDGED


@pytest.mark.parametrize(("ahead", "state"), [(minutes(3), AlertState.ACKNOWLEDGED), (minutes(-3), AlertState.OPEN)])
def test_their_clock_is_not_ours(late: Play, ahead: timedelta, state: AlertState) -> None:
    """Our clock is ahead of theirs: what looks older was done after; or it is behind, and was done before."""
    done = late.office.alerts()[0].updated_at - ahead + seconds(60 if ahead > timedelta() else -60)
    theirs = format_datetime(late.office.now - ahead, usegmt=False)
    late.answer = lambda _: httpx.Response(200, headers={"Date": theirs})
    late.hear(Operation.ACKNOWLEDGE, at=done)
    assert late.office.alerts()[0].state is state


# When it fails


def test_credentials_that_are_not_accepted_end_the_listening_and_nothing_else(late: Play) -> None:
    late.answer = lambda _: httpx.Response(401)
    assert late.ask() is None
    ((text, toast),) = late.of("listening_stopped")
    assert toast
    assert "ops" in text
    assert late.office.store.lanes.get("ops").paused == ""
    assert [one["subject"] for one in late.office.entries("listening_stopped")] == ["channel ops"]


def test_a_failure_backs_off_and_is_said_when_it_begins_and_when_it_goes_on(late: Play) -> None:
    late.answer = lambda _: httpx.Response(503)
    rests = [late.ask() for _ in range(12)]
    assert rests[0] == 30.0
    assert rests[-1] == 150.0
    assert rests == sorted(rests, key=lambda rest: rest or 0)
    assert [toast for _, toast in late.of("listening_failed")] == [False, True]
    assert TOAST_AFTER == 3
    late.answer = lambda _: httpx.Response(200)
    assert late.ask() == 30.0
    assert len(late.of("listening_ok")) == 1
    late.ask()
    assert len(late.of("listening_ok")) == 1


def test_a_wait_that_is_asked_for_is_kept(late: Play) -> None:
    late.answer = lambda _: httpx.Response(429, headers={"Retry-After": "600"})
    assert late.ask() == 600.0


def test_a_mistake_in_a_platform_is_logged_and_it_goes_on(late: Play, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    late.platform.listen = lambda *_: 1 / 0  # type: ignore[method-assign, assignment]
    assert late.ask() == 30.0
    assert "ZeroDivisionError" in caplog.text
    assert len(late.of("listening_failed")) == 1


def test_a_question_that_hangs_ends(tmp_path: Path) -> None:
    async def forever(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with play(tmp_path, patience=0.01) as found:
        found.answer = forever
        assert found.ask() == 30.0
        ((text, _),) = found.of("listening_failed")
        assert "took too long" in text


def test_what_was_done_before_the_store_failed_is_heard_again(late: Play) -> None:
    late.platform.cursor = "42"
    late.office.store.database._database.execute_sql("PRAGMA query_only = 1")
    assert late.hear(Operation.ACKNOWLEDGE) == 30.0
    late.office.store.database._database.execute_sql("PRAGMA query_only = 0")
    late.hear(Operation.ACKNOWLEDGE)
    assert late.platform.questions[-1][1] == ""
    assert late.office.alerts()[0].acknowledged_by == "Ann Lee"


# Channels that share where it comes from


def test_channels_of_one_bot_are_asked_once_about_what_all_of_them_hold(tmp_path: Path) -> None:
    bot = Talkative("bot 1")
    some = [channel(bot), channel(bot, "pager", listen=False), channel(Talkative("bot 2"), "other"), channel(
        Talkative(), "deaf", listen=False)]  # fmt: skip
    with Office(tmp_path, at("09:40")) as office:
        ears = Ears(reversed(some), office.store, office.clock, lambda: 0.0, lambda _: Sender())
        assert sorted(ear.name for ear in ears.all) == ["ops, pager", "other"]
        found = ears.at("plain", "bot 2")
        assert found is not None
        assert found.name == "other"
        asyncio.run(ears.stop())


def test_what_is_heard_on_one_of_them_is_told_to_the_other(tmp_path: Path) -> None:
    bot = Talkative("bot 1")
    with play(tmp_path, channel(bot), channel(bot, "pager"), platform=bot) as found:
        found.office.says(visit())
        found.office.run_until(at("10:07"))
        found.known()
        found.ask()
        (held, _), *_ = bot.questions
        assert len({one.thread for one in held}) == 2
        bot.news = [News(held[1].thread, Operation.ACKNOWLEDGE, "Ann Lee")]
        found.ask()
        assert [one for one, _ in found.office.told("ops")] == ["raise", "acknowledge"]
        assert [one for one, _ in found.office.told("pager")] == ["raise"]


def test_an_answer_that_somebody_else_got_is_taken_in(late: Play) -> None:
    late.platform.news = [News(late.thread(), Operation.ACKNOWLEDGE, "Ann Lee")]
    late.platform.cursor = "42"
    asyncio.run(late.ear.take(late.room, {"ok": True}))
    assert late.office.alerts()[0].acknowledged_by == "Ann Lee"
    late.ask()
    assert late.platform.questions[-1][1] == ""


# Whatever is heard, in whatever order


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("heard"),
            st.sampled_from(["ops", "pager"]),
            st.sampled_from([Operation.ACKNOWLEDGE, Operation.RESOLVE]),
            st.integers(0, 3),
            st.sampled_from([None, -3600, -60, 0]),
        ),
        st.tuples(st.just("desk"), st.sampled_from(["acknowledge", "resolve"]), st.integers(1, 6)),
        st.tuples(st.just("pass"), st.integers(1, 25)),
        st.tuples(st.just("sent"), st.sampled_from([("ops",), ("pager",), ("ops", "pager")])),
    ),
    max_size=14,
)


@settings(max_examples=times(25))
@given(STEPS, st.sampled_from([2, 100]))
def test_no_alert_is_acted_on_twice_and_nothing_is_echoed(steps: list[tuple[Any, ...]], storm_over: int) -> None:
    with TemporaryDirectory() as folder, play(Path(folder), storm_over=storm_over) as found:
        office, platforms = found.office, {"ops": Talkative(), "pager": Talkative()}
        ears = {name: Ear([channel(one, name)], office.store, office.clock, lambda: 0.0, found.ear._sender)
                for name, one in platforms.items()}  # fmt: skip
        office.says(visit("J-1"), visit("J-2"), visit("J-3", start=at("10:20")))
        office.run_until(at("10:07"))
        found.known()
        for step in steps:
            match step:
                case "heard", name, operation, which, before:
                    _hear(found, ears[name], platforms[name], name, operation, which, before)
                case "desk", deed, number:
                    getattr(office.desk, deed)([number], SAM, office.now)
                    office.catch_up()
                case "pass", count:
                    office.run(minutes(count))
                case "sent", channels:
                    found.known(*channels)
        for action in ("acknowledged", "resolved"):
            done = [one["subject"] for one in office.entries(action)]
            assert len(done) == len(set(done))


def _hear(
    found: Play, ear: Ear, platform: Talkative, name: str, operation: Operation, which: int, before: int | None
) -> None:
    """Hears it, and sees that the thread where it was heard is told nothing of the same kind because of it."""
    office = found.office
    held = office.store.threads.held([name])
    if which < len(held):
        thread = held[which].place[0]
        when = None if before is None else office.now + timedelta(seconds=before)
        platform.news = [News(thread, operation, "Ann Lee", when)]
        told = [one.id for one in office.deliveries(name) if one.thread == thread]
        asyncio.run(ear.ask(found.room))
        new = [one for one in office.deliveries(name) if one.thread == thread and one.id not in told]
        assert [one.operation for one in new if one.operation.value in TOLD_THERE] == []


def test_what_is_over_is_no_longer_held(tmp_path: Path) -> None:
    with Office(tmp_path, at("09:40"), routes=BOTH) as office:
        office.says(*(visit(f"J-{number}") for number in range(40)))
        office.run_until(at("10:07"))
        for one in office.deliver("ops"):
            office.store.outbox.keep_receipt(one.thread, one.channel, f"T-{one.id}", {})
        assert office.store.threads.held(["ops"])
        office.desk.resolve([one.id for one in office.alerts()], SAM, office.now)
        office.run(hours(1))
        assert office.store.threads.held(["ops", "pager"]) == []
