"""Cancellations, moves and customers who were not there, from the schedule to the alert and to its end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.looking import Reading
from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Outcome, Severity
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.thresholds import Counting, Thresholds
from dispatchwatch.domain.visit import Status, Visit
from tests.fakes.office import SAM, Office, at, hours, key, minutes, seconds, visit

KINDS = (
    AlertKind.CANCELLED,
    AlertKind.CANCELLED_SHORT_NOTICE,
    AlertKind.RESCHEDULED_SHORT_NOTICE,
    AlertKind.RESCHEDULE_DRIFT,
    AlertKind.CUSTOMER_NO_SHOW,
    AlertKind.JOB_MISSING,
)
OTHERS = tuple(visit(f"K-{number}", start=at("17:00"), technicians=()) for number in range(3))
DAYS = frozenset(at("2026-11-09 12:00").date() + timedelta(days=number) for number in range(14))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("07:00"), kinds=KINDS)


def reads(office: Office, clock: str, *visits: Visit) -> None:
    """Lets time pass as it stood, and then has the source say something else of J-1042."""
    office.run_until(at(clock))
    office.read(*visits, *OTHERS, days=DAYS)


def told(**changes: Any) -> Visit:
    return visit(**{"start": at("09:50"), **changes})


def stands(office: Office) -> list[tuple[str, str, str | None]]:
    """Every alert there ever was: kind, severity, and the outcome of those that are over."""
    return [(one.kind.value, one.severity.value, one.outcome.value if one.outcome else None) for one in office.alerts()]


def only(office: Office) -> Alert:
    (alert,) = office.alerts()
    return alert


# Cancellations


def test_cancelled_at_short_notice_stays_open_until_somebody_acts(office: Office) -> None:
    reads(office, "07:00", told())
    reads(office, "07:40", told(status=Status.CANCELLED, cancelled_by="customer"))
    office.run_until(at("2026-11-14 09:00"))
    assert stands(office) == [("cancelled_short_notice", "high", None)]
    assert only(office).key == "cancelled_short_notice|today|J-1042|1"
    assert office.desk.resolve([1], SAM, office.now)[0].done
    office.catch_up()
    office.run(hours(1))
    assert stands(office) == [("cancelled_short_notice", "high", "by_hand")]


def test_cancelled_then_reinstated_and_cancelled_again(office: Office) -> None:
    reads(office, "07:00", told())
    reads(office, "07:40", told(status=Status.CANCELLED))
    reads(office, "08:00", told())
    alert = only(office)
    assert (alert.outcome, alert.resolution) == (
        Outcome.REINSTATED,
        "The visit was reinstated for Tue 10 Nov 09:50 CST",
    )
    reads(office, "08:30", told(status=Status.CANCELLED))
    assert [(one.key[-2:], one.state) for one in office.alerts()] == [
        ("|1", AlertState.RESOLVED),
        ("|2", AlertState.OPEN),
    ]


def test_cancelled_and_then_deleted_from_the_feed_is_cancelled_and_not_missing(office: Office) -> None:
    reads(office, "07:00", told())
    reads(office, "07:40", told(status=Status.CANCELLED))
    reads(office, "08:00")
    office.run_until(at("10:00"))
    assert stands(office) == [("cancelled_short_notice", "high", None)]


def test_cancelled_in_good_time_is_info_and_over_a_day_after_the_start(tmp_path: Path) -> None:
    office = Office(tmp_path, at("07:00"), kinds=KINDS, interval=minutes(5))
    wednesday = at("2026-11-11 09:00")
    reads(office, "07:00", told(start=wednesday))
    reads(office, "08:00", told(start=wednesday, status=Status.CANCELLED))
    assert stands(office) == [("cancelled", "info", None)]
    assert office.toasts == []
    office.run_until(at("2026-11-12 09:00"))
    assert only(office).state is AlertState.OPEN
    office.run(seconds(1))
    assert (only(office).outcome, only(office).resolution) == (Outcome.NOTED, "The day of the visit has passed")
    resolved_at = only(office).resolved_at
    assert resolved_at is not None
    assert timedelta() < resolved_at - at("2026-11-12 09:00") <= timedelta(milliseconds=2)


@pytest.mark.parametrize(
    ("clock", "kind"), [("2026-11-13 10:00", "cancelled_short_notice"), ("2026-11-13 08:59", "cancelled")]
)
def test_business_hours_notice(tmp_path: Path, clock: str, kind: str) -> None:
    """Start Mon 09:00, notice 24 h of weekdays; cancelled on Friday."""
    policy = Policy(Thresholds(notice_counts=Counting.WEEKDAYS))
    office = Office(tmp_path, at("2026-11-13 08:00"), kinds=KINDS, policy=policy)
    monday = at("2026-11-16 09:00")
    reads(office, "2026-11-13 08:00", told(start=monday))
    reads(office, clock, told(start=monday, status=Status.CANCELLED))
    assert [one.kind.value for one in office.alerts()] == [kind]


def test_booked_inside_the_notice_is_info_only(tmp_path: Path) -> None:
    """Booked Tue 16:00 for Wed 09:00, cancelled Tue 17:00."""
    office = Office(tmp_path, at("16:01"), kinds=KINDS)
    booked = told(start=at("2026-11-11 09:00"), booked_at=at("16:00"))
    office.read(booked)
    office.run_until(at("17:00"))
    office.read(told(start=at("2026-11-11 09:00"), booked_at=at("16:00"), status=Status.CANCELLED))
    assert stands(office) == [("cancelled", "info", None)]


def test_a_receipt_interval_that_straddles_the_line_is_uncertain(tmp_path: Path) -> None:
    """The source could not be read from 08:50 on; at 09:20 the visit of tomorrow, 09:00, is found cancelled."""
    office = Office(tmp_path, at("08:00"), kinds=KINDS)
    tomorrow = at("2026-11-11 09:00")
    reads(office, "08:00", told(start=tomorrow))
    office.run_until(at("08:50"))
    office.fail("the share is gone")
    office.run_until(at("09:20"))
    reads(office, "09:20", told(start=tomorrow, status=Status.CANCELLED))
    (alert,) = [one for one in office.alerts() if one.ext_id]
    assert (alert.kind, alert.severity, alert.facts["verdict"]) == (AlertKind.CANCELLED, Severity.INFO, "uncertain")
    assert (alert.facts["earliest"], alert.facts["latest"]) == (at("08:50").isoformat(), at("09:20").isoformat())


def test_cancelled_at_the_desk_is_of_our_own_making(office: Office) -> None:
    reads(office, "07:00", told())
    office.run_until(at("07:40"))
    assert office.desk.cancel(key(), SAM, office.now, note="no parts").done
    office.catch_up()
    alert = only(office)
    assert (alert.kind, alert.severity, alert.due_at) == (AlertKind.CANCELLED, Severity.INFO, at("07:40"))


def test_what_was_cancelled_before_the_program_knew_of_it_is_no_news(office: Office) -> None:
    off = told(status=Status.CANCELLED)
    old = visit("J-2", start=at("09:50"), status=Status.CANCELLED, cancelled_at=at("2026-11-09 18:59"))
    no_show = visit("J-3", start=at("06:00"), status=Status.CUSTOMER_NO_SHOW)
    office.read(off, old, no_show, *OTHERS, days=DAYS)
    office.run_until(at("20:00"))
    assert office.alerts() == []


def test_a_recent_cancellation_is_found_at_the_start(office: Office) -> None:
    office.clock.advance(seconds(1))
    off = {"status": Status.CANCELLED, "cancelled_at": at("06:00")}
    office.read(told(**off), visit("J-2", start=at("09:50"), **off), *OTHERS, days=DAYS)
    assert [(one.kind, one.found_at_start) for one in office.alerts()] == [
        (AlertKind.CANCELLED_SHORT_NOTICE, True),
        (AlertKind.CANCELLED_SHORT_NOTICE, True),
    ]
    (toast,) = office.toasts
    assert toast.title == "2 alerts while nobody was watching"


def test_what_was_cancelled_while_the_program_was_off_is_found_at_its_start(office: Office) -> None:
    reads(office, "07:00", told())
    office.run_until(at("07:10"))
    office.close()
    office.clock.advance_to(at("08:40"))
    office.start()
    office.clock.advance(seconds(1))
    office.read(told(status=Status.CANCELLED), *OTHERS, days=DAYS)
    alert = only(office)
    assert (alert.kind, alert.severity) == (AlertKind.CANCELLED_SHORT_NOTICE, Severity.HIGH)
    assert alert.found_at_start


def test_the_same_file_again_and_a_restart_change_nothing(office: Office) -> None:
    reads(office, "07:00", told())
    reads(office, "07:40", told(status=Status.CANCELLED))
    reads(office, "07:50", told(status=Status.CANCELLED))
    office.restart()
    office.run_until(at("09:00"))
    assert len(office.alerts()) == 1


def test_a_cancellation_ends_the_move_that_was_told_before(office: Office) -> None:
    reads(office, "07:00", told())
    reads(office, "07:20", told(start=at("15:00")))
    reads(office, "07:40", told(start=at("15:00"), status=Status.CANCELLED))
    assert stands(office) == [
        ("rescheduled_short_notice", "high", "cancelled"),
        ("cancelled_short_notice", "warning", None),
    ]


# Moves


def test_moved_at_short_notice_is_told_once_and_waits_for_somebody_to_take_note(office: Office) -> None:
    reads(office, "07:00", told())
    reads(office, "07:20", told(start=at("15:00")))
    office.run_until(at("14:00"))
    assert stands(office) == [("rescheduled_short_notice", "high", None)]
    office.desk.acknowledge([1], SAM, office.now)
    office.catch_up()
    office.restart()
    office.run_until(at("14:30"))
    assert stands(office) == [("rescheduled_short_notice", "high", "noted")]


def test_a_move_grown_old_is_still_open_the_next_day(tmp_path: Path) -> None:
    office = Office(tmp_path, at("07:00"), kinds=KINDS, interval=minutes(5))
    tomorrow = told(start=at("2026-11-11 15:00"))
    reads(office, "07:00", told())
    reads(office, "07:20", tomorrow)
    office.run_until(at("2026-11-11 09:00"))
    assert stands(office) == [("rescheduled_short_notice", "high", None)]
    office.restart()
    office.run_until(at("2026-11-11 10:00"))
    assert len(office.alerts()) == 1


def test_moved_by_ten_minutes_is_no_move_but_by_three_times_ten_it_is(office: Office) -> None:
    reads(office, "07:00", told())
    reads(office, "07:10", told(start=at("10:00")))
    assert office.alerts() == []
    reads(office, "07:30", told(start=at("10:10")))
    reads(office, "07:50", told(start=at("10:20")))
    assert stands(office) == [("rescheduled_short_notice", "high", None)]
    assert only(office).facts["old_start"] == at("09:50").isoformat()


def test_moved_and_moved_back_within_ten_minutes_is_undone(office: Office) -> None:
    reads(office, "07:00", told())
    reads(office, "07:20", told(start=at("15:00")))
    reads(office, "07:30", told())
    assert (only(office).outcome, only(office).resolution) == (
        Outcome.UNDONE,
        "The visit was moved back to Tue 10 Nov 09:50 CST within 10 min",
    )
    office.run_until(at("09:00"))
    assert len(office.alerts()) == 1


def test_moved_and_moved_back_between_two_looks_is_nothing_at_all(tmp_path: Path) -> None:
    """Two readings that one look takes in together."""
    office = Office(tmp_path, at("07:00"), kinds=KINDS)
    reads(office, "07:00", told())
    office.run_until(at("07:20"))
    there = office.snapshot((told(start=at("15:00")), *OTHERS), days=DAYS)
    back = office.snapshot((told(), *OTHERS), days=DAYS)
    office.look(Reading("today", office.now, there), Reading("today", office.now, back))
    office.says(told(), *OTHERS, days=DAYS)
    office.run_until(at("08:00"))
    assert office.alerts() == []


def test_undone_pairs_are_no_drift(office: Office) -> None:
    reads(office, "07:00", told())
    for hour in ("07", "08", "09"):
        reads(office, f"{hour}:10", told(start=at("15:00")))
        reads(office, f"{hour}:15", told())
    assert {one.kind for one in office.alerts()} == {AlertKind.RESCHEDULED_SHORT_NOTICE}
    assert {one.outcome for one in office.alerts()} == {Outcome.UNDONE}
    assert len(office.alerts()) == 3


def test_a_second_move_takes_the_place_of_the_first(office: Office) -> None:
    reads(office, "07:00", told())
    reads(office, "07:20", told(start=at("15:00")))
    reads(office, "08:20", told(start=at("16:00")))
    assert stands(office) == [
        ("rescheduled_short_notice", "high", "moved"),
        ("rescheduled_short_notice", "warning", None),
    ]


# Drift


def test_a_visit_moved_again_and_again_drifts_and_only_one_alert_says_so(office: Office) -> None:
    reads(office, "07:00", told(start=at("2026-11-16 09:00")))
    for number in range(1, 9):
        reads(office, f"{7 + number:02}:00", told(start=at("2026-11-16 09:00") + number * minutes(30)))
    assert [one.kind for one in office.alerts()] == [AlertKind.RESCHEDULE_DRIFT] * 3
    assert [(one.key.rpartition("|")[2], one.severity.value, one.outcome) for one in office.alerts()] == [
        ("3", "warning", Outcome.BECAME_WORSE),
        ("5", "high", Outcome.BECAME_WORSE),
        ("8", "high", None),
    ]
    reads(office, "16:00", told(start=at("2026-11-16 13:00"), status=Status.COMPLETED))
    assert office.alerts()[-1].outcome is Outcome.REMEDIED


def test_two_business_days_later_is_drift_with_one_move(office: Office) -> None:
    reads(office, "07:00", told(start=at("2026-11-13 09:00")))
    reads(office, "07:10", told(start=at("2026-11-16 09:00")))
    assert office.alerts() == []
    reads(office, "07:30", told(start=at("2026-11-17 08:00")))
    assert [(one.key, one.severity) for one in office.alerts()] == [
        ("reschedule_drift|today|J-1042|days", Severity.WARNING)
    ]


# Nobody there


def test_nobody_there_until_a_follow_up_visit_appears(office: Office) -> None:
    order = {"order_ref": "WO-77"}
    reads(office, "07:00", told(**order))
    reads(office, "10:10", told(status=Status.CUSTOMER_NO_SHOW, **order))
    assert stands(office) == [("customer_no_show", "high", None)]
    follow_up = visit("J-2", start=at("2026-11-11 08:00"), **order)
    reads(office, "11:00", told(status=Status.CUSTOMER_NO_SHOW, **order), follow_up)
    alert = only(office)
    assert (alert.outcome, alert.resolution) == (
        Outcome.REMEDIED,
        "Follow-up visit J-2 on Wed 11 Nov 08:00 CST",
    )
    office.run_until(at("13:00"))
    assert len(office.alerts()) == 1


def test_nobody_there_and_then_reinstated(office: Office) -> None:
    reads(office, "07:00", told())
    reads(office, "10:10", told(status=Status.CUSTOMER_NO_SHOW))
    reads(office, "10:30", told(start=at("14:00")))
    assert next((one.kind, one.outcome) for one in office.alerts()) == (
        AlertKind.CUSTOMER_NO_SHOW,
        Outcome.REINSTATED,
    )
    reads(office, "14:20", told(start=at("14:00"), status=Status.CUSTOMER_NO_SHOW))
    assert office.alerts()[-1].key == "customer_no_show|today|J-1042|2"
