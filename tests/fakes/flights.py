"""Real flights as a history, and what plain Python says of them: `csv` and `datetime`, none of the program's code.

The file is read where it lies; its ORIGIN.md says what it is. It has the day a flight was planned for, the actual time
as a number such as 940 (2400 is the next midnight) and the delay in minutes; planned is the one less the other.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SHARED = Path(os.environ.get("DISPATCHWATCH_SHARED") or Path(__file__).resolve().parents[3] / "shared")
FILE = SHARED / "data" / "nycflights-32735.csv"
NEW_YORK = "America/New_York"
ZONES = {
    "LAX": "America/Los_Angeles",
    "SFO": "America/Los_Angeles",
    "SEA": "America/Los_Angeles",
    "DEN": "America/Denver",
    "PHX": "America/Phoenix",
    "ORD": "America/Chicago",
    "DFW": "America/Chicago",
    "SJU": "America/Puerto_Rico",
    "HNL": "Pacific/Honolulu",
    "BOS": NEW_YORK,
    "ATL": NEW_YORK,
}
"""Where some of the destinations are; landings elsewhere are not told."""

DAY = 24 * 60


@dataclass(frozen=True)
class Flight:
    """One departure or landing. Times are local ones of its zone, without a zone, as an office would write them."""

    name: str
    aircraft: str
    airport: str
    zone: str
    planned: datetime
    actual: datetime

    @property
    def delay(self) -> timedelta:
        """In real time: a delay over the change of the clocks is an hour longer, or shorter, than its clock times."""
        return self.instant - self._utc(self.planned)

    @property
    def instant(self) -> datetime:
        return self._utc(self.actual)

    def _utc(self, local: datetime) -> datetime:
        return local.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


def departures(days: Iterable[date] | None = None) -> list[Flight]:
    """The departures, all from New York, of these days or of the whole year, in the order of the file."""
    wanted = None if days is None else set(days)
    found = []
    for number, row in enumerate(_rows()):
        day = date(int(row["year"]), int(row["month"]), int(row["day"]))
        if wanted is None or day in wanted:
            planned, actual = _times(day, row["dep_time"], row["dep_delay"])
            found.append(Flight(f"D-{number}", row["tailnum"], row["origin"], NEW_YORK, planned, actual))
    return found


def landings(days: Iterable[date] | None = None) -> list[Flight]:
    """The landings of flights planned for these days, or any, where the zone of the airport is known."""
    wanted, found = None if days is None else set(days), []
    for number, row in enumerate(_rows()):
        day = date(int(row["year"]), int(row["month"]), int(row["day"]))
        if (wanted is None or day in wanted) and row["dest"] in ZONES:
            left = _times(day, row["dep_time"], row["dep_delay"])[1]
            clock = _minutes(row["arr_time"])
            landed = datetime.combine(left.date(), time()) + timedelta(minutes=clock)
            landed += timedelta(days=1) * (clock < _minutes(row["dep_time"]) % DAY)
            planned = landed - timedelta(minutes=int(row["arr_delay"]))
            found.append(Flight(f"L-{number}", row["tailnum"], row["dest"], ZONES[row["dest"]], planned, landed))
    return found


def write_flights(file: Path, flights: Iterable[Flight]) -> Path:
    """As a history of visits: midnight at the end of a day is written 24:00, as the file has it."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Visit ID", "Scheduled Start", "Arrived At", "Technician", "Site", "Site Timezone"])
        for one in flights:
            writer.writerow([one.name, _text(one.planned), _text(one.actual), one.aircraft, one.airport, one.zone])
    return file


def late_by_more_than(flights: Iterable[Flight], minutes: int) -> dict[str, Flight]:
    return {one.name: one for one in flights if one.delay > timedelta(minutes=minutes)}


def weeks_of_the_change() -> list[date]:
    """Two weeks around each of the days on which New York changed its clocks in 2013."""
    return [day + timedelta(days=n) for day in (date(2013, 3, 10), date(2013, 11, 3)) for n in range(-7, 8)]


def _rows() -> Iterator[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _times(day: date, actual: str, delay: str) -> tuple[datetime, datetime]:
    """Planned and actual: the day is the planned one, so a delay over midnight leads to the next."""
    planned = (_minutes(actual) - int(delay)) % DAY
    midnight = datetime.combine(day, time())
    return midnight + timedelta(minutes=planned), midnight + timedelta(minutes=planned + int(delay))


def _minutes(hhmm: str) -> int:
    return int(hhmm) // 100 * 60 + int(hhmm) % 100


def _text(local: datetime) -> str:
    if local.hour or local.minute:
        return f"{local:%Y-%m-%d %H:%M}"
    return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
