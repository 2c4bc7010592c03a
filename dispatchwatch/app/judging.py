"""Asking the rules again only where the answer may have changed: same conditions as `evaluate`, at a fraction."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import NamedTuple

from dispatchwatch.app.holding import Holding
from dispatchwatch.domain.alert import Condition
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.rules import RULES, DayRule, Facts, FeedRule, Finding, Index, Rule, VisitRule
from dispatchwatch.domain.rules.facts import NOTHING
from dispatchwatch.domain.rules.index import crews_of
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched

Subject = VisitKey | str
"""What was looked at: a visit by its key, the day of a crew by its name, or a feed by a key without a visit."""


class News(NamedTuple):
    """What an update brought: what may be different from before (`VisitKey`s; with an empty visit id, feeds; None for
    everything), and when time alone changes anything next.
    """

    about: Collection[VisitKey] | None
    next_change: datetime | None


class Judge:
    """Remembers what each visit and each day gave rise to, and when that can next change with time alone.

    Feeds are few and are asked every time. A clock set back makes all answers worthless; they are found anew.
    """

    def __init__(self, feeds: Iterable[str], rules: Sequence[Rule] = RULES) -> None:
        self.rules = tuple(rules)
        self._feeds = tuple(feeds)
        self._visit_rules = [rule for rule in rules if isinstance(rule, VisitRule)]
        self._day_rules = [rule for rule in rules if isinstance(rule, DayRule)]
        self._feed_rules = [rule for rule in rules if isinstance(rule, FeedRule)]
        self._holding = Holding()
        self.forget_all()

    def forget_all(self) -> None:
        """The next judgement looks at everything."""
        self.index = Index(self._feeds)
        self._holding.forget()
        self._seen: dict[VisitKey, Watched] = {}
        self._findings: dict[Subject, Finding] = {}
        self._due: dict[Subject, datetime] = {}
        self._queue: list[tuple[datetime, int, Subject]] = []
        self._turn = count()
        self._at: datetime | None = None

    def judge(self, facts: Facts, changed: Iterable[VisitKey], known: Mapping[str, object]) -> Finding:
        """What holds at `facts.now`, all of it. See `update`."""
        next_change = self.update(facts, changed, known).next_change
        return Finding(tuple(self.conditions()), next_change)

    def update(self, facts: Facts, changed: Iterable[VisitKey], known: Mapping[str, object]) -> News:
        """Brings what holds up to `facts.now`. `changed` are the visits that are new, different or gone since the last
        time, `known` the keys of the open alerts: what is on record need not settle again.
        """
        anew = self._at is None or facts.now < self._at
        if anew:
            self.forget_all()
            changed = list(facts.visits)
        self._at = facts.now
        facts = replace(facts, index=self.index)
        subjects = self._take(changed, facts) | self._fallen_due(facts.now)
        for subject in subjects:
            self._look(subject, facts)
        changes = [change for health in facts.feeds.values() if (change := self._look_at_feed(health, facts))]
        anew |= self._holding.note_freshness(facts.fresh_feeds())
        about = self._holding.settle(facts, known)
        soonest = min([*changes, *self._next_due(), *self._holding.settled_at], default=None)
        return News(None if anew else about | self._concerned(subjects), soonest)

    def _concerned(self, subjects: set[Subject]) -> set[VisitKey]:
        """The visits and feeds of which something may be over: all that was looked at, whatever was found there."""
        concerned = {VisitKey(feed, "") for feed in self._feeds}
        for subject in subjects:
            if isinstance(subject, VisitKey):
                concerned.add(subject)
            else:
                concerned |= self.index.days.get(subject, frozenset())
        return concerned

    def conditions(self, about: Collection[VisitKey] | None = None) -> list[Condition]:
        """What holds, of these visits and feeds or of all, in the order it fell due."""
        found = self._holding if about is None else (one for what in about for one in self._holding.of(what))
        return sorted(found, key=_as_it_fell_due)

    def _take(self, changed: Iterable[VisitKey], facts: Facts) -> set[Subject]:
        """Brings the index up to date; returns every visit and every day that the changes may concern."""
        subjects: set[Subject] = set()
        orders: set[str] = set()
        for key in changed:
            before, after = self._seen.get(key), facts.visits.get(key)
            self.index.change(before, after)
            subjects.add(key)
            for watched in (before, after):
                if watched is not None:
                    subjects.update(crews_of(watched.visit))
                    orders.update({watched.visit.order_ref} - {""})
            if after is None:
                self._seen.pop(key, None)
            else:
                self._seen[key] = after
        for order in orders:
            self.index.match(order, facts.visits)
            for key in self.index.orders.get(order, ()):
                # A visit that another feed tells of too is on nobody's day; whether it is may have changed.
                subjects.update((key, *crews_of(facts.visits[key].visit)))
        return subjects | self._mates(subjects)

    def _mates(self, subjects: set[Subject]) -> set[Subject]:
        """The days of those who share a visit with somebody whose day is different: where one is, tells of a crew."""
        days = (self.index.days.get(crew, ()) for crew in subjects if isinstance(crew, str))
        shared = (visit for keys in days for key in keys if len((visit := self._seen[key].visit).technicians) > 1)
        return {crew for visit in shared for crew in crews_of(visit)}

    def _look(self, subject: Subject, facts: Facts) -> None:
        finding = self._of_visit(subject, facts) if isinstance(subject, VisitKey) else self._of_day(subject, facts)
        self._tell(subject, finding)
        if finding.next_change is None:
            self._due.pop(subject, None)
        else:
            self._due[subject] = finding.next_change
            heapq.heappush(self._queue, (finding.next_change, next(self._turn), subject))

    def _look_at_feed(self, health: FeedHealth, facts: Facts) -> datetime | None:
        finding = _joined([rule.look(health, facts) for rule in self._feed_rules])
        self._tell(VisitKey(health.feed, ""), finding)
        return finding.next_change

    def _tell(self, subject: Subject, finding: Finding) -> None:
        before = self._findings.pop(subject, NOTHING)
        if before.conditions or finding.conditions:
            self._holding.tell(subject, before.conditions, finding.conditions)
        if finding.conditions:
            self._findings[subject] = finding

    def _of_visit(self, key: VisitKey, facts: Facts) -> Finding:
        watched = facts.visits.get(key)
        if watched is None or key in facts.index.doubles:
            return NOTHING
        return _joined([rule.look(watched, facts) for rule in self._visit_rules])

    def _of_day(self, crew: str, facts: Facts) -> Finding:
        day = facts.day_of(crew)
        return _joined([rule.look(day, facts) for rule in self._day_rules]) if day else NOTHING

    def _fallen_due(self, now: datetime) -> set[Subject]:
        due: set[Subject] = set()
        while self._queue and self._queue[0][0] <= now:
            instant, _, subject = heapq.heappop(self._queue)
            if self._due.get(subject) == instant:
                due.add(subject)
        return due

    def _next_due(self) -> list[datetime]:
        while self._queue and self._due.get(self._queue[0][2]) != self._queue[0][0]:
            heapq.heappop(self._queue)
        return [self._queue[0][0]] if self._queue else []


def _joined(findings: Sequence[Finding]) -> Finding:
    conditions = tuple(condition for finding in findings for condition in finding.conditions)
    changes = [finding.next_change for finding in findings if finding.next_change is not None]
    return Finding(conditions, min(changes, default=None))


def _as_it_fell_due(condition: Condition) -> tuple[datetime, str]:
    return condition.due_at, condition.key
