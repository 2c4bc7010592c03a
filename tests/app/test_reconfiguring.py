"""A configuration that changes while the program runs: taken over where it can be used, told of where it can't."""

from __future__ import annotations

import asyncio
import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatchwatch.app.config import Config
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.configuration import Configuration, Refused
from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.events import BoardChanged, ConfigurationChanged, Happening, StatusChanged, ToastWanted
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.app.settings.errors import NotSound
from dispatchwatch.app.settings.session import SettingsSession
from dispatchwatch.store.store import open_store
from tests.fakes.beside_engine import Listener, Step, SteppedClock, run_beside
from tests.fakes.receiver import Answer, Receiver

SAM = Actor("Sam", "desk")
CONFIG = """\
[office]
name = "Northside"

[policy]
check_in_grace = "15m"   # ours

[[feed]]
name = "today"
kind = "csv"
path = "today.csv"
every = "1s"
"""
CHANNEL = """
[[channel]]
name = "ops"
platform = "slack"
webhook_url = "env:HOOK"
base_url = "{origin}"

[[route]]
when = {{ kind = "late_check_in" }}
channels = ["ops"]
"""
HOOK = "https://hooks.slack.com/services/T0AAAAAAA/B0AAAAAAA/abcdefghijklmnopqrstuvwx"


def secrets(folder: Path) -> SecretSource:
    return SecretSource({"HOOK": HOOK}, folder, system_keyring)


def configured(folder: Path, text: str = CONFIG) -> Config:
    path = folder / "office.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path, secrets(folder))


