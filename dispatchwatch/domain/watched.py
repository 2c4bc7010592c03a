"""What we remember of a visit beyond what its source says now.

A source shows only the present. Lateness needs the past too: when we learnt that a visit was moved, taken back
out of cancellation, or checked in. Everything here follows from the sightings alone, in their order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.visit import AWAITED, Status, Visit, VisitKey

WITHDRAWN_AFTER = timedelta(minutes=5)


class Seen(NamedTuple):
    """A receipt interval: what is new at `until` happened after the look before it, at `since`."""

    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A visit together with its past.

    `moved_earlier_at` and `reinstated_at` (back out of cancellation, or back in the schedule) are when we learnt of it,
    not when it was done. `check_in_seen` is
    the receipt interval of the first evidence. `missing_since` is set while a complete snapshot lacks it,
    `withdrawn_at` once a second one, minutes later, has lacked it too.
    """

    visit: Visit
    first_seen_at: datetime
    moves: int = 0
    moved_at: datetime | None = None
    moved_earlier_at: datetime | None = None
    cancellations: int = 0
    reinstated_at: datetime | None = None
    check_in_seen: Seen | None = None
    missing_since: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def key(self) -> VisitKey:
        return self.visit.key

    @property
    def withdrawn(self) -> bool:
        """Whether the source has dropped the visit for good, not just for one reading."""
        return self.withdrawn_at is not None

    def deadline(self, policy: Policy) -> datetime | None:
        """The check-in deadline: promise plus grace; later where we learnt too late to be fair.

        A visit pulled forward, or taken back after its deadline, gets its grace from the moment we knew (study
        4.3).
        """
        promise = self.visit.promise
        if promise is None:
            return None
        thresholds = policy.for_visit(self.visit)
        due = promise + thresholds.check_in_grace
        if self.moved_earlier_at is not None:
            due = max(due, self.moved_earlier_at + thresholds.moved_grace)
        if self.reinstated_at is not None and self.reinstated_at > due:
            due = self.reinstated_at + thresholds.check_in_grace
        return due


def sight(before: Watched | None, visit: Visit, seen: Seen) -> Watched:
    """What we know of a visit after one more sighting. Seeing the same again changes nothing."""
    if before is None:
        return Watched(
            visit=visit,
            first_seen_at=seen.until,
            cancellations=int(visit.status is Status.CANCELLED),
            check_in_seen=Seen(None, seen.until) if visit.checked_in else None,
        )
    visit = _with_sound_status(before.visit, visit)
    if visit == before.visit and before.missing_since is None:
        return before
    after = replace(before, visit=visit, missing_since=None, withdrawn_at=None)
    if before.withdrawn:
        after = replace(after, reinstated_at=seen.until)
    after = _note_move(before.visit, after, seen.until)
    after = _note_cancellation(before.visit, after, seen.until)
    if not visit.checked_in:
        return replace(after, check_in_seen=None)
    return after if after.check_in_seen else replace(after, check_in_seen=seen)


def miss(before: Watched, now: datetime) -> Watched:
    """What we know after a complete snapshot, read at `now`, that should have held the visit but did not."""
    if before.missing_since is None:
        return replace(before, missing_since=now)
    if before.withdrawn_at is None and now - before.missing_since >= WITHDRAWN_AFTER:
        return replace(before, withdrawn_at=now)
    return before


def _with_sound_status(before: Visit, visit: Visit) -> Visit:
    """A status word we cannot read leaves the visit in its last status that we could."""
    if visit.status is Status.UNKNOWN and before.status is not Status.UNKNOWN:
        return replace(visit, status=before.status)
    return visit


def _note_move(before: Visit, after: Watched, now: datetime) -> Watched:
    old, new = before.promise, after.visit.promise
    if old == new:
        return after
    earlier = old is not None and new is not None and new < old
    return replace(after, moves=after.moves + 1, moved_at=now, moved_earlier_at=now if earlier else None)


def _note_cancellation(before: Visit, after: Watched, now: datetime) -> Watched:
    was, is_now = before.status, after.visit.status
    if was is not Status.CANCELLED and is_now is Status.CANCELLED:
        return replace(after, cancellations=after.cancellations + 1, reinstated_at=None)
    if was is Status.CANCELLED and is_now in AWAITED:
        return replace(after, reinstated_at=now)
    return after
