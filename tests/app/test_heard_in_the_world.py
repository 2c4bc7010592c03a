"""What people do over there to our alerts, heard from the pretended services themselves: whole lives, and with all that
goes wrong while it is listened to."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatchwatch.domain.alert import AlertKind, AlertState
from tests.app.heard_there import ELSEWHERE, There, play
from tests.fakes.office import SAM, minutes, visit
from tests.fakes.pretend.people import ANN
from tests.fakes.pretend.service import Fault

ANSWER = {
    "pagerduty": (ANN.name, ANN.name),
    "servicenow": (ANN.name, ANN.name),
    "zendesk": (ANN.name, ANN.name),
    "salesforce": (ANN.name, ANN.name),
    "freshdesk": (ANN.name, ANN.name),
    "telegram": (ANN.name, ""),
    "asana": ("Asana", ANN.name),
    "trello": (ANN.name, ANN.name),
    "monday": (ANN.name, ANN.name),
    "hubspot": (ANN.name, ANN.name),
    "zoho": (ANN.name, ANN.name),
}
"""Those of the pretended services that answer what listening asks: who is said to have acknowledged and to have ended
it, when Ann Lee did. The platform where the vendor does not tell; nobody where it can't be ended over there."""
ENDED_THERE = tuple(key for key, (_, ends) in ANSWER.items() if ends)
TOKENS_ARE_RENEWED = frozenset({"servicenow", "zendesk", "salesforce", "zoho"})
FAULTS = (
    Fault.ERROR, Fault.AWAY, Fault.BUSY, Fault.HANG, Fault.RESET, Fault.HALF, Fault.DROPPED, Fault.LATE_ERROR,
    Fault.EXPIRED,
)  # fmt: skip
MOST_REQUESTS = 12
"""More than any of them needs to hear of that many tickets."""


@pytest.mark.parametrize("key", ANSWER)
def test_who_takes_a_ticket_on_and_closes_it_there_did_so_here(tmp_path: Path, key: str) -> None:
    takes, ends = ANSWER[key]

    async def step(there: There) -> None:
        await there.listen()
        assert there.alert().state is AlertState.OPEN
        there.does("acknowledged")
        await there.listen()
        assert (there.alert().state, there.alert().acknowledged_by) == (AlertState.ACKNOWLEDGED, takes)
        await _is_no_news(there)
        if ends:
            there.does("resolved")
            await there.listen()
            assert there.alert().resolved_by == ends
        else:
            there.office.read(visit(arrived_at=there.office.now))
        assert there.alert().state is AlertState.RESOLVED
        await there.deliver()
        await _is_no_news(there)
        assert there.told() == (["raise"] if ends else ["raise", "resolve"])
        assert there.told(ELSEWHERE) == ["raise", "acknowledge", "resolve"]

    play(tmp_path, key, step)


async def _is_no_news(there: There) -> None:
    """Nobody did anything since: hearing it again and again changes nothing, and nobody is told anything."""
    await there.deliver()
    before = there.deeds()
    for _ in range(3):
        await there.listen()
        await there.deliver()
    assert there.deeds() == before


@pytest.mark.parametrize("key", ENDED_THERE)
def test_what_is_closed_there_without_a_word_is_over_here(tmp_path: Path, key: str) -> None:
    async def step(there: There) -> None:
        there.does("resolved")
        await there.listen()
        assert there.alert().state is AlertState.RESOLVED
        await _is_no_news(there)
        assert there.told() == ["raise"]
        assert there.told(ELSEWHERE) == ["raise", "resolve"]

    play(tmp_path, key, step)


@pytest.mark.parametrize("key", ANSWER)
def test_what_gets_worse_is_not_acknowledged_by_who_took_on_what_was_before(tmp_path: Path, key: str) -> None:
    """The ticket stands as taken all the time, and that is news once."""

    async def step(there: There) -> None:
        there.does("acknowledged")
        await there.listen()
        there.office.run(minutes(60))
        await there.deliver()
        await there.listen()
        (no_show,) = there.office.open_alerts()
        assert no_show.kind is AlertKind.TECH_NO_SHOW
        assert no_show.state is AlertState.OPEN
        there.does("resolved" if ANSWER[key][1] else "acknowledged")
        await there.listen()
        assert [one for one in there.office.open_alerts() if one.state is AlertState.OPEN] == []

    play(tmp_path, key, step)


@pytest.mark.parametrize("key", ANSWER)
def test_what_the_desk_does_is_not_taken_for_theirs(tmp_path: Path, key: str) -> None:
    async def step(there: There) -> None:
        office = there.office
        await there.room.perform(lambda desk, now: desk.acknowledge([1], SAM, now))
        await there.deliver()
        await _is_no_news(there)
        office.run(minutes(1))
        await there.room.perform(lambda desk, now: desk.resolve([1], SAM, now))
        await there.deliver()
        await _is_no_news(there)
        assert (there.alert().acknowledged_by, there.alert().resolved_by) == ("Sam", "Sam")
        assert there.told() == ["raise", "acknowledge", "resolve"]

    play(tmp_path, key, step)


