"""`feed add` for sources on the web: by options alone, and by a person at a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatchwatch.app.lock import DataLock
from dispatchwatch.cli.program import run
from tests.fakes.calendar_server import CalendarServer
from tests.fakes.json_server import JsonServer
from tests.fakes.terminal import typed
from tests.intake.calendar_samples import calendar, event

PASSWORD = "s3cret-word"
OFFICE = '# ours\n[office]\ntimezone = "America/Chicago"\n'
TITLES = ("Acme - Ortiz", "Beta - Lee", "Gamma - Ortiz", "Delta - Lee")
Run = Callable[..., int]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    (tmp_path / "office.toml").write_text(OFFICE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALENDAR_PASSWORD", PASSWORD)
    monkeypatch.setenv("TOKEN", PASSWORD)
    place = ["--config", str(tmp_path / "office.toml"), "--data", str(tmp_path / "data")]
    return lambda *arguments: run(["feed", *arguments, *place])


@pytest.fixture
def calendars(tmp_path: Path) -> Iterator[CalendarServer]:
    (tmp_path / "server").mkdir()
    with CalendarServer(tmp_path / "server", {"ann": PASSWORD}) as server:
        server.make_calendar("/ann/visits/", "Visits")
        for number, title in enumerate(TITLES):
            start = datetime.now(UTC) + timedelta(hours=number)
            lines = (f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "DTSTAMP:20260101T000000Z", f"SUMMARY:{title}")
            server.put(f"/ann/visits/E{number}.ics", calendar(event(*lines, uid=f"E{number}")))
        yield server


@pytest.fixture
def visits() -> Iterator[JsonServer]:
    record = {"visitId": "V-1", "status": "Booked", "startAt": datetime.now(UTC).isoformat(), "technician": "Lee"}
    with JsonServer([record], size=50) as server:
        yield server


def test_a_calendar_is_added_by_options_alone(
    command: Run, calendars: CalendarServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add = ("add", "board", "--kind", "caldav", "--url", calendars.url, "--user", "ann", "--yes")
    assert command(*add) == 1
    assert "Password?" in capsys.readouterr().err
    assert command(*add, "--secret", "password=env:CALENDAR_PASSWORD") == 0
    out, err = capsys.readouterr()
    assert "4 visits are read." in out
    text = (tmp_path / "office.toml").read_text(encoding="utf-8")
    assert text.startswith(OFFICE.rstrip())
    assert 'password = "env:CALENDAR_PASSWORD"' in text
    assert PASSWORD not in out + err + text
    assert command("preview", "board", "--json") == 0
    read = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {(one["technician"], one["customer"]) for one in read} >= {("Ortiz", "Acme"), ("Lee", "Beta")}


def test_a_script_learns_what_a_source_wants_to_know(
    command: Run, visits: JsonServer, capsys: pytest.CaptureFixture[str]
) -> None:
    visits.tokens = {PASSWORD}
    add = ("add", "board", "--kind", "json", "--url", visits.url, "--json")
    assert command(*add) == 1
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["question"], "bearer" in line["choices"]) == ("auth.kind", True)
    kind = ("--answer", "auth.kind=bearer")
    assert command(*add, *kind) == 1
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["question"], line["secret"], line["option"]) == ("auth.token", True, "--secret auth.token=env:NAME")
    assert command(*add, *kind, "--secret", "token=env:TOKEN", "--dry-run") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert 'auth = {kind = "bearer", token = "env:TOKEN"}' in lines[-1]["would_add"]
    assert [one["ext_id"] for one in lines if "ext_id" in one] == ["V-1"]


def test_a_source_that_is_not_there_says_so(command: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert command("add", "board", "--kind", "json", "--url", "http://127.0.0.1:9/visits") == 1
    err = capsys.readouterr().err
    assert "http://127.0.0.1:9 can’t be reached" in err
    assert "Traceback" not in err
    assert (tmp_path / "office.toml").read_text(encoding="utf-8") == OFFICE


def test_a_running_program_needs_no_new_start(
    command: Run, visits: JsonServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    lock = DataLock(tmp_path / "data" / "dispatchwatch.lock")
    try:
        assert command("add", "board", "--kind", "json", "--url", visits.url) == 0
    finally:
        lock.release()
    assert "is running and reads it within seconds" in capsys.readouterr().out


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_person_connects_a_calendar_at_a_terminal(calendars: CalendarServer, tmp_path: Path) -> None:
    ring = tmp_path / "ring.json"
    root = str(Path(__file__).parent.parent.parent)
    environment = {
        "PYTHONPATH": root,
        "PYTHON_KEYRING_BACKEND": "tests.fakes.keyring_file.FileKeyring",
        "KEYRING_FILE": str(ring),
    }
    paths = ["--config", str(tmp_path / "office.toml"), "--data", str(tmp_path / "data")]
    answers = ["4", "board", "America/Chicago", calendars.url, "ann", "wrong-word", "", "", PASSWORD, "1", "yes", "y"]
    shown, status = typed(["feed", "add", *paths], answers, tmp_path, environment)
    assert status == 0, shown
    assert "does not let us in (401)" in shown
    assert "4 visits are read." in shown
    text = (tmp_path / "office.toml").read_text(encoding="utf-8")
    assert json.loads(ring.read_text(encoding="utf-8")) == {"DispatchWatch board.password": PASSWORD}
    for secret in (PASSWORD, "wrong-word"):
        assert secret not in shown + text
