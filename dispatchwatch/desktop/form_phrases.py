"""The words of forms: states, hints, and sentences that are made of what is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

ON, OFF = "On", "Off"
NEEDED = "needed"
NOTHING_CHOSEN = "Nothing chosen"
HOW_LONG = "for instance 90s, 15m, 24h or 2d"
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OPENS, CLOSES, TO, CLOSED = "opens", "closes", "to", "Closed"
SAME_AS_ABOVE = "As Monday, until Friday"
LATITUDE, LONGITUDE = "Latitude", "Longitude"
ADD, REMOVE, CHOOSE_FILE, LOOK_UP, FILE = "Add", "Remove", "Choose…", "Look up…", "Choose a file"
SHOW, HIDE, REPLACE, PASTE, FROM_FILE = "Show", "Hide", "Replace…", "Paste", "From a file…"
KEEP_OLD, MOVE = "Leave as it was", "Move it to the keyring"
ADD_NAME_HINT = "Type one and press Enter"
ADD_DATE_HINT = "2026-12-25, then Enter"
WILL_BE_KEPT = "It goes into the system keyring, not into the file."
NO_KEYRING = "This computer has no keyring. Write env:NAME or file:PATH: where the secret is to be found."
KEPT = "Kept in the system keyring"
TYPED_KEEPS = "Typed just now; goes into the system keyring when you save"
STANDS_IN_FILE = "Stands in the configuration file, where others can read it"
NOT_READ = "That file could not be read as text."
HOURS_WORDS: Mapping[str, str] = {
    "always": "At any time",
    "office": "In the office’s hours",
    "outside": "Outside the office’s hours",
}
OWN_HOURS = "In hours of its own"
DAYS_WORDS: Mapping[str, str] = {
    "rows": "The days that its rows are on",
    "today": "Those, and today even without a row",
}
OWN_DAYS = "These days"
MORE, FEWER = "More settings", "Fewer settings"
KEY, VALUE, SECRET = "Name", "Value", "Secret"
UP_TO, SPEED = "First", "Second"


def by_default(label: str) -> str:
    return f"{label} (as usual)"


def unknown(value: Any) -> str:
    return f"{value} (not known)"


def limits(least: Any, most: Any) -> str:
    if least is not None and most is not None:
        return f"from {least:g} to {most:g}" if isinstance(least, int | float) else f"from {least} to {most}"
    if least is not None:
        return f"{least} or more"
    return f"at most {most}" if most is not None else ""


def length(span: timedelta) -> str:
    """A length of time in words: 15 minutes, 1 hour 30 minutes."""
    seconds = round(span.total_seconds())
    parts = []
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(parts) or "no time at all"


def day_in_words(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def clock_there(moment: datetime) -> str:
    return f"It is {moment:%H:%M} there now"


def no_such_zone(text: str) -> str:
    return f"There is no time zone “{text}”; search for a city, such as Chicago"


def announced(label: str, problem: str) -> str:
    return f"{label}: {problem}"


def as_sentence(text: str) -> str:
    """Begins with a capital and ends with a full stop."""
    told = f"{text[:1].upper()}{text[1:]}"
    return told if told.endswith((".", "!", "?", "…")) or not told else f"{told}."


def read_from(reference: str) -> str:
    kind, _, where = reference.partition(":")
    if kind == "env":
        return f"Read from the environment variable {where}"
    return f"Read from the file {where}" if kind == "file" else KEPT


def hidden(text: str) -> str:
    lines = len(text.splitlines())
    return f"{len(text):,} characters in {lines} lines, hidden" if lines > 1 else f"{len(text):,} characters, hidden"


def line(number: int) -> str:
    return f"line {number}"


def remove(name: str) -> str:
    return f"Remove {name}"


def entry_name(label: str, number: int) -> str:
    return f"{label} {number}"
