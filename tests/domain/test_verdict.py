"""Whether an alert was right, seen from the end, for every kind there is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dispatchwatch.domain.alert import Alert, AlertKind, Outcome, Severity
from dispatchwatch.domain.verdict import JUDGES, Ended, Verdict, verdict
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.watched import Seen
from dispatchwatch.domain.wording.plain import kept
from tests.fakes.office import at, minutes, visit

HALF_AN_HOUR = minutes(30)
TRUE, MINOR, FALSE, NOT = Verdict.TRUE, Verdict.MINOR, Verdict.FALSE_ALARM, Verdict.NOT_JUDGED
ABOUT_THE_DATA = {
    AlertKind.STALE_FEED,
    AlertKind.FEED_SHRUNK,
    AlertKind.CLOCK_SKEW,
    AlertKind.STATUS_CONFLICT,
    AlertKind.UNMAPPED_STATUS,
}


def alert(
    kind: AlertKind = AlertKind.LATE_CHECK_IN,
    outcome: Outcome | None = None,
    *,
    due: str = "10:05",
    resolved: str = "",
    severity: Severity = Severity.WARNING,
) -> Alert:
    """About a visit promised for 09:50."""
    return Alert(
        key="k",
        kind=kind,
        severity=severity,
        feed="today",
        ext_id="J-1042",
        due_at=at(due),
        raised_at=at("10:05"),
        updated_at=at("10:05"),
        facts={"promise": kept(at("09:50"))},
        resolved_at=at(resolved) if resolved else None,
        outcome=outcome,
    )


def arrived(when: str) -> Ended:
    return Ended(visit(status=Status.ARRIVED, arrived_at=at(when)))


def test_every_kind_is_judged_or_said_not_to_be() -> None:
    assert set(JUDGES) == set(AlertKind)
    not_judged = {kind for kind in AlertKind if verdict(alert(kind), arrived("12:00"), HALF_AN_HOUR) is NOT}
    assert not_judged >= ABOUT_THE_DATA
    assert not_judged - ABOUT_THE_DATA <= {AlertKind.SLA_RESPONSE, AlertKind.SLA_ONSITE, AlertKind.SLA_RESOLUTION}


@pytest.mark.parametrize(
    ("when", "expected"),
    [("09:49", FALSE), ("10:05", FALSE), ("10:05:01", MINOR), ("10:20", MINOR), ("10:20:01", TRUE), ("13:00", TRUE)],
)
def test_late_is_true_from_the_tolerance_on_and_false_up_to_the_deadline(when: str, expected: Verdict) -> None:
    assert verdict(alert(), arrived(when), HALF_AN_HOUR) is expected


def test_the_truth_is_the_same_whatever_grace_the_policy_gave() -> None:
    graces = ["09:55", "10:00", "10:05", "10:20"]
    assert {verdict(alert(due=due), arrived("10:21"), HALF_AN_HOUR) for due in graces} == {TRUE}
    assert {verdict(alert(due=due), arrived("10:21"), minutes(40)) for due in graces} == {MINOR}


@pytest.mark.parametrize(("when", "expected"), [("09:50", FALSE), ("09:51", MINOR), ("10:21", TRUE)])
def test_at_risk_is_false_only_if_the_promise_was_kept(when: str, expected: Verdict) -> None:
    assert verdict(alert(AlertKind.AT_RISK, due="10:05"), arrived(when), HALF_AN_HOUR) is expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [(None, TRUE), ("10:20", NOT), ("10:20:01", TRUE)],
    ids=["the facts are final", "nobody looked long enough", "just long enough"],
)
def test_nobody_came(until: str | None, expected: Verdict) -> None:
    ended = Ended(visit(), until=at(until) if until else None)
    assert verdict(alert(AlertKind.TECH_NO_SHOW), ended, HALF_AN_HOUR) is expected


@pytest.mark.parametrize(("when", "expected"), [("09:50", NOT), ("09:50:01", TRUE), (None, NOT)])
def test_cancelled_after_the_promise_is_a_visit_nobody_came_to(when: str | None, expected: Verdict) -> None:
    called_off = visit(status=Status.CANCELLED, cancelled_at=at(when) if when else None)
    assert verdict(alert(), Ended(called_off), HALF_AN_HOUR) is expected


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("09:40", "10:05", FALSE),
        ("10:05", "10:20", MINOR),
        ("10:20", "10:40", TRUE),
        ("10:00", "10:10", NOT),
        ("10:10", "10:25", NOT),
    ],
)
def test_a_check_in_without_a_time_lies_between_two_looks(since: str, until: str, expected: Verdict) -> None:
    ended = Ended(visit(status=Status.ARRIVED), Seen(at(since), at(until)))
    assert verdict(alert(), ended, HALF_AN_HOUR) is expected


def test_what_nobody_knows_is_not_judged() -> None:
    assert verdict(alert(), Ended(), HALF_AN_HOUR) is NOT
    assert verdict(alert(), Ended(visit(status=Status.COMPLETED)), HALF_AN_HOUR) is NOT
    assert verdict(alert(outcome=Outcome.WITHDRAWN, resolved="10:30"), arrived("12:00"), HALF_AN_HOUR) is NOT


def test_the_promise_that_was_missed_counts_though_the_visit_was_moved_since() -> None:
    moved = Ended(visit(start=at("12:00"), status=Status.ARRIVED, arrived_at=at("12:00")))
    assert verdict(alert(outcome=Outcome.MOVED, resolved="10:30"), moved, HALF_AN_HOUR) is TRUE


@pytest.mark.parametrize("kind", [AlertKind.UNASSIGNED, AlertKind.DOUBLE_BOOKED, AlertKind.TRAVEL_CONFLICT])
@pytest.mark.parametrize(
    ("outcome", "resolved", "until", "expected"),
    [
        (Outcome.REMEDIED, "09:30", None, FALSE),
        (Outcome.MOVED, "09:30", None, NOT),
        (Outcome.REMEDIED, "10:05", None, TRUE),
        (None, "", None, TRUE),
        (None, "", "10:04", NOT),
    ],
)
def test_what_was_put_right_in_time_was_a_false_alarm(
    kind: AlertKind, outcome: Outcome | None, resolved: str, until: str | None, expected: Verdict
) -> None:
    ended = Ended(visit(), until=at(until) if until else None)
    assert verdict(alert(kind, outcome, resolved=resolved), ended, HALF_AN_HOUR) is expected


@pytest.mark.parametrize(("done", "expected"), [("10:05", FALSE), ("10:06", TRUE), (None, TRUE)])
def test_running_over_is_false_if_the_work_was_done_by_then(done: str | None, expected: Verdict) -> None:
    ended = Ended(visit(status=Status.COMPLETED, completed_at=at(done) if done else None))
    assert verdict(alert(AlertKind.OVERRUN), ended, HALF_AN_HOUR) is expected


@pytest.mark.parametrize(
    ("severity", "outcome", "expected"),
    [
        (Severity.CRITICAL, Outcome.MET, TRUE),
        (Severity.WARNING, Outcome.MET, FALSE),
        (Severity.WARNING, Outcome.CANCELLED, NOT),
        (Severity.WARNING, None, NOT),
    ],
)
@pytest.mark.parametrize("kind", [AlertKind.SLA_RESPONSE, AlertKind.SLA_ONSITE, AlertKind.SLA_RESOLUTION])
def test_a_service_level_is_missed_or_met(
    kind: AlertKind, severity: Severity, outcome: Outcome | None, expected: Verdict
) -> None:
    judged = alert(kind, outcome, resolved="11:00" if outcome else "", severity=severity)
    assert verdict(judged, arrived("10:00"), HALF_AN_HOUR) is expected


@pytest.mark.parametrize(
    ("kind", "outcome", "expected"),
    [
        (AlertKind.CANCELLED_SHORT_NOTICE, Outcome.REINSTATED, FALSE),
        (AlertKind.CANCELLED_SHORT_NOTICE, None, TRUE),
        (AlertKind.RESCHEDULED_SHORT_NOTICE, Outcome.UNDONE, FALSE),
        (AlertKind.RESCHEDULED_SHORT_NOTICE, Outcome.NOTED, TRUE),
        (AlertKind.EARLY_DEPARTURE, Outcome.UNDONE, FALSE),
        (AlertKind.CUSTOMER_NO_SHOW, None, TRUE),
        (AlertKind.JOB_MISSING, Outcome.RECOVERED, FALSE),
        (AlertKind.JOB_MISSING, None, TRUE),
    ],
)
def test_a_fact_is_true_unless_it_was_undone(kind: AlertKind, outcome: Outcome | None, expected: Verdict) -> None:
    judged = alert(kind, outcome, resolved="11:00" if outcome else "")
    assert verdict(judged, Ended(visit()), timedelta()) is expected
