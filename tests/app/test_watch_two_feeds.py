"""An appointment that two feeds tell of is one: watched once, with what each of them knows of its course."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dispatchwatch.app.deeds import Actor
from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.desk_entry import DeskAction
from dispatchwatch.domain.merging import lent
from dispatchwatch.domain.visit import Status, Visit, VisitKey
from tests.fakes.office import ALL_KINDS, ORTIZ, Office, at, key, minutes, visit

SOFTWARE = "software"
SAM = Actor("Sam", "desk")


def planned(ext_id: str = "J-1042", **more: object) -> Visit:
    return visit(ext_id, start=at("10:00"), order_ref="WO-7", **more)


def there(ext_id: str = "4711", **more: object) -> Visit:
    """The same appointment in the other feed, under the id it has there."""
    return planned(ext_id, **more)


def office(folder: Path) -> Office:
    return Office(folder, at("09:00"), kinds=ALL_KINDS, lesser_feeds=(SOFTWARE,))


def kinds(office: Office) -> list[AlertKind]:
    return [alert.kind for alert in office.open_alerts()]


def test_it_is_late_once(tmp_path: Path) -> None:
    with office(tmp_path) as desk:
        desk.read(planned())
        desk.read_from(SOFTWARE, there())
        desk.run_until(at("10:20"))
        assert [(alert.kind, alert.feed) for alert in desk.open_alerts()] == [(AlertKind.LATE_CHECK_IN, "today")]


def test_an_arrival_that_only_the_lesser_feed_knows_of_counts(tmp_path: Path) -> None:
    with office(tmp_path) as desk:
        desk.read(planned())
        desk.read_from(SOFTWARE, there())
        desk.clock.advance_to(at("10:02"))
        desk.read_from(SOFTWARE, there(status=Status.ARRIVED, arrived_at=at("10:01")))
        desk.run_until(at("10:30"))
        assert kinds(desk) == []
        assert desk.watched().visit.arrived_at == at("10:01")
        changes = desk.store.schedules.history(key("J-1042"))
        assert [change.origin for change in changes if "arrived_at" in change.changes] == [SOFTWARE]


def test_an_arrival_that_is_told_before_the_first_feed_speaks_counts_too(tmp_path: Path) -> None:
    with office(tmp_path) as desk:
        desk.read_from(SOFTWARE, there(status=Status.ARRIVED, arrived_at=at("08:58")))
        desk.read(planned())
        assert desk.watched().visit.arrived_at == at("08:58")


def test_an_arrival_ends_the_alert_of_the_first_feeds_visit(tmp_path: Path) -> None:
    with office(tmp_path) as desk:
        desk.read(planned())
        desk.read_from(SOFTWARE, there())
        desk.run_until(at("10:20"))
        desk.read_from(SOFTWARE, there(status=Status.IN_PROGRESS, started_at=at("10:19")))
        assert kinds(desk) == []


def test_it_stays_counted_over_a_restart_and_over_every_reading(tmp_path: Path) -> None:
    with office(tmp_path) as desk:
        desk.read(planned())
        desk.read_from(SOFTWARE, there(status=Status.ARRIVED, arrived_at=at("09:55")))
        desk.restart()
        desk.read(planned(notes="gate 4"))
        assert desk.watched().visit.arrived_at == at("09:55")
        before = desk.store.schedules.history(key("J-1042"))
        desk.read(planned(notes="gate 4"))
        assert desk.store.schedules.history(key("J-1042")) == before


def test_a_cancellation_in_the_lesser_feed_is_news(tmp_path: Path) -> None:
    with office(tmp_path) as desk:
        desk.read(planned())
        desk.read_from(SOFTWARE, there())
        desk.clock.advance(minutes(5))
        desk.read_from(SOFTWARE, there(status=Status.CANCELLED, cancelled_at=desk.now, cancelled_by="the customer"))
        assert kinds(desk) == [AlertKind.CANCELLED_SHORT_NOTICE]
        assert desk.watched().visit.cancelled_by == "the customer"


def test_the_same_order_at_another_time_is_another_visit(tmp_path: Path) -> None:
    with office(tmp_path) as desk:
        desk.read(planned())
        desk.read_from(
            SOFTWARE, replace(there(status=Status.COMPLETED), sched_start=at("08:00"), sched_end=at("09:00"))
        )
        desk.run_until(at("10:20"))
        assert AlertKind.LATE_CHECK_IN in kinds(desk)


def test_what_the_desk_entered_before_the_software_knew_the_visit_counts_for_it(tmp_path: Path) -> None:
    with office(tmp_path) as desk:
        desk.read_from(SOFTWARE, there())
        desk.clock.advance_to(at("09:50"))
        assert desk.desk.check_in(VisitKey(SOFTWARE, "4711"), at("09:49"), SAM, desk.now).done
        desk.catch_up()
        desk.read(planned())
        desk.run_until(at("10:30"))
        assert kinds(desk) == []
        assert desk.watched().visit.arrived_at == at("09:49")
        assert DeskAction.CHECK_IN.value in [entry["action"] for entry in desk.entries()]


@pytest.mark.parametrize("own", [Status.CANCELLED, Status.COMPLETED, Status.CUSTOMER_NO_SHOW])
def test_what_is_over_takes_nothing(own: Status) -> None:
    over = planned(status=own)
    assert lent(over, there(status=Status.ARRIVED, arrived_at=at("10:01"))) == over


def test_who_goes_is_known_where_only_the_other_feed_says_so() -> None:
    silent = replace(planned(), technicians=(), crew_untold=True)
    assert lent(silent, there(technicians=(ORTIZ,))) == planned(technicians=(ORTIZ,))
    nobody = replace(planned(), technicians=())
    assert lent(nobody, there(technicians=(ORTIZ,))) == nobody


def test_what_its_own_feed_knows_stays() -> None:
    own = planned(status=Status.ARRIVED, arrived_at=at("10:01"), technicians=(ORTIZ,))
    found = lent(own, there(status=Status.EN_ROUTE, arrived_at=at("09:00"), eta=at("10:05"), notes="other"))
    assert found == replace(own, eta=at("10:05"))


def test_a_visit_that_was_reinstated_after_the_other_feed_called_it_off_stays_on() -> None:
    own = planned(modified_at=at("09:30"))
    assert lent(own, there(status=Status.CANCELLED, cancelled_at=at("09:00"))) == own
    later = lent(own, there(status=Status.CANCELLED, cancelled_at=at("09:31")))
    assert (later.status, later.cancelled_at) == (Status.CANCELLED, at("09:31"))


def test_a_way_that_only_the_other_feed_knows_of_is_known() -> None:
    found = lent(planned(), there(status=Status.EN_ROUTE, en_route_at=at("09:40"), eta=at("10:05")))
    assert (found.status, found.en_route_at, found.eta) == (Status.EN_ROUTE, at("09:40"), at("10:05"))


def test_a_visit_that_is_missing_after_a_partial_reading_is_missed_on(tmp_path: Path) -> None:
    """A reading that brings only what has changed says nothing of what is missing, and takes no memory of it away."""
    other = visit("J-2", start=at("15:00"))
    with Office(tmp_path, at("09:00"), kinds=ALL_KINDS) as desk:
        desk.read(planned(), other)
        desk.run(minutes(1))
        desk.read(other)
        desk.says(replace(other, notes="ring twice"), complete=False)
        _polled(desk, minutes(6))
        assert not desk.watched().withdrawn
        desk.also_told = {"complete": True}
        _polled(desk, minutes(6))
        assert AlertKind.JOB_MISSING in kinds(desk)


def _polled(desk: Office, length: timedelta) -> None:
    for _ in range(int(length / desk.interval)):
        desk.clock.advance(desk.interval)
        desk.poll()
