from __future__ import annotations

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


def timings(folder: Path) -> tuple[float, float]:
    """CPU seconds of reading the file, and of finding it unchanged."""
    feed = big_feed(folder)
    with suppress(Unsettled):
        feed.fetch(NOW)
    started = process_time()
    snapshot = feed.fetch(NOW)
    read = process_time()
    assert feed.fetch(NOW).visits is snapshot.visits
    unchanged = process_time()
    assert (len(snapshot.visits), snapshot.problems) == (10_000, ())
    return read - started, unchanged - read


def test_ten_thousand_rows_are_read_within_a_second_and_then_cost_nothing(tmp_path: Path) -> None:
    reading, unchanged = (min(each) for each in zip(timings(tmp_path), timings(tmp_path), strict=True))
    assert reading <= 1.0
    assert unchanged <= 0.020
