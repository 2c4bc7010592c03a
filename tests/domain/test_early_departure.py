"""Leaving before the work can be done, by itself: pure values in, conditions out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Condition, Outcome, Severity
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules.early_departure import EARLY_DEPARTURE, stay
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Customer, Site, Status, Visit
from dispatchwatch.domain.watched import miss
from tests.fakes.office import LEE, ORTIZ, at, hours, minutes, visit
from tests.fakes.picture import Told, alert_of, ended, found, judged, sighted

TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
CREW = (ORTIZ, LEE)


def done(left: datetime, **more: Any) -> Visit:
    """Two hours planned from 09:00; completed."""
    told = {"status": Status.COMPLETED, "arrived_at": at("09:00"), "completed_at": left}
    return visit(start=at("09:00"), **{**told, **more})


def working(**more: Any) -> Visit:
    return visit(start=at("09:00"), **{"status": Status.IN_PROGRESS, "arrived_at": at("09:00"), **more})


def elsewhere(**more: Any) -> Visit:
    told = {"customer": Customer("Beta Mill"), "site": Site("Yard 2", "UTC"), "status": Status.EN_ROUTE}
    return visit("J-2", start=at("12:00"), **{**told, "en_route_at": at("10:10"), **more})


def early(now: datetime, *told: Told, **more: Any) -> tuple[Condition, ...]:
    return found(EARLY_DEPARTURE, now, *told, **more)


# Completed too soon


@pytest.mark.parametrize(
    ("planned", "stayed", "is_early"),
    [
        (hours(2), hours(1), False),
        (hours(2), hours(1) - SECOND, True),
        (minutes(60), minutes(30), False),
        (minutes(60), minutes(30) - SECOND, True),
        (minutes(40), minutes(10), False),
        (minutes(40), minutes(10) - SECOND, True),
        (minutes(30), timedelta(), False),
        (minutes(20), timedelta(), False),
        (hours(4), minutes(119), True),
    ],
)
def test_less_than_half_the_plan_and_thirty_minutes_less_than_it(
    planned: timedelta, stayed: timedelta, is_early: bool
) -> None:
    job = done(at("09:00") + stayed, sched_end=at("09:00") + planned)
    assert [one.severity for one in early(at("15:00"), job)] == ([Severity.INFO] if is_early else [])


@pytest.mark.parametrize(
    "changes",
    [
        {"arrived_at": None},
        {"completed_at": None},
        {"sched_end": None},
        {"status": Status.CANCELLED},
        {"status": Status.CUSTOMER_NO_SHOW},
        {"arrived_at": at("09:21")},
        {"sched_end": at("2026-11-11 16:00")},
    ],
    ids=["no arrival", "no end", "no plan", "cancelled", "customer no-show", "left before he came", "over two days"],
)
def test_what_says_nothing_of_leaving_early(changes: dict[str, Any]) -> None:
    assert len(early(at("15:00"), done(at("09:20")))) == 1
    assert early(at("15:00"), done(at("09:20"), **changes)) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"status": Status.IN_PROGRESS, "completed_at": None, "departed_at": at("09:20")},
        {"status": Status.INCOMPLETE, "departed_at": at("09:20")},
        {"completed_at": at("17:00"), "departed_at": at("09:20")},
        {"completed_at": None, "status_at": at("09:20")},
        {"arrived_at": None, "started_at": at("09:00")},
    ],
    ids=["left an open visit", "not finished", "closed in the evening", "stamp of the status", "start of work"],
)
def test_other_signs_of_the_same(changes: dict[str, Any]) -> None:
    (condition,) = early(at("17:30"), done(at("09:20"), **changes))
    assert condition.due_at == at("09:20")


def test_a_departure_before_the_arrival_is_no_stay() -> None:
    assert stay(done(at("09:20"))) == (at("09:00"), at("09:20"), hours(2))
    assert stay(done(at("08:59"))) is None


def test_leaving_later_than_completing_counts() -> None:
    assert early(at("15:00"), done(at("09:20"), departed_at=at("10:00"))) == ()


def test_a_visit_over_midnight_is_no_job_over_several_days() -> None:
    night = visit(start=at("22:30"), sched_end=at("2026-11-11 01:30"), arrived_at=at("22:30"), status=Status.COMPLETED)
    now = at("2026-11-11 02:00")
    assert len(early(now, replace(night, completed_at=at("22:50")))) == 1
    assert early(now, replace(night, completed_at=at("2026-11-11 00:01"))) == ()


def test_time_paused_is_time_there() -> None:
    paused = done(at("10:30"), status=Status.PAUSED, completed_at=None, status_at=at("09:10"))
    seen = sighted((at("09:00"), working()), (at("09:10"), paused), (at("10:30"), done(at("10:30"))))
    assert early(at("11:00"), seen) == ()


def test_the_key_is_the_departure() -> None:
    (condition,) = early(at("10:00"), done(at("09:20")))
    assert condition.key == "early_departure|today|J-1042|2026-11-10T15:20Z"
    assert (condition.due_at, condition.from_absence) == (at("09:20"), False)


@pytest.mark.parametrize(
    ("after", "verified"),
    [
        (hours(12), [True]),
        (hours(12) + TICK, [False]),
        (hours(24) - TICK, [False]),
        (hours(24), []),
    ],
)
def test_it_is_news_for_half_a_day_and_stays_for_one(after: timedelta, verified: list[bool]) -> None:
    assert [one.verified for one in early(at("09:20") + after, done(at("09:20")))] == verified


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (at("10:00"), at("21:20") + TICK),
        (at("21:20") + TICK, at("2026-11-11 09:20")),
        (at("2026-11-11 09:20"), None),
    ],
)
def test_it_says_when_time_alone_changes_its_answer(now: datetime, change: datetime | None) -> None:
    assert judged(EARLY_DEPARTURE, now, done(at("09:20"))).next_change == change


def test_other_thresholds() -> None:
    policy = Policy(Thresholds(early_percent=80, early_minus=minutes(5)))
    assert early(at("12:00"), done(at("10:36")), policy=policy) == ()
    assert len(early(at("12:00"), done(at("10:35")), policy=policy)) == 1


@pytest.mark.parametrize(
    ("told", "outcome", "text"),
    [
        (working(), Outcome.REMEDIED, "The visit was taken up again: working"),
        (done(at("09:20"), status=Status.IN_PROGRESS), Outcome.REMEDIED, "The visit was taken up again: working"),
        (
            done(at("09:20"), status=Status.PAUSED),
            Outcome.REMEDIED,
            "The visit was taken up again: paused",
        ),
        (done(at("10:50")), Outcome.NOTED, "The times were corrected: there from 09:00 CST until 10:50 CST"),
        (done(at("09:25")), Outcome.NOTED, "The times were corrected: there from 09:00 CST until 09:25 CST"),
        (done(at("09:20"), status=Status.CANCELLED), Outcome.CANCELLED, "The visit was cancelled"),
        (visit(start=at("09:00")), Outcome.UNDONE, "The check-in was taken back"),
    ],
)
def test_what_ends_it(told: Visit, outcome: Outcome, text: str) -> None:
    (condition,) = early(at("10:00"), done(at("09:20")))
    why = ended(EARLY_DEPARTURE, condition, at("11:00"), told)
    assert why is not None
    assert (why.outcome, why.text) == (outcome, text)


def test_a_day_later_it_is_over() -> None:
    (condition,) = early(at("10:00"), done(at("09:20")))
    assert ended(EARLY_DEPARTURE, condition, at("2026-11-11 09:19:59"), done(at("09:20"))) is None
    why = ended(EARLY_DEPARTURE, condition, at("2026-11-11 09:20"), done(at("09:20")))
    assert why is not None
    assert why.outcome is Outcome.NOTED


def test_lost_news_ends_nothing() -> None:
    (condition,) = early(at("10:00"), done(at("09:20")))
    assert ended(EARLY_DEPARTURE, condition, at("10:00")) is None


# Elsewhere while the visit is open


def test_on_the_way_elsewhere_while_the_visit_is_open_is_a_warning() -> None:
    (condition,) = early(at("10:20"), working(), elsewhere())
    assert (condition.severity, condition.ext_id, condition.due_at) == (Severity.WARNING, "J-1042", at("10:10"))
    assert condition.key == "early_departure|today|J-1042|2026-11-10T15:00Z"
    assert condition.from_absence
    assert condition.facts["other"] == "J-2"


@pytest.mark.parametrize("status", list(Status))
def test_what_counts_as_elsewhere(status: Status) -> None:
    there = {Status.EN_ROUTE, Status.ARRIVED, Status.IN_PROGRESS, Status.PAUSED}
    assert bool(early(at("10:20"), working(), elsewhere(status=status))) is (status in there)


@pytest.mark.parametrize("status", list(Status))
def test_what_counts_as_an_open_visit(status: Status) -> None:
    """One with the stamp of an arrival counts whatever its status, unless it is over or paused."""
    still = {Status.UNSCHEDULED, Status.SCHEDULED, Status.DISPATCHED, Status.EN_ROUTE, Status.UNKNOWN}
    still |= {Status.ARRIVED, Status.IN_PROGRESS}
    conditions = early(at("10:20"), working(status=status), elsewhere())
    assert ("J-1042" in {one.ext_id for one in conditions}) is (status in still)


@pytest.mark.parametrize(
    "other",
    [
        elsewhere(technicians=(LEE,)),
        elsewhere(site=Site("Plant 4"), customer=Customer("Acme Foundry")),
        elsewhere(site=Site(), customer=Customer("Acme Foundry")),
        elsewhere(en_route_at=None),
        elsewhere(en_route_at=at("09:00")),
        elsewhere(en_route_at=at("08:30")),
    ],
    ids=["another technician", "same site", "same customer, site unknown", "no instant", "at once", "before he came"],
)
def test_what_says_nothing_of_being_elsewhere(other: Visit) -> None:
    assert early(at("10:20"), working(), other) == ()


@pytest.mark.parametrize(
    "other",
    [elsewhere(customer=Customer("Acme Foundry")), elsewhere(site=Site("Plant 4"))],
    ids=["another site of the customer", "another customer's site of the same name"],
)
def test_another_place_is_elsewhere_whatever_it_shares(other: Visit) -> None:
    assert len(early(at("10:20"), working(), other)) == 1


def test_working_again_after_a_departure_is_being_there() -> None:
    again = working(departed_at=at("09:20"), status_at=at("09:30"))
    assert early(at("10:00"), again) == ()
    assert len(early(at("10:00"), working(departed_at=at("09:20")))) == 1


def test_of_two_visits_it_is_the_one_he_came_to_first_that_he_left() -> None:
    """He forgot to close the first and works at the second."""
    second = elsewhere(status=Status.IN_PROGRESS, en_route_at=None, arrived_at=at("10:30"))
    assert [one.ext_id for one in early(at("11:00"), working(), second)] == ["J-1042"]
    third = working(arrived_at=at("10:45"))
    assert [one.ext_id for one in early(at("11:00"), third, second)] == ["J-2"]


def test_a_later_sign_at_the_visit_means_that_he_is_there() -> None:
    back = working(status=Status.IN_PROGRESS, status_at=at("10:15"))
    assert early(at("10:20"), back, elsewhere()) == ()


def test_work_taken_up_after_a_pause_means_that_he_is_there() -> None:
    paused = working(status=Status.PAUSED, status_at=at("09:30"))
    seen = sighted((at("09:00"), working()), (at("09:30"), paused), (at("10:30"), working()))
    assert early(at("10:40"), seen, elsewhere()) == ()


def test_without_stamps_what_we_saw_when_speaks() -> None:
    here = sighted((at("08:00"), visit(start=at("09:00"))), (at("09:10"), working(arrived_at=None)))
    there = elsewhere(status=Status.ARRIVED, en_route_at=None)
    came = sighted((at("08:00"), elsewhere(status=Status.SCHEDULED, en_route_at=None)), (at("10:40"), there))
    (condition,) = early(at("10:41"), here, came)
    assert (condition.ext_id, condition.due_at) == ("J-1042", at("10:40"))


def test_two_open_visits_seen_for_the_first_time_say_nothing() -> None:
    both = working(arrived_at=None), elsewhere(status=Status.ARRIVED, en_route_at=None)
    assert early(at("10:41"), *both) == ()


def test_one_helper_leaving_is_not_the_crew_leaving() -> None:
    crew = working(technicians=CREW)
    lee_too = replace(elsewhere(technicians=(LEE,), en_route_at=at("10:30")), ext_id="J-3")
    assert early(at("11:00"), crew, elsewhere()) == ()
    assert early(at("11:00"), crew, lee_too) == ()
    (condition,) = early(at("11:00"), crew, elsewhere(), lee_too)
    assert (condition.due_at, condition.facts["other"]) == (at("10:30"), "J-3")


def test_a_crew_that_goes_on_together_has_left() -> None:
    assert len(early(at("11:00"), working(technicians=CREW), elsewhere(technicians=CREW))) == 1


def test_a_job_over_several_days_is_left_at_the_end_of_each() -> None:
    assert early(at("18:00"), working(sched_end=at("2026-11-11 16:00")), elsewhere(en_route_at=at("17:00"))) == ()


@pytest.mark.parametrize(("after", "verified"), [(hours(12), True), (hours(12) + TICK, False)])
def test_what_is_long_past_is_no_news(after: timedelta, verified: bool) -> None:
    (condition,) = early(at("10:10") + after, working(), elsewhere())
    assert condition.verified is verified
    change = judged(EARLY_DEPARTURE, at("11:00"), working(), elsewhere()).next_change
    assert change == at("22:10") + TICK


def test_what_the_latest_snapshot_lacks_raises_nothing() -> None:
    missing = miss(sighted((at("09:00"), working())), at("10:20"))
    (condition,) = early(at("10:20"), missing, elsewhere())
    assert not condition.verified


def test_going_on_and_on_is_one_alert() -> None:
    (first,) = early(at("10:20"), working(), elsewhere())
    arrived = elsewhere(status=Status.ARRIVED, en_route_at=None, arrived_at=at("10:30"))
    (second,) = early(at("10:35"), working(), arrived)
    assert first.key == second.key


@pytest.mark.parametrize(
    ("told", "outcome", "text"),
    [
        (
            (done(at("10:40")), elsewhere()),
            Outcome.NOTED,
            "J. Ortiz left at 10:40 CST",
        ),
        ((working(status=Status.PAUSED), elsewhere()), Outcome.NOTED, "Work is paused, so no time runs"),
        (
            (working(status_at=at("10:40")), elsewhere()),
            Outcome.REMEDIED,
            "J. Ortiz is back at Acme Foundry, Plant 4 since 10:40 CST",
        ),
        (
            (working(), elsewhere(status=Status.SCHEDULED)),
            Outcome.REMEDIED,
            "J. Ortiz no longer stands as being elsewhere",
        ),
        ((working(), elsewhere(status=Status.CANCELLED)), Outcome.REMEDIED, None),
        ((working(), elsewhere(technicians=(LEE,))), Outcome.REMEDIED, None),
        ((working(status=Status.CANCELLED), elsewhere()), Outcome.CANCELLED, "The visit was cancelled"),
        ((visit(start=at("09:00")), elsewhere()), Outcome.UNDONE, "The check-in was taken back"),
    ],
)
def test_what_ends_being_elsewhere(told: tuple[Visit, Visit], outcome: Outcome, text: str | None) -> None:
    (condition,) = early(at("10:20"), working(), elsewhere())
    why = ended(EARLY_DEPARTURE, condition, at("10:45"), *told)
    assert why is not None
    assert (why.outcome, why.text) == (outcome, text or why.text)


@pytest.mark.parametrize(
    "told",
    [
        (working(), elsewhere(status=Status.COMPLETED, arrived_at=at("10:30"), completed_at=at("11:30"))),
        (
            working(),
            elsewhere(status=Status.COMPLETED, en_route_at=None, completed_at=at("11:30"), status_at=at("11:30")),
        ),
        (working(),),
        (elsewhere(),),
    ],
    ids=["done there too", "done there, by its status alone", "the other is out of sight", "the visit is out of sight"],
)
def test_being_done_elsewhere_is_no_return_and_lost_news_is_none(told: tuple[Visit, ...]) -> None:
    (condition,) = early(at("10:20"), working(), elsewhere())
    assert ended(EARLY_DEPARTURE, condition, at("11:45"), *told) is None


def test_one_of_the_crew_back_ends_it() -> None:
    crew = working(technicians=CREW)
    lee_too = replace(elsewhere(technicians=(LEE,), en_route_at=at("10:30")), ext_id="J-3")
    (condition,) = early(at("11:00"), crew, elsewhere(), lee_too)
    assert ended(EARLY_DEPARTURE, condition, at("11:10"), crew, elsewhere(), lee_too) is None
    why = ended(EARLY_DEPARTURE, condition, at("11:10"), crew, elsewhere(status=Status.SCHEDULED), lee_too)
    assert why is not None
    assert why.outcome is Outcome.REMEDIED


def test_what_a_dispatcher_reads() -> None:
    (condition,) = early(at("10:00"), done(at("09:20")))
    alert = alert_of(condition)
    assert wording.headline(alert, at("10:00")) == (
        "J. Ortiz left Acme Foundry, Plant 4 after 20 min of 2 h 00 min planned"
    )
    assert wording.short_headline(alert, at("10:00")) == "J. Ortiz left after 20 min"
    (condition,) = early(at("10:20"), working(), elsewhere())
    alert = alert_of(condition)
    assert wording.headline(alert, at("10:20")) == (
        "J. Ortiz has been on the way to Beta Mill, Yard 2 since 10:10 CST, "
        "but the visit at Acme Foundry, Plant 4 still stands as open"
    )
    assert "have J-1042 completed" in wording.next_step(alert)
