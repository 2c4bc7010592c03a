"""Who watches the watch: the sign of life goes out only while the program works, and what is wrong in its own record is
found and said."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from dispatchwatch.app.announcing import Announcer
from dispatchwatch.app.bus import Bus
from dispatchwatch.app.events import Event, Happening, ToastWanted
from dispatchwatch.app.heartbeat import Heartbeat
from dispatchwatch.app.running_config import HeartbeatConfig
from dispatchwatch.app.timers import Timers
from dispatchwatch.app.vigil import Vigil
from dispatchwatch.domain.alert import AlertState
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.database import StoreError
from tests.fakes.office import ALL_KINDS, SAM, Office, at, minutes, seconds, visit
from tests.fakes.receiver import Act, Answer, Receiver

OPS = (Route(channels=("ops",)), Route(channels=("pager",), after=minutes(10)))
PING = "https://hc.example.com/s3cret-ping"


@dataclass
class Watched:
    """A vigil over an office, whose timers are the test's own hand."""

    office: Office
    vigil: Vigil
    events: list[Event]
    looks: list[bool] = field(default_factory=list)
    works: bool = True

    def look(self) -> bool:
        self.looks.append(self.works)
        if self.works:
            self.office.look()
        return self.works

    @property
    def happened(self) -> list[str]:
        return [one.event for one in self.events if isinstance(one, Happening)]

    @property
    def toasts(self) -> list[ToastWanted]:
        return [one for one in self.events if isinstance(one, ToastWanted)]

    @property
    def found(self) -> list[str]:
        """What the last self-audit said was wrong."""
        told = [one for one in self.events if isinstance(one, Happening) and one.event == "self_audit_failed"]
        return list(told[-1].fields["problems"]) if told else []


def run(
    folder: Path,
    step: Callable[[Watched], Awaitable[None]],
    answer: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(200),
    url: str = PING,
    transport: httpx.AsyncBaseTransport | None = None,
) -> None:
    async def play() -> None:
        config = HeartbeatConfig.model_validate({"url": url})
        heartbeat = Heartbeat(config, transport=transport or httpx.MockTransport(answer))
        with Office(folder, at("10:25"), routes=OPS, kinds=ALL_KINDS) as office:
            channels = frozenset(office.channels)
            vigil = Vigil(
                office.store,
                office.watch,
                office.outgoing,
                channels,
                heartbeat=heartbeat,
                audit_every=timedelta(hours=1),
            )
            bus = Bus()
            events: list[Event] = []
            bus.subscribe(events.append)
            watched = Watched(office, vigil, events)
            timers = Timers(lambda *_: None)
            vigil._heartbeat, kept = None, vigil._heartbeat  # the test beats by hand
            vigil._audit_every, every = None, vigil._audit_every
            vigil.start(timers, Announcer(bus, office.clock), office.clock, watched.look)
            vigil._heartbeat, vigil._audit_every = kept, every
            try:
                await step(watched)
            finally:
                await vigil.aclose()

    asyncio.run(play())


def noted_in(beats: list[httpx.Request]) -> Callable[[httpx.Request], httpx.Response]:
    def hear(request: httpx.Request) -> httpx.Response:
        beats.append(request)
        return httpx.Response(200)

    return hear


# The sign of life


def test_it_beats_after_a_look_that_was_written_down(tmp_path: Path) -> None:
    beats: list[httpx.Request] = []

    async def step(watched: Watched) -> None:
        await watched.vigil.beat()
        assert watched.looks == [True]
        assert watched.office.store.memos.get("pulse") == watched.office.now.isoformat()

    run(tmp_path, step, noted_in(beats))
    assert [(one.method, str(one.url)) for one in beats] == [("GET", PING)]


def test_it_falls_silent_when_a_look_can_not_be_written_down(tmp_path: Path) -> None:
    beats: list[httpx.Request] = []

    async def step(watched: Watched) -> None:
        watched.works = False
        await watched.vigil.beat()

    run(tmp_path, step, noted_in(beats))
    assert beats == []


def test_it_falls_silent_when_the_store_can_not_be_written(tmp_path: Path) -> None:
    beats: list[httpx.Request] = []

    async def step(watched: Watched) -> None:
        watched.office.store.database._database.execute_sql("PRAGMA query_only = 1")
        watched.vigil._look = lambda: True
        await watched.vigil.beat()
        watched.office.store.database._database.execute_sql("PRAGMA query_only = 0")
        assert watched.happened == ["fault"]

    run(tmp_path, step, noted_in(beats))
    assert beats == []


