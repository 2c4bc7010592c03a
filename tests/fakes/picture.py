"""A picture of the schedule for a rule by itself: values in, conditions out, no store and no clock.

finding = judged(UNASSIGNED, at("08:00"), visit(technicians=()))
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dispatchwatch.domain.alert import Alert, Condition, Ending
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Facts, Finding, Index, Rule, evaluate
from dispatchwatch.domain.technician import Roster
from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.watched import Seen, Watched, sight
from tests.fakes.office import CHICAGO, FEED

Told = Visit | Watched


def sighted(*sightings: tuple[datetime, Visit]) -> Watched:
    """A visit as its sightings in this order left it, each seen at an instant, the one before half a minute earlier."""
    (first, told), *more = sightings
    watched = sight(None, told, Seen(None, first))
    for instant, told in more:
        watched = sight(watched, told, Seen(instant - timedelta(seconds=30), instant))
    return watched


def picture(
    now: datetime, *told: Told, policy: Policy | None = None, roster: Roster | None = None, travel: Travel | None = None
) -> Facts:
    """Visits are taken as first seen a minute ago; pass what is remembered of them where that matters."""
    seen = Seen(None, now - timedelta(minutes=1))
    watched = [one if isinstance(one, Watched) else sight(None, one, seen) for one in told]
    visits = {one.key: one for one in watched}
    feeds = {one.key.feed for one in watched} | {FEED}
    return Facts(
        now=now,
        awake_since=now - timedelta(days=1),
        visits=visits,
        feeds={name: FeedHealth(feed=name, interval=timedelta(seconds=30), last_good_at=now) for name in sorted(feeds)},
        policy=policy or Policy(),
        office=OfficeHours(CHICAGO),
        roster=roster or Roster(),
        travel=travel or Travel(),
        index=Index.of(visits),
    )


def judged(rule: Rule, now: datetime, *told: Told, **more: Any) -> Finding:
    return evaluate(picture(now, *told, **more), [rule])


def found(rule: Rule, now: datetime, *told: Told, **more: Any) -> tuple[Condition, ...]:
    return judged(rule, now, *told, **more).conditions


def alert_of(condition: Condition) -> Alert:
    """The alert on record that a condition gave rise to."""
    return Alert(
        id=1,
        key=condition.key,
        kind=condition.kind,
        severity=condition.severity,
        feed=condition.feed,
        ext_id=condition.ext_id,
        due_at=condition.due_at,
        raised_at=condition.due_at,
        updated_at=condition.due_at,
        facts=condition.facts,
    )


def ended(rule: Rule, condition: Condition, now: datetime, *told: Told, **more: Any) -> Ending | None:
    """What ends the alert of a condition once the schedule says this."""
    return rule.ending(alert_of(condition), picture(now, *told, **more))
