"""The chain held against a real day of a real vehicle: each stop is a visit, the vehicle a technician (study 5.3)."""

from __future__ import annotations

import csv
import os
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.domain.calendars import OfficeHours, instant
from dispatchwatch.domain.prediction import forecast
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.visit import Site, Status, Technician, Visit
from dispatchwatch.domain.watched import Watched

SHARED = Path(os.environ.get("DISPATCHWATCH_SHARED") or Path(__file__).resolve().parents[3] / "shared")
STOPS = SHARED / "data" / "geneva-tpg-stops-excerpt.csv"
ZURICH = ZoneInfo("Europe/Zurich")
TRAM = Technician("Vehicle 101", "101")
pytestmark = pytest.mark.skipif(
    not STOPS.is_file(),
    reason=f"the excerpt is not at {STOPS}; set DISPATCHWATCH_SHARED to the folder that has it",
)


def stops() -> list[tuple[datetime, datetime]]:
    """Scheduled and actual instant of each stop that has both."""
    with STOPS.open(encoding="utf-8", newline="") as file:
        rows = [(row["stopTimeSchedule"], row["stopTimeReal"]) for row in csv.DictReader(file)]
    return [(_instant(due), _instant(real)) for due, real in rows if due and real]


def _instant(text: str) -> datetime:
    return instant(datetime.fromisoformat(text), ZURICH)[0]


def as_visit(number: int, due: datetime, gap: timedelta, arrived: datetime | None) -> Visit:
    """A stop that takes as long as the timetable gives until the next one, all of them in one place."""
    return Visit(
        feed="tram",
        ext_id=str(number),
        status=Status.IN_PROGRESS if arrived else Status.SCHEDULED,
        technicians=(TRAM,),
        site=Site("Line E", "Europe/Zurich", "Line E"),
        sched_start=due,
        duration=gap,
        arrived_at=arrived,
    )


def test_the_next_stop_is_predicted_better_than_by_the_timetable() -> None:
    known, standards = stops(), Standards(office=OfficeHours(ZURICH))
    ours, timetable = [], []
    for number, ((due, real), (next_due, next_real)) in enumerate(pairwise(known)):
        here = as_visit(number, due, next_due - due, real)
        there = as_visit(number + 1, next_due, timedelta(minutes=1), None)
        day = [Watched(visit=one, first_seen_at=real) for one in (here, there)]
        (prediction,) = forecast(day, TRAM, standards, real).predictions
        ours.append(abs((prediction.expected - next_real).total_seconds()))
        timetable.append(abs((next_due - next_real).total_seconds()))
    assert len(ours) == 46
    errors = f"mean error {mean(ours):.1f} s, by the timetable {mean(timetable):.1f} s"
    assert mean(ours) < mean(timetable) / 2, errors
