"""What holds now, kept up as findings come and go, so that a look costs what changed and not what there is."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from dispatchwatch.domain.alert import Condition
from dispatchwatch.domain.rules import Facts
from dispatchwatch.domain.visit import VisitKey


class Holding:
    """The conditions that hold, by what they are about: a visit, or (with an empty visit id) a feed.

    The same as `rules.merged` says of all findings at once.
    """

    def __init__(self) -> None:
        self._pending: dict[str, datetime] = {}
        self.forget()

    def forget(self) -> None:
        """Everything will be told anew. Since when what must settle has held stays known."""
        self._told: dict[str, dict[Hashable, Condition]] = {}
        self._holding: dict[VisitKey, dict[str, Condition]] = {}
        self._changed: dict[str, VisitKey] = {}
        self._fresh: frozenset[str] = frozenset()
        self._must_settle: dict[str, Condition] = {}
        self.settled_at: list[datetime] = []

    def tell(self, subject: Hashable, before: Iterable[Condition], after: Iterable[Condition]) -> None:
        """What was found in looking at a subject, in place of what was found there before."""
        for condition in before:
            self._changed[condition.key] = _about(condition)
            self._told.get(condition.key, {}).pop(subject, None)
        for condition in after:
            self._changed[condition.key] = _about(condition)
            told = self._told.setdefault(condition.key, {})
            if subject not in told or told[subject].severity.rank < condition.severity.rank:
                told[subject] = condition

    def note_freshness(self, fresh: frozenset[str]) -> bool:
        """Which feeds are fresh now; before `settle`. Returns whether that is different from before."""
        flipped, self._fresh = fresh ^ self._fresh, fresh
        if flipped:
            for told in self._told.values():
                for condition in told.values():
                    if condition.from_absence and condition.feed in flipped:
                        self._changed[condition.key] = _about(condition)
        return bool(flipped)

    def settle(self, facts: Facts, known: Mapping[str, object]) -> set[VisitKey]:
        """Takes in what was told. Returns what it is about, wherever that may be different from before.

        Whether a feed is fresh, whether the office wants this kind, and whether it has held long enough to be raised
        (study 4.1, flap guard; not asked of the keys that are `known`) is judged here, for all rules alike.
        """
        changed, self._changed = self._changed, {}
        for key, about in changed.items():
            self._take(key, about, facts)
        return set(changed.values()) | self._hold_back(facts.now, known)

    def of(self, about: VisitKey) -> Collection[Condition]:
        return self._holding.get(about, {}).values()

    def __iter__(self) -> Iterator[Condition]:
        return (condition for group in self._holding.values() for condition in group.values())

    def _take(self, key: str, about: VisitKey, facts: Facts) -> None:
        told = self._told.get(key)
        worst = max(told.values(), key=lambda one: one.severity.rank) if told else None
        if not told:
            self._told.pop(key, None)
        if worst is None or facts.switched_off(worst.kind, worst.feed, worst.visit_key):
            self._drop(key, about)
            return
        if worst.from_absence and worst.feed not in self._fresh:
            worst = replace(worst, verified=False)
        self._holding.setdefault(about, {})[key] = worst
        if worst.settles_for:
            self._must_settle[key] = worst
        else:
            self._must_settle.pop(key, None)

    def _drop(self, key: str, about: VisitKey) -> None:
        self._must_settle.pop(key, None)
        group = self._holding.get(about, {})
        group.pop(key, None)
        if not group:
            self._holding.pop(about, None)

    def _hold_back(self, now: datetime, known: Mapping[str, object]) -> set[VisitKey]:
        """Holds back what must have held for a while before it is raised. Returns what that changed."""
        pending, self.settled_at, touched = dict[str, datetime](), [], set[VisitKey]()
        for key, condition in self._must_settle.items():
            shown, group = condition, self._holding[_about(condition)]
            if condition.verified and key not in known:
                since = pending[key] = self._pending.get(key, now)
                if now - since < condition.settles_for:
                    shown = replace(condition, verified=False)
                    self.settled_at.append(since + condition.settles_for)
            if group[key].verified != shown.verified:
                group[key] = shown
                touched.add(_about(condition))
        self._pending = pending
        return touched


def _about(condition: Condition) -> VisitKey:
    return VisitKey(condition.feed, condition.ext_id)
