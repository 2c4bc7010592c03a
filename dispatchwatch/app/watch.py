"""One look: what the feeds brought is compared with what we knew, the rules are asked, and it is all written down.

Everything a look changes is one transaction: visits, alerts, what is owed for them, and the trail. A crash leaves the
state before it or after it. Looking twice at the same changes nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dispatchwatch.app.judging import Judge
from dispatchwatch.app.looking import Changes, Look, Reading, visits_of
from dispatchwatch.app.open_alerts import OpenAlerts
from dispatchwatch.app.owing import Owing
from dispatchwatch.app.recording import Recorded, record, states_of
from dispatchwatch.app.taking import Taking
from dispatchwatch.domain.alert import Alert, Condition
from dispatchwatch.domain.alert import renamed as renamed_alert
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.differences import Differences, diff
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.lasting import let_go, next_end
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import RULES, Facts, Rule, ending
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.store import Store

TIDY_EVERY = timedelta(hours=1)


class Watch:
    """Holds the picture between looks; what is on record is in the store."""

    def __init__(
        self,
        store: Store,
        owing: Owing,
        standards: Standards,
        feeds: Mapping[str, FeedHealth],
        rules: Sequence[Rule] = RULES,
    ) -> None:
        """`feeds` are the feeds to watch, each with its interval and nothing else known yet."""
        self._store = store
        self._owing = owing
        self.standards = standards
        self._taking = Taking(store, standards.office, feeds)
        self._judge = Judge(feeds, rules)
        self._unjudged: set[VisitKey] = set()
        self._used: set[str] = set()
        self._open = OpenAlerts()
        self._all_unsure = True
        self._tidied_at: datetime | None = None
        self.awake_since = datetime.min.replace(tzinfo=standards.office.zone)
        self.reload()

    @property
    def open_alerts(self) -> Mapping[int, Alert]:
        return self._open

    @property
    def visits(self) -> Mapping[VisitKey, Watched]:
        return self._taking.visits

    @property
    def feeds(self) -> Mapping[str, FeedHealth]:
        return self._taking.feeds

    @property
    def policy(self) -> Policy:
        return self.standards.policy

    @property
    def office(self) -> OfficeHours:
        return self.standards.office

    def reload(self) -> tuple[Alert, ...]:
        """Learns what others wrote: alerts a person acted on, visits the desk spoke of. Returns the changed alerts."""
        self._unjudged |= self._taking.reload()
        before, self._open = self._open, OpenAlerts(self._store.alerts.unresolved())
        self._all_unsure = True
        gone = (self._store.alerts.get(number) for number in before if number not in self._open)
        changed = (alert for alert in self._open.values() if before.get(alert.id) != alert)
        return tuple(alert for alert in (*changed, *gone) if alert is not None)

    def wake(self, trust_from: datetime) -> None:
        """From now on, only what is read after `trust_from` says anything about absence."""
        self.awake_since = trust_from

    def look(self, now: datetime, readings: Sequence[Reading] = ()) -> Look:
        """Takes the readings in, asks the rules, writes what changed. What can't be written was never taken in."""
        changes = Changes()
        try:
            for reading in readings:
                self._taking.take(reading, changes)
            self._taking.lend(changes, now)
            return self._look(changes, now)
        except StoreError:
            self._taking.undo(changes)
            self._rename({new: old for old, new in changes.renamed.items()})
            self._used = set()
            self._judge.forget_all()
            self._all_unsure = True
            raise

    def facts(self, now: datetime) -> Facts:
        return Facts(
            now=now,
            awake_since=self.awake_since,
            visits=self.visits,
            feeds=self.feeds,
            policy=self.standards.policy,
            office=self.standards.office,
            roster=self.standards.roster,
            travel=self.standards.travel,
            reassigning=self.standards.reassigning,
            index=self._judge.index,
        )

    def _look(self, changes: Changes, now: datetime) -> Look:
        facts = self.facts(now)
        renamed = self._rename(changes.renamed)
        news = self._judge.update(
            facts, self._unjudged | changes.visits.keys() | changes.renamed.keys(), self._open.by_key
        )
        self._unjudged = set()
        unsure = None if self._all_unsure else news.about
        alerts = list(self._open.values()) if unsure is None else self._open.of(unsure)
        found = self._differences(self._judge.conditions(unsure), alerts, facts)
        found = replace(found, reopened=self._let_go(found, now))
        recorded = self._write(found, changes, now)
        self._all_unsure = False
        self._tidy(now)
        return Look(
            recorded,
            frozenset(changes.visits) | visits_of(recorded),
            tuple(changes.entries),
            renamed,
            min((at for at in (news.next_change, next_end(self._open.values(), now)) if at is not None), default=None),
        )

    def _let_go(self, found: Differences, now: datetime) -> tuple[Alert, ...]:
        """The alerts that nobody is on any more, as they are after all else that was found."""
        over = {alert.id for alert in found.resolved}
        as_found = {**self._open, **{alert.id: alert for alert in found.worsened}}
        return let_go((alert for alert in as_found.values() if alert.id not in over), self.visits, now)

    def _rename(self, renamed: Mapping[VisitKey, VisitKey]) -> frozenset[int]:
        """Has the open alerts of these visits speak of them under their new ids; returns their numbers."""
        for old, new in renamed.items():
            self._used |= {renamed_alert(alert, new).key for alert in self._store.alerts.of_visit(old)}
        alerts = [(alert, new) for old, new in renamed.items() for alert in self._open.of([old])]
        for alert, new in alerts:
            self._open.drop(alert)
            self._open.put(renamed_alert(alert, new))
        return frozenset(alert.id for alert, _ in alerts)

    def _differences(self, conditions: Sequence[Condition], alerts: Sequence[Alert], facts: Facts) -> Differences:
        new = [one.key for one in conditions if one.verified and one.key not in self._open.by_key]
        found = diff(
            conditions,
            alerts,
            self._used_keys(new),
            lambda alert: ending(alert, facts, self._judge.rules),
            facts.now,
        )
        return replace(found, raised=tuple(self._mark_old(alert) for alert in found.raised))

    def _used_keys(self, keys: Iterable[str]) -> Container[str]:
        """Those of the keys that are on record. One that was used stays so, so each is asked for once."""
        unsure = [key for key in keys if key not in self._used]
        if unsure:
            self._used |= self._store.alerts.used_keys(unsure)
        return self._used

    def _mark_old(self, alert: Alert) -> Alert:
        """Whether a miss happened while nobody watched."""
        return replace(alert, found_at_start=bool(alert.ext_id) and alert.due_at < self.awake_since)

    def _write(self, found: Differences, changes: Changes, now: datetime) -> Recorded:
        if not (found or changes.visits or changes.feeds or changes.entries):
            return Recorded()
        with self._store.transaction():
            for old, new in changes.renamed.items():
                self._store.schedules.rename(old, new)
                self._store.alerts.rename(old, new)
            self._store.schedules.save(changes.visits.values(), changes.history)
            for name, (problems, covered) in changes.feeds.items():
                self._store.schedules.save_feed(self.feeds[name], problems, covered)
            self._store.audit.append(changes.entries, now)
            known = states_of([self._open[alert.id] for alert in (*found.worsened, *found.resolved, *found.reopened)])
            recorded = record(self._store, self._owing, found, now, states=known)
        for alert in (*recorded.raised, *recorded.worsened, *recorded.reopened):
            self._open.put(alert)
        for alert in recorded.resolved:
            self._open.drop(alert)
        return recorded

    def _tidy(self, now: datetime) -> None:
        """Lets go of visits that are long over, so that a year's use costs no more than a day's."""
        if self._tidied_at is None or not timedelta() <= now - self._tidied_at < TIDY_EVERY:
            self._tidied_at = now
            self._unjudged |= self._taking.let_go(now, {alert.visit_key for alert in self._open.values()})
