"""How far a feed's picture of the day can be trusted now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatchwatch.domain.schedule import Snapshot

STALE_AT_LEAST = timedelta(minutes=5)
STALE_INTERVALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """What is known of one feed's readings.

    `last_good_at` is the last reading that was whole and believed; `failing_since` the first failed one
    after it. `shrunken` is the digest of a snapshot set aside because it lost too much; `shrunken_at` when.
    `source_at` is when the source last wrote what we read, `rows` how many visits that held; `changed_at` the newest
    sign that the source is alive (`newest_change`). `clock_ahead` is how far its clock runs ahead of ours by its own
    word, `stamps_ahead` the least it must by the stamps of a day, found at `stamps_ahead_at`.
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
    changed_at: datetime | None = None
    clock_ahead: timedelta | None = None
    stamps_ahead: timedelta = timedelta()
    stamps_ahead_at: datetime | None = None

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


def newest_change(health: FeedHealth, snapshot: Snapshot) -> datetime:
    """The newest sign that the source is alive once this snapshot is read: it was written anew, or says other things.

    Of the first snapshot ever only its own stamps tell. After an outage the count starts anew: what the source did
    meanwhile nobody has seen.
    """
    now = snapshot.read_at
    if health.changed_at is None or not health.digest:
        stamps = [snapshot.source_at, *(visit.modified_at for visit in snapshot.visits)]
        return max((at for at in stamps if at is not None and at <= now), default=now)
    if snapshot.digest != health.digest or _was_out(health, now):
        return now
    written = snapshot.source_at
    return max(health.changed_at, written) if written is not None and written <= now else health.changed_at


def _was_out(health: FeedHealth, now: datetime) -> bool:
    if health.failing_since is None:
        return False
    return now - min(health.last_good_at or health.failing_since, health.failing_since) >= health.limit
