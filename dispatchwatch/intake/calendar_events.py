"""One VEVENT understood: when it is, how it repeats, what it replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from icalendar import Event

from dispatchwatch.intake.calendar_rules import checked
from dispatchwatch.intake.calendar_text import Block, named
from dispatchwatch.intake.calendar_told import attribute
from dispatchwatch.intake.calendar_window import Moment
from dispatchwatch.intake.calendar_zones import Zones
from dispatchwatch.intake.faults import Doubt, Unreadable
from dispatchwatch.intake.formats import tells_nothing

TIMES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE", "CREATED", "LAST-MODIFIED"})
NOT_NEEDED = frozenset({"X-ALT-DESC", "ATTACH", "DTSTAMP", "UID"})
ZONE = re.compile(r';TZID=("[^"]*"|[^;]*)', re.IGNORECASE)
FIRST_YEAR, LAST_YEAR = 1901, 9990
LONG_AGO = datetime.min.replace(tzinfo=UTC)
Rules = tuple[dict[str, list[object]], ...]
Added = Moment | tuple[Moment, Moment | timedelta]
"""An RDATE: a start, or a start with its own end or length."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A readable VEVENT. `original` is which occurrence of its series it replaces (`onwards`: and all later ones).

    `properties` are the rest of it, as icalendar reads them. All times know their zone.
    """

    uid: str
    start: Moment
    end: Moment | None
    original: Moment | None
    onwards: bool
    rules: Rules
    added: tuple[Added, ...]
    excluded: tuple[Moment, ...]
    sequence: int
    created: datetime | None
    modified: datetime
    properties: Event
    zones: Zones
    doubts: tuple[Doubt, ...]

    @property
    def repeats(self) -> bool:
        return self.original is None and bool(self.rules or self.added)


def uid_of(block: Block) -> str:
    return next((line.partition(":")[2].strip() for line in block.lines if named(line) == "UID"), "")


def read_event(block: Block, zones: Zones) -> Entry:
    """Raises Unreadable, with the property and the reason, for what can't become a visit."""
    if block.fault:
        raise Unreadable("", block.fault)
    uid = uid_of(block)
    if tells_nothing(uid):
        raise Unreadable("UID", "it has no UID, so there is nothing to know it by")
    return _Reader(_parsed(block), zones).entry(uid)


def _parsed(block: Block) -> Event:
    lines = (_zone_aside(line) for line in block.lines if named(line) not in NOT_NEEDED)
    text = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
    try:
        event = Event.from_ical(text)
    except Exception as problem:  # noqa: BLE001 - whatever the library stumbles over costs this event alone
        raise Unreadable("", f"it can’t be read: {type(problem).__name__}") from None
    if not isinstance(event, Event):
        raise Unreadable("", "it can’t be read as an event")
    return event


def _zone_aside(line: str) -> str:
    """The zone's name in a parameter that the library does not look up: we know more names, and warn instead.

    The value of a time holds no colon, a zone's unquoted name may ("(UTC-06:00) Central Time").
    """
    if named(line) not in TIMES:
        return line
    head, _, value = line.rpartition(":")
    zone = ZONE.search(head)
    if zone is None:
        return line
    name = zone[1].replace('"', "")
    return f'{head[: zone.start()]};X-ZONE="{name}"{head[zone.end() :]}:{value}'


