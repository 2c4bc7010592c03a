"""The text of calendar files (RFC 5545) taken apart into calendars, zones and events, before anything is understood.

Every VEVENT comes out, also one that is broken off: what is wrong with it is its `fault`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dispatchwatch.intake.decoding import decode, is_web_page
from dispatchwatch.intake.feed import FeedError

LINE_END = re.compile(r"\r\n|\r|\n")
FOLD_INSIDE_A_LETTER = re.compile(rb"([\xc0-\xff][\x80-\xbf]*)(\r?\n[ \t])([\x80-\xbf]+)")
MOST_EVENTS, MOST_LINES = 100_000, 3_000_000
MOST_LINES_OF_AN_EVENT = 10_000
TOO_LONG = f"it has more than {MOST_LINES_OF_AN_EVENT:,} lines, which no event needs"
BROKEN_OFF = "it breaks off in the middle; the file may not be whole"


@dataclass(frozen=True, slots=True)
class Block:
    """One VEVENT: its unfolded lines without BEGIN and END and without what is nested in it (alarms).

    `line` is that of its BEGIN, from 1. `fault` says why it can't be whole.
    """

    line: int
    lines: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CalendarText:
    """One VCALENDAR: its own properties (upper-case name to value), its zones by TZID, its events in order."""

    properties: Mapping[str, str]
    zones: Mapping[str, tuple[str, ...]]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class FileText:
    """All calendars of one file. `whole` is False where it ends before its last calendar does."""

    calendars: tuple[CalendarText, ...]
    whole: bool


@dataclass(slots=True)
class _Open:
    """A calendar under construction."""

    properties: dict[str, str] = field(default_factory=dict)
    zones: dict[str, tuple[str, ...]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def closed(self) -> CalendarText:
        return CalendarText(self.properties, self.zones, tuple(self.blocks))


def read_text(raw: bytes, encoding: str | None, source: str) -> FileText:
    """The calendars in a file. Raises FeedError, naming `source`, when it holds none, or more than can be."""
    if raw.startswith(b"PK\x03\x04"):
        raise FeedError(f"{source} is a zip archive, not a calendar. Unpack it and name the .ics file inside.")
    # Folding counts bytes, so a line may end in the middle of a letter.
    text = decode(FOLD_INSIDE_A_LETTER.sub(rb"\1\3\2", raw), encoding, source).text
    if text.upper().count("BEGIN:VEVENT") > MOST_EVENTS or max(map(text.count, "\r\n")) > MOST_LINES:
        raise FeedError(
            f"{source} holds more events than a schedule can. Take old ones out, or choose another calendar."
        )
    found = _Splitter().split(text)
    if not found.calendars:
        raise FeedError(_no_calendar(text, source))
    return found


def _no_calendar(text: str, source: str) -> str:
    if not text.strip():
        return f"{source} is empty where a calendar is expected. Check whether the export still runs."
    if is_web_page(text):
        advice = "perhaps a page to sign in. Copy the calendar’s own address, which often ends in .ics"
        return f"{source} gives a web page, not a calendar, {advice}."
    return f"{source} is not a calendar: BEGIN:VCALENDAR is nowhere in it. Check the address or the path."


def unfolded(text: str) -> Iterator[tuple[int, str]]:
    """The logical lines, each with the number of its first line."""
    parts: list[str] = []
    first = 1
    for number, line in enumerate(LINE_END.split(text), 1):
        if line[:1] in {" ", "\t"} and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield first, "".join(parts)
        first, parts = number, [line]
    if parts:
        yield first, "".join(parts)


def named(line: str) -> str:
    """The upper-case name of the property in a line."""
    return re.split(r"[;:]", line, maxsplit=1)[0].strip().upper()


class _Splitter:
    """Goes through the lines once. `path` are the components that are open, inside the calendar."""

    def __init__(self) -> None:
        self._done: list[CalendarText] = []
        self._open: _Open | None = None
        self._path: list[str] = []
        self._lines: list[str] = []
        self._line = 0

    def split(self, text: str) -> FileText:
        for number, line in unfolded(text):
            word = line.strip().upper()
            if word.startswith("BEGIN:"):
                self._begin(word[6:].strip(), number)
            elif word.startswith("END:"):
                self._end(word[4:].strip(), line)
            elif word:
                self._take(line)
        whole = self._open is None
        self._close_calendar()
        return FileText(tuple(self._done), whole)

    def _begin(self, name: str, number: int) -> None:
        if name == "VCALENDAR":
            self._close_calendar()
            self._open = _Open()
            return
        if name == "VEVENT":
            self._close_event(BROKEN_OFF)
            self._open = self._open or _Open()
            self._path = []
        if not self._path:
            self._lines, self._line = [], number
        elif self._path[0] == "VTIMEZONE":
            self._lines.append(f"BEGIN:{name}")
        self._path.append(name)

    def _end(self, name: str, line: str) -> None:
        if name == "VCALENDAR":
            self._close_calendar()
        elif name == "VEVENT":
            self._close_event("")
        elif self._path and name in self._path:
            del self._path[self._path.index(name) :]
            if name == "VTIMEZONE" and not self._path:
                self._keep_zone()
            elif self._path[:1] == ["VTIMEZONE"]:
                self._lines.append(line.strip())

    def _take(self, line: str) -> None:
        if self._open is None:
            return
        if not self._path:
            self._open.properties.setdefault(named(line), line.partition(":")[2].strip())
        elif self._path == ["VEVENT"] or self._path[0] == "VTIMEZONE":
            self._lines.append(line)

    def _keep_zone(self) -> None:
        name = next((line.partition(":")[2].strip() for line in self._lines if named(line) == "TZID"), "")
        if self._open is not None and name:
            self._open.zones.setdefault(name, tuple(self._lines))

    def _close_event(self, fault: str) -> None:
        if self._open is not None and self._path[:1] == ["VEVENT"]:
            fault = TOO_LONG if len(self._lines) > MOST_LINES_OF_AN_EVENT else fault
            self._open.blocks.append(Block(self._line, tuple(self._lines[:MOST_LINES_OF_AN_EVENT]), fault))
            self._path = []

    def _close_calendar(self) -> None:
        self._close_event(BROKEN_OFF)
        if self._open is not None:
            self._done.append(self._open.closed())
        self._open, self._path = None, []
