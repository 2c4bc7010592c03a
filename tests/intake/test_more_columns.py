"""When the customer called, when the technician left, and rows of one visit that do not agree."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.feed import Unsettled
from tests.intake.samples import NOW, csv_feed, problems_of_row, read_row, read_text, utc

START = {"Start": "2026-05-02 09:00"}
HEADER = "Appointment No,Start,Tech,Modified On\n"


def reported(header: str, cell: str = "2026-05-02 07:30", **more: str) -> datetime | None:
    return read_row({**START, header: cell, **more}).reported_at


@pytest.mark.parametrize(
    "header",
    ["Reported At", "reported", "Call Received", "Call Time", "requested_at", "Opened At", "received", "Received DtTm"],
)
def test_when_the_customer_called_is_found_by_its_usual_names(header: str) -> None:
    assert reported(header) == utc(2026, 5, 2, 12, 30)


@pytest.mark.parametrize("header", ["Departed At", "Departure", "left_at", "Clocked Off At", "Clock-out"])
def test_when_the_technician_left_is_found_by_its_usual_names(header: str) -> None:
    assert read_row({**START, header: "2026-05-02 10:45"}).departed_at == utc(2026, 5, 2, 15, 45)


def test_leaving_the_work_site_stays_the_completion() -> None:
    told = read_row({**START, "Work Site Leave": "2026-05-02 10:45"})
    assert (told.completed_at, told.departed_at) == (utc(2026, 5, 2, 15, 45), None)


def test_a_departure_without_a_day_is_on_the_day_of_the_start_or_past_its_midnight() -> None:
    late = {"Start": "2026-05-02 22:30", "Departed At": "01:30"}
    assert read_row(late).departed_at == utc(2026, 5, 3, 6, 30)
    assert read_row({**START, "Departed At": "10:45"}).departed_at == utc(2026, 5, 2, 15, 45)


@pytest.mark.parametrize("cell", ["", "-", "2026-05-02", "soon"])
def test_a_report_without_a_time_starts_no_clock(cell: str) -> None:
    assert reported("Reported At", cell) is None


def test_a_report_that_cannot_be_read_is_a_doubt_and_costs_no_visit() -> None:
    assert [problem.column for problem in problems_of_row({**START, "Reported At": "soon"})] == ["Reported At"]


def test_two_columns_that_could_be_the_report_never_stop_a_feed() -> None:
    assert reported("Reported At", **{"Opened At": "2026-05-02 07:45"}) == utc(2026, 5, 2, 12, 30)


@pytest.mark.parametrize(("cell", "raw"), [("-", ""), ("n/a", ""), ("On Site", "On Site")])
def test_a_blank_status_is_no_word(cell: str, raw: str) -> None:
    told = read_row({**START, "Status": cell})
    assert told.status_raw == raw
    assert told.status is (Status.ARRIVED if raw else Status.SCHEDULED)


@pytest.mark.parametrize(
    ("rows", "repeated"),
    [
        (["A-1,2026-05-02 09:00,Ortiz,", "A-1,2026-05-02 09:00,Ortiz,"], set()),
        (["A-1,2026-05-02 09:00,Ortiz,", "A-1,2026-05-02 09:00,Chen,"], {"A-1"}),
        (["A-1,2026-05-02 09:00,Ortiz,2026-05-01 08:00", "A-1,2026-05-02 09:00,Chen,2026-05-01 08:00"], {"A-1"}),
        (["A-1,2026-05-02 09:00,Ortiz,2026-05-01 08:00", "A-1,2026-05-02 09:00,Chen,2026-05-01 09:00"], set()),
        (["A-1,2026-05-02 09:00,Chen,2026-05-01 09:00", "A-1,2026-05-02 09:00,Ortiz,2026-05-01 08:00"], set()),
        (["A-1,2026-05-02 09:00,Ortiz,", "A-1,2026-05-02 09:00,Chen,2026-05-01 09:00"], set()),
        (["A-1,2026-05-02 09:00,Ortiz,", "A-1,2026-05-02 09:00,Chen,", "A-1,2026-05-02 09:00,Chen,"], {"A-1"}),
        (
            [
                "A-1,2026-05-02 09:00,Ortiz,2026-05-01 08:00",
                "A-1,2026-05-02 09:00,Chen,2026-05-01 08:00",
                "A-1,2026-05-02 09:00,Lee,2026-05-01 08:01",
            ],
            set(),
        ),
        (["A-1,2026-05-02 09:00,Ortiz,", "A-2,2026-05-02 09:00,Chen,"], set()),
    ],
)
def test_rows_of_one_visit_disagree_only_where_none_is_newer(rows: list[str], repeated: set[str]) -> None:
    reading = read_text(HEADER + "\n".join(rows))
    assert reading.repeated == repeated


def test_of_rows_that_disagree_the_last_counts_and_they_are_still_counted() -> None:
    reading = read_text(HEADER + "A-1,2026-05-02 09:00,Ortiz,\nA-1,2026-05-02 09:00,Chen,\n")
    assert [visit.technician for visit in reading.visits] == ["Chen"]
    assert (reading.rows, reading.duplicates) == (2, 1)


def test_a_feed_tells_of_the_ids_that_disagree_in_the_file_that_counts(tmp_path: Path) -> None:
    disagree = HEADER + "A-1,2026-05-02 09:00,Ortiz,\nA-1,2026-05-02 09:00,Chen,\nA-2,2026-05-02 09:00,Lee,\n"
    (tmp_path / "a.csv").write_text(disagree)
    assert settled(tmp_path) == ({"A-1"}, "Chen")
    newer = tmp_path / "b.csv"
    newer.write_text(HEADER + "A-1,2026-05-02 09:00,Lee,\n")
    written_after(newer, tmp_path / "a.csv")
    assert settled(tmp_path) == (set(), "Lee")


def settled(folder: Path) -> tuple[set[str], str]:
    feed = csv_feed(folder, "*.csv")
    with pytest.raises(Unsettled):
        feed.fetch(NOW)
    snapshot = feed.fetch(NOW)
    return set(snapshot.repeated), {visit.ext_id: visit.technician for visit in snapshot.visits}["A-1"]


def written_after(newer: Path, older: Path) -> None:
    stamp = older.stat().st_mtime_ns + 1_000_000_000
    os.utime(newer, ns=(stamp, stamp))
