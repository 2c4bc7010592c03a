"""Check-in by a message to the office's Telegram bot: what a message says, and what is done and answered.

A technician's chat is made known once, by a code that the desk gives him. Anybody else gets a polite refusal and
nothing else. `telegram_asking.py` fetches the messages; facts of the Bot API: study/platforms-11-20.md, 2.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any, Protocol

from dispatchwatch.app.check_in_links import Entering, closes, opens
from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.app.inbound_rate import Rate
from dispatchwatch.domain.check_in import Person
from dispatchwatch.domain.visit import AWAITED, Visit
from dispatchwatch.domain.wording.plain import clock, place

ORIGIN = "Telegram"
CODE_LIVES = timedelta(days=1)
UPDATES_LIVE = timedelta(days=1)
"""Telegram keeps an update for at most 24 hours."""
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
COMMAND = re.compile(r"/?([a-z]+)(?:@\w+)?(?:\s+(.*))?", re.ASCII | re.IGNORECASE | re.DOTALL)
LONGEST_MESSAGE = 200
LONGEST_ETA = 600
MOST_BUTTONS = 8
STRANGER = "Hello. This bot belongs to a dispatch office and talks to its technicians only."
WRONG_CODE = "That code is not valid. Ask the office for a new one."
HELP = "Write /arrived when you are there, /eta 30 when you are 30 minutes away, or /visits to see your visits."


@dataclass(frozen=True, slots=True)
class Message:
    """A text from a private chat. `update` is Telegram's number of it, `at` when Telegram got it."""

    update: int
    chat: int
    text: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot answers; `buttons` are messages that can be sent with one touch."""

    chat: int
    text: str
    buttons: tuple[str, ...] = ()


class ChatBook(Protocol):
    """What is remembered of chats, on the engine's thread."""

    def known(self, update: int) -> bool:
        """Whether this update was dealt with. (That a number is higher than the last tells nothing: after a week
        without messages Telegram begins anew with any number.)"""
        ...

    def remember(self, update: int, now: datetime) -> None:
        """Keeps in mind for `UPDATES_LIVE`, and then some, that this update was dealt with."""
        ...

    def person(self, chat: int) -> Person | None: ...

    def add_code(self, digest: str, person: Person, until: datetime) -> None: ...

    def redeem(self, digest: str, now: datetime) -> Person | None:
        """Whose code this is; it is used up by asking."""
        ...

    def link(self, chat: int, person: Person, now: datetime) -> None: ...

    def unlink(self, chat: int) -> None: ...


def message_of(update: Any) -> Message | None:
    """The message in an update of getUpdates; None for everything else: groups, bots, pictures, edits."""
    try:
        message = update["message"]
        sender, chat = message["from"], message["chat"]
        if chat["type"] != "private" or sender["is_bot"] or type(message["text"]) is not str:
            return None
        at = datetime.fromtimestamp(int(message["date"]), UTC)
        return Message(int(update["update_id"]), int(chat["id"]), message["text"][:LONGEST_MESSAGE], at)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


