"""`replay` as people and scripts use it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.lock import DataLock
from dispatchwatch.cli.program import run
from dispatchwatch.cli.progress import EVERY, PATIENCE, Progress
from tests.fakes.week import week, write_week

OFFICE = """
[office]
timezone = "America/Chicago"
hours = { mon-fri = "07:00-18:00" }

[policy]
check_in_grace = "15m"

[profile.northside]
columns = { ext_id = "Nr" }
"""
HEADER = "Nr,Scheduled Start,Scheduled End,Status,Technician,Customer,Booked At,Arrived At\n"
ROWS = (
    "J-1,2026-11-09 09:00,2026-11-09 10:00,Completed,J. Ortiz,Acme,2026-11-06 09:00,2026-11-09 09:12\n"
    "J-2,2026-11-09 11:00,2026-11-09 12:00,Completed,J. Ortiz,Acme,2026-11-06 09:00,2026-11-09 11:50\n"
    "J-3,2026-11-10 09:00,2026-11-10 10:00,Completed,M. Lee,Lakeside,2026-11-06 09:00,2026-11-10 09:20\n"
)


class Shell:
    """An office in a folder, and what the last command printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.out = self.err = ""
        self.write("office.toml", OFFICE)
        self.write("history.csv", HEADER + ROWS)

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def run(self, *arguments: str) -> int:
        """Replays with the office's profile and data folder; the history, if no file is named."""
        named = arguments if any(one.endswith((".csv", ".none")) for one in arguments) else (self.history, *arguments)
        place = ["--config", str(self.folder / "office.toml"), "--data", str(self.folder / "data")]
        profile = [] if "--profile" in arguments else ["--profile", "northside"]
        status = run(["replay", *named, *profile, *place])
        self.out, self.err = self._capsys.readouterr()
        assert "Traceback" not in self.err
        return status

    @property
    def history(self) -> str:
        return str(self.folder / "history.csv")

    def json(self, *arguments: str) -> list[dict[str, Any]]:
        assert self.run(*arguments, "--json") == 0
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


def cells(line: str) -> list[str]:
    return line.split()


def test_the_table_has_totals_per_kind_and_says_what_its_words_mean(shell: Shell) -> None:
    assert shell.run() == 0
    head, _, headings, *rest = shell.out.splitlines()
    assert head.startswith("3 visits from Fri 6 Nov 2026 09:00 CST to ")
    assert "replayed in" in head
    assert cells(headings)[:2] == ["KIND", "ALERTS"]
    late = next(line for line in rest if line.startswith("Late check-in"))
    assert cells(late.removeprefix("Late check-in"))[:1] == ["2"]
    assert any(line.startswith("All ") for line in rest)
    assert "more than 30 min after the promise, or never" in shell.out
    assert shell.err == ""


def test_json_is_one_event_a_line_in_order_as_watch_prints_them(shell: Shell) -> None:
    events = shell.json()
    late = [event for event in events if event["kind"] == "late_check_in"]
    assert [(event["at"], event["event"], event["job"], event["severity"]) for event in late] == [
        ("2026-11-09T17:15:00.000Z", "raised", "J-2", "warning"),
        ("2026-11-09T17:45:00Z", "updated", "J-2", "high"),
        ("2026-11-09T17:50:00Z", "resolved", "J-2", "high"),
        ("2026-11-10T15:15:00.000Z", "raised", "J-3", "warning"),
        ("2026-11-10T15:20:00Z", "resolved", "J-3", "warning"),
    ]
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    fields = ("id", "key", "state", "headline", "due_at", "raised_at", "resolved_at", "resolution")
    assert all(name in event for name in fields for event in late)


