"""The visits that are watched now, by key, and which of them are one appointment."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from dispatchwatch.app.appointments import Appointments
from dispatchwatch.domain.merging import SAME_START, is_same, lent
from dispatchwatch.domain.visit import OVER, Visit, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.store.schedules import Schedules

KEEP = timedelta(days=3)


class KnownVisits:
    """`visits` is for everybody to read; it is changed by `put` alone."""

    def __init__(self, schedules: Schedules, feeds: Iterable[str]) -> None:
        """`feeds` in the order of their standing; what is on record of them is known."""
        names = tuple(feeds)
        self._schedules = schedules
        self.visits: dict[VisitKey, Watched] = {}
        self._put_away: set[VisitKey] = set()
        self._appointments = Appointments(names)
        for name in names:
            for watched in schedules.of_feed(name):
                self.put(watched.key, watched)

    def put(self, key: VisitKey, watched: Watched | None) -> None:
        """From now on this is what is known of a visit; None where it is not known any more."""
        before = self.visits.get(key)
        self._appointments.change(before.visit if before else None, watched.visit if watched else None)
        if watched is None:
            self.visits.pop(key, None)
        else:
            self.visits[key] = watched

    def find(self, key: VisitKey) -> Watched | None:
        """What is known of a visit; one that was put away is fetched from the store."""
        found = self.visits.get(key)
        if found is None and key in self._put_away:
            self._put_away.discard(key)
            return self._schedules.get(key)
        return found

    def let_go(self, now: datetime, needed: Container[VisitKey | None], shown: Container[VisitKey]) -> set[VisitKey]:
        """Puts visits away that were over days ago, that no source shows any more and that are not `needed`."""
        old = {
            key
            for key, watched in self.visits.items()
            if key not in needed and key not in shown and _last_instant(watched) < now - KEEP
        }
        for key in old:
            self.put(key, None)
        self._put_away |= old
        return old

    def with_lent(self, visit: Visit) -> Visit:
        """The visit with what lesser feeds know of the same appointment."""
        for key in self._appointments.below(visit):
            other = self.visits[key].visit
            if is_same(visit, other):
                visit = lent(visit, other)
        return visit

    def counting_more(self, visit: Visit) -> Iterable[Watched]:
        """The same appointment in feeds whose word counts more."""
        for key in self._appointments.above(visit):
            watched = self.visits[key]
            if not watched.withdrawn and is_same(watched.visit, visit):
                yield watched

    def renumbered(self, told: Iterable[Visit], found: Container[VisitKey]) -> Mapping[VisitKey, VisitKey]:
        """Visits of a whole reading that are known under another id: new key by old. `found` are all of its keys.

        A source that deletes a visit and makes it anew gives it another id: the same order at the same time, the one
        gone and the other never seen. Where there is more than one to choose from, it is not guessed.
        """
        claims: dict[VisitKey, list[VisitKey]] = {}
        for visit in told:
            if visit.order_ref and visit.key not in self.visits:
                gone = [key for key in self._appointments.beside(visit) if self._was(key, visit, found)]
                if len(gone) == 1:
                    claims.setdefault(gone[0], []).append(visit.key)
        return {old: new[0] for old, new in claims.items() if len(new) == 1}

    def rename(self, old: VisitKey, new: VisitKey) -> Watched:
        """Has a visit be known by another id, with all its past; returns what was known by the old one."""
        before = self.visits[old]
        self.put(old, None)
        self.put(new, replace(before, visit=replace(before.visit, ext_id=new.ext_id)))
        return before

    def _was(self, key: VisitKey, visit: Visit, found: Container[VisitKey]) -> bool:
        known = self.visits[key].visit
        if key in found or known.status in OVER or known.start is None or visit.start is None:
            return False
        return abs(known.start - visit.start) <= SAME_START


def _last_instant(watched: Watched) -> datetime:
    visit = watched.visit
    instants = (visit.sched_start, visit.sched_end, visit.window_end, visit.completed_at, visit.cancelled_at)
    return max((instant for instant in instants if instant is not None), default=watched.first_seen_at)
