"""Where in an event the fields of a visit stand: as configured, else where calendars usually have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.calendar_patterns import Pattern, compiled, groups
from dispatchwatch.intake.calendar_told import Told
from dispatchwatch.intake.columns import JOIN
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.statuses import StatusWords
from dispatchwatch.intake.synonyms import FIELDS, SURE

if TYPE_CHECKING:
    from icalendar import Event

OWN = frozenset({"ext_id", "sched_start", "sched_end", "anytime", "date", "duration"})
"""Fields that a calendar has its own word for; no line of text stands for them."""

TOLD_IN_TEXT = frozenset({
    "order_ref", "status", "window_start", "window_end", "technician", "technician_id", "technician_phone", "customer",
    "customer_phone", "site", "address", "site_timezone", "priority", "contract", "kind", "cancel_reason",
    "cancelled_by", "skills", "parts", "locked",
})  # fmt: skip
"""Fields that a `Key: value` line of the description, or an X- property, may tell without being configured."""

BESIDES: Mapping[str, tuple[str, ...]] = {
    "customer_phone": ("phone", "telephone", "tel", "mobile", "telefon"),
    "order_ref": ("order", "orderno", "ordernumber", "job", "auftrag"),
    "customer": ("kunde",),
}
"""Names that are clear in the description of one visit, though not in a table."""

WORDS = {"tentative": Status.SCHEDULED}
"""What calendars say beside the stock of status words (RFC 5545, 3.8.1.11)."""

USUAL: Mapping[str, tuple[str, Callable[[Told], str]]] = {
    "technician": ("ATTENDEE", Told.technicians),
    "status": ("STATUS", Told.status),
    "kind": ("CATEGORIES", Told.kind),
    "priority": ("PRIORITY", Told.priority),
    "title": ("SUMMARY", lambda told: told.title),
    "notes": ("DESCRIPTION", lambda told: told.notes),
    "address": ("LOCATION", lambda told: told.plain("LOCATION")),
    "url": ("URL", lambda told: told.plain("URL")),
    "latitude": ("GEO", Told.latitude),
    "longitude": ("GEO", Told.longitude),
}
TIMES = {
    "ext_id": "UID", "sched_start": "DTSTART", "sched_end": "DTEND", "site_timezone": "TZID",
    "booked_at": "CREATED", "modified_at": "LAST-MODIFIED",
}  # fmt: skip

SIMPLE: Mapping[str, Callable[[Told], str]] = {
    "": lambda _: "",
    "attendee": Told.technicians,
    "attendee_email": lambda told: told.people("ATTENDEE", email=True),
    "organizer": lambda told: told.people("ORGANIZER"),
    "organizer_email": lambda told: told.people("ORGANIZER", email=True),
    "category": lambda told: ";".join(told.categories),
    "location": lambda told: told.plain("LOCATION"),
    "description": lambda told: told.notes,
    "title": lambda told: told.title,
}
NAMED = frozenset({"key", "property", "summary"})


def _place(place: str) -> str:
    kind, _, rest = place.partition(":")
    if place not in SIMPLE and not (kind in NAMED and rest.strip()):
        names = ", ".join(filter(None, SIMPLE))
        raise ValueError(
            f"'{place}' is not a place in an event; the places are {names}, key:NAME, property:X-NAME, summary:PATTERN"
        )
    if kind == "summary":
        compiled(rest)
    return place


def _known(fields: Mapping[str, str]) -> Mapping[str, str]:
    for name in fields:
        if name in OWN:
            raise ValueError(f"'{name}' comes from the calendar itself and can’t be taken from elsewhere")
        if name not in FIELDS:
            known = ", ".join(field for field in FIELDS if field not in OWN)
            raise ValueError(f"'{name}' is not a field this program knows; the fields are: {known}")
    return fields


def _with_names(pattern: str) -> str:
    names = compiled(pattern).groupindex
    if not names:
        raise ValueError("the pattern names nothing; write what stands where, such as (?P<customer>.+)")
    _known(dict.fromkeys(names, ""))
    return pattern


Fields = Annotated[Mapping[str, Annotated[str, AfterValidator(_place)]], AfterValidator(_known)]
"""From a field to its place; an empty place says that the calendar does not tell it.

Places: `attendee`, `attendee_email`, `organizer`, `organizer_email`, `category`, `location`, `description`, `title`,
`key:NAME` (a line `NAME: value` of the description), `property:X-NAME`, `summary:PATTERN` (its group of the field's
name, else its first group, in the title).
"""

SummaryPattern = Annotated[Pattern, AfterValidator(_with_names)]


class Places:
    """Where the fields of a feed are found. What the profile calls columns are keys or properties of these names."""

    def __init__(self, fields: Mapping[str, str], summary: str, profile: ProfileConfig) -> None:
        columns = {name: f"column:{header}" if header.strip() else "" for name, header in profile.columns.items()}
        self.chosen = {name: place for name, place in columns.items() if name not in OWN} | dict(fields)
        self._summary = compiled(summary) if summary else None
        self._patterns = {
            place: compiled(place.removeprefix("summary:"))
            for place in self.chosen.values()
            if place.startswith("summary:")
        }
        self._words = StatusWords({**WORDS, **profile.status})

    def texts(self, event: Event) -> dict[str, str]:
        """The texts of one event by field, without its times; what is empty is left out."""
        told = Told(event, self._words)
        parts = groups(self._summary, told.title) if self._summary else {}
        texts = {name: text for name in FIELDS if name not in OWN and (text := self._text(name, told, parts))}
        if told.cancelled:
            texts["status"] = "cancelled"
        return texts

    def labels(self) -> Iterator[tuple[str, str]]:
        """What to call each field in a problem."""
        for name in FIELDS:
            usual = USUAL[name][0] if name in USUAL else TIMES.get(name, name)
            yield name, self.chosen.get(name, "").rpartition(":")[2] or usual

    def _text(self, name: str, told: Told, parts: Mapping[str, str]) -> str:
        if name in self.chosen:
            return self._at(self.chosen[name], name, told)
        return parts.get(name) or _by_default(name, told)

    def _at(self, place: str, name: str, told: Told) -> str:
        kind, _, rest = place.partition(":")
        if kind == "summary":
            found = groups(self._patterns[place], told.title)
            return found.get(name) or found.get("", "")
        if kind == "key":
            return told.key(rest)
        if kind == "property":
            return told.plain(rest.strip().upper())
        if kind == "column":
            return " ".join(text for part in rest.split(JOIN) if (text := told.named(part)))
        if (name, kind) == ("status", "category"):
            return told.status_category() or SIMPLE[kind](told)
        return SIMPLE[kind](told)


def _by_default(name: str, told: Told) -> str:
    if name in TOLD_IN_TEXT:
        for key in SURE[name] + BESIDES.get(name, ()):
            if text := told.keys.get(key) or told.own.get(key):
                return text
    return USUAL[name][1](told) if name in USUAL else ""
