"""The desk of another process: a command line acts on the same database while the engine watches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatchwatch.app.deeds import Actor
from dispatchwatch.domain.routing import Route
from tests.fakes.office import Office, at, key, minutes, visit

ROUTES = (Route(channels=("ops",)), Route(channels=("pager",), after=minutes(10)))
KIM = Actor("Kim", "command")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Two late visits (alerts 1 and 2); everything due was sent."""
    office = Office(tmp_path, at("09:00"), routes=ROUTES)
    office.read(visit("A", start=at("09:00")), visit("B", start=at("09:00")))
    office.run_until(at("09:16"))
    office.deliver()
    return office


@pytest.fixture
def command(office: Office) -> Iterator[Office]:
    """The same database under another connection."""
    with Office(office.path.parent, office.now, routes=ROUTES) as command:
        yield command


def test_a_deed_is_heard_at_the_next_catch_up(office: Office, command: Office) -> None:
    command.desk.check_in(key("A"), at("09:12"), KIM, office.now)
    command.desk.acknowledge([2], KIM, office.now)
    changed = office.watch.reload()
    assert {(alert.id, alert.state.value) for alert in changed} == {(1, "resolved"), (2, "acknowledged")}
    assert office.watched("A").visit.arrived_at == at("09:12")
    assert office.watch.reload() == ()
    assert office.store.audit.verify()[1] is None


def test_a_snooze_in_the_second_before_it_worsens_is_kept(office: Office, command: Office) -> None:
    """The engine looks before it has heard of the snooze."""
    command.desk.snooze([1], KIM, office.now, until=at("11:00"))
    office.clock.advance_to(at("09:46"))
    office.poll()
    assert [alert.severity.value for alert in office.alerts()] == ["high", "high"]
    assert office.alerts()[0].snoozed_until == at("11:00")


def test_an_acknowledgement_in_the_second_before_it_worsens_is_kept_and_it_worsens_next_time(
    office: Office, command: Office
) -> None:
    command.desk.acknowledge([1], KIM, office.now, note="on it")
    office.clock.advance_to(at("09:46"))
    office.poll()
    assert [alert.severity.value for alert in office.alerts()] == ["warning", "high"]
    office.catch_up()
    assert [(alert.severity.value, alert.note) for alert in office.alerts()] == [("high", "on it"), ("high", "")]


def test_both_desks_at_once_are_told_apart_by_who_was_first(office: Office, command: Office) -> None:
    (first,) = command.desk.acknowledge([1], KIM, office.now)
    (second,) = office.desk.acknowledge([1], Actor("Sam", "desk"), office.now)
    assert (first.done, second.done) == (True, False)
    assert second.text == "Already acknowledged by Kim."
    assert len(office.entries("acknowledged")) == 1
