"""Short ways for the intake tests to have text read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.domain.visit import Visit
from dispatchwatch.intake.csv_feed import CsvConfig, CsvFeed
from dispatchwatch.intake.delimited_table import read_delimited
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.reading import Reading, read_table

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 5, 2, 14, 0, tzinfo=UTC)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def profile(**values: object) -> ProfileConfig:
    return ProfileConfig.model_validate(values)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def read_bytes(raw: bytes, **values: object) -> Reading:
    chosen = profile(**values)
    table, _ = read_delimited(raw, chosen, "day.csv")
    return read_table(table, chosen, feed="today", office_zone=CHICAGO)


def read_text(text: str, **values: object) -> Reading:
    return read_bytes(text.encode(), **values)


def read_row(cells: Mapping[str, str], **values: object) -> Visit:
    """The visit of a single row, with an id unless one is given; its header as the keys say."""
    cells = {"Appointment No": "A-1", **cells}
    reading = read_text(as_csv(list(cells), [list(cells.values())]), **values)
    assert len(reading.visits) == 1, reading.problems
    return reading.visits[0]


def problems_of_row(cells: Mapping[str, str], **values: object) -> tuple[RowProblem, ...]:
    cells = {"Appointment No": "A-1", **cells}
    return read_text(as_csv(list(cells), [list(cells.values())]), **values).problems


def unreadable(reading: Reading) -> list[RowProblem]:
    return [problem for problem in reading.problems if problem.gravity is Gravity.UNREADABLE]


def accounted(reading: Reading) -> int:
    return len(reading.visits) + len(unreadable(reading)) + reading.blank + reading.duplicates


def csv_feed(
    base: Path, path: str = "day.csv", profile_values: Mapping[str, object] | None = None, **values: object
) -> CsvFeed:
    config = CsvConfig.model_validate({"name": "today", "path": path, **values})
    return CsvFeed(config, profile(**(profile_values or {})), office_zone=CHICAGO, base=base)
