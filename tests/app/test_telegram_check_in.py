"""Check-in by Telegram: what messages mean, who is believed, and asking a server that behaves like Telegram's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.app.inbound_config import TelegramCheckInConfig
from dispatchwatch.app.telegram_asking import TelegramAsker
from dispatchwatch.app.telegram_check_in import (
    STRANGER,
    WRONG_CODE,
    Message,
    Reply,
    TelegramCheckIns,
    message_of,
)
from dispatchwatch.domain.check_in import Person
from dispatchwatch.domain.visit import Status
from tests.fakes.clock import ManualClock
from tests.fakes.office import LEE, ORTIZ, Office, at, hours, minutes, visit
from tests.fakes.receiver import Answer, Received, Receiver

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
ANA = 4711
JO = Person(ORTIZ.identity, ORTIZ.name)


class MemoryBook:
    """What a test remembers of chats."""

    def __init__(self) -> None:
        self.updates: set[int] = set()
        self.people: dict[int, Person] = {}
        self.codes: dict[str, tuple[Person, datetime]] = {}

    def known(self, update: int) -> bool:
        return update in self.updates

    def remember(self, update: int, now: datetime) -> None:  # noqa: ARG002
        self.updates.add(update)

    def person(self, chat: int) -> Person | None:
        return self.people.get(chat)

    def add_code(self, digest: str, person: Person, until: datetime) -> None:
        self.codes[digest] = (person, until)

    def redeem(self, digest: str, now: datetime) -> Person | None:
        person, until = self.codes.pop(digest, (None, now))
        return person if until > now else None

    def link(self, chat: int, person: Person, now: datetime) -> None:  # noqa: ARG002
        self.people[chat] = person

    def unlink(self, chat: int) -> None:
        self.people.pop(chat, None)


class Bot:
    """The bot of an office whose J. Ortiz has J-1042 at 09:50 and J-1050 at 15:00, and M. Lee J-1060."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.book = MemoryBook()
        self.book.people[ANA] = JO
        self.bot = TelegramCheckIns(self.book, self._visits, office.clock.steady)
        self.number = 100

    def _visits(self) -> list[Any]:
        return [watched.visit for watched in self.office.watch.visits.values()]

    def hears(self, text: str, chat: int = ANA, *, sent: datetime | None = None, number: int = 0) -> Reply | None:
        self.number += 1
        message = Message(number or self.number, chat, text, sent or self.office.now)
        reply = self.bot.answer(message, self.office.desk, self.office.now)
        self.office.catch_up()
        return reply

    def says(self, text: str, chat: int = ANA, **more: Any) -> str:
        reply = self.hears(text, chat, **more)
        assert reply is not None
        assert reply.chat == chat
        return reply.text


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path, at("09:40")) as office:
        lees = visit("J-1060", technicians=(LEE,))
        office.read(visit(order_ref="WO-7"), visit("J-1050", start=at("15:00")), lees)
        yield office


@pytest.fixture
def bot(office: Office) -> Bot:
    return Bot(office)


@pytest.mark.parametrize("text", ["/arrived J-1042", "arrived j-1042", "/Arrived@OfficeBot  J-1042 ", "/arrived WO-7"])
def test_an_arrival_is_entered(bot: Bot, office: Office, text: str) -> None:
    assert bot.says(text) == "J-1042: J. Ortiz checked in at 09:40 CST."
    assert office.watched().visit.arrived_at == at("09:40")
    entry = office.entries("check_in")[-1]
    assert (entry["who"], entry["origin"]) == ("J. Ortiz", "Telegram")


def test_an_arrival_counts_from_when_it_was_sent(bot: Bot, office: Office) -> None:
    office.clock.advance_to(at("10:30"))
    bot.says("/arrived J-1042", sent=at("09:48"))
    assert office.watched().visit.arrived_at == at("09:48")


def test_a_clock_ahead_of_ours_is_not_believed(bot: Bot, office: Office) -> None:
    bot.says("/arrived J-1042", sent=at("09:55"))
    assert office.watched().visit.arrived_at == at("09:40")


