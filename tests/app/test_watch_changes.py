"""What changes of the schedule do to alerts: moves, cancellations, visits dropped and seen again (study 4.3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatchwatch.domain.alert import AlertState, Outcome, Severity
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Status
from tests.fakes.office import LEE, Office, at, key, minutes, visit

OTHER = visit("J-2", start=at("16:00"))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("09:00"))


def late(office: Office) -> None:
    """J-1042, promised for 09:50, has been late for a minute."""
    office.read(visit(start=at("09:50")), OTHER)
    office.run_until(at("10:06"))
    assert [alert.due_at for alert in office.open_alerts()] == [at("10:05")]


def test_moved_later_after_it_was_late(office: Office) -> None:
    late(office)
    office.read(visit(start=at("10:30")), OTHER)
    (old,) = office.alerts()
    assert (old.state, old.outcome) == (AlertState.RESOLVED, Outcome.MOVED)
    assert old.resolution == "The visit was moved after its deadline; now due Tue 10 Nov 10:45 CST"
    office.run_until(at("10:46"))
    assert [(alert.due_at, alert.state) for alert in office.alerts()[1:]] == [(at("10:45"), AlertState.OPEN)]


def test_moved_earlier_so_that_the_new_deadline_has_passed_already(office: Office) -> None:
    """At 10:00 a visit of 14:00 becomes one of 09:30: ten minutes' grace from when we learnt of it."""
    office.read(visit(start=at("14:00")), OTHER)
    office.run_until(at("10:00"))
    office.read(visit(start=at("09:30")), OTHER)
    assert office.deadline() == at("10:10")
    office.run_until(at("10:10"))
    assert office.alerts() == []
    office.run_until(at("15:00"))
    assert [alert.due_at for alert in office.alerts()] == [at("10:10")]


def test_moved_earlier_with_time_to_spare_keeps_the_ordinary_grace(office: Office) -> None:
    office.read(visit(start=at("14:00")), OTHER)
    office.read(visit(start=at("11:00")), OTHER)
    assert office.deadline() == at("11:15")


def test_moved_earlier_and_later_again_has_the_ordinary_deadline(office: Office) -> None:
    office.read(visit(start=at("14:00")), OTHER)
    office.run_until(at("10:00"))
    office.read(visit(start=at("09:30")), OTHER)
    office.read(visit(start=at("14:00")), OTHER)
    assert office.deadline() == at("14:15")
    assert len(office.watched().moves) == 2


def test_cancelled_ends_the_alert_and_says_by_whom(office: Office) -> None:
    late(office)
    office.read(visit(start=at("09:50"), status=Status.CANCELLED, cancelled_by="the customer"), OTHER)
    (alert,) = office.alerts()
    assert (alert.outcome, alert.resolution) == (Outcome.CANCELLED, "The visit was cancelled by the customer")


def test_reinstated_after_the_deadline_has_its_grace_from_then(office: Office) -> None:
    office.read(visit(start=at("09:50")), OTHER)
    office.read(visit(start=at("09:50"), status=Status.CANCELLED), OTHER)
    office.run_until(at("11:00"))
    assert office.alerts() == []
    office.read(visit(start=at("09:50")), OTHER)
    assert office.deadline() == at("11:15")
    office.run_until(at("11:16"))
    assert [alert.due_at for alert in office.open_alerts()] == [at("11:15")]


def test_reinstated_before_the_deadline_keeps_it(office: Office) -> None:
    office.read(visit(start=at("09:50"), status=Status.CANCELLED), OTHER)
    office.run_until(at("10:00"))
    office.read(visit(start=at("09:50")), OTHER)
    assert office.deadline() == at("10:05")


def test_each_cancellation_is_counted(office: Office) -> None:
    for status in (Status.SCHEDULED, Status.CANCELLED, Status.SCHEDULED, Status.CANCELLED, Status.CANCELLED):
        office.read(visit(start=at("09:50"), status=status), OTHER)
    assert office.watched().cancellations == 2


def test_cancelled_and_then_deleted_from_the_file_is_not_missing(office: Office) -> None:
    late(office)
    office.read(visit(start=at("09:50"), status=Status.CANCELLED), OTHER)
    office.read(OTHER)
    office.run_until(at("10:30"))
    assert office.watched().missing_since is None
    assert office.stands() is Standing.CANCELLED
    assert [alert.outcome for alert in office.alerts()] == [Outcome.CANCELLED]


def test_a_technician_taken_off_leaves_the_promise_to_the_customer_broken(office: Office) -> None:
    late(office)
    office.read(visit(start=at("09:50"), technicians=()), OTHER)
    office.run_until(at("10:20"))
    office.read(visit(start=at("09:50"), technicians=(LEE,)), OTHER)
    office.run_until(at("10:36"))
    (alert,) = office.open_alerts()
    assert alert.severity is Severity.HIGH


def test_put_back_among_the_unscheduled_it_is_nobodys_delay(office: Office) -> None:
    late(office)
    office.read(visit(start=at("09:50"), status=Status.UNSCHEDULED), OTHER)
    assert [alert.outcome for alert in office.alerts()] == [Outcome.WITHDRAWN]


