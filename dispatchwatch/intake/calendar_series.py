"""All VEVENTs of one UID made into occurrences. What is bad in it costs itself alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import recurring_ical_events
from icalendar import Calendar, Event
from icalendar.prop import vDDDLists, vDDDTypes, vRecur

from dispatchwatch.intake.calendar_events import Entry, read_event
from dispatchwatch.intake.calendar_text import Block
from dispatchwatch.intake.calendar_window import Moment, Window, at
from dispatchwatch.intake.calendar_zones import Zones
from dispatchwatch.intake.faults import Doubt, Unreadable

A_DAY = timedelta(days=1)
PLACE = "X-PLACE"


class Member(NamedTuple):
    """One VEVENT of the UID, with the zones of the calendar it stands in."""

    block: Block
    zones: Zones


class Occurrence(NamedTuple):
    """Once that something takes place. `place` is its VEVENT's among the members; `ext_id` stays when it moves."""

    place: int
    ext_id: str
    start: Moment
    end: Moment | None


@dataclass(slots=True)
class Expansion:
    """What one UID gives. Every member is in `entries` (readable), in `faults`, or was `overtaken` by another."""

    entries: dict[int, Entry] = field(default_factory=dict)
    faults: dict[int, Unreadable] = field(default_factory=dict)
    overtaken: set[int] = field(default_factory=set)
    doubts: list[tuple[int, Doubt]] = field(default_factory=list)
    occurrences: list[Occurrence] = field(default_factory=list)


def expand(members: Sequence[Member], window: Window) -> Expansion:
    """The occurrences of one UID that concern the window: those of a series within it, those moved out of it, and
    a single event from the window's beginning on, however late, so that one moved far ahead is not taken for gone.
    """
    found = Expansion()
    for place, (block, zones) in enumerate(members):
        try:
            found.entries[place] = read_event(block, zones)
        except Unreadable as fault:
            found.faults[place] = fault
    _align(found.entries)
    _overtake(found)
    for place, entry in list(found.entries.items()):
        found.doubts.extend((place, doubt) for doubt in entry.doubts)
    _occur(found, window)
    return found


def _align(entries: dict[int, Entry]) -> None:
    """Some calendars name the occurrence that is replaced by its day alone, or a day by its midnight."""
    master = next((entry for entry in entries.values() if entry.original is None), None)
    if master is None:
        return
    for place, entry in entries.items():
        if entry.original is not None:
            entries[place] = replace(entry, original=_like(entry.original, master.start))


def _like(moment: Moment, start: Moment) -> Moment:
    if isinstance(moment, datetime):
        return moment if isinstance(start, datetime) else moment.date()
    return datetime.combine(moment, start.timetz()) if isinstance(start, datetime) else moment


def _overtake(found: Expansion) -> None:
    """Of several that say the same thing the highest SEQUENCE counts, then the last modified, then the last."""
    kept: dict[object, int] = {}
    for place, entry in list(found.entries.items()):
        which = at(entry.original, entry.zones.floating) if entry.original is not None else None
        other = kept.setdefault(which, place)
        if other == place:
            continue
        older, newer = sorted((other, place), key=lambda one: _rank(found.entries[one], one))
        kept[which] = newer
        del found.entries[older]
        found.overtaken.add(older)
        found.doubts.append((newer, Doubt("UID", "it stands there more than once; this one, the newest, was taken")))


def _rank(entry: Entry, place: int) -> tuple[object, ...]:
    return (entry.sequence, entry.modified, place)


def _occur(found: Expansion, window: Window) -> None:
    try:
        found.occurrences = list(_occurrences(found.entries, window))
        return
    except Exception as problem:  # noqa: BLE001 - whatever the library stumbles over costs this UID alone
        reason = Unreadable("RRULE", f"it can’t be unrolled: {problem}")
    if len(found.entries) == 1:
        found.faults |= dict.fromkeys(found.entries, reason)
        found.entries.clear()
        return
    for place, entry in list(found.entries.items()):
        alone = Expansion(entries={place: entry})
        _occur(alone, window)
        found.occurrences += alone.occurrences
        found.faults |= alone.faults
        if alone.faults:
            del found.entries[place]


def _occurrences(entries: Mapping[int, Entry], window: Window) -> Iterator[Occurrence]:
    masters = {place: entry for place, entry in entries.items() if entry.original is None}
    changed = {place: entry for place, entry in entries.items() if entry.original is not None}
    if any(entry.repeats for entry in masters.values()) or (masters and changed):
        yield from _unrolled(entries, window)
    else:
        for place, entry in masters.items():
            if not window.is_over(entry.start, entry.end, entry.zones.floating):
                yield Occurrence(place, entry.uid, entry.start, entry.end)
    excluded = {at(moment, entry.zones.floating) for entry in masters.values() for moment in entry.excluded}
    for place, entry in changed.items():
        if entry.original is not None and at(entry.original, entry.zones.floating) not in excluded:
            zone = entry.zones.floating
            if window.touches(entry.start, entry.end, zone) or window.touches(entry.original, None, zone):
                yield Occurrence(place, instance_id(entry, entry.original), entry.start, entry.end)


def instance_id(entry: Entry, original: Moment) -> str:
    """The UID and the original start: in UTC, or the day of an all-day event."""
    if isinstance(original, datetime):
        return f"{entry.uid}/{original.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{entry.uid}/{original:%Y%m%d}"


def _unrolled(entries: Mapping[int, Entry], window: Window) -> Iterator[Occurrence]:
    """What the library makes of the series, without the changed instances themselves."""
    calendar = Calendar()
    for place, entry in entries.items():
        calendar.add_component(_bare(place, entry))
    query = recurring_ical_events.of(calendar)
    for found in query.between(window.begins - A_DAY, window.ends + A_DAY):
        place = int(found[PLACE])
        entry, start = entries[place], found["DTSTART"].dt
        if entry.original is not None and (not entry.onwards or start == entry.start):
            continue
        end = found["DTEND"].dt
        if entry.end is None and (end == start or not isinstance(start, datetime)):
            end = None
        if window.touches(start, end, entry.zones.floating):
            original = start - _shift(entry)
            ext_id = instance_id(entry, original) if entry.repeats or entry.onwards else entry.uid
            yield Occurrence(place, ext_id, start, end)


def _shift(entry: Entry) -> timedelta:
    """By how much an event that changes a series from there on has moved it, on the clock."""
    start, original = entry.start, entry.original
    if isinstance(start, datetime) and isinstance(original, datetime):
        return start - original.astimezone(start.tzinfo)
    if original is None or isinstance(start, datetime) or isinstance(original, datetime):
        return timedelta()
    return start - original


def _bare(place: int, entry: Entry) -> Event:
    """Only what recurrence depends on, all in types that go together."""
    event = Event()
    event.add("UID", "one")
    event[PLACE] = str(place)
    event["DTSTART"] = vDDDTypes(entry.start)
    event["SEQUENCE"] = entry.sequence
    if entry.end is not None:
        event["DTEND"] = vDDDTypes(entry.end)
    if entry.original is not None:
        event["RECURRENCE-ID"] = vDDDTypes(entry.original)
        if entry.onwards:
            event["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
        return event
    if entry.rules:
        event["RRULE"] = [vRecur(rule) for rule in entry.rules]
    if entry.added:
        event["RDATE"] = vDDDLists([*entry.added])
    if entry.excluded:
        event["EXDATE"] = vDDDLists([*entry.excluded])
    return event
