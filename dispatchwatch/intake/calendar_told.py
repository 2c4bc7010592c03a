"""What the properties of one event tell, as text."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dispatchwatch.intake.columns import folded
from dispatchwatch.intake.statuses import StatusWords

if TYPE_CHECKING:
    from icalendar import Event

CANCELLED_TITLE = re.compile(r"\s*(?:canceled|cancelled|abgesagt)\s*:\s*", re.IGNORECASE)
KEY_LINE = re.compile(r"\s*[-*•]?\s*([^\W\d_][^:=\n]{0,39}?)\s*[:=]\s*(?!//)(\S.*)")
BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li|/tr)\b[^>]*>", re.IGNORECASE)
TAGS = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


class Told:
    """One event. Everything is looked up on demand; `words` are the status words that are known."""

    def __init__(self, event: Event, words: StatusWords) -> None:
        self._event = event
        self._words = words

    def plain(self, name: str) -> str:
        """The text of a property; of several with the name the first; empty where there is none."""
        found = self._first(name)
        return "" if found is None else str(found).strip()

    @cached_property
    def title(self) -> str:
        return CANCELLED_TITLE.sub("", self.plain("SUMMARY"), count=1).strip()

    @cached_property
    def cancelled(self) -> bool:
        """Outlook leaves STATUS as it was and writes the word in front of the title (study 3.4)."""
        title = CANCELLED_TITLE.match(self.plain("SUMMARY"))
        return title is not None or self.plain("STATUS").upper() == "CANCELLED"

    @cached_property
    def notes(self) -> str:
        text = self.plain("DESCRIPTION")
        if TAGS.search(text):
            text = html.unescape(TAGS.sub("", BREAKS.sub("\n", text)))
        return text.strip()

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The `Key: value` lines of the description by folded key; the first of several counts."""
        found: dict[str, str] = {}
        for line in self.notes.splitlines():
            match = KEY_LINE.fullmatch(line)
            if match and (key := folded(match[1])):
                found.setdefault(key, match[2].strip())
        return found

    @cached_property
    def own(self) -> Mapping[str, str]:
        """X- properties by folded name without the X."""
        return {folded(name[2:]): self.plain(name) for name in self._event if name.upper().startswith("X-")}

    @cached_property
    def categories(self) -> list[str]:
        found = (str(one).strip() for value in self._all("CATEGORIES") for one in _parts(value))
        return [one for one in found if one]

    def key(self, name: str) -> str:
        return self.keys.get(folded(name), "")

    def named(self, name: str) -> str:
        """What stands in the description under a key, in an X- property, or in a property of that name."""
        key = folded(name)
        return self.keys.get(key) or self.own.get(key) or self.plain(name.strip().upper())

    def status_category(self) -> str:
        """The first category that is a status word."""
        return next((one for one in self.categories if self._means_status(one)), "")

    def status(self) -> str:
        return self.status_category() or self.plain("STATUS").lower()

    def kind(self) -> str:
        return next((one for one in self.categories if not self._means_status(one)), "")

    def priority(self) -> str:
        """0 means undefined (RFC 5545, 3.8.1.9)."""
        return self.plain("PRIORITY").removeprefix("0")

    def latitude(self) -> str:
        return self._geo("latitude", 0)

    def longitude(self) -> str:
        return self._geo("longitude", 2)

    def technicians(self) -> str:
        return self.people("ATTENDEE")

    def people(self, name: str, *, email: bool = False) -> str:
        """The names, else addresses, separated by `;`: without who declined, and without who invites others."""
        hosts = {str(host).casefold() for host in self._all("ORGANIZER")} if name == "ATTENDEE" else set()
        invited = [one for one in self._all(name) if _parameter(one, "PARTSTAT").upper() != "DECLINED"]
        guests = [one for one in invited if str(one).casefold() not in hosts]
        return ";".join(dict.fromkeys(filter(None, (_person(one, email=email) for one in guests or invited))))

    def _geo(self, name: str, part: int) -> str:
        degrees = attribute(self._first("GEO"), name)
        return self.plain("GEO").partition(";")[part] if degrees is None else str(degrees)

    def _means_status(self, word: str) -> bool:
        return self._words.meaning(word, has_start=True) is not None

    def _all(self, name: str) -> list[Any]:
        value = self._event.get(name) if name else None
        return value if isinstance(value, list) else [] if value is None else [value]

    def _first(self, name: str) -> Any:
        return next(iter(self._all(name)), None)


def attribute(value: Any, name: str) -> Any:
    """A part of a value; None where it has none or could not be read (the library raises then)."""
    try:
        return getattr(value, name, None)
    except ValueError:
        return None


def _parts(categories: Any) -> list[Any]:
    return attribute(categories, "cats") or []


def _parameter(value: Any, name: str) -> str:
    return str(getattr(value, "params", {}).get(name, ""))


def _person(value: Any, *, email: bool) -> str:
    address = re.sub(r"^mailto:", "", str(value), flags=re.IGNORECASE).strip()
    name = "" if email else _parameter(value, "CN").strip().strip('"')
    return (name or address).replace(";", ",")
