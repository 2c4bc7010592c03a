"""Buttons that are pressed in Telegram: they are confirmed by asking on, and all chats of a bot are heard at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from dispatchwatch.app.ears import Ears
from dispatchwatch.domain.alert import AlertState
from tests.app.heard_there import ELSEWHERE, THERE, There, play
from tests.fakes.office import SAM, hours, minutes, visit
from tests.fakes.pretend.people import ANN, BO
from tests.fakes.pretend.service import Fault, Thing
from tests.fakes.pretend.telegram import CHAT, OTHER_CHAT, Telegram

OTHER = "other"
TWO_CHATS = ((OTHER, {"chat_id": str(OTHER_CHAT), "listen": False}),)


def bot(there: There) -> Telegram:
    assert isinstance(there.service, Telegram)
    return there.service


def message(there: There, chat: int) -> Thing:
    (found,) = [one for one in bot(there).things.values() if one.id.startswith(f"{chat}/")]
    return found


def test_a_press_is_confirmed_once_it_is_done_here(tmp_path: Path) -> None:
    async def step(there: There) -> None:
        there.does("acknowledged")
        bot(there).faults = {len(bot(there).asked) + 1: Fault.HALF}
        assert await there.ask() == 30.0
        assert len(bot(there).updates) == 1
        await there.listen()
        assert there.alert().acknowledged_by == "Ann Lee"
        assert len(bot(there).updates) == 1
        await there.listen()
        assert bot(there).updates == []
        assert bot(there).said == ["Acknowledged by Ann Lee."]
        assert bot(there).unanswered == {}

    play(tmp_path, "telegram", step)


def test_a_press_that_was_done_but_not_confirmed_when_the_program_ended_is_no_second_one(tmp_path: Path) -> None:
    async def step(there: There) -> None:
        there.does("acknowledged")
        await there.listen()
        there.begin_to_listen()
        await there.listen()
        assert bot(there).updates == []
        assert len(there.office.entries("acknowledged")) == 1
        assert there.told() == ["raise"]

    play(tmp_path, "telegram", step)


def test_who_presses_second_did_not_acknowledge(tmp_path: Path) -> None:
    async def step(there: There) -> None:
        there.does("acknowledged", ANN)
        there.does("acknowledged", BO)
        await there.listen()
        there.does("acknowledged", BO)
        await there.listen()
        assert there.alert().acknowledged_by == "Ann Lee"
        assert len(there.office.entries("acknowledged")) == 1
        assert there.told(ELSEWHERE) == ["raise", "acknowledge"]

    play(tmp_path, "telegram", step)


def test_a_button_below_what_is_over_is_answered_so(tmp_path: Path) -> None:
    async def step(there: There) -> None:
        await there.room.perform(lambda desk, now: desk.resolve([1], SAM, now))
        there.does("acknowledged")
        await there.listen()
        assert bot(there).said == ["This alert is over, or not known any more."]
        assert there.office.entries("acknowledged") == []

    play(tmp_path, "telegram", step)


def test_numbers_that_begin_anew_after_a_quiet_week_are_heard(tmp_path: Path) -> None:
    async def step(there: There) -> None:
        there.does("acknowledged")
        await there.listen()
        await there.listen()
        there.office.clock.advance(timedelta(days=8))
        bot(there).next_update = 1_000
        there.office.read(visit("J-2", start=there.office.now - hours(1)))
        await there.deliver()
        there.does("acknowledged", BO, job="J-2")
        await there.listen()
        assert there.alert("J-2").acknowledged_by == "Bo Diaz"

    play(tmp_path, "telegram", step)


def test_both_chats_of_a_bot_are_heard_by_one_ear_and_each_is_told_of_the_other(tmp_path: Path) -> None:
    """The messages have the same number in both. The second channel does not listen by itself, and is heard too."""

    async def step(there: There) -> None:
        ears = Ears(there.channels, there.office.store, there.office.clock, lambda: 0.0, lambda _: there.senders[0])
        assert [ear.name for ear in ears.all] == [f"{THERE}, {OTHER}"]
        (there.ear,) = ears.all
        mine, other = message(there, CHAT), message(there, OTHER_CHAT)
        assert mine.id.partition("/")[2] == other.id.partition("/")[2]
        bot(there).done_by(ANN, other, "acknowledged")
        await there.listen()
        assert there.alert().acknowledged_by == "Ann Lee"
        await there.deliver()
        assert (there.told(THERE), there.told(OTHER)) == (["raise", "acknowledge"], ["raise"])
        assert "callback_data" not in str(mine.fields["buttons"])
        await there.listen()
        await there.deliver()
        assert (there.told(THERE), there.told(OTHER)) == (["raise", "acknowledge"], ["raise"])
        assert bot(there).updates == []

    play(tmp_path, "telegram", step, also=TWO_CHATS)


def test_a_press_in_each_chat_before_anybody_asked_is_two_presses_and_one_acknowledgement(tmp_path: Path) -> None:
    async def step(there: There) -> None:
        for person, thing in ((BO, message(there, OTHER_CHAT)), (ANN, message(there, CHAT))):
            bot(there).done_by(person, thing, "acknowledged")
        await there.listen()
        await there.deliver()
        assert there.alert().acknowledged_by == "Bo Diaz"
        assert len(bot(there).said) == 2
        assert there.told(OTHER) == ["raise"]
        assert there.alert().state is AlertState.ACKNOWLEDGED
        there.office.run(minutes(1))
        await there.listen()
        assert len(there.office.entries("acknowledged")) == 1

    play(tmp_path, "telegram", step, also=TWO_CHATS)
