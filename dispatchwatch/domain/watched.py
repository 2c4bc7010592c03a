"""What we remember of a visit beyond what its source says now.

A source shows only the present. The rules need the past too: when we learnt that a visit was moved, cancelled, taken
back or checked in. Everything here follows from the sightings alone, in their order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from dispatchwatch.domain.evidence import found_nobody
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.soundness import Told, sound
from dispatchwatch.domain.visit import AWAITED, OVER, Status, Visit, VisitKey

WITHDRAWN_AFTER = timedelta(minutes=5)
REMEMBERED_MOVES = 30
PROGRESS = attrgetter("status", "status_at", "en_route_at", "arrived_at", "started_at", "completed_at", "departed_at")


class Seen(NamedTuple):
    """A receipt interval: what is new at `until` happened after the look before it, at `since`."""

    since: datetime | None
    until: datetime

    def instant(self, *stamps: datetime | None) -> datetime:
        """When it happened: the source's own stamp where that lies in the interval, else the latest it can be.

        A stamp from before the interval is believed too: the source may have been slow to show it. One from after
        it comes from a clock that runs ahead.
        """
        return min((stamp for stamp in stamps if stamp is not None and stamp <= self.until), default=self.until)


class Move(NamedTuple):
    """The planned start went from `old` to `new` while the visit was still to come.

    `at` is the source's stamp of its last change, where it has one.
    """

    old: datetime
    new: datetime
    seen: Seen
    at: datetime | None = None


class Cancellation(NamedTuple):
    """A visit was called off. `start` is the start that was in force until then, `status` where the visit stood.

    `number` counts the cancellations of this visit, so that a second one is news of its own. `at` is the source's
    stamp of it, where it has one.
    """

    number: int
    start: datetime | None
    status: Status
    seen: Seen
    at: datetime | None = None


class Pause(NamedTuple):
    """Work stood still from `start` on; `end` is None while it still does."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A visit together with its past.

    `moved_earlier_at` and `reinstated_at` (back out of cancellation, or back in the schedule) are when we learnt of it,
    not when it was done. `check_in_seen` is the receipt interval of the first evidence. `progressed_at` is when we
    last learnt how far the visit is (`PROGRESS`): all told of that was so by then. `missing_since` is set while a
    complete snapshot lacks it, `withdrawn_at` once a second one, minutes later, has lacked it too; `disappearances`
    counts those. `unassignments` counts how often a visit that had technicians was left without any. `first_start` is
    the start the customer was told first. `unread_status` is the source's word for the status while nobody has
    said what it means; `conflicts` are the codes of what contradicts itself (soundness.py), `contradicting` the times
    that do, `conflicts_since` when we learnt of just these contradictions.
    """

    visit: Visit
    first_seen_at: datetime
    first_start: datetime | None = None
    moves: tuple[Move, ...] = ()
    moved_earlier_at: datetime | None = None
    cancellation: Cancellation | None = None
    reinstated_at: datetime | None = None
    no_shows: int = 0
    no_show_seen: Seen | None = None
    check_in_seen: Seen | None = None
    progressed_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    missing_since: datetime | None = None
    withdrawn_at: datetime | None = None
    disappearances: int = 0
    unassignments: int = 0
    unread_status: str = ""
    conflicts: tuple[str, ...] = ()
    contradicting: tuple[Told, ...] = ()
    conflicts_since: datetime | None = None

    @property
    def key(self) -> VisitKey:
        return self.visit.key

    @property
    def withdrawn(self) -> bool:
        """Whether the source has dropped the visit for good, not just for one reading."""
        return self.withdrawn_at is not None

    @property
    def cancellations(self) -> int:
        return self.cancellation.number if self.cancellation else 0

    def paused_for(self, start: datetime, until: datetime) -> timedelta:
        """How long the work stood still between two instants."""
        return sum(
            (max(min(pause.end or until, until) - max(pause.start, start), timedelta()) for pause in self.pauses),
            timedelta(),
        )

    def deadline(self, policy: Policy) -> datetime | None:
        """The check-in deadline: promise plus grace; later where we learnt too late to be fair.

        A visit pulled forward, or taken back after its deadline, gets its grace from the moment we knew (study
        4.3). One without a time is due when its day closes, in an office that wants that.
        """
        promise, thresholds = self.visit.promise, policy.for_visit(self.visit)
        due = policy.closing(self.visit) if promise is None else promise + thresholds.check_in_grace
        if due is None:
            return None
        if self.moved_earlier_at is not None:
            due = max(due, self.moved_earlier_at + thresholds.moved_grace)
        if self.reinstated_at is not None and self.reinstated_at > due:
            due = self.reinstated_at + thresholds.check_in_grace
        return due

    def promised(self, policy: Policy) -> datetime | None:
        """The promise, or what takes its place where we learnt too late to be fair: the deadline without its grace."""
        promise = self.visit.promise
        if promise is None or (self.moved_earlier_at is None and self.reinstated_at is None):
            return promise
        deadline = self.deadline(policy)
        if deadline is None:
            return None
        return max(promise, deadline - policy.for_visit(self.visit).check_in_grace)


def sight(before: Watched | None, told: Visit, seen: Seen, *, repeated: bool = False) -> Watched:
    """What we know of a visit after one more sighting. Seeing the same again changes nothing.

    What contradicts itself is not believed: there the visit keeps its last sound state. `repeated` says that the
    source has several rows of this visit that do not agree.
    """
    visit, unread, conflicts, contradicting = sound(
        before.visit if before else None,
        _with_crew(before.visit, told) if before else told,
        seen.until,
        repeated=repeated,
        doubted=before.conflicts if before else (),
    )
    if before is None:
        first = _first(visit, seen, unread, conflicts)
        return replace(first, contradicting=contradicting, conflicts_since=seen.until) if conflicts else first
    doubts = (before.unread_status, before.conflicts, before.contradicting)
    unchanged = visit == before.visit and (unread, conflicts, contradicting) == doubts
    if unchanged and before.missing_since is None:
        return before
    after = replace(
        before, visit=visit, missing_since=None, withdrawn_at=None, unread_status=unread, contradicting=contradicting
    )
    if conflicts != before.conflicts:
        after = replace(after, conflicts=conflicts, conflicts_since=seen.until if conflicts else None)
    if before.withdrawn:
        after = replace(after, reinstated_at=seen.until)
    if before.missing_since is not None and seen.since is not None:
        seen = Seen(min(seen.since, before.missing_since), seen.until)
    if PROGRESS(visit) != PROGRESS(before.visit):
        after = replace(after, progressed_at=seen.until)
    after = _note_move(before, after, seen)
    after = _note_cancellation(before.visit, after, seen)
    after = _note_no_show(before.visit, after, seen)
    after = _note_pause(before.visit, after, seen)
    if before.visit.technicians and not visit.technicians:
        after = replace(after, unassignments=before.unassignments + 1)
    heard = after.check_in_seen or seen
    return replace(after, check_in_seen=heard if visit.checked_in else None)


def _with_crew(before: Visit, told: Visit) -> Visit:
    """A source that does not say who goes takes nobody off: what was known of it stays."""
    if not told.silent_on_crew or before.silent_on_crew:
        return told
    return replace(told, technicians=before.technicians, crew_untold=before.crew_untold)


def entered(before: Watched, visit: Visit, now: datetime) -> Watched:
    """What we know of a visit once the desk has spoken of it. What its source lacks or contradicts stays open."""
    after = sight(replace(before, missing_since=None, withdrawn_at=None), visit, Seen(None, now))
    return replace(
        after,
        missing_since=before.missing_since,
        withdrawn_at=before.withdrawn_at,
        unread_status=before.unread_status,
        conflicts=before.conflicts,
        contradicting=before.contradicting,
        conflicts_since=before.conflicts_since,
    )


def miss(before: Watched, now: datetime) -> Watched:
    """What we know after a complete snapshot, read at `now`, that should have held the visit but did not."""
    if before.missing_since is None:
        return replace(before, missing_since=now)
    if before.withdrawn_at is None and now - before.missing_since >= WITHDRAWN_AFTER:
        return replace(before, withdrawn_at=now, disappearances=before.disappearances + 1)
    return before


def _first(visit: Visit, seen: Seen, unread: str, conflicts: tuple[str, ...]) -> Watched:
    """A visit never seen before. What had happened to it by then happened at an unknown time before `seen.until`."""
    by_now = Seen(None, seen.until)
    cancelled, is_no_show = visit.status is Status.CANCELLED, found_nobody(visit)
    called_off = Cancellation(1, visit.start, Status.UNKNOWN, by_now, _called_off_at(None, visit))
    return Watched(
        visit=visit,
        first_seen_at=seen.until,
        first_start=visit.start,
        cancellation=called_off if cancelled else None,
        no_shows=int(is_no_show),
        no_show_seen=by_now if is_no_show else None,
        check_in_seen=by_now if visit.checked_in else None,
        progressed_at=seen.until,
        pauses=(Pause(by_now.instant(visit.status_at)),) if visit.status is Status.PAUSED else (),
        unread_status=unread,
        conflicts=conflicts,
    )


def _note_move(before: Watched, after: Watched, seen: Seen) -> Watched:
    old, new = before.visit.promise, after.visit.promise
    if old != new:
        earlier = old is not None and new is not None and new < old
        after = replace(after, moved_earlier_at=seen.until if earlier else None)
    if after.visit.status in OVER or after.visit.checked_in:
        return after  # what an office enters once it is over moves nobody's appointment
    was = before.moves[-1].new if before.moves else before.first_start
    now = after.visit.start
    if was is None or now is None or was == now:
        return after if was is not None else replace(after, first_start=now)
    stamp = after.visit.modified_at
    known = stamp if stamp is not None and (seen.since is None or seen.since < stamp) and stamp <= seen.until else None
    return replace(after, moves=(*after.moves, Move(was, now, seen, known))[-REMEMBERED_MOVES:])


def _note_cancellation(before: Visit, after: Watched, seen: Seen) -> Watched:
    was, is_now = before.status, after.visit.status
    if was is not Status.CANCELLED and is_now is Status.CANCELLED:
        # Some sources clear or move the start when they cancel; notice counts to the start that was in force.
        at = _called_off_at(before, after.visit)
        if at is not None and after.cancellation is not None and at == after.cancellation.at:
            at = None  # left over from the time before
        cancelled = Cancellation(after.cancellations + 1, before.start, was, seen, at)
        return replace(after, cancellation=cancelled, reinstated_at=None)
    if was is Status.CANCELLED and is_now in AWAITED:
        return replace(after, reinstated_at=seen.until)
    called_off = after.cancellation
    if is_now is Status.CANCELLED and called_off is not None and called_off.at is None:
        # Some sources say that it is cancelled first, and when only later.
        stamp = after.visit.cancelled_at if after.visit.cancelled_at != before.cancelled_at else None
        return replace(after, cancellation=called_off._replace(at=stamp))
    return after


def _called_off_at(before: Visit | None, visit: Visit) -> datetime | None:
    """When the source says that it was called off; a stamp of the status counts if it came with that status."""
    came_along = before is None or visit.status_at != before.status_at
    return visit.cancelled_at or (visit.status_at if came_along else None)


def _note_no_show(before: Visit, after: Watched, seen: Seen) -> Watched:
    if not found_nobody(before) and found_nobody(after.visit):
        return replace(after, no_shows=after.no_shows + 1, no_show_seen=seen)
    return after


def _note_pause(before: Visit, after: Watched, seen: Seen) -> Watched:
    was, is_now = before.status is Status.PAUSED, after.visit.status is Status.PAUSED
    if was is is_now:
        return after
    at = seen.instant(after.visit.status_at)
    if is_now:
        return replace(after, pauses=(*after.pauses, Pause(at)))
    *earlier, last = after.pauses or (Pause(at),)
    return replace(after, pauses=(*earlier, last._replace(end=max(at, last.start))))
