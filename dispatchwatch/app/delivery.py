"""Working off the outbox: one lane per channel, one message in flight, nothing lost.

A lane never waits for another: each has its own connection and its own pace. What comes of an attempt is written down
by `settling`. Where a platform, or the office, limits how many messages go out in what time, the lane keeps to that:
what has to wait waits where it can be seen, and what is worst goes first. In one thread the order stays as it was owed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatchwatch.app.clock import Clock
from dispatchwatch.app.group_commit import GroupCommit
from dispatchwatch.app.owing import Owing
from dispatchwatch.app.pace import Pace, rates_of
from dispatchwatch.app.settling import UNANSWERED_TWICE, Channel, Settled, Settling
from dispatchwatch.dispatch.errors import Failure, Refused
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.dispatch.template_language import TemplateProblem
from dispatchwatch.domain.notification import Notification
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from dispatchwatch.store.store import Store

__all__ = ["UNANSWERED_TWICE", "Channel", "Lane", "PostOffice", "Settled"]

LEASE = timedelta(minutes=2)
LONGEST_NAP = 60.0
STORE_RETRY = 5.0
FEW = 5
"""So many messages at once where a limit binds, so that something worse need not wait long for its turn."""
SEEN_FROM = 2.0
"""Seconds of waiting for a limit from which on it is worth showing."""
ANOTHER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffice:
    """What all lanes share. `owner` names this process in leases; `chance` is a random number in [0, 1).

    `settled` is called after the result of each attempt was written down, `trouble` when it could not be, `limited`
    when a lane begins or ends to wait for a limit.
    """

    store: Store
    commits: GroupCommit
    owing: Owing
    clock: Clock
    chance: Callable[[], float]
    owner: str
    settled: Callable[[Settled, DeliveryState], None]
    trouble: Callable[[StoreError], None]
    limited: Callable[[], None] = lambda: None


class Lane:
    def __init__(self, channel: Channel, office: PostOffice, sender: Sender) -> None:
        self.channel = channel
        self._office = office
        self._store = office.store
        self._sender = sender
        self._clock = office.clock
        self._books = Settling(channel, office.store, office.owing, office.chance)
        self._pace = Pace(rates_of(channel.config.rate, channel.platform.rate))
        self._remembers = False
        self._tests_seen = 0
        self._limited_until: datetime | None = None
        self._woken = asyncio.Event()
        self._finishing = False

    def wake(self) -> None:
        """Something may be due, or a person has lifted a pause."""
        self._woken.set()

    def try_now(self) -> None:
        """What kept the platform from being reached may be over; a rest that it asked for itself is kept."""
        self._books.end_rest(self._clock.now())
        self.wake()

    def clock_moved(self, delta: timedelta) -> None:
        """Keeps the rest as long as it was meant to be, after the wall clock was set."""
        if self._books.resting_until is not None:
            self._books.resting_until += delta
        self.wake()

    def finish(self) -> None:
        """No further message is begun; `run` returns once the one in flight is settled."""
        self._finishing = True
        self.wake()

    async def run(self) -> None:
        """Sends what is due until told to finish."""
        while not self._finishing:
            self._woken.clear()
            try:
                batch = [] if self._held() else self._due()
                if batch:
                    await self._work(batch)
                else:
                    await self._nap()
            except StoreError as error:
                self._office.trouble(error)
                await asyncio.sleep(STORE_RETRY)

    async def _nap(self) -> None:
        """Waits until something may be due. A wake-up that came since the last look ends it at once."""
        now = self._clock.now()
        due = self._store.outbox.next_due(self.channel.name)
        until = max(due, self._books.resting_until or due) if due else None
        limit = self._pace.wait(self._clock.steady())
        wait = LONGEST_NAP if until is None else max((until - now).total_seconds(), limit, 0.001)
        if self._store.lanes.get(self.channel.name).paused:
            wait = LONGEST_NAP
        try:
            async with asyncio.timeout(min(wait, LONGEST_NAP)):
                await self._woken.wait()
        except TimeoutError:
            return

    def _held(self) -> bool:
        if self._store.lanes.get(self.channel.name).paused:
            return True
        resting = self._books.resting_until
        return resting is not None and self._clock.now() < resting

    def _due(self) -> list[Delivery]:
        """What may go out now: all that is due, or as much of it as the limit has room for, the worst first."""
        now = self._clock.now()
        if not self._pace.is_bound:
            return self._store.outbox.due(self.channel.name, now)
        room = self._pace.room(self._clock.steady())
        due = self._store.outbox.due(self.channel.name, now, limit=min(max(room, 1), FEW), worst_first=True)
        self._show_limit(waits=bool(due) and not room)
        return due if room else []

    def _has_room(self) -> bool:
        """Asked in the transaction that claims, as a test may have been begun since the last look."""
        if not self._pace.is_bound:
            return True
        self._count_others()
        return self._pace.room(self._clock.steady()) > 0

    def _count_others(self) -> None:
        """What went out before this start counts too, or a restart would go beyond the limit; so do tests."""
        now, steady, name = self._clock.now(), self._clock.steady(), self.channel.name
        since = now - self._pace.longest
        begun = [] if self._remembers else self._store.outbox.begun_since(name, since)
        self._remembers = True
        for number, at in self._store.channel_tests.begun(name, since, after=self._tests_seen):
            begun.append(at)
            self._tests_seen = number
        for at in sorted(begun):
            self._pace.took(steady - max((now - at).total_seconds(), 0.0))

    def _show_limit(self, *, waits: bool) -> None:
        """In the store, so that others see it too; written when it begins and ends, not each time it is looked at."""
        wait = self._pace.wait(self._clock.steady()) if waits else 0.0
        until = self._clock.now() + timedelta(seconds=wait) if wait >= SEEN_FROM else None
        before = self._limited_until
        if (until is None) is (before is None) and not (until and before and abs(until - before) >= ANOTHER):
            return
        if until is not None or not waits:
            self._store.lanes.change(self.channel.name, limited_until=until)
            self._limited_until = until
            self._office.limited()

    async def _work(self, batch: list[Delivery]) -> None:
        """Sends a batch in order. Writing down one result and claiming the next share a transaction."""
        last: Settled | None = None
        for delivery in batch:
            if self._finishing:
                break
            claimed = await self._turn(last, delivery)
            last = None
            if claimed:
                last = await self._attempt(delivery)
                if last.failure is not None and not isinstance(last.failure, Refused):
                    break
        await self._turn(last, None)

    async def _turn(self, last: Settled | None, following: Delivery | None) -> bool:
        """Writes the last result down and claims the following delivery; False if it no longer waits in these words.

        What was sent is known to nobody but us until it is written, so this is tried until it succeeds.
        """
        while True:
            try:
                return self._turn_once(last, following)
            except StoreError as error:
                self._office.trouble(error)
                await asyncio.sleep(STORE_RETRY)

    def _turn_once(self, last: Settled | None, following: Delivery | None) -> bool:
        state, claimed = None, False
        with self._office.commits.transaction(is_last=following is None):
            if last is not None:
                state = self._books.write(last)
            if following is None:
                self._books.write_success()
            else:
                claimed = self._has_room() and self._store.outbox.claim(
                    following, self._office.owner, self._clock.now(), LEASE
                )
        if last is not None and state is not None:
            self._office.settled(last, state)
        return claimed

    async def _attempt(self, delivery: Delivery) -> Settled:
        kept = self._store.outbox.receipt(delivery.thread, self.channel.name)
        receipt = Receipt(reference=kept[0], details=kept[1]) if kept else None
        told, problem = self._worded(delivery.notification)
        try:
            answer = await self._sender.send(
                self.channel.platform,
                told,
                self.channel.config,
                receipt,
                self._clock.now(),
                keep=lambda reached: self._keep(delivery, reached),
            )
            return Settled(delivery, self._clock.now(), receipt=answer, template_problem=problem)
        except Failure as failure:
            return Settled(delivery, self._clock.now(), failure.reached, failure, problem)
        finally:
            # At its end: when the platform counted it is not known, but not after that.
            self._pace.took(self._clock.steady())

    def _worded(self, notification: Notification) -> tuple[Notification, str]:
        """In the channel's own words; in the built-in ones, and why, where a template fails: it holds up nothing."""
        try:
            return (self.channel.templates.apply(notification) if self.channel.templates else notification), ""
        except TemplateProblem as problem:
            where = f"{notification.operation.value}.{problem.part}"
            return notification, f"Its template {where} failed: {problem}. The built-in words were sent."

    def _keep(self, delivery: Delivery, reached: Receipt) -> None:
        """Between two requests. What can't be written down now is written with the result."""
        try:
            with self._store.transaction():
                self._books.keep(delivery, reached)
        except StoreError as error:
            self._office.trouble(error)
