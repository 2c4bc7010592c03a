"""What a feed is read as, without touching the record."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dispatchwatch.app.config import Config
from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.watched import Seen, Watched, sight
from dispatchwatch.intake.catalog import FEEDS, read_once
from dispatchwatch.intake.feed import FeedConfig, FeedError
from dispatchwatch.intake.profile import ProfileConfig

WORKBOOKS = frozenset({".xlsx", ".xlsm"})


class PreviewFailure(Exception):
    """Nothing can be shown; `status` is 2 where the call was wrong, 1 where the source is."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


def preview_feed(config: Config, name: str, now: datetime) -> tuple[Snapshot, list[Watched]]:
    """A configured feed as it would be read now. Raises `PreviewFailure`."""
    feeds = {feed.name: feed for feed in config.feeds}
    if name not in feeds:
        raise PreviewFailure(f"There is no feed “{name}”; the feeds are {', '.join(feeds) or 'none'}.", 2)
    return _read(config, feeds[name], config.profile_of(feeds[name]), now)


def preview_file(config: Config, file: Path, profile: str, now: datetime) -> tuple[Snapshot, list[Watched]]:
    """A file as it would be read with this profile, or with none. Raises `PreviewFailure`."""
    if profile and profile not in config.profiles:
        known = ", ".join(config.profiles) or "none"
        raise PreviewFailure(f"There is no [profile.{profile}]; the profiles are {known}.", 2)
    kind = "xlsx" if file.suffix.lower() in WORKBOOKS else "csv"
    feed = FEEDS[kind].model_validate({"name": "preview", "kind": kind, "path": str(file.absolute())})
    return _read(config, feed, config.profiles.get(profile, ProfileConfig()), now)


def _read(config: Config, feed: FeedConfig, profile: ProfileConfig, now: datetime) -> tuple[Snapshot, list[Watched]]:
    try:
        snapshot = read_once(
            feed, profile, office_zone=config.office.zone, base=config.path.parent, now=now, way=config.way
        )
    except FeedError as error:
        raise PreviewFailure(f"The feed {feed.name} can’t be read: {error}") from None
    return snapshot, [sight(None, visit, Seen(None, now)) for visit in snapshot.visits]
