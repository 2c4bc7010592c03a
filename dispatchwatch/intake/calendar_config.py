"""What both calendar feeds share: their settings and how they take a server's answer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import Field

from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.intake.calendar_fields import Fields, SummaryPattern
from dispatchwatch.intake.calendar_window import Window
from dispatchwatch.intake.feed import Feed, FeedConfig, FeedError, NotLetIn
from dispatchwatch.intake.fields import Interval
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.web import MEGABYTE, Page
from dispatchwatch.intake.web_way import Way

REFUSALS = {
    401: "does not let us in (401). Check user and password, or copy the secret address anew",
    403: "does not allow reading it (403). Ask whoever runs it to share it with this user",
    404: "has no calendar at this address (404). It may have been removed or its address renewed; copy it anew",
    410: "says that this calendar is gone for good (410). Copy the address of the one that took its place",
    429: "is asked too often (429). Set a longer `every` for this feed",
}


class Snapshots(Protocol):
    """What calendars are made into snapshots by: see `CalendarSnapshots`."""

    def window(self, now: datetime) -> Window: ...

    def held(self, now: datetime) -> Snapshot | None: ...

    def take(
        self,
        contents: Mapping[str, bytes | FeedError],
        now: datetime,
        *,
        source_at: datetime | None = None,
        clock_ahead: timedelta | None = None,
        collection: str = "",
    ) -> Snapshot: ...


class CalendarConfig(FeedConfig):
    """Settings of `ical` and `caldav` feeds.

    The calendar is read from `days_back` days before today to `days_ahead` days after it, in the office's zone.
    `fields` says where in an event a field stands (see `calendar_fields`), `summary` is a pattern with named groups
    that takes titles apart.
    """

    every: Interval = timedelta(minutes=5)
    profile: str | None = None
    days_back: int = Field(default=2, ge=0, le=366)
    days_ahead: int = Field(default=14, ge=0, le=366)
    fields: Fields = Field(default_factory=dict)
    summary: SummaryPattern | None = None
    max_bytes: int = Field(default=50 * MEGABYTE, gt=0)

    @abstractmethod
    def feeding(self, snapshots: Snapshots, base: Path, way: Way | None) -> Feed:
        """The feed whose calendars go into `snapshots`."""

    def open(self, profile: ProfileConfig, *, office_zone: ZoneInfo, base: Path, way: Way | None = None) -> Feed:
        # the libraries behind it take long to load, and not every office has a calendar
        from dispatchwatch.intake.calendar_snapshots import CalendarSnapshots

        return self.feeding(CalendarSnapshots(self, profile, office_zone), base, way)


def check_answer(page: Page, where: str) -> None:
    """Raises FeedError for an answer that is a refusal or a fault."""
    if 200 <= page.status < 300:
        return
    if page.status >= 500:
        advice = "It is asked again; if this lasts, ask whoever runs it"
        raise FeedError(f"{where} has a fault of its own ({page.status}). {advice}.")
    reason = REFUSALS.get(page.status, f"answers with {page.status} instead of a calendar. Check the address")
    if page.status == 401:
        raise NotLetIn(f"{where} {reason}.", page.headers.get("www-authenticate", ""))
    raise FeedError(f"{where} {reason}.")


def clock_ahead(page: Page, now: datetime) -> timedelta | None:
    return page.date - now if page.date is not None else None
