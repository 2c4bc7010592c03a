"""What the ticket systems have in common: a ticket is opened once, written on, taken on, and ended.

Nothing is done twice: a ticket is looked for before it is opened, a comment that was taken is noted in the receipt, and
before a ticket is moved it is looked at, so that one which people over there have taken on or ended is never put back.
The details of a receipt: `id` (theirs), `noted` (the last comment they took), `stands` (where we have moved it, or
heard that it was moved).
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Any, ClassVar, TypeVar

import httpx

from dispatchwatch.dispatch.conversation import Conversation, Heard, Held, Listening, News, Step, in_turn
from dispatchwatch.dispatch.errors import Failure, Refused, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ChannelConfig, choice
from dispatchwatch.dispatch.occasion import occasion
from dispatchwatch.dispatch.platform import Platform, Repeat, json_request, words
from dispatchwatch.dispatch.reading import read
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

GONE = frozenset({404, 410})
NO_NAME = frozenset({403, 404})
MOST_NAMES = 5
"""People whose names are asked for in one listening, where each takes a request."""


class Standing(IntEnum):
    """How far a ticket has come."""

    OPEN = 0
    TAKEN = 1
    ENDED = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as it is over there. `by` and `at` tell who moved it last, and when, where that is told."""

    standing: Standing
    by: str = ""
    at: datetime | None = None


Move = Standing | None
"""Where a ticket is to be moved; None where it stays."""
Finding = Generator[Step, httpx.Response, Receipt | None]
Looking = Generator[Step, httpx.Response, Standing | None]
Surveying = Generator[Step, httpx.Response, Mapping[str, Seen]]
Naming = Generator[Step, httpx.Response, Mapping[str, str]]


class TicketConfig(ChannelConfig):
    comments: str = choice(
        "Comments",
        {"all": "Write on the ticket what becomes of the alert", "none": "Only move the ticket"},
        default="all",
        help="Whether updates, acknowledgements and the end are written on it, or only its state is changed.",
    )


C = TypeVar("C", bound=TicketConfig)


class Ticketing(Platform[C]):
    """A platform that keeps our alert as a ticket. A ticket that is gone, or was never opened: ending it is done,
    an update opens it where it was never opened, everything else is refused.

    `ends_at_once`: comment and end go in one request, so that ending twice leaves no second comment. `most_asked`:
    tickets asked about in one request, few enough for their answer to be read whole.
    """

    operations = frozenset(Operation)
    repeat = Repeat.DOUBLES
    ends_at_once: ClassVar[bool] = False
    most_asked: ClassVar[int] = 50

    @abstractmethod
    def find(self, notification: Notification, config: C) -> Finding:
        """The ticket of an alert, by our key; None where there is none, or the vendor has no way to say."""

    @abstractmethod
    def open(self, notification: Notification, config: C) -> Conversation:
        """Opens it."""

    @abstractmethod
    def look(self, ticket: Receipt, config: C) -> Looking:
        """How it stands now; None where it is gone."""

    def comment(self, notification: Notification, config: C, ticket: Receipt) -> Conversation:  # noqa: ARG002
        """Writes on it; `ticket` comes back with what is known since."""
        yield from ()
        return ticket

    def change(self, notification: Notification, config: C, ticket: Receipt, to: Move) -> httpx.Request | None:  # noqa: ARG002
        """Moves it, or sets how urgent it is; None where there is nothing to change."""
        return None

    def survey(self, ids: Sequence[str], config: C) -> Surveying:
        """Those of the tickets `ids` (`most_asked` at most) that are there, by their id."""
        raise NotImplementedError

    def names(self, people: Sequence[str], config: C) -> Naming:  # noqa: ARG002
        """The names of those that `survey` tells as numbers, empty where there is none; by default it tells names."""
        yield from ()
        return {}

    def each_name(
        self, people: Sequence[str], ask: Callable[[str], httpx.Request], name: Callable[[Any], str]
    ) -> Naming:
        """The names where each takes a request of its own: `ask` makes it, `name` reads its answer."""
        names = dict.fromkeys(people, "")
        for one in people[:MOST_NAMES]:
            answer = yield Step(ask(one), also=NO_NAME)
            names[one] = name(read(answer, self.name)) if answer.is_success else ""
        return names

    def finds(self, config: C) -> bool:  # noqa: ARG002
        """Whether a ticket opened twice is one."""
        return True

    def classify(self, response: httpx.Response) -> Failure | None:
        if response.is_success and words(response).startswith("<"):
            return Unreachable(
                f"{self.name} answers with a web page. Is it asleep, or the address in the settings wrong?"
            )
        return super().classify(response)

    def on_repeat(self, operation: Operation, config: C) -> Repeat:
        if operation is Operation.RAISE:
            return Repeat.HARMLESS if self.finds(config) else Repeat.DOUBLES
        at_once = operation is Operation.RESOLVE and self.ends_at_once
        return Repeat.HARMLESS if config.comments == "none" or at_once else Repeat.DOUBLES

    def tell(self, notification: Notification, config: C, receipt: Receipt | None) -> Conversation:
        ticket = receipt if receipt is not None and "id" in receipt.details else None
        if ticket is None:
            ticket = yield from self.find(notification, config)
            if ticket is None:
                return (yield from self._without(notification, config))
            if _is_new(notification):
                return ticket
        followed = yield from _unless_gone(self, self._follow(notification, config, ticket))
        return followed if followed is not None else self._gone(notification, ticket)

    def told(self, notification: Notification, config: C, ticket: Receipt, to: Move) -> Conversation:
        """Comment, then move, each where it is due. A vendor that takes both in one request has its own."""
        if config.comments == "all" and ticket.details.get("noted") != occasion(notification):
            ticket = (yield from self.comment(notification, config, ticket)).also(noted=occasion(notification))
        request = self.change(notification, config, ticket, to)
        if request is not None:
            self.changed((yield Step(request, reached=ticket)))
        return ticket

    def changed(self, answer: httpx.Response) -> None:
        """Reads the answer to a change. Raises a Failure where it says no in spite of its status."""

    def listen(self, held: Sequence[Held], config: C, cursor: str) -> Listening:
        """Asks about `most_asked` tickets at a time, in turn."""
        asked, cursor = in_turn([one for one in held if "id" in one.receipt.details], cursor, self.most_asked)
        if not asked:
            return Heard()
        seen = yield from self.survey([one.receipt.details["id"] for one in asked], config)
        return (yield from self.heard(asked, seen, config, cursor))

    def heard(self, asked: Sequence[Held], seen: Mapping[str, Seen], config: C, cursor: str) -> Listening:
        """What is new in it, with the names of those who did it."""
        told = tuple(news(asked, seen))
        names = yield from self.names(sorted({one.by for one in told if one.by}), config)
        return Heard(tuple(replace(one, by=names.get(one.by, one.by)) for one in told), cursor)

    def _without(self, notification: Notification, config: C) -> Conversation:
        if notification.operation in {Operation.RAISE, Operation.UPDATE}:
            return (yield from self.open(notification, config))
        return self._gone(notification, Receipt())

    def _gone(self, notification: Notification, ticket: Receipt) -> Receipt:
        if notification.operation is Operation.RESOLVE:
            return ticket
        raise Refused(f"{self.name} has no ticket for this alert, or it was deleted there.")

    def _follow(self, notification: Notification, config: C, ticket: Receipt) -> Conversation:
        to: Move = None
        match notification.operation:
            case Operation.RAISE if ticket.details.get("stands") == Standing.ENDED.name and _is_new(notification):
                to = Standing.OPEN
            case Operation.ACKNOWLEDGE | Operation.RESOLVE:
                to = Standing.ENDED if notification.operation is Operation.RESOLVE else Standing.TAKEN
                now = yield from self.look(ticket, config)
                if now is None:
                    return self._gone(notification, ticket)
                if now is Standing.ENDED:
                    return ticket.also(stands=to.name)
                to = to if now < to else None
            case _:
                pass
        told = yield from self.told(notification, config, ticket, to)
        return told if to is None else told.also(stands=to.name)


