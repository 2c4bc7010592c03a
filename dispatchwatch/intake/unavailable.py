"""A feed that can't be opened: each reading fails and says why, so that the board does."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.intake.feed import Feed, FeedConfig, FeedError
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.web_way import Way


class UnavailableConfig(FeedConfig):
    """What stands in place of a configured feed. `problem` is a sentence: what it lacks and what to do."""

    problem: str

    def open(self, profile: ProfileConfig, *, office_zone: ZoneInfo, base: Path, way: Way | None = None) -> Feed:  # noqa: ARG002
        return _Unavailable(self.name, self.every, self.problem)


class _Unavailable:
    def __init__(self, name: str, interval: timedelta, problem: str) -> None:
        self.name = name
        self.interval = interval
        self._problem = problem

    def fetch(self, now: datetime) -> Snapshot:  # noqa: ARG002
        """See `Feed.fetch`."""
        raise FeedError(f"{self._problem} Then start the program again.")
