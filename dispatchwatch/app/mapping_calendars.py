"""Connecting calendars: ical and caldav."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from dispatchwatch.app.mapping_columns import found_words
from dispatchwatch.app.mapping_office import FoundTable
from dispatchwatch.app.mapping_session import MappingSession, with_profile
from dispatchwatch.app.mapping_settings import setting
from dispatchwatch.intake.caldav_feed import SeveralCalendars
from dispatchwatch.intake.calendar_config import CalendarConfig
from dispatchwatch.intake.calendar_proposing import NOTHING, CalendarAnswers, CalendarProposal
from dispatchwatch.intake.calendar_sight import CalendarSight, look_at_calendar
from dispatchwatch.intake.feed import NotLetIn
from dispatchwatch.intake.questions import NONE, Question
from dispatchwatch.intake.title_parts import PARTS

ADDRESS, FILE = "address", "file"
WHERE = "from"


@dataclass(frozen=True, kw_only=True)
class CalendarSession(MappingSession):
    """`names` are the calendars to choose from, where there are several; `asks_who`: the server wants to know who asks.
    `origin` is whether the calendar has an address or is a file."""

    sight: CalendarSight | None = None
    said: CalendarAnswers = field(default_factory=CalendarAnswers)
    names: tuple[str, ...] = ()
    asks_who: bool = False
    origin: str = ""

    @property
    def is_seen(self) -> bool:
        return self.sight is not None

    def about_access(self) -> Iterable[Question]:
        return self._about_server() if self.kind == "caldav" else self._about_calendar()

    def _about_calendar(self) -> Iterable[Question]:
        if "url" in self.settings or "path" in self.settings:
            return
        if not self.origin:
            explained = {
                ADDRESS: "the calendar is on the web: an address that begins with https:// or webcal://",
                FILE: "an .ics file on this computer or in your network, or a folder of them",
            }
            yield Question(WHERE, "Where is the calendar?", (ADDRESS, FILE), "--url or --path", explained=explained)
        elif self.origin == FILE:
            yield Question("path", "Which .ics file, or which folder of them?", (), "--path day.ics", path=True)
        else:
            yield Question("url", self._address_text(), (), "--url env:NAME", secret=True)

    def _address_text(self) -> str:
        text = "The calendar’s address, as your calendar program shows it under “share” or “secret address”."
        if self.office.can_keep:
            return f"{text} Whoever has it can read the calendar, so it is kept in the keyring of this computer."
        return f"{text} Whoever has it can read the calendar, and it will stand in the configuration file."

    def _about_server(self) -> Iterable[Question]:
        if "url" not in self.settings:
            text = "The address of the calendar server, or of the calendar on it, such as https://cloud.example.com"
            yield Question("url", text, (), "--url https://cloud.example.com")
        if self.asks_who and not setting(self.settings, "user"):
            yield Question("user", "The server wants to know who asks. User name?", (), "--user NAME")
        if (self.asks_who or setting(self.settings, "user")) and "password" not in self.settings:
            text = "Password? An app password is best: most servers make one for each program, under “security”."
            yield Question("password", text, (), "--secret password=env:NAME", secret=True)
        if self.names and not setting(self.settings, "calendar"):
            yield Question("calendar", "Which calendar has the visits?", self.names, '--answer "calendar=…"')

    def is_secret(self, key: str) -> bool:
        return super().is_secret(key) or (self.kind == "ical" and key == "url")

    def may_stand_in_file(self, key: str) -> bool:
        return self.kind == "ical" and key == "url"

    def takes_unseen(self, key: str) -> bool:
        return key == WHERE

    def again(self) -> MappingSession:
        known = self.asks_who or bool(setting(self.settings, "user"))
        return super(CalendarSession, replace(self, asks_who=known)).again()

    def look_at(self, now: datetime) -> Self:
        config = self.config()
        if not isinstance(config, CalendarConfig):
            raise TypeError(config.kind)
        try:
            zone, base, way = self.zone, self.office.base, self.office.way
            sight = look_at_calendar(config, office_zone=zone, base=base, now=now, way=way)
        except SeveralCalendars as several:
            return replace(self, names=several.names)
        except NotLetIn:
            if self.kind != "caldav" or setting(self.settings, "user"):
                raise
            return replace(self, asks_who=True)
        return replace(self, sight=sight)

    def unseen(self) -> Self:
        return replace(self, sight=None)

    def about_source(self) -> Iterable[Question]:
        return self._proposal.questions() if self.sight else ()

    def taking(self, key: str, choice: str) -> Self:
        about, _, name = key.partition(":")
        settled = self.settled | {key}
        if key == WHERE and choice in (ADDRESS, FILE):
            return replace(self, origin=choice, settled=settled)
        if about == "status":
            profile = with_profile(self.profile, {"status": {**self.profile.status, name: choice}})
            said = replace(self.said, status=profile.status)
            return replace(self, profile=profile, said=said, settled=settled)
        if about == "field" and self.sight:
            return replace(self, said=self._placed(name, choice), settled=settled)
        if about == "title" and name.isdigit() and choice in (*PARTS, NOTHING):
            part = "" if choice == NOTHING else choice
            others = {place: told for place, told in self.said.parts.items() if told != part or not part}
            said = replace(self.said, parts={**others, int(name) - 1: part})
            return replace(self, said=said, settled=settled)
        raise ValueError(f"“{choice}” is no answer to “{key}”.")

    def _placed(self, name: str, place: str) -> CalendarAnswers:
        held = self.sight.places() if self.sight else {}
        if place not in held and place != NONE:
            raise ValueError(f"The events hold nothing at “{place}”; they do at {', '.join(held)}.")
        return replace(self.said, fields={**self.said.fields, name: place})

    def entry(self) -> Mapping[str, Any]:
        if self.sight is None:
            return self.settings
        told = {"fields": dict(self._proposal.places()), "summary": self._proposal.summary()}
        return {**self.settings, **{name: value for name, value in told.items() if value}}

    @property
    def _proposal(self) -> CalendarProposal:
        if self.sight is None:
            raise ValueError("The calendar has not been looked at yet.")
        return CalendarProposal(self.sight, self.said)

    @property
    def found(self) -> tuple[FoundTable, ...]:
        if self.sight is None:
            return ()
        proposal = self._proposal
        entries, visits, days = len(self.sight.events), self.sight.visits, self.sight.days
        title = (
            f"{self.sight.source}: {_counted(entries, 'entry', 'entries')}"
            f" that make {_counted(visits, 'visit', 'visits')} on {_counted(days, 'day', 'days')}."
        )
        places = ((place, count, list(self.sight.samples(place))) for place, count in self.sight.places().items())
        fields = ((one.name, one.place, one.events, list(one.samples)) for one in proposal.seen())
        return (
            FoundTable(title, ("place", "entries", "samples"), tuple(places)),
            FoundTable("What they are taken for:", ("field", "from", "entries", "samples"), tuple(fields)),
            *found_words(proposal.words()),
        )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
