"""The sign of life and the self-audit in a whole engine."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.events import Happening, StatusChanged, ToastWanted
from dispatchwatch.app.secrets import SecretSource, system_keyring
from tests.fakes.beside_engine import Listener, Step, SteppedClock, run_beside
from tests.fakes.receiver import Receiver

FEED = '[[feed]]\nname = "today"\nkind = "csv"\npath = "today.csv"\nevery = "1s"\n'
HEADER = "Appointment No,Start,Status,Tech,Customer,Site\n"


def run(folder: Path, config: str, step: Step) -> None:
    path = folder / "office.toml"
    path.write_text(FEED + config, encoding="utf-8")
    run_beside(read_config(path, SecretSource({}, folder, system_keyring)), step)


def write(folder: Path, count: int) -> None:
    start = (datetime.now(UTC) - timedelta(minutes=20)).isoformat()
    rows = (f"J-{number},{start},Scheduled,J. Ortiz {number},Acme,Plant 4\n" for number in range(count))
    (folder / "today.csv").write_text(HEADER + "".join(rows), encoding="utf-8")


def test_the_dead_man_s_switch_is_called_at_every_interval(tmp_path: Path) -> None:
    write(tmp_path, 1)
    with Receiver() as receiver:

        async def step(_: Engine, listener: Listener, __: SteppedClock) -> None:
            await asyncio.to_thread(receiver.wait_for, 3, "/ping")
            assert "heartbeat_failed" not in listener.names()

        run(tmp_path, f'[heartbeat]\nurl = "{receiver.url}/ping"\nevery = "1s"\n', step)
        assert {one.method for one in receiver.received} == {"GET"}


def test_the_engine_checks_its_own_record(tmp_path: Path) -> None:
    write(tmp_path, 20)

    async def step(_: Engine, listener: Listener, __: SteppedClock) -> None:
        await listener.until(lambda: listener.names().count("raised") == 20)
        await asyncio.sleep(1.2)
        assert "self_audit_failed" not in listener.names()
        with closing(sqlite3.connect(tmp_path / "data" / "db.sqlite", timeout=10)) as other:
            other.executescript("UPDATE alert SET outcome = 'met' WHERE id = 7")
        await listener.until(lambda: "self_audit_failed" in listener.names())
        (found,) = [one for one in listener.events if isinstance(one, Happening) and one.event == "self_audit_failed"]
        assert found.fields["problems"] == ["Alert 7 is over without an outcome, or has an outcome and is not over."]
        assert any(one.title.startswith("DispatchWatch found a fault") for one in toasts(listener))

    run(tmp_path, '[self_audit]\nevery = "1s"\n', step)


def toasts(listener: Listener) -> list[ToastWanted]:
    return [event for event in listener.events if isinstance(event, ToastWanted)]


def test_a_window_is_shown_that_a_channel_waits_for_its_limit(tmp_path: Path) -> None:
    write(tmp_path, 3)
    with Receiver() as receiver:
        channel = f'''
[[channel]]
name = "pager"
platform = "pagerduty"
routing_key = "0123456789abcdef0123456789abcdef"
base_url = "{receiver.url}"
rate = "1/1h"
[[route]]
channels = ["pager"]
'''

        async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
            await engine.show_everything()
            await listener.until(lambda: any(limits(listener)))
            assert limits(listener)[-1].startswith("Waits for PagerDuty’s limit until ")
            assert len(receiver.received) == 1

        run(tmp_path, channel, step)


def limits(listener: Listener) -> list[str]:
    """What was shown of the channel's limit, each time anything of it was."""
    shown = (event for event in listener.events if isinstance(event, StatusChanged))
    return [lane.limit for event in shown for lane in event.lanes if lane.limit]
