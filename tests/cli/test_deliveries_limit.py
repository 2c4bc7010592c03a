"""`deliveries` says what waits for the limit of its platform, and which message went out in the built-in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatchwatch.store.deliveries import DeliveryState
from dispatchwatch.store.store import open_store
from tests.cli.test_commands import CONFIG, Shell
from tests.fakes.office import CHICAGO
from tests.fakes.program import minutes, row
from tests.fakes.receiver import Receiver


@pytest.fixture
def late(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """One visit is late, and its message still owed."""
    shell = Shell(tmp_path, capsys)
    with Receiver() as gone:
        url = gone.url
    shell.configure(CONFIG.replace('routing_key = "file:key"', f'routing_key = "file:key"\nbase_url = "{url}"'))
    shell.write(row(1, minutes(-40)))
    shell.let_the_engine_see_it()
    return shell


def test_it_says_until_when_a_message_waits_for_the_limit(late: Shell) -> None:
    late.run("deliveries")
    assert "limit" not in late.out
    store = open_store(late.folder / "data" / "dispatchwatch.sqlite", datetime.now(UTC))
    until = datetime.now(UTC) + timedelta(hours=1)
    store.lanes.change("pager", limited_until=until)
    store.close()
    late.run("deliveries")
    assert f"(Waits for PagerDuty’s limit until {until.astimezone(CHICAGO):%H:%M:%S})" in late.out
    (told,) = late.json("deliveries")
    assert told["limited_until"].startswith(f"{until:%Y-%m-%dT%H:%M}")


def test_it_says_that_a_template_failed(late: Shell) -> None:
    store = open_store(late.folder / "data" / "dispatchwatch.sqlite", datetime.now(UTC))
    (delivery,) = store.outbox.listed()
    store.outbox.settle(delivery, DeliveryState.SENT, datetime.now(UTC), error="Its template failed: it says nothing.")
    store.close()
    late.run("deliveries")
    assert "Its template failed: it says nothing." in late.out
    assert "has not checked in" in late.out
