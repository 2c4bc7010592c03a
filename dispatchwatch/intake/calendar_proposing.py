"""Where in a calendar's events the technician, the customer, the site and the status seem to stand, and what to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.calendar_fields import BESIDES, TOLD_IN_TEXT, WORDS
from dispatchwatch.intake.calendar_sight import CalendarSight, EventSeen
from dispatchwatch.intake.columns import folded
from dispatchwatch.intake.field_words import FIELD_WORDS
from dispatchwatch.intake.proposing import WordSeen
from dispatchwatch.intake.questions import NONE, Question, about_word
from dispatchwatch.intake.statuses import StatusWords, normal
from dispatchwatch.intake.synonyms import SURE
from dispatchwatch.intake.title_parts import PARTS, TitleParts, title_parts

SHOWN = ("technician", "customer", "site", "address", "status", "kind", "order_ref")
PLACES: Mapping[str, str] = {
    "attendee": "the people invited",
    "organizer": "who made the entry",
    "category": "the category",
    "location": "the location",
    "title": "the whole title",
    NONE: "the calendar does not say",
}
ORDINALS = ("first", "second", "third")
NOTHING = "nothing of these"


@dataclass(frozen=True, slots=True)
class CalendarAnswers:
    """What a person has said: the place of a field (NONE: nowhere), the field of a part of the titles (empty: none),
    and the meaning of status words."""

    fields: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[int, str] = field(default_factory=dict)
    status: Mapping[str, Status] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """Where a field is taken from, in words and in how many events it stands there."""

    name: str
    place: str
    events: int
    samples: tuple[str, ...]


class CalendarProposal:
    """What a calendar means, beside what has been said already. Pure."""

    def __init__(self, sight: CalendarSight, answers: CalendarAnswers) -> None:
        self._sight = sight
        self._said = answers
        self._titles = title_parts([event.title for event in sight.events])
        self._words = StatusWords({**WORDS, **answers.status})

    def summary(self) -> str:
        """The pattern that takes titles apart, as the configuration has it; empty where none does."""
        if self._titles is None:
            return ""
        return self._titles.pattern([self._said.parts.get(place, "") for place in range(len(self._titles.columns))])

    def places(self) -> Mapping[str, str]:
        """`fields` of the configuration: only what is not found by itself. Nothing but the people invited would be
        taken for something that somebody said the calendar does not tell."""
        told = {name: place for name, place in self._said.fields.items() if place != NONE}
        return told | ({"technician": ""} if self._said.fields.get("technician") == NONE else {})

    def seen(self) -> tuple[FieldSeen, ...]:
        return tuple(found for name in SHOWN if (found := self._field(name)).events)

    def words(self) -> tuple[WordSeen, ...]:
        counted: Counter[str] = Counter()
        first: dict[str, str] = {}
        for event in self._sight.events:
            if word := self._text(event, "status"):
                first.setdefault(normal(word), word)
                counted[normal(word)] += 1
        known = ((first[key], count, self._words.meaning(first[key], has_start=True)) for key, count in counted.items())
        return tuple(WordSeen(word, count, meaning.status if meaning else None) for word, count, meaning in known)

    def questions(self) -> Iterator[Question]:
        """All that a person may be asked."""
        if self._titles:
            yield from self._about_titles(self._titles)
        for name in ("technician", "customer"):
            if name not in self._said.parts.values() and not self._told_by_name(name):
                yield from self._about_field(name)
        yield from self._about_status()
        for one in self.words():
            if one.status is None:
                yield about_word(one.word, one.rows)

    def _about_titles(self, titles: TitleParts) -> Iterator[Question]:
        told = self._told_by_name("technician") or "technician" in self._said.fields
        suggested = titles.suggested(self._words, technician_told=bool(told))
        for place in range(len(titles.columns)):
            samples = ", ".join(f"“{one}”" for one in titles.samples(place))
            text = (
                f"{titles.fitting} of {titles.of} titles are made like “{titles.example}”."
                f" What is the {ORDINALS[place]} part ({samples})?"
            )
            explained = {name: FIELD_WORDS[name] for name in PARTS}
            option = f"--answer title:{place + 1}=customer"
            key, choices = f"title:{place + 1}", (*PARTS, NOTHING)
            yield Question(key, text, choices, option, suggested.get(place, ""), explained)

    def _about_field(self, name: str) -> Iterator[Question]:
        held = self._sight.places()
        taken = {place for field, place in self._said.fields.items() if field != name}
        choices = [place for place in held if place not in taken and (name, place) != ("technician", "location")]
        if not choices:
            return
        suggestion, why = self._suggestion(name)
        text = f"{why}Where do the events say who {'does the work' if name == 'technician' else 'the customer is'}?"
        explained = {place: self._explained(place, held.get(place, 0)) for place in (*choices, NONE)}
        option = f"--answer field:{name}={choices[0]}"
        yield Question(f"field:{name}", text, (*choices, NONE), option, suggestion, explained)

    def _suggestion(self, name: str) -> tuple[str, str]:
        if name != "technician":
            return NONE, ""
        many = [event for event in self._sight.events if len(event.attendees) > 1]
        if many:
            share = f"{len(many)} of {_events(len(self._sight.events))}"
            return "", f"Several people are invited to {share}, such as {'; '.join(many[0].attendees)}. "
        return ("attendee" if any(event.attendees for event in self._sight.events) else ""), ""

    def _about_status(self) -> Iterator[Question]:
        """A line that nobody has named, and that holds words of the kind."""
        if self._told_by_name("status") or "status" in self._said.parts.values():
            return
        for place in self._sight.places():
            texts = {event.at(place) for event in self._sight.events} - {""}
            known = sum(1 for text in texts if self._words.meaning(text, has_start=True))
            if place.startswith(("key:", "property:")) and known * 3 >= len(texts) * 2:
                text = f"Do {_named(place)} tell how far a visit is (such as {', '.join(self._sight.samples(place))})?"
                yield Question("field:status", text, (place, NONE), f'--answer "field:status={place}"', place)
                return

    def _explained(self, place: str, events: int) -> str:
        if place == NONE:
            return PLACES[NONE]
        return f"{_named(place)}, in {_events(events)}, such as {', '.join(self._sight.samples(place, 2))}"

    def _field(self, name: str) -> FieldSeen:
        texts = [text for event in self._sight.events if (text := self._text(event, name))]
        return FieldSeen(name, self._place(name), len(texts), tuple(dict.fromkeys(texts))[:3])

    def _place(self, name: str) -> str:
        if name in self._said.fields:
            return _named(self._said.fields[name])
        if name in self._said.parts.values():
            return "a part of the title"
        if key := self._told_by_name(name):
            return _named(key)
        usual = {"technician": "attendee", "address": "location", "kind": "category"}
        return _named(usual[name]) if name in usual else "the usual place"

    def _told_by_name(self, name: str) -> str:
        """The line or property that says it by its name, which is found without being configured."""
        if name not in TOLD_IN_TEXT:
            return ""
        known = {*SURE[name], *BESIDES.get(name, ())}
        for place in self._sight.places():
            kind, _, label = place.partition(":")
            if (kind == "key" and folded(label) in known) or (kind == "property" and folded(label[2:]) in known):
                return place
        return ""

    def _text(self, event: EventSeen, name: str) -> str:
        if name in self._said.fields:
            if name == "status" and event.texts.get(name) == "cancelled":
                return "cancelled"
            return event.at(self._said.fields[name])
        return self._part(event, name) or event.texts.get(name, "")

    def _part(self, event: EventSeen, name: str) -> str:
        place = next((place for place, part in self._said.parts.items() if part == name), None)
        if place is None or self._titles is None:
            return ""
        parts = [part.strip() for part in event.title.split(self._titles.separator)]
        return parts[place] if len(parts) == len(self._titles.columns) else ""


def _named(place: str) -> str:
    kind, _, label = place.partition(":")
    if kind == "key":
        return f"the lines “{label}: …” of the description"
    return f"the property {label}" if kind == "property" else PLACES[place]


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"
