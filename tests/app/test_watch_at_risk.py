"""Visits at risk from the schedule to the alert: told early, held without flapping, and over for a reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.domain.alert import AlertKind, Outcome, Severity
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.domain.visit import Status, Visit
from tests.domain.test_prediction import at_work, next_job
from tests.fakes.drives import Drives
from tests.fakes.office import LEE, Office, at, key, minutes, seconds

KINDS = (AlertKind.AT_RISK, AlertKind.LATE_CHECK_IN, AlertKind.TECH_NO_SHOW)
PEOPLE = Roster.of(
    [
        Profile(ext_id="T-07", name="J. Ortiz", home=(0.0, 0.0)),
        Profile(ext_id="T-09", name="M. Lee", home=(0.0, 28.0)),
    ]
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("09:10"), kinds=KINDS, roster=PEOPLE, travel=Drives())


def coming(late: float, **more: Any) -> Visit:
    return next_job(status=Status.EN_ROUTE, eta=at("10:00") + minutes(late), **more)


def test_it_is_raised_once_it_has_held_for_half_a_minute(office: Office) -> None:
    office.read(at_work(length=70), next_job())
    office.run(seconds(29))
    assert office.alerts() == []
    office.run(seconds(2))
    (alert,) = office.open_alerts()
    assert (alert.kind, alert.severity, alert.due_at) == (AlertKind.AT_RISK, Severity.WARNING, at("10:00"))
    assert alert.raised_at - at("09:10") < seconds(31)


def test_the_rule_itself_knows_when_he_will_have_stayed_too_long(office: Office) -> None:
    """Planned until 09:42, 18 minutes away: at 09:42 he can't be there before 10:10 any more."""
    office.read(at_work(length=42), next_job())
    office.run_until(at("09:42:29"))
    assert office.alerts() == []
    office.run_until(at("09:42:31"))
    assert [one.severity for one in office.open_alerts()] == [Severity.WARNING]
    office.run_until(at("10:02"))
    assert [one.severity for one in office.open_alerts()] == [Severity.HIGH]


def test_at_risk_becomes_late_becomes_a_no_show_in_one_thread(office: Office) -> None:
    office.read(at_work(length=70), next_job())
    office.run_until(at("11:01"))
    assert [(one.kind, one.follows, one.outcome) for one in office.alerts()] == [
        (AlertKind.AT_RISK, 0, Outcome.BECAME_WORSE),
        (AlertKind.LATE_CHECK_IN, 1, Outcome.BECAME_WORSE),
        (AlertKind.TECH_NO_SHOW, 2, None),
    ]


def test_it_is_over_when_he_gets_away_in_time_and_held_in_between(office: Office) -> None:
    office.read(coming(12))
    office.run(minutes(1))
    assert len(office.open_alerts()) == 1
    for late, still_open in ((7, 1), (9, 1), (5.1, 1), (5, 0)):
        office.read(coming(late))
        office.run(minutes(1))
        assert len(office.open_alerts()) == still_open
    (alert,) = office.alerts()
    assert (alert.outcome, alert.resolution) == (
        Outcome.RECOVERED,
        "Now expected at 10:05 CST, 5 min after the promise",
    )


def test_what_flaps_within_half_a_minute_is_not_raised(office: Office) -> None:
    for late in (12, 3, 12, 3, 12, 3):
        office.read(coming(late))
        office.run(seconds(20))
    assert office.alerts() == []


def test_the_technician_is_swapped_and_the_risk_is_judged_anew_under_the_same_key(office: Office) -> None:
    office.read(at_work(length=70), next_job())
    office.run(minutes(1))
    office.read(at_work(length=70), next_job(technicians=(LEE,)))
    (alert,) = office.alerts()
    assert (alert.outcome, alert.resolution) == (Outcome.RECOVERED, "Now expected at 10:00 CST, on time")
    (change,) = office.store.schedules.history(key("J-2"))
    assert [people[0]["name"] for people in change.changes["technicians"]] == ["J. Ortiz", "M. Lee"]


def test_a_swap_to_somebody_as_late_keeps_the_alert(office: Office) -> None:
    both_busy = [at_work(length=70), replace(at_work(length=90, technicians=(LEE,)), ext_id="J-9")]
    office.read(*both_busy, next_job())
    office.run(minutes(1))
    (before,) = office.open_alerts()
    office.read(*both_busy, next_job(technicians=(LEE,)))
    office.run(minutes(1))
    (after,) = office.alerts()
    assert (after.id, after.key, after.outcome, after.severity) == (before.id, before.key, None, Severity.HIGH)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"status": Status.CANCELLED}, Outcome.CANCELLED),
        ({"start": "14:00"}, Outcome.MOVED),
        ({"status": Status.ARRIVED, "arrived_at": at("09:12")}, Outcome.WAS_ON_TIME),
        ({"technicians": ()}, Outcome.NOTED),
    ],
)
def test_cancelled_moved_there_or_without_anybody_it_is_over(
    office: Office, change: dict[str, Any], outcome: Outcome
) -> None:
    office.read(at_work(length=70), next_job())
    office.run(minutes(2))
    office.read(at_work(length=70), next_job(**change))
    assert [one.outcome for one in office.alerts()] == [outcome]


def test_an_old_picture_neither_raises_nor_ends_it(office: Office) -> None:
    office.read(at_work(length=42), next_job())
    office.run_until(at("09:30"))
    office.fail("the share is gone")
    office.run_until(at("09:50"))
    assert office.alerts() == []
    office.read(at_work(length=42), next_job())
    office.run(minutes(1))
    assert len(office.open_alerts()) == 1
    office.fail("the share is gone")
    office.run_until(at("11:30"))
    assert [one.kind for one in office.open_alerts()] == [AlertKind.AT_RISK]


def test_a_clock_set_back_ends_nothing(office: Office) -> None:
    office.read(at_work(length=42), next_job())
    office.run_until(at("09:50"))
    office.set_clock(at("09:05"))
    office.run_until(at("09:20"))
    assert [one.kind for one in office.open_alerts()] == [AlertKind.AT_RISK]


def test_looking_again_and_again_changes_nothing(office: Office) -> None:
    office.read(at_work(length=70), next_job())
    office.run(minutes(1))
    before = office.contents()
    for _ in range(5):
        office.look()
    assert office.contents() == before
