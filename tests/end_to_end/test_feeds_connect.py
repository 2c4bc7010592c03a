"""Each kind of feed from nothing to a filled picture: check, preview, watch, and the alert that comes of it.

Every source holds the same: a visit that is late, one to come, and one that can't be read; the calendars also hold a
weekly series over a change of daylight saving with one occurrence moved and one cancelled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from tests.fakes.calendar_server import CalendarServer
from tests.fakes.json_server import JsonServer
from tests.fakes.program import COLUMNS, OFFICE, Program, event, minutes, row
from tests.fakes.receiver import Answer, Receiver

pytestmark = pytest.mark.process
CHICAGO = ZoneInfo("America/Chicago")
LATE, LATER, BAD = "J-1", "J-2", "J-3"
PASSWORD = "pass-word-of-ann"
TOKEN = "token-of-the-office"
WEEKS = 44
"""So long a series always meets a change of daylight saving."""


@dataclass(frozen=True)
class Source:
    """A feed's configuration, the secrets it refers to, and the sentence about the one event or row that is bad."""

    feed: str
    problem: str
    secrets: tuple[tuple[str, str], ...] = ()
    is_calendar: bool = False


def _rows() -> list[tuple[str, ...]]:
    return [row(1, minutes(-35)), row(2, minutes(90), technician="M. Lee"), row(3, "soon")]


@contextmanager
def csv_files(folder: Path) -> Iterator[Source]:
    lines = [",".join(cells) for cells in (COLUMNS, *_rows())]
    (folder / "today.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    yield Source('kind = "csv"\npath = "*.csv"', "'soon' cannot be read as a time")


@contextmanager
def xlsx_files(folder: Path) -> Iterator[Source]:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for cells in (("Northside Compressor Service",), COLUMNS, *_rows()):
        sheet.append(cells)
    workbook.save(folder / "today.xlsx")
    yield Source('kind = "xlsx"\npath = "today.xlsx"', "'soon' cannot be read as a time")


@contextmanager
def ical_files(folder: Path) -> Iterator[Source]:
    (folder / "today.ics").write_text(_calendar(*_events()), encoding="utf-8", newline="")
    yield _calendar_source('kind = "ical"\npath = "today.ics"')


@contextmanager
def ical_address(folder: Path) -> Iterator[Source]:
    with Receiver() as receiver:
        receiver.script("/private-0a1b/basic.ics", Answer(body=_calendar(*_events())))
        address = f"{receiver.url}/private-0a1b/basic.ics"
        yield _calendar_source('kind = "ical"\nurl = "env:CALENDAR_URL"', ("CALENDAR_URL", address))


@contextmanager
def caldav_server(folder: Path) -> Iterator[Source]:
    (folder / "radicale").mkdir()
    with CalendarServer(folder / "radicale", {"ann": PASSWORD}) as server:
        server.make_calendar("/ann/visits/", "Visits")
        series, *singles = _events()
        server.put("/ann/visits/series.ics", _calendar(series))
        for number, single in enumerate(singles):
            server.put(f"/ann/visits/{number}.ics", _calendar(single))
        place = f'kind = "caldav"\nurl = "{server.url}/"\ncalendar = "Visits"\nuser = "ann"'
        yield _calendar_source(f'{place}\npassword = "env:CALENDAR_PASSWORD"', ("CALENDAR_PASSWORD", PASSWORD))


@contextmanager
def json_server(folder: Path) -> Iterator[Source]:
    names = ("id", "start", "end", "status", "tech", "customer", "site", "arrived")
    records = [dict(zip(names, cells, strict=True)) for cells in _rows()]
    with JsonServer(records, style="page", size=2) as server:
        server.tokens = {TOKEN}
        fields = {"ext_id": "id", "sched_start": "start", "status": "status", "technician": "tech"}
        fields |= {"customer": "customer", "site": "site", "arrived_at": "arrived"}
        paths = ", ".join(f'{field} = "{name}"' for field, name in fields.items())
        feed = f'kind = "json"\nurl = "{server.url}"\nrecords = "data"\npaths = {{ {paths} }}'
        auth = 'auth = { kind = "bearer", token = "env:API_TOKEN" }\npaging = { kind = "page", parameter = "page" }'
        yield Source(f"{feed}\n{auth}", "'soon' cannot be read as a time", (("API_TOKEN", TOKEN),))


def _calendar_source(feed: str, *secrets: tuple[str, str]) -> Source:
    days = "days_back = 1\ndays_ahead = 366"
    return Source(f"{feed}\n{days}", "the rule repeats 'secondly', which no visit does", secrets, is_calendar=True)


def _calendar(*events: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *events, "END:VCALENDAR", ""])