def test_a_visit_dropped_from_a_complete_file_is_frozen_for_five_minutes_and_then_withdrawn(office: Office) -> None:
    late(office)
    office.read(OTHER)
    office.run_until(at("10:10:59"))
    assert [alert.state for alert in office.alerts()] == [AlertState.OPEN]
    office.run_until(at("10:11:30"))
    (alert,) = office.alerts()
    assert (alert.outcome, alert.resolution) == (Outcome.WITHDRAWN, "The visit is no longer in the schedule")
    assert office.stands() is Standing.GONE


def test_one_reading_without_a_visit_and_then_none_at_all_is_not_enough_to_withdraw_it(office: Office) -> None:
    """Two readings, at least five minutes apart, have to lack it (study 4.2, kind 12)."""
    late(office)
    office.read(OTHER)
    office.fail("gone")
    office.run_until(at("10:30"))
    assert office.alerts()[0].state is AlertState.OPEN


def test_a_visit_dropped_before_its_deadline_is_not_raised_while_it_is_missing(office: Office) -> None:
    office.read(visit(start=at("09:50")), OTHER)
    office.run_until(at("10:04"))
    office.read(OTHER)
    office.run_until(at("11:00"))
    assert office.alerts() == []


def test_a_visit_missing_from_a_single_reading_was_never_gone(office: Office) -> None:
    late(office)
    office.read(OTHER)
    office.run_until(at("10:08"))
    office.read(visit(start=at("09:50")), OTHER)
    office.run_until(at("10:40"))
    (alert,) = office.alerts()
    assert alert.state is AlertState.OPEN
    assert office.watched().missing_since is None


def test_a_visit_that_returns_before_its_deadline_is_watched_as_ever(office: Office) -> None:
    office.read(visit(start=at("09:50")), OTHER)
    office.read(OTHER)
    office.run_until(at("09:30"))
    assert office.stands() is Standing.GONE
    office.read(visit(start=at("09:50")), OTHER)
    office.run_until(at("10:06"))
    assert [alert.ext_id for alert in office.open_alerts()] == ["J-1042"]


def test_a_visit_that_returns_after_its_alert_was_withdrawn_has_its_grace_from_then(office: Office) -> None:
    late(office)
    office.read(OTHER)
    office.run_until(at("10:20"))
    office.read(visit(start=at("09:50")), OTHER)
    office.run_until(at("10:34"))
    assert [alert.outcome for alert in office.alerts()] == [Outcome.WITHDRAWN]
    office.run_until(at("10:36"))
    (alert,) = office.open_alerts()
    assert alert.due_at == at("10:35")


def test_a_status_word_nobody_knows_leaves_the_last_sound_status(office: Office) -> None:
    office.read(visit(start=at("09:50"), status=Status.DISPATCHED), OTHER)
    office.read(visit(start=at("09:50"), status=Status.UNKNOWN, status_raw="Zugestellt"), OTHER)
    assert office.watched().visit.status is Status.DISPATCHED
    assert office.watched().visit.status_raw == "Zugestellt"
    office.run_until(at("10:06"))
    assert len(office.open_alerts()) == 1


def test_a_first_status_word_nobody_knows_is_shown_as_unknown_and_raises_nothing(office: Office) -> None:
    office.read(visit(start=at("09:50"), status=Status.UNKNOWN), OTHER)
    office.run_until(at("10:30"))
    assert (office.alerts(), office.stands()) == ([], Standing.UNKNOWN)


@pytest.mark.parametrize("restarted", [False, True])
def test_an_identical_reading_writes_no_row_at_all(office: Office, restarted: bool) -> None:
    """Zero new alerts, zero new history rows, zero entries in the trail."""
    office.read(visit(start=at("09:50")), OTHER)
    office.run_until(at("10:40"))
    office.read(visit(start=at("09:50"), notes="gate code 4411"), OTHER)
    if restarted:
        office.restart()
    before = office.contents()
    for _ in range(3):
        office.clock.advance(minutes(1))
        office.read(visit(start=at("09:50"), notes="gate code 4411"), OTHER)
    assert office.contents() == before


def test_every_change_of_a_visit_is_one_row_of_its_history(office: Office) -> None:
    office.read(visit(start=at("09:50")), OTHER)
    office.read(visit(start=at("10:20"), priority="1"), OTHER)
    office.read(OTHER)
    first, second = office.store.schedules.history(key())
    assert set(first.changes) == {"sched_start", "sched_end", "priority"}
    assert set(second.changes) == {"missing_since"}
    assert [change.origin for change in (first, second)] == ["feed", "feed"]


def test_the_same_id_in_another_feed_is_another_visit(office: Office) -> None:
    """Key contains the feed; a reading of a feed that nobody configured changes nothing."""
    office.read(visit(start=at("09:50")), OTHER)
    assert key("J-1042") in office.watch.visits
    assert len(office.watch.visits) == 2
