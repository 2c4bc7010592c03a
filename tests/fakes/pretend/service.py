"""What all pretended services have in common: routes, credentials, tokens, objects, and the ways to fail.

A service is written from what its vendor says of it (study/platforms-*.md), never from our platform file, so that it
takes what the vendor takes and refuses what the vendor refuses.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, unquote

from tests.fakes.receiver import Act, Answer, Received

WAIT = 7
"""Seconds that a service which is asked too often wants to be left alone."""


class Fault(StrEnum):
    """What goes wrong with one request."""

    ERROR = "error"  # 500, not done
    AWAY = "away"  # 503 from a proxy, as a web page, not done
    BUSY = "busy"  # asked too often, in the vendor's words; not done
    BUSY_UNTIL = "busy until"  # the same, with the wait as a date where the vendor names one
    HANG = "hang"  # taken in and never answered, not done
    RESET = "reset"  # the connection breaks, not done
    HALF = "half"  # done, and half the answer comes back
    DROPPED = "dropped"  # done, and no answer comes
    LATE_ERROR = "late error"  # done, and the gateway has lost patience: 504
    EXPIRED = "expired"  # no credentials are accepted for this one request
    GONE = "gone"  # somebody deletes every object just before


WEB_PAGE = {"Content-Type": "text/html"}
NOT_DONE = {
    Fault.AWAY: Answer(503, WEB_PAGE, "<html><head><title>Just a moment</title></head></html>"),
    Fault.HANG: Answer(act=Act.HANG),
    Fault.RESET: Answer(act=Act.RESET),
}
DONE = frozenset({Fault.HALF, Fault.DROPPED, Fault.LATE_ERROR})
"""Those after which the service has done what it was asked."""


@dataclass
class Thing:
    """An object over there: an incident, a ticket, a card, a message that can be edited. `log` is everything that
    people were shown, oldest first: its first words, comments, and the words it was changed to."""

    id: str
    fields: dict[str, Any]
    born: datetime
    log: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def say(self, comment: str) -> None:
        self.comments.append(comment)
        self.log.append(comment)


class Refusal(Exception):
    """Raised by a route: the service answers so instead."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer))
        self.answer = answer


Route = Callable[..., Answer]


def on(method: str, path: str, *, free: bool = False) -> Callable[[Route], Route]:
    """Answers requests whose path matches. `free`: without credentials, as where tokens are fetched."""

    def marked(route: Route) -> Route:
        route.at = (method, re.compile(path), free)  # type: ignore[attr-defined]
        return route

    return marked


