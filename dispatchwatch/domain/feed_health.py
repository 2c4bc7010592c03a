"""How far a feed's picture of the day can be trusted now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

STALE_AT_LEAST = timedelta(minutes=5)
STALE_INTERVALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """What is known of one feed's readings.

    `last_good_at` is the last reading that was whole and believed; `failing_since` the first failed one
    after it. `shrunken` is the digest of a snapshot set aside because it lost too much; `shrunken_at` when.
    `source_at` is when the source last wrote what we read, `rows` how many visits that held.
    """

    feed: str
    interval: timedelta
    last_attempt_at: datetime | None = None
    last_good_at: datetime | None = None
    failing_since: datetime | None = None
    problem: str = ""
    shrunken: str = ""
    shrunken_at: datetime | None = None
    shrunken_rows: int = 0
    source_at: datetime | None = None
    digest: str = ""
    rows: int = 0
    bad_rows: int = 0

    @property
    def limit(self) -> timedelta:
        """How old the last good reading may be (study 4.1: three intervals, at least five minutes)."""
        return max(STALE_INTERVALS * self.interval, STALE_AT_LEAST)

    def fresh(self, now: datetime, awake_since: datetime) -> bool:
        """Whether absence of news in this feed may be believed.

        A reading from before the program started, or before the computer slept, does not count; nor does one
        that a clock since set back puts in the future.
        """
        if self.last_good_at is None or self.shrunken:
            return False
        return self.last_good_at >= awake_since and timedelta() <= now - self.last_good_at <= self.limit
