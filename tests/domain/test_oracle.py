"""The rules held against a plain re-statement of the study that shares no code with them, to the second.

Thousands of random visits live through their days: booked early or late, cancelled with and without a stamp,
reached in time, late, never, double-booked. What the rules raise, when and how severely, must be what a few lines of
arithmetic on plain numbers say. In the oracle every instant is a number of seconds and every fact a tuple.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.app.judging import Judge
from dispatchwatch.domain.alert import AlertKind, Condition
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import RULES, Facts
from dispatchwatch.domain.visit import Customer, Site, Status, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Seen, Watched, sight
from tests.thorough import times

BATCHES, BATCH = times(30), 250
BEGIN = datetime(2026, 11, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = 60, 3600, 86400
KINDS = {
    AlertKind.LATE_CHECK_IN,
    AlertKind.TECH_NO_SHOW,
    AlertKind.CANCELLED,
    AlertKind.CANCELLED_SHORT_NOTICE,
    AlertKind.DOUBLE_BOOKED,
}


@dataclass(frozen=True)
class Life:
    """What happens to one visit, in seconds. `*_known` is when the office software shows it."""

    name: str
    technician: str
    urgent: bool
    start: int
    end: int
    window_end: int | None
    booked: int | None
    known: int
    en_route: int | None
    arrived: int | None
    arrived_known: int | None
    cancelled: int | None
    cancelled_known: int | None
    stamped: bool
    by: str

    @property
    def promise(self) -> int:
        return self.start if self.window_end is None else self.window_end


def lives(chance: random.Random) -> Iterator[Life]:
    for number in range(BATCH):
        start = 3 * DAY + chance.randrange(0, 10 * HOUR)
        booked = chance.choice([None, 0, start - chance.randrange(HOUR, 30 * HOUR)])
        fate = chance.choice(["arrives", "arrives", "arrives", "never", "cancelled", "cancelled"])
        arrived = arrived_known = cancelled = cancelled_known = en_route = None
        if chance.random() < 0.4 and fate != "cancelled":
            en_route = start - chance.randrange(-90 * MINUTE, 60 * MINUTE)
        if fate == "arrives":
            arrived = start + chance.randrange(-20 * MINUTE, 150 * MINUTE)
            if en_route is not None:
                arrived = max(arrived, en_route + 60)
            arrived_known = arrived + chance.choice([0, 0, chance.randrange(1, 25 * MINUTE)])
        known = max(booked or 0, 0)
        if fate == "cancelled":
            cancelled = max(start - chance.randrange(-40 * MINUTE, 30 * HOUR), known + 1)
            cancelled_known = cancelled + chance.choice([0, chance.randrange(1, 3 * HOUR)])
        yield Life(
            name=f"V-{number}",
            technician=f"T-{chance.randrange(BATCH // 4)}",
            urgent=chance.random() < 0.1,
            start=start,
            end=start + chance.randrange(30, 180) * MINUTE,
            window_end=chance.choice([None, None, start + chance.randrange(0, 120) * MINUTE]),
            booked=booked,
            known=known,
            en_route=en_route,
            arrived=arrived,
            arrived_known=arrived_known,
            cancelled=cancelled,
            cancelled_known=cancelled_known,
            stamped=chance.random() < 0.6,
            by=chance.choice(["", "customer", "company"]),
        )


Raised = dict[tuple[str, str], tuple[int, str]]
"""Kind and visits, to the second of the raising and the severity at it."""


def expected(days: list[Life]) -> Raised:
    """The study's table 4.2 in plain arithmetic."""
    found: Raised = {}
    for life in days:
        ended = min((at for at in (life.arrived_known, life.cancelled_known) if at is not None), default=10**9)
        deadline = life.promise + 15 * MINUTE
        if max(deadline, life.known) < ended:
            late_by = max(deadline, life.known) - deadline
            ladder = "critical" if life.urgent or late_by >= HOUR else "high" if late_by >= 30 * MINUTE else "warning"
            found["late_check_in", life.name] = max(deadline, life.known), ladder
        gone = life.promise + (HOUR if life.window_end is None else 30 * MINUTE)
        if max(gone, life.known) < ended and not (life.en_route is not None and life.en_route <= gone):
            found["tech_no_show", life.name] = max(gone, life.known), "critical"
        if life.cancelled is not None and life.cancelled_known is not None:
            found.update(notice(life))
    for one, other in combinations(days, 2):
        if one.technician == other.technician:
            found.update(clash(one, other))
    return found


def notice(life: Life) -> Raised:
    assert life.cancelled is not None
    assert life.cancelled_known is not None
    line = life.start - DAY
    latest = life.cancelled if life.stamped else life.cancelled_known
    earliest = life.cancelled if life.stamped else seen_before(life)
    exempt = life.booked is not None and life.booked > line
    inside = earliest > line or (life.stamped and latest > line)
    in_time = latest <= life.start + 20 * MINUTE
    if life.by == "company" or exempt or not inside or not in_time:
        return {("cancelled", life.name): (life.cancelled_known, "info")}
    severity = "high" if latest > life.start - 3 * HOUR else "warning"
    return {("cancelled_short_notice", life.name): (life.cancelled_known, severity)}