@pytest.mark.parametrize(
    ("limits", "jobs"),
    [
        (("--from", "2026-11-10"), {"J-3"}),
        (("--to", "2026-11-09"), {"J-2"}),
        (("--from", "2026-11-09", "--to", "2026-11-10"), {"J-2", "J-3"}),
        (("--to", "2026-11-09T11:15"), set()),
        (("--from", "2026-11-09T12:00", "--to", "2026-11-10T09:30"), {"J-3"}),
    ],
)
def test_from_and_to_limit_it_by_the_offices_clock_and_a_last_day_is_whole(
    shell: Shell, limits: tuple[str, ...], jobs: set[str]
) -> None:
    raised = [event for event in shell.json(*limits) if event["event"] == "raised"]
    assert {event["job"] for event in raised if event["kind"] == "late_check_in"} == jobs


def test_another_policy_is_held_against_it(shell: Shell) -> None:
    other = shell.write("other.toml", OFFICE.replace("15m", "10m"))
    assert shell.run("--compare", other) == 0
    headings = next(line for line in shell.out.splitlines() if line.startswith("KIND"))
    assert "office.toml  other.toml  DIFFERENCE" in headings
    assert "With other.toml you would have had 1 more “Late check-in”, and it was not true." in shell.out
    (row,) = [line for line in shell.out.splitlines() if line.startswith("other.toml  Mon 9 Nov 09:10 CST")]
    assert "J-1" in row
    assert "minor" in row
    assert shell.run("--compare", other, "--true-after", "11m") == 0
    assert "1 more “Late check-in”, and it was true." in shell.out


def test_a_comparison_as_json(shell: Shell) -> None:
    other = shell.write("other.toml", OFFICE.replace("15m", "10m"))
    lines = shell.json("--compare", other)
    (late,) = [line for line in lines if line["kind"] == "late_check_in" and "alerts" in line]
    assert (late["alerts"], late["alerts_other"], late["only_other"]) == (2, 3, 1)
    assert [line["job"] for line in lines if line.get("only") == "other"] == ["J-1"]


def test_a_policy_like_this_one_makes_no_difference(shell: Shell) -> None:
    assert shell.run("--compare", str(shell.folder / "office.toml")) == 0
    assert "you would have had the same alerts" in shell.out


def test_no_more_than_ten_differences_are_listed(shell: Shell) -> None:
    file = str(write_week(shell.folder / "week.csv", week(seed=1)))
    other = shell.write("other.toml", OFFICE.replace('"15m"', '"5m"'))
    assert shell.run(file, "--profile", "", "--compare", other) == 0
    listed = [line for line in shell.out.splitlines() if line.startswith("other.toml ")]
    assert len(listed) == 10
    assert "more; --json lists them all." in shell.out


def test_nothing_flagged_is_said_so(shell: Shell) -> None:
    quiet = shell.write("quiet.csv", HEADER + ROWS.splitlines()[0].replace("09:12", "09:01") + "\n")
    assert shell.run(quiet) == 0
    assert "Nothing would have been flagged." in shell.out


