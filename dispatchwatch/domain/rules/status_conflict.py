"""Facts contradict: what is told of a visit cannot all be true (study 4.2, kind 15; `soundness` finds it)."""

from __future__ import annotations

from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, VisitRule
from dispatchwatch.domain.rules.recency import old_from
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording import ENDED_BY_WITHDRAWAL
from dispatchwatch.domain.wording.sightings import (
    ENDED_BY_CORRECTION,
    ENDED_BY_OTHER_CONFLICT,
    ENDED_BY_PAST_DAY,
    conflict_facts,
)


def look(watched: Watched, facts: Facts) -> Finding:
    if not watched.conflicts or watched.withdrawn:
        return NOTHING
    too_old = old_from(watched, facts.policy)
    return NOTHING if facts.now >= too_old else Finding((_condition(watched),), too_old)


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """A cancellation ends nothing by itself: it may be what contradicts."""
    watched = facts.about(alert)
    if watched is None:
        return None
    if watched.withdrawn:
        return Ending(Outcome.WITHDRAWN, ENDED_BY_WITHDRAWAL)
    if not watched.conflicts:
        return Ending(Outcome.REMEDIED, ENDED_BY_CORRECTION)
    if alert.key != _key(watched):
        return Ending(Outcome.REMEDIED, ENDED_BY_OTHER_CONFLICT)
    return Ending(Outcome.NOTED, ENDED_BY_PAST_DAY) if facts.now >= old_from(watched, facts.policy) else None


def _key(watched: Watched) -> str:
    visit = watched.visit
    return alert_key(AlertKind.STATUS_CONFLICT, visit.feed, visit.ext_id, ",".join(sorted(watched.conflicts)))


def _condition(watched: Watched) -> Condition:
    visit = watched.visit
    return Condition(
        key=_key(watched),
        kind=AlertKind.STATUS_CONFLICT,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=Severity.INFO,
        due_at=watched.conflicts_since or watched.first_seen_at,
        facts=conflict_facts(watched),
    )


STATUS_CONFLICT = VisitRule((AlertKind.STATUS_CONFLICT,), look, ending)
