"""A look is all or nothing: what happens when it breaks off in the middle, or the database can't be written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest

from dispatchwatch.app.looking import Reading
from dispatchwatch.app.owing import Owing
from dispatchwatch.domain.alert import Alert, AlertState
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.database import StoreError
from tests.fakes.office import FEED, SAM, Office, at, key, visit


class BreakingOwing(Owing):
    """Breaks in the middle of the transaction, after the alerts were stored, while `fault` is set."""

    fault: Exception | None = None

    def raised(self, alerts: Iterable[Alert], now: datetime) -> None:
        super().raised(alerts, now)
        if BreakingOwing.fault is not None:
            raise BreakingOwing.fault

    def acknowledged(self, alert: Alert, now: datetime, heard: tuple[str, str] | None = None) -> None:
        super().acknowledged(alert, now, heard)
        if BreakingOwing.fault is not None:
            raise BreakingOwing.fault


@pytest.fixture
def office(tmp_path: Path) -> Office:
    BreakingOwing.fault = None
    return Office(tmp_path, at("09:00"), routes=[Route(channels=("ops",))], owing_type=BreakingOwing)


def test_a_crash_inside_a_look_leaves_nothing_of_it(office: Office) -> None:
    office.read(visit(start=at("08:30")), visit("J-2", start=at("15:00")))
    before = office.contents()
    BreakingOwing.fault = KeyError("a fault of ours")
    with pytest.raises(KeyError):
        office.read(visit(start=at("08:30")), visit("J-2", start=at("08:30"), priority="1"))
    assert office.contents() == before


def test_after_a_crash_the_next_start_finds_everything_once(office: Office) -> None:
    BreakingOwing.fault = KeyError("a fault of ours")
    with pytest.raises(KeyError):
        office.read(visit(start=at("08:30")))
    BreakingOwing.fault = None
    office.restart()
    assert office.alerts() == []
    office.poll()
    assert [alert.state for alert in office.alerts()] == [AlertState.OPEN]
    assert office.told("ops") == [("raise", "waiting")]
    assert [entry["action"] for entry in office.entries()] == ["feed_read", "raised"]


def test_readings_that_could_not_be_written_are_written_whole_when_they_are_tried_again(office: Office) -> None:
    """The engine looks again with the same readings: visits, history and trail have to come out as if nothing was."""
    office.read(visit(start=at("08:30")), visit("J-2", start=at("15:00")))
    later = office.snapshot(
        (visit(start=at("08:30")), visit("J-2", start=at("16:00")), visit("J-3", start=at("08:20")))
    )
    reading = Reading(FEED, office.now, later)
    BreakingOwing.fault = StoreError("The database is locked.")
    with pytest.raises(StoreError):
        office.look(reading)
    BreakingOwing.fault = None
    office.look(reading)
    assert len(office.store.schedules.of_feed(FEED)) == 3
    assert [set(change.changes) for change in office.store.schedules.history(key("J-2"))] == [
        {"sched_start", "sched_end"}
    ]
    assert [entry["action"] for entry in office.entries("feed_read")] == ["feed_read"] * 2
    assert [alert.ext_id for alert in office.alerts()] == ["J-1042", "J-3"]


def test_a_failed_reading_that_could_not_be_written_is_written_when_it_is_tried_again(office: Office) -> None:
    office.read(visit(start=at("15:00")))
    reading = Reading(FEED, office.now, problem="gone")
    BreakingOwing.fault = StoreError("The database is locked.")
    with pytest.raises(StoreError):
        office.look(reading)
    BreakingOwing.fault = None
    office.look(reading)
    assert [entry["detail"] for entry in office.entries("feed_failed")] == [{"problem": "gone"}]


def test_a_crash_inside_a_deed_leaves_nothing_of_it(office: Office) -> None:
    office.read(visit(start=at("08:30")))
    before = office.contents()
    BreakingOwing.fault = KeyError("a fault of ours")
    with pytest.raises(KeyError):
        office.desk.acknowledge([1], SAM, office.now)
    assert office.contents() == before


def test_an_alert_that_a_person_resolved_meanwhile_is_left_alone(office: Office) -> None:
    """The command line acts between two looks; the engine has not heard of it yet."""
    office.read(visit(start=at("08:30")))
    office.desk.resolve([1], SAM, office.now, note="he called in")
    office.read(visit(start=at("08:30"), arrived_at=at("08:40")))
    (alert,) = office.alerts()
    assert alert.resolution == "Sam closed it: he called in"
    assert len(office.entries("resolved")) == 1


def test_an_alert_that_a_person_acknowledged_meanwhile_keeps_that(office: Office) -> None:
    office.read(visit(start=at("08:45")))
    office.run_until(at("09:01"))
    office.desk.acknowledge([1], SAM, office.now, note="called him")
    office.clock.advance_to(at("09:31"))
    office.poll()
    (alert,) = office.alerts()
    assert (alert.state, alert.acknowledged_by, alert.note) == (AlertState.ACKNOWLEDGED, "Sam", "called him")