def test_without_a_visit_the_bot_asks_which(bot: Bot) -> None:
    reply = bot.hears("/arrived")
    assert reply == Reply(
        ANA,
        "Which one?\n09:50 CST J-1042 Acme Foundry, Plant 4\n15:00 CST J-1050 Acme Foundry, Plant 4",
        ("/arrived J-1042", "/arrived J-1050"),
    )
    bot.hears("/arrived J-1042")
    assert bot.says("/arrived") == "J-1050: J. Ortiz checked in at 09:40 CST."
    assert bot.says("/arrived") == "You have no visit that could be meant. Call the office."


def test_another_technicians_visit_is_not_shown_and_not_touched(bot: Bot, office: Office) -> None:
    text = bot.says("/arrived J-1060")
    assert text.startswith("J-1060 is not one of your visits today.")
    assert office.watched("J-1060").visit.status is Status.SCHEDULED
    assert "J-1060" not in bot.says("/visits")


def test_a_visit_of_another_day_is_not_meant(bot: Bot, office: Office) -> None:
    office.clock.set_wall(at("2026-11-11 09:00"))
    assert "not one of your visits" in bot.says("/arrived J-1042") or "no visit that could" in bot.says(
        "/arrived J-1042"
    )
    assert not office.watched().visit.checked_in


def test_arriving_twice_is_arriving_once(bot: Bot, office: Office) -> None:
    bot.says("/arrived J-1042")
    before = office.contents()
    office.clock.advance(minutes(5))
    assert bot.says("/arrived J-1042") == "J-1042: you are checked in since 09:40 CST."
    assert len(office.entries("check_in")) == 1
    assert office.contents() == before


def test_the_same_update_is_answered_once(bot: Bot, office: Office) -> None:
    assert bot.hears("/arrived J-1042", number=7)
    assert bot.hears("/arrived J-1050", number=7) is None
    assert not office.watched("J-1050").visit.checked_in
    assert bot.hears("/arrived J-1050", number=3)


def test_an_update_from_days_ago_says_nothing(bot: Bot, office: Office) -> None:
    assert bot.hears("/arrived J-1042", sent=office.now - hours(25)) is None


def test_an_expected_arrival_is_entered(bot: Bot, office: Office) -> None:
    assert bot.says("/eta 30 J-1042") == "J-1042: expected at 10:10 CST."
    assert office.watched().visit.eta == at("10:10")


@pytest.mark.parametrize("text", ["/eta", "/eta soon", "/eta 0", "/eta 601", "/eta -5", "/eta ²"])
def test_an_eta_needs_minutes(bot: Bot, text: str) -> None:
    assert bot.says(text) == "Write /eta and the minutes until you are there, such as /eta 30."


def test_what_the_desk_refuses_is_said(bot: Bot, office: Office) -> None:
    office.read(visit(status=Status.CANCELLED), visit("J-1050", start=at("15:00")))
    assert bot.says("/arrived J-1042").startswith("That was not recorded. J-1042 is cancelled")


@pytest.mark.parametrize("text", ["hello", "/help", "", "🙂", "/arrivedJ-1042"])
def test_what_is_not_understood_gets_help(bot: Bot, text: str) -> None:
    assert "Write /arrived when you are there" in bot.says(text)


def test_a_stranger_is_refused_once_and_learns_nothing(bot: Bot, office: Office) -> None:
    before = office.contents()
    assert bot.hears("/arrived J-1042", chat=666) == Reply(666, STRANGER)
    assert bot.hears("/visits", chat=666) is None
    assert office.contents() == before
    office.clock.advance(minutes(10))
    assert bot.hears("/visits", chat=666) == Reply(666, STRANGER)


def test_a_code_makes_a_chat_known_once(bot: Bot, office: Office) -> None:
    code = bot.bot.code(Person(LEE.identity, LEE.name), office.now)
    assert code.replace("-", "") not in repr(bot.book.codes)
    assert bot.says(f"/start {code.lower()}", chat=5).startswith("Hello M. Lee, this chat is now known")
    assert bot.says("/arrived J-1060", chat=5) == "J-1060: M. Lee checked in at 09:40 CST."
    assert bot.says(f"/start {code}", chat=6) == WRONG_CODE
    assert bot.says("/stop", chat=5).endswith("Goodbye.")
    assert bot.says("/visits", chat=5) == STRANGER


def test_a_code_lives_a_day(bot: Bot, office: Office) -> None:
    code = bot.bot.code(JO, office.now)
    office.clock.advance(hours(24))
    assert bot.says(f"/start {code}", chat=5) == WRONG_CODE


