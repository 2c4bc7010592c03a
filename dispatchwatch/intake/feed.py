"""What a feed is to the rest of the program, and how a reading fails."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.intake.fields import Interval
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.web_way import Way


class FeedError(Exception):
    """A reading that failed. Its text is one plain sentence: what happened to which source, and what to do."""


class NotLetIn(FeedError):
    """The source does not know who asks. `offers` are the ways it takes, as its WWW-Authenticate header says."""

    def __init__(self, text: str, offers: str = "") -> None:
        super().__init__(text)
        self.offers = offers


class Unsettled(Exception):
    """The source is still being written; nothing is wrong, look again after `again_in`."""

    def __init__(self, source: str, again_in: timedelta = timedelta(seconds=1)) -> None:
        super().__init__(f"{source} is still being written")
        self.again_in = again_in


class Feed(Protocol):
    """A source of the schedule. `interval` is how often it wants to be fetched."""

    @property
    def name(self) -> str: ...

    @property
    def interval(self) -> timedelta: ...

    def fetch(self, now: datetime) -> Snapshot:
        """What the source says at `now`. Blocks; raises `FeedError` or `Unsettled`, nothing else.

        A source that has not changed costs next to nothing and gives a snapshot with the same digest and
        the very same `visits` tuple as before; only its stamps and covered days may be newer.
        """
        ...


class FeedConfig(BaseModel, ABC):
    """What every `[[feed]]` says (interface, section 2); each kind adds its own keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    kind: str
    every: Interval = timedelta(seconds=30)

    @abstractmethod
    def open(self, profile: ProfileConfig, *, office_zone: ZoneInfo, base: Path, way: Way | None = None) -> Feed:
        """The feed itself. `base` is the folder that relative paths start from, `way` how requests leave the office
        (straight, if left out); nothing is read yet."""
