"""Old exports told again, each at the instant in its name."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.app.config import Config
from dispatchwatch.app.replay import Replay, ReplayFailure, Span, Step
from dispatchwatch.app.replay_figures import TOLERANCE, Judged, run
from dispatchwatch.app.replay_files import Reader, files_of
from dispatchwatch.app.replay_snapshots import Snapshots, exports, named_instant
from dispatchwatch.domain.alert import AlertKind, Outcome
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.verdict import Verdict
from tests.fakes.office import CHICAGO, at, minutes, utc

HEADER = ("Visit ID", "Scheduled Start", "Scheduled End", "Status", "Technician", "Customer", "Arrived At")
Row = tuple[str, ...]


def row(ext_id: str = "J-1", start: str = "09:50", status: str = "Scheduled", arrived: str = "") -> Row:
    return (ext_id, f"2026-11-10 {start}", "2026-11-10 12:00", status, "J. Ortiz", "Acme", arrived)


def write(folder: Path, name: str, rows: Iterable[Row]) -> Path:
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADER, *rows])
    return file


def export(folder: Path, clock: str, *rows: Row) -> Path:
    return write(folder, f"visits-2026-11-10T{clock.replace(':', '')}.csv", rows)


def config(folder: Path) -> Config:
    return Config(path=folder / "office.toml", office=OfficeHours(CHICAGO), office_name="", policy=Policy())


def source(folder: Path, span: Span | None = None) -> Snapshots:
    settings = config(folder)
    return Snapshots(exports(files_of([folder]), CHICAGO), Reader.of(settings, ""), span)


def replayed(folder: Path, span: Span | None = None) -> tuple[Snapshots, list[Step], list[Judged]]:
    told = source(folder, span)
    steps: list[Step] = []
    with closing(Replay(told, config(folder).standards)) as replay:
        return told, steps, run(replay, span or Span(), TOLERANCE, [steps.append])


def entries(steps: Sequence[Step]) -> list[tuple[datetime, str]]:
    return [(step.at, entry.action) for step in steps for entry in step.look.entries]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("visits-2026-11-10T0930.csv", utc("2026-11-10 15:30")),
        ("20261110-0930.csv", utc("2026-11-10 15:30")),
        ("day 2026-11-10_09-30-15.csv", utc("2026-11-10 15:30:15")),
        ("20261110093015.csv", utc("2026-11-10 15:30:15")),
        ("2026-11-10 09.30 (2).csv", utc("2026-11-10 15:30")),
        ("2026.11.10-09h30.csv", utc("2026-11-10 15:30")),
        ("2026-11-10T0930Z.csv", utc("2026-11-10 09:30")),
        ("2026-11-10T093015+0100.csv", utc("2026-11-10 08:30:15")),
        ("2026-11-10T0930-06:00.csv", utc("2026-11-10 15:30")),
        ("2026-07-01T0930.csv", utc("2026-07-01 14:30")),
        ("2026-11-01T0130.csv", utc("2026-11-01 06:30")),
        ("from-2026-11-10_2026-11-11T0930.csv", utc("2026-11-11 15:30")),
        ("2026-11-10T0930Zurich.csv", utc("2026-11-10 15:30")),
    ],
)
def test_names_that_carry_an_instant(name: str, expected: datetime) -> None:
    assert named_instant(name, CHICAGO) == expected


@pytest.mark.parametrize(
    "name", ["visits.csv", "2026-11-10.csv", "2026-13-10T0930.csv", "2026-11-10T2575.csv", "job-12026111009301.csv"]
)
def test_names_that_carry_none(name: str) -> None:
    assert named_instant(name, CHICAGO) is None


def test_a_name_without_an_instant_is_refused_in_a_sentence() -> None:
    with pytest.raises(ReplayFailure, match="does not say when it was exported; write it into the name") as refused:
        exports([Path("a-2026-11-10T0930.csv"), Path("visits.csv")], CHICAGO)
    assert refused.value.status == 2


def test_two_files_of_one_instant_are_refused() -> None:
    with pytest.raises(ReplayFailure, match="carry the same instant"):
        exports([Path("a-2026-11-10T0930.csv"), Path("b-20261110T153000Z.csv")], CHICAGO)


def test_exports_are_told_in_the_order_of_their_instants_whatever_their_names() -> None:
    found = exports([Path("a-20261110-1000.csv"), Path("b-20261110-0900.csv")], ZoneInfo("UTC"))
    assert [one.file.name for one in found] == ["b-20261110-0900.csv", "a-20261110-1000.csv"]


def test_a_late_technician_is_told_between_two_exports_and_over_with_the_next(tmp_path: Path) -> None:
    for clock in ("09:30", "09:45", "10:00"):
        export(tmp_path, clock, row())
    export(tmp_path, "10:15", row(status="On site", arrived="2026-11-10 10:09"))
    told, steps, (judged,) = replayed(tmp_path)
    assert told.health.interval == minutes(15)
    assert judged.alert.raised_at == at("10:05") + timedelta(microseconds=1)
    assert judged.alert.resolved_at == at("10:15")
    assert (judged.alert.outcome, judged.verdict) == (Outcome.CHECKED_IN, Verdict.MINOR)
    assert entries(steps)[0] == (at("09:30"), "feed_read")


def test_an_arrival_that_the_next_export_shows_to_have_been_in_time_was_a_false_alarm(tmp_path: Path) -> None:
    for clock in ("09:30", "10:00"):
        export(tmp_path, clock, row())
    export(tmp_path, "10:30", row(status="On site", arrived="2026-11-10 09:55"))
    _, _, (judged,) = replayed(tmp_path)
    assert (judged.alert.outcome, judged.verdict) == (Outcome.WAS_ON_TIME, Verdict.FALSE_ALARM)


def test_a_check_in_without_a_time_is_judged_by_the_two_exports_around_it(tmp_path: Path) -> None:
    for clock in ("09:30", "10:00", "10:30"):
        export(tmp_path, clock, row())
    export(tmp_path, "11:00", row(status="On site"))
    verdicts = {one.alert.kind: one.verdict for one in replayed(tmp_path)[2]}
    assert verdicts[AlertKind.LATE_CHECK_IN] is Verdict.TRUE


def test_a_visit_cancelled_between_two_exports_is_news(tmp_path: Path) -> None:
    export(tmp_path, "08:30", row())
    export(tmp_path, "09:00", row(status="Cancelled"))
    _, _, (judged,) = replayed(tmp_path)
    assert (judged.alert.kind, judged.alert.raised_at) == (AlertKind.CANCELLED_SHORT_NOTICE, at("09:00"))


def test_each_export_is_the_whole_schedule_so_what_it_lacks_is_missing(tmp_path: Path) -> None:
    export(tmp_path, "08:00", row("J-1"), row("J-2", "14:00"))
    for clock in ("08:30", "09:00"):
        export(tmp_path, clock, row("J-1"))
    kinds = {(one.alert.kind, one.alert.ext_id, one.alert.raised_at) for one in replayed(tmp_path)[2]}
    assert (AlertKind.JOB_MISSING, "J-2", at("09:00")) in kinds


def test_a_file_that_cannot_be_read_is_a_failed_reading(tmp_path: Path) -> None:
    export(tmp_path, "09:00", row())
    (tmp_path / "visits-2026-11-10T0930.csv").write_text("", encoding="utf-8")
    export(tmp_path, "10:00", row())
    told, steps, _ = replayed(tmp_path)
    assert entries(steps)[1:] == [(at("09:30"), "feed_failed"), (at("10:00"), "feed_read")]
    assert len(told.failed) == 1


def test_no_alert_is_argued_from_a_picture_that_is_out_of_date(tmp_path: Path) -> None:
    for clock in ("06:00", "06:15", "06:30"):
        export(tmp_path, clock, row())
    told, steps, judged = replayed(tmp_path)
    assert judged == []
    assert told.ends == at("06:30") + 3 * minutes(15)
    assert steps[-1].at <= told.ends


def test_what_the_span_leaves_out_is_not_read_but_for_the_day_before(tmp_path: Path) -> None:
    write(tmp_path, "visits-2026-11-08T0900.csv", [row()])
    write(tmp_path, "visits-2026-11-09T0900.csv", [row()])
    export(tmp_path, "09:00", row())
    told, steps, _ = replayed(tmp_path, Span(at("2026-11-10 00:00"), at("2026-11-11 00:00")))
    assert told.title == "2 snapshots"
    assert steps[0].at == at("2026-11-09 09:00")
    with pytest.raises(ReplayFailure, match="between --from and --to"):
        source(tmp_path, Span(at("2026-12-01 00:00"), None))


def test_rows_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    export(tmp_path, "09:00", row(), ("", "2026-11-10 10:00", "", "Scheduled", "", "", ""))
    told, _, _ = replayed(tmp_path)
    assert [problem.line for problem in told.problems] == [3]