class TelegramCheckIns:
    """Lives on the engine's thread. `visits` are those on the board now, each appointment once."""

    def __init__(
        self, book: ChatBook, visits: Callable[[], Iterable[Visit]], steady: Callable[[], float] = monotonic
    ) -> None:
        self._book = book
        self._visits = visits
        self._refusals = Rate(1, steady, within=600)
        self._tries = Rate(5, steady, within=3600)
        self._all_tries = Rate(50, steady, within=3600)
        self._messages = Rate(30, steady)

    def code(self, person: Person, now: datetime) -> str:
        """A code for a technician, to be sent to the bot within a day as `/start CODE`; it works once."""
        code = "".join(secrets.choice(ALPHABET) for _ in range(10))
        self._book.add_code(_digest(code), person, now + CODE_LIVES)
        return f"{code[:5]}-{code[5:]}"

    def answer(self, message: Message, desk: Entering, now: datetime) -> Reply | None:
        """Does what the message says and returns the answer to it; None where silence is the answer.

        The same update again changes nothing.
        """
        if self._book.known(message.update) or message.at < now - UPDATES_LIVE:
            return None
        reply = self._reply(message, desk, now)
        # Afterwards: should the program end in between, the update comes again, and every deed is done once only.
        self._book.remember(message.update, now)
        return reply

    def _reply(self, message: Message, desk: Entering, now: datetime) -> Reply | None:
        word, rest = _command(message.text)
        if word in {"start", "link"} and rest:
            return self._link(message.chat, rest, now)
        person = self._book.person(message.chat)
        if person is None:
            return Reply(message.chat, STRANGER) if self._refusals.allows(str(message.chat)) else None
        if not self._messages.allows(str(message.chat)):
            return None
        return self._done(message, person, word, rest, _Day(desk, now, min(message.at, now)))

    def _link(self, chat: int, told: str, now: datetime) -> Reply | None:
        if not (self._tries.allows(str(chat)) and self._all_tries.allows("")):
            return None
        code = "".join(one for one in told.upper() if one.isalnum())
        person = self._book.redeem(_digest(code), now)
        if person is None:
            return Reply(chat, WRONG_CODE)
        self._book.link(chat, person, now)
        return Reply(chat, f"Hello {person.name}, this chat is now known to the office. {HELP}", ("/visits",))

    def _done(self, message: Message, person: Person, word: str, rest: str, day: _Day) -> Reply:
        match word:
            case "arrived":
                return self._arrived(message.chat, person, rest, day)
            case "eta":
                return self._eta(message.chat, person, rest, day)
            case "visits":
                return _listed(message.chat, self._own(person, day), "Your visits today:")
            case "stop":
                self._book.unlink(message.chat)
                return Reply(message.chat, "The office no longer knows this chat. Goodbye.")
            case _:
                return Reply(message.chat, HELP, ("/visits",))

    def _arrived(self, chat: int, person: Person, job: str, day: _Day) -> Reply:
        meant = self._meant(chat, person, job, day, "/arrived")
        if isinstance(meant, Reply):
            return meant
        if meant.checked_in:
            since = f" since {clock(meant.checked_in_at, meant.site.timezone)}" if meant.checked_in_at else ""
            return Reply(chat, f"{meant.ext_id}: you are checked in{since}.")
        return _told(chat, day.desk.check_in(meant.key, day.at, Actor(person.name, ORIGIN), day.now))

    def _eta(self, chat: int, person: Person, rest: str, day: _Day) -> Reply:
        minutes, _, job = rest.partition(" ")
        if not minutes.isdecimal() or not 0 < int(minutes[:5]) <= LONGEST_ETA:
            return Reply(chat, "Write /eta and the minutes until you are there, such as /eta 30.")
        meant = self._meant(chat, person, job.strip(), day, f"/eta {minutes}")
        if isinstance(meant, Reply):
            return meant
        expected = day.at + timedelta(minutes=int(minutes))
        return _told(chat, day.desk.eta(meant.key, expected, Actor(person.name, ORIGIN), day.now))

    def _meant(self, chat: int, person: Person, job: str, day: _Day, command: str) -> Visit | Reply:
        """The one visit that is meant, or the question which."""
        own = self._own(person, day)
        if job:
            named = [one for one in own if job.casefold() in {one.ext_id.casefold(), one.order_ref.casefold()}]
            if len(named) == 1:
                return named[0]
            return _listed(chat, own, f"{job} is not one of your visits today. These are:", command)
        awaited = [one for one in own if one.status in AWAITED and not one.checked_in]
        return awaited[0] if len(awaited) == 1 else _listed(chat, awaited, "Which one?", command)

    def _own(self, person: Person, day: _Day) -> list[Visit]:
        """The technician's visits that somebody could arrive at now, by their start."""
        own = [
            one
            for one in self._visits()
            if any(technician.identity == person.identity for technician in one.technicians)
            and one.sched_start is not None
            and opens(one) <= day.at <= closes(one)
        ]
        return sorted(own, key=lambda one: (one.sched_start or day.now, one.ext_id))


@dataclass(frozen=True, slots=True)
class _Day:
    """`now`, and the instant that a message speaks of: it may have waited for us."""

    desk: Entering
    now: datetime
    at: datetime


def _listed(chat: int, visits: list[Visit], said: str, command: str = "/arrived") -> Reply:
    if not visits:
        return Reply(chat, "You have no visit that could be meant. Call the office.")
    lines = [said]
    for one in visits[:MOST_BUTTONS]:
        when = "" if one.start is None else f"{clock(one.start, one.site.timezone)} "
        lines.append(f"{when}{one.ext_id} {place(one.customer.name, one.site.name)}")
    buttons = tuple(f"{command} {one.ext_id}" for one in visits[:MOST_BUTTONS] if not one.checked_in)
    return Reply(chat, "\n".join(lines), buttons)


def _told(chat: int, result: Result) -> Reply:
    return Reply(chat, result.text if result.done else f"That was not recorded. {result.text}")


def _command(text: str) -> tuple[str, str]:
    """The command and what follows it: `/arrived@OfficeBot J-1042` and `arrived J-1042` mean the same."""
    match = COMMAND.fullmatch(text.strip())
    return (match[1].lower(), " ".join((match[2] or "").split())) if match else ("", "")


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
