"""A synthetic week of a service office: six technicians, some thirty visits a day, as a history with final facts.

Invented, not measured: no real schedule of such an office was found. The same seed gives the same week, so that figures
drawn from it can be held in tests and shown.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

MONDAY = date(2026, 11, 9)
TECHNICIANS = ("J. Ortiz", "M. Lee", "A. Novak", "P. Singh", "K. Brandt", "D. Osei")
CUSTOMERS = ("Acme Foundry", "Lakeside Dental", "Northgate Bakery", "Union Printing", "Harbor Paint", "Elm Hospital")
CONTRACTS = ("Gold", "Standard", "Standard", "")
KINDS = ("Repair", "Inspection", "Oil change")
DAY_BEGINS = time(7, 30)
MINUTE = timedelta(minutes=1)
COLUMNS = (
    "Visit ID", "Work Order", "Status", "Priority", "Contract", "Job Type", "Technician", "Customer", "Site",
    "Scheduled Start", "Scheduled End", "Window End", "Booked At", "Dispatched At", "En Route At", "Arrived At",
    "Completed At", "Cancelled At", "Cancelled By",
)  # fmt: skip

Row = dict[str, str]


def week(*, seed: int = 7, days: int = 5, technicians: Sequence[str] = TECHNICIANS, first: date = MONDAY) -> list[Row]:
    """One row per visit, in local time of the office; weekends are left out."""
    chance = random.Random(seed)  # noqa: S311 - a fixed seed, so that every run is the same
    working = [day for number in range(2 * days + 7) if (day := first + timedelta(days=number)).weekday() < 5][:days]
    rows: list[Row] = []
    for day in working:
        for technician in technicians:
            rows += _day(chance, day, technician, len(rows))
    return rows


def write_week(file: Path, rows: Sequence[Row]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def _day(chance: random.Random, day: date, technician: str, before: int) -> list[Row]:
    """A technician's visits of one day: each begins when the one before is done and the drive is over."""
    rows: list[Row] = []
    planned = free = datetime.combine(day, DAY_BEGINS) + chance.randrange(0, 40, 5) * MINUTE
    for number in range(chance.choice((4, 5, 5, 6))):
        length = chance.choice((45, 60, 60, 75, 90)) * MINUTE
        row, free = _visit(chance, technician, planned, length, free)
        row["Visit ID"] = f"V-{before + number + 1:05}"
        row["Work Order"] = f"W-{before + number + 1:05}"
        rows.append(row)
        planned += length + chance.choice((15, 20, 30)) * MINUTE
    return rows


def _visit(
    chance: random.Random, technician: str, planned: datetime, length: timedelta, free: datetime
) -> tuple[Row, datetime]:
    row = _booked(chance, technician, planned, length)
    fate = chance.random()
    if fate < 0.05:
        return row | _cancelled(chance, planned), free
    if fate < 0.06:
        return row | {"Status": "Scheduled"}, free  # the technician never came
    leaves = max(planned - 20 * MINUTE, free)
    arrives = leaves + chance.randrange(10, 31) * MINUTE
    if chance.random() < 0.06:
        arrives += chance.randrange(15, 80) * MINUTE  # traffic, or a wrong address
    row |= {"Dispatched At": _text(planned - 60 * MINUTE), "En Route At": _text(leaves), "Arrived At": _text(arrives)}
    if fate < 0.08:
        gone = arrives + 20 * MINUTE
        return row | {"Status": "Customer no show", "Completed At": _text(gone)}, gone
    share = chance.choice((0.4, 0.8, 0.9, 1, 1, 1.1)) if chance.random() < 0.93 else chance.uniform(1.4, 2.2)
    done = arrives + timedelta(minutes=round(length / MINUTE * share))
    status = "Incomplete" if fate < 0.1 else "Completed"
    return row | {"Status": "Cannot complete" if status == "Incomplete" else status, "Completed At": _text(done)}, done


def _booked(chance: random.Random, technician: str, planned: datetime, length: timedelta) -> Row:
    ahead = timedelta(hours=chance.choice((20, 30, 50, 75, 100, 170)), minutes=chance.randrange(60))
    window = chance.random() < 0.3
    return {
        "Priority": chance.choice(("1", "2", "3", "3", "3")),
        "Contract": chance.choice(CONTRACTS),
        "Job Type": chance.choice(KINDS),
        "Technician": technician,
        "Customer": chance.choice(CUSTOMERS),
        "Site": f"Plant {chance.randrange(1, 9)}",
        "Scheduled Start": _text(planned),
        "Scheduled End": _text(planned + length),
        "Window End": _text(planned + 60 * MINUTE) if window else "",
        "Booked At": _text(planned - ahead),
    }


def _cancelled(chance: random.Random, planned: datetime) -> Row:
    notice = timedelta(hours=chance.choice((1, 2, 5, 10, 18, 19)), minutes=chance.randrange(60))
    by = chance.choice(("Customer", "Customer", "Company"))
    return {"Status": "Cancelled", "Cancelled At": _text(planned - notice), "Cancelled By": by}


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
