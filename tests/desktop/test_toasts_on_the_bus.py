"""The system's own toasts, with a real session bus, a daemon on it, and the real desk behind the buttons."""

from __future__ import annotations

import asyncio
import csv
import shutil
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from dispatchwatch.app.clock import SystemClock
from dispatchwatch.app.compose import Setting, build_engine_thread
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.engine_thread import EngineThread
from dispatchwatch.app.events import ToastWanted
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.open_alerts import OpenAlerts
from dispatchwatch.desktop.presses import Presses
from dispatchwatch.desktop.side_loop import SideLoop
from dispatchwatch.desktop.toast import Ability, Absent, Action, Toast
from dispatchwatch.desktop.toast_notifier import NotifierBackend
from dispatchwatch.desktop.toasts import Toaster
from dispatchwatch.domain.alert import AlertState, Severity
from dispatchwatch.store.store import open_store
from tests.fakes.notification_daemon import NotificationDaemon, session_bus

pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None,
    reason="There is no dbus-daemon here (Debian: apt-get install dbus-daemon), so no toast can be shown on a bus.",
)
WANTED = ToastWanted("J. Ortiz is 20 min late", "Acme & Sons <Plant 4> · J-1042", Severity.HIGH, (1,))
CONFIG = """
[office]
timezone = "UTC"

[[feed]]
name = "today"
kind = "csv"
path = "today.csv"
every = "5s"
"""


class Front:
    """The window, as far as a toast leads there."""

    def __init__(self) -> None:
        self.led_to: list[tuple[int, ...]] = []
        self.raised = 0

    def bring_up(self) -> None:
        self.raised += 1

    def show_alerts(self, numbers: tuple[int, ...]) -> None:
        self.led_to.append(numbers)

    def isActiveWindow(self) -> bool:  # noqa: N802
        return False


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def side() -> Iterator[SideLoop]:
    made = SideLoop("toasts in a test")
    yield made
    made.stop()


@pytest.fixture
def run(room: DeskRoom, qtbot: QtBot) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Runs a coroutine on the window's loop to its end and gives what it answers or raises."""

    def run_one(work: Coroutine[Any, Any, Any]) -> Any:
        task = asyncio.get_running_loop().create_task(work)
        qtbot.waitUntil(task.done, timeout=10_000)
        return task.result()

    return run_one