def news(held: Sequence[Held], seen: Mapping[str, Seen]) -> Iterator[News]:
    """What others did: where a ticket has come further than we have moved it ourselves."""
    for one in held:
        now = seen.get(one.receipt.details["id"])
        ours = Standing.__members__.get(one.receipt.details.get("stands", ""), Standing.OPEN)
        if now is not None and now.standing > ours:
            operation = Operation.RESOLVE if now.standing is Standing.ENDED else Operation.ACKNOWLEDGE
            yield News(one.thread, operation, now.by, now.at, {"stands": now.standing.name})


def standing(state: str, new: Collection[str], ended: Collection[str]) -> Standing:
    """How far a ticket in this state has come; one that is neither new nor over is taken."""
    if state in ended:
        return Standing.ENDED
    return Standing.OPEN if state in new else Standing.TAKEN


def asking(method: str, url: httpx.URL | str, body: Mapping[str, Any] | None, authorization: str = "") -> httpx.Request:
    """A request that takes JSON, with a body if there is one, signed unless an `Auth` will do that."""
    request = httpx.Request(method, url) if body is None else json_request(method, str(url), body)
    request.headers["Accept"] = "application/json"
    if authorization:
        request.headers["Authorization"] = authorization
    return request


def called(number: str, form: str) -> Receipt | None:
    """A ticket that people know by its id as well; None where that has not the form of one."""
    return Receipt(number, {"id": number}) if re.fullmatch(form, number) else None


def opened(ticket: Receipt | None, name: str, kind: str = "ticket") -> Receipt:
    """The ticket that an answer names. Raises Unknown where it names none."""
    if ticket is None:
        raise Unknown(f"{name}: the answer does not name the {kind}. It may have been opened.")
    return ticket


def _is_new(notification: Notification) -> bool:
    return notification.operation is Operation.RAISE and not notification.is_reminder and not notification.is_test


def _unless_gone(
    platform: Platform[Any], conversation: Conversation
) -> Generator[Step, httpx.Response, Receipt | None]:
    """The conversation as it is; None as soon as the ticket turns out to be gone. A web page that says so is not the
    vendor's: then the address is wrong."""
    answer: httpx.Response | None = None
    while True:
        try:
            step = next(conversation) if answer is None else conversation.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        answer = yield replace(step, also=step.also | GONE)
        if answer.status_code in GONE - step.also:
            conversation.close()
            failure = platform.classify(answer)
            if words(answer).startswith("<") and failure is not None:
                raise failure
            return None
