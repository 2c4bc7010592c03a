"""Clocks differ: a source's clock is wrong, so its times are as well (study 4.2, kind 14).

The source's own word (`FeedHealth.clock_ahead`) says how wrong. The stamps of events say only by how much it is ahead
at least: what comes in late hides the rest. So they can begin an alert, but its end is the end of the day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key
from dispatchwatch.domain.calendars import day_bounds
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.rules.facts import NOTHING, Facts, FeedRule, Finding
from dispatchwatch.domain.wording.feeds import (
    ENDED_BY_AGREEMENT,
    ENDED_BY_FEED_REMOVAL,
    ENDED_BY_NEXT_DAY,
    skew_facts,
)

AGREES_BELOW = timedelta(minutes=1)


def look(health: FeedHealth, facts: Facts) -> Finding:
    ahead, measured_at = _measured(health, facts)
    if ahead is None or abs(ahead) < AGREES_BELOW:
        return NOTHING
    _, tomorrow = day_bounds(_day(facts.now, facts), facts.office.zone)
    thresholds = facts.policy.for_feed(health.feed)
    if abs(ahead) <= thresholds.skew_from:
        return Finding((), tomorrow)
    condition = Condition(
        key=alert_key(AlertKind.CLOCK_SKEW, health.feed, "", _day(facts.now, facts).isoformat()),
        kind=AlertKind.CLOCK_SKEW,
        feed=health.feed,
        severity=Severity.HIGH if abs(ahead) > thresholds.skew_high_from else Severity.INFO,
        due_at=measured_at,
        facts=skew_facts(health.feed, ahead, facts.office.zone.key),
    )
    return Finding((condition,), tomorrow)


def ending(alert: Alert, facts: Facts) -> Ending | None:
    health = facts.feeds.get(alert.feed)
    if health is None:
        return Ending(Outcome.WITHDRAWN, ENDED_BY_FEED_REMOVAL)
    if _day(facts.now, facts).isoformat() > alert.key.rsplit("|", 1)[-1]:
        return Ending(Outcome.NOTED, ENDED_BY_NEXT_DAY)
    ahead, _ = _measured(health, facts)
    return Ending(Outcome.RECOVERED, ENDED_BY_AGREEMENT) if ahead is not None and abs(ahead) < AGREES_BELOW else None


def _measured(health: FeedHealth, facts: Facts) -> tuple[timedelta | None, datetime]:
    """The worst of what was measured today, and when; None where nothing was."""
    found: list[tuple[timedelta, datetime]] = []
    if health.clock_ahead is not None and health.last_good_at is not None:
        found.append((health.clock_ahead, health.last_good_at))
    if health.stamps_ahead_at is not None:
        found.append((health.stamps_ahead, health.stamps_ahead_at))
    today = [one for one in found if _day(one[1], facts) == _day(facts.now, facts)]
    return max(today, key=lambda one: abs(one[0]), default=(None, facts.now))


def _day(at: datetime, facts: Facts) -> date:
    return at.astimezone(facts.office.zone).date()


CLOCK_SKEW = FeedRule((AlertKind.CLOCK_SKEW,), look, ending)
