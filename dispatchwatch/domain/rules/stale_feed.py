"""Stale feed: the schedule has not been read for too long, so lateness can't be judged (study 4.2, kind 13).

Or it is read, but has stood still (`frozen_feed`). Of the two, not to be read at all is the worse and takes the
other's place.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatchwatch.domain.alert import (
    Alert,
    AlertKind,
    Condition,
    Ending,
    Outcome,
    Severity,
    alert_key,
    epoch,
)
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.rules.facts import NOTHING, Facts, FeedRule, Finding, soonest
from dispatchwatch.domain.rules.frozen_feed import CRITICAL_AFTER, changed_since, is_frozen_key, look_frozen
from dispatchwatch.domain.wording.feeds import (
    ENDED_BY_FEED_REMOVAL,
    ENDED_BY_NEWS,
    ENDED_BY_OUTAGE,
    ENDED_BY_RECOVERY,
)


def look(health: FeedHealth, facts: Facts) -> Finding:
    unread = _look_unread(health, facts)
    if _unread_too_long(health, facts):
        return unread
    frozen = look_frozen(health, facts)
    return Finding(frozen.conditions, soonest(unread.next_change, frozen.next_change, after=facts.now))


def _unread_too_long(health: FeedHealth, facts: Facts) -> bool:
    since = _failing_from(health, facts)
    return since is not None and facts.now >= since + health.limit


def _look_unread(health: FeedHealth, facts: Facts) -> Finding:
    since = _failing_from(health, facts)
    if since is None or health.failing_since is None:
        return NOTHING
    limit, worse = since + health.limit, since + CRITICAL_AFTER
    change = soonest(limit, worse, facts.office.next_change(facts.now), after=facts.now)
    if facts.now < limit:
        return Finding((), change)
    is_open = facts.office.open_at(facts.now)
    return Finding((_condition(health, health.failing_since, facts.now - since, limit, is_open),), change)


def ending(alert: Alert, facts: Facts) -> Ending | None:
    health = facts.feeds.get(alert.feed)
    if health is None:
        return Ending(Outcome.WITHDRAWN, ENDED_BY_FEED_REMOVAL)
    if is_frozen_key(alert.key):
        return _ending_of_frozen(alert, health, facts)
    if health.failing_since is None and health.last_good_at is not None:
        return Ending(Outcome.RECOVERED, ENDED_BY_RECOVERY)
    return None


def _ending_of_frozen(alert: Alert, health: FeedHealth, facts: Facts) -> Ending | None:
    if changed_since(alert.key, health):
        return Ending(Outcome.RECOVERED, ENDED_BY_NEWS)
    return Ending(Outcome.BECAME_WORSE, ENDED_BY_OUTAGE) if _unread_too_long(health, facts) else None


def _failing_from(health: FeedHealth, facts: Facts) -> datetime | None:
    """Since when the picture is old: the last good reading, but never before we were there to look.

    An instant that a clock since set back puts in the future says nothing.
    """
    if health.failing_since is None:
        return None
    past = [at for at in (health.last_good_at, health.failing_since) if at is not None and at <= facts.now]
    return max(min(past, default=facts.awake_since), facts.awake_since)


def _condition(
    health: FeedHealth, failing_since: datetime, age: timedelta, limit: datetime, is_open: bool
) -> Condition:
    return Condition(
        key=alert_key(AlertKind.STALE_FEED, health.feed, "", epoch(failing_since)),
        kind=AlertKind.STALE_FEED,
        feed=health.feed,
        severity=Severity.CRITICAL if age >= CRITICAL_AFTER else Severity.HIGH,
        due_at=limit,
        verified=is_open,
        facts={"feed": health.feed, "problem": health.problem},
    )


STALE_FEED = FeedRule((AlertKind.STALE_FEED,), look, ending)
