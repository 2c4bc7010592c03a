"""What people do to our alerts over there, heard by asking: it is done here as if they had done it at the desk.

One ear asks one place, on the engine's loop and through a connection of its own, so that a question that hangs holds
back no message. What is heard is done by whom the platform names; it is not told again where it was heard, and goes out
to everybody else. Hearing it twice changes nothing. News that are older than the last change of an alert are let go:
who did that had not seen it as it is now.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from hashlib import sha256
from typing import Any, Protocol, TypeVar

import httpx

from dispatchwatch.app.clock import Clock
from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.settling import Channel
from dispatchwatch.app.trail import PROGRAM
from dispatchwatch.dispatch.conversation import Heard, Held, Listening, News
from dispatchwatch.dispatch.errors import Failure, Unauthorised, Unreachable
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.dispatch.text import clip, one_line
from dispatchwatch.domain import backoff
from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Operation
from dispatchwatch.domain.durations import parse_duration
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.store import Store
from dispatchwatch.store.threads import Place

LOG = logging.getLogger(__name__)
T = TypeVar("T")
LONGEST_QUESTION = 60.0
AT_ONCE = 20
"""Alerts that are acted on before the engine gets on with something else."""
TOAST_AFTER = 3
LONGEST_NAME = 80
MOMENT = timedelta(seconds=1)
"""Platforms tell whole seconds."""


class Room(Protocol):
    """The part of the engine that is needed."""

    async def perform(self, deed: Callable[[Desk, datetime], T]) -> T: ...

    def heard(self, event: str, text: str, *, channel: str = "", with_toast: bool = False) -> None: ...


class Ear:
    """Asks for all its `channels` at once: one, or several that share where it comes from. It asks as the first of them
    does. `chance` gives random numbers in [0, 1); `patience` is in seconds, for a question with all its requests."""

    def __init__(
        self,
        channels: Sequence[Channel],
        store: Store,
        clock: Clock,
        chance: Callable[[], float],
        sender: Sender,
        patience: float = LONGEST_QUESTION,
    ) -> None:
        self._channels = tuple(channels)
        self._platform, self._config = channels[0].platform, channels[0].config
        self.name = ", ".join(one.name for one in channels)
        self.key = self._platform.ear(self._config)
        self.platform = self._platform.key
        self._store = store
        self._clock = clock
        self._chance = chance
        self._sender = sender
        self._patience = patience
        self._failures = 0
        self._ahead = timedelta()

    async def aclose(self) -> None:
        await self._sender.aclose()

    async def ask(self, room: Room) -> float | None:
        """One question, and everything it brings done. Returns the seconds to rest before the next; None: no more."""
        try:
            await self._hear(room)
        except Unauthorised as failure:
            self._say(room, "listening_stopped", f"Nobody listens to {self.name} any more: {failure.message} It is "
                      "tried again when the program is next started; messages go out all the same.")  # fmt: skip
            return None
        except Failure as failure:
            return self._failed(room, failure)
        except StoreError as error:
            return self._failed(room, Unreachable(str(error)))
        except Exception:
            LOG.exception("listening to %s failed", self.name)
            return self._failed(room, Unreachable("DispatchWatch made a mistake; the log has the details."))
        if self._failures:
            self._failures = 0
            self._say(room, "listening_ok", f"{self.name} can be listened to again.")
        return self._pause

    async def take(self, room: Room, answer: Mapping[str, Any]) -> None:
        """Does what an answer brings that somebody else got, who asks in our place. Raises a Failure."""
        await self._hear(room, answer)

    @property
    def _pause(self) -> float:
        return min(parse_duration(one.config.listen_every).total_seconds() for one in self._channels)

    async def _hear(self, room: Room, given: Mapping[str, Any] | None = None) -> None:
        held = self._held()
        cursor = self._cursor() if given is None else ""
        question = self._platform.listen(list(held.values()), self._config, cursor)
        if question is None:
            return
        heard = await self._answer(question if given is None else _answered(question, given))
        places = {one.thread: place for place, one in held.items()}
        for news in heard.news:
            if news.thread in places:
                await self._do(news, places[news.thread], room)
        if given is None and heard.cursor != cursor:
            self._store.memos.put(self._memo, json.dumps([self._mark(), heard.cursor]))

    async def _answer(self, question: Listening) -> Heard:
        now = self._clock.now()
        try:
            async with asyncio.timeout(self._patience):
                return await self._sender.ask(self._platform, _dated(question, self._date), self._config, now)
        except TimeoutError:
            raise Unreachable(f"{self._platform.name} took too long to answer.") from None

    def _held(self) -> dict[Place, Held]:
        """What is not over there, by thread and channel. Where channels share an ear, its own name of it has both."""
        found = {}
        for known in self._store.threads.held([one.name for one in self._channels]):
            thread, channel = known.place
            name = thread if len(self._channels) == 1 else f"{thread} {channel}"
            found[known.place] = Held(name, Receipt(known.reference, known.details))
        return found

    async def _do(self, news: News, place: Place, room: Room) -> None:
        actor = Actor(clip(one_line(news.by), LONGEST_NAME) or self._platform.name, self._platform.key, place)
        alerts = [one for one in self._store.alerts.many(self._store.threads.members(place)) if self._is_new(news, one)]
        ended = [one.id for one in alerts if _ends(news, one)]
        taken = [one.id for one in alerts if not _ends(news, one)]
        for some in _portions(taken):
            await room.perform(partial(_acknowledge, some, actor))
            await asyncio.sleep(0)
        for some in _portions(ended):
            await room.perform(partial(_resolve, some, actor))
            await asyncio.sleep(0)
        if news.details:
            self._note_in_receipt(place, news.details)

    def _is_new(self, news: News, alert: Alert) -> bool:
        if alert.state is AlertState.RESOLVED or (alert.state is AlertState.ACKNOWLEDGED and not _ends(news, alert)):
            return False
        return news.at is None or news.at + self._ahead + MOMENT > alert.updated_at

    def _note_in_receipt(self, place: Place, details: Mapping[str, str]) -> None:
        """As it is by now: something may have been told there meanwhile."""
        with self._store.transaction():
            kept = self._store.outbox.receipt(*place)
            if kept is not None:
                self._store.outbox.keep_receipt(*place, kept[0], {**kept[1], **details})

    def _date(self, told: str) -> None:
        """How far this computer's clock is ahead of theirs."""
        try:
            found = parsedate_to_datetime(told)
        except (ValueError, TypeError, OverflowError, IndexError):
            return
        self._ahead = self._clock.now() - (found if found.tzinfo else found.replace(tzinfo=UTC))

    def _cursor(self) -> str:
        """Where to go on; empty where the last question was asked with another configuration."""
        try:
            mark, cursor = json.loads(self._store.memos.get(self._memo) or '["", ""]')
        except (ValueError, TypeError):
            return ""
        return str(cursor) if mark == self._mark() else ""

    @property
    def _memo(self) -> str:
        return f"hearing {self._channels[0].name}"

    def _mark(self) -> str:
        """What of the configuration decides whom we ask, past recognition: a secret of some length is in it."""
        everybodys = set(ChannelConfig.model_fields) - {"base_url"}
        told = self._config.model_dump(mode="json", exclude=everybodys), self._platform.secrets(self._config)
        return sha256(json.dumps(told).encode()).hexdigest()[:16]

    def _failed(self, room: Room, failure: Failure) -> float:
        self._failures += 1
        if self._failures in {1, TOAST_AFTER}:
            is_said = self._failures == TOAST_AFTER
            text = f"What people do on {self.name} is not heard: {failure.message}"
            self._say(room, "listening_failed", text, with_toast=is_said)
        told = failure.retry_after if isinstance(failure, Unreachable) else None
        rest = told or backoff.delay(self._failures, self._chance())
        return max(rest.total_seconds(), self._pause)

    def _say(self, room: Room, event: str, text: str, *, with_toast: bool | None = None) -> None:
        now, toast = self._clock.now(), event == "listening_stopped" if with_toast is None else with_toast
        try:
            entry = Entry(at=now, who=PROGRAM, origin=self._platform.key, action=event, subject=f"channel {self.name}",
                          detail={"text": text})  # fmt: skip
            self._store.audit.append([entry], now)
        except StoreError:
            LOG.warning("%s: %s", event, text)
        room.heard(event, text, channel=self.name, with_toast=toast)


