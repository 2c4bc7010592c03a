"""What judging a schedule costs: everything once, then one visit in a hundred changed, from 1,000 to 100,000 visits."""

from __future__ import annotations

import gc
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

from dispatchwatch.app.judging import Judge
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Facts
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Customer, Site, Status, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Seen, Watched, sight

NOW = datetime(2026, 11, 11, 15, tzinfo=UTC)
POLICY = Policy(base=Thresholds(sla_onsite=timedelta(hours=8), sla_resolution=timedelta(hours=24)))
VISITS_A_DAY = 6


def schedule(count: int) -> dict[VisitKey, Watched]:
    """Synthetic: technicians with six visits a day over ten days around now, most of them unremarkable."""
    chance = random.Random(count)  # noqa: S311 - a fixed seed, so that every run is the same
    told = {}
    for number in range(count):
        technician, place = divmod(number, VISITS_A_DAY * 10)
        day, slot = divmod(place, VISITS_A_DAY)
        start = NOW.replace(hour=8, minute=0) + timedelta(days=day - 5, minutes=95 * slot + chance.randrange(10))
        over = start + timedelta(minutes=80) < NOW
        visit = Visit(
            feed="today",
            ext_id=f"V-{number}",
            order_ref=f"W-{number}",
            priority=chance.choice("1233"),
            technicians=(Technician(f"Technician {technician}", f"T-{technician}"),),
            customer=Customer(f"Customer {number % 97}"),
            site=Site(f"Site {number % 331}", "UTC", "", 41.8 + chance.random() / 10, -87.7 + chance.random() / 10),
            sched_start=start,
            sched_end=start + timedelta(minutes=75),
            booked_at=start - timedelta(days=chance.randrange(1, 6)),
            status=Status.COMPLETED if over else Status.SCHEDULED,
            arrived_at=start if over else None,
            completed_at=start + timedelta(minutes=70) if over else None,
        )
        told[visit.key] = sight(None, visit, Seen(None, NOW - timedelta(hours=1)))
    return told


def facts(visits: dict[VisitKey, Watched], now: datetime) -> Facts:
    return Facts(
        now=now,
        awake_since=NOW - timedelta(days=1),
        visits=visits,
        feeds={"today": FeedHealth(feed="today", interval=timedelta(seconds=30), last_good_at=now)},
        policy=POLICY,
        office=OfficeHours(ZoneInfo("America/Chicago")),
    )


def costs(count: int) -> tuple[float, float, float]:
    """Processor seconds of judging everything, of a look where 1 % changed, and of one where nothing did."""
    visits = schedule(count)
    judge = Judge(["today"])
    gc.collect()
    gc.freeze()  # as the program does: what has been read in is not gone through again and again
    started = process_time()
    judge.update(facts(visits, NOW), visits, {})
    first = process_time()
    changed = list(visits)[::100]
    for key in changed:
        watched = visits[key]
        visits[key] = sight(watched, replace(watched.visit, notes="changed"), Seen(NOW, NOW + timedelta(seconds=1)))
    sighted = process_time()
    judge.conditions(judge.update(facts(visits, NOW + timedelta(seconds=1)), changed, {}).about)
    second = process_time()
    judge.conditions(judge.update(facts(visits, NOW + timedelta(seconds=2)), (), {}).about)
    third = process_time()
    return first - started, second - sighted, third - second


def test_judging_ten_thousand_visits_of_which_one_in_a_hundred_changed() -> None:
    everything, some, none = (min(each) for each in zip(*(costs(10_000) for _ in range(3)), strict=True))
    print(
        f"\n10,000 visits: all {everything * 1000:.0f} ms, 1 % changed {some * 1000:.1f} ms, none {none * 1000:.2f} ms"
    )
    assert some <= 0.150
    assert none <= some


def test_the_cost_grows_with_the_visits_and_no_faster() -> None:
    figures = {count: costs(count) for count in (1_000, 10_000, 100_000)}
    for count, (everything, some, none) in figures.items():
        whole = f"all {everything * 1000:.0f} ms ({everything / count * 1e6:.1f} µs a visit)"
        print(f"\n{count:,}: {whole}, 1 % {some * 1000:.1f} ms, none {none * 1000:.2f} ms")
    small, large = figures[1_000], figures[100_000]
    assert large[0] / small[0] <= 100 * 1.7
    assert large[1] / max(small[1], 0.001) <= 100 * 1.7