@pytest.fixture
def way(side: SideLoop, bus: str, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> Iterator[NotifierBackend]:
    made = NotifierBackend(side, patience=5.0)
    yield made
    run(made.leave())


def toast(wanted: ToastWanted = WANTED, number: int = 1, pressed: Callable[[Action], None] = lambda _: None) -> Toast:
    return Toast(number, wanted, pressed)


def test_a_toast_of_one_alert_has_its_three_buttons(
    bus: str, way: NotifierBackend, run: Callable[[Coroutine[Any, Any, Any]], Any], qtbot: QtBot
) -> None:
    pressed: list[Action] = []
    with NotificationDaemon(bus) as daemon:
        assert run(way.check()) == Ability(buttons=True, clicks=True, withdraws=True)
        run(way.show(toast(pressed=pressed.append)))
        (shown,) = daemon.shown
        assert (shown.title, shown.body) == (WANTED.title, "Acme &amp; Sons &lt;Plant 4&gt; · J-1042")
        assert shown.buttons == {"acknowledge": "Acknowledge", "snooze": "Snooze 15 min", "show": "Show"}
        daemon.press(shown, "snooze")
        qtbot.waitUntil(lambda: pressed == [Action.SNOOZE])


def test_a_click_leads_to_the_alert_and_many_alerts_have_one_button(
    bus: str, way: NotifierBackend, run: Callable[[Coroutine[Any, Any, Any]], Any], qtbot: QtBot
) -> None:
    pressed: list[Action] = []
    with NotificationDaemon(bus) as daemon:
        run(way.show(toast(replace(WANTED, alert_ids=(1, 2), severity=Severity.CRITICAL), pressed=pressed.append)))
        (shown,) = daemon.shown
        assert (set(shown.buttons), shown.urgency) == ({"show"}, 2)
        daemon.press(shown, "default")
        qtbot.waitUntil(lambda: pressed == [Action.SHOW])


def test_a_daemon_without_buttons_is_believed(
    bus: str, way: NotifierBackend, run: Callable[[Coroutine[Any, Any, Any]], Any]
) -> None:
    with NotificationDaemon(bus, ["body"]) as daemon:
        assert not run(way.check()).buttons
        run(way.show(toast()))
        assert (daemon.shown[0].buttons, daemon.shown[0].body) == ({}, WANTED.body)


def test_without_a_daemon_the_next_way_is_taken_and_this_one_tried_again_later(
    bus: str, way: NotifierBackend, room: DeskRoom, run: Callable[[Coroutine[Any, Any, Any]], Any]
) -> None:
    class Next:
        name = "window"

        def __init__(self) -> None:
            self.shown = 0

        async def check(self) -> Ability:
            return Ability()

        async def show(self, toast: Toast) -> None:  # noqa: ARG002
            self.shown += 1

        async def withdraw(self, number: int) -> None: ...

        async def leave(self) -> None: ...

    moment, following = [0.0], Next()
    toaster = Toaster((way, following), room.bridge, steady=lambda: moment[0])
    run(toaster.show(WANTED))
    with NotificationDaemon(bus) as daemon:
        run(toaster.show(WANTED))
        assert (following.shown, len(daemon.shown)) == (2, 0)
        moment[0] += 61
        run(toaster.show(WANTED))
        assert (following.shown, len(daemon.shown)) == (2, 1)


def test_a_daemon_that_hangs_is_not_waited_for(
    bus: str, side: SideLoop, run: Callable[[Coroutine[Any, Any, Any]], Any]
) -> None:
    hasty = NotifierBackend(side, patience=0.2)
    with NotificationDaemon(bus) as daemon:
        run(hasty.check())
        daemon.hang()
        with pytest.raises(Absent, match="did not answer"):
            run(hasty.show(toast()))
    run(hasty.leave())


def test_a_daemon_that_was_started_anew_is_found(
    bus: str, way: NotifierBackend, run: Callable[[Coroutine[Any, Any, Any]], Any]
) -> None:
    with NotificationDaemon(bus):
        run(way.show(toast()))
    with pytest.raises(Absent, match="no program on this desktop"):
        run(way.show(toast(number=2)))
    with NotificationDaemon(bus) as another:
        run(way.show(toast(number=3)))
        assert len(another.shown) == 1


def test_at_the_end_nothing_is_left_standing(
    bus: str, side: SideLoop, run: Callable[[Coroutine[Any, Any, Any]], Any]
) -> None:
    way = NotifierBackend(side, patience=5.0)
    with NotificationDaemon(bus) as daemon:
        run(way.show(toast()))
        run(way.leave())
        assert daemon.taken_back == [1]


@pytest.fixture
def engine(tmp_path: Path, room: DeskRoom) -> Iterator[EngineThread]:
    """A real office with one technician who is late."""
    (tmp_path / "office.toml").write_text(CONFIG, encoding="utf-8")
    start = datetime.now(UTC) - timedelta(minutes=40)
    with (tmp_path / "today.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Appointment No", "Start", "End", "Status", "Technician", "Customer"))
        end = start + timedelta(hours=2)
        writer.writerow(("J-1", start.isoformat(), end.isoformat(), "Scheduled", "J. Ortiz", "Acme"))
    config = read_config(tmp_path / "office.toml", SecretSource({}, tmp_path, system_keyring))
    setting = Setting(config=config, database=tmp_path / "data" / "db.sqlite", clock=SystemClock())
    made = build_engine_thread(setting, tmp_path / "data" / "lock")
    made.start()
    room.bridge.meet(made)
    yield made
    made.stop()


def test_a_press_acknowledges_at_the_real_desk_and_the_toast_of_what_is_taken_on_goes(
    bus: str,
    way: NotifierBackend,
    room: DeskRoom,
    engine: EngineThread,
    run: Callable[[Coroutine[Any, Any, Any]], Any],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    alerts, front = OpenAlerts(room.bridge, lambda: datetime.now(UTC)), Front()
    presses = Presses(room.deeds, front, lambda _: None)
    toaster = Toaster((way,), room.bridge, press=presses, is_open=alerts.waits)
    run(room.bridge.ask(lambda one: one.show_everything()))
    qtbot.waitUntil(lambda: len(alerts.worst_first()) == 1)
    number = alerts.worst_first()[0].alert.id
    with NotificationDaemon(bus) as daemon:
        run(toaster.show(replace(WANTED, alert_ids=(number,))))
        run(toaster.show(replace(WANTED, alert_ids=(number,))))
        first, second = daemon.shown
        daemon.press(first, "acknowledge")
        qtbot.waitUntil(lambda: not alerts.waits(number), timeout=10_000)
        run(toaster.withdraw_settled())
        assert second.number in daemon.taken_back
    alert = room.picture.alerts[number].alert
    assert (alert.state, alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, "Ana Ruiz")
    engine.stop()
    with closing(open_store(tmp_path / "data" / "db.sqlite", datetime.now(UTC))) as store:
        noted = [(one["action"], one["origin"], one["who"]) for one in store.audit.entries(subject=f"alert {number}")]
    assert ("toast_shown", "toast", "DispatchWatch") in noted
    assert ("acknowledged", "toast", "Ana Ruiz") in noted
