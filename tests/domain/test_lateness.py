"""The rule of late check-ins by itself: pure values in, conditions out."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Facts, Finding, ending, evaluate
from dispatchwatch.domain.rules.lateness import LATE_CHECK_IN, severity
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Site, Status, Technician, Visit
from dispatchwatch.domain.watched import Seen, Watched
from tests.fakes.office import ORTIZ, at, minutes, seconds, visit
from tests.thorough import times

MICROSECOND = timedelta(microseconds=1)
DEADLINE = at("10:05")
LATENESS = (LATE_CHECK_IN,)


def facts(now: datetime, *visits: Visit, policy: Policy | None = None, fresh: bool = True) -> Facts:
    seen = Seen(None, now - minutes(1))
    watched = [
        Watched(visit=one, first_seen_at=seen.until, check_in_seen=seen if one.checked_in else None) for one in visits
    ]
    return facts_of(now, watched, policy=policy, fresh=fresh)


def facts_of(now: datetime, watched: Iterable[Watched], *, policy: Policy | None = None, fresh: bool = True) -> Facts:
    read = now if fresh else now - timedelta(hours=1)
    return Facts(
        now=now,
        awake_since=now - timedelta(days=1),
        visits={one.key: one for one in watched},
        feeds={"today": FeedHealth(feed="today", interval=seconds(30), last_good_at=read)},
        policy=policy or Policy(),
        office=OfficeHours(ZoneInfo("UTC")),
    )


def found(now: datetime, *visits: Visit, **more: Any) -> tuple[Condition, ...]:
    return evaluate(facts(now, *visits, **more), LATENESS).conditions


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        (MICROSECOND, Severity.WARNING),
        (minutes(30) - seconds(1), Severity.WARNING),
        (minutes(30), Severity.HIGH),
        (minutes(60) - seconds(1), Severity.HIGH),
        (minutes(60), Severity.CRITICAL),
        (timedelta(days=3), Severity.CRITICAL),
    ],
)
def test_the_ladder_to_the_second(over: timedelta, expected: Severity) -> None:
    assert severity(visit(), DEADLINE, Policy(), DEADLINE + over) is expected


@pytest.mark.parametrize("priority", ["1", " 1 ", "P1", "Emergency", "URGENT", "critical"])
def test_an_urgent_visit_is_critical_at_once(priority: str) -> None:
    assert severity(visit(priority=priority), DEADLINE, Policy(), DEADLINE + MICROSECOND) is Severity.CRITICAL


@pytest.mark.parametrize("priority", ["", "2", "11", "low"])
def test_other_priorities_are_not(priority: str) -> None:
    assert severity(visit(priority=priority), DEADLINE, Policy(), DEADLINE + MICROSECOND) is Severity.WARNING


@pytest.mark.parametrize(
    ("arrival_in", "lowered"),
    [
        (minutes(15) + seconds(1), False),
        (minutes(15), True),
        (minutes(0), True),
        (minutes(-15), True),
        (minutes(-15) - seconds(1), False),
    ],
)
def test_on_the_way_lowers_by_one_step_while_the_arrival_is_within_a_quarter_of_an_hour(
    arrival_in: timedelta, lowered: bool
) -> None:
    now = DEADLINE + minutes(31)
    coming = visit(status=Status.EN_ROUTE, eta=now + arrival_in)
    assert severity(coming, DEADLINE, Policy(), now) is (Severity.WARNING if lowered else Severity.HIGH)


def test_an_arrival_time_without_being_on_the_way_lowers_nothing() -> None:
    now = DEADLINE + minutes(31)
    assert severity(visit(status=Status.DISPATCHED, eta=now), DEADLINE, Policy(), now) is Severity.HIGH


def test_an_urgent_visit_about_to_be_reached_is_high() -> None:
    coming = visit(status=Status.EN_ROUTE, eta=DEADLINE + minutes(5), priority="1")
    assert severity(coming, DEADLINE, Policy(), DEADLINE + MICROSECOND) is Severity.HIGH


def test_other_thresholds_move_the_ladder() -> None:
    strict = Policy(Thresholds(late_high_after=minutes(5), late_critical_after=minutes(7)))
    steps = [severity(visit(), DEADLINE, strict, DEADLINE + minutes(n)) for n in (4, 5, 7)]
    assert steps == [Severity.WARNING, Severity.HIGH, Severity.CRITICAL]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at("08:00"), at("09:50")),
        (at("09:50"), DEADLINE + MICROSECOND),
        (DEADLINE, DEADLINE + MICROSECOND),
        (DEADLINE + MICROSECOND, at("10:35")),
        (at("10:35"), at("11:05")),
        (at("11:05"), at("22:05") + MICROSECOND),
        (at("22:05") + MICROSECOND, None),
    ],
)
def test_the_rule_says_when_time_alone_changes_its_answer(now: datetime, expected: datetime | None) -> None:
    assert evaluate(facts(now, visit()), LATENESS).next_change == expected


def test_it_also_changes_when_an_announced_arrival_is_overdue() -> None:
    coming = visit(status=Status.EN_ROUTE, eta=at("10:06"))
    assert evaluate(facts(at("10:10"), coming), LATENESS).next_change == at("10:21") + MICROSECOND


def test_whatever_is_settled_never_changes_with_time() -> None:
    settled = [
        visit("A", status=Status.CANCELLED),
        visit("B", arrived_at=at("09:40")),
        visit("C", technicians=()),
        visit("D", anytime=True),
    ]
    assert evaluate(facts(at("11:00"), *settled), LATENESS) == Finding((), None)


def test_a_stale_picture_does_not_verify() -> None:
    assert [one.verified for one in found(at("10:06"), visit())] == [True]
    assert [one.verified for one in found(at("10:06"), visit(), fresh=False)] == [False]


@pytest.mark.parametrize(("over", "verified"), [(timedelta(hours=12), True), (timedelta(hours=12, seconds=1), False)])
def test_nothing_older_than_the_look_back_is_verified(over: timedelta, verified: bool) -> None:
    assert [one.verified for one in found(DEADLINE + over, visit())] == [verified]


@pytest.mark.parametrize("evidence", [{}, {"status": Status.UNSCHEDULED}, {"eta": at("11:00")}])
def test_an_ending_needs_a_reason(evidence: dict[str, Any]) -> None:
    alert = late_alert()
    reason = ending(alert, facts(at("10:20"), visit(**evidence)))
    assert (reason is None) is (evidence.get("status") is None)
    assert ending(alert, facts(at("09:00"), visit(**evidence))) == reason, "the clock is no reason"


def test_an_alert_of_a_visit_nobody_knows_stays() -> None:
    assert ending(late_alert(), facts(at("10:20"))) is None


def test_arrived_exactly_at_the_deadline_is_on_time() -> None:
    on_time = ending(late_alert(), facts(at("10:20"), visit(arrived_at=DEADLINE)))
    late = ending(late_alert(), facts(at("10:20"), visit(arrived_at=DEADLINE + seconds(1))))
    assert on_time is not None
    assert late is not None
    assert (on_time.outcome, late.outcome) == (Outcome.WAS_ON_TIME, Outcome.CHECKED_IN)


def late_alert() -> Alert:
    return Alert(
        id=1,
        key="late_check_in|today|J-1042|2026-11-10T16:05Z",
        kind=AlertKind.LATE_CHECK_IN,
        severity=Severity.WARNING,
        feed="today",
        ext_id="J-1042",
        due_at=DEADLINE,
        raised_at=DEADLINE,
        updated_at=DEADLINE,
    )


# An oracle that shares nothing with the rule: integers, words and comparisons.


def is_late(told: dict[str, Any], now: int) -> bool:
    if told["someone"] and told["word"] in ("scheduled", "dispatched", "en_route"):
        if told["arrived"] is not None or told["started"] is not None or told["anytime"]:
            return False
        promised = told["window_end"] if told["window_end"] is not None else told["start"]
        return promised is not None and now > promised + told["grace"] * 60
    return False


def how_bad(told: dict[str, Any], now: int) -> int:
    promised = told["window_end"] if told["window_end"] is not None else told["start"]
    over = now - promised - told["grace"] * 60
    step = 3 if over >= 3600 or told["priority"] == "1" else 2 if over >= 1800 else 1
    if told["word"] == "en_route" and told["eta"] is not None and -900 <= told["eta"] - now <= 900:
        step -= 1
    return step


def as_visit(ext_id: str, told: dict[str, Any]) -> Visit:
    def instant(count: int | None) -> datetime | None:
        return None if count is None else datetime.fromtimestamp(count, UTC)

    return Visit(
        feed="today",
        ext_id=ext_id,
        status=Status(told["word"]),
        technicians=(Technician("A. Person"),) if told["someone"] else (),
        site=Site("x", "America/Chicago"),
        sched_start=instant(told["start"]),
        window_end=instant(told["window_end"]),
        arrived_at=instant(told["arrived"]),
        started_at=instant(told["started"]),
        eta=instant(told["eta"]),
        anytime=told["anytime"],
        priority=told["priority"],
    )


@pytest.mark.parametrize("seed", range(times(2)))
@pytest.mark.parametrize("night", ["2026-11-10 12:00", "2026-03-08 02:00", "2026-11-01 01:30"])
def test_thousands_of_visits_agree_with_a_plain_count_to_the_second(seed: int, night: str) -> None:
    """1,000 visits in each of six runs, each at its deadline, a second around it, and at a random instant."""
    chance = random.Random(seed)  # noqa: S311 - visits to test with
    base = int(at(night).timestamp())
    wrong = []
    for number in range(1000):

        def some(share: float) -> int | None:
            return base + chance.randrange(-7200, 7200) if chance.random() < share else None

        told: dict[str, Any] = {
            "word": chance.choice(["scheduled"] * 6 + ["dispatched", "en_route", "en_route", *map(str, Status)]),
            "someone": chance.random() < 0.9,
            "start": some(0.95),
            "window_end": some(0.3),
            "arrived": some(0.1),
            "started": some(0.1),
            "eta": some(0.5),
            "anytime": chance.random() < 0.05,
            "priority": chance.choice(["", "", "2", "1"]),
            "grace": chance.choice([0, 5, 15, 60]),
        }
        promised = told["window_end"] if told["window_end"] is not None else told["start"] or base
        due = promised + told["grace"] * 60
        policy = Policy(Thresholds(check_in_grace=minutes(told["grace"])))
        for now in (due - 1, due, due + 1, due + 1799, due + 1800, due + 3599, due + 3600, base + number):
            conditions = found(datetime.fromtimestamp(now, UTC), as_visit(f"J-{number}", told), policy=policy)
            ranks = [one.severity.rank for one in conditions]
            if ranks != ([how_bad(told, now)] if is_late(told, now) else []):
                wrong.append((told, now - due, ranks))
    assert wrong == []


def test_the_words_of_an_alert_are_those_of_its_visit() -> None:
    (condition,) = found(at("10:06"), visit(title="Compressor 3", priority="2"))
    assert condition.key == "late_check_in|today|J-1042|2026-11-10T16:05Z"
    assert condition.facts["technician"] == ORTIZ.name
    assert condition.facts["customer"] == "Acme Foundry"
    assert condition.facts["timezone"] == "America/Chicago"
    assert condition.facts["title"] == "Compressor 3"