@pytest.mark.parametrize("key", ANSWER)
def test_what_the_desk_ends_after_they_took_it_on_was_ended_by_the_desk(tmp_path: Path, key: str) -> None:
    async def step(there: There) -> None:
        there.does("acknowledged")
        await there.listen()
        there.office.run(minutes(1))
        await there.room.perform(lambda desk, now: desk.resolve([1], SAM, now))
        await there.deliver()
        await _is_no_news(there)
        assert (there.alert().acknowledged_by, there.alert().resolved_by) == (ANSWER[key][0], "Sam")
        assert there.told() == ["raise", "resolve"]

    play(tmp_path, key, step)


@pytest.mark.parametrize("where", ["there", "at the desk"])
@pytest.mark.parametrize("key", ANSWER)
def test_what_follows_on_what_was_ended_is_not_over_because_that_was(tmp_path: Path, key: str, where: str) -> None:
    """That the ticket of what was before is over is no word about what came after."""

    async def step(there: There) -> None:
        office = there.office
        if where == "there" and key in ENDED_THERE:
            there.does("resolved")
        else:
            await there.room.perform(lambda desk, now: desk.resolve([1], SAM, now))
            await there.deliver()
        await there.listen()
        office.run(minutes(60))
        (no_show,) = office.open_alerts()
        await there.listen()
        await _is_no_news(there)
        assert office.open_alerts() == [no_show]
        there.does("acknowledged")
        await there.listen()
        assert [one.acknowledged_by for one in office.open_alerts()] == [ANSWER[key][0]]

    play(tmp_path, key, step)


@pytest.mark.parametrize("key", ANSWER)
def test_by_a_clock_that_is_behind_it_was_not_done_before(tmp_path: Path, key: str) -> None:
    async def step(there: There) -> None:
        there.does("acknowledged")
        await there.listen()
        assert there.alert().state is AlertState.ACKNOWLEDGED

    play(tmp_path, key, step, ahead=-minutes(20))


@pytest.mark.parametrize("key", ENDED_THERE)
def test_what_is_deleted_there_is_not_over(tmp_path: Path, key: str) -> None:
    async def step(there: There) -> None:
        there.service.lose_everything()
        await there.listen()
        assert there.alert().state is AlertState.OPEN

    play(tmp_path, key, step)


@pytest.mark.parametrize("key", ANSWER)
def test_whatever_goes_wrong_while_it_is_listened_to_it_is_heard_once(tmp_path: Path, key: str) -> None:
    """Every fault strikes every request that it takes to hear of one ticket."""
    jobs = [f"J-{number:03}" for number in range(len(FAULTS))]

    async def step(there: There) -> None:
        struck = 0
        for fault, job in zip(FAULTS, jobs, strict=True):
            for standing in ("acknowledged", "resolved") if ANSWER[key][1] else ("acknowledged",):
                there.does(standing, job=job)
                for number in range(1, MOST_REQUESTS):
                    there.service.faults = {len(there.service.asked) + number: fault}
                    rest = await there.ask()
                    if there.service.faults:
                        break
                    struck += 1
                    assert (rest is None) is (fault is Fault.EXPIRED and key not in TOKENS_ARE_RENEWED)
                    if rest is None:
                        there.begin_to_listen()
                else:
                    raise AssertionError("it never heard to the end")
                assert there.alert(job).state.value == standing
        assert struck >= len(FAULTS)
        _are_done_once(there, jobs, key)

    play(tmp_path, key, step, jobs=jobs)


def _are_done_once(there: There, jobs: list[str], key: str) -> None:
    for action, by in zip(("acknowledged", "resolved"), ANSWER[key], strict=True):
        entries = there.office.entries(action)
        assert len(entries) == len(jobs) * bool(by)
        assert {one["who"] for one in entries} <= {by}
    assert set(there.told()) == {"raise"}
    assert len(there.told(ELSEWHERE)) == len(jobs) * (3 if ANSWER[key][1] else 2)


@pytest.mark.parametrize("key", ANSWER)
def test_however_many_there_are_each_is_heard(tmp_path: Path, key: str) -> None:
    """More than are asked about at once, all done in the same second, and one question fails."""
    jobs = [f"J-{number:03}" for number in range(55)]

    async def step(there: There) -> None:
        for job in jobs:
            there.does("acknowledged", job=job)
        await there.ask()
        there.service.faults = {len(there.service.asked) + 1: Fault.ERROR}
        await there.ask()
        assert there.service.faults == {}
        for _ in range(6):
            await there.listen()
        assert [one.state for one in there.office.alerts()] == [AlertState.ACKNOWLEDGED] * len(jobs)
        assert len(there.office.entries("acknowledged")) == len(jobs)
        assert set(there.told()) == {"raise"}

    play(tmp_path, key, step, jobs=jobs)
