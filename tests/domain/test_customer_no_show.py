"""A technician who found nobody, and what puts that right (study 4.2, kind 3b)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Operation, Outcome, Severity
from dispatchwatch.domain.rules.customer_no_show import CUSTOMER_NO_SHOW
from dispatchwatch.domain.rules.facts import NOTHING
from dispatchwatch.domain.visit import Customer, Status
from dispatchwatch.domain.watched import Watched, miss
from tests.domain.histories import facts_of, history
from tests.fakes.office import at, hours
from tests.fakes.picture import alert_of

MICROSECOND = timedelta(microseconds=1)
NOBODY = {"status": Status.CUSTOMER_NO_SHOW}
NO_ACCESS = {"status": Status.ARRIVED, "cancel_reason": "No access, gate locked"}


def no_show(**told: Any) -> Watched:
    """Awaited at 09:00, and by 10:10 the source says that nobody was there."""
    return history(("10:00", told), ("10:10", {**told, **NOBODY}))


def conditions(watched: Watched, *others: Watched, now: datetime | None = None) -> tuple[Condition, ...]:
    return CUSTOMER_NO_SHOW.look(watched, facts_of(now or at("10:10"), [watched, *others])).conditions


def found(watched: Watched, *others: Watched, now: datetime | None = None) -> Condition:
    (condition,) = conditions(watched, *others, now=now)
    return condition


def ending(alert: Alert, *watched: Watched) -> Ending | None:
    return CUSTOMER_NO_SHOW.ending(alert, facts_of(at("11:00"), watched))


def test_the_status_alone_raises_it() -> None:
    condition = found(no_show())
    assert (condition.key, condition.severity) == ("customer_no_show|today|J-1042|1", Severity.HIGH)
    assert (condition.due_at, condition.verified) == (at("10:00"), True)


@pytest.mark.parametrize(
    ("told", "raised"),
    [
        (NO_ACCESS, True),
        ({"status": Status.ARRIVED, "status_raw": "On Site - NO_ACCESS"}, True),
        ({"status": Status.ARRIVED, "cancel_reason": "no-access"}, True),
        ({"status": Status.ARRIVED, "cancel_reason": "no access issues"}, False),
        ({"status": Status.ARRIVED, "cancel_reason": "piano accessories"}, False),
        ({"status": Status.ARRIVED, "notes": "No access before 8"}, False),
        ({"status": Status.IN_PROGRESS, "cancel_reason": "no access"}, False),
        ({"status": Status.SCHEDULED, "cancel_reason": "no access last week"}, False),
        ({"status": Status.ARRIVED}, False),
    ],
)
def test_arrived_without_access_is_the_same(told: dict[str, Any], raised: bool) -> None:
    assert bool(conditions(history(("10:00", {}), ("10:10", told)))) is raised


def test_without_access_first_and_then_no_show_is_one_and_the_same() -> None:
    watched = history(("10:00", {}), ("10:05", NO_ACCESS), ("10:10", NOBODY))
    assert (found(watched).key, found(watched).due_at) == ("customer_no_show|today|J-1042|1", at("10:00"))


def test_a_second_time_is_an_alert_of_its_own() -> None:
    first = alert_of(found(no_show()))
    watched = history(("10:00", {}), ("10:10", NOBODY), ("12:00", {"start": at("14:00")}), ("14:20", NOBODY))
    assert found(watched, now=at("14:20")).key.endswith("|2")
    over = ending(first, watched)
    assert over == Ending(Outcome.REINSTATED, "J-1042 was taken up again, and nobody was there once more")


@pytest.mark.parametrize(
    ("stamps", "raised"),
    [
        ({}, False),
        ({"status_at": at("2026-11-09 22:09:59")}, False),
        ({"status_at": at("2026-11-09 22:10")}, True),
        ({"arrived_at": at("09:55")}, True),
        ({"completed_at": at("10:05")}, True),
        ({"arrived_at": at("2026-11-09 09:55")}, False),
    ],
)
def test_first_seen_so_it_is_news_only_with_a_recent_stamp(stamps: dict[str, Any], raised: bool) -> None:
    watched = history(("10:10", {**NOBODY, **stamps}))
    assert bool(conditions(watched)) is raised


def test_before_our_eyes_it_is_news_whatever_the_stamps_say() -> None:
    old = {"arrived_at": at("2026-11-08 09:55")}
    assert found(no_show(**old)).verified


def test_it_is_news_for_half_a_day_and_stays_open_until_something_is_done() -> None:
    watched = no_show()
    alert = alert_of(found(watched))
    last = CUSTOMER_NO_SHOW.look(watched, facts_of(at("22:10"), [watched]))
    assert (len(last.conditions), last.next_change) == (1, at("22:10") + MICROSECOND)
    assert CUSTOMER_NO_SHOW.look(watched, facts_of(at("22:10") + MICROSECOND, [watched])) == NOTHING
    assert CUSTOMER_NO_SHOW.ending(alert, facts_of(at("2026-11-12 09:00"), [watched])) is None


@pytest.mark.parametrize(
    ("status", "outcome", "text"),
    [
        (Status.SCHEDULED, Outcome.REINSTATED, "The visit was reinstated for Tue 10 Nov 09:50 CST"),
        (Status.UNSCHEDULED, Outcome.REINSTATED, "The visit was taken back; it now stands as “not scheduled”"),
        (Status.IN_PROGRESS, Outcome.REMEDIED, "The visit now stands as “working”"),
        (Status.COMPLETED, Outcome.REMEDIED, "The visit now stands as “completed”"),
        (Status.CANCELLED, Outcome.CANCELLED, "The visit was cancelled"),
    ],
)
def test_another_status_ends_it(status: Status, outcome: Outcome, text: str) -> None:
    alert = alert_of(found(no_show()))
    now = history(("10:00", {}), ("10:10", NOBODY), ("10:30", {"status": status}))
    assert ending(alert, now) == Ending(outcome, text)
    assert conditions(now, now=at("10:30")) == ()


# The follow-up

ORDER = {"order_ref": "WO-77"}


def follow_up(first_seen: str, ext_id: str = "J-2", start: str = "2026-11-11 08:00", **told: Any) -> Watched:
    return history((first_seen, {**ORDER, "start": at(start), **told}), ext_id=ext_id)


def test_a_follow_up_visit_of_the_same_order_puts_it_right() -> None:
    watched = no_show(**ORDER)
    alert = alert_of(found(watched))
    next_visit = follow_up("10:40")
    assert conditions(watched, next_visit, now=at("10:40")) == ()
    assert ending(alert, watched, next_visit) == Ending(Outcome.REMEDIED, "Follow-up visit J-2 on Wed 11 Nov 08:00 CST")


def test_the_first_of_several_is_the_follow_up() -> None:
    watched = no_show(**ORDER)
    alert = alert_of(found(watched))
    over = ending(alert, watched, follow_up("10:40", "J-3", "2026-11-12 08:00"), follow_up("10:40"))
    assert over is not None
    assert "J-2" in over.text


@pytest.mark.parametrize(
    "other",
    [
        follow_up("10:09:59"),
        follow_up("10:40", start="09:50"),
        follow_up("10:40", start="08:00"),
        follow_up("10:40", status=Status.CANCELLED),
        follow_up("10:40", order_ref="WO-78"),
        follow_up("10:40", order_ref=""),
        follow_up("10:40", sched_start=None, sched_end=None),
        miss(miss(follow_up("10:40"), at("10:45")), at("10:50")),
    ],
    ids=["planned before", "not later", "earlier", "cancelled", "another order", "no order", "no time", "withdrawn"],
)
def test_other_visits_are_no_follow_up(other: Watched) -> None:
    watched = no_show(**ORDER)
    assert ending(alert_of(found(watched)), watched, other) is None
    assert len(conditions(watched, other, now=at("10:55"))) == 1


def test_the_same_visit_told_of_by_another_feed_is_no_follow_up() -> None:
    watched = no_show(**ORDER)
    other = follow_up("10:40", watched.visit.ext_id, "2026-11-10 09:50:30")
    double = replace(other, visit=replace(other.visit, feed="calendar"))
    assert ending(alert_of(found(watched)), watched, double) is None


def test_booked_in_the_same_reading_it_is_a_follow_up_too() -> None:
    assert conditions(no_show(**ORDER), follow_up("10:10")) == ()


def test_visits_without_an_order_have_no_follow_up() -> None:
    watched = no_show(order_ref="")
    other = follow_up("10:40", order_ref="")
    assert ending(alert_of(found(watched)), watched, other) is None


def test_a_visit_nobody_knows_and_one_that_is_gone() -> None:
    watched = history(("10:00", {}), ("10:10", NO_ACCESS))
    alert = alert_of(found(watched))
    assert ending(alert) is None
    gone = miss(miss(watched, at("10:20")), at("10:25"))
    assert ending(alert, gone) == Ending(Outcome.WITHDRAWN, "The visit is no longer in the schedule")
    assert conditions(gone, now=at("10:25")) == ()


# The words


def test_the_words_say_who_was_where_when_and_what_to_do() -> None:
    told = {"order_ref": "WO-77", "customer": Customer("Acme Foundry", phone="+1 555 0144"), "arrived_at": at("09:52")}
    alert = alert_of(found(no_show(**told)))
    assert wording.headline(alert, at("10:10")) == (
        "J. Ortiz found no customer at Acme Foundry, Plant 4 – arrived Tue 10 Nov 09:52 CST"
    )
    assert wording.short_headline(alert, at("10:10")) == "Nobody there: Acme Foundry"
    assert wording.next_step(alert) == (
        "Call the customer (+1 555 0144) while J. Ortiz is near."
        " Else book a follow-up visit on order WO-77; that closes this."
    )
    rows = dict(wording.notification(alert, Operation.RAISE, at("10:10")).facts)
    assert (rows["Start"], rows["Arrived"]) == ("Tue 10 Nov 09:50 CST", "Tue 10 Nov 09:52 CST")


def test_without_access_the_words_say_so() -> None:
    condition = found(history(("10:00", {}), ("10:10", NO_ACCESS)))
    assert wording.headline(alert_of(condition), at("10:10")) == ("J. Ortiz could not get in at Acme Foundry, Plant 4")
    rows = dict(wording.notification(alert_of(condition), Operation.RAISE, at("10:10")).facts)
    assert rows["Reason"] == "No access, gate locked"


def test_few_facts_still_make_sentences() -> None:
    kind = AlertKind.CUSTOMER_NO_SHOW
    alert = alert_of(Condition(key="k", kind=kind, feed="f", severity=Severity.HIGH, due_at=at("10:00")))
    assert wording.headline(alert, at("10:00") + hours(1)) == "The technician found no customer at the customer"
    assert wording.next_step(alert)
    assert wording.detail(alert)
