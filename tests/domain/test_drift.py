"""Visits that are moved again and again, or far from their first promise (study 4.2, kind 6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import AlertKind, Condition, Ending, Operation, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.rules.drift import DRIFT
from dispatchwatch.domain.rules.facts import NOTHING
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.watched import REMEMBERED_MOVES, Watched, miss
from tests.domain.histories import facts_of, history
from tests.fakes.office import CHICAGO, at, hours, minutes
from tests.fakes.picture import alert_of

MICROSECOND = timedelta(microseconds=1)
START = at("2026-11-10 09:50")
"""The start that is promised first: a Tuesday."""
FIRST = at("2026-11-02 08:00")


def moved(times: int, by: timedelta = timedelta(minutes=20), *, last: dict[str, Any] | None = None) -> Watched:
    """Moved so many times, an hour apart, each time by so much; `last` is one more sighting."""
    sightings: list[tuple[str | datetime, dict[str, Any]]] = [
        (FIRST + number * hours(1), {"start": START + number * by}) for number in range(times + 1)
    ]
    if last is not None:
        sightings.append((FIRST + (times + 1) * hours(1), {"start": START + times * by, **last}))
    return history(*sightings)


def conditions(
    watched: Watched, now: datetime = START, office: OfficeHours | None = None, **more: Any
) -> tuple[Condition, ...]:
    return DRIFT.look(watched, facts_of(now, [watched], office, **more)).conditions


def found(watched: Watched, now: datetime = START, **more: Any) -> Condition:
    (condition,) = conditions(watched, now, **more)
    return condition


@pytest.mark.parametrize(
    ("times", "bucket", "severity"),
    [
        (2, None, None),
        (3, "3", Severity.WARNING),
        (4, "3", Severity.WARNING),
        (5, "5", Severity.HIGH),
        (7, "5", Severity.HIGH),
        (8, "8", Severity.HIGH),
        (20, "8", Severity.HIGH),
    ],
)
def test_each_bucket_of_moves_is_an_alert_of_its_own(times: int, bucket: str | None, severity: Severity | None) -> None:
    seen = [(one.key, one.severity) for one in conditions(moved(times))]
    assert seen == ([(f"reschedule_drift|today|J-1042|{bucket}", severity)] if bucket else [])


def test_other_thresholds_make_other_buckets() -> None:
    assert found(moved(2), drift_moves=2, drift_high_moves=4).key.endswith("|2")
    assert found(moved(4), drift_moves=2, drift_high_moves=4).key.endswith("|4")
    assert found(moved(7), drift_moves=2, drift_high_moves=4).key.endswith("|7")
    upside_down = found(moved(4), drift_moves=4, drift_high_moves=2)
    assert (upside_down.key[-2:], upside_down.severity) == ("|4", Severity.HIGH)


def test_moves_of_less_than_a_quarter_of_an_hour_do_not_count() -> None:
    assert conditions(moved(3, minutes(5))) == ()
    assert conditions(moved(6, minutes(5))) == ()
    assert len(conditions(moved(9, minutes(5)))) == 1, "nine of five minutes are three of fifteen"


def test_what_was_undone_does_not_count() -> None:
    to_and_fro = [(FIRST + minutes(5 * number), {"start": START + hours(number % 2)}) for number in range(9)]
    assert conditions(history(*to_and_fro)) == ()
    slow = [(FIRST + minutes(11 * number), {"start": START + hours(number % 2)}) for number in range(9)]
    assert found(history(*slow)).facts["moves"] == "8"


@pytest.mark.parametrize(
    ("start", "days"),
    [
        ("2026-11-11 16:00", None),
        ("2026-11-12 08:00", "2"),
        ("2026-11-16 08:00", "4"),
        ("2026-11-06 08:00", None),
    ],
)
def test_two_business_days_after_the_first_promise_one_move_is_enough(start: str, days: str | None) -> None:
    watched = history((FIRST, {"start": START}), (FIRST + hours(1), {"start": at(start)}))
    seen = [(one.key, one.severity, one.facts["days"]) for one in conditions(watched)]
    assert seen == ([("reschedule_drift|today|J-1042|days", Severity.WARNING, days)] if days else [])


@pytest.mark.parametrize(
    ("start", "drifts"), [("2026-11-13 16:00", False), ("2026-11-16 16:00", False), ("2026-11-17 08:00", True)]
)
def test_a_weekend_and_a_holiday_are_no_business_days(start: str, drifts: bool) -> None:
    """First promised for Friday the 13th; Monday is one business day later, Tuesday two."""
    watched = history((FIRST, {"start": at("2026-11-13 09:00")}), (FIRST + hours(1), {"start": at(start)}))
    assert bool(conditions(watched)) is drifts
    closed = OfficeHours(CHICAGO, holidays=frozenset({date(2026, 11, 16)}))
    assert conditions(watched, office=closed) == ()


def test_a_visit_pulled_forward_does_not_drift() -> None:
    watched = history((FIRST, {"start": START}), (FIRST + hours(1), {"start": START - timedelta(days=5)}))
    assert conditions(watched, now=FIRST + hours(1)) == ()


def test_the_higher_bucket_takes_the_place_of_the_lower() -> None:
    third, fifth = alert_of(found(moved(3))), moved(5)
    over = DRIFT.ending(third, facts_of(START, [fifth]))
    assert over == Ending(Outcome.BECAME_WORSE, "The visit has by now been moved 5 times")
    assert DRIFT.ending(alert_of(found(fifth)), facts_of(START, [fifth])) is None
    by_days = history((FIRST, {"start": START}), (FIRST + hours(1), {"start": START + timedelta(days=2)}))
    days = alert_of(found(by_days))
    over = DRIFT.ending(days, facts_of(START, [moved(3, timedelta(days=1))]))
    assert over == Ending(Outcome.BECAME_WORSE, "The visit has by now been moved 3 times")


def test_moves_tell_more_than_days() -> None:
    assert found(moved(3, timedelta(days=2))).key.endswith("|3")


def test_drifting_less_than_it_did_is_no_end_while_it_drifts() -> None:
    five = moved(5)
    alert = alert_of(found(five))
    undone = moved(5, last={"start": START + 4 * minutes(20)})
    back_at_once = history(
        *[(FIRST + number * hours(1), {"start": START + number * minutes(20)}) for number in range(6)],
        (FIRST + hours(5) + minutes(5), {"start": START + 4 * minutes(20)}),
    )
    assert found(undone).facts["moves"] == "6"
    assert found(back_at_once).key.endswith("|3")
    assert DRIFT.ending(alert, facts_of(START, [back_at_once])) is None


def test_moved_back_to_the_first_promise_it_drifts_no_more() -> None:
    away = (FIRST + hours(1), {"start": START + timedelta(days=3)})
    alert = alert_of(found(history((FIRST, {"start": START}), away)))
    back = history((FIRST, {"start": START}), away, (FIRST + hours(2), {"start": START}))
    over = DRIFT.ending(alert, facts_of(START, [back]))
    assert over == Ending(
        Outcome.UNDONE, "The visit is back near its first promise; it now starts Tue 10 Nov 09:50 CST"
    )


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (Status.COMPLETED, Outcome.REMEDIED),
        (Status.CANCELLED, Outcome.CANCELLED),
        (Status.INCOMPLETE, Outcome.NOTED),
        (Status.CUSTOMER_NO_SHOW, Outcome.NOTED),
        (Status.ARRIVED, None),
        (Status.EN_ROUTE, None),
        (Status.UNSCHEDULED, None),
    ],
)
def test_what_ends_a_drift(status: Status, outcome: Outcome | None) -> None:
    alert = alert_of(found(moved(3)))
    now = moved(3, last={"status": status})
    over = DRIFT.ending(alert, facts_of(START, [now]))
    assert (over.outcome if over else None) is outcome
    assert bool(conditions(now)) is (outcome is None)


def test_a_visit_that_is_gone_drifts_no_more() -> None:
    alert, watched = alert_of(found(moved(3))), moved(3)
    gone = miss(miss(watched, START), START + minutes(5))
    over = DRIFT.ending(alert, facts_of(START + minutes(5), [gone]))
    assert over == Ending(Outcome.WITHDRAWN, "The visit is no longer in the schedule")
    assert DRIFT.look(gone, facts_of(START + minutes(5), [gone])) == NOTHING
    assert DRIFT.ending(alert, facts_of(START, [])) is None


@pytest.mark.parametrize(("late", "verified"), [(hours(12), True), (hours(12) + MICROSECOND, False)])
def test_what_was_to_start_long_ago_is_no_news(late: timedelta, verified: bool) -> None:
    watched = moved(3)
    start = START + minutes(60)
    finding = DRIFT.look(watched, facts_of(start + late, [watched]))
    assert [one.verified for one in finding.conditions] == [verified]
    assert finding.next_change == (start + hours(12) + MICROSECOND if verified else None)


def test_only_so_many_moves_are_remembered_and_it_drifts_all_the_same() -> None:
    watched = moved(REMEMBERED_MOVES + 20)
    assert len(watched.moves) == REMEMBERED_MOVES
    assert found(watched).key.endswith("|8")


# The words


def test_the_headline_says_how_often_and_from_when_to_when() -> None:
    alert = alert_of(found(moved(3, timedelta(days=1))))
    assert wording.headline(alert, START) == (
        "The visit at Acme Foundry, Plant 4 has been moved 3 times"
        " – first promised for Tue 10 Nov 09:50 CST, now for Fri 13 Nov 09:50 CST"
    )
    rows = dict(wording.notification(alert, Operation.RAISE, START).facts)
    assert (rows["Moves"], rows["Later by"]) == ("3", "3 business days")
    assert (rows["First promised"], rows["Now"]) == ("Tue 10 Nov 09:50 CST", "Fri 13 Nov 09:50 CST")
    assert wording.short_headline(alert, START) == "Has been moved 3 times: Acme Foundry"
    assert wording.next_step(alert).startswith("Call the customer and settle a time that holds.")


def test_a_visit_that_slipped_by_days_says_so() -> None:
    watched = history((FIRST, {"start": START}), (FIRST + hours(1), {"start": START + timedelta(days=2)}))
    assert wording.headline(alert_of(found(watched)), START) == (
        "The visit at Acme Foundry, Plant 4 has slipped 2 business days"
        " – first promised for Tue 10 Nov 09:50 CST, now for Thu 12 Nov 09:50 CST"
    )


@pytest.mark.parametrize("facts", [{}, {"days": "2", "bucket": "days"}, {"moves": "3"}])
def test_few_facts_still_make_sentences(facts: dict[str, str]) -> None:
    kind = AlertKind.RESCHEDULE_DRIFT
    alert = alert_of(Condition(key="k", kind=kind, feed="f", severity=Severity.HIGH, due_at=START, facts=facts))
    assert wording.headline(alert, START).startswith("The visit at the customer has ")
    assert wording.notification(alert, Operation.RAISE, START).headline
    assert wording.next_step(alert)
    assert wording.detail(alert)