def test_codes_cannot_be_tried_out(bot: Bot, office: Office) -> None:
    answers = [bot.hears(f"/start {n}", chat=5) for n in range(6)]
    assert answers == [Reply(5, WRONG_CODE)] * 5 + [None]
    for chat in range(1000, 1100):
        bot.hears("/start x", chat=chat)
    code = bot.bot.code(JO, office.now)
    assert bot.hears(f"/start {code}", chat=7) is None
    office.clock.advance(hours(1))
    assert bot.hears(f"/start {code}", chat=7) is not None


def test_a_chat_that_floods_is_not_answered(bot: Bot) -> None:
    replies = [bot.hears("/help") for _ in range(31)]
    assert replies.count(None) == 1


def update(number: int = 1, text: str = "/arrived J-1042", **more: Any) -> dict[str, Any]:
    message = {
        "message_id": 1,
        "from": {"id": ANA, "is_bot": False, "first_name": "J"},
        "chat": {"id": ANA, "type": "private", "first_name": "J"},
        "date": int(at("09:40").timestamp()),
        "text": text,
    }
    return {"update_id": number, "message": {**message, **more}}


def test_a_message_is_read() -> None:
    assert message_of(update(9, "hi")) == Message(9, ANA, "hi", at("09:40"))


@pytest.mark.parametrize(
    "more",
    [
        {"chat": {"id": -100, "type": "supergroup"}},
        {"from": {"id": 1, "is_bot": True}},
        {"text": None},
        {"date": 10**20},
        {"chat": None},
    ],
)
def test_what_is_no_private_text_is_none(more: dict[str, Any]) -> None:
    assert message_of(update(**more)) is None


@settings(max_examples=50, derandomize=True)
@given(
    raw=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["message", "chat", "from", "text", "date", "update_id"]), inner, max_size=4
            )
        ),
        max_leaves=8,
    )
)
def test_anything_is_a_message_or_none(raw: Any) -> None:
    found = message_of(raw)
    assert found is None or found.at.tzinfo is UTC


# Asking, over a real connection


class Telegram:
    """A server that hands out `updates` from the offset on, as Telegram does, and notes what is sent."""

    def __init__(self, *updates: Any) -> None:
        self.updates = list(updates)
        self.asked: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.refusal: Answer | None = None
        self.receiver = Receiver()
        self.receiver.script("*", self._answer)

    def _answer(self, received: Received) -> Answer:
        assert received.path.startswith(f"/bot{TOKEN}/")
        told = received.json
        if self.refusal:
            return self.refusal
        if received.path.endswith("/sendMessage"):
            self.sent.append(told)
            return Answer(body={"ok": True, "result": {"message_id": len(self.sent)}})
        self.asked.append(told)
        offset = told.get("offset", 0)
        left = [one for one in self.updates if not isinstance(one, dict) or one.get("update_id", 0) >= offset]
        return Answer(body={"ok": True, "result": left})


class Asking:
    def __init__(self, telegram: Telegram) -> None:
        self.clock = ManualClock(at("09:40"))
        self.taken: list[Message] = []
        self.troubles: list[str] = []
        self.others: list[Any] = []
        self.fault: Exception | None = None
        self.asker = TelegramAsker(
            TelegramCheckInConfig.model_validate({"token": TOKEN, "base_url": telegram.receiver.url}),
            self.take,
            trouble=self.troubles.append,
            others=self.hand_on,
            wait=0,
            steady=self.clock.steady,
        )

    def hand_on(self, update: Any) -> None:
        self.others.append(update)

    def take(self, message: Message) -> Reply | None:
        if self.fault:
            raise self.fault
        self.taken.append(message)
        return Reply(message.chat, f"heard {message.text}", ("/visits",))


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    telegram = Telegram()
    try:
        yield telegram
    finally:
        telegram.receiver.close()


@pytest.fixture
def asking(telegram: Telegram) -> Asking:
    return Asking(telegram)