def test_not_heard_it_says_so_once_and_on_the_desktop_when_it_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    status = [404] * 5 + [200]

    async def step(watched: Watched) -> None:
        for _ in range(2):
            await watched.vigil.beat()
        assert watched.happened == ["heartbeat_failed"]
        assert watched.toasts == []
        for _ in range(3):
            await watched.vigil.beat()
        (toast,) = watched.toasts
        assert toast.title == "Nobody hears that DispatchWatch is alive"
        assert "HTTP 404" in toast.body
        await watched.vigil.beat()
        assert watched.happened == ["heartbeat_failed", "heartbeat_heard"]
        assert [one["action"] for one in watched.office.entries() if "heartbeat" in one["action"]] == [
            "heartbeat_failed",
            "heartbeat_heard",
        ]
        assert "s3cret" not in f"{watched.events}{watched.office.entries()}{caplog.text}"

    run(tmp_path, step, lambda _: httpx.Response(status.pop(0)))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx.ConnectError("no way to hc.example.com/s3cret-ping"), "can’t be reached"),
        (httpx.ReadTimeout("s3cret"), "did not answer in time"),
        (httpx.RemoteProtocolError("s3cret"), "can’t be reached"),
    ],
)
def test_whatever_fails_is_said_without_the_address(
    tmp_path: Path, error: httpx.TransportError, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    async def step(watched: Watched) -> None:
        await watched.vigil.beat()
        (told,) = [one for one in watched.events if isinstance(one, Happening)]
        assert words in told.text
        assert "example.com" not in f"{watched.events}{watched.office.entries()}{caplog.text}"
        assert "s3cret" not in f"{watched.events}{watched.office.entries()}{caplog.text}"

    run(tmp_path, step, fail)


def test_over_a_real_connection(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Receiver() as receiver:
        receiver.script("/ping/s3cret", Answer(), Answer(act=Act.RESET), Answer(302, {"Location": "/elsewhere"}))

        async def beat() -> list[str]:
            heartbeat = Heartbeat(
                HeartbeatConfig.model_validate({"url": f"{receiver.url}/ping/s3cret", "method": "POST"})
            )
            told = [await heartbeat.beat() for _ in range(3)]
            await heartbeat.aclose()
            return told

        heard, reset, moved = asyncio.run(beat())
    assert (heard, "can’t be reached" in reset, "HTTP 302" in moved) == ("", True, True)
    assert [one.method for one in receiver.received] == ["POST"] * 3
    assert "s3cret" not in caplog.text


# The record, checked


def spoil(office: Office, sql: str) -> None:
    """Somebody, or a mistake of ours, changes what is on record."""
    with closing(sqlite3.connect(office.path)) as other:
        other.executescript(sql)


def busy(office: Office) -> None:
    """A day with something of everything: told, worse, acknowledged, over, held."""
    office.read(visit(), visit("J-2"), visit("J-3", start=at("11:00")), visit("J-4", technicians=()))
    office.deliver()
    office.desk.acknowledge([1], SAM, office.now)
    office.catch_up()
    office.run_until(at("10:40"))
    office.deliver()
    office.read(
        visit(arrived_at=at("10:38")), visit("J-2"), visit("J-3", start=at("12:00")), visit("J-4", technicians=())
    )
    office.deliver()
    office.run_until(at("10:45"))
    office.deliver()


def test_an_honest_record_gives_no_cause(tmp_path: Path) -> None:
    async def step(watched: Watched) -> None:
        busy(watched.office)
        assert len(watched.office.alerts()) > 3
        await watched.vigil.audit()
        assert (watched.happened, watched.toasts) == ([], [])

    run(tmp_path, step)


LATE = "There is no alert for this: J. Ortiz has not checked in"
SPOILT = {
    "an alert is gone": ("DELETE FROM alert WHERE ext_id = 'J-2' AND kind = 'late_check_in'", LATE),
    "over without an outcome": (
        "UPDATE alert SET outcome = NULL WHERE state = 'resolved'",
        "is over without an outcome",
    ),
    "not over with one": ("UPDATE alert SET outcome = 'met' WHERE state = 'open'", "is over without an outcome"),
    "never owed": (
        "DELETE FROM delivery_alert WHERE alert_id = 2; DELETE FROM delivery WHERE alert_id = 2",
        "Alert 2 was never owed to ops, although a route names it.",
    ),
    "due for long": (
        """UPDATE delivery SET settled_at = '2026-11-10T10:00:00.000000Z' WHERE settled_at IS NOT NULL;
        UPDATE delivery SET state = 'waiting', settled_at = NULL, next_attempt_at = '2026-11-10T16:00:00.000000Z'
        WHERE id = (SELECT MAX(id) FROM delivery WHERE channel = 'ops')""",
        "to ops is due, and nothing is sent.",
    ),
    "on its way for ever": (
        "UPDATE delivery SET state = 'sending', lease_until = '2026-11-10T10:00:00.000000Z' WHERE id = 1",
        "Delivery 1 to ops was begun and never came to an end.",
    ),
    "the trail was changed": (
        "DROP TRIGGER audit_refuses_update; UPDATE audit SET who = 'nobody' WHERE id = 3",
        "The audit trail is broken at entry 3: Its content was changed after it was written.",
    ),
    "the trail was cut off": (
        "DROP TRIGGER audit_refuses_delete; DELETE FROM audit WHERE id = (SELECT MAX(id) FROM audit)",
        "The audit trail is broken at entry",
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_what_is_wrong_is_found_and_said_once(tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatchwatch.app.vigil.LOOK_AGAIN_AFTER", 0.01)
    sql, text = SPOILT[case]

    async def step(watched: Watched) -> None:
        busy(watched.office)
        spoil(watched.office, sql)
        # what the watch holds in memory is what must not be believed
        watched.vigil._look = lambda: True
        await watched.vigil.audit()
        assert any(text in one for one in watched.found), watched.found
        (toast,) = watched.toasts
        assert text in toast.body
        (entry,) = watched.office.entries("self_audit_failed")
        assert entry["detail"]["problems"] == watched.found
        await watched.vigil.audit()
        assert len(watched.toasts) == 1, "the same is not said again"

    run(tmp_path, step)


def test_the_trail_is_walked_on_from_where_it_was_sound(tmp_path: Path) -> None:
    async def step(watched: Watched) -> None:
        busy(watched.office)
        await watched.vigil.audit()
        number, _, seal = watched.office.store.memos.get("audit checked").partition(" ")
        assert (int(number), seal) == watched.office.store.audit.head()
        watched.office.desk.note(watched.office.watched("J-2").key, "x", SAM, watched.office.now)
        spoil(watched.office, f"DROP TRIGGER audit_refuses_update; UPDATE audit SET hash = 'x' WHERE id = {number}")  # noqa: S608
        await watched.vigil.audit()
        assert watched.found == [
            f"The audit trail is broken at entry {number}: It is not the entry that was checked before."
        ]

    run(tmp_path, step)


def test_what_has_a_reason_to_wait_is_no_fault(tmp_path: Path) -> None:
    async def step(watched: Watched) -> None:
        office = watched.office
        office.read(visit())
        for change in ({"paused": "no permission"}, {"resting_until": at("12:00")}, {"limited_until": at("12:00")}):
            office.store.lanes.change("ops", **{"paused": "", "resting_until": None, "limited_until": None, **change})
            office.store.lanes.change("pager", paused="x")
            office.clock.advance(minutes(20) if "paused" in change else seconds(1))
            await watched.vigil.audit()
            assert [one for one in watched.found if "due" in one] == []

    run(tmp_path, step)


def test_what_a_moment_later_is_right_was_never_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time alone may have brought it: it counts only if it is there twice."""
    monkeypatch.setattr("dispatchwatch.app.vigil.LOOK_AGAIN_AFTER", 0.01)

    async def step(watched: Watched) -> None:
        office = watched.office
        office.read(visit("J-9", start=at("10:10:05")))
        office.clock.advance(seconds(10))  # due meanwhile; nobody has looked
        looks = iter([lambda: True, watched.look])

        def look() -> bool:
            return next(looks)()

        watched.vigil._look = look
        await watched.vigil.audit()
        assert watched.found == []
        assert [one.state for one in office.open_alerts()] == [AlertState.OPEN]

    run(tmp_path, step)


def test_a_store_that_can_not_be_read_is_said_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreError("The database can’t be used right now.")

    monkeypatch.setattr("dispatchwatch.app.vigil.audit", fail)

    async def step(watched: Watched) -> None:
        await watched.vigil.audit()
        assert watched.happened == ["fault"]

    run(tmp_path, step)


def test_routes_are_held_against_alerts_of_this_run_only(tmp_path: Path) -> None:
    """What was raised before the program began knew other routes."""

    async def step(watched: Watched) -> None:
        office = watched.office
        office.read(visit())
        office.clock.advance(seconds(1))
        watched.vigil._started_at = office.now
        spoil(office, "DELETE FROM delivery_alert; DELETE FROM delivery")
        await watched.vigil.audit()
        assert watched.found == []
        assert replace(office.alerts()[0]).id == 1

    run(tmp_path, step)
