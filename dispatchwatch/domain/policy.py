"""How strict the office is: thresholds, and who gets other ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from dispatchwatch.domain.match import Match
from dispatchwatch.domain.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Every threshold a rule asks for. The defaults and where they come from: study, section 4.

    `look_back` keeps a first look at an old file from flagging visits that were over long before we watched.
    """

    check_in_grace: timedelta = timedelta(minutes=15)
    due_soon: timedelta = timedelta(minutes=15)
    late_high_after: timedelta = timedelta(minutes=30)
    late_critical_after: timedelta = timedelta(minutes=60)
    moved_grace: timedelta = timedelta(minutes=10)
    look_back: timedelta = timedelta(hours=12)
    cancel_notice: timedelta = timedelta(hours=24)
    reschedule_notice: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Override:
    """Other thresholds for the visits it matches."""

    when: Match
    values: Mapping[str, timedelta]


@dataclass(frozen=True, slots=True)
class Policy:
    """The office's thresholds with their overrides: all that match apply, in order, the last wins per key."""

    base: Thresholds = Thresholds()
    overrides: tuple[Override, ...] = ()
    urgent_priorities: frozenset[str] = frozenset({"1", "p1", "emergency", "urgent", "critical"})
    _known: dict[tuple[str, ...], Thresholds] = field(default_factory=dict, compare=False, repr=False)

    def for_visit(self, visit: Visit) -> Thresholds:
        if not self.overrides:
            return self.base
        words = visit_words(visit)
        identity = tuple(words.values())
        if identity not in self._known:
            self._known[identity] = self._resolve(words)
        return self._known[identity]

    def urgent(self, visit: Visit) -> bool:
        return visit.priority.strip().casefold() in self.urgent_priorities

    def _resolve(self, words: Mapping[str, str]) -> Thresholds:
        thresholds = self.base
        for override in self.overrides:
            if override.when.fits(words):
                thresholds = replace(thresholds, **override.values)
        return thresholds


def visit_words(visit: Visit) -> dict[str, str]:
    """What overrides and routes can ask about a visit, by the names used in the configuration."""
    return {
        "priority": visit.priority,
        "customer": visit.customer.name,
        "site": visit.site.name,
        "contract": visit.contract,
        "kind": visit.kind,
        "technician": visit.technician,
        "feed": visit.feed,
    }
