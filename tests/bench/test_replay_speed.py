"""How many visits a minute a history is replayed at, reading included; and all the flights beside plain Python.

The standard is 20,000 visits a minute. Machines differ, so it is held against csv and strptime over the same file in
the same run: on the machine it was set on, a replay at that speed takes 325 times as long as those two.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.app.config import Config
from dispatchwatch.app.replay_figures import Judged
from dispatchwatch.app.replay_run import Past, Wish
from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from tests.fakes.flights import FILE, NEW_YORK, departures, late_by_more_than, write_flights
from tests.fakes.office import CHICAGO, utc
from tests.fakes.week import week, write_week

MOST = 325
MOST_WITH_EVERY_FACT = 1_000


def replayed(file: Path, zone: ZoneInfo) -> tuple[list[Judged], float]:
    """The alerts, and the processor seconds of reading the file and replaying it."""
    office = Config(path=file.with_name("office.toml"), office=OfficeHours(zone), office_name="", policy=Policy())
    started = process_time()
    judged = Past(Wish(files=[file]), office, utc("2026-12-01")).replay(office.standards)
    return judged, process_time() - started


def bare_minimum(file: Path) -> float:
    """Processor seconds of taking the cells apart and two times of each row, and nothing else."""
    started = process_time()
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for name in ("Scheduled Start", "Arrived At"):
                datetime.strptime(row[name].replace(" 24:00", " 00:00") or "2013-01-01 00:00", "%Y-%m-%d %H:%M")  # noqa: DTZ007
    return process_time() - started


def told(name: str, count: int, seconds: float, bare: float, judged: Sequence[Judged]) -> None:
    rate = f"{count / seconds * 60:,.0f} visits a minute, {seconds / bare:.0f} times csv and strptime"
    kinds = Counter(one.alert.kind.value for one in judged)
    print(f"\n{name}: {count:,} visits, {seconds:.1f} s, {rate}\n  {dict(kinds.most_common())}")


@pytest.mark.skipif(not FILE.is_file(), reason=f"the real flights are not at {FILE}")
def test_every_flight_of_a_year_is_replayed_as_plain_python_counts_them(tmp_path: Path) -> None:
    flights = departures()
    file = write_flights(tmp_path / "flights.csv", flights)
    judged, seconds = replayed(file, ZoneInfo(NEW_YORK))
    bare = bare_minimum(file)
    told("flights", len(flights), seconds, bare, judged)
    for kind, minutes in ((AlertKind.LATE_CHECK_IN, 15), (AlertKind.TECH_NO_SHOW, 60)):
        found = sorted(one.alert.ext_id for one in judged if one.alert.kind is kind)
        expected = sorted(late_by_more_than(flights, minutes))
        print(f"  {kind.value}: {len(found):,}, plain Python: {len(expected):,}")
        assert found == expected
    assert len(flights) == 32_735
    assert seconds <= bare * MOST


def test_weeks_of_an_office_with_every_fact_and_every_kind(tmp_path: Path) -> None:
    """Six looks a visit, and a technician's whole day at each: the most that a history can ask for."""
    rows = week(seed=3, days=40, first=date(2026, 1, 5))
    file = write_week(tmp_path / "weeks.csv", rows)
    judged, seconds = replayed(file, CHICAGO)
    bare = bare_minimum(file)
    told("weeks of an office (synthetic)", len(rows), seconds, bare, judged)
    assert len({one.alert.kind for one in judged}) >= 7
    assert seconds <= bare * MOST_WITH_EVERY_FACT
