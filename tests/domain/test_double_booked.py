"""Double-booked, by itself: pure values in, conditions out."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Condition, Outcome, Severity
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules.double_booked import DOUBLE_BOOKED, MOST
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Customer, Site, Status, Technician, Visit
from dispatchwatch.domain.watched import miss
from tests.fakes.office import LEE, ORTIZ, at, hours, minutes, seconds, visit
from tests.fakes.picture import Told, alert_of, ended, found, judged, sighted

TICK = timedelta(microseconds=1)
NOW = at("06:00")
FIRST = visit("J-1", start=at("09:00"))
YARD = {"customer": Customer("Beta Mill"), "site": Site("Yard 2", "America/Chicago")}


def second(start: datetime, **more: Any) -> Visit:
    return visit("J-2", start=start, **{**YARD, **more})


LATER = second(at("10:30"))


def clashes(now: datetime, *told: Told, **more: Any) -> tuple[Condition, ...]:
    return found(DOUBLE_BOOKED, now, *told, **more)


@pytest.mark.parametrize(
    ("starts", "double"),
    [
        (at("10:55"), False),
        (at("10:55") - TICK, True),
        (at("10:54"), True),
        (at("11:00"), False),
        (at("12:00"), False),
        (at("09:00"), True),
    ],
)
def test_more_than_five_minutes_of_overlap_is_too_much(starts: datetime, double: bool) -> None:
    assert bool(clashes(NOW, FIRST, second(starts))) is double


def test_the_alert_stands_with_the_later_visit_and_names_both() -> None:
    (condition,) = clashes(NOW, LATER, FIRST)
    assert condition.key == "double_booked|today|J-2|T-07+J-1+J-2+2026-11-10T16:30Z"
    assert (condition.severity, condition.due_at, condition.from_absence) == (Severity.WARNING, at("10:30"), False)
    assert (condition.facts["other"], condition.facts["other_feed"]) == ("J-1", "today")


@pytest.mark.parametrize(
    ("now", "severity"),
    [
        (at("07:00") - TICK, Severity.WARNING),
        (at("07:00"), Severity.HIGH),
        (at("10:59"), Severity.HIGH),
        (at("11:00") - TICK, Severity.HIGH),
        (at("11:00"), None),
    ],
)
def test_it_is_high_two_hours_before_the_first_and_past_with_the_overlap(
    now: datetime, severity: Severity | None
) -> None:
    assert [one.severity for one in clashes(now, FIRST, LATER)] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("now", "change"),
    [(NOW, at("07:00")), (at("07:00"), at("11:00")), (at("10:30"), at("11:00")), (at("11:00"), None)],
)
def test_it_says_when_time_alone_changes_its_answer(now: datetime, change: datetime | None) -> None:
    assert judged(DOUBLE_BOOKED, now, FIRST, LATER).next_change == change


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("which", [0, 1])
def test_a_visit_that_is_over_paused_or_unclear_takes_no_time(status: Status, which: int) -> None:
    both = [FIRST, LATER]
    both[which] = replace(both[which], status=status)
    over = {Status.COMPLETED, Status.INCOMPLETE, Status.CANCELLED, Status.CUSTOMER_NO_SHOW}
    assert bool(clashes(NOW, *both)) is (status not in over | {Status.PAUSED, Status.UNKNOWN})


@pytest.mark.parametrize(
    "changes",
    [
        {"technicians": (LEE,)},
        {"technicians": ()},
        {"order_ref": "W-1"},
        {"anytime": True},
        {"sched_end": None},
        {"sched_start": None, "window_start": at("10:00"), "window_end": at("12:00")},
    ],
    ids=["another technician", "nobody", "one order", "anytime", "no end", "only a window"],
)
def test_what_is_no_double_booking(changes: dict[str, Any]) -> None:
    assert clashes(NOW, replace(FIRST, order_ref="W-1"), replace(LATER, **{"order_ref": "W-2", **changes})) == ()


def test_two_without_an_order_are_not_of_one_order() -> None:
    assert len(clashes(NOW, replace(FIRST, order_ref=""), replace(LATER, order_ref=""))) == 1


def test_a_length_stands_in_for_an_end() -> None:
    assert clashes(NOW, FIRST, second(at("10:30"), sched_end=None, duration=minutes(6)))
    assert not clashes(NOW, FIRST, second(at("10:30"), sched_end=None, duration=minutes(5)))
    assert not clashes(NOW, FIRST, second(at("10:30"), sched_end=None, duration=timedelta()))


def test_two_at_the_same_site_for_the_same_customer_are_only_noted() -> None:
    same = {"customer": FIRST.customer, "site": FIRST.site}
    (condition,) = clashes(at("10:00"), FIRST, second(at("10:30"), **same))
    assert condition.severity is Severity.INFO
    (condition,) = clashes(at("10:00"), FIRST, second(at("10:30"), **{**same, "customer": Customer("Beta Mill")}))
    assert condition.severity is Severity.HIGH
    (condition,) = clashes(at("10:00"), FIRST, second(at("10:30"), **{**same, "site": Site("Plant 5")}))
    assert condition.severity is Severity.HIGH


def test_a_crew_booked_twice_is_told_of_once() -> None:
    crew = (ORTIZ, LEE)
    (condition,) = clashes(NOW, replace(FIRST, technicians=crew), replace(LATER, technicians=(LEE, ORTIZ)))
    assert condition.facts["shared"] == "J. Ortiz and M. Lee"
    assert condition.facts["technician_id"] == "T-07"


def test_only_the_one_they_share_is_double_booked() -> None:
    (condition,) = clashes(NOW, replace(FIRST, technicians=(ORTIZ, LEE)), replace(LATER, technicians=(LEE,)))
    assert condition.facts["shared"] == "M. Lee"


def test_two_feeds_and_a_bar_in_an_id_keep_the_key_whole() -> None:
    far = replace(LATER, feed="other", ext_id="A|2")
    (condition,) = clashes(NOW, FIRST, far)
    assert condition.key == "double_booked|other|A|2|T-07+A/2+today/J-1+2026-11-10T16:30Z"
    assert condition.visit_key == far.key


def test_what_the_latest_snapshot_lacks_raises_nothing() -> None:
    (condition,) = clashes(NOW, FIRST, miss(sighted((NOW, LATER)), NOW))
    assert not condition.verified


def test_several_clashes_are_each_told() -> None:
    third = visit("J-3", start=at("10:40"))
    assert {one.key.split("|")[3][5:12] for one in clashes(NOW, FIRST, LATER, third)} == {
        "J-1+J-2",
        "J-1+J-3",
        "J-2+J-3",
    }


def test_over_midnight_instants_count() -> None:
    night = visit("J-1", start=at("22:30"), sched_end=at("2026-11-11 01:30"))
    assert clashes(at("20:00"), night, second(at("2026-11-11 01:00")))
    assert not clashes(at("20:00"), night, second(at("2026-11-11 01:25")))


def test_the_hour_that_comes_twice_is_no_overlap() -> None:
    """2026-11-01: 00:30–01:30 (the first) and 01:30 standard time, an hour later, do not meet."""
    begins = at("2026-11-01 00:30")
    first = visit("J-1", start=begins, sched_end=begins + hours(1))
    assert not clashes(begins - hours(3), first, second(begins + hours(2)))
    assert clashes(begins - hours(3), first, second(begins + minutes(50)))


def test_another_tolerance() -> None:
    policy = Policy(Thresholds(overlap_from=minutes(30)))
    assert not clashes(NOW, FIRST, LATER, policy=policy)
    assert clashes(NOW, FIRST, second(at("10:29:59")), policy=policy)


@pytest.mark.parametrize("seed", range(5))
def test_random_days_agree_with_comparing_every_two(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - visits to test with
    for _ in range(40):
        day = []
        for number in range(chance.randrange(2, 9)):
            start = at("08:00") + minutes(chance.randrange(0, 480))
            length = minutes(chance.choice([5, 6, 30, 90, 240]))
            crew = tuple(chance.sample((ORTIZ, LEE), chance.choice([1, 1, 2])))
            day.append(visit(f"J-{number}", start=start, sched_end=start + length, technicians=crew))
        now = at("08:00") + minutes(chance.randrange(-60, 600))
        expected = set()
        for one, other in combinations(day, 2):
            assert one.sched_start
            assert one.sched_end
            assert other.sched_start
            assert other.sched_end
            ends = min(one.sched_end, other.sched_end)
            overlaps = ends - max(one.sched_start, other.sched_start) > minutes(5) and ends > now
            if overlaps and set(one.technicians) & set(other.technicians):
                expected.add(frozenset({one.ext_id, other.ext_id}))
        assert {frozenset({each.ext_id, each.facts["other"]}) for each in clashes(now, *day)} == expected


def test_a_name_that_stands_for_nobody_does_not_make_thousands() -> None:
    pool = Technician("Pool", "POOL")
    many = [visit(f"J-{number}", start=at("09:00"), technicians=(pool,)) for number in range(100)]
    assert len(clashes(NOW, *many)) <= MOST * len(many)


@pytest.mark.parametrize(
    ("told", "outcome", "text"),
    [
        (
            (FIRST, second(at("11:00"))),
            Outcome.REMEDIED,
            "There is room now: J-1 09:00–11:00 CST, then J-2 11:00–13:00 CST",
        ),
        ((FIRST, replace(LATER, technicians=(LEE,))), Outcome.REMEDIED, "J-2 now goes to M. Lee"),
        ((replace(FIRST, technicians=()), LATER), Outcome.REMEDIED, "J-1 now goes to nobody"),
        ((replace(FIRST, status=Status.COMPLETED), LATER), Outcome.REMEDIED, "J-1 is over: completed"),
        (
            (FIRST, replace(LATER, status=Status.CANCELLED, cancelled_by="customer")),
            Outcome.CANCELLED,
            "J-2 was cancelled by customer",
        ),
        ((replace(FIRST, status=Status.PAUSED), LATER), Outcome.NOTED, "Work on J-1 is paused"),
        ((FIRST, replace(LATER, anytime=True)), Outcome.MOVED, "J-2 now has no fixed time"),
        (
            (replace(FIRST, order_ref="W"), replace(LATER, order_ref="W")),
            Outcome.NOTED,
            "Both visits now belong to one order",
        ),
        (
            (FIRST, second(at("10:45"))),
            Outcome.MOVED,
            "The times have changed: J-1 09:00–11:00 CST, then J-2 10:45–12:45 CST",
        ),
    ],
)
def test_what_ends_it(told: tuple[Visit, Visit], outcome: Outcome, text: str) -> None:
    (condition,) = clashes(NOW, FIRST, LATER)
    why = ended(DOUBLE_BOOKED, condition, NOW, *told)
    assert why is not None
    assert (why.outcome, why.text) == (outcome, text)


def test_its_time_passes() -> None:
    (condition,) = clashes(NOW, FIRST, LATER)
    assert ended(DOUBLE_BOOKED, condition, at("11:00") - TICK, FIRST, LATER) is None
    why = ended(DOUBLE_BOOKED, condition, at("11:00"), FIRST, LATER)
    assert why is not None
    assert why.outcome is Outcome.NOTED


@pytest.mark.parametrize("left", [(), (FIRST,), (LATER,)])
def test_a_visit_out_of_sight_ends_nothing(left: tuple[Visit, ...]) -> None:
    (condition,) = clashes(NOW, FIRST, LATER)
    assert ended(DOUBLE_BOOKED, condition, NOW, *left) is None


def test_a_visit_withdrawn_ends_it() -> None:
    (condition,) = clashes(NOW, FIRST, LATER)
    gone = miss(miss(sighted((NOW, FIRST)), NOW), NOW + minutes(5))
    why = ended(DOUBLE_BOOKED, condition, NOW + minutes(5), gone, LATER)
    assert why is not None
    assert (why.outcome, why.text) == (Outcome.WITHDRAWN, "The visit is no longer in the schedule: J-1")
    assert clashes(NOW + minutes(5), gone, LATER) == ()


def test_what_a_dispatcher_reads() -> None:
    (condition,) = clashes(NOW, FIRST, LATER)
    alert = alert_of(condition)
    assert wording.headline(alert, NOW) == (
        "J. Ortiz, double-booked for 30 min: "
        "Acme Foundry, Plant 4 (09:00–11:00 CST), and Beta Mill, Yard 2 (10:30–12:30 CST)"
    )
    assert "Tue 10 Nov 09:00–11:00 CST" in wording.headline(alert, NOW - hours(24))
    assert wording.short_headline(alert, NOW) == "J. Ortiz double-booked for 30 min"
    assert (
        wording.next_step(alert)
        == "Give J-2 to somebody who is free, or move it to 11:00 CST or later and tell the customer."
    )
    assert wording.detail(alert) == "J-1 and J-2 · overlap from 10:30 CST"
    assert wording.subject(alert) == "J. Ortiz: Acme Foundry, Plant 4 and Beta Mill, Yard 2"


def test_each_visit_is_told_in_the_time_of_its_own_site() -> None:
    denver = second(at("10:30"), site=Site("Yard 2", "America/Denver"))
    (condition,) = clashes(NOW, FIRST, denver)
    headline = wording.headline(alert_of(condition), NOW)
    assert "09:00–11:00 CST" in headline
    assert "09:30–11:30 MST" in headline


def test_seconds_count() -> None:
    assert not clashes(NOW, FIRST, second(at("10:55") + seconds(1)))
