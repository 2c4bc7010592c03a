"""A visit that its source deletes and makes anew goes on under its new id, with all that was known of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.deeds import Actor
from dispatchwatch.domain.alert import AlertKind, AlertState
from dispatchwatch.domain.visit import Status, Visit
from dispatchwatch.store.database import StoreError
from tests.fakes.office import ALL_KINDS, Office, at, key, minutes, visit

SAM = Actor("Sam", "desk")
OTHER = visit("J-9", start=at("16:00"))


def due(ext_id: str = "J-1", **more: Any) -> Visit:
    return replace(visit(ext_id, start=at("10:00"), order_ref="WO-7"), **more)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path, at("09:00"), kinds=ALL_KINDS) as office:
        office.read(due(), OTHER)
        yield office


def late(office: Office) -> list[tuple[int, str, AlertState]]:
    return [(one.id, one.ext_id, one.state) for one in office.alerts() if one.kind is AlertKind.LATE_CHECK_IN]


def test_what_is_late_stays_late_once_and_is_told_once(office: Office) -> None:
    office.run_until(at("10:20"))
    office.says(due("J-77"), OTHER)
    office.run_until(at("10:35"))
    assert late(office) == [(1, "J-77", AlertState.OPEN)]
    assert [toast.alert_ids for toast in office.toasts] == [(1,)]
    assert [alert.kind for alert in office.alerts()] == [AlertKind.LATE_CHECK_IN]


def test_the_arrival_under_the_new_id_ends_the_alert(office: Office) -> None:
    office.run_until(at("10:20"))
    office.read(due("J-77", status=Status.ARRIVED, arrived_at=at("10:19")), OTHER)
    assert late(office) == [(1, "J-77", AlertState.RESOLVED)]


def test_an_acknowledgement_stays(office: Office) -> None:
    office.run_until(at("10:20"))
    office.desk.acknowledge([1], SAM, office.now)
    office.catch_up()
    office.says(due("J-77"), OTHER)
    office.run_until(at("10:40"))
    assert late(office) == [(1, "J-77", AlertState.ACKNOWLEDGED)]


def test_what_the_desk_said_stays(office: Office) -> None:
    office.run_until(at("10:05"))
    assert office.desk.check_in(key("J-1"), at("10:01"), SAM, office.now).done
    office.catch_up()
    office.says(due("J-77"), OTHER)
    office.run_until(at("10:40"))
    assert office.alerts() == []
    assert office.watched("J-77").visit.arrived_at == at("10:01")


def test_its_past_goes_with_it_also_over_a_restart(office: Office) -> None:
    office.read(due(sched_start=at("10:10")), OTHER)
    before = office.watched("J-1")
    office.read(due("J-77", sched_start=at("10:10")), OTHER)
    office.restart()
    after = office.watched("J-77")
    assert (after.moves, after.first_seen_at, after.first_start) == (before.moves, before.first_seen_at, at("10:00"))
    assert key("J-1") not in office.watch.visits
    changes = [change.changes for change in office.store.schedules.history(key("J-77"))]
    assert changes[-1] == {"ext_id": ("J-1", "J-77")}
    assert "sched_start" in changes[0]
    (entry,) = office.entries("visit_renumbered")
    assert (entry["subject"], entry["detail"]) == ("visit today/J-77", {"before": "J-1"})


def test_an_alert_that_was_over_does_not_come_again_under_the_new_id(office: Office) -> None:
    office.run_until(at("10:20"))
    office.desk.resolve([1], SAM, office.now)
    office.catch_up()
    office.says(due("J-77"), OTHER)
    office.run_until(at("10:40"))
    assert late(office) == [(1, "J-77", AlertState.RESOLVED)]


@pytest.mark.parametrize(
    "told",
    [
        (due("J-77", sched_start=at("13:00")),),
        (due("J-77", order_ref="WO-8"),),
        (due("J-77"), due("J-78")),
        (due("J-77"), due()),
    ],
    ids=["another time", "another order", "two to choose from", "the old one is still there"],
)
def test_what_is_not_sure_is_not_guessed(office: Office, told: tuple[Visit, ...]) -> None:
    office.read(*told, OTHER)
    assert key("J-1") in office.watch.visits
    assert office.entries("visit_renumbered") == []


def test_what_could_not_be_written_down_did_not_happen(office: Office) -> None:
    office.run_until(at("10:20"))

    def fail(*_: object) -> None:
        raise StoreError("the disk is full")

    written, office.store.alerts.rename = office.store.alerts.rename, fail  # type: ignore[method-assign, assignment]
    with pytest.raises(StoreError):
        office.read(due("J-77"), OTHER)
    office.store.alerts.rename = written  # type: ignore[method-assign]
    assert key("J-77") not in office.watch.visits
    assert [alert.ext_id for alert in office.watch.open_alerts.values()] == ["J-1"]
    office.clock.advance(minutes(1))
    office.poll()
    assert late(office) == [(1, "J-77", AlertState.OPEN)]
