"""The kinds of feed there are, and how one is opened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.intake.caldav_feed import CaldavConfig
from dispatchwatch.intake.csv_feed import CsvConfig
from dispatchwatch.intake.desk_feed import DeskConfig
from dispatchwatch.intake.feed import Feed, FeedConfig, FeedError, Unsettled
from dispatchwatch.intake.ical_feed import IcalConfig
from dispatchwatch.intake.json_feed import JsonConfig
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.web_way import Way
from dispatchwatch.intake.webhook import WebhookConfig
from dispatchwatch.intake.xlsx_feed import XlsxConfig

FEEDS: Mapping[str, type[FeedConfig]] = {
    "caldav": CaldavConfig,
    "csv": CsvConfig,
    "desk": DeskConfig,
    "ical": IcalConfig,
    "json": JsonConfig,
    "webhook": WebhookConfig,
    "xlsx": XlsxConfig,
}


def open_feed(
    config: FeedConfig, profile: ProfileConfig | None, *, office_zone: ZoneInfo, base: Path, way: Way | None = None
) -> Feed:
    """The feed of a configuration; without a profile everything is found by name and by evidence."""
    return config.open(profile or ProfileConfig(), office_zone=office_zone, base=base, way=way)


def read_once(
    config: FeedConfig,
    profile: ProfileConfig | None,
    *,
    office_zone: ZoneInfo,
    base: Path,
    now: datetime,
    way: Way | None = None,
) -> Snapshot:
    """What a source says right now, for a preview: see `fetch_once`."""
    return fetch_once(open_feed(config, profile, office_zone=office_zone, base=base, way=way), now)


def fetch_once(feed: Feed, now: datetime) -> Snapshot:
    """What a feed says: two looks in a row are all the settling that is waited for. Raises FeedError."""
    try:
        return feed.fetch(now)
    except Unsettled:
        pass  # the first look at a file only takes note of it
    try:
        return feed.fetch(now)
    except Unsettled as unsettled:
        raise FeedError(f"{unsettled}; try again in a moment.") from None
