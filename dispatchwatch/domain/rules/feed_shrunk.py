"""Feed shrunk: a snapshot lost so many visits that it was set aside (study 4.2, kind 13b)."""

from __future__ import annotations

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key
from dispatchwatch.domain.rules.facts import Facts, Finding, Rule


def look(facts: Facts) -> Finding:
    return Finding(
        tuple(
            Condition(
                key=alert_key(AlertKind.FEED_SHRUNK, health.feed, "", health.shrunken),
                kind=AlertKind.FEED_SHRUNK,
                feed=health.feed,
                severity=Severity.HIGH,
                due_at=health.shrunken_at,
                facts=wording.shrunk_facts(health),
            )
            for health in facts.feeds.values()
            if health.shrunken and health.shrunken_at is not None
        ),
        None,
    )


def ending(alert: Alert, facts: Facts) -> Ending | None:
    health = facts.feeds.get(alert.feed)
    if health is None:
        return Ending(Outcome.WITHDRAWN, wording.ENDED_BY_FEED_REMOVAL)
    return Ending(Outcome.RECOVERED, wording.ENDED_BY_NORMAL_SNAPSHOT)


FEED_SHRUNK = Rule(AlertKind.FEED_SHRUNK, look, ending)
