"""How strict the office is: thresholds, and who gets other ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dispatchwatch.domain.match import Match
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Visit

VISIT_WORDS = ("priority", "customer", "site", "contract", "kind", "technician", "feed")


@dataclass(frozen=True, slots=True)
class Override:
    """Other thresholds for the visits it matches."""

    when: Match
    values: Mapping[str, Any]


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

    def for_feed(self, feed: str) -> Thresholds:
        """What applies to a feed as a whole: overrides that ask for nothing but the feed."""
        words = {**dict.fromkeys(VISIT_WORDS, ""), "feed": feed}
        only = [one for one in self.overrides if all(name == "feed" for name, _ in one.when.criteria)]
        thresholds = self.base
        for override in only:
            if override.when.fits(words):
                thresholds = replace(thresholds, **override.values)
        return thresholds

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
