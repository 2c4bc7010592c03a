"""The times of one row: read, placed on a day and in a zone, and held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatchwatch.domain.calendars import instant
from dispatchwatch.intake.columns import Columns
from dispatchwatch.intake.durations import read_duration
from dispatchwatch.intake.faults import Doubt, Unreadable
from dispatchwatch.intake.formats import Told, reader, tells_nothing
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.synonyms import START_FIELDS, TIME_FIELDS

ENDS = frozenset({"sched_end", "window_end"})
NEAR_THE_START = ENDS | {"eta", "en_route_at", "arrived_at", "started_at", "completed_at", "departed_at"}
NEVER_MIDNIGHT = frozenset({"reported_at", "departed_at"})
"""Times from which a length is counted: a day alone is none of them."""

SURELY_NEXT_DAY = timedelta(hours=12)
SURELY_DAY_BEFORE = timedelta(hours=18)
ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
LONGEST_WINDOW = timedelta(hours=12)
"""A longer one is a length in another unit: an hour is 3600 in seconds, and 60 in minutes."""
ANOTHER_UNIT = "it was left out; if it counts another unit, say which in window_unit"
YES = frozenset({"1", "y", "yes", "true", "x"})
FIRST_YEAR, LAST_YEAR = 1901, 9998
EXPECTED = "expected is for example 2026-05-02 09:00, 5/2/2026 9:00 AM or, with a date column, 9:00"


@dataclass(slots=True)
class RowTimes:
    """The instants (UTC) by field, and what was noticed on the way. `adjusted`: daylight saving made one doubtful."""

    at: dict[str, datetime]
    duration: timedelta | None = None
    anytime: bool = False
    adjusted: bool = False
    doubts: list[Doubt] = field(default_factory=list)


class TimeColumns:
    """Reads the times of the rows of one table. `month_first` says per field what 5/2/2026 is."""

    def __init__(self, columns: Columns, profile: ProfileConfig, month_first: Mapping[str, bool]) -> None:
        self._headers = columns.headers
        self._units = {"duration": profile.duration_unit, "window_length": profile.window_unit}
        self._only_day = profile.days[0] if isinstance(profile.days, tuple) and len(profile.days) == 1 else None
        self._readers = {
            name: reader(profile.format.get(name), month_first=month_first.get(name, True))
            for name in TIME_FIELDS
            if name in columns.places
        }
        self._required = next(name for name in START_FIELDS if name in columns.places)

    def read(self, texts: Mapping[str, str], zone: ZoneInfo) -> RowTimes:
        """Raises Unreadable when the row does not say when the visit is, though it tries to.

        A visit with a day and no time is an *anytime* visit: it starts at the local midnight of that day.
        Where only a time is told, its day is that of the start, else that of the date column, else the one day
        that the profile says the source covers.
        """
        found = RowTimes({})
        told = self._told(texts, found.doubts)
        day = self._day(told, found.doubts)
        start = self._start(told, day)
        found.anytime = _anytime(start, told) or texts.get("anytime", "").casefold() in YES
        began = _located(start, day) if start is not None else None
        anchor = _on_the_clock(began, zone)
        if anchor is not None and not isinstance(start, timedelta):
            day = anchor.date()
        for name, value in told.items():
            if name == "date":
                continue
            local = began if name == "sched_start" else self._placed(name, value, day, anchor, found.doubts)
            if local is not None:
                _settle(found, name, local, zone)
        if began is not None and "sched_start" not in told:
            _settle(found, "sched_start", began, zone)
        self._ends(found, texts)
        return found

    def _told(self, texts: Mapping[str, str], doubts: list[Doubt]) -> dict[str, Told]:
        told: dict[str, Told] = {}
        for name, read in self._readers.items():
            text = texts[name]
            if tells_nothing(text):
                continue
            try:
                value = read(text)
            except (ValueError, OverflowError):
                problem = f"'{text}' cannot be read as a time; {EXPECTED}; another way of writing it goes into format"
                if name == self._required:
                    raise Unreadable(self._headers[name], problem) from None
                doubts.append(Doubt(self._headers[name], f"{problem}; it was left out"))
                continue
            # far-off years are how systems write "no date"
            if isinstance(value, timedelta) or FIRST_YEAR <= value.year <= LAST_YEAR:
                told[name] = value
        return told

    def _day(self, told: dict[str, Told], doubts: list[Doubt]) -> date | None:
        value = told.get("date")
        if isinstance(value, timedelta):
            doubts.append(Doubt(self._headers["date"], "holds a time where a date is expected; it was left out"))
        if isinstance(value, datetime):
            return value.date()
        return _bare_day(value) or _bare_day(told.get("sched_start")) or self._only_day

    def _start(self, told: Mapping[str, Told], day: date | None) -> Told | None:
        """What tells when the visit starts; a timed window says more than a bare day."""
        start = told.get("sched_start")
        if start is None or _bare_day(start):
            start = told.get("window_start", start)
        if start is None and "window_end" not in told and "date" in told:
            start = day
        if isinstance(start, timedelta) and day is None:
            name = "sched_start" if "sched_start" in told else "window_start"
            problem = 'holds a time without a date; name the column of the date: columns = { date = "…" }'
            raise Unreadable(self._headers[name], problem)
        return start

    def _placed(
        self, name: str, value: Told, day: date | None, anchor: datetime | None, doubts: list[Doubt]
    ) -> datetime | None:
        if name in NEVER_MIDNIGHT and _bare_day(value):
            return None
        if not isinstance(value, timedelta):
            return _located(value, None, end=name in ENDS)
        if day is None:
            doubts.append(Doubt(self._headers[name], "holds a time without a date; it was left out"))
            return None
        local = _located(value, day)
        return _near(local, anchor) if anchor is not None and name in NEAR_THE_START else local

    def _ends(self, found: RowTimes, texts: Mapping[str, str]) -> None:
        at = found.at
        for first, last in (("sched_start", "sched_end"), ("window_start", "window_end")):
            if first in at and last in at and at[last] < at[first]:
                del at[last]
                found.doubts.append(Doubt(self._headers[last], "lies before the start; it was left out"))
        found.duration = self._length("duration", texts, found.doubts)
        if found.duration and "sched_start" in at and "sched_end" not in at and not found.anytime:
            at["sched_end"] = at["sched_start"] + found.duration
        self._window(found, texts)

    def _window(self, found: RowTimes, texts: Mapping[str, str]) -> None:
        """An arrival window told as a start and a length."""
        length = self._length("window_length", texts, found.doubts)
        begins = found.at.get("window_start") or found.at.get("sched_start")
        if length is None or begins is None or found.anytime or "window_end" in found.at:
            return
        if length > LONGEST_WINDOW:
            problem = f"'{texts['window_length']}' makes a window of {length / ONE_HOUR:g} hours; {ANOTHER_UNIT}"
            found.doubts.append(Doubt(self._headers["window_length"], problem))
            return
        found.at |= {"window_start": begins, "window_end": begins + length}

    def _length(self, name: str, texts: Mapping[str, str], doubts: list[Doubt]) -> timedelta | None:
        unit = self._units[name]
        try:
            return read_duration(texts.get(name, ""), unit)
        except (ValueError, OverflowError):
            problem = f"'{texts[name]}' is not a length of time in {unit}; it was left out"
            doubts.append(Doubt(self._headers[name], problem))
            return None


def _bare_day(value: Told | None) -> date | None:
    """The day, where a day is all that is told."""
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _anytime(start: Told | None, told: Mapping[str, Told]) -> bool:
    windows = (told[name] for name in ("window_start", "window_end") if name in told)
    return _bare_day(start) is not None and all(_bare_day(window) for window in windows)


def _located(value: Told, day: date | None, *, end: bool = False) -> datetime:
    """The local time (aware where the source gave a zone); the end of a bare day is the next midnight."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time()) + (ONE_DAY if end else timedelta())
    if day is None:
        raise ValueError("a time alone needs a day")
    return datetime.combine(day, time()) + value


def _on_the_clock(began: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The start as a clock on the wall of the zone shows it."""
    return began.astimezone(zone).replace(tzinfo=None) if began is not None and began.tzinfo is not None else began


def _near(local: datetime, anchor: datetime) -> datetime:
    """A time told without a day, on the other side of midnight where only that makes sense (22:30 to 01:30)."""
    distance = local - anchor
    if distance < -SURELY_NEXT_DAY:
        return local + ONE_DAY
    return local - ONE_DAY if distance > SURELY_DAY_BEFORE else local


def _settle(found: RowTimes, name: str, local: datetime, zone: ZoneInfo) -> None:
    if local.tzinfo is not None:
        found.at[name] = local.astimezone(UTC)
        return
    found.at[name], doubtful = instant(local, zone)
    found.adjusted = found.adjusted or doubtful