def _ends(news: News, alert: Alert) -> bool:
    """A schedule that shrank is taken for good when its alert is ended: that must be said at the desk."""
    return news.operation is Operation.RESOLVE and alert.kind is not AlertKind.FEED_SHRUNK


def _acknowledge(numbers: Sequence[int], actor: Actor, desk: Desk, now: datetime) -> list[Result]:
    return desk.acknowledge(numbers, actor, now)


def _resolve(numbers: Sequence[int], actor: Actor, desk: Desk, now: datetime) -> list[Result]:
    return desk.resolve(numbers, actor, now)


def _portions(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[begin : begin + AT_ONCE] for begin in range(0, len(numbers), AT_ONCE))


def _dated(question: Listening, see: Callable[[str], None]) -> Listening:
    """The same question; `see` gets the time at which each answer says it was given."""
    try:
        step = next(question)
        while True:
            answer = yield step
            see(answer.headers.get("Date", ""))
            step = question.send(answer)
    except StopIteration as end:
        found: Heard = end.value
        return found


def _answered(question: Listening, given: Mapping[str, Any]) -> Listening:
    """The question, with its first request answered already."""
    try:
        step = next(question)
        step = question.send(httpx.Response(200, json=given, request=step.request))
        while True:
            step = question.send((yield step))
    except StopIteration as end:
        found: Heard = end.value
        return found
