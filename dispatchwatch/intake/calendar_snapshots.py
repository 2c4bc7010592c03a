"""Snapshots of a calendar that stay the very same while the calendar does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from dispatchwatch.domain.schedule import Gravity, RowProblem, Snapshot
from dispatchwatch.intake.calendar_config import CalendarConfig
from dispatchwatch.intake.calendar_fields import Places
from dispatchwatch.intake.calendar_reading import CalendarReader
from dispatchwatch.intake.calendar_text import FileText, read_text
from dispatchwatch.intake.calendar_window import Window
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.profile import ProfileConfig

STAMPS = re.compile(rb"^DTSTAMP[:;][^\r\n]*\r?\n?", re.MULTILINE | re.IGNORECASE)
"""Google and others write the time of the download there: it says nothing of the event."""


class CalendarSnapshots:
    """Turns the files of a calendar into snapshots; the same text on the same day is the very same snapshot."""

    def __init__(
        self, config: CalendarConfig, profile: ProfileConfig, office_zone: ZoneInfo, places: Places | None = None
    ) -> None:
        """`places` are those of the configuration, unless others are given."""
        self._config = config
        self._profile = profile
        self._zone = office_zone
        places = places or Places(config.fields, config.summary or "", profile)
        self._reader = CalendarReader(config.name, places, profile, office_zone)
        self._held: tuple[Window, Snapshot] | None = None

    def window(self, now: datetime) -> Window:
        return Window.around(now, self._config.days_back, self._config.days_ahead, self._zone)

    def held(self, now: datetime) -> Snapshot | None:
        """The last snapshot, as long as its day lasts and nothing was lacking in it."""
        if self._held is None or self._held[0] != self.window(now) or self._held[1].lacking:
            return None
        return replace(self._held[1], read_at=now)

    def take(
        self,
        contents: Mapping[str, bytes | FeedError],
        now: datetime,
        *,
        source_at: datetime | None = None,
        clock_ahead: timedelta | None = None,
        collection: str = "",
    ) -> Snapshot:
        """The snapshot of files by name. Raises FeedError if none of them is a calendar.

        With `collection`, the name of the calendar they make up, each stands for an event: one that can't be read
        costs itself alone.
        """
        window = self.window(now)
        digest = _digest(contents, window)
        if self._held is None or self._held[1].digest != digest:
            self._held = window, self._read(contents, window, now, digest, collection)
        fresh = replace(self._held[1], read_at=now, source_at=source_at, clock_ahead=clock_ahead)
        self._held = window, fresh
        return fresh

    def _read(
        self, contents: Mapping[str, bytes | FeedError], window: Window, now: datetime, digest: str, collection: str
    ) -> Snapshot:
        files, failures = self._texts(contents)
        if failures and not files and not collection:
            raise next(iter(failures.values()))
        costly = [str(failure) for name, failure in failures.items() if not collection or failure is contents[name]]
        lacking = next(iter(costly), "") or ("" if collection else _cut_off(files))
        reading = self._reader.read(files, window)
        lost = tuple(RowProblem(name, 1, "", str(failure), Gravity.UNREADABLE) for name, failure in failures.items())
        complete = self._profile.complete and not lacking
        return Snapshot(
            feed=self._config.name,
            read_at=now,
            visits=reading.visits,
            digest=digest,
            complete=complete,
            covered=window.days if complete else frozenset(),
            sources=(collection,) if collection else tuple(contents),
            problems=lost + reading.problems,
            lacking=lacking,
        )

    def _texts(self, contents: Mapping[str, bytes | FeedError]) -> tuple[dict[str, FileText], dict[str, FeedError]]:
        files: dict[str, FileText] = {}
        failures: dict[str, FeedError] = {}
        for name, raw in contents.items():
            try:
                files[name] = self._text(name, raw)
            except FeedError as failure:
                failures[name] = failure
        return files, failures

    def _text(self, name: str, raw: bytes | FeedError) -> FileText:
        if isinstance(raw, FeedError):
            raise raw
        return read_text(raw, self._profile.encoding, name)


def _digest(contents: Mapping[str, bytes | FeedError], window: Window) -> str:
    whole = sha256(f"{window.first} {window.last}".encode())
    for raw in contents.values():
        text = STAMPS.sub(b"", raw) if isinstance(raw, bytes) else str(raw).encode(errors="replace")
        whole.update(sha256(text).digest())
    return whole.hexdigest()


def _cut_off(files: Mapping[str, FileText]) -> str:
    name = next((name for name, text in files.items() if not text.whole), "")
    return f"{name} ends before its calendar does, so events may be missing. It is read again." if name else ""
