"""Service levels from the schedule to the alert and its end (study 4.2, kind 9, and the rows of 4.3 on it)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.domain.alert import AlertKind, AlertState, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.policy import Override, Policy
from dispatchwatch.domain.thresholds import Counting, Thresholds
from dispatchwatch.domain.visit import Status, Visit
from tests.fakes.office import WEEKDAYS_7_TO_18, Office, at, hours, minutes, visit

RESPONSE, ONSITE, RESOLUTION = AlertKind.SLA_RESPONSE, AlertKind.SLA_ONSITE, AlertKind.SLA_RESOLUTION
REPORTED = at("10:20")
DUE = at("14:20")
ROUND_THE_CLOCK = Thresholds(sla_counts=Counting.ALWAYS)


def office_with(
    folder: Path,
    now: datetime,
    *overrides: Override,
    hours_of: OfficeHours | None = None,
    **targets: Any,
) -> Office:
    policy = Policy(replace(ROUND_THE_CLOCK, **targets), overrides)
    return Office(folder, now, policy=policy, office_hours=hours_of, kinds=(RESPONSE, ONSITE, RESOLUTION))


def told(**more: Any) -> Visit:
    """Reported at 10:20, planned for the afternoon."""
    return visit(**{"start": at("16:00"), "reported_at": REPORTED, "contract": "Gold", "priority": "2", **more})


def life(office: Office) -> list[tuple[AlertKind, Severity, AlertState]]:
    return [(one.kind, one.severity, one.state) for one in office.alerts()]


def test_it_gets_worse_step_by_step_at_the_very_instant(tmp_path: Path) -> None:
    with office_with(tmp_path, REPORTED, sla_onsite=hours(4)) as office:
        office.read(told())
        seen = {}
        for when in ("12:19:59", "12:20:01", "13:19:59", "13:20:01", "14:19:59", "14:20:01", "20:00"):
            office.run_until(at(when))
            seen[when] = [one.severity for one in office.open_alerts()]
        assert seen == {
            "12:19:59": [],
            "12:20:01": [Severity.INFO],
            "13:19:59": [Severity.INFO],
            "13:20:01": [Severity.WARNING],
            "14:19:59": [Severity.WARNING],
            "14:20:01": [Severity.CRITICAL],
            "20:00": [Severity.CRITICAL],
        }
        (alert,) = office.alerts()
        assert (alert.due_at, alert.raised_at - at("12:20") <= minutes(0.001)) == (DUE, True)


def test_met_in_time_and_met_late(tmp_path: Path) -> None:
    with office_with(tmp_path, REPORTED, sla_response=hours(2), sla_onsite=hours(4)) as office:
        office.read(told())
        office.run_until(at("12:40"))
        assert len(office.open_alerts()) == 2
        office.read(told(status=Status.EN_ROUTE, en_route_at=at("12:30")))
        office.run_until(at("14:50"))
        office.read(told(status=Status.ARRIVED, arrived_at=at("14:10")))
        office.run_until(at("23:00"))
        response, onsite = office.alerts()
        assert (response.outcome, onsite.outcome) == (Outcome.MET, Outcome.MET)
        assert response.resolution == "Technician sent after 2 h 10 min of 2 h, 10 min too late"
        assert onsite.resolution == "Technician on site after 3 h 50 min of 4 h"
        assert onsite.severity is Severity.CRITICAL, "nobody knew before the source told"


def test_who_is_in_time_is_never_spoken_of(tmp_path: Path) -> None:
    with office_with(tmp_path, REPORTED, sla_response=hours(1), sla_onsite=hours(4), sla_resolution=hours(8)) as office:
        office.read(told(status=Status.DISPATCHED))
        office.run_until(at("12:00"))
        office.read(told(status=Status.IN_PROGRESS, arrived_at=at("11:50")))
        office.run_until(at("14:00"))
        office.read(told(status=Status.COMPLETED, arrived_at=at("11:50"), completed_at=at("13:59")))
        office.run_until(at("23:00"))
        assert office.alerts() == []


def test_another_priority_is_another_target_from_the_same_start(tmp_path: Path) -> None:
    """Priority 2 has eight hours; at 13:00, two hours and forty minutes in, it becomes priority 1 with four."""
    urgent = Override(Match((("priority", ("1",)),)), {"sla_onsite": hours(4)})
    with office_with(tmp_path, REPORTED, urgent, sla_onsite=hours(5)) as office:
        office.read(told())
        office.run_until(at("13:40"))
        assert life(office) == [(ONSITE, Severity.INFO, AlertState.OPEN)]
        office.read(told(priority="1"))
        old, new = office.alerts()
        assert (old.outcome, old.resolution) == (Outcome.MOVED, "The target is now 4 h, counted from the same start")
        assert (new.state, new.severity, new.due_at) == (AlertState.OPEN, Severity.WARNING, DUE)
        office.run_until(at("14:21"))
        assert [one.severity for one in office.open_alerts()] == [Severity.CRITICAL]


def test_a_longer_target_that_is_not_half_used_ends_the_alert_quietly(tmp_path: Path) -> None:
    relaxed = Override(Match((("priority", ("3",)),)), {"sla_onsite": hours(24)})
    with office_with(tmp_path, REPORTED, relaxed, sla_onsite=hours(4)) as office:
        office.read(told())
        office.run_until(at("13:40"))
        office.read(told(priority="3"))
        office.run_until(at("22:00"))
        assert [one.outcome for one in office.alerts()] == [Outcome.MOVED]
        office.run_until(at("22:21"))
        assert [one.severity for one in office.open_alerts()] == [Severity.INFO]


def test_paused_two_hours_for_parts(tmp_path: Path) -> None:
    """Study 4.3: the clock of the resolution stops only if the profile says so."""
    with office_with(tmp_path, REPORTED, sla_resolution=hours(4), sla_pauses=True) as office:
        office.read(told(status=Status.IN_PROGRESS, arrived_at=at("10:30")))
        office.run_until(at("12:30"))
        office.read(told(status=Status.PAUSED, arrived_at=at("10:30"), status_at=at("12:30")))
        office.run_until(at("14:30"))
        assert life(office) == [(RESOLUTION, Severity.INFO, AlertState.OPEN)]
        office.read(told(status=Status.IN_PROGRESS, arrived_at=at("10:30"), status_at=at("14:30")))
        office.run_until(at("15:19"))
        assert life(office) == [(RESOLUTION, Severity.INFO, AlertState.OPEN)]
        office.run_until(at("15:21"))
        assert life(office) == [(RESOLUTION, Severity.WARNING, AlertState.OPEN)]
        office.run_until(at("16:21"))
        assert life(office) == [(RESOLUTION, Severity.CRITICAL, AlertState.OPEN)]


def test_paused_work_runs_on_where_the_profile_does_not_stop_it(tmp_path: Path) -> None:
    with office_with(tmp_path, REPORTED, sla_resolution=hours(4)) as office:
        office.read(told(status=Status.PAUSED, arrived_at=at("10:30"), status_at=at("10:40")))
        office.run_until(at("14:21"))
        assert life(office) == [(RESOLUTION, Severity.CRITICAL, AlertState.OPEN)]


def test_office_hours_stop_it_over_the_weekend(tmp_path: Path) -> None:
    friday, monday = "2026-11-13", "2026-11-16"
    start = at(f"{friday} 16:00")
    with office_with(
        tmp_path, start, hours_of=WEEKDAYS_7_TO_18, sla_onsite=hours(4), sla_counts=Counting.OFFICE
    ) as office:
        office.interval = minutes(30)
        told_on_friday = told(start=at(f"{monday} 08:30"), reported_at=start)
        office.read(told_on_friday)
        office.run_until(at(f"{monday} 07:59"))
        (alert,) = office.alerts()
        assert (alert.severity, alert.due_at) == (Severity.INFO, at(f"{monday} 09:00"))
        office.run_until(at(f"{monday} 08:01"))
        assert [one.severity for one in office.open_alerts()] == [Severity.WARNING]
        office.run_until(at(f"{monday} 09:01"))
        assert [one.severity for one in office.open_alerts()] == [Severity.CRITICAL]


def test_cancelled_and_taken_up_again(tmp_path: Path) -> None:
    with office_with(tmp_path, REPORTED, sla_onsite=hours(4)) as office:
        office.read(told())
        office.run_until(at("12:30"))
        office.read(told(status=Status.CANCELLED, cancelled_by="customer"))
        office.run_until(at("13:30"))
        (first,) = office.alerts()
        assert (first.outcome, first.resolution) == (Outcome.CANCELLED, "The visit was cancelled by the customer")
        office.read(told())
        assert [(one.severity, one.due_at) for one in office.open_alerts()] == [(Severity.WARNING, DUE)]


def test_withdrawn_ends_it_and_missing_once_does_not(tmp_path: Path) -> None:
    with office_with(tmp_path, REPORTED, sla_onsite=hours(4)) as office:
        office.read(told(), *others())
        office.run_until(at("12:30"))
        office.read(*others())
        office.run(minutes(4))
        assert [one.state for one in office.alerts()] == [AlertState.OPEN]
        office.run(minutes(2))
        assert [one.outcome for one in office.alerts()] == [Outcome.WITHDRAWN]


def others() -> list[Visit]:
    return [visit(f"K-{number}", at("16:00")) for number in range(3)]


def test_a_feed_that_is_silent_neither_raises_nor_worsens_nor_ends_anything(tmp_path: Path) -> None:
    with office_with(tmp_path, REPORTED, sla_onsite=hours(4)) as office:
        office.read(told())
        office.run_until(at("12:30"))
        office.fail("the share is gone")
        office.run_until(at("15:00"))
        assert life(office) == [(ONSITE, Severity.INFO, AlertState.OPEN)]
        office.read(told())
        assert life(office) == [(ONSITE, Severity.CRITICAL, AlertState.OPEN)]


def test_started_after_the_breach_it_is_told_once_as_found_at_start(tmp_path: Path) -> None:
    with office_with(tmp_path, at("15:00"), sla_onsite=hours(4)) as office:
        office.read(told())
        (alert,) = office.open_alerts()
        assert (alert.severity, alert.found_at_start) == (Severity.CRITICAL, True)
        office.restart()
        office.read(told())
        office.run_until(at("16:00"))
        assert [one.id for one in office.alerts()] == [alert.id]


def test_a_breach_of_yesterday_is_no_news(tmp_path: Path) -> None:
    with office_with(tmp_path, at("2026-11-11 09:00"), sla_onsite=hours(4)) as office:
        office.read(told())
        office.run(hours(2))
        assert office.alerts() == []


def test_a_clock_set_back_ends_nothing(tmp_path: Path) -> None:
    with office_with(tmp_path, REPORTED, sla_onsite=hours(4)) as office:
        office.read(told())
        office.run_until(at("13:30"))
        office.set_clock(at("11:00"))
        office.read(told())
        assert life(office) == [(ONSITE, Severity.WARNING, AlertState.OPEN)]


@pytest.mark.parametrize("status", [Status.INCOMPLETE, Status.IN_PROGRESS])
def test_work_not_finished_goes_on_until_a_follow_up_finishes_it(tmp_path: Path, status: Status) -> None:
    with office_with(tmp_path, REPORTED, sla_resolution=hours(4)) as office:
        first = told(start=at("11:00"), status=status, arrived_at=at("11:00"), order_ref="WO-7")
        follow_up = visit("J-2", at("13:00"), order_ref="WO-7")
        office.read(first, follow_up)
        office.run_until(at("13:30"))
        assert life(office) == [(RESOLUTION, Severity.WARNING, AlertState.OPEN)]
        office.read(first, replace(follow_up, status=Status.COMPLETED, completed_at=at("13:25")))
        (alert,) = office.alerts()
        finished = (Outcome.MET, "Work finished after 3 h 05 min of 4 h")
        assert (alert.outcome, alert.resolution) == (finished if status is Status.INCOMPLETE else (None, ""))


def test_without_targets_nothing_is_ever_said(tmp_path: Path) -> None:
    with office_with(tmp_path, REPORTED) as office:
        office.read(told())
        office.run_until(at("18:00"))
        assert office.alerts() == []
        assert office.watch.look(office.now).next_change is None
