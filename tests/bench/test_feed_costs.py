"""What 10,000 visits cost from each kind of source, read, mapped, compared and stored, against the bare parser of its
format in the same run. The bar for a file of rows is 3 s, and 20 ms for one that has not changed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from icalendar import Calendar
from openpyxl import Workbook, load_workbook

from dispatchwatch.app.looking import Reading
from dispatchwatch.intake.catalog import FEEDS, open_feed
from dispatchwatch.intake.feed import Feed, Unsettled
from tests.fakes.json_server import JsonServer
from tests.fakes.office import ALL_KINDS, CHICAGO, FEED, Office, at

VISITS = 10_000
NOW = at("07:00")
WORDS = ("Scheduled", "Dispatched", "On Site")
HEADER = ("Appointment No", "Status", "Start", "End", "Technician", "Customer", "Site", "Priority", "Modified At")
TIMES = ("Start", "End", "Modified At")
PATTERN = "%m/%d/%Y %I:%M %p"
Opened = tuple[Feed, Callable[[], int]]
"""A feed, and the bare parser of what it reads, which counts what it finds."""


def rows() -> list[dict[str, Any]]:
    """Visits of the coming days; the times local and without a zone."""
    first = NOW.astimezone(CHICAGO).replace(tzinfo=None)
    table = []
    for number in range(VISITS):
        start = first + timedelta(minutes=number % 9000)
        cells = (
            f"A-{number}", WORDS[number % 2], start, start + timedelta(minutes=90), f"Technician {number % 400}",
            f"Acme {number % 97}", "Plant 4", "2", first - timedelta(minutes=600),
        )  # fmt: skip
        table.append(dict(zip(HEADER, cells, strict=True)))
    return table


def as_text(row: Mapping[str, Any]) -> list[str]:
    return [f"{cell:{PATTERN}}" if isinstance(cell, datetime) else cell for cell in row.values()]


def feed(folder: Path, **values: object) -> Feed:
    config = FEEDS[str(values["kind"])].model_validate({"name": FEED, **values})
    return open_feed(config, None, office_zone=CHICAGO, base=folder)


def csv_feed(folder: Path) -> Opened:
    path = folder / "day.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *map(as_text, rows())])

    def bare() -> int:
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for row in csv.DictReader(file) if [_time(row[name]) for name in TIMES])

    return feed(folder, kind="csv", path="day.csv"), bare


def xlsx_feed(folder: Path) -> Opened:
    workbook, path = Workbook(write_only=True), folder / "day.xlsx"
    sheet = workbook.create_sheet()
    for cells in (HEADER, *(row.values() for row in rows())):
        sheet.append(list(cells))
    workbook.save(path)

    def bare() -> int:
        book = load_workbook(path, read_only=True)
        return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 1

    return feed(folder, kind="xlsx", path="day.xlsx"), bare


def ical_feed(folder: Path) -> Opened:
    path = folder / "day.ics"
    path.write_text(_calendar(), encoding="utf-8", newline="")

    def bare() -> int:
        return len(Calendar.from_ical(path.read_bytes()).walk("VEVENT"))

    return feed(folder, kind="ical", path="day.ics"), bare


def _calendar() -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for row in rows():
        lines += [
            "BEGIN:VEVENT", f"UID:{row['Appointment No']}", "DTSTAMP:20260101T000000Z",
            f"DTSTART;TZID=America/Chicago:{row['Start']:%Y%m%dT%H%M%S}",
            f"DTEND;TZID=America/Chicago:{row['End']:%Y%m%dT%H%M%S}",
            f"SUMMARY:Check at {row['Site']}", f"ATTENDEE;CN={row['Technician']}:mailto:a@example.com",
            f"DESCRIPTION:Customer: {row['Customer']}\\nSite: {row['Site']}", "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


COSTS: dict[Callable[[Path], Opened], float] = {csv_feed: 16, xlsx_feed: 4, ical_feed: 4}
"""How many times the bare parser everything may take; measured were 8.8, 1.8 and 2.1 times."""


def measured(folder: Path, opened: Feed, bare: Callable[[], int]) -> tuple[float, float, float, float]:
    """Processor seconds of reading, of comparing and storing, of an unchanged poll, and of the bare parser."""
    with Office(folder, NOW, kinds=ALL_KINDS) as office:
        began = process_time()
        snapshot = opened.fetch(NOW)
        read = process_time()
        office.look(Reading(FEED, NOW, snapshot))
        stored = process_time()
        office.look(Reading(FEED, NOW, opened.fetch(NOW)))
        unchanged = process_time()
        assert len(office.watch.visits) == VISITS
        assert snapshot.problems == ()
        assert bare() == VISITS
        return read - began, stored - read, unchanged - stored, process_time() - unchanged


@pytest.mark.parametrize("kind", COSTS)
def test_ten_thousand_visits_from_a_file_to_the_store(tmp_path: Path, kind: Callable[[Path], Opened]) -> None:
    runs = []
    for number in range(2):
        opened, bare = kind(tmp_path)
        with suppress(Unsettled):  # the first look at a file only takes note of it
            opened.fetch(NOW)
        runs.append(measured(tmp_path / f"run-{number}", opened, bare))
    read, stored, unchanged, parsed = (min(figures) for figures in zip(*runs, strict=True))
    whole = read + stored
    print(
        f"\n{kind.__name__}: read {read:.2f} s, compared and stored {stored:.2f} s, together {whole:.2f} s"
        f" ({whole / parsed:.1f} times the bare parser’s {parsed:.2f} s); unchanged {unchanged * 1000:.1f} ms"
    )
    assert whole <= parsed * COSTS[kind]
    assert unchanged <= parsed / 10


def test_ten_thousand_records_of_a_rest_source_to_the_store(tmp_path: Path) -> None:
    names = {"ext_id": "id", "sched_start": "start", "sched_end": "end", "technician": "tech", "customer": "customer"}
    records = [
        {
            "id": row["Appointment No"],
            "start": row["Start"].replace(tzinfo=UTC).isoformat(),
            "end": row["End"].replace(tzinfo=UTC).isoformat(),
            "tech": row["Technician"],
            "customer": row["Customer"],
        }
        for row in rows()
    ]
    text = json.dumps({"data": records})

    def bare() -> int:
        found = json.load(io.StringIO(text))["data"]
        for one in found:
            datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"])
            {name: str(one[path]) for name, path in names.items()}
        return len(found)

    with JsonServer(records) as server:
        opened = feed(tmp_path, kind="json", url=server.url, records="data", paths=names)
        read, stored, unchanged, parsed = measured(tmp_path, opened, bare)
    # the server answers on threads of this process, so its own work is in the first and third figure
    print(
        f"\njson: read {read:.2f} s, compared and stored {stored:.2f} s;"
        f" unchanged {unchanged * 1000:.0f} ms; json.loads and mapping {parsed:.3f} s"
    )
    assert read + stored <= 100 * parsed


def _time(text: str) -> datetime:
    return datetime.strptime(text, PATTERN)  # noqa: DTZ007 - local, as the file tells it
