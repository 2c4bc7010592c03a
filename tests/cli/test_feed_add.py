"""`feed add` as people and scripts use it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from dispatchwatch.app.mapping import Office, start
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.cli.feed_questions import as_choice, ask_one
from dispatchwatch.cli.program import run
from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.questions import Question, about_column

DAY = "Appointment No,Start,Status\nA-1,2026-05-13 09:00,Scheduled\nA-2,2026-05-13 10:00,Fishing\n"
Run = Callable[..., int]
CHICAGO, NOW = ZoneInfo("America/Chicago"), datetime(2026, 5, 13, 12, tzinfo=UTC)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    (tmp_path / "day.csv").write_text(DAY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    place = ["--config", str(tmp_path / "office.toml"), "--data", str(tmp_path / "data")]
    return lambda *arguments: run(["feed", *arguments, *place])


ADD = ("add", "--kind", "csv", "--path", "day.csv", "--name", "today")
ANSWERS = ("--timezone", "America/Chicago", "--column", "sched_start=Start", "--status", "Fishing=paused")


def test_open_questions_are_told_with_the_option_that_answers_each(
    command: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*ADD) == 1
    out, err = capsys.readouterr()
    for option in ('--column "sched_start=Start"', '--status "Fishing=…"', "--timezone America/Chicago"):
        assert option in err
    assert "Nothing was written: 3 questions are open." in err
    assert "Appointment No" in out
    assert not (tmp_path / "office.toml").exists()


def test_a_feed_is_added_and_can_be_read(command: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(*ADD, *ANSWERS) == 0
    out, _ = capsys.readouterr()
    assert "2 visits are read." in out
    text = (tmp_path / "office.toml").read_text(encoding="utf-8")
    assert 'timezone = "America/Chicago"' in text
    assert 'path = "day.csv"' in text
    assert command("preview", "today", "--json") == 0
    visits = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(visit["ext_id"], visit["status"]) for visit in visits] == [("A-1", "scheduled"), ("A-2", "paused")]


def test_yes_takes_the_suggestions_and_nothing_more(command: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(*ADD, "--yes") == 1
    assert "1 question is open" in capsys.readouterr().err
    assert command(*ADD, "--yes", "--timezone", "America/Chicago") == 0


def test_a_second_feed_leaves_the_first_and_a_backup(
    command: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "office.toml"
    config.write_text('# ours\n[office]\ntimezone = "America/Chicago"\n', encoding="utf-8")
    assert command(*ADD, "--yes", "--profile-name", "north") == 0
    first = config.read_text(encoding="utf-8")
    assert command(*ADD, "--yes") == 1
    assert "a feed “today” already" in capsys.readouterr().err
    assert command(*ADD[:-1], "later", "--yes", "--profile-name", "north") == 1
    assert "[profile.north] already" in capsys.readouterr().err
    assert config.read_text(encoding="utf-8") == first
    assert command(*ADD[:-1], "later", "--yes") == 0
    assert config.read_text(encoding="utf-8").startswith(first)
    assert (tmp_path / "office.toml.bak").read_text(encoding="utf-8") == first


def test_a_script_is_told_the_questions_and_nothing_else(command: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(*ADD, "--json") == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["question"] for line in lines] == ["timezone", "column:sched_start", "status:Fishing"]
    assert lines[1] | {"choices": ["Start", "none"], "suggestion": "Start", "secret": False} == lines[1]


def test_json_is_one_object_a_line(command: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(*ADD, *ANSWERS, "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["column"] == "Appointment No"
    assert lines[0] | {"field": "ext_id", "confidence": "sure", "samples": ["A-1", "A-2"]} == lines[0]
    assert {"word": "Fishing", "rows": 1, "status": "paused"} in lines
    assert lines[-1]["feed"] == "today"
    assert [line["ext_id"] for line in lines if "ext_id" in line] == ["A-1", "A-2"]


def test_a_dry_run_shows_what_would_be_written(
    command: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*ADD, *ANSWERS, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert '[[feed]]\nname = "today"\nkind = "csv"\npath = "day.csv"' in shown
    assert not (tmp_path / "office.toml").exists()
    assert command(*ADD, *ANSWERS) == 0
    assert (tmp_path / "office.toml").read_text(encoding="utf-8").strip() in shown


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("--column", "Start"), 2, "has no = in it; write it like --column"),
        (("--column", "sched_start=Begin"), 1, "There is no column “Begin”"),
        (("--status", "Fishing=angling"), 1, "status.Fishing"),
        (("--timezone", "Mars"), 1, "not a time zone"),
        (("--path", "away.csv"), 1, "away.csv is not there"),
        (("--kind", "fax"), 2, "“fax” is not a kind of feed"),
        (("--name", ""), 2, "Say what to call the feed"),
        (("--answer", "password=hunter22"), 2, "A secret on the command line can be read by others"),
        (("--secret", "password=hunter22"), 2, "A secret on the command line can be read by others"),
    ],
)
def test_what_makes_no_sense_is_told_plainly(
    command: Run, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], status: int, message: str
) -> None:
    assert command(*ADD, *arguments) == status
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err
    assert "hunter22" not in err


def test_a_workbook_is_added_and_previewed_as_a_file(
    command: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Board"
    sheet.append(["Visit ID", "Scheduled Start"])
    sheet.append(["A-1", datetime(2026, 5, 13, 9)])  # noqa: DTZ001 - a spreadsheet's times have no zone
    workbook.save(tmp_path / "day.xlsx")
    added = ("add", "--kind", "xlsx", "--path", "day.xlsx", "--name", "board", "--sheet", "Board")
    assert command(*added, "--timezone", "America/Chicago") == 0
    assert 'sheet = "Board"' in (tmp_path / "office.toml").read_text(encoding="utf-8")
    capsys.readouterr()
    assert command("preview", "--file", "day.xlsx", "--json") == 0
    assert json.loads(capsys.readouterr().out)["ext_id"] == "A-1"


def test_a_person_is_asked_again_until_the_answer_makes_sense(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "day.csv").write_text(DAY, encoding="utf-8")
    office = Office(tmp_path / "office.toml", CHICAGO, SecretSource({}, tmp_path, system_keyring))
    session = start("csv", "today", office).answer("path", "day.csv").look(NOW)
    answers: Iterator[str] = iter(["Begin", "yes", "7"])
    asked: list[str] = []

    def ask(question: Question) -> str:
        asked.append(question.key)
        return next(answers)

    while session.open_questions:
        session = ask_one(session, session.open_questions[0], ask)
    assert asked == ["column:sched_start", "column:sched_start", "status:Fishing"]
    assert session.complete_profile().status == {"Fishing": Status.PAUSED}
    assert "There is no column “Begin”" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("2", "none"), ("NO", "none"), ("y", "Start"), ("start", "Start"), ("3", "3"), ("A + B", "A + B")],
)
def test_an_answer_is_a_choice_its_number_or_yes_and_no(typed: str, meant: str) -> None:
    assert as_choice(about_column("sched_start", "Start", []), typed) == meant