def seen_before(life: Life) -> int:
    """The sighting before the one that showed the cancellation: there is none between but those of `looks`."""
    assert life.cancelled_known is not None
    return (life.cancelled_known - 1) // POLL * POLL


def clash(one: Life, other: Life) -> Raised:
    if min(one.end, other.end) - max(one.start, other.start) <= 5 * MINUTE:
        return {}
    known = max(one.known, other.known)
    over = min(at for at in (one.cancelled_known, other.cancelled_known, 10**9) if at is not None)
    if known >= min(over, one.end, other.end):
        return {}
    severity = "high" if min(one.start, other.start) - known <= 2 * HOUR else "warning"
    return {("double_booked", "+".join(sorted((one.name, other.name)))): (known, severity)}


POLL = 5 * MINUTE


def instant(seconds: int) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def visit(life: Life, now: int) -> Visit:
    """What the office software shows of it at `now`."""
    told = Visit(
        feed="today",
        ext_id=life.name,
        priority="1" if life.urgent else "3",
        technicians=(Technician(life.technician, life.technician),),
        customer=Customer(f"Customer {life.name}"),
        site=Site(f"Site {life.name}", "UTC"),
        sched_start=instant(life.start),
        sched_end=instant(life.end),
        window_end=None if life.window_end is None else instant(life.window_end),
        booked_at=None if life.booked is None else instant(life.booked),
    )
    if life.cancelled is not None and life.cancelled_known is not None and now >= life.cancelled_known:
        at = instant(life.cancelled) if life.stamped else None
        return replace(told, status=Status.CANCELLED, cancelled_at=at, cancelled_by=life.by)
    if life.arrived is not None and life.arrived_known is not None and now >= life.arrived_known:
        return replace(told, status=Status.ARRIVED, arrived_at=instant(life.arrived))
    if life.en_route is not None and now >= life.en_route:
        return replace(told, status=Status.EN_ROUTE, en_route_at=instant(life.en_route))
    return told


def raised(days: list[Life]) -> Raised:
    """What the rules raise while the virtual clock runs over all of it."""
    judge = Judge(["today"], [rule for rule in RULES if set(rule.kinds) & KINDS])
    visits: dict[VisitKey, Watched] = {}
    found: Raised = {}
    seen: dict[str, object] = {}
    events = happenings(days)
    due = sorted(events, reverse=True)
    following: datetime | None = None
    while due or following is not None:
        at = instant(due[-1]) if due else None
        now = min(one for one in (at, following) if one is not None)
        if now > instant(6 * DAY):
            break
        shown = events[due.pop()] if at == now else []
        changed = [show(life, now, visits) for life in shown]
        news = judge.update(facts(now, visits), changed, seen)
        for condition in judge.conditions(news.about):
            if condition.verified and condition.key not in seen and condition.kind in KINDS:
                seen[condition.key] = condition
                second = int((now - BEGIN).total_seconds())
                found[condition.kind.value, name_of(condition)] = second, condition.severity.value
        following = news.next_change
    return found


def happenings(days: list[Life]) -> dict[int, list[Life]]:
    """At which seconds the office software shows something new, and of which visits."""
    events: dict[int, list[Life]] = {}
    for life in days:
        news = {life.known, life.en_route, life.arrived_known, life.cancelled_known}
        for at in sorted(second for second in news if second is not None and second >= life.known):
            events.setdefault(at, []).append(life)
    return events


def show(life: Life, now: datetime, visits: dict[VisitKey, Watched]) -> VisitKey:
    key, second = VisitKey("today", life.name), int((now - BEGIN).total_seconds())
    since = instant((second - 1) // POLL * POLL)
    visits[key] = sight(visits.get(key), visit(life, second), Seen(since, now))
    return key


def name_of(condition: Condition) -> str:
    """The visit's name; for two that clash, both."""
    if condition.kind is not AlertKind.DOUBLE_BOOKED:
        return condition.ext_id
    names = set(re.findall(r"V-[0-9]+", condition.key))
    return "+".join(sorted(names))


def facts(now: datetime, visits: Mapping[VisitKey, Watched]) -> Facts:
    return Facts(
        now=now,
        awake_since=BEGIN,
        visits=visits,
        feeds={"today": FeedHealth(feed="today", interval=timedelta(seconds=30), last_good_at=now)},
        policy=Policy(),
        office=OfficeHours(ZoneInfo("UTC")),
    )


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_rules_agree_with_plain_arithmetic_to_the_second(batch: int) -> None:
    days = list(lives(random.Random(batch)))  # noqa: S311 - a fixed seed, so that every run is the same
    wanted, found = expected(days), raised(days)
    by_name = {life.name: life for life in days}
    differences = {
        name: (wanted.get(name), found.get(name), by_name.get(name[1]))
        for name in wanted.keys() | found.keys()
        if wanted.get(name) != found.get(name)
    }
    assert differences == {}
