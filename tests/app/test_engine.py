"""The whole engine on a loop: clocks that jump, others who write, feeds that hang, a clean end."""

from __future__ import annotations

import asyncio
import csv
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.clock import SystemClock
from dispatchwatch.app.compose import Setting, build_engine_thread, open_desk
from dispatchwatch.app.config import Config
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.events import Happening, StatusChanged, ToastWanted
from dispatchwatch.app.feed_reader import FeedReader
from dispatchwatch.app.lock import AlreadyRunningError
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.store.store import open_store
from tests.fakes.beside_engine import Listener, Step, SteppedClock, run_beside

SAM = Actor("Sam", "command")
CONFIG = """
[[feed]]
name = "today"
kind = "csv"
path = "today.csv"
every = "1s"
"""
HOUR = timedelta(hours=1)


def write(folder: Path, starts: dict[str, datetime], arrived: dict[str, datetime] | None = None) -> None:
    draft = folder / "today.part"
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Appointment No", "Start", "Status", "Tech", "Customer", "Site", "Arrived At"))
        for name, start in starts.items():
            stamp = (arrived or {}).get(name)
            cells = ("Scheduled", "J. Ortiz", "Acme", "Plant 4", stamp.isoformat() if stamp else "")
            writer.writerow((name, start.isoformat(), *cells))
    draft.replace(folder / "today.csv")


def configured(folder: Path) -> Config:
    path = folder / "office.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return read_config(path, SecretSource({}, folder, system_keyring))


def run(folder: Path, step: Step) -> None:
    run_beside(configured(folder), step)


def minutes_from_now(number: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=number)


def test_after_sleep_it_reads_first_and_then_tells_once(tmp_path: Path) -> None:
    starts = {f"J-{n}": minutes_from_now(10 + n) for n in range(5)}
    write(tmp_path, starts)

    async def step(_: Engine, listener: Listener, clock: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        clock.sleep(HOUR)
        # written while it slept; not yet read when it wakes
        write(tmp_path, starts, {"J-0": minutes_from_now(9), "J-1": minutes_from_now(12)})
        await listener.until(lambda: listener.names().count("raised") == 3)
        toasts = [event for event in listener.events if isinstance(event, ToastWanted)]
        assert [toast.title for toast in toasts] == ["3 alerts while nobody was watching"]
        late = [
            event.fields["job"] for event in listener.events if isinstance(event, Happening) and event.event == "raised"
        ]
        assert sorted(late) == ["J-2", "J-3", "J-4"]
        assert listener.names().count("resolved") == 0

    run(tmp_path, step)


def test_a_clock_set_forward_and_back_tells_nobody(tmp_path: Path) -> None:
    write(tmp_path, {"J-1": minutes_from_now(10)})

    async def step(engine: Engine, listener: Listener, clock: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        clock.offset = HOUR
        await listener.until(lambda: listener.names().count("woke") == 1)
        await engine.refresh()
        assert "raised" not in listener.names()
        clock.offset = timedelta()
        await listener.until(lambda: listener.names().count("woke") == 2)
        await engine.refresh()
        assert "raised" not in listener.names()

    run(tmp_path, step)


def test_an_alert_outlives_a_clock_set_back(tmp_path: Path) -> None:
    write(tmp_path, {"J-1": minutes_from_now(-20)})

    async def step(engine: Engine, listener: Listener, clock: SteppedClock) -> None:
        await listener.until(lambda: "raised" in listener.names())
        clock.offset = -HOUR
        await listener.until(lambda: listener.names().count("woke") == 1)
        await engine.refresh()
        clock.offset = timedelta()
        await listener.until(lambda: listener.names().count("woke") == 2)
        await engine.refresh()
        assert listener.names().count("raised") == 1
        assert "resolved" not in listener.names()

    run(tmp_path, step)


def test_what_another_process_does_arrives_within_a_tick(tmp_path: Path) -> None:
    write(tmp_path, {"J-1": minutes_from_now(-20)})

    async def step(_: Engine, listener: Listener, clock: SteppedClock) -> None:
        await listener.until(lambda: "raised" in listener.names())
        store = open_store(tmp_path / "data" / "db.sqlite", clock.now())
        desk = open_desk(configured(tmp_path), store)
        assert desk.acknowledge([1], SAM, clock.now())[0].done
        await listener.until(lambda: "acknowledged" in listener.names())
        assert desk.check_in(VisitKey("today", "J-1"), clock.now(), SAM, clock.now()).done
        store.close()
        await listener.until(lambda: "resolved" in listener.names())

    run(tmp_path, step)


def test_a_window_is_shown_everything_and_then_only_what_changes(tmp_path: Path) -> None:
    write(tmp_path, {"J-1": minutes_from_now(-20), "J-2": minutes_from_now(60)})

    async def step(engine: Engine, listener: Listener, clock: SteppedClock) -> None:
        await listener.until(lambda: "raised" in listener.names())
        await engine.show_everything()
        await listener.until(lambda: any(isinstance(event, StatusChanged) for event in listener.events))
        boards = [event for event in listener.events if type(event).__name__ == "BoardChanged"]
        assert len(boards) == 1
        listener.events.clear()
        result = await engine.perform(lambda desk, now: desk.acknowledge([1], SAM, now))
        assert result[0].done
        await listener.until(lambda: any(type(event).__name__ == "BoardChanged" for event in listener.events))
        (board,) = [event for event in listener.events if type(event).__name__ == "BoardChanged"]
        assert [row.key.ext_id for row in board.rows] == ["J-1"]  # type: ignore[union-attr]
        page = await engine.visit_page(VisitKey("today", "J-1"))
        assert page is not None
        assert [line.kind for line in page.story] == ["planned", "raised", "acknowledged"]
        assert await engine.visit_page(VisitKey("today", "nowhere")) is None

    run(tmp_path, step)


def test_a_feed_that_hangs_costs_its_own_time_only() -> None:
    release = threading.Event()

    class Hanging:
        name, interval = "slow", timedelta(seconds=1)

        def fetch(self, now: datetime) -> Snapshot:
            release.wait(30)
            return Snapshot(feed="slow", read_at=now, visits=(), digest="")

    async def play() -> list[Any]:
        reader = FeedReader(Hanging(), SystemClock(), timedelta(seconds=0.05))
        first, second = await reader.read_settled(), await reader.read_settled()
        release.set()
        while (third := await reader.read_settled()).snapshot is None:  # noqa: ASYNC110 - it says so to nobody else
            await asyncio.sleep(0.001)
        return [first, second, third]

    first, second, third = asyncio.run(play())
    assert "did not answer" in first.problem
    assert "has not answered the reading before" in second.problem
    assert third.snapshot is not None


def test_a_second_engine_on_the_same_data_is_refused(tmp_path: Path) -> None:
    setting = Setting(config=configured(tmp_path), database=tmp_path / "data" / "db.sqlite", clock=SystemClock())
    first = build_engine_thread(setting, tmp_path / "data" / "lock")
    second = build_engine_thread(setting, tmp_path / "data" / "lock")
    first.start()
    try:
        with pytest.raises(AlreadyRunningError):
            second.start()
    finally:
        first.stop()
    third = build_engine_thread(setting, tmp_path / "data" / "lock")
    third.start()
    third.stop()
