"""Asking the rules again only where the answer may have changed: same conditions as `evaluate`, at a fraction."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from dispatchwatch.domain.alert import Condition
from dispatchwatch.domain.rules import RULES, DayRule, Facts, FeedRule, Finding, Index, Rule, VisitRule
from dispatchwatch.domain.rules import merged as merge
from dispatchwatch.domain.rules.facts import NOTHING
from dispatchwatch.domain.rules.index import crews_of
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched

Subject = VisitKey | str
"""What was looked at: a visit by its key, or the day of a crew by its name."""


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
        self._pending: dict[str, datetime] = {}
        self.forget_all()

    def forget_all(self) -> None:
        """The next judgement looks at everything."""
        self.index = Index(self._feeds)
        self._seen: dict[VisitKey, Watched] = {}
        self._findings: dict[Subject, Finding] = {}
        self._due: dict[Subject, datetime] = {}
        self._queue: list[tuple[datetime, int, Subject]] = []
        self._turn = count()
        self._at: datetime | None = None

    def judge(self, facts: Facts, changed: Iterable[VisitKey], known: Mapping[str, object]) -> Finding:
        """What holds at `facts.now`. `changed` are the visits that are new, different or gone since the last time,
        `known` the keys of the open alerts: what is on record need not settle again.
        """
        if self._at is None or facts.now < self._at:
            self.forget_all()
            changed = list(facts.visits)
        self._at = facts.now
        facts = replace(facts, index=self.index)
        for subject in self._take(changed, facts) | self._fallen_due(facts.now):
            self._look(subject, facts)
        feeds = [rule.look(health, facts) for rule in self._feed_rules for health in facts.feeds.values()]
        found = self._settled(merge([*self._findings.values(), *feeds], facts), facts.now, known)
        changes = [one.next_change for one in feeds if one.next_change is not None]
        return Finding(tuple(found.values()), min([*changes, *self._next_due(), *self._settling], default=None))

    def facts_with_index(self, facts: Facts) -> Facts:
        return replace(facts, index=self.index)

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
            subjects.update(self.index.orders.get(order, ()))
        return subjects

    def _look(self, subject: Subject, facts: Facts) -> None:
        finding = self._of_visit(subject, facts) if isinstance(subject, VisitKey) else self._of_day(subject, facts)
        if finding.conditions:
            self._findings[subject] = finding
        else:
            self._findings.pop(subject, None)
        if finding.next_change is None:
            self._due.pop(subject, None)
        else:
            self._due[subject] = finding.next_change
            heapq.heappush(self._queue, (finding.next_change, next(self._turn), subject))

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

    def _settled(
        self, conditions: Mapping[str, Condition], now: datetime, known: Mapping[str, object]
    ) -> dict[str, Condition]:
        """Holds back what must have held for a while before it is raised (study 4.1, flap guard)."""
        found, pending, settling = dict(conditions), dict[str, datetime](), list[datetime]()
        for key, condition in conditions.items():
            if condition.settles_for and condition.verified and key not in known:
                since = pending[key] = self._pending.get(key, now)
                if now - since < condition.settles_for:
                    found[key] = replace(condition, verified=False)
                    settling.append(since + condition.settles_for)
        self._pending, self._settling = pending, settling
        return found


def _joined(findings: Sequence[Finding]) -> Finding:
    conditions = tuple(condition for finding in findings for condition in finding.conditions)
    changes = [finding.next_change for finding in findings if finding.next_change is not None]
    return Finding(conditions, min(changes, default=None))