def _events() -> list[str]:
    """The series with its changes first."""
    first = (datetime.now(CHICAGO) + timedelta(days=2)).replace(hour=8, minute=0, second=0, microsecond=0, tzinfo=None)
    moved, off = first + timedelta(weeks=1), first + timedelta(weeks=2)
    series = "\r\n".join(
        [
            _event("series", first, f"RRULE:FREQ=WEEKLY;COUNT={WEEKS}"),
            _event("series", moved.replace(hour=15), _which(moved)),
            _event("series", off, _which(off), "STATUS:CANCELLED"),
        ]
    )
    now = datetime.now(CHICAGO).replace(tzinfo=None)
    who = "ATTENDEE;CN=J. Ortiz;ROLE=REQ-PARTICIPANT:mailto:ortiz@example.com"
    about = "DESCRIPTION:Customer: Acme Foundry\\nSite: Plant 4"
    return [
        series,
        _event(LATE, now - timedelta(minutes=35), who, about),
        _event(LATER, now + timedelta(minutes=90), about),
        _event(BAD, now + timedelta(minutes=90), "RRULE:FREQ=SECONDLY;COUNT=1"),
    ]


def _which(start: datetime) -> str:
    return f"RECURRENCE-ID;TZID=America/Chicago:{start:%Y%m%dT%H%M%S}"


def _event(uid: str, start: datetime, *lines: str) -> str:
    head = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z"]
    times = [f"DTSTART;TZID=America/Chicago:{start:%Y%m%dT%H%M%S}", "DURATION:PT1H"]
    return "\r\n".join([*head, *times, *lines, "END:VEVENT"])


KINDS: list[Callable[[Path], AbstractContextManager[Source]]] = [
    csv_files,
    xlsx_files,
    ical_files,
    ical_address,
    caldav_server,
    json_server,
]


@pytest.mark.parametrize("kind", KINDS)
def test_from_nothing_to_an_alert(
    tmp_path: Path,
    kind: Callable[[Path], AbstractContextManager[Source]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with kind(tmp_path) as source:
        for name, secret in source.secrets:
            monkeypatch.setenv(name, secret)
        config = f'\n[[feed]]\nname = "today"\nevery = "1s"\n{source.feed}\n'
        with Program(tmp_path, config, base=OFFICE) as program:
            count = WEEKS + 2 if source.is_calendar else 2
            checked = program.run("check", "--connect")
            assert checked.status == 0
            assert f"feed “today”: {count} visits read; 1 problem in " in checked.err
            assert source.problem in checked.err

            shown = program.run("feed", "preview", "today", "--json")
            assert shown.status == 1
            _holds_everything([json.loads(line) for line in shown.out.splitlines()], source, count)

            program.start()
            (read,) = program.wait_for(event("feed_ok", feed="today"))
            assert (read["visits"], read["changed"], read["problems"]) == (count, count, 1)
            (raised,) = program.wait_for(event("raised", kind="late_check_in"))
            assert raised["job"] == LATE
            assert "J. Ortiz" in raised["headline"]
            assert "Acme Foundry" in raised["headline"]
            assert (program.stop(), program.errors) == (0, "")
            assert [one["job"] for one in program.lines("alerts") if one["kind"] == "late_check_in"] == [LATE]
            _keeps(program, [secret for _, secret in source.secrets])


def _holds_everything(lines: list[dict[str, Any]], source: Source, count: int) -> None:
    visits = {line["ext_id"]: line for line in lines if "ext_id" in line}
    (problem,) = (line for line in lines if "problem" in line)
    assert source.problem in problem["problem"]
    assert problem["gravity"] == "unreadable"
    assert len(visits) == count
    assert {LATE, LATER} <= set(visits)
    if source.is_calendar:
        _holds_the_series([visit for name, visit in visits.items() if name.startswith("series/")])


def _holds_the_series(visits: list[dict[str, Any]]) -> None:
    """Eight o'clock on both sides of the change, but for the occurrence moved to three."""
    starts = [datetime.fromisoformat(visit["sched_start"]) for visit in visits]
    assert len(visits) == WEEKS
    assert {start.utcoffset() for start in starts} == {timedelta()}
    assert {start.hour for start in starts} > {13, 14}
    assert sorted(start.astimezone(CHICAGO).hour for start in starts) == [8] * (WEEKS - 1) + [15]
    assert [visit["status"] for visit in visits].count("cancelled") == 1


def _keeps(program: Program, secrets: list[str]) -> None:
    """Nothing the program has written holds a secret."""
    kept = b"".join(path.read_bytes() for path in (program.folder / "data").rglob("*") if path.is_file())
    kept += json.dumps(program.events).encode()
    assert [secret for secret in secrets if secret.encode() in kept] == []


def test_a_secret_that_is_not_there_is_told_with_its_name(tmp_path: Path) -> None:
    feed = '\n[[feed]]\nname = "today"\nkind = "caldav"\nurl = "http://127.0.0.1:1/"\nuser = "ann"\n'
    with Program(tmp_path, feed + 'password = "env:NO_SUCH_PASSWORD"\n', base=OFFICE) as program:
        checked = program.run("check", "--connect")
    assert checked.status != 0
    assert "the environment variable NO_SUCH_PASSWORD is not set" in checked.err
