"""Stale feed: the schedule has not been read for too long, so lateness can't be judged (study 4.2, kind 13)."""

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
from dispatchwatch.domain.wording.feeds import ENDED_BY_FEED_REMOVAL, ENDED_BY_RECOVERY

CRITICAL_AFTER = timedelta(minutes=30)


def look(health: FeedHealth, facts: Facts) -> Finding:
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
    if health.failing_since is None and health.last_good_at is not None:
        return Ending(Outcome.RECOVERED, ENDED_BY_RECOVERY)
    return None


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