class Service:
    """One vendor. Callable as a script of the receiver; every request is answered under one lock."""

    key: ClassVar[str]
    routes: ClassVar[tuple[Route, ...]]

    def __init_subclass__(cls) -> None:
        found = [route for kind in reversed(cls.__mro__) for route in vars(kind).values() if hasattr(route, "at")]
        cls.routes = tuple({route.__name__: route for route in found}.values())

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self._lock = threading.RLock()
        self.begin()

    def begin(self) -> None:
        """A new account: nothing in it, nothing goes wrong."""
        self.things: dict[str, Thing] = {}
        self.messages: list[str] = []
        self.asked: list[Received] = []
        self.strays: list[str] = []
        self.faults: dict[int, Fault] = {}
        self.struck: list[Fault] = []
        self.tokens: dict[str, int] = {}
        self.issued = 0
        self.uses = 0
        """How often a token is accepted; 0 for always."""
        self.echo = 0
        """The status with which every request is answered, all that it held repeated; 0 for none."""

    # What a test reads

    def standing(self, thing: Thing) -> str:
        """open, acknowledged or resolved, from what the vendor keeps of it."""
        raise NotImplementedError

    def standings(self) -> list[str]:
        return [self.standing(thing) for thing in self.things.values()]

    def amiss(self) -> list[str]:
        """What no test would want to find: requests for something that there is not, and what is worse."""
        return [f"asked for something that there is not: {stray}" for stray in self.strays]

    def tellings(self) -> list[str]:
        """Everything that people over there were told: messages, new objects, comments."""
        told = [words for thing in self.things.values() for words in (*thing.log[:1], *thing.comments)]
        return [*self.messages, *told]

    # What comes in

    def __call__(self, received: Received) -> Answer:
        with self._lock:
            self.asked.append(received)
            fault = self.faults.pop(len(self.asked), None)
            if self.echo and not self._serves_tokens(received):
                return Answer(self.echo, body=f"{received.target} {received.headers} {received.body!r}")
            if fault is None:
                return self.answer(received)
            self.struck.append(fault)
            return self._under(fault, received)

    def _serves_tokens(self, received: Received) -> bool:
        return any(route.at[2] and route.at[1].fullmatch(received.path) for route in self.routes)  # type: ignore[attr-defined]

    def answer(self, received: Received, *, credentials: bool = True) -> Answer:
        path = received.path
        for route in self.routes:
            method, pattern, free = route.at  # type: ignore[attr-defined]
            found = pattern.fullmatch(path) if method == received.method else None
            if found:
                try:
                    if not free:
                        if not credentials:
                            raise Refusal(self.unknown_caller())
                        self.let_in(received)
                    return route(self, received, **{name: unquote(text) for name, text in found.groupdict("").items()})
                except Refusal as refusal:
                    return refusal.answer
        self.strays.append(f"{received.method} {received.target}")
        return self.not_found()

    def _under(self, fault: Fault, received: Received) -> Answer:
        match fault:
            case Fault.ERROR:
                return self.trouble()
            case Fault.BUSY | Fault.BUSY_UNTIL:
                return self._busy(received, as_date=fault is Fault.BUSY_UNTIL)
            case Fault.HALF | Fault.DROPPED | Fault.LATE_ERROR:
                return _lost(fault, self.answer(received))
            case Fault.EXPIRED:
                self.tokens.clear()
                return self.answer(received, credentials=False)
            case Fault.GONE:
                self.lose_everything()
                return self.answer(received)
            case _:
                return NOT_DONE[fault]

    def _busy(self, received: Received, *, as_date: bool) -> Answer:
        until = format_datetime(self.now() + timedelta(seconds=WAIT), usegmt=True)
        if self._serves_tokens(received):
            return Answer(429, {"Retry-After": str(WAIT)}, {"error": "slow_down"})
        return self.too_many(until if as_date else str(WAIT))

    def lose_everything(self) -> None:
        self.things.clear()

    # How the vendor says no

    def let_in(self, received: Received) -> None:
        """Raises Refusal where the credentials are wrong."""
        raise NotImplementedError

    def unknown_caller(self) -> Answer:
        raise NotImplementedError

    def not_found(self) -> Answer:
        return Answer(404, body={"error": "not found"})

    def trouble(self) -> Answer:
        return Answer(500, body="Internal Server Error")

    def too_many(self, wait: str) -> Answer:
        return Answer(429, {"Retry-After": wait}, {"error": "too many requests"})

    # Tokens

    def issue(self, **more: Any) -> Answer:
        """A token of one hour, as OAuth 2 has it."""
        self.issued += 1
        token = f"access-token-number-{self.issued}"
        self.tokens[token] = 0
        return Answer(body={"access_token": token, "token_type": "Bearer", "expires_in": 3600, **more})

    def spend(self, token: str) -> bool:
        """Whether the token is still good; this use counts."""
        if token not in self.tokens or (self.uses and self.tokens[token] >= self.uses):
            self.tokens.pop(token, None)
            return False
        self.tokens[token] += 1
        return True

    # Objects

    def add(self, number: str, fields: Mapping[str, Any], words: str) -> Thing:
        thing = self.things[number] = Thing(number, dict(fields), self.now(), [words])
        return thing

    def at(self, number: str) -> Thing:
        if number not in self.things:
            raise Refusal(self.not_found())
        return self.things[number]

    def serial(self) -> int:
        """A number that no object has yet: each is used up by a request."""
        return 1000 + len(self.asked)


def _lost(fault: Fault, answer: Answer) -> Answer:
    """What is left of an answer."""
    match fault:
        case Fault.HALF:
            return replace(answer, act=Act.HALF)
        case Fault.DROPPED:
            return Answer(act=Act.CLOSE)
        case _:
            return Answer(504, WEB_PAGE, "<html><head><title>Gateway Time-out</title></head></html>")


def form(received: Received) -> dict[str, str]:
    """The fields of a form; none where the body is something else."""
    if not received.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    return dict(parse_qsl(received.body.decode(), keep_blank_values=True))


def query(received: Received) -> dict[str, str]:
    return {name: found[-1] for name, found in parse_qs(received.target.partition("?")[2]).items()}


def body(received: Received) -> Any:
    """The JSON of a request; an empty object where there is none."""
    if "json" not in received.headers.get("content-type", ""):
        return {}
    try:
        return json.loads(received.body)
    except ValueError:
        return {}


def bearer(received: Received, scheme: str = "Bearer") -> str:
    given, _, token = received.headers.get("authorization", "").partition(" ")
    return token if given == scheme else ""


def basic(received: Received) -> tuple[str, str]:
    try:
        user, _, password = base64.b64decode(bearer(received, "Basic")).decode().partition(":")
    except ValueError:
        return "", ""
    return user, password


def stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def hexadecimal(number: int, digits: int) -> str:
    return f"{number:0{digits}x}"
