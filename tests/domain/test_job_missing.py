"""Visits that complete readings no longer hold (study 4.2, kind 12), by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Facts, Finding, ending, evaluate
from dispatchwatch.domain.rules.job_missing import JOB_MISSING
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.watched import Seen, Watched, miss, sight
from tests.fakes.office import at, hours, key, minutes, seconds, visit

MICROSECOND = timedelta(microseconds=1)
START = at("2026-11-12 09:50")
GONE = at("2026-11-10 08:05")


def known(ext_id: str = "J-1042", start: datetime = START, **more: Any) -> Watched:
    return sight(None, visit(ext_id, start=start, **more), Seen(None, at("2026-11-10 07:00")))


def missing(watched: Watched, since: datetime | None = None, until: datetime = GONE) -> Watched:
    return miss(miss(watched, since or GONE - minutes(5)), until)


def facts(now: datetime, *watched: Watched, policy: Policy | None = None, fresh: bool = True) -> Facts:
    return Facts(
        now=now,
        awake_since=now - timedelta(days=30),
        visits={one.key: one for one in watched},
        feeds={
            "today": FeedHealth(
                feed="today", interval=seconds(30), last_good_at=now if fresh else now - timedelta(hours=1)
            )
        },
        policy=policy or Policy(),
        office=OfficeHours(ZoneInfo("UTC")),
    )


def judged(now: datetime, *watched: Watched, **more: Any) -> Finding:
    return evaluate(facts(now, *watched, **more), [JOB_MISSING])


def alert(watched: Watched | None = None) -> Alert:
    """As the rule raised it when the visit had gone."""
    (condition,) = judged(GONE, missing(watched or known())).conditions
    return Alert(
        id=1,
        key=condition.key,
        kind=condition.kind,
        severity=condition.severity,
        feed="today",
        ext_id=condition.ext_id,
        due_at=condition.due_at,
        raised_at=GONE,
        updated_at=GONE,
        facts=condition.facts,
    )


def why(now: datetime, *watched: Watched) -> tuple[Outcome, str] | None:
    view = facts(now, *watched)
    evaluated = replace(view, index=view.index.of(view.visits, view.feeds))
    found = ending(alert(), evaluated, [JOB_MISSING])
    return (found.outcome, found.text) if found else None


def test_a_visit_that_has_gone_for_good_is_missing() -> None:
    (condition,) = judged(GONE, missing(known())).conditions
    assert condition.key == "job_missing|today|J-1042|1"
    assert (condition.severity, condition.due_at, condition.verified) == (Severity.WARNING, GONE, True)


def test_one_reading_without_it_is_not_enough() -> None:
    assert judged(GONE, miss(known(), GONE)) == Finding()
    assert judged(GONE, missing(known(), until=GONE - MICROSECOND)) == Finding()


@pytest.mark.parametrize(
    ("before_start", "severity"),
    [
        (hours(24) + MICROSECOND, Severity.WARNING),
        (hours(24), Severity.HIGH),
        (minutes(1), Severity.HIGH),
        (-hours(3), Severity.HIGH),
    ],
)
def test_it_is_high_within_a_day_of_its_start(before_start: timedelta, severity: Severity) -> None:
    assert [one.severity for one in judged(START - before_start, missing(known())).conditions] == [severity]


def test_other_thresholds_move_the_line() -> None:
    strict = Policy(Thresholds(missing_high_within=hours(2)))
    found = [
        judged(START - length, missing(known()), policy=strict).conditions[0].severity
        for length in (hours(3), hours(2))
    ]
    assert found == [Severity.WARNING, Severity.HIGH]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (GONE, START - hours(24)),
        (START - hours(24), START + hours(14) + MICROSECOND),
        (START + hours(14), START + hours(14) + MICROSECOND),
        (START + hours(14) + MICROSECOND, START + hours(24)),
        (START + hours(24), None),
    ],
)
def test_the_rule_says_when_time_alone_changes_its_answer(now: datetime, expected: datetime | None) -> None:
    assert judged(now, missing(known())).next_change == expected


def test_what_ended_longer_ago_than_anybody_looks_back_is_not_raised_but_holds() -> None:
    found = [
        [one.verified for one in judged(START + hours(14) + late, missing(known())).conditions]
        for late in (timedelta(), MICROSECOND)
    ]
    assert found == [[True], [False]]


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.INCOMPLETE, Status.CANCELLED, Status.CUSTOMER_NO_SHOW])
def test_what_is_over_can_not_be_missed(status: Status) -> None:
    assert judged(GONE, missing(known(status=status))) == Finding()


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.EN_ROUTE, Status.IN_PROGRESS, Status.UNKNOWN])
def test_whatever_is_not_over_can(status: Status) -> None:
    assert len(judged(GONE, missing(known(status=status))).conditions) == 1


def test_an_anytime_visit_counts_from_the_start_of_its_day() -> None:
    day = known(anytime=True, sched_start=at("2026-11-11 00:00"))
    assert [one.severity for one in judged(GONE, missing(day)).conditions] == [Severity.HIGH]


def test_a_stale_feed_shows_no_absence() -> None:
    assert [one.verified for one in judged(GONE, missing(known()), fresh=False).conditions] == [False]


OTHER_ID: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"start": START + minutes(1)}, True),
    ({"start": START + minutes(1) + MICROSECOND}, False),
    ({"start": START - minutes(1)}, True),
    ({"order_ref": "W-2"}, False),
    ({"order_ref": ""}, False),
    ({"status": Status.CANCELLED}, True),
]


@pytest.mark.parametrize(("other", "is_the_same"), OTHER_ID)
def test_the_same_appointment_under_another_id_is_not_missing(other: dict[str, Any], is_the_same: bool) -> None:
    gone = missing(known(order_ref="W-1"))
    there = known("J-77", **{"order_ref": "W-1", **other})
    assert bool(judged(GONE, gone, there).conditions) is not is_the_same
    text = "The visit is in the schedule under another number: it is now under J-77"
    assert why(GONE, gone, there) == ((Outcome.REMEDIED, text) if is_the_same else None)


def test_another_visit_of_the_order_that_has_gone_as_well_explains_nothing() -> None:
    both = [missing(known(name, order_ref="W-1")) for name in ("J-1042", "J-77")]
    assert len(judged(GONE, *both).conditions) == 2


def test_two_visits_without_an_order_are_two() -> None:
    assert len(judged(GONE, missing(known()), known("J-77")).conditions) == 1


def test_it_is_over_when_the_visit_is_back_in_the_schedule() -> None:
    back = sight(missing(known()), known().visit, Seen(GONE, at("2026-11-10 08:20")))
    assert why(GONE + minutes(15), back) == (Outcome.REMEDIED, "The visit is back in the schedule at 08:20 CST")


def test_gone_again_it_is_another_disappearance() -> None:
    back = sight(missing(known()), known().visit, Seen(GONE, GONE + minutes(15)))
    again = missing(back, GONE + minutes(30), GONE + minutes(35))
    (condition,) = judged(GONE + minutes(35), again).conditions
    assert condition.key == "job_missing|today|J-1042|2"
    found = why(GONE + minutes(35), again)
    assert found is not None
    assert found[0] is Outcome.REMEDIED


@pytest.mark.parametrize(
    ("status", "outcome"), [(Status.CANCELLED, Outcome.CANCELLED), (Status.COMPLETED, Outcome.REMEDIED)]
)
def test_it_is_over_when_the_visit_is(status: Status, outcome: Outcome) -> None:
    over = replace(missing(known()), visit=replace(known().visit, status=status))
    found = why(GONE, over)
    assert found is not None
    assert found[0] is outcome


@pytest.mark.parametrize(
    ("more", "over_at"),
    [({}, START + hours(24)), ({"sched_end": START + hours(60)}, START + hours(60))],
    ids=["one day", "several days"],
)
def test_it_is_noted_once_its_day_is_over(more: dict[str, Any], over_at: datetime) -> None:
    gone = missing(known(**more))
    assert len(judged(over_at - MICROSECOND, gone).conditions) == 1
    assert judged(over_at, gone) == Finding()
    assert why(over_at - MICROSECOND, gone) is None
    assert why(over_at, gone) == (Outcome.NOTED, "Its day is over, and nobody has put it right")


def test_a_visit_nobody_knows_any_more_is_no_reason() -> None:
    assert why(GONE) is None


def test_its_words_say_what_has_gone_and_what_to_do() -> None:
    told = alert()
    assert wording.headline(told, GONE) == (
        "The visit J-1042 at Acme Foundry, Plant 4, planned for Thu 12 Nov 09:50 CST, has been missing from the"
        " schedule since 08:00 CST, and nobody has cancelled it"
    )
    assert "deleted by mistake" in wording.next_step(told)
    assert wording.short_headline(told, GONE) == "Missing from the schedule: J-1042"
    assert wording.headline(replace(told, facts={}), GONE).startswith(
        "The visit J-1042 at the customer has been missing"
    )


def test_the_key_of_another_kind_is_none_of_ours() -> None:
    assert alert().visit_key == key()
    assert alert().kind is AlertKind.JOB_MISSING
