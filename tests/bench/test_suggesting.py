"""What one suggestion costs among 100 technicians with 1,000 visits."""

from __future__ import annotations

import gc
import random
from datetime import UTC, datetime, time, timedelta
from statistics import median
from time import process_time
from zoneinfo import ZoneInfo

from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.reassign.suggesting import suggest
from dispatchwatch.domain.rules import Facts, Index
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.visit import Customer, Site, Status, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Seen, sight

NOW = datetime(2026, 11, 10, 15, 30, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")
TECHNICIANS, EACH = 100, 10
SKILLS = ("rotary-screw", "dryer", "electrical", "gas")


def office() -> Facts:
    """Synthetic: a hundred technicians around one town, two hours into days of ten visits each."""
    chance = random.Random(7)  # noqa: S311 - a fixed seed, so that every run is the same

    def spot() -> tuple[float, float]:
        return 41.7 + chance.random() * 0.25, -87.9 + chance.random() * 0.3

    profiles = [
        Profile(
            ext_id=f"T-{number}",
            name=f"Technician {number}",
            skills=frozenset(chance.sample(SKILLS, 3)),
            home=spot(),
            shift=OfficeHours(CHICAGO, dict.fromkeys(range(7), (time(7), time(18)))),
        )
        for number in range(TECHNICIANS)
    ]
    visits = [_visit(number, profiles[number // EACH], spot(), chance) for number in range(TECHNICIANS * EACH)]
    seen = Seen(None, NOW - timedelta(hours=1))
    watched = {visit.key: sight(None, visit, seen) for visit in visits}
    return Facts(
        now=NOW,
        awake_since=NOW - timedelta(days=1),
        visits=watched,
        feeds={"today": FeedHealth(feed="today", interval=timedelta(seconds=30), last_good_at=NOW)},
        policy=Policy(),
        office=OfficeHours(CHICAGO),
        roster=Roster.of(profiles),
        travel=Travel(),
        index=Index.of(watched),
    )


def _visit(number: int, profile: Profile, spot: tuple[float, float], chance: random.Random) -> Visit:
    start = NOW.replace(hour=13, minute=0) + timedelta(minutes=55 * (number % EACH) + chance.randrange(10))
    is_over = start + timedelta(minutes=20) < NOW
    return Visit(
        feed="today",
        ext_id=f"V-{number}",
        order_ref=f"W-{number}",
        technicians=(Technician(profile.name, profile.ext_id),),
        customer=Customer(f"Customer {number % 97}"),
        site=Site(f"Site {number}", "America/Chicago", f"{number} Road", *spot),
        skills=(chance.choice(SKILLS),),
        sched_start=start,
        sched_end=start + timedelta(minutes=20),
        window_end=start + timedelta(minutes=120),
        status=Status.COMPLETED if is_over else Status.SCHEDULED,
        arrived_at=start if is_over else None,
        completed_at=start + timedelta(minutes=20) if is_over else None,
    )


def reference() -> float:
    """Processor seconds that a fixed piece of arithmetic takes on this machine, now."""
    started = process_time()
    sum(number * number % 7 for number in range(200_000))
    return process_time() - started


def test_one_suggestion_among_a_hundred_technicians_with_a_thousand_visits() -> None:
    facts = office()
    gc.collect()
    gc.freeze()  # as the program does: what has been read in is not gone through again and again
    keys = [VisitKey("today", f"V-{number}") for number in range(5, TECHNICIANS * EACH, 41)]
    taken, ratios = [], []
    for key in keys:
        beside = reference()
        started = process_time()
        answer = suggest(key, facts)
        taken.append(process_time() - started)
        ratios.append(taken[-1] / beside)
        assert answer is not None
        assert len(answer.can) + len(answer.cannot) == TECHNICIANS
    print(f"\none suggestion: median {median(taken) * 1000:.1f} ms, worst {max(taken) * 1000:.1f} ms,")
    print(f"{median(ratios):.2f} times the reference ({median(taken) / median(ratios) * 1000:.1f} ms)")
    assert median(ratios) < 4
