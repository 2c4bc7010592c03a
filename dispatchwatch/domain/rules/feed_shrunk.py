"""Feed shrunk: a snapshot lost so many visits that it was set aside (study 4.2, kind 13b)."""

from __future__ import annotations

from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.rules.facts import NOTHING, Facts, FeedRule, Finding
from dispatchwatch.domain.wording.feeds import (
    ENDED_BY_FEED_REMOVAL,
    ENDED_BY_NORMAL_SNAPSHOT,
    ENDED_BY_OTHER_SNAPSHOT,
    shrunk_facts,
)


def look(health: FeedHealth, _: Facts) -> Finding:
    if not health.shrunken or health.shrunken_at is None:
        return NOTHING
    condition = Condition(
        key=alert_key(AlertKind.FEED_SHRUNK, health.feed, "", health.shrunken),
        kind=AlertKind.FEED_SHRUNK,
        feed=health.feed,
        severity=Severity.HIGH,
        due_at=health.shrunken_at,
        facts=shrunk_facts(health),
    )
    return Finding((condition,))


def ending(alert: Alert, facts: Facts) -> Ending | None:
    health = facts.feeds.get(alert.feed)
    if health is None:
        return Ending(Outcome.WITHDRAWN, ENDED_BY_FEED_REMOVAL)
    if health.shrunken:
        return Ending(Outcome.NOTED, ENDED_BY_OTHER_SNAPSHOT)
    return Ending(Outcome.RECOVERED, ENDED_BY_NORMAL_SNAPSHOT)


FEED_SHRUNK = FeedRule((AlertKind.FEED_SHRUNK,), look, ending)
