"""Real exports that nobody here wrote, read by profiles alone (study 2.3)."""

from __future__ import annotations

import csv
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.intake.catalog import read_once
from dispatchwatch.intake.csv_feed import CsvConfig
from tests.intake.samples import NOW, profile, utc

SHARED = Path(os.environ.get("DISPATCHWATCH_SHARED") or Path(__file__).resolve().parents[3] / "shared")
DATA = SHARED / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(),
    reason=f"the real excerpts are not at {DATA}; set DISPATCHWATCH_SHARED to the folder that has them",
)


def read(name: str, zone: str, **values: object) -> Snapshot:
    config = CsvConfig(name="excerpt", path=name)
    return read_once(config, profile(**values), office_zone=ZoneInfo(zone), base=DATA, now=NOW)


def raw_rows(name: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    with (DATA / name).open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_geneva_stops() -> None:
    name = "geneva-tpg-stops-excerpt.csv"
    snapshot = read(
        name,
        "Europe/Zurich",
        columns={
            "ext_id": "tripId + stopSequenceNr",
            "sched_start": "stopTimeSchedule",
            "arrived_at": "stopTimeReal",
            "technician_id": "vehicleId",
        },
    )
    assert (len(snapshot.visits), snapshot.problems) == (48, ())
    assert snapshot.visits[0].sched_start == utc(2012, 10, 1, 3, 25)
    assert snapshot.visits[0].arrived_at == utc(2012, 10, 1, 3, 30, 37)
    late = [row for row in raw_rows(name) if row["stopTimeReal"] > row["stopTimeSchedule"]]
    found = [v for v in snapshot.visits if v.arrived_at and v.sched_start and v.arrived_at > v.sched_start]
    assert len(found) == len(late)


def test_zurich_stops_in_macroman_and_seconds_since_midnight() -> None:
    snapshot = read(
        "zurich-vbz-stops-excerpt.csv",
        "Europe/Zurich",
        encoding="mac_roman",
        days=["2012-10-01"],
        columns={
            "ext_id": "eventId",
            "date": "",
            "sched_start": "arrivalScheduled",
            "arrived_at": "arrivalActual",
            "site": "stopName",
        },
        format={"sched_start": "seconds_since_midnight", "arrived_at": "seconds_since_midnight"},
    )
    assert (len(snapshot.visits), snapshot.problems) == (11, ())
    first = snapshot.visits[0]
    assert first.site.name == "Zürich, Kalkbreite"
    assert (first.sched_start, first.arrived_at) == (utc(2012, 10, 1, 4, 1), utc(2012, 10, 1, 4, 2, 16))


def test_new_york_flights_with_hhmm_times_over_midnight_and_daylight_saving() -> None:
    name = "nycflights-32735.csv"
    zone = ZoneInfo("America/New_York")
    snapshot = read(
        name,
        zone.key,
        columns={
            "ext_id": "year + month + day + carrier + flight + origin + dep_time",
            "date": "year + month + day",
            "sched_start": "dep_time",
            "sched_end": "arr_time",
            "technician": "tailnum",
        },
        format={"date": "%Y %m %d", "sched_start": "hhmm", "sched_end": "hhmm"},
    )
    assert (len(snapshot.visits), snapshot.problems) == (32735, ())
    assert len(snapshot.covered) >= 365
    raw = raw_rows(name)
    for visit, row in zip(snapshot.visits, raw, strict=True):
        assert visit.sched_start is not None
        assert visit.sched_end is not None
        midnight = datetime(int(row["year"]), int(row["month"]), int(row["day"]))  # noqa: DTZ001 - local, as told
        departs, arrives = (
            midnight + timedelta(hours=int(row[key]) // 100, minutes=int(row[key]) % 100)
            for key in ("dep_time", "arr_time")
        )
        if arrives < departs:
            arrives += timedelta(days=1)
        assert visit.sched_start == departs.replace(tzinfo=zone).astimezone(UTC)
        assert visit.sched_end == arrives.replace(tzinfo=zone).astimezone(UTC)
    crossings = sum(int(row["arr_time"]) < int(row["dep_time"]) for row in raw)
    assert crossings == 1048
