"""Short ways for the calendar tests to write calendars and have them read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dispatchwatch.domain.schedule import Gravity
from dispatchwatch.domain.visit import Visit
from dispatchwatch.intake.calendar_fields import Places
from dispatchwatch.intake.calendar_reading import CalendarReader, CalendarReading
from dispatchwatch.intake.calendar_text import read_text
from dispatchwatch.intake.calendar_window import Window
from tests.intake.samples import CHICAGO, NOW, profile

START = "DTSTART;TZID=America/Chicago:20260502T080000"
END = "DTEND;TZID=America/Chicago:20260502T090000"


def event(*lines: str, uid: str = "A") -> str:
    return "\r\n".join(["BEGIN:VEVENT", *([f"UID:{uid}"] if uid else []), *lines, "END:VEVENT", ""])


def calendar(*parts: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", ""]) + "".join(parts) + "END:VCALENDAR\r\n"


def around(now: datetime = NOW, back: int = 2, ahead: int = 14, zone: ZoneInfo = CHICAGO) -> Window:
    return Window.around(now, back, ahead, zone)


def read_raw(
    raw: bytes,
    window: Window | None = None,
    *,
    fields: Mapping[str, str] | None = None,
    summary: str = "",
    zone: ZoneInfo = CHICAGO,
    **values: object,
) -> CalendarReading:
    chosen = profile(**values)
    reader = CalendarReader("today", Places(fields or {}, summary, chosen), chosen, zone)
    return reader.read({"day.ics": read_text(raw, chosen.encoding, "day.ics")}, window or around(zone=zone))


def read(*events: str, window: Window | None = None, **values: object) -> CalendarReading:
    return read_raw(calendar(*events).encode(), window, **values)  # type: ignore[arg-type]


def only(*lines: str, window: Window | None = None, **values: object) -> Visit:
    """The visit of a calendar with a single event, which starts as `START` unless it says otherwise."""
    timed = any(line.startswith("DTSTART") for line in lines)
    reading = read(event(*lines, *([] if timed else [START])), window=window, **values)
    assert len(reading.visits) == 1, reading
    return reading.visits[0]


def doubts(reading: CalendarReading) -> list[str]:
    return [f"{one.column}: {one.problem}" for one in reading.problems if one.gravity is Gravity.DOUBTFUL]


def faults(reading: CalendarReading) -> list[str]:
    return [f"{one.line} {one.column}: {one.problem}" for one in reading.problems if one.gravity is Gravity.UNREADABLE]


def starts(reading: CalendarReading) -> dict[str, str]:
    """Local start by id, in the office's zone."""
    return {
        one.ext_id: f"{one.sched_start.astimezone(CHICAGO):%m-%d %H:%M}" for one in reading.visits if one.sched_start
    }


def days(first: str, last: str) -> Window:
    return Window(date.fromisoformat(first), date.fromisoformat(last), CHICAGO)


def accounted(reading: CalendarReading) -> bool:
    return reading.events == reading.read + reading.outside + reading.overtaken + reading.unreadable
