"""Frozen feed: the schedule is read well, but it says the same for hours while work is due (study 4.2, kind 13).

An export that is not rewritten any more looks like this, and a program that serves yesterday's copy. The time counts
in office hours only: overnight nothing is expected to change. A frozen schedule still counts as fresh, because late
visits are the sooner seen for it; what it may lack is said in the headline.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatchwatch.domain.alert import AlertKind, Condition, Severity, alert_key, epoch
from dispatchwatch.domain.business_time import BusinessTime
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, soonest
from dispatchwatch.domain.rules.lateness import awaited
from dispatchwatch.domain.thresholds import Counting
from dispatchwatch.domain.wording.feeds import frozen_facts

FROZEN = "frozen "
CRITICAL_AFTER = timedelta(minutes=30)


def look_frozen(health: FeedHealth, facts: Facts) -> Finding:
    since = health.changed_at
    if since is None or since > facts.now or health.shrunken:
        return NOTHING
    counting = BusinessTime(facts.office, Counting.OFFICE)
    limit = counting.after(since, facts.policy.for_feed(health.feed).frozen_after)
    if limit is None or facts.now < limit:
        return Finding((), limit)
    overdue = _first_due(health.feed, since, facts)
    if overdue is None:
        return NOTHING
    begins = max(limit, overdue)
    if facts.now < begins:
        return Finding((), begins)
    worse = counting.after(begins, CRITICAL_AFTER)
    severity = Severity.CRITICAL if worse is not None and facts.now >= worse else Severity.HIGH
    change = soonest(worse, facts.office.next_change(facts.now), after=facts.now)
    return Finding((_condition(health, since, begins, severity, facts),), change)


def is_frozen_key(key: str) -> bool:
    return _epoch_of(key).startswith(FROZEN)


def changed_since(key: str, health: FeedHealth) -> bool:
    """Whether the source has shown a sign of life since the incident of this alert began."""
    return health.changed_at is not None and FROZEN + epoch(health.changed_at) > _epoch_of(key)


def _epoch_of(key: str) -> str:
    return key.rsplit("|", 1)[-1]


def _first_due(feed: str, since: datetime, facts: Facts) -> datetime | None:
    """The first instant after `since` at which some visit should have changed, and has not."""
    first = None
    for watched in facts.visits.values():
        if watched.key.feed == feed and not watched.withdrawn and awaited(watched):
            for at in (watched.visit.start, watched.deadline(facts.policy)):
                if at is not None and at > since and (first is None or at < first):
                    first = at
    return first


def _condition(health: FeedHealth, since: datetime, begins: datetime, severity: Severity, facts: Facts) -> Condition:
    return Condition(
        key=alert_key(AlertKind.STALE_FEED, health.feed, "", FROZEN + epoch(since)),
        kind=AlertKind.STALE_FEED,
        feed=health.feed,
        severity=severity,
        due_at=begins,
        verified=facts.office.open_at(facts.now),
        from_absence=True,
        facts=frozen_facts(health, since, facts.office.zone.key),
    )
