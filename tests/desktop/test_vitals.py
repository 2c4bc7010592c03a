"""Whether the watch itself is well, and what the window says where it was not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from dispatchwatch.app.events import Awoke, StatusChanged
from dispatchwatch.app.view import FeedLine, LaneLine
from dispatchwatch.desktop import toast_phrases
from dispatchwatch.desktop.away import Away
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.engine_watch import MOST, EngineWatch
from dispatchwatch.desktop.error_dialog import ErrorDialog
from dispatchwatch.desktop.last_resort import LastResort
from dispatchwatch.desktop.last_run import Ending, LastRun
from dispatchwatch.desktop.network import Network, nothing_reached
from dispatchwatch.desktop.strip import Line, Strip
from dispatchwatch.desktop.vitals import Vitals
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.pictures import NOW, OFFICE

Reachability = QNetworkInformation.Reachability


def feed(name: str = "today", *, kind: str = "json", read: datetime | None = None, problem: str = "") -> FeedLine:
    return FeedLine(
        name=name,
        kind=kind,
        fresh=not problem,
        last_good_at=None if problem else read,
        last_attempt_at=read,
        source_at=None,
        interval=timedelta(seconds=30),
        problem=problem,
        visits=5,
        bad_rows=0,
        sources="",
    )


def lane(channel: str = "ops", *, waiting: int = 0, resting: bool = False, success: datetime | None = None) -> LaneLine:
    return LaneLine(
        channel=channel,
        platform="Slack",
        paused="",
        resting_until=NOW if resting else None,
        last_success_at=success,
        last_error="",
        waiting=waiting,
        failed=0,
    )


def status(*feeds: FeedLine, lanes: tuple[LaneLine, ...] = ()) -> StatusChanged:
    return StatusChanged(feeds, lanes, None, None)


@pytest.fixture
def strip(room: DeskRoom, qtbot: QtBot) -> Strip:
    made = Strip(room.theme, room.assets)
    qtbot.addWidget(made)
    return made


def test_the_strip_takes_no_room_until_something_is_said(strip: Strip) -> None:
    done: list[str] = []
    assert strip.isHidden()
    strip.say("a", Line("Something happened."))
    strip.say("b", Line("Something else.", action="See"), lambda: done.append("seen"))
    strip.say("a", Line("It goes on."))
    assert strip.texts == ["It goes on.", "Something else."]
    strip._lines["b"].acts.click()
    strip._lines["b"].closes.click()
    assert (done, strip.texts) == (["seen"], ["It goes on."])
    strip.drop("a")
    assert strip.isHidden()


class TestAway:
    WOKE = Awoke(NOW, timedelta(minutes=42), timedelta())

    @pytest.fixture
    def away(self, strip: Strip, room: DeskRoom) -> tuple[Away, list[datetime]]:
        moment = [NOW]
        return Away(strip, room.bridge, OFFICE, lambda: moment[0]), moment

    def test_says_how_long_nobody_watched_and_when_the_schedule_was_read(
        self, away: tuple[Away, list[datetime]], strip: Strip, room: DeskRoom
    ) -> None:
        moment = away[1]
        room.bridge.status_changed.emit(status(feed(read=NOW - timedelta(minutes=42))))
        room.bridge.awoke.emit(self.WOKE)
        assert strip.texts == ["Nobody watched for 42 min. Reading the schedule …"]
        room.bridge.status_changed.emit(status(feed(read=NOW + timedelta(minutes=1))))
        assert strip.texts == ["Nobody watched for 42 min; the schedule was read at 09:36."]
        moment[0] += timedelta(minutes=20)
        room.bridge.status_changed.emit(status(feed(read=moment[0])))
        assert strip.texts == []

    def test_says_which_feed_can_not_be_read_since(
        self, away: tuple[Away, list[datetime]], strip: Strip, room: DeskRoom
    ) -> None:
        assert away[0].parent() is strip
        room.bridge.awoke.emit(self.WOKE)
        later = NOW + timedelta(minutes=1)
        room.bridge.status_changed.emit(status(feed(read=later), feed("crm", read=later, problem="No answer.")))
        assert strip.texts == ["Nobody watched for 42 min; crm could not be read since. See Feeds for why."]

    def test_a_hiccup_is_not_worth_saying_but_a_set_clock_is(
        self, away: tuple[Away, list[datetime]], strip: Strip, room: DeskRoom
    ) -> None:
        assert away[0].parent() is strip
        room.bridge.awoke.emit(Awoke(NOW, timedelta(seconds=20), timedelta()))
        assert strip.texts == []
        room.bridge.awoke.emit(Awoke(NOW, timedelta(), timedelta(hours=-1)))
        assert strip.texts == ["The computer’s clock was set back by 1 h 00 min."]


class TestNetwork:
    @pytest.fixture
    def engine(self, room: DeskRoom) -> FakeEngine:
        made = FakeEngine(5)
        made.start()
        room.bridge.meet(made)
        return made

    @pytest.fixture
    def network(self, strip: Strip, room: DeskRoom, engine: FakeEngine) -> Network:  # noqa: ARG002 - it is asked
        return Network(strip, room.bridge, room.tasks, lambda _: None)

    def test_its_going_is_said_once_and_its_return_has_everything_tried(
        self, network: Network, strip: Strip, engine: FakeEngine, qtbot: QtBot
    ) -> None:
        network.hear(Reachability.Online)
        assert strip.texts == []
        network.hear(Reachability.Disconnected)
        network.hear(Reachability.Unknown)
        assert strip.texts == [toast_phrases.NO_NETWORK]
        network.hear(Reachability.Local)
        assert strip.texts == [toast_phrases.NETWORK_BACK]
        qtbot.waitUntil(lambda: engine.networks_back == 1)
        network._later.timeout.emit()
        assert strip.texts == []
        network._later.stop()
        engine.stop()

    def test_a_vpn_that_drops_is_seen_by_everything_failing(
        self, network: Network, strip: Strip, room: DeskRoom, engine: FakeEngine, qtbot: QtBot
    ) -> None:
        failing = feed(read=NOW, problem="No answer.")
        room.bridge.status_changed.emit(status(failing, lanes=(lane(waiting=2, resting=True),)))
        assert strip.texts == [toast_phrases.NOTHING_REACHED]
        room.bridge.status_changed.emit(status(failing, lanes=(lane(success=NOW),)))
        assert strip.texts == [toast_phrases.NETWORK_BACK]
        qtbot.waitUntil(lambda: engine.networks_back == 1)
        network._later.stop()
        engine.stop()

    def test_what_no_longer_waits_is_no_proof_that_the_network_is_back(
        self, network: Network, strip: Strip, room: DeskRoom, engine: FakeEngine
    ) -> None:
        assert network.parent() is strip
        failing = feed(read=NOW, problem="No answer.")
        room.bridge.status_changed.emit(status(failing, lanes=(lane(waiting=2, resting=True),)))
        room.bridge.status_changed.emit(status(failing, lanes=(lane(),)))
        assert (strip.texts, engine.networks_back) == ([], 0)
        engine.stop()


@pytest.mark.parametrize(
    ("seen", "nothing"),
    [
        (status(feed(read=NOW, problem="No answer.")), False),
        (status(feed(read=NOW, problem="x"), feed("crm", kind="caldav", read=NOW, problem="x")), True),
        (status(feed(read=NOW, problem="x"), feed("crm", kind="caldav", read=NOW)), False),
        (status(feed(kind="csv", read=NOW, problem="x"), feed("other", read=NOW, problem="x")), False),
        (status(lanes=(lane(waiting=1, resting=True), lane("pager", waiting=1, resting=True))), True),
        (status(lanes=(lane(waiting=1, resting=True), lane("pager", waiting=1))), False),
        (status(), False),
    ],
    ids=["one thing", "two feeds", "one is read", "a file", "two channels", "one sends", "nothing"],
)
def test_only_everything_failing_at_once_means_the_network(seen: StatusChanged, nothing: bool) -> None:
    assert nothing_reached(seen) is nothing


def test_an_engine_that_dies_again_and_again_is_given_up() -> None:
    moment, died, given_up = [0.0], list[BaseException](), list[BaseException]()
    watch, engine = EngineWatch(lambda: moment[0]), FakeEngine(1)
    watch.died.connect(died.append)
    watch.given_up.connect(given_up.append)
    watch.watch(engine)
    watch.look()
    engine.fault = RuntimeError("a lane fell over")
    for _ in range(MOST + 1):
        watch.watch(engine)
        watch.look()
        moment[0] += 60
    assert (len(died), len(given_up)) == (MOST, 1)
    moment[0] += 3600
    watch.watch(engine)
    watch.look()
    assert (len(died), watch.deaths) == (MOST + 1, 1)
    watch.stop()


class TestVitals:
    @pytest.fixture
    def last_resort(self, tmp_path: Path) -> Iterator[LastResort]:
        made = LastResort(tmp_path / "logs")
        yield made
        made._crash_file.close()

    def test_an_engine_that_ended_is_started_again_and_it_is_said(
        self, room: DeskRoom, last_resort: LastResort, qtbot: QtBot
    ) -> None:
        first, second = FakeEngine(1), FakeEngine(1)
        made: list[FakeEngine] = []

        async def restart() -> FakeEngine:
            made.append(second)
            return second

        vitals = Vitals(room, last_resort, restart)
        qtbot.addWidget(vitals.strip)
        vitals._engine.watch(first)
        first.fault = RuntimeError("a lane fell over")
        vitals._engine.look()
        qtbot.waitUntil(lambda: bool(vitals.strip.texts))
        assert vitals.strip.texts[0].startswith("The watch stopped by a fault and was started again at 09:35.")
        assert (made, vitals._engine._engine) == ([second], second)
        vitals.stop()

    def test_an_engine_that_can_not_be_started_again_is_said_aloud(
        self, room: DeskRoom, last_resort: LastResort, qtbot: QtBot
    ) -> None:
        async def restart() -> FakeEngine:
            raise RuntimeError("the disk is full")

        vitals, engine = Vitals(room, last_resort, restart), FakeEngine(1)
        qtbot.addWidget(vitals.strip)
        vitals._engine.watch(engine)
        engine.fault = RuntimeError("a lane fell over")
        vitals._engine.look()
        qtbot.waitUntil(lambda: last_resort._dialog is not None)
        assert last_resort._dialog is not None
        assert "the disk is full" in last_resort._dialog.text
        assert "nobody watches the schedule now" in vitals.strip.texts[0]
        last_resort._dialog.accept()
        vitals.stop()

    def test_a_bad_end_is_told_of_at_the_next_start_with_its_report(
        self, room: DeskRoom, last_resort: LastResort, tmp_path: Path, qtbot: QtBot
    ) -> None:
        async def restart() -> FakeEngine:
            raise NotImplementedError

        LastRun(tmp_path / "logs").begin()
        (tmp_path / "logs" / "crash.txt").write_text("Fatal Python error: Segmentation fault\n")
        vitals = Vitals(room, last_resort, restart)
        qtbot.addWidget(vitals.strip)
        looking = asyncio.get_running_loop().create_task(vitals.look_back(LastRun(tmp_path / "logs")))
        qtbot.waitUntil(looking.done)
        assert vitals.strip.texts == [toast_phrases.ENDED_BADLY]
        vitals.strip._lines["last run"].acts.click()
        assert last_resort._dialog is not None
        assert "Segmentation fault" in last_resort._dialog.text
        last_resort._dialog.accept()


def test_a_run_that_ended_by_itself_leaves_nothing_to_say(tmp_path: Path) -> None:
    first = LastRun(tmp_path)
    assert first.begin() == Ending(badly=False)
    first.end()
    assert LastRun(tmp_path).begin() == Ending(badly=False)
    assert LastRun(tmp_path).begin() == Ending(badly=True)


def test_a_report_is_shown_once_and_kept(tmp_path: Path) -> None:
    (tmp_path / "crash.txt").write_text("Fatal Python error\n")
    run = LastRun(tmp_path)
    assert run.begin() == Ending(badly=True, report="Fatal Python error")
    run.end()
    assert run.begin() == Ending(badly=False)
    assert (tmp_path / "crash-last.txt").read_text() == "Fatal Python error\n"


@pytest.fixture
def dialog(qtbot: QtBot) -> Callable[..., ErrorDialog]:
    def made(text: str, *names: str) -> ErrorDialog:
        shown = ErrorDialog(("It broke", "What it means."), text, names, None)
        qtbot.addWidget(shown)
        shown.open()
        return shown

    return made


def test_names_are_in_the_report_only_if_chosen_and_secrets_never(
    dialog: Callable[..., ErrorDialog],
) -> None:
    text = (
        "KeyError: 'Acme Foundry'\nvisit of j. ortiz at Acme\n"
        "https://hooks.slack.example/services/T0/B0/verysecret?x=1 refused, mail ana@office.example\n"
        "Authorization: Bearer abcdef123456, routing_key='R0UT1NG', password=hunter2 call +1 555 010 0107"
    )
    shown = dialog(text, "Acme Foundry", "Acme", "J. Ortiz", "")
    assert "KeyError: 'name 1'\nvisit of name 2 at name 3\n" in shown.text
    shown.names.setChecked(True)
    assert "Acme Foundry" in shown.text
    assert "ana@office.example" in shown.text
    for secret in ("verysecret", "abcdef123456", "R0UT1NG", "hunter2"):
        assert secret not in shown.text
    assert "https://hooks.slack.example***" in shown.text
    shown.names.setChecked(False)
    shown._copy()
    copied = QGuiApplication.clipboard().text()
    assert copied == shown.text
    assert "Acme" not in copied
    assert "ana@" not in copied
    assert "0107" not in copied


def test_without_names_in_it_nothing_is_asked(dialog: Callable[..., ErrorDialog]) -> None:
    shown = dialog("RuntimeError: no more memory", "Acme Foundry")
    assert shown.names.isHidden()


def test_a_thread_that_breaks_is_told_of_like_anything_else(
    tmp_path: Path, loop: asyncio.AbstractEventLoop, qtbot: QtBot
) -> None:
    last_resort = LastResort(tmp_path)
    last_resort.names = lambda: ["Acme Foundry"]
    last_resort.install(loop)

    def break_down() -> None:
        raise KeyError("Acme Foundry")

    thread = threading.Thread(target=break_down)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: last_resort._dialog is not None)
    last_resort.remove()
    loop.set_exception_handler(None)
    assert last_resort._dialog is not None
    assert "KeyError: 'name 1'" in last_resort._dialog.text
    assert last_resort._dialog.text.startswith("DispatchWatch ")
    last_resort._dialog.accept()
