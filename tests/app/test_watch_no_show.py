"""Technician no-shows from the schedule to the alert: one thread from late to worse, and what ends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.domain.alert import AlertKind, AlertState, Outcome, Severity
from dispatchwatch.domain.visit import Status
from tests.fakes.office import LEE, Office, at, minutes, visit

KINDS = (AlertKind.LATE_CHECK_IN, AlertKind.TECH_NO_SHOW)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("09:00"), kinds=KINDS)


def lives(office: Office) -> list[tuple[AlertKind, AlertState, Outcome | None, int]]:
    return [(one.kind, one.state, one.outcome, one.follows) for one in office.alerts()]


def test_late_becomes_a_no_show_in_one_thread(office: Office) -> None:
    office.read(visit())
    office.run_until(at("10:50"))
    assert [one.kind for one in office.open_alerts()] == [AlertKind.LATE_CHECK_IN]
    office.run_until(at("10:51"))
    late, worse = office.alerts()
    assert (late.outcome, late.resolution) == (Outcome.BECAME_WORSE, "It has become worse: Technician no-show")
    assert (worse.severity, worse.follows) == (Severity.CRITICAL, late.id)
    assert worse.raised_at - at("10:50") < minutes(0.001)
    office.run_until(at("16:00"))
    assert [one.kind for one in office.open_alerts()] == [AlertKind.TECH_NO_SHOW]


def test_an_arrival_ends_it_and_nothing_comes_back(office: Office) -> None:
    office.read(visit())
    office.run_until(at("11:00"))
    office.read(visit(status=Status.ARRIVED, arrived_at=at("10:58")))
    assert office.open_alerts() == []
    assert lives(office)[-1][2] is Outcome.CHECKED_IN
    office.run_until(at("13:00"))
    assert len(office.alerts()) == 2


def test_the_program_started_later_raises_the_no_show_alone(tmp_path: Path) -> None:
    """Started at 11:00 with a miss of 09:00: raised once, marked as found at the start."""
    office = Office(tmp_path, at("11:00"), kinds=KINDS)
    office.read(visit(start=at("09:00")))
    office.run_until(at("11:30"))
    (alert,) = office.alerts()
    assert (alert.kind, alert.found_at_start, alert.follows) == (AlertKind.TECH_NO_SHOW, True, 0)


def test_the_sources_word_makes_it_one_at_once_and_a_correction_takes_it_back(office: Office) -> None:
    office.read(visit(technician_no_show=True, status_raw="NCNS"))
    assert [one.kind for one in office.open_alerts()] == [AlertKind.TECH_NO_SHOW]
    office.run_until(at("09:10"))
    office.read(visit())
    assert lives(office) == [(AlertKind.TECH_NO_SHOW, AlertState.RESOLVED, Outcome.REMEDIED, 0)]
    office.run_until(at("10:06"))
    assert [one.kind for one in office.open_alerts()] == [AlertKind.LATE_CHECK_IN]


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"technicians": (LEE,)}, None),
        ({"technicians": (LEE,), "status": Status.EN_ROUTE}, Outcome.REMEDIED),
        ({"status": Status.EN_ROUTE, "eta": at("11:20")}, None),
        ({"start": at("15:00")}, Outcome.MOVED),
        ({"status": Status.CANCELLED}, Outcome.CANCELLED),
    ],
    ids=["another name", "another on the way", "he himself on the way", "moved", "cancelled"],
)
def test_what_the_office_does_about_it(office: Office, change: dict[str, Any], outcome: Outcome | None) -> None:
    office.read(visit())
    office.run_until(at("11:00"))
    office.read(visit(**change))
    office.run_until(at("11:10"))
    assert office.alerts()[1].outcome is outcome
    assert [one.kind for one in office.open_alerts()] == ([AlertKind.TECH_NO_SHOW] if outcome is None else [])


def test_a_visit_moved_after_its_no_show_starts_anew(office: Office) -> None:
    office.read(visit())
    office.run_until(at("11:00"))
    office.read(visit(start=at("12:00")))
    office.run_until(at("13:01"))
    assert [(one.kind, one.due_at, one.follows) for one in office.alerts()[2:]] == [
        (AlertKind.LATE_CHECK_IN, at("12:15"), 0),
        (AlertKind.TECH_NO_SHOW, at("13:00"), 3),
    ]


def test_nothing_is_said_from_an_old_picture(office: Office) -> None:
    office.read(visit())
    office.run_until(at("10:40"))
    office.fail("the share is gone")
    office.run_until(at("12:00"))
    assert [one.kind for one in office.alerts()] == [AlertKind.LATE_CHECK_IN]
    office.read(visit())
    assert [one.kind for one in office.open_alerts()] == [AlertKind.TECH_NO_SHOW]


def test_a_clock_set_back_ends_nothing(office: Office) -> None:
    office.read(visit())
    office.run_until(at("11:00"))
    office.set_clock(at("09:00"))
    office.run_until(at("09:30"))
    assert [one.kind for one in office.open_alerts()] == [AlertKind.TECH_NO_SHOW]