def test_snapshots_are_told_at_the_instants_in_their_names(shell: Shell) -> None:
    for clock, arrived in (("0900", ""), ("0915", ""), ("0930", "2026-11-10 09:20")):
        shell.write(
            f"day-2026-11-10T{clock}.csv",
            f"{HEADER}J-3,2026-11-10 09:00,2026-11-10 10:00,Scheduled,M. Lee,Lakeside,,{arrived}\n",
        )
    shell.write("day-2026-11-10T0945.csv", "")
    lines = shell.json(str(shell.folder / "day-*.csv"), "--snapshots")
    assert [(line["at"], line["event"]) for line in lines] == [
        ("2026-11-10T15:00:00Z", "feed_ok"),
        ("2026-11-10T15:15:00.000Z", "raised"),
        ("2026-11-10T15:30:00Z", "resolved"),
        ("2026-11-10T15:30:00Z", "feed_ok"),
        ("2026-11-10T15:45:00Z", "feed_failed"),
        ("2026-11-10T16:15:00Z", "raised"),
    ]
    assert "is empty" in lines[-2]["problem"]
    assert lines[-1]["kind"] == "stale_feed"
    assert shell.run(str(shell.folder / "day-*.csv"), "--snapshots") == 0
    assert shell.out.startswith("4 snapshots from Tue 10 Nov 2026 09:00 CST")


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("--profile", "southside"), 2, "There is no [profile.southside]; the profiles are northside."),
        (("gone.csv",), 1, "gone.csv is not there."),
        (("--snapshots",), 2, "does not say when it was exported"),
        (("--from", "2026-11-10", "--to", "2026-11-09"), 2, "--from must be before --to."),
        (("--from", "yesterday"), 2, "“yesterday” is not a time"),
        (("--true-after", "soon"), 2, "--true-after: 'soon' is not a duration"),
        (("--compare", "gone.toml"), 2, "gone.toml: there is no configuration file here"),
        (("--from", "2027-01-01"), 1, "No visit in these files falls between --from and --to."),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_a_status(
    shell: Shell, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    assert shell.run(*arguments) == status
    assert sentence in shell.err
    assert shell.out == ""


def test_files_without_a_visit_are_refused(shell: Shell) -> None:
    assert shell.run(shell.write("empty.csv", HEADER)) == 1
    assert "There is no visit in these files" in shell.err
    assert shell.run(shell.write("bad.csv", f"{HEADER},2026-11-09 09:00,,,,,,\n")) == 1
    assert "None of the 1 rows can be read as a visit; the first is line 2" in shell.err


def test_rows_that_cannot_be_read_are_named_and_the_rest_replayed(shell: Shell) -> None:
    broken = "".join(f",2026-11-09 0{number}:00,,,,,,\n" for number in range(5))
    file = shell.write("some.csv", HEADER + ROWS + broken)
    assert shell.run(file) == 0
    assert shell.out.startswith("3 visits")
    lines = shell.err.splitlines()
    assert lines[0] == "5 rows could not be read:"
    assert "line 5" in lines[1]
    assert lines[-1] == "  … and 2 more."


def test_several_files_are_one_history_and_the_newer_row_of_a_visit_counts(shell: Shell) -> None:
    more = shell.write("more.csv", HEADER + ROWS.splitlines()[2].replace("09:20", "09:01") + "\n")
    raised = [event["job"] for event in shell.json(shell.history, more) if event["event"] == "raised"]
    assert "J-3" not in raised


def test_without_a_profile_columns_are_found_by_their_names(shell: Shell) -> None:
    file = shell.write("plain.csv", (HEADER + ROWS).replace("Nr,", "Visit ID,"))
    assert shell.run(file, "--profile", "") == 0
    assert shell.out.startswith("3 visits")


def test_no_data_is_touched_and_a_running_program_is_no_hindrance(shell: Shell) -> None:
    data = shell.folder / "data"
    held = DataLock(data / "dispatchwatch.lock")
    before = sorted(path.name for path in data.iterdir())
    assert shell.run() == 0
    held.release()
    assert sorted(path.name for path in data.iterdir()) == before


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_to_a_person_who_waits_and_taken_away_again() -> None:
    terminal, now = Terminal(), 0.0
    with Progress("Replaying", terminal, lambda: now) as progress:
        progress.tell(10, 100, lambda: "Mon")
        assert terminal.getvalue() == ""
        now = PATIENCE
        progress.tell(50, 100, lambda: "Tue")
        progress.tell(60, 100, lambda: "Wed")
        assert terminal.getvalue() == "\rReplaying: 50 % · Tue"
        now += EVERY
        progress.tell(70, 100, lambda: "Thu")
    assert terminal.getvalue().endswith(f"\rReplaying: 70 % · Thu\r{' ' * 21}\r")


def test_progress_is_nothing_where_nobody_looks() -> None:
    out, now = io.StringIO(), 0.0
    with Progress("Replaying", out, lambda: now) as progress:
        now = 100.0
        progress.tell(50, 100, lambda: "Tue")
    assert out.getvalue() == ""
