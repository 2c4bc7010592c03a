"""Telling a platform that takes more than one request: requests out, answers in, and no network in between.

A conversation is a generator: it yields a step, is sent the answer to it, and returns the receipt. Whoever drives it
(`sender.py`, a preview, a test) decides what a request is sent through.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation


@dataclass(frozen=True, slots=True)
class Step:
    """One request. `reached` is what had been achieved before it: it is kept even where this step fails, and given
    back as the receipt of the next attempt, so that nothing is done twice. Answers whose status is in `also` come back
    to the conversation as a success does; every other status that is no success ends it.
    """

    request: httpx.Request = field(repr=False)
    reached: Receipt | None = None
    also: frozenset[int] = frozenset()


Conversation = Generator[Step, httpx.Response, Receipt]
"""Tells the platform one thing; returns what it calls our alert."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something of the account to choose from: what is entered, and what a person reads."""

    value: str
    label: str


Lookup = Generator[Step, httpx.Response, tuple[Choice, ...]]
"""Finds what a field of the configuration can be set to."""


@dataclass(frozen=True, slots=True)
class Held:
    """An alert of ours that the platform knows. `thread` is our own name of it."""

    thread: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class News:
    """What somebody did to it over there: ACKNOWLEDGE or RESOLVE. `by` is his name, empty where it is not told; `at`
    is None where the platform does not say when. `details` join the receipt once it is done here: where what is asked
    for is how things stand, so that it is news once.
    """

    thread: str
    operation: Operation
    by: str = ""
    at: datetime | None = None
    details: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard, and where to go on listening: a text that is given back the next time."""

    news: tuple[News, ...] = ()
    cursor: str = ""


Listening = Generator[Step, httpx.Response, Heard]
"""Asks what people did to our alerts over there."""


def in_turn(held: Sequence[Held], cursor: str, most: int) -> tuple[list[Held], str]:
    """The next of them to ask about, `most` at a time, and the cursor for those that come then: the last thread asked
    about, empty where none are left."""
    known = sorted(held, key=lambda one: one.thread)
    asked = ([one for one in known if one.thread > cursor] or known)[:most]
    return asked, asked[-1].thread if asked and asked[-1] is not known[-1] else ""


def rehearsed(
    conversation: Conversation, answer: Callable[[httpx.Request], httpx.Response]
) -> tuple[list[httpx.Request], Receipt]:
    """Every request of a conversation whose answers are made up, and its receipt. Raises what the conversation does."""
    requests: list[httpx.Request] = []
    try:
        step = next(conversation)
        while True:
            requests.append(step.request)
            found = answer(step.request)
            found.request = step.request
            step = conversation.send(found)
    except StopIteration as end:
        return requests, end.value
