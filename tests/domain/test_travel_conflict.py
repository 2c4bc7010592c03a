"""A drive that takes longer than the gap, by itself: pure values in, conditions out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Condition, Outcome, Severity
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules.travel_conflict import TRAVEL_CONFLICT
from dispatchwatch.domain.technician import Position
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.visit import Customer, Site, Status, Visit
from dispatchwatch.domain.watched import miss
from tests.fakes.office import LEE, ORTIZ, at, hours, minutes, visit
from tests.fakes.picture import Told, alert_of, ended, found, judged, sighted

TICK = timedelta(microseconds=1)
NOW = at("06:00")
HERE = Site("Plant 4", "America/Chicago", "", 41.88, -87.63)
THERE = Site("Yard 2", "America/Chicago", "", 41.98, -87.90)


class EveryWay(Travel):
    """Every way takes the same time."""

    length = minutes(30)

    def between(self, start: Position | None, end: Position | None) -> timedelta | None:
        if start is None or end is None:
            return None
        return timedelta() if start == end else self.length


class FifteenHours(EveryWay):
    length = hours(15)


FIRST = visit("J-1", start=at("09:00"), site=HERE)


def later(start: datetime, ext_id: str = "J-2", **more: Any) -> Visit:
    return visit(ext_id, start=start, **{"site": THERE, "customer": Customer("Beta Mill"), **more})


SECOND = later(at("11:20"))


def conflicts(now: datetime, *told: Told, **more: Any) -> tuple[Condition, ...]:
    return found(TRAVEL_CONFLICT, now, *told, **{"travel": EveryWay(), **more})


@pytest.mark.parametrize(
    ("starts", "too_short"),
    [
        (at("11:25"), False),
        (at("11:25") - TICK, True),
        (at("11:00"), True),
        (at("10:55"), True),
        (at("10:55") - TICK, False),
        (at("09:00"), False),
    ],
    ids=["five minutes short", "a tick more", "no gap", "a tolerated overlap", "double-booked", "both at once"],
)
def test_a_gap_more_than_five_minutes_too_short_is_told(starts: datetime, too_short: bool) -> None:
    assert bool(conflicts(NOW, FIRST, later(starts))) is too_short


def test_it_is_information_and_stands_with_the_later_visit() -> None:
    (condition,) = conflicts(NOW, SECOND, FIRST)
    assert condition.key == "travel_conflict|today|J-2|T-07+J-1+J-2+2026-11-10T17:20Z"
    assert (condition.severity, condition.due_at, condition.from_absence) == (Severity.INFO, at("11:20"), False)


def test_it_is_past_when_the_later_visit_begins() -> None:
    assert judged(TRAVEL_CONFLICT, NOW, FIRST, SECOND, travel=EveryWay()).next_change == at("11:20")
    assert len(conflicts(at("11:20") - TICK, FIRST, SECOND)) == 1
    assert conflicts(at("11:20"), FIRST, SECOND) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"site": Site("Yard 2")},
        {"site": HERE},
        {"technicians": (LEE,)},
        {"anytime": True},
        {"sched_start": None, "sched_end": None},
        {"status": Status.ARRIVED},
        {"status": Status.CANCELLED},
        {"arrived_at": at("05:50")},
    ],
    ids=["unknown place", "same place", "another technician", "anytime", "no time", "there", "cancelled", "stamped"],
)
def test_what_is_no_conflict(changes: dict[str, Any]) -> None:
    assert conflicts(NOW, FIRST, replace(SECOND, **changes)) == ()


def test_a_visit_without_an_end_leaves_the_gap_unknown() -> None:
    assert conflicts(NOW, replace(FIRST, sched_end=None), SECOND) == ()
    assert conflicts(NOW, replace(FIRST, sched_end=None, duration=hours(2)), SECOND)


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.CANCELLED, Status.PAUSED])
def test_a_first_visit_that_is_over_holds_nobody_up(status: Status) -> None:
    assert conflicts(NOW, replace(FIRST, status=status), SECOND) == ()


def test_a_first_visit_that_is_being_worked_on_does() -> None:
    assert len(conflicts(at("10:00"), replace(FIRST, status=Status.IN_PROGRESS), SECOND)) == 1


def test_only_neighbours_are_held_against_each_other() -> None:
    between = visit("J-3", start=at("11:05"), sched_end=at("11:10"), site=HERE)
    assert [one.key.split("|")[3][:12] for one in conflicts(NOW, FIRST, SECOND, between)] == ["T-07+J-2+J-3"]
    cancelled = replace(between, status=Status.CANCELLED)
    assert [one.key.split("|")[3][:12] for one in conflicts(NOW, FIRST, SECOND, cancelled)] == ["T-07+J-1+J-2"]


@pytest.mark.parametrize(
    ("ends", "starts", "told"),
    [
        ("06:00", "19:00", True),
        ("13:00", "2026-11-11 00:59:59", True),
        ("13:00", "2026-11-11 01:00", False),
    ],
    ids=["13 h on one day", "under 12 h over midnight", "12 h over midnight"],
)
def test_a_night_lies_between_the_days(ends: str, starts: str, told: bool) -> None:
    first = visit("J-1", start=at("05:00"), sched_end=at(ends), site=HERE)
    assert bool(conflicts(at("04:00"), first, later(at(starts)), travel=FifteenHours())) is told


def test_what_the_latest_snapshot_lacks_raises_nothing() -> None:
    (condition,) = conflicts(NOW, miss(sighted((NOW, FIRST)), NOW), SECOND)
    assert not condition.verified


def test_another_slack() -> None:
    policy = Policy(Thresholds(travel_slack=minutes(15)))
    assert not conflicts(NOW, FIRST, later(at("11:15")), policy=policy)
    assert conflicts(NOW, FIRST, later(at("11:14")), policy=policy)


def test_real_distances() -> None:
    """25 km as the crow flies are well over half an hour on the road."""
    (condition,) = conflicts(NOW, FIRST, SECOND, travel=Travel())
    assert 30 < float(condition.facts["drive_minutes"]) < 60


@pytest.mark.parametrize(
    ("told", "outcome", "text"),
    [
        (
            (FIRST, later(at("11:30"))),
            Outcome.REMEDIED,
            "There is time for the drive now: J-1 09:00–11:00 CST, then J-2 11:30–13:30 CST",
        ),
        (
            (FIRST, later(at("11:10"))),
            Outcome.MOVED,
            "The times have changed: J-1 09:00–11:00 CST, then J-2 11:10–13:10 CST",
        ),
        ((FIRST, later(at("10:30"))), Outcome.MOVED, "The two visits now overlap; a double booking tells of it"),
        ((FIRST, replace(SECOND, site=HERE)), Outcome.REMEDIED, None),
        (
            (FIRST, replace(SECOND, status=Status.ARRIVED)),
            Outcome.REMEDIED,
            "J. Ortiz is at Beta Mill, Yard 2",
        ),
        ((replace(FIRST, status=Status.COMPLETED), SECOND), Outcome.REMEDIED, "J-1 is over: completed"),
        ((FIRST, replace(SECOND, technicians=(LEE,))), Outcome.REMEDIED, "J-2 now goes to M. Lee"),
        ((FIRST, replace(SECOND, status=Status.CANCELLED)), Outcome.CANCELLED, "J-2 was cancelled"),
        (
            (FIRST, visit("J-3", start=at("11:05"), sched_end=at("11:10"), site=HERE), SECOND),
            Outcome.REMEDIED,
            "Another visit lies between them now: J-3 11:05–11:10 CST",
        ),
    ],
)
def test_what_ends_it(told: tuple[Visit, ...], outcome: Outcome, text: str | None) -> None:
    (condition,) = conflicts(NOW, FIRST, SECOND)
    why = ended(TRAVEL_CONFLICT, condition, NOW, *told, travel=EveryWay())
    assert why is not None
    assert (why.outcome, why.text) == (outcome, text or why.text)


def test_the_passing_of_its_time_ends_it_and_lost_news_does_not() -> None:
    (condition,) = conflicts(NOW, FIRST, SECOND)
    assert ended(TRAVEL_CONFLICT, condition, NOW, FIRST, SECOND, travel=EveryWay()) is None
    assert ended(TRAVEL_CONFLICT, condition, NOW, SECOND, travel=EveryWay()) is None
    why = ended(TRAVEL_CONFLICT, condition, at("11:20"), FIRST, SECOND, travel=EveryWay())
    assert why is not None
    assert why.outcome is Outcome.NOTED


def test_what_a_dispatcher_reads() -> None:
    (condition,) = conflicts(NOW, FIRST, SECOND)
    alert = alert_of(condition)
    assert wording.headline(alert, NOW) == (
        "J. Ortiz has 20 min for a drive of 30 min: "
        "Acme Foundry, Plant 4 (09:00–11:00 CST), then Beta Mill, Yard 2 (11:20–13:20 CST)"
    )
    assert wording.next_step(alert).startswith("Move J-2 by 10 min")
    (condition,) = conflicts(NOW, FIRST, later(at("10:58")))
    assert "no time for a drive of 30 min" in wording.headline(alert_of(condition), NOW)


def test_a_crew_is_told_of_once() -> None:
    crew = (ORTIZ, LEE)
    assert len(conflicts(NOW, replace(FIRST, technicians=crew), replace(SECOND, technicians=crew))) == 1
