"""Nobody assigned, by itself: pure values in, conditions out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.policy import Override, Policy
from dispatchwatch.domain.rules.unassigned import UNASSIGNED, is_off
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.domain.visit import Status, Technician
from dispatchwatch.domain.watched import miss
from tests.fakes.office import CHICAGO, LEE, ORTIZ, at, hours, minutes, seconds, visit
from tests.fakes.picture import alert_of, ended, found, judged, sighted

START = at("14:00")
TICK = timedelta(microseconds=1)
SHIFT = (time(7), time(16))
TUESDAYS = OfficeHours(CHICAGO, {1: SHIFT})
MONDAYS = OfficeHours(CHICAGO, {0: SHIFT})
NOBODY = visit(start=START, technicians=())


def roster(shift: OfficeHours | None, other: OfficeHours | None = TUESDAYS) -> Roster:
    return Roster.of(
        [
            Profile(ext_id="T-07", name="J. Ortiz", shift=shift),
            Profile(ext_id="T-09", name="M. Lee", shift=other),
        ]
    )


@pytest.mark.parametrize(
    ("now", "severity"),
    [
        (START - hours(4) - TICK, None),
        (START - hours(4), Severity.WARNING),
        (START - hours(1) - TICK, Severity.WARNING),
        (START - hours(1), Severity.HIGH),
        (START - TICK, Severity.HIGH),
        (START, Severity.CRITICAL),
        (START + hours(12), Severity.CRITICAL),
    ],
)
def test_the_ladder_of_a_visit_that_nobody_goes_to(now: datetime, severity: Severity | None) -> None:
    assert [one.severity for one in found(UNASSIGNED, now, NOBODY)] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (START - hours(6), START - hours(4)),
        (START - hours(4), START - hours(1)),
        (START - hours(1), START),
        (START, START + hours(12) + TICK),
        (START + hours(12) + TICK, None),
    ],
)
def test_it_says_when_time_alone_changes_its_answer(now: datetime, change: datetime | None) -> None:
    assert judged(UNASSIGNED, now, NOBODY).next_change == change


def test_an_urgent_visit_needs_somebody_at_once() -> None:
    (condition,) = found(UNASSIGNED, START - timedelta(days=3), replace(NOBODY, priority="1"))
    assert (condition.severity, condition.verified) == (Severity.WARNING, True)


def test_the_key_is_the_start_and_the_condition_argues_from_absence() -> None:
    (condition,) = found(UNASSIGNED, START - hours(2), NOBODY)
    assert condition.key == "unassigned|today|J-1042|2026-11-10T20:00Z"
    assert (condition.due_at, condition.from_absence) == (START, True)


@pytest.mark.parametrize(("over", "verified"), [(hours(12), True), (hours(12) + TICK, False)])
def test_a_start_long_past_is_no_news(over: timedelta, verified: bool) -> None:
    (condition,) = found(UNASSIGNED, START + over, NOBODY)
    assert condition.verified is verified


def test_what_the_latest_snapshot_lacks_raises_nothing() -> None:
    now = START - hours(2)
    (condition,) = found(UNASSIGNED, now, miss(sighted((now - hours(1), NOBODY)), now))
    assert not condition.verified


@pytest.mark.parametrize("status", list(Status))
def test_only_a_visit_still_to_be_made_needs_somebody(status: Status) -> None:
    needs = {Status.UNSCHEDULED, Status.SCHEDULED, Status.DISPATCHED, Status.EN_ROUTE}
    assert bool(found(UNASSIGNED, START, replace(NOBODY, status=status))) is (status in needs)


@pytest.mark.parametrize(
    "changes",
    [
        {"technicians": (ORTIZ,)},
        {"anytime": True},
        {"sched_start": None, "sched_end": None},
        {"arrived_at": START},
    ],
    ids=["assigned", "anytime", "no time at all", "somebody is there"],
)
def test_nothing_is_missing_where_somebody_goes_or_no_time_is_set(changes: dict[str, object]) -> None:
    assert found(UNASSIGNED, START, replace(NOBODY, **changes)) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shift", "off"),
    [
        (None, False),
        (OfficeHours(CHICAGO), False),
        (TUESDAYS, False),
        (MONDAYS, True),
        (OfficeHours(CHICAGO, {1: SHIFT}, frozenset({date(2026, 11, 10)})), True),
    ],
    ids=["no shift told", "always", "works that day", "works another day", "on holiday"],
)
def test_one_who_does_not_work_that_day_is_nobody(shift: OfficeHours | None, off: bool) -> None:
    conditions = found(UNASSIGNED, START - hours(2), visit(start=START), roster=roster(shift))
    assert bool(conditions) is off


def test_the_day_is_that_of_the_shift_not_that_of_greenwich() -> None:
    """Tuesday 23:30 in Chicago is Wednesday in Greenwich."""
    late = at("23:30")
    assert not is_off(ORTIZ, late, roster(TUESDAYS))
    assert is_off(ORTIZ, at("2026-11-11 00:30"), roster(TUESDAYS))


def test_a_night_shift_that_began_the_day_before_is_work() -> None:
    nights = roster(OfficeHours(CHICAGO, {0: (time(22), time(6))}))
    assert not is_off(ORTIZ, at("01:00"), nights)
    assert is_off(ORTIZ, at("06:00"), nights)


def test_a_technician_the_roster_does_not_know_is_not_off() -> None:
    assert not is_off(Technician("A. Stranger"), START, roster(MONDAYS))


def test_one_of_a_crew_who_works_is_enough() -> None:
    crew = visit(start=START, technicians=(ORTIZ, LEE))
    assert found(UNASSIGNED, START - hours(2), crew, roster=roster(MONDAYS, TUESDAYS)) == ()
    assert len(found(UNASSIGNED, START - hours(2), crew, roster=roster(MONDAYS, MONDAYS))) == 1


def test_other_thresholds_for_some_visits() -> None:
    longer = Override(
        Match((("customer", ("Acme*",)),)), {"unassigned_lead": hours(24), "unassigned_high_within": hours(8)}
    )
    policy = Policy(overrides=(longer,))
    assert found(UNASSIGNED, START - hours(24), NOBODY, policy=policy)[0].severity is Severity.WARNING
    assert found(UNASSIGNED, START - hours(8), NOBODY, policy=policy)[0].severity is Severity.HIGH


NOW = START - hours(2)


@pytest.mark.parametrize(
    ("changes", "outcome", "text"),
    [
        ({"technicians": (LEE,)}, Outcome.REMEDIED, "M. Lee is assigned"),
        (
            {"status": Status.CANCELLED, "cancelled_by": "customer"},
            Outcome.CANCELLED,
            "The visit was cancelled by the customer",
        ),
        ({"status": Status.ARRIVED}, Outcome.REMEDIED, "Somebody is there: arrived"),
        ({"status": Status.COMPLETED}, Outcome.REMEDIED, "Somebody is there: completed"),
        ({"sched_start": at("16:00")}, Outcome.MOVED, "The visit was moved; it now starts Tue 10 Nov 16:00 CST"),
        ({"anytime": True}, Outcome.MOVED, "The visit was moved; it now has no fixed time"),
    ],
)
def test_what_ends_it(changes: dict[str, object], outcome: Outcome, text: str) -> None:
    (condition,) = found(UNASSIGNED, NOW, NOBODY)
    why = ended(UNASSIGNED, condition, NOW, replace(NOBODY, **changes))  # type: ignore[arg-type]
    assert why is not None
    assert (why.outcome, why.text) == (outcome, text)


def test_time_and_lost_news_end_nothing() -> None:
    (condition,) = found(UNASSIGNED, NOW, NOBODY)
    assert ended(UNASSIGNED, condition, NOW - hours(5), NOBODY) is None
    assert ended(UNASSIGNED, condition, START + timedelta(days=9), NOBODY) is None
    assert ended(UNASSIGNED, condition, NOW) is None


def test_withdrawn_from_the_schedule_ends_it() -> None:
    (condition,) = found(UNASSIGNED, NOW, NOBODY)
    gone = miss(miss(sighted((NOW, NOBODY)), NOW), NOW + minutes(5))
    why = ended(UNASSIGNED, condition, NOW + minutes(6), gone)
    assert why is not None
    assert why.outcome is Outcome.WITHDRAWN
    assert found(UNASSIGNED, NOW + minutes(6), gone) == ()


def test_an_absent_technician_in_place_of_nobody_is_no_remedy() -> None:
    (condition,) = found(UNASSIGNED, NOW, NOBODY)
    assert ended(UNASSIGNED, condition, NOW, visit(start=START), roster=roster(MONDAYS)) is None
    assert ended(UNASSIGNED, condition, NOW, visit(start=START), roster=roster(TUESDAYS)) is not None


def test_taken_off_once_more_is_a_new_alert_for_the_same_start() -> None:
    """Assigned at eight, ill at nine: the key of the first alert is used up, the need is not."""
    again = sighted((NOW, NOBODY), (NOW + minutes(1), visit(start=START)), (NOW + minutes(2), NOBODY))
    (first,) = found(UNASSIGNED, NOW, NOBODY)
    (second,) = found(UNASSIGNED, NOW + minutes(2), again)
    assert second.key == first.key + "+1"
    why = ended(UNASSIGNED, first, NOW + minutes(2), again)
    assert why is not None
    assert why.outcome is Outcome.NOTED


def test_what_a_dispatcher_reads() -> None:
    (condition,) = found(UNASSIGNED, START - minutes(45), NOBODY)
    alert = alert_of(condition)
    assert (
        wording.headline(alert, START - minutes(45))
        == "Nobody is assigned: Acme Foundry, Plant 4 starts 14:00 CST, in 45 min"
    )
    assert (
        wording.headline(alert, START + seconds(30))
        == "Nobody is assigned: Acme Foundry, Plant 4 was to start 14:00 CST"
    )
    assert wording.headline(alert, START + minutes(20)).endswith("was to start 14:00 CST, 20 min ago")
    assert wording.headline(alert, START - hours(20)).endswith("starts Tue 10 Nov 14:00 CST, in 20 h 00 min")
    assert wording.short_headline(alert, START - minutes(45)) == "Nobody assigned, starts in 45 min"
    assert "J-1042" in wording.next_step(alert)


def test_of_one_who_is_off_it_says_so() -> None:
    (condition,) = found(UNASSIGNED, NOW, visit(start=START), roster=roster(MONDAYS))
    headline = wording.headline(alert_of(condition), NOW)
    assert headline.startswith("J. Ortiz does not work that day: Acme Foundry, Plant 4 starts 14:00 CST")
