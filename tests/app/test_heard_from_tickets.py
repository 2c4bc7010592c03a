"""What is peculiar to single ticket systems while it is listened to what people do there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from dispatchwatch.domain.alert import AlertState
from tests.app.heard_there import There, play
from tests.fakes.office import SAM, minutes, visit
from tests.fakes.pretend.freshdesk import Freshdesk
from tests.fakes.pretend.people import ANN, BO, US
from tests.fakes.pretend.zendesk import Zendesk


def _zendesk(there: There) -> Zendesk:
    assert isinstance(there.service, Zendesk)
    return there.service


def test_a_rule_that_assigns_a_zendesk_ticket_takes_nothing_on(tmp_path: Path) -> None:
    async def step(there: There) -> None:
        _zendesk(there).assigned_by_rule(ANN, there.thing())
        await there.listen()
        there.office.run(minutes(10))
        await there.deliver()
        await there.listen()
        assert there.alert().state is AlertState.OPEN
        there.does("acknowledged")
        await there.listen()
        assert (there.alert().state, there.alert().acknowledged_by) == (AlertState.ACKNOWLEDGED, "Ann Lee")

    play(tmp_path, "zendesk", step)


def test_who_gives_a_zendesk_ticket_to_somebody_else_takes_nothing_on(tmp_path: Path) -> None:
    """What a rule does looks the same as what a colleague does for another, who may be asleep."""

    async def step(there: There) -> None:
        there.does("acknowledged", BO)
        there.thing().fields["assignee_id"] = int(ANN.number)
        await there.listen()
        assert there.alert().state is AlertState.OPEN
        there.thing().fields["status"] = "pending"
        await there.listen()
        assert there.alert().acknowledged_by == "Ann Lee"

    play(tmp_path, "zendesk", step)


def test_the_desk_may_take_on_what_a_rule_assigned_in_zendesk(tmp_path: Path) -> None:
    async def step(there: There) -> None:
        _zendesk(there).assigned_by_rule(ANN, there.thing())
        await there.room.perform(lambda desk, now: desk.acknowledge([1], SAM, now))
        await there.deliver()
        there.does("acknowledged")
        await there.listen()
        assert there.alert().acknowledged_by == "Sam"
        assert there.told() == ["raise", "acknowledge"]

    play(tmp_path, "zendesk", step)


def _freshdesk(there: There) -> Freshdesk:
    assert isinstance(there.service, Freshdesk)
    return there.service


def _others(there: There, count: int, before: timedelta) -> None:
    """Tickets that are none of ours, which somebody worked on one by one, a minute after another, until then."""
    for number in range(count):
        other = _freshdesk(there).add(str(number), {"status": 3, "priority": 1, "subject": "Printer"}, "Printer")
        _freshdesk(there).moves[other.id] = BO, there.office.now - before - minutes(count - number)


def test_what_others_did_in_freshdesk_while_we_had_nothing_there_holds_nothing_up(tmp_path: Path) -> None:
    async def step(there: There) -> None:
        there.does("resolved")
        await there.listen()
        there.office.run(minutes(10))
        there.office.clock.advance(timedelta(hours=14))
        _others(there, 400, minutes(61))
        there.office.read(visit("J-2", start=there.office.now - minutes(30)))
        await there.deliver()
        there.does("acknowledged", job="J-2")
        await there.listen()
        assert there.alert("J-2").acknowledged_by == "Ann Lee"

    play(tmp_path, "freshdesk", step)


def test_what_pagerduty_ends_by_itself_is_nobody_s_deed(tmp_path: Path) -> None:
    """Nobody looked at an incident that timed out: the alert stands."""

    async def step(there: There) -> None:
        there.does("resolved", US)
        await there.listen()
        assert there.alert().state is AlertState.OPEN

    play(tmp_path, "pagerduty", step)