def test_messages_are_taken_answered_and_confirmed(telegram: Telegram, asking: Asking) -> None:
    telegram.updates = [update(5, "one"), update(6, "two")]
    assert asking.asker.ask() == 0
    assert asking.asker.ask() == 0
    assert [message.text for message in asking.taken] == ["one", "two"]
    assert [one["text"] for one in telegram.sent] == ["heard one", "heard two"]
    assert telegram.sent[0]["chat_id"] == ANA
    assert telegram.sent[0]["reply_markup"]["keyboard"] == [[{"text": "/visits"}]]
    assert [one.get("offset") for one in telegram.asked] == [None, 7]
    assert asking.troubles == []


def test_other_updates_are_handed_on_and_nonsense_is_passed_over(telegram: Telegram, asking: Asking) -> None:
    button = {"update_id": 5, "callback_query": {"data": "ack:7"}}
    telegram.updates = [button, "nonsense", {"no": "number"}, update(6)]
    asking.asker.ask()
    assert asking.others == [button]
    assert len(asking.taken) == 1


def test_a_message_that_cannot_be_taken_is_tried_again_and_holds_nothing_up_for_ever(
    telegram: Telegram, asking: Asking
) -> None:
    telegram.updates = [update(5, "one"), update(6, "two")]
    asking.fault = OSError("disk full")
    assert asking.asker.ask() == 5
    asking.fault = None
    assert asking.asker.ask() == 0
    assert [message.text for message in asking.taken] == ["one", "two"]
    telegram.updates = [update(7, "three"), update(8, "four")]
    asking.fault = ValueError("a fault of ours")
    assert [asking.asker.ask() for _ in range(3)] == [5, 10, 20]
    asking.fault = None
    asking.asker.ask()
    assert [message.text for message in asking.taken] == ["one", "two", "four"]


def test_numbers_may_begin_anew_after_a_quiet_week(telegram: Telegram, asking: Asking) -> None:
    telegram.updates = [update(900)]
    asking.asker.ask()
    telegram.updates = [update(12, "anew")]
    asking.clock.advance(timedelta(days=8))
    asking.asker.ask()
    assert asking.taken[-1].text == "anew"


@pytest.mark.parametrize(
    ("refusal", "rest", "said"),
    [
        (Answer(401, body={"ok": False, "error_code": 401}), 600, "does not know the bot’s token"),
        (Answer(409, body={"ok": False, "description": "terminated by other getUpdates request"}), 60, "end the other"),
        (Answer(429, body={"ok": False, "parameters": {"retry_after": 17}}), 17, "refuses (429)"),
        (Answer(502, body="<html>"), 5, "refuses (502)"),
        (Answer(200, body={"ok": False}), 5, "refuses (200)"),
        (Answer(200, body={"ok": True, "result": 7}), 5, "no list of messages"),
        (Answer(200, body="[" * 100_000), 5, "refuses (200)"),
    ],
)
def test_trouble_is_a_sentence_said_once(
    telegram: Telegram, asking: Asking, refusal: Answer, rest: float, said: str
) -> None:
    telegram.refusal = refusal
    assert asking.asker.ask() == rest
    asking.asker.ask()
    telegram.refusal = None
    assert asking.asker.ask() == 0
    first, last = asking.troubles
    assert said in first
    assert TOKEN not in first
    assert last == ""


def test_no_connection_is_trouble_too_and_never_shows_the_token(telegram: Telegram, asking: Asking) -> None:
    telegram.receiver.close()
    assert asking.asker.ask() == 5
    assert asking.asker.ask() == 10
    (said,) = asking.troubles
    assert said.startswith("Telegram: http://127.0.0.1")
    assert TOKEN not in said
    assert TOKEN not in repr(asking.asker.__dict__)
    telegram.receiver = Receiver()


def test_an_answer_that_does_not_go_out_costs_nothing(telegram: Telegram, asking: Asking) -> None:
    telegram.receiver.script(f"/bot{TOKEN}/sendMessage", Answer(403, body={"ok": False}))
    telegram.updates = [update(5)]
    assert asking.asker.ask() == 0
    assert len(asking.taken) == 1
    assert asking.troubles == []


def test_it_runs_until_told_to_stop(telegram: Telegram, asking: Asking) -> None:
    stop = threading.Event()
    telegram.updates = [update(5)]
    thread = threading.Thread(target=asking.asker.run, args=(stop,))
    thread.start()
    telegram.receiver.wait_for(3)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert len(asking.taken) == 1
