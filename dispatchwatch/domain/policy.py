"""How strict the office is: thresholds, and who gets other ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatchwatch.domain.calendars import OfficeHours, day_bounds
from dispatchwatch.domain.match import Match, Words
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Technician, Visit

_Identity = tuple[str, str, str, str, str, str, tuple[Technician, ...]]
VISIT_WORDS = ("priority", "customer", "site", "contract", "kind", "technician", "feed")


@dataclass(frozen=True, slots=True)
class Override:
    """Other thresholds for the visits it matches."""

    when: Match
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Policy:
    """The office's thresholds with their overrides: all that match apply, in order, the last wins per key.

    `hours` are those in which the office is open; without them a visit that has a day but no time is never late.
    """

    base: Thresholds = Thresholds()
    overrides: tuple[Override, ...] = ()
    urgent_priorities: frozenset[str] = frozenset({"1", "p1", "emergency", "urgent", "critical"})
    hours: OfficeHours | None = None
    _known: dict[_Identity, Thresholds] = field(default_factory=dict, compare=False, repr=False)

    def for_visit(self, visit: Visit) -> Thresholds:
        if not self.overrides:
            return self.base
        identity = _identity(visit)
        found = self._known.get(identity)
        if found is None:
            found = self._known[identity] = self._resolve(visit_words(visit))
        return found

    def for_feed(self, feed: str) -> Thresholds:
        """What applies to a feed as a whole: overrides that ask for nothing but the feed."""
        words: Words = {**dict.fromkeys(VISIT_WORDS, ""), "feed": feed}
        only = [one for one in self.overrides if all(name == "feed" for name, _ in one.when.criteria)]
        thresholds = self.base
        for override in only:
            if override.when.fits(words):
                thresholds = replace(thresholds, **override.values)
        return thresholds

    def urgent(self, visit: Visit) -> bool:
        return visit.priority.strip().casefold() in self.urgent_priorities

    def closing(self, visit: Visit) -> datetime | None:
        """When the day of a visit without a time ends, where such a visit can be late at all.

        That is when the office closes on that day; at the following midnight if it does not open or never closes.
        """
        if self.hours is None or visit.sched_start is None or not visit.anytime:
            return None
        if not self.for_visit(visit).anytime_late:
            return None
        day = visit.sched_start.astimezone(_zone(visit.site.timezone, self.hours.zone)).date()
        closes = [closing for _, closing in self.hours.spans(day, day)]
        return max(closes, default=day_bounds(day, self.hours.zone)[1])

    def _resolve(self, words: Words) -> Thresholds:
        thresholds = self.base
        for override in self.overrides:
            if override.when.fits(words):
                thresholds = replace(thresholds, **override.values)
        return thresholds


def _zone(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise


def visit_words(visit: Visit) -> Words:
    """What overrides and routes can ask about a visit, by the names used in the configuration.

    A technician is asked for by name or id, and any of a crew answers.
    """
    return {
        "priority": visit.priority,
        "customer": visit.customer.name,
        "site": visit.site.name,
        "contract": visit.contract,
        "kind": visit.kind,
        "technician": crew_words(visit.technicians),
        "feed": visit.feed,
    }


def crew_words(crew: Iterable[Technician]) -> tuple[str, ...]:
    """Every name and id that somebody of a crew is asked for by; nothing for nobody."""
    return tuple(word for one in crew for word in (one.name, one.ext_id) if word)


def _identity(visit: Visit) -> _Identity:
    """All that `visit_words` is made of: what is quick to compare in its place."""
    customer, site = visit.customer.name, visit.site.name
    return visit.priority, customer, site, visit.contract, visit.kind, visit.feed, visit.technicians