class _Reader:
    """Reads the properties of one event; gathers doubts on the way."""

    def __init__(self, event: Event, zones: Zones) -> None:
        self._event = event
        self._zones = zones
        self._doubts: list[Doubt] = []

    def entry(self, uid: str) -> Entry:
        start = self._moment("DTSTART", required=True)
        if start is None:
            raise Unreadable("DTSTART", "it has no DTSTART, so it does not say when it begins")
        replaced = self._first("RECURRENCE-ID")
        return Entry(
            uid=uid,
            start=start,
            end=self._end(start),
            original=self._moment("RECURRENCE-ID", required=True),
            onwards=str(getattr(replaced, "params", {}).get("RANGE", "")).upper() == "THISANDFUTURE",
            rules=tuple(self._rules(start)),
            added=tuple(self._added()),
            excluded=tuple(self._excluded()),
            sequence=self._sequence(),
            created=self._stamp("CREATED"),
            modified=self._stamp("LAST-MODIFIED") or LONG_AGO,
            properties=self._event,
            zones=self._zones,
            doubts=tuple(dict.fromkeys(self._doubts)),
        )

    def _all(self, name: str) -> list[Any]:
        value = self._event.get(name)
        return value if isinstance(value, list) else [] if value is None else [value]

    def _first(self, name: str) -> Any:
        return next(iter(self._all(name)), None)

    def _doubt(self, name: str, problem: str) -> None:
        self._doubts.append(Doubt(name, problem))

    def _moment(self, name: str, *, required: bool = False) -> Moment | None:
        """None where the property is absent, or where it can't be read and is not required."""
        found = self._first(name)
        if found is None and not any(failed == name for failed, _ in self._event.errors):
            return None
        value = attribute(found, "dt")
        try:
            if isinstance(value, date):
                return self._aware(value, _zone_name(found), name)
            problem = f"'{found if found is not None else ''}' can’t be read as a time"
        except (ValueError, OverflowError):
            problem = f"{value} is no time that could be meant"
        if required:
            raise Unreadable(name, problem)
        self._doubt(name, f"{problem}; it was left out")
        return None

    def _aware(self, value: Any, zone: str, name: str) -> Moment:
        """A day as it is; a time in its zone: its own (Z), that of its TZID, else the floating one."""
        if not isinstance(value, date) or not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValueError(value)
        if not isinstance(value, datetime) or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=self._zone(zone, name))

    def _zone(self, zone: str, name: str) -> tzinfo:
        if not zone:
            return self._zones.floating
        found = self._zones.named(zone)
        if found is None:
            instead = self._zones.floating.key
            self._doubt(name, f"'{zone}' is not a time zone that is known; its times were read as {instead}")
        return found or self._zones.floating

    def _listed(self, name: str) -> Iterator[tuple[Any, str]]:
        """The values of a property that lists times, each with the name of its zone."""
        if any(failed == name for failed, _ in self._event.errors):
            self._doubt(name, "some of its times can’t be read; they were left out")
        for listed in self._all(name):
            yield from ((one.dt, _zone_name(listed)) for one in (attribute(listed, "dts") or ()))

    def _excluded(self) -> Iterator[Moment]:
        for value, zone in self._listed("EXDATE"):
            with self._left_out("EXDATE", value):
                yield self._aware(value, zone, "EXDATE")

    def _added(self) -> Iterator[Added]:
        for value, zone in self._listed("RDATE"):
            with self._left_out("RDATE", value):
                if isinstance(value, tuple):
                    start, end = value
                    last = end if isinstance(end, timedelta) else self._aware(end, zone, "RDATE")
                    yield self._aware(start, zone, "RDATE"), last
                else:
                    yield self._aware(value, zone, "RDATE")

    @contextmanager
    def _left_out(self, name: str, value: object) -> Iterator[None]:
        try:
            yield
        except (ValueError, OverflowError):
            self._doubt(name, f"{value} is no time that could be meant; it was left out")

    def _end(self, start: Moment) -> Moment | None:
        end = self._moment("DTEND")
        length = attribute(self._first("DURATION"), "dt")
        if end is None and isinstance(length, timedelta):
            with self._left_out("DURATION", length):
                end = _later(start, length)
        elif end is None and self._first("DURATION") is not None:
            self._doubt("DURATION", f"'{self._first('DURATION')}' is not a length of time; it was left out")
        if end is None:
            return None
        if isinstance(end, datetime) is not isinstance(start, datetime):
            self._doubt("DTEND", "one of start and end is a day, the other a time; both were read as the start is")
            end = end.date() if isinstance(end, datetime) else _at_midnight(end, start)
        if end < start:
            self._doubt("DTEND", "the end lies before the start; it was left out")
            return None
        return end

    def _rules(self, start: Moment) -> Iterator[dict[str, list[object]]]:
        if any(failed == "RRULE" for failed, _ in self._event.errors):
            raise Unreadable("RRULE", f"the rule '{self._first('RRULE') or ''}' can’t be read")
        for rule in self._all("RRULE"):
            yield checked(rule, start)

    def _sequence(self) -> int:
        found = self._first("SEQUENCE")
        return found if isinstance(found, int) else 0

    def _stamp(self, name: str) -> datetime | None:
        found = self._moment(name)
        return found.astimezone(UTC) if isinstance(found, datetime) else None


def _zone_name(value: Any) -> str:
    return str(getattr(value, "params", {}).get("X-ZONE", ""))


def _later(start: Moment, length: timedelta) -> Moment:
    """Days are days on the calendar, hours are hours that pass (RFC 5545, 3.3.6)."""
    if not isinstance(start, datetime):
        return start + timedelta(days=length.days)
    if length.seconds == 0:
        return start + length
    return (start.astimezone(UTC) + length).astimezone(start.tzinfo)


def _at_midnight(day: date, like: Moment) -> datetime:
    return datetime.combine(day, time(), like.tzinfo if isinstance(like, datetime) else UTC)
