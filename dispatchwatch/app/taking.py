"""Taking in what the feeds brought: visits seen, moved and missed, and how far each feed can be believed.

Nothing here is written down or told; `watch.py` does that with the `Changes` that this collects.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from dispatchwatch.app.desk_reassigning import settled
from dispatchwatch.app.known_visits import KnownVisits
from dispatchwatch.app.looking import Changes, Reading, feed_entry, remembered, renamed_entry
from dispatchwatch.domain.alert import AlertKind, AlertState, Outcome, alert_key
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.desk_entry import DeskEntry, overlay
from dispatchwatch.domain.feed_health import FeedHealth, newest_change
from dispatchwatch.domain.merging import lent
from dispatchwatch.domain.schedule import Gravity, Snapshot, differences, shrunk_from, starts_within
from dispatchwatch.domain.soundness import TO_COME, lead
from dispatchwatch.domain.visit import OVER, Visit, VisitKey
from dispatchwatch.domain.watched import Seen, Watched, entered, miss, sight
from dispatchwatch.store.schedules import VisitChange
from dispatchwatch.store.store import Store


class Taking:
    """The picture of the schedule as the feeds have told it so far."""

    def __init__(self, store: Store, office: OfficeHours, feeds: Mapping[str, FeedHealth]) -> None:
        """`feeds` are the feeds to watch, each with its interval and nothing else known yet."""
        self._store = store
        self._office = office
        self.feeds: dict[str, FeedHealth] = remembered(feeds, store.schedules.feeds())
        self._known = KnownVisits(store.schedules, feeds)
        self._covered = {name: store.schedules.covered(name) for name in feeds}
        self._read: dict[str, tuple[Visit, ...]] = {}
        self._missing: dict[str, set[VisitKey]] = {}
        self._to_come: dict[str, list[Visit]] = {}
        self._entries: dict[VisitKey, tuple[DeskEntry, ...]] = {}

    @property
    def visits(self) -> Mapping[VisitKey, Watched]:
        return self._known.visits

    def reload(self) -> frozenset[VisitKey]:
        """Learns what the desk, here or in another process, said of visits. Returns those that it spoke of."""
        entries = self._store.schedules.entries()
        spoken_of = {key for key, said in entries.items() if key.feed in self.feeds and said != self._entries.get(key)}
        for key in spoken_of:
            watched = self._store.schedules.get(key)
            if watched is not None:
                self._known.put(key, watched)
        self._entries = entries
        return frozenset(spoken_of)

    def let_go(self, now: datetime, needed: Container[VisitKey | None]) -> frozenset[VisitKey]:
        """Forgets visits that were over days ago, that no source shows any more and that are not `needed`.

        They stay in the store; one that is told of again is fetched from there.
        """
        shown = {visit.key for visits in self._read.values() for visit in visits}
        old = self._known.let_go(now, needed, shown)
        for key in old:
            self._missing.get(key.feed, set()).discard(key)
        return frozenset(old)

    def undo(self, changes: Changes) -> None:
        """Forgets changes that could not be written down: what they say was never taken in."""
        for key, before in changes.before.items():
            self._known.put(key, before)
        self.feeds.update(changes.feeds_before)
        for feed in changes.feeds_before:
            self._read.pop(feed, None)

    def take(self, reading: Reading, changes: Changes) -> None:
        """Takes one reading in and notes in `changes` what is different for it."""
        health = self.feeds.get(reading.feed)
        if health is None:
            return
        changes.feeds_before.setdefault(health.feed, health)
        if reading.snapshot is None:
            self._take_failure(reading, health, changes)
        elif reading.snapshot.lacking:
            self._take_part(reading.snapshot, health, changes)
        elif self._lost_too_much(reading.snapshot, health):
            self._set_aside(reading.snapshot, health, changes)
        else:
            self._take_snapshot(reading.snapshot, health, changes)

    def lend(self, changes: Changes, now: datetime) -> None:
        """Has what is new of an appointment count wherever another feed tells of it too."""
        for told in list(changes.visits.values()):
            for before in list(self._known.counting_more(told.visit)):
                after = entered(before, lent(before.visit, told.visit), now)
                if after != before:
                    self._change(before, after, now, told.key.feed, changes)

    def _take_failure(self, reading: Reading, health: FeedHealth, changes: Changes) -> None:
        after = replace(
            health,
            last_attempt_at=reading.at,
            failing_since=health.failing_since or reading.at,
            problem=reading.problem,
        )
        self.feeds[health.feed] = after
        if health.failing_since is None or health.problem != reading.problem:
            changes.feeds[health.feed] = (None, None)
            changes.entries.append(feed_entry(reading.feed, "feed_failed", reading.at, {"problem": reading.problem}))

    def _take_part(self, snapshot: Snapshot, health: FeedHealth, changes: Changes) -> None:
        """Some of the source could not be read: what the rest says is taken in, but the picture counts as failing."""
        self._take_failure(Reading(snapshot.feed, snapshot.read_at, problem=snapshot.lacking), health, changes)
        if self._read.get(snapshot.feed) is not snapshot.visits:
            self._merge(snapshot, Seen(health.last_attempt_at, snapshot.read_at), changes)
            self._read[snapshot.feed] = snapshot.visits
            changes.feeds[snapshot.feed] = (snapshot.problems, None)

    def _lost_too_much(self, snapshot: Snapshot, health: FeedHealth) -> bool:
        if not snapshot.complete or snapshot.digest == health.digest:
            return False
        days, zone = self._days(snapshot), self._office.zone
        known = sum(
            1
            for key, watched in self.visits.items()
            if key.feed == snapshot.feed and not watched.missing_since and starts_within(watched.visit, days, zone)
        )
        return shrunk_from(known, len(snapshot.visits)) and not self._accepted(snapshot)

    def _days(self, snapshot: Snapshot) -> frozenset[date]:
        """The days a snapshot speaks of: an empty one, of those that were covered before, from today on."""
        today = snapshot.read_at.astimezone(self._office.zone).date()
        return snapshot.covered or frozenset(day for day in self._covered[snapshot.feed] if day >= today)

    def _accepted(self, snapshot: Snapshot) -> bool:
        """Whether a person has said that this small snapshot is right."""
        key = alert_key(AlertKind.FEED_SHRUNK, snapshot.feed, "", snapshot.digest)
        alert = self._store.alerts.by_key(key)
        return alert is not None and alert.state is AlertState.RESOLVED and alert.outcome is Outcome.ACCEPTED

    def _set_aside(self, snapshot: Snapshot, health: FeedHealth, changes: Changes) -> None:
        is_new = health.shrunken != snapshot.digest
        self.feeds[health.feed] = replace(
            health,
            last_attempt_at=snapshot.read_at,
            shrunken=snapshot.digest,
            shrunken_at=snapshot.read_at if is_new else health.shrunken_at,
            shrunken_rows=len(snapshot.visits),
            changed_at=snapshot.read_at if is_new else health.changed_at,
        )
        if is_new:
            detail = {"visits": len(snapshot.visits), "before": health.rows}
            changes.feeds[health.feed] = (snapshot.problems, None)
            changes.entries.append(feed_entry(health.feed, "feed_set_aside", snapshot.read_at, detail))

    def _take_snapshot(self, snapshot: Snapshot, health: FeedHealth, changes: Changes) -> None:
        recovered = bool(health.failing_since or health.shrunken)
        self.feeds[health.feed] = replace(
            health,
            last_attempt_at=snapshot.read_at,
            last_good_at=snapshot.read_at,
            failing_since=None,
            problem="",
            shrunken="",
            shrunken_at=None,
            source_at=snapshot.source_at,
            digest=snapshot.digest,
            rows=len(snapshot.visits),
            bad_rows=sum(problem.gravity is Gravity.UNREADABLE for problem in snapshot.problems),
            changed_at=newest_change(health, snapshot),
            clock_ahead=snapshot.clock_ahead,
        )
        seen = Seen(health.last_good_at, snapshot.read_at)
        if self._read.get(snapshot.feed) is snapshot.visits and not recovered:
            self._sight(self._to_come.get(snapshot.feed, ()), snapshot, seen, changes)
            if snapshot.complete:
                self._miss_again(snapshot, changes)
            return
        self._merge(snapshot, seen, changes)
        self._read[snapshot.feed] = snapshot.visits
        if recovered or snapshot.digest != health.digest:
            self._covered[snapshot.feed] = self._covered[snapshot.feed] | snapshot.covered
            changes.feeds[snapshot.feed] = (snapshot.problems, snapshot.covered)
            detail = {
                "visits": len(snapshot.visits),
                "changed": len(changes.visits),
                "problems": len(snapshot.problems),
                "sources": list(snapshot.sources),
            }
            changes.entries.append(feed_entry(snapshot.feed, "feed_read", snapshot.read_at, detail))

    def _merge(self, snapshot: Snapshot, seen: Seen, changes: Changes) -> None:
        found = {visit.key for visit in snapshot.visits}
        if snapshot.complete:
            self._renumber(snapshot, found, changes)
        self._sight(snapshot.visits, snapshot, seen, changes)
        self._missing.setdefault(snapshot.feed, set()).difference_update(found)
        if snapshot.complete:
            self._missing[snapshot.feed] = set()
            self._miss_others(snapshot, found, changes)

    def _renumber(self, snapshot: Snapshot, found: set[VisitKey], changes: Changes) -> None:
        """Has visits whose source gave them another id go on under it, with all that was known of them."""
        for old, new in self._known.renumbered(snapshot.visits, found).items():
            before = self._known.rename(old, new)
            self._entries[new] = tuple(replace(entry, ext_id=new.ext_id) for entry in self._entries.pop(old, ()))
            changes.renamed[old] = new
            changes.before.setdefault(old, before)
            self._change(None, self.visits[new], snapshot.read_at, "feed", changes)
            what = {"ext_id": (old.ext_id, new.ext_id)}
            changes.history.append(VisitChange(new, snapshot.read_at, "feed", what))
            changes.entries.append(renamed_entry(old, new, snapshot.read_at))

    def _sight(self, told: Iterable[Visit], snapshot: Snapshot, seen: Seen, changes: Changes) -> None:
        """Takes these visits in, and notes those of which some time has yet to come before it can be believed."""
        to_come, ahead = [], timedelta()
        for visit in told:
            key = visit.key
            entries = self._entries.get(key)
            before = self._known.find(key)
            said = self._known.with_lent(overlay(visit, entries) if entries else visit)
            after = sight(before, said, seen, repeated=key.ext_id in snapshot.repeated)
            if after is not before:
                self._change(before, after, snapshot.read_at, "feed", changes)
                ahead = max(ahead, lead(before.visit if before else None, after.visit, seen.until))
            if after.conflicts and not TO_COME.isdisjoint(after.conflicts):
                to_come.append(visit)
        self._to_come[snapshot.feed] = to_come
        self._note_lead(snapshot.feed, ahead, seen.until)

    def _note_lead(self, feed: str, ahead: timedelta, now: datetime) -> None:
        """The largest lead of a day counts: what comes in late hides how far a clock is ahead."""
        health, zone = self.feeds[feed], self._office.zone
        known = health.stamps_ahead_at
        same_day = known is not None and known.astimezone(zone).date() == now.astimezone(zone).date()
        if ahead and not (same_day and health.stamps_ahead >= ahead):
            self.feeds[feed] = replace(health, stamps_ahead=ahead, stamps_ahead_at=now)

    def _miss_again(self, snapshot: Snapshot, changes: Changes) -> None:
        """The same snapshot once more: what it lacks may by now be gone for good."""
        for key in self._missing.get(snapshot.feed, ()):
            before = self.visits[key]
            after = miss(before, snapshot.read_at)
            if after is not before:
                self._change(before, after, snapshot.read_at, "feed", changes)

    def _miss_others(self, snapshot: Snapshot, found: set[VisitKey], changes: Changes) -> None:
        days = self._days(snapshot)
        missing = self._missing[snapshot.feed]
        for key, before in list(self.visits.items()):
            absent = key.feed == snapshot.feed and key not in found and before.visit.status not in OVER
            if absent and starts_within(before.visit, days, self._office.zone):
                missing.add(key)
                after = miss(before, snapshot.read_at)
                if after is not before:
                    self._change(before, after, snapshot.read_at, "feed", changes)

    def _change(self, before: Watched | None, after: Watched, at: datetime, origin: str, changes: Changes) -> None:
        self._known.put(after.key, after)
        changes.visits[after.key] = after
        changes.before.setdefault(after.key, before)
        if before is None:
            return
        if (entry := settled(before.visit, after.visit, at)) is not None:
            changes.entries.append(entry)
        what = dict(differences(before.visit, after.visit))
        if before.missing_since != after.missing_since:
            what["missing_since"] = (before.missing_since, after.missing_since)
        if what:
            changes.history.append(VisitChange(after.key, at, origin, what))
