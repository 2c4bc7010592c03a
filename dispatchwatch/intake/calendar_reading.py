"""Whole calendars made into visits; every event is accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.domain.visit import Visit
from dispatchwatch.intake.calendar_events import LONG_AGO, Entry, uid_of
from dispatchwatch.intake.calendar_fields import OWN, WORDS, Places
from dispatchwatch.intake.calendar_series import Expansion, Member, Occurrence, expand
from dispatchwatch.intake.calendar_text import CalendarText, FileText
from dispatchwatch.intake.calendar_window import Moment, Window
from dispatchwatch.intake.calendar_zones import UNIVERSAL, Zones, known_zone
from dispatchwatch.intake.columns import Columns
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.fields import zone_named
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.reading import read_table
from dispatchwatch.intake.table import Row, Table

MOST_VISITS = 100_000
FEWER_DAYS = "Read fewer days of it: days_back, days_ahead"


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """What calendars were read as. Every VEVENT of `events` is one of four: `read` (one visit, or one for each time
    it takes place), `outside` of the window, `overtaken` by a newer one of the same, or `unreadable` (one problem)."""

    visits: tuple[Visit, ...]
    problems: tuple[RowProblem, ...]
    events: int
    read: int
    outside: int
    overtaken: int
    unreadable: int


class _Origin(NamedTuple):
    """Where a VEVENT stands."""

    file: str
    line: int
    uid: str


class CalendarReader:
    """Reads the calendars of one feed; what has not changed since the last reading is not worked out again."""

    def __init__(
        self,
        feed: str,
        places: Places,
        profile: ProfileConfig,
        office_zone: ZoneInfo,
        *,
        most_visits: int = MOST_VISITS,
    ) -> None:
        self._feed = feed
        self._most_visits = most_visits
        self._places = places
        self._zone = zone_named(profile.timezone) if profile.timezone else None
        self._office_zone = office_zone
        self._profile = _for_rows(profile, places)
        self._expanded: dict[object, Expansion] = {}

    def read(self, files: Mapping[str, FileText], window: Window) -> CalendarReading:
        """What is wrong with an event becomes a problem that names its line, its UID and the property.

        Raises FeedError only where series give more visits than a schedule can have.
        """
        groups, origins = self._grouped(files)
        known, self._expanded = self._expanded, {}
        rows: list[tuple[_Origin, dict[str, str]]] = []
        problems: list[RowProblem] = []
        read, overtaken, unreadable = 0, 0, 0
        for group, members in groups.items():
            key = (window, *((member.block.lines, member.block.fault, member.zones.key) for member in members))
            found = self._expanded[key] = known.get(key) or expand(members, window)
            places = origins[group]
            read += len({occurrence.place for occurrence in found.occurrences})
            overtaken += len(found.overtaken)
            unreadable += len(found.faults)
            problems.extend(_problems(found, places))
            rows.extend((places[one.place], self._row(one, found.entries[one.place])) for one in found.occurrences)
            if len(rows) > self._most_visits:
                raise FeedError(f"{places[0].file} gives more than {self._most_visits:,} visits. {FEWER_DAYS}.")
        visits, doubts = self._visits(rows)
        events = sum(map(len, groups.values()))
        return CalendarReading(
            visits=visits,
            problems=tuple(dict.fromkeys(sorted(problems + doubts, key=lambda one: (one.file, one.line)))),
            events=events,
            read=read,
            outside=events - read - overtaken - unreadable,
            overtaken=overtaken,
            unreadable=unreadable,
        )

    def _grouped(self, files: Mapping[str, FileText]) -> tuple[dict[object, list[Member]], dict[object, list[_Origin]]]:
        """The VEVENTs of each UID, which may be spread over calendars; one without is on its own."""
        groups: dict[object, list[Member]] = {}
        origins: dict[object, list[_Origin]] = {}
        for file, text in files.items():
            for calendar in text.calendars:
                zones = Zones(calendar.zones, self._floating(calendar))
                for block in calendar.blocks:
                    uid = uid_of(block)
                    group = uid or (file, block.line)
                    groups.setdefault(group, []).append(Member(block, zones))
                    origins.setdefault(group, []).append(_Origin(file, block.line, uid))
        return groups, origins

    def _floating(self, calendar: CalendarText) -> ZoneInfo:
        """Where times without a zone are told: as the profile says, else the calendar, else at the office."""
        return self._zone or known_zone(calendar.properties.get("X-WR-TIMEZONE", "")) or self._office_zone

    def _row(self, occurrence: Occurrence, entry: Entry) -> dict[str, str]:
        texts = self._places.texts(entry.properties)
        clock = _place(occurrence.start, entry.zones.floating)
        own = texts.get("site_timezone") or (clock.key if clock else "")
        return texts | {
            "ext_id": occurrence.ext_id,
            "site_timezone": own,
            "sched_start": _written(occurrence.start, own),
            "sched_end": _last(occurrence, own),
            **_stamps(entry),
        }

    def _visits(self, rows: Sequence[tuple[_Origin, dict[str, str]]]) -> tuple[tuple[Visit, ...], list[RowProblem]]:
        """Read as any table is; only the lines of its problems are put back to where the events stand."""
        names = dict(self._places.labels())
        fields = list(dict.fromkeys(["ext_id", "sched_start", *chain.from_iterable(texts for _, texts in rows)]))
        columns = Columns(
            {name: (place,) for place, name in enumerate(fields)}, {name: names[name] for name in fields}, len(fields)
        )
        cells = [Row(line, [texts.get(name, "") for name in fields]) for line, (_, texts) in enumerate(rows)]
        reading = read_table(Table("", columns, cells), self._profile, feed=self._feed, office_zone=self._office_zone)
        problems = [_told(rows[one.line][0], one.column, one.problem, one.gravity) for one in reading.problems]
        return reading.visits, problems


def _for_rows(profile: ProfileConfig, places: Places) -> ProfileConfig:
    """The profile as far as it concerns rows whose own times are already in order."""
    formats = {name: form for name, form in profile.format.items() if name in places.chosen and name not in OWN}
    return profile.model_copy(
        update={
            "columns": {},
            "format": formats,
            "timezone": None,
            "days": "rows",
            "status": {**WORDS, **profile.status},
        }
    )


def _problems(found: Expansion, origins: Sequence[_Origin]) -> Iterator[RowProblem]:
    for place, fault in found.faults.items():
        yield _told(origins[place], fault.column, str(fault), Gravity.UNREADABLE)
    for place, doubt in found.doubts:
        yield _told(origins[place], doubt.column, doubt.problem, Gravity.DOUBTFUL)


def _told(origin: _Origin, column: str, problem: str, gravity: Gravity) -> RowProblem:
    uid = f"event {origin.uid}: " if origin.uid else ""
    return RowProblem(origin.file, origin.line, column, f"{uid}{problem}", gravity)


def _place(start: Moment, floating: ZoneInfo) -> ZoneInfo | None:
    """The zone of the place where it happens, as far as the event tells: UTC is the clock of no place."""
    for zone in (start.tzinfo if isinstance(start, datetime) else None, floating):
        if isinstance(zone, ZoneInfo) and zone.key.removeprefix("Etc/").casefold() not in UNIVERSAL:
            return zone
    return None


def _written(moment: Moment, own: str) -> str:
    """As a row tells it: a day, the local time in the row's own zone, else the time with its offset."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key == own:
        return moment.replace(tzinfo=None).isoformat(sep=" ")
    return moment.astimezone(UTC).isoformat()


def _last(occurrence: Occurrence, own: str) -> str:
    """The end; of an all-day event its last day, where calendars tell the day after."""
    if occurrence.end is None:
        return ""
    if isinstance(occurrence.end, datetime):
        return _written(occurrence.end, own)
    return max(occurrence.end - timedelta(days=1), occurrence.start).isoformat() if _is_day(occurrence.start) else ""


def _is_day(moment: date) -> bool:
    return not isinstance(moment, datetime)


def _stamps(entry: Entry) -> dict[str, str]:
    found = {"booked_at": entry.created, "modified_at": entry.modified if entry.modified > LONG_AGO else None}
    return {name: moment.isoformat() for name, moment in found.items() if moment is not None}
