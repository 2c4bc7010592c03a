"""How long it takes, from the schedule to the alert (study 4.2, kinds 8 and 11, and the rows of 4.3 on them)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.domain.alert import AlertKind, AlertState, Operation, Outcome, Severity
from dispatchwatch.domain.visit import Customer, Site, Status, Visit
from dispatchwatch.domain.wording import notification
from tests.fakes.office import LEE, ORTIZ, Office, at, hours, minutes, visit

KINDS = (AlertKind.OVERRUN, AlertKind.EARLY_DEPARTURE)
SOON = timedelta(milliseconds=2)
CREW = (ORTIZ, LEE)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("09:01"), kinds=KINDS, interval=minutes(5))


def working(**more: Any) -> Visit:
    """Two hours from 09:00; the technician came on time."""
    return visit(start=at("09:00"), **{"status": Status.IN_PROGRESS, "arrived_at": at("09:00"), **more})


def following(**more: Any) -> Visit:
    told = {"customer": Customer("Beta Mill"), "site": Site("Yard 2", "America/Chicago")}
    return visit("J-2", start=at("12:00"), **{**told, **more})


# Running over


def test_work_runs_over_a_quarter_of_an_hour_after_its_plan_and_is_high_an_hour_later(office: Office) -> None:
    office.read(working())
    office.run_until(at("11:15"))
    assert office.alerts() == []
    office.run_until(at("12:14:59"))
    (alert,) = office.open_alerts()
    assert (alert.severity, alert.due_at) == (Severity.WARNING, at("11:15"))
    assert alert.raised_at - at("11:15") <= SOON
    office.run(minutes(1))
    assert office.open_alerts()[0].severity is Severity.HIGH


def test_completing_it_ends_it_and_says_by_how_much(office: Office) -> None:
    office.read(working())
    office.run_until(at("11:40"))
    office.read(working(status=Status.COMPLETED, completed_at=at("11:38")))
    (alert,) = office.alerts()
    assert (alert.outcome, alert.resolution) == (
        Outcome.REMEDIED,
        "J. Ortiz left at 11:38 CST, 38 min after the planned end",
    )


def test_paused_for_parts_two_hours_the_clock_stops(office: Office) -> None:
    office.read(working())
    office.run_until(at("10:00"))
    office.read(working(status=Status.PAUSED, status_at=at("10:00")))
    office.run_until(at("12:00"))
    office.read(working(status_at=at("12:00")))
    office.run_until(at("13:15"))
    assert office.alerts() == []
    office.run(minutes(1))
    assert [alert.due_at for alert in office.open_alerts()] == [at("13:15")]


def test_a_pause_ends_it_and_it_can_run_over_once_more(office: Office) -> None:
    office.read(working())
    office.run_until(at("11:20"))
    office.read(working(status=Status.PAUSED, status_at=at("11:20")))
    assert [alert.outcome for alert in office.alerts()] == [Outcome.NOTED]
    office.run_until(at("11:50"))
    office.read(working(status_at=at("11:50")))
    assert [alert.state for alert in office.alerts()] == [AlertState.RESOLVED, AlertState.OPEN]


def test_a_longer_plan_ends_it_and_can_be_overrun_in_turn(office: Office) -> None:
    office.read(working())
    office.run_until(at("11:20"))
    office.read(working(sched_end=at("13:00")))
    assert [alert.outcome for alert in office.alerts()] == [Outcome.MOVED]
    office.run_until(at("13:24"))
    assert office.open_alerts() == []
    office.run_until(at("13:25"))
    assert [alert.due_at for alert in office.open_alerts()] == [at("13:24")]


def test_it_is_high_once_the_next_visit_must_wait_and_says_for_whom(office: Office) -> None:
    """A quarter of the plan is still to come: after 11:30 the visit promised for 12:00 is late."""
    office.read(working(), following())
    office.run_until(at("11:30"))
    assert [alert.severity for alert in office.open_alerts()] == [Severity.WARNING]
    office.run(minutes(1))
    (alert,) = office.open_alerts()
    assert alert.severity is Severity.HIGH
    assert alert.updated_at - at("11:30") <= SOON
    told = notification(alert, Operation.UPDATE, office.now)
    assert told.headline.endswith("and will be late for Beta Mill, Yard 2 at 12:00 CST")


def test_while_the_schedule_can_not_be_read_nothing_runs_over(office: Office) -> None:
    office.read(working())
    office.run_until(at("10:55"))
    office.fail("no answer")
    office.run_until(at("11:40"))
    assert office.alerts() == []
    office.read(working(status=Status.COMPLETED, completed_at=at("11:00")))
    assert office.alerts() == []


def test_the_sleeping_program_wakes_and_reads_before_it_speaks(office: Office) -> None:
    office.read(working())
    office.sleep(hours(3))
    assert office.alerts() == []
    office.poll()
    assert [alert.kind for alert in office.alerts()] == [AlertKind.OVERRUN]


def test_a_crew_of_two_is_told_of_once(office: Office) -> None:
    office.read(working(technicians=CREW))
    office.run_until(at("11:30"))
    assert len(office.alerts()) == 1


def test_what_was_never_closed_days_ago_is_no_news(tmp_path: Path) -> None:
    office = Office(tmp_path, at("2026-11-12 09:00"), kinds=KINDS)
    office.read(working())
    office.run(minutes(5))
    assert office.alerts() == []


def test_a_job_over_several_days_is_held_against_its_final_end_alone(office: Office) -> None:
    office.read(working(sched_end=at("2026-11-11 11:00")))
    office.interval = minutes(60)
    office.run_until(at("2026-11-11 11:00"))
    assert office.alerts() == []


# Leaving early


def test_leaving_after_twenty_minutes_of_two_hours_is_noted_and_over_a_day_later(office: Office) -> None:
    office.read(working())
    office.run_until(at("09:22"))
    office.read(working(status=Status.COMPLETED, completed_at=at("09:20")))
    (alert,) = office.open_alerts()
    assert (alert.kind, alert.severity) == (AlertKind.EARLY_DEPARTURE, Severity.INFO)
    office.interval = hours(1)
    office.run_until(at("2026-11-11 09:19:59"))
    assert len(office.open_alerts()) == 1
    office.run(minutes(1))
    (alert,) = office.alerts()
    assert alert.outcome is Outcome.NOTED
    assert alert.resolved_at is not None
    assert alert.resolved_at - at("2026-11-11 09:20") <= SOON


def test_taking_it_up_again_ends_it(office: Office) -> None:
    office.read(working(status=Status.COMPLETED, completed_at=at("09:00:30")))
    office.run_until(at("09:30"))
    office.read(working())
    (alert,) = office.alerts()
    assert (alert.outcome, alert.resolution) == (Outcome.REMEDIED, "The visit was taken up again: working")


def test_an_old_file_tells_of_nobody_who_left_early(tmp_path: Path) -> None:
    office = Office(tmp_path, at("2026-11-10 21:20:01"), kinds=KINDS)
    done = working(status=Status.COMPLETED, completed_at=at("09:20"))
    office.read(done, replace(done, ext_id="J-3", completed_at=at("09:20:01")))
    assert [alert.ext_id for alert in office.alerts()] == ["J-3"]


def test_on_the_way_elsewhere_is_a_warning_until_the_visit_is_closed(office: Office) -> None:
    office.read(working(), following())
    office.run_until(at("10:10"))
    gone = following(status=Status.EN_ROUTE, en_route_at=at("10:08"))
    office.read(working(), gone)
    (alert,) = office.open_alerts()
    assert (alert.severity, alert.ext_id, alert.due_at) == (Severity.WARNING, "J-1042", at("10:08"))
    there = replace(gone, status=Status.ARRIVED, arrived_at=at("10:40"))
    office.run_until(at("10:41"))
    office.read(working(), there)
    office.run_until(at("10:50"))
    office.read(working(), replace(there, status=Status.COMPLETED, completed_at=at("10:49")))
    assert [one.state for one in office.alerts() if one.ext_id == "J-1042"] == [AlertState.OPEN]
    office.read(working(status=Status.COMPLETED, completed_at=at("10:05")), there)
    assert [one.outcome for one in office.alerts() if one.ext_id == "J-1042"] == [Outcome.NOTED]


def test_back_on_site_ends_the_warning(office: Office) -> None:
    office.read(working(), following(status=Status.EN_ROUTE, en_route_at=at("09:00:30")))
    office.run_until(at("09:20"))
    office.read(working(), following())
    assert [alert.outcome for alert in office.alerts()] == [Outcome.REMEDIED]


def test_of_a_crew_only_all_leaving_counts_whoever_is_heard_of_last(office: Office) -> None:
    """Each helper has visits of his own: news of one alone must be held against what the other is doing."""
    crew = working(technicians=CREW)
    ortiz = following(technicians=(ORTIZ,))
    lee = replace(following(technicians=(LEE,)), ext_id="J-3")
    ortiz_gone = replace(ortiz, status=Status.EN_ROUTE, en_route_at=at("09:30"))
    lee_gone = replace(lee, status=Status.EN_ROUTE, en_route_at=at("09:40"))
    office.clock.advance_to(at("09:45"))
    office.read(crew, ortiz_gone, lee)
    assert office.open_alerts() == []
    office.read(crew, ortiz_gone, lee_gone)
    assert [alert.due_at for alert in office.open_alerts()] == [at("09:40")]
    office.restart()
    office.read(crew, ortiz_gone, lee_gone)
    office.read(crew, ortiz_gone, lee)
    assert [alert.outcome for alert in office.alerts()] == [Outcome.REMEDIED]


def test_the_other_feed_being_silent_makes_nobody_leave(office: Office) -> None:
    """Whether the first visit is closed by now is not known while its feed can't be read."""
    office.read(working(), following())
    office.fail("no answer")
    office.run_until(at("10:30"))
    assert office.alerts() == []


def test_a_job_over_several_days_is_left_every_evening(office: Office) -> None:
    office.read(
        working(sched_end=at("2026-11-12 16:00")), following(status=Status.EN_ROUTE, en_route_at=at("09:00:30"))
    )
    office.run_until(at("09:30"))
    assert office.alerts() == []


def test_reading_the_same_again_and_starting_again_tell_nothing_new(office: Office) -> None:
    told = working(), following(status=Status.EN_ROUTE, en_route_at=at("09:00:30"))
    office.read(*told)
    office.read(*reversed(told))
    office.restart()
    office.read(*told)
    assert len(office.alerts()) == 1
