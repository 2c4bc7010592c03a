"""Reading a big file, against the bare minimum that any reader of it must do: csv and strptime, in the same run."""

from __future__ import annotations

import csv
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time

from dispatchwatch.intake.csv_feed import CsvFeed
from dispatchwatch.intake.feed import Unsettled
from tests.intake.samples import NOW, as_csv, csv_feed

HEADER = [
    "Appointment No", "Status", "Scheduled Start", "Scheduled End", "Arrival Window Start", "Arrival Window End",
    "Technician", "Customer", "Site", "Priority", "Arrived At", "Modified At",
]  # fmt: skip
WORDS = ["Scheduled", "Dispatched", "On Site"]


def big_feed(folder: Path) -> CsvFeed:
    first = datetime(2026, 5, 13, 7)  # noqa: DTZ001 - local, as the file tells it
    rows = []
    for number in range(10_000):
        start, end, opens, closes, arrived, changed = (
            f"{first + timedelta(minutes=number + offset):%m/%d/%Y %I:%M %p}" for offset in (0, 90, -30, 30, 5, -600)
        )
        status = WORDS[number % 3]
        rows.append(
            [f"A-{number}", status, start, end, opens, closes, "Ortiz", "Acme", "Plant 4", "2", arrived, changed]
        )
    (folder / "day.csv").write_text(as_csv(HEADER, rows), encoding="utf-8")
    return csv_feed(folder)


def bare_minimum(folder: Path) -> float:
    """Processor seconds of taking the cells apart and the six times of each row, and nothing else."""
    started = process_time()
    with (folder / "day.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in HEADER[2:6] + HEADER[10:]:
                datetime.strptime(row[name], "%m/%d/%Y %I:%M %p")  # noqa: DTZ007 - local, as the file tells it
    return process_time() - started


def timings(folder: Path) -> tuple[float, float, float]:
    """Processor seconds of reading the file, of finding it unchanged, and of the bare minimum."""
    feed = big_feed(folder)
    with suppress(Unsettled):
        feed.fetch(NOW)
    started = process_time()
    snapshot = feed.fetch(NOW)
    read = process_time()
    assert feed.fetch(NOW).visits is snapshot.visits
    unchanged = process_time()
    assert (len(snapshot.visits), snapshot.problems) == (10_000, ())
    return read - started, unchanged - read, bare_minimum(folder)


def test_ten_thousand_rows_cost_no_more_than_four_times_the_bare_minimum_and_then_nothing(tmp_path: Path) -> None:
    runs = [timings(tmp_path) for _ in range(3)]
    reading, unchanged, bare = (min(each) for each in zip(*runs, strict=True))
    ratio = f"{reading:.2f} s, {reading / bare:.2f} of csv and strptime alone"
    print(f"\n10,000 rows: {ratio}; unchanged {unchanged * 1000:.2f} ms")
    assert reading <= bare * 4
    assert unchanged <= bare / 20
