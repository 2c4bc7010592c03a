"""What is news and nothing else is over once somebody has taken note of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatchwatch.domain.alert import AlertKind, AlertState, Outcome
from dispatchwatch.domain.routing import Route
from tests.fakes.office import SAM, Office, at, minutes, visit

ROUTES = (Route(channels=("ops",), repeat=minutes(40)), Route(channels=("pager",), after=minutes(10)))
KINDS = (AlertKind.RESCHEDULED_SHORT_NOTICE, AlertKind.LATE_CHECK_IN)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """J-1042 was moved at short notice (alert 1); everything due was sent."""
    office = Office(tmp_path, at("07:00"), routes=ROUTES, kinds=KINDS)
    office.read(visit(start=at("09:50")))
    office.run_until(at("07:20"))
    office.read(visit(start=at("15:00")))
    office.run_until(at("07:22"))
    office.deliver()
    assert [alert.kind for alert in office.open_alerts()] == [AlertKind.RESCHEDULED_SHORT_NOTICE]
    return office


def test_acknowledging_news_ends_it(office: Office) -> None:
    (result,) = office.desk.acknowledge([1], SAM, office.now, reason="called_customer", note="told the foreman")
    assert result.done
    assert result.text.startswith("Acknowledged: The visit at Acme Foundry, Plant 4 was pushed out")
    (alert,) = office.alerts()
    assert (alert.state, alert.outcome, alert.resolution) == (
        AlertState.RESOLVED,
        Outcome.NOTED,
        "Sam took note: told the foreman",
    )
    assert (alert.acknowledged_by, alert.acknowledged_at) == ("Sam", office.now)
    assert (alert.reason, alert.note) == ("called_customer", "told the foreman")
    assert (alert.resolved_by, alert.resolved_at) == ("Sam", office.now)


def test_a_channel_that_was_told_hears_one_message_with_who(office: Office) -> None:
    office.desk.acknowledge([1], SAM, office.now)
    assert [told for told in office.told("ops") if told[1] != "dropped"] == [("raise", "sent"), ("resolve", "waiting")]
    message = office.deliveries("ops")[-1].notification
    assert message.headline == "Resolved: J. Ortiz at Acme Foundry, Plant 4. Sam took note"
    assert message.by == "Sam"


def test_a_channel_that_was_not_told_yet_hears_nothing(office: Office) -> None:
    office.desk.acknowledge([1], SAM, office.now)
    assert office.told("pager") == [("raise", "dropped")]
    office.clock.advance(minutes(60))
    assert [one.operation.value for one in office.deliver()] == ["resolve"]


def test_both_are_in_the_trail(office: Office) -> None:
    office.desk.acknowledge([1], SAM, office.now, note="told the foreman")
    acknowledged, resolved = office.entries()[-2:]
    assert [(one["who"], one["origin"], one["action"], one["subject"]) for one in (acknowledged, resolved)] == [
        ("Sam", "desk", "acknowledged", "alert 1"),
        ("Sam", "desk", "resolved", "alert 1"),
    ]
    assert acknowledged["detail"] == {"reason": "", "note": "told the foreman"}
    assert resolved["detail"]["resolution"] == "Sam took note: told the foreman"


def test_it_never_comes_back_and_can_not_be_acknowledged_twice(office: Office) -> None:
    office.desk.acknowledge([1], SAM, office.now)
    office.catch_up()
    office.restart()
    office.run_until(at("12:00"))
    assert len(office.alerts()) == 1
    (result,) = office.desk.acknowledge([1], SAM, office.now)
    assert (result.done, result.text) == (False, "Alert 1 is already over: Sam took note.")


def test_other_alerts_only_get_somebody_who_is_on_it(office: Office) -> None:
    office.run_until(at("15:16"))
    office.deliver()
    late = office.open_alerts()[-1]
    assert late.kind is AlertKind.LATE_CHECK_IN
    office.desk.acknowledge([late.id], SAM, office.now)
    assert office.alerts()[-1].state is AlertState.ACKNOWLEDGED
    assert office.told("ops")[-1] == ("acknowledge", "waiting")
