"""What the events of a calendar hold, for a person who says what of it is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dispatchwatch.domain.schedule import days_of
from dispatchwatch.intake.calendar_config import CalendarConfig
from dispatchwatch.intake.calendar_fields import Places
from dispatchwatch.intake.calendar_told import KEY_LINE, Told
from dispatchwatch.intake.catalog import fetch_once
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.statuses import StatusWords
from dispatchwatch.intake.web_way import Way

if TYPE_CHECKING:
    from icalendar import Event

PROGRAMS_OWN = ("X-MICROSOFT", "X-APPLE", "X-MOZ", "X-GOOGLE", "X-LIC", "X-ALT", "X-WR", "X-MS", "X-OLK", "X-EVOLUTION")
"""Properties that calendar programs write for themselves."""


@dataclass(frozen=True, slots=True)
class EventSeen:
    """One event. `keys` are the `Key: value` lines of its description, `own` its X- properties; `texts` what the usual
    places tell, by field."""

    title: str
    location: str
    attendees: tuple[str, ...]
    organizer: str
    categories: tuple[str, ...]
    keys: Mapping[str, str]
    own: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)

    def at(self, place: str) -> str:
        """What stands in a place of the configuration, such as `key:Tech`; empty where nothing does."""
        kind, _, name = place.partition(":")
        found: Mapping[str, Callable[[], str]] = {
            "attendee": lambda: "; ".join(self.attendees),
            "organizer": lambda: self.organizer,
            "category": lambda: "; ".join(self.categories),
            "location": lambda: self.location,
            "title": lambda: self.title,
            "key": lambda: self.keys.get(name, ""),
            "property": lambda: self.own.get(name, ""),
        }
        return found[kind]() if kind in found else ""


@dataclass(frozen=True, slots=True)
class CalendarSight:
    """The events of the days that the feed reads. `visits` counts each time one takes place, `days` those days."""

    source: str
    events: tuple[EventSeen, ...]
    visits: int
    days: int
    problems: int

    def places(self) -> Mapping[str, int]:
        """The places that hold anything, and in how many events."""
        simple = ("title", "attendee", "organizer", "category", "location")
        keys = [f"key:{name}" for name in _names(event.keys for event in self.events)]
        own = [f"property:{name}" for name in _names(event.own for event in self.events)]
        counted = {place: sum(1 for event in self.events if event.at(place)) for place in (*simple, *keys, *own)}
        return {place: count for place, count in counted.items() if count}

    def samples(self, place: str, most: int = 3) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for event in self.events if (text := event.at(place))))[:most]


def look_at_calendar(
    config: CalendarConfig, *, office_zone: ZoneInfo, base: Path, now: datetime, way: Way | None = None
) -> CalendarSight:
    """Reads the calendar once. Raises FeedError."""
    from dispatchwatch.intake.calendar_snapshots import CalendarSnapshots

    profile = ProfileConfig()
    noting = _Noting({}, "", profile)
    snapshots = CalendarSnapshots(config, profile, office_zone, noting)
    snapshot = fetch_once(config.feeding(snapshots, base, way), now)
    days = {day for visit in snapshot.visits for day in days_of(visit, office_zone)[:1]}
    source = ", ".join(snapshot.sources)
    return CalendarSight(source, noting.seen(), len(snapshot.visits), len(days), len(snapshot.problems))


class _Noting(Places):
    """The usual places; notes every event whose texts are asked for."""

    def __init__(self, fields: Mapping[str, str], summary: str, profile: ProfileConfig) -> None:
        super().__init__(fields, summary, profile)
        self._noted: dict[int, tuple[Any, dict[str, str]]] = {}

    def texts(self, event: Event) -> dict[str, str]:
        found = super().texts(event)
        self._noted.setdefault(id(event), (event, found))
        return found

    def seen(self) -> tuple[EventSeen, ...]:
        return tuple(_seen(event, texts) for event, texts in self._noted.values())


def _seen(event: Event, texts: Mapping[str, str]) -> EventSeen:
    told = Told(event, StatusWords({}))
    people = told.technicians()
    own = {name.upper(): told.plain(name) for name in event if name.upper().startswith("X-")}
    return EventSeen(
        title=told.title,
        location=told.plain("LOCATION"),
        attendees=tuple(people.split(";")) if people else (),
        organizer=told.people("ORGANIZER"),
        categories=tuple(told.categories),
        keys=dict(_key_lines(told.notes)),
        own={name: text for name, text in own.items() if text and not name.startswith(PROGRAMS_OWN)},
        texts=texts,
    )


def _key_lines(notes: str) -> Iterator[tuple[str, str]]:
    """As `Told.keys`, with the keys as they are written."""
    for line in reversed(notes.splitlines()):
        if match := KEY_LINE.fullmatch(line):
            yield match[1].strip(), match[2].strip()


def _names(each: Iterator[Mapping[str, str]] | Sequence[Mapping[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for one in each for name in one))