def planned(folder: Path, ago: float = 10) -> None:
    """One visit that should have begun so many minutes ago; its end keeps it on the board also just after midnight."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=ago)
    draft = folder / "today.part"
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Appointment No", "Start", "End", "Status", "Tech", "Customer", "Site"))
        end = start + timedelta(hours=2)
        writer.writerow(("J-1", start.isoformat(), end.isoformat(), "Scheduled", "J. Ortiz", "Acme", "Plant 4"))
    draft.replace(folder / "today.csv")


def run(folder: Path, step: Step, text: str = CONFIG) -> None:
    planned(folder)
    run_beside(configured(folder, text), step, secrets=secrets(folder))


def happenings(listener: Listener, name: str) -> list[Happening]:
    return [one for one in listener.events if isinstance(one, Happening) and one.event == name]


def faults(listener: Listener) -> tuple[str, ...]:
    return next((one.faults for one in reversed(listener.events) if isinstance(one, StatusChanged)), ())


def trail(folder: Path, action: str) -> list[dict[str, object]]:
    store = open_store(folder / "data" / "db.sqlite", datetime.now(UTC))
    try:
        return [one for one in store.audit.entries() if one["action"] == action]
    finally:
        store.close()


def test_a_file_changed_by_hand_takes_effect_and_is_on_record(tmp_path: Path) -> None:
    async def step(_: Engine, listener: Listener, __: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        assert "raised" not in listener.names()
        (tmp_path / "office.toml").write_text(CONFIG.replace("15m", "5m"), encoding="utf-8")
        await listener.until(lambda: "raised" in listener.names())
        (changed,) = happenings(listener, "configuration_changed")
        assert changed.fields["changes"] == [{"key": "policy.check_in_grace", "before": "15m", "after": "5m"}]
        assert ConfigurationChanged("Northside", "UTC") in listener.events

    run(tmp_path, step)
    (entry,) = trail(tmp_path, "configuration_changed")
    assert (entry["who"], entry["origin"]) == ("DispatchWatch", "file")
    assert entry["detail"] == {"changes": [{"key": "policy.check_in_grace", "before": "15m", "after": "5m"}]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (CONFIG.replace('"15m"', '"soon"'), "policy.check_in_grace"),
        (CONFIG + "[broken\n", "not valid TOML"),
        (None, "there is no configuration file here"),
    ],
    ids=["a wrong value", "no TOML", "no file"],
)
def test_a_file_that_can_not_be_used_leaves_the_one_before_in_force(
    tmp_path: Path, text: str | None, told: str
) -> None:
    path = tmp_path / "office.toml"

    async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        await engine.show_everything()
        _put(path, text)
        await listener.until(lambda: any(told in one for one in faults(listener)))
        assert told in happenings(listener, "configuration_refused")[0].text
        assert [one.title for one in listener.events if isinstance(one, ToastWanted)] == [
            "The configuration can’t be used"
        ]
        await engine.refresh()
        assert "raised" not in listener.names()
        path.write_text(CONFIG, encoding="utf-8")
        await listener.until(lambda: faults(listener) == ())
        assert "configuration_changed" not in listener.names()

    run(tmp_path, step)
    assert len(trail(tmp_path, "configuration_refused")) == 1


def _put(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")


def test_what_is_saved_in_the_settings_is_in_force_at_once_and_signed(tmp_path: Path) -> None:
    async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        session = SettingsSession(tmp_path / "office.toml", secrets(tmp_path))
        session.set(("policy", "check_in_grace"), "5m")
        assert await engine.reconfigure(session.save, SAM) == ()
        assert "configuration_changed" in listener.names()
        await listener.until(lambda: "raised" in listener.names())
        session.set(("policy", "check_in_grace"), "soon")
        with pytest.raises(NotSound):
            await engine.reconfigure(session.save, SAM)
        (problem,) = await engine.reconfigure(lambda: session.save(unsound=True), SAM)
        assert problem.steps == ("policy", "check_in_grace")

    run(tmp_path, step)
    (entry,) = trail(tmp_path, "configuration_changed")
    assert (entry["who"], entry["origin"]) == ("Sam", "desk")
    assert [one["who"] for one in trail(tmp_path, "configuration_refused")] == ["Sam"]


def test_a_secret_that_was_typed_anew_counts_though_the_file_says_the_same(tmp_path: Path) -> None:
    async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        assert await engine.reconfigure(lambda: None, SAM) == ()
        assert happenings(listener, "configuration_changed")[0].fields["changes"] == []

    run(tmp_path, step)


def test_the_board_is_replaced_whole_and_never_blank(tmp_path: Path) -> None:
    async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        await engine.show_everything()
        await listener.until(lambda: any(isinstance(one, BoardChanged) for one in listener.events))
        listener.events.clear()
        await engine.reconfigure(lambda: None, SAM)
        await listener.until(lambda: any(isinstance(one, BoardChanged) for one in listener.events))
        first = next(one for one in listener.events if isinstance(one, BoardChanged))
        assert first.replaces_all
        assert [row.key.ext_id for row in first.rows] == ["J-1"]

    run(tmp_path, step)


def test_a_comment_changes_nothing(tmp_path: Path) -> None:
    configuration = Configuration(configured(tmp_path), secrets(tmp_path))
    assert configuration.look() is None
    assert configuration.look() is configuration.current
    assert configuration.look() is None
    (tmp_path / "office.toml").write_text(CONFIG + "# later\n")
    assert configuration.look() is None, "somebody may still be writing it"
    assert configuration.look() is configuration.current
    (tmp_path / "office.toml").write_text(CONFIG + "# later, again\n[travel]\n")
    assert [configuration.look() is None, type(configuration.look())] == [True, Config]
    (tmp_path / "office.toml").write_text("[broken")
    assert [configuration.look() is None, type(configuration.look())] == [True, Refused]
    assert configuration.look() is None, "it is told once"


def test_an_office_without_a_file_takes_the_one_that_is_made(tmp_path: Path) -> None:
    configuration = Configuration(Config.empty(tmp_path / "office.toml"), secrets(tmp_path))
    assert [configuration.look(), configuration.look()] == [None, None]
    (tmp_path / "office.toml").write_text(CONFIG)
    assert configuration.look() is None
    found = configuration.look()
    assert isinstance(found, Config)
    assert found.office_name == "Northside"


def test_a_message_under_way_is_finished_first_and_sent_once(tmp_path: Path) -> None:
    with Receiver() as receiver:
        text = CONFIG.replace("15m", "5m") + CHANNEL.format(origin=receiver.url)
        receiver.script("/services/T0AAAAAAA/B0AAAAAAA/abcdefghijklmnopqrstuvwx", Answer(delay=0.5))

        async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
            await listener.until(lambda: "raised" in listener.names())
            await asyncio.to_thread(receiver.wait_for, 1)
            _put(tmp_path / "office.toml", text.replace("Northside", "Southside"))
            assert "delivered" not in listener.names()
            assert await engine.reconfigure(lambda: None, SAM) == ()
            names = listener.names()
            assert names.index("delivered") < names.index("configuration_changed")
            await engine.refresh()

        run(tmp_path, step, text)
        assert len(receiver.received) == 1
    assert [one["subject"] for one in trail(tmp_path, "stopped")] == ["program", "program"]


def test_what_waits_for_a_channel_is_told_under_the_next_configuration(tmp_path: Path) -> None:
    with Receiver() as receiver:
        text = CONFIG.replace("15m", "5m") + CHANNEL.format(origin=receiver.url)

        async def step(engine: Engine, listener: Listener, _: SteppedClock) -> None:
            await listener.until(lambda: "delivery_failed" in listener.names())
            (tmp_path / "office.toml").write_text(text, encoding="utf-8")
            assert await engine.reconfigure(lambda: None, SAM) == ()
            await listener.until(lambda: "delivered" in listener.names())

        nobody = text.replace(receiver.url, "http://127.0.0.1:9")
        run(tmp_path, step, nobody)
