"""One look: what the feeds brought is compared with what we knew, the rules are asked, and it is all written down.

Everything a look changes is one transaction: visits, alerts, what is owed for them, and the trail. A crash leaves the
state before it or after it. Looking twice at the same changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from dispatchwatch.app.looking import Changes, Look, Reading, feed_entry, remembered, visits_of
from dispatchwatch.app.owing import Owing
from dispatchwatch.app.recording import Recorded, record, states_of
from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Condition, Differences, Outcome, alert_key, diff
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.desk_entry import DeskEntry, overlay
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Facts, ending, evaluate
from dispatchwatch.domain.schedule import Gravity, Snapshot, differences, shrunk_from, starts_within
from dispatchwatch.domain.visit import OVER, Visit, VisitKey
from dispatchwatch.domain.watched import Seen, Watched, miss, sight
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.schedules import VisitChange
from dispatchwatch.store.store import Store


class Watch:
    """Holds the picture between looks; what is on record is in the store."""

    def __init__(
        self, store: Store, owing: Owing, policy: Policy, office: OfficeHours, feeds: Mapping[str, FeedHealth]
    ) -> None:
        """`feeds` are the feeds to watch, each with its interval and nothing else known yet."""
        self._store = store
        self._owing = owing
        self.policy = policy
        self.office = office
        self.feeds: dict[str, FeedHealth] = remembered(feeds, store.schedules.feeds())
        self.visits: dict[VisitKey, Watched] = {}
        for name in feeds:
            self.visits.update((watched.key, watched) for watched in store.schedules.of_feed(name))
        self._covered = {name: store.schedules.covered(name) for name in feeds}
        self._read: dict[str, tuple[Visit, ...]] = {}
        self._missing: dict[str, set[VisitKey]] = {}
        self._entries: dict[VisitKey, tuple[DeskEntry, ...]] = {}
        self._open: dict[int, Alert] = {}
        self.awake_since = datetime.min.replace(tzinfo=self.office.zone)
        self.reload()

    @property
    def open_alerts(self) -> Mapping[int, Alert]:
        return self._open

    def reload(self) -> tuple[Alert, ...]:
        """Learns what others wrote: alerts a person acted on, visits the desk spoke of. Returns the changed alerts."""
        entries = self._store.schedules.entries()
        for key, said in entries.items():
            if key.feed in self.feeds and said != self._entries.get(key):
                watched = self._store.schedules.get(key)
                if watched is not None:
                    self.visits[key] = watched
        self._entries = entries
        before, self._open = self._open, {alert.id: alert for alert in self._store.alerts.unresolved()}
        gone = (self._store.alerts.get(number) for number in before if number not in self._open)
        changed = (alert for alert in self._open.values() if before.get(alert.id) != alert)
        return tuple(alert for alert in (*changed, *gone) if alert is not None)

    def wake(self, trust_from: datetime) -> None:
        """From now on, only what is read after `trust_from` says anything about absence."""
        self.awake_since = trust_from

    def look(self, now: datetime, readings: Sequence[Reading] = ()) -> Look:
        """Takes the readings in, asks the rules, writes what changed. What can't be written was never taken in."""
        before = self.feeds.copy(), self.visits.copy(), self._covered.copy(), self._read.copy()
        try:
            return self._look(now, readings)
        except StoreError:
            self.feeds, self.visits, self._covered, self._read = before
            raise

    def _look(self, now: datetime, readings: Sequence[Reading]) -> Look:
        changes = Changes()
        for reading in readings:
            self._take(reading, changes)
        facts = self.facts(now)
        finding = evaluate(facts)
        found = self._differences(finding.conditions, facts)
        recorded = self._write(found, changes, now)
        return Look(
            recorded,
            frozenset(changes.visits) | visits_of(recorded),
            tuple(changes.entries),
            finding.next_change,
        )

    def facts(self, now: datetime) -> Facts:
        return Facts(
            now=now,
            awake_since=self.awake_since,
            visits=self.visits,
            feeds=self.feeds,
            policy=self.policy,
            office=self.office,
        )

    def _differences(self, conditions: Sequence[Condition], facts: Facts) -> Differences:
        known = {alert.key for alert in self._open.values()}
        new = [one.key for one in conditions if one.verified and one.key not in known]
        found = diff(
            conditions,
            self._open.values(),
            self._store.alerts.used_keys(new) if new else frozenset(),
            lambda alert: ending(alert, facts),
            facts.now,
        )
        return replace(found, raised=tuple(self._mark_old(alert) for alert in found.raised))

    def _mark_old(self, alert: Alert) -> Alert:
        """Whether a miss happened while nobody watched."""
        return replace(alert, found_at_start=bool(alert.ext_id) and alert.due_at < self.awake_since)

    def _write(self, found: Differences, changes: Changes, now: datetime) -> Recorded:
        if not (found or changes.visits or changes.feeds or changes.entries):
            return Recorded()
        with self._store.transaction():
            self._store.schedules.save(changes.visits.values(), changes.history)
            for name, (problems, covered) in changes.feeds.items():
                self._store.schedules.save_feed(self.feeds[name], problems, covered)
            self._store.audit.append(changes.entries, now)
            recorded = record(self._store, self._owing, found, now, states=states_of(list(self._open.values())))
        for alert in (*recorded.raised, *recorded.worsened):
            self._open[alert.id] = alert
        for alert in recorded.resolved:
            self._open.pop(alert.id, None)
        return recorded

    def _take(self, reading: Reading, changes: Changes) -> None:
        health = self.feeds.get(reading.feed)
        if health is None:
            return
        if reading.snapshot is None:
            self._take_failure(reading, health, changes)
        elif reading.snapshot.lacking:
            self._take_part(reading.snapshot, health, changes)
        elif self._lost_too_much(reading.snapshot, health):
            self._set_aside(reading.snapshot, health, changes)
        else:
            self._take_snapshot(reading.snapshot, health, changes)

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
        days, zone = self._days(snapshot), self.office.zone
        known = sum(
            1
            for key, watched in self.visits.items()
            if key.feed == snapshot.feed and not watched.missing_since and starts_within(watched.visit, days, zone)
        )
        return shrunk_from(known, len(snapshot.visits)) and not self._accepted(snapshot)

    def _days(self, snapshot: Snapshot) -> frozenset[date]:
        """The days a snapshot speaks of: an empty one, of those that were covered before, from today on."""
        today = snapshot.read_at.astimezone(self.office.zone).date()
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
        )
        if self._read.get(snapshot.feed) is snapshot.visits and not recovered:
            self._miss_again(snapshot, changes)
            return
        self._merge(snapshot, Seen(health.last_good_at, snapshot.read_at), changes)
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
        found = set()
        for told in snapshot.visits:
            key = told.key
            found.add(key)
            entries = self._entries.get(key)
            before = self.visits.get(key)
            after = sight(before, overlay(told, entries) if entries else told, seen)
            if after is not before:
                self._change(before, after, snapshot, changes)
        if snapshot.complete:
            self._miss_others(snapshot, found, changes)

    def _miss_again(self, snapshot: Snapshot, changes: Changes) -> None:
        """The same snapshot once more: what it lacks may by now be gone for good."""
        for key in self._missing.get(snapshot.feed, ()):
            before = self.visits[key]
            after = miss(before, snapshot.read_at)
            if after is not before:
                self._change(before, after, snapshot, changes)

    def _miss_others(self, snapshot: Snapshot, found: set[VisitKey], changes: Changes) -> None:
        days = self._days(snapshot)
        missing = self._missing[snapshot.feed] = set()
        for key, before in list(self.visits.items()):
            absent = key.feed == snapshot.feed and key not in found and before.visit.status not in OVER
            if absent and starts_within(before.visit, days, self.office.zone):
                missing.add(key)
                after = miss(before, snapshot.read_at)
                if after is not before:
                    self._change(before, after, snapshot, changes)

    def _change(self, before: Watched | None, after: Watched, snapshot: Snapshot, changes: Changes) -> None:
        self.visits[after.key] = after
        changes.visits[after.key] = after
        if before is None:
            return
        what = dict(differences(before.visit, after.visit))
        if before.missing_since != after.missing_since:
            what["missing_since"] = (before.missing_since, after.missing_since)
        if what:
            changes.history.append(VisitChange(after.key, snapshot.read_at, "feed", what))
