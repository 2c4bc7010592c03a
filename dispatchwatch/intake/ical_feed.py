"""Calendars as .ics: one behind an address on the web, or files in a folder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from pydantic import SecretStr, model_validator

from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.intake.calendar_config import CalendarConfig, Snapshots, check_answer, clock_ahead
from dispatchwatch.intake.feed import Feed, FeedError, Unsettled
from dispatchwatch.intake.files import Sighting, files_at, read_whole
from dispatchwatch.intake.secret import SecretAddress
from dispatchwatch.intake.web import Limits, Request, Web, shown
from dispatchwatch.intake.web_patience import Patience
from dispatchwatch.intake.web_way import Way


class IcalConfig(CalendarConfig):
    """`kind = "ical"`. Either `url` (https, webcal or http; whoever has it can read the calendar, so it is a secret)
    or `path`: a file, a pattern or a folder of .ics files; relative ones start at the configuration's folder."""

    kind: str = "ical"
    url: SecretAddress | None = None
    path: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.url and self.url.get_secret_value().strip()) is bool(self.path and self.path.strip()):
            raise ValueError("write either url, the calendar’s address, or path, its file, and not both")
        if self.path and "\0" in self.path:
            raise ValueError("the path can’t be read")
        return self

    def feeding(self, snapshots: Snapshots, base: Path, way: Way | None) -> Feed:
        if self.path:
            return IcalFiles(self, snapshots, base / self.path)
        return IcalAddress(self, snapshots, Web(Limits(bytes=self.max_bytes), way=way))


class IcalAddress:
    """The whole calendar is fetched each time and held against the last one: servers answer "unchanged" wrongly,
    or never (study 3.4)."""

    def __init__(self, config: IcalConfig, snapshots: Snapshots, web: Web) -> None:
        self.name = config.name
        self.interval = config.every
        self._url = config.url or SecretStr("")
        self._snapshots = snapshots
        self._web = web
        self._patience = Patience()

    def fetch(self, now: datetime) -> Snapshot:
        """See `Feed.fetch`."""
        self._patience.begin(now, self._snapshots.window(now).zone)
        headers = {"Accept": "text/calendar, */*;q=0.1"}
        page = self._web.fetch(Request(url=self._url.get_secret_value(), headers=headers))
        self._patience.hear(page)
        where = shown(page.url)
        check_answer(page, where)
        return self._snapshots.take({where: page.body}, now, clock_ahead=clock_ahead(page, now))


class IcalFiles:
    """A file counts once two fetches in a row have seen it with the same size and time of writing."""

    def __init__(self, config: IcalConfig, snapshots: Snapshots, place: Path) -> None:
        self.name = config.name
        self.interval = config.every
        self._max_bytes = config.max_bytes
        self._snapshots = snapshots
        self._place = place
        self._seen: tuple[Sighting, ...] = ()
        self._read: tuple[Sighting, ...] = ()

    def fetch(self, now: datetime) -> Snapshot:
        """See `Feed.fetch`. Files that are as they were at the last reading are read again on a new day only."""
        seen = files_at(self._place, ".ics")
        held = self._snapshots.held(now)
        if held is not None and seen == self._read:
            return held
        settled, self._seen = seen in (self._seen, self._read), seen
        if not settled:
            raise Unsettled(str(self._place))
        contents = {str(one.path): self._contents(one) for one in seen}
        newest = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=max(one.modified_ns for one in seen) // 1000)
        snapshot = self._snapshots.take(contents, now, source_at=newest)
        self._read = seen
        return snapshot

    def _contents(self, seen: Sighting) -> bytes | FeedError:
        try:
            return read_whole(seen, self._max_bytes)
        except FeedError as failure:
            return failure
