"""The rule of technician no-shows by itself: to the microsecond, and what ends one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Condition, Operation, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Finding
from dispatchwatch.domain.rules.lateness import LATE_CHECK_IN
from dispatchwatch.domain.rules.no_show import TECH_NO_SHOW
from dispatchwatch.domain.standing import Standing, standing
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Site, Status, Technician
from dispatchwatch.domain.watched import Watched
from tests.fakes.office import CHICAGO, LEE, ORTIZ, WEEKDAYS_7_TO_18, at, minutes, seconds, visit
from tests.fakes.picture import alert_of, ended, found, judged, sighted

MICROSECOND = timedelta(microseconds=1)
LIMIT = at("10:50")
WINDOW: dict[str, Any] = {"sched_start": at("08:00"), "window_start": at("08:00"), "window_end": at("10:00")}
NCNS: dict[str, Any] = {"technician_no_show": True, "status_raw": "NCNS"}


@pytest.mark.parametrize(("now", "count"), [(LIMIT, 0), (LIMIT + MICROSECOND, 1), (at("22:50"), 1)])
def test_an_hour_after_a_promised_start_it_is_a_no_show(now: datetime, count: int) -> None:
    conditions = found(TECH_NO_SHOW, now, visit())
    assert len(conditions) == count
    assert all((one.severity, one.verified, one.from_absence) == (Severity.CRITICAL, True, True) for one in conditions)


@pytest.mark.parametrize(("now", "count"), [(at("10:30"), 0), (at("10:30") + MICROSECOND, 1)])
def test_half_an_hour_after_the_end_of_a_window(now: datetime, count: int) -> None:
    assert len(found(TECH_NO_SHOW, now, visit(**WINDOW))) == count


def test_the_key_is_the_promise_to_the_minute() -> None:
    (condition,) = found(TECH_NO_SHOW, at("11:00"), visit())
    assert condition.key == "tech_no_show|today|J-1042|2026-11-10T15:50Z"
    assert condition.due_at == LIMIT


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (at("09:00"), LIMIT + MICROSECOND),
        (LIMIT, LIMIT + MICROSECOND),
        (LIMIT + MICROSECOND, at("22:50") + MICROSECOND),
        (at("22:50") + MICROSECOND, None),
    ],
)
def test_it_says_when_time_alone_changes_the_answer(now: datetime, change: datetime | None) -> None:
    assert judged(TECH_NO_SHOW, now, visit()).next_change == change


def test_what_is_long_over_is_no_news() -> None:
    assert [one.verified for one in found(TECH_NO_SHOW, at("22:50") + MICROSECOND, visit())] == [False]


@pytest.mark.parametrize(
    "sign",
    [
        {"status": Status.EN_ROUTE},
        {"eta": at("11:30")},
        {"eta": at("09:40")},
        {"arrived_at": at("09:55")},
        {"status": Status.COMPLETED},
        {"status": Status.CANCELLED},
        {"status": Status.UNSCHEDULED},
        {"status": Status.UNKNOWN},
        {"technicians": ()},
        {"anytime": True},
        {"sched_start": None, "sched_end": None},
    ],
)
def test_any_sign_of_the_technician_or_nobody_to_expect_is_no_no_show(sign: dict[str, Any]) -> None:
    assert judged(TECH_NO_SHOW, at("12:00"), visit(**sign)) == Finding((), None)


def test_a_visit_that_left_the_schedule_is_none_and_one_missing_once_is_not_sure() -> None:
    missing = Watched(visit=visit(), first_seen_at=at("08:00"), missing_since=at("10:00"))
    gone = Watched(visit=visit(), first_seen_at=at("08:00"), missing_since=at("10:00"), withdrawn_at=at("10:06"))
    assert [one.verified for one in found(TECH_NO_SHOW, at("11:00"), missing)] == [False]
    assert found(TECH_NO_SHOW, at("11:00"), gone) == ()


def test_a_visit_moved_earlier_is_a_no_show_an_hour_after_its_promise_or_what_stands_for_it() -> None:
    """Moved from 14:00 to 09:50 at 10:30: the deadline is 10:40, so 10:25 counts as promised."""
    moved = sighted((at("08:00"), visit(start=at("14:00"))), (at("10:30"), visit()))
    assert found(TECH_NO_SHOW, at("11:25"), moved) == ()
    assert len(found(TECH_NO_SHOW, at("11:25") + MICROSECOND, moved)) == 1


def test_a_visit_taken_back_after_its_deadline_is_a_no_show_an_hour_after_that() -> None:
    back = sighted((at("08:00"), visit(status=Status.CANCELLED)), (at("13:00"), visit()))
    assert found(TECH_NO_SHOW, at("14:00"), back) == ()
    assert len(found(TECH_NO_SHOW, at("14:00") + MICROSECOND, back)) == 1


def test_never_before_the_deadline_whatever_the_thresholds() -> None:
    hasty = Policy(Thresholds(no_show_after=minutes(5)))
    assert found(TECH_NO_SHOW, at("10:05"), visit(), policy=hasty) == ()
    assert len(found(TECH_NO_SHOW, at("10:05") + MICROSECOND, visit(), policy=hasty)) == 1


# The source's own word


@pytest.mark.parametrize("more", [{}, {"technicians": ()}, {"eta": at("11:00")}, {"anytime": True}])
def test_the_sources_own_word_counts_at_once(more: dict[str, Any]) -> None:
    (condition,) = found(TECH_NO_SHOW, at("09:40"), visit(**NCNS, **more))
    assert (condition.severity, condition.verified, condition.from_absence) == (Severity.CRITICAL, True, False)


def test_it_has_the_same_key_as_silence_so_that_there_is_one_alert() -> None:
    told, silent = (found(TECH_NO_SHOW, at("11:00"), one)[0] for one in (visit(**NCNS), visit()))
    assert told.key == silent.key


@pytest.mark.parametrize("evidence", [{"arrived_at": at("09:55")}, {"status": Status.CANCELLED}])
def test_evidence_is_stronger_than_the_word(evidence: dict[str, Any]) -> None:
    assert found(TECH_NO_SHOW, at("11:00"), visit(**NCNS, **evidence)) == ()


def test_an_old_word_in_an_old_file_is_no_news() -> None:
    (condition,) = found(TECH_NO_SHOW, at("22:00"), visit(**NCNS, status_at=at("09:59")))
    assert not condition.verified


# What ends it


def silence() -> Condition:
    return found(TECH_NO_SHOW, at("11:00"), visit())[0]


@pytest.mark.parametrize(
    ("change", "outcome", "text"),
    [
        (
            {"status": Status.ARRIVED, "arrived_at": at("11:05")},
            Outcome.CHECKED_IN,
            "J. Ortiz checked in at 11:05 CST, 1 h 00 min late",
        ),
        (
            {"status": Status.ARRIVED, "arrived_at": at("10:00")},
            Outcome.WAS_ON_TIME,
            "J. Ortiz checked in on time at 10:00 CST",
        ),
        ({"status": Status.CANCELLED}, Outcome.CANCELLED, "The visit was cancelled"),
        (
            {"sched_start": at("15:00"), "sched_end": at("17:00")},
            Outcome.MOVED,
            "The visit was moved after its deadline; now due Tue 10 Nov 15:15 CST",
        ),
        (
            {"technicians": (LEE,), "status": Status.EN_ROUTE},
            Outcome.REMEDIED,
            "M. Lee goes instead and is on the way",
        ),
        (
            {"technicians": (LEE,), "eta": at("11:40")},
            Outcome.REMEDIED,
            "M. Lee goes instead and is on the way, expected at 11:40 CST",
        ),
        ({"status": Status.UNSCHEDULED}, Outcome.WITHDRAWN, "The visit now stands as “not scheduled”"),
    ],
)
def test_what_ends_it_and_what_is_said_of_it(change: dict[str, Any], outcome: Outcome, text: str) -> None:
    reason = ended(TECH_NO_SHOW, silence(), at("11:06"), visit(**change))
    assert reason is not None
    assert (reason.outcome, reason.text.split(", reported")[0]) == (outcome, text)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"technicians": (LEE,)},
        {"technicians": ()},
        {"status": Status.EN_ROUTE},
        {"eta": at("11:40")},
        {"technicians": (LEE, ORTIZ), "status": Status.EN_ROUTE},
        {"technicians": (Technician("Jorge Ortiz", "T-07"),), "status": Status.EN_ROUTE},
    ],
)
def test_the_customer_still_waits(change: dict[str, Any]) -> None:
    """Another name alone brings nobody there, and he himself is only there when he is there."""
    assert ended(TECH_NO_SHOW, silence(), at("11:06"), visit(**change)) is None
    assert ended(TECH_NO_SHOW, silence(), at("09:00"), visit(**change)) is None, "the clock is no reason"


def test_a_no_show_of_a_visit_nobody_knows_stays() -> None:
    assert ended(TECH_NO_SHOW, silence(), at("11:06")) is None


def test_a_word_taken_back_ends_what_it_alone_had_said() -> None:
    told = found(TECH_NO_SHOW, at("09:40"), visit(**NCNS))[0]
    early = ended(TECH_NO_SHOW, told, at("09:45"), visit())
    assert early is not None
    assert (early.outcome, early.text) == (
        Outcome.REMEDIED,
        "The source no longer says that the technician did not come",
    )
    coming = ended(TECH_NO_SHOW, told, at("11:00"), visit(status=Status.EN_ROUTE))
    assert coming is not None
    assert ended(TECH_NO_SHOW, told, at("11:00"), visit(technicians=())) is None


# What is said of it


def test_what_a_person_reads() -> None:
    alert = alert_of(silence())
    assert wording.headline(alert, at("10:55")) == (
        "J. Ortiz did not come to Acme Foundry, Plant 4 and has sent no news – promised for 09:50 CST, 1 h 05 min ago"
    )
    assert wording.short_headline(alert, at("10:55")) == "J. Ortiz did not come"
    assert wording.detail(alert) == "Acme Foundry, Plant 4 · J-1042 · promised 09:50 CST"
    assert "+1 555 0107" in wording.next_step(alert)
    labels = dict(wording.notification(alert, Operation.RAISE, at("10:55")).facts)
    assert (labels["Promised"], labels["Waiting"]) == ("09:50 CST", "1 h 05 min after the promised 09:50 CST")


def test_what_the_source_said_is_told_as_its_word() -> None:
    alert = alert_of(found(TECH_NO_SHOW, at("09:40"), visit(**NCNS))[0])
    assert wording.headline(alert, at("09:40")) == (
        "J. Ortiz neither came to Acme Foundry, Plant 4 nor called – promised for 09:50 CST, says the schedule"
    )
    assert dict(wording.notification(alert, Operation.RAISE, at("09:40")).facts)["Status at the source"] == "“NCNS”"


# A visit that has a day but no time

ANYTIME: dict[str, Any] = {"anytime": True, "sched_start": at("00:00"), "sched_end": None}
STRICT = Thresholds(anytime_late=True)


@pytest.mark.parametrize(
    ("policy", "due"),
    [
        (Policy(STRICT, hours=WEEKDAYS_7_TO_18), at("18:00")),
        (Policy(STRICT, hours=OfficeHours(CHICAGO)), at("2026-11-11 00:00")),
        (Policy(STRICT), None),
        (Policy(hours=WEEKDAYS_7_TO_18), None),
    ],
    ids=["office hours", "always open", "no hours known", "switched off"],
)
def test_where_the_office_wants_it_such_a_visit_is_late_once_its_day_closes(
    policy: Policy, due: datetime | None
) -> None:
    one = Watched(visit=visit(**ANYTIME), first_seen_at=at("08:00"))
    assert one.deadline(policy) == due
    if due is not None:
        assert found(LATE_CHECK_IN, due, one, policy=policy) == ()
        assert [each.due_at for each in found(LATE_CHECK_IN, due + seconds(1), one, policy=policy)] == [due]
        assert standing(one, policy, due + seconds(1)) is Standing.LATE
        assert found(TECH_NO_SHOW, due + minutes(120), one, policy=policy) == ()


def test_its_day_is_that_of_its_site() -> None:
    """Midnight in New York is the evening before in Chicago; the day is New York's."""
    policy = Policy(STRICT, hours=WEEKDAYS_7_TO_18)
    there = {"site": Site("Pier", "America/New_York"), "sched_start": at("2026-11-09 23:00")}
    one = Watched(visit=visit(**{**ANYTIME, **there}), first_seen_at=at("08:00"))
    assert one.deadline(policy) == at("18:00")
