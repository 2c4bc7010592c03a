"""Working off the outbox: one lane per channel, one message in flight, nothing lost.

A lane never waits for another: each has its own connection and its own pace. What to do after a failure is in the
failure's class (house, "The data's way", 4).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dispatchwatch.app.clock import Clock
from dispatchwatch.app.owing import Owing
from dispatchwatch.app.recording import PROGRAM, alert_subject
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.dispatch.platform import Platform, Repeat
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain import backoff
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from dispatchwatch.store.store import Store

LEASE = timedelta(minutes=2)
REPEAT_UNKNOWN_AFTER = timedelta(seconds=30)
LONGEST_NAP = 60.0
STORE_RETRY = 5.0

UNANSWERED_TWICE = "Sent twice without an answer; it may have arrived. Look there, then re-send if it has not."


@dataclass(frozen=True, slots=True)
class Channel:
    """One configured destination, ready to be told."""

    name: str
    platform: Platform[Any]
    config: ChannelConfig


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one attempt."""

    delivery: Delivery
    at: datetime
    receipt: Receipt | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffice:
    """What all lanes share. `owner` names this process in leases; `chance` is a random number in [0, 1).

    `settled` is called after the result of each attempt was written down, `trouble` when it could not be.
    """

    store: Store
    owing: Owing
    clock: Clock
    chance: Callable[[], float]
    owner: str
    settled: Callable[[Settled, DeliveryState], None]
    trouble: Callable[[StoreError], None]


class Lane:
    def __init__(self, channel: Channel, office: PostOffice, sender: Sender) -> None:
        self.channel = channel
        self._office = office
        self._store = office.store
        self._sender = sender
        self._clock = office.clock
        self._woken = asyncio.Event()
        self._failures = 0
        self._resting_until: datetime | None = None
        self._succeeded_at: datetime | None = None
        self._finishing = False

    def wake(self) -> None:
        """Something may be due, or a person has lifted a pause."""
        self._woken.set()

    def clock_moved(self, delta: timedelta) -> None:
        """Keeps the rest as long as it was meant to be, after the wall clock was set."""
        if self._resting_until is not None:
            self._resting_until += delta
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
                batch = [] if self._held() else self._store.outbox.due(self.channel.name, self._clock.now())
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
        until = max(due, self._resting_until or due) if due else None
        seconds = LONGEST_NAP if until is None else min(max((until - now).total_seconds(), 0.001), LONGEST_NAP)
        if self._store.lanes.get(self.channel.name).paused:
            seconds = LONGEST_NAP
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    def _held(self) -> bool:
        if self._store.lanes.get(self.channel.name).paused:
            return True
        return self._resting_until is not None and self._clock.now() < self._resting_until

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
        with self._store.transaction():
            if last is not None:
                state = self._write(last)
            if following is None:
                self._write_success()
            else:
                claimed = self._store.outbox.claim(following, self._office.owner, self._clock.now(), LEASE)
        if last is not None and state is not None:
            self._office.settled(last, state)
        return claimed

    async def _attempt(self, delivery: Delivery) -> Settled:
        kept = self._store.outbox.receipt(delivery.thread, self.channel.name)
        receipt = Receipt(reference=kept[0], details=kept[1]) if kept else None
        try:
            answer = await self._sender.send(
                self.channel.platform, delivery.notification, self.channel.config, receipt, self._clock.now()
            )
        except Failure as failure:
            return Settled(delivery, self._clock.now(), receipt=failure.reached, failure=failure)
        return Settled(delivery, self._clock.now(), receipt=answer)

    def _write(self, settled: Settled) -> DeliveryState:
        self._keep(settled)
        match settled.failure:
            case None:
                return self._write_sent(settled)
            case Unauthorised() as failure:
                self._pause(settled, failure)
                return DeliveryState.WAITING
            case Unknown() as failure:
                return self._write_unknown(settled, failure)
            case Unreachable() as failure:
                return self._write_unreachable(settled, failure)
            case failure:
                return self._give_up(settled, failure.message)

    def _keep(self, settled: Settled) -> None:
        """What the platform calls the alert, also where only the first of several requests was taken."""
        receipt = settled.receipt
        if receipt is not None and (receipt.reference or receipt.details):
            thread, channel = settled.delivery.thread, self.channel.name
            self._store.outbox.keep_receipt(thread, channel, receipt.reference, dict(receipt.details))

    def _write_sent(self, settled: Settled) -> DeliveryState:
        delivery, receipt = settled.delivery, settled.receipt or Receipt()
        self._store.outbox.settle(
            delivery,
            DeliveryState.SENT,
            settled.at,
            reference=receipt.reference,
            may_have_arrived=delivery.may_have_arrived and self._doubles(delivery),
        )
        self._office.owing.reminder(delivery, settled.at)
        self._note(delivery, "delivered", settled.at, {"reference": receipt.reference})
        if self._failures or self._resting_until:
            self._store.lanes.change(self.channel.name, resting_until=None)
        self._failures, self._resting_until, self._succeeded_at = 0, None, settled.at
        return DeliveryState.SENT

    def _write_success(self) -> None:
        """Once a batch: when this channel last took something."""
        if self._succeeded_at is not None:
            self._store.lanes.change(self.channel.name, last_success_at=self._succeeded_at)
            self._succeeded_at = None

    def _write_unreachable(self, settled: Settled, failure: Unreachable) -> DeliveryState:
        delivery = settled.delivery
        first = delivery.first_attempt_at or settled.at
        if settled.at - first >= backoff.PATIENCE:
            return self._give_up(settled, failure.message)
        self._failures += 1
        wait = failure.retry_after or backoff.delay(self._failures, self._office.chance())
        self._rest(settled.at + wait, failure.message, settled.at)
        self._store.outbox.postpone(
            delivery, settled.at + wait, failure.message, may_have_arrived=delivery.may_have_arrived
        )
        return DeliveryState.WAITING

    def _write_unknown(self, settled: Settled, failure: Unknown) -> DeliveryState:
        """Sent, but no answer: harmless to repeat where the platform deduplicates, else repeated once."""
        delivery = settled.delivery
        doubles = self._doubles(delivery)
        if doubles and delivery.may_have_arrived:
            return self._give_up(settled, UNANSWERED_TWICE)
        self._failures += 1
        wait = backoff.delay(self._failures, self._office.chance())
        self._rest(settled.at + wait, failure.message, settled.at)
        until = settled.at + (max(wait, REPEAT_UNKNOWN_AFTER) if doubles else wait)
        self._store.outbox.postpone(delivery, until, failure.message, may_have_arrived=True)
        return DeliveryState.WAITING

    def _doubles(self, delivery: Delivery) -> bool:
        """Whether telling this twice would be seen twice."""
        return self.channel.platform.on_repeat(delivery.operation, self.channel.config) is Repeat.DOUBLES

    def _give_up(self, settled: Settled, why: str) -> DeliveryState:
        delivery = settled.delivery
        may_have_arrived = delivery.may_have_arrived or isinstance(settled.failure, Unknown)
        self._store.outbox.settle(
            delivery, DeliveryState.FAILED, settled.at, error=why, may_have_arrived=may_have_arrived
        )
        self._office.owing.failed(delivery, settled.at)
        self._store.lanes.change(self.channel.name, last_error=why, last_error_at=settled.at)
        self._note(delivery, "delivery_failed", settled.at, {"error": why})
        return DeliveryState.FAILED

    def _pause(self, settled: Settled, failure: Unauthorised) -> None:
        """The channel's credentials are refused: nothing is tried until a person has acted."""
        delivery = settled.delivery
        self._store.outbox.postpone(delivery, settled.at, failure.message, may_have_arrived=delivery.may_have_arrived)
        self._store.lanes.change(
            self.channel.name,
            paused=failure.message,
            paused_at=settled.at,
            last_error=failure.message,
            last_error_at=settled.at,
        )
        self._note(delivery, "channel_paused", settled.at, {"error": failure.message})

    def _rest(self, until: datetime, error: str, now: datetime) -> None:
        self._resting_until = until
        self._store.lanes.change(self.channel.name, resting_until=until, last_error=error, last_error_at=now)

    def _note(self, delivery: Delivery, action: str, at: datetime, detail: dict[str, Any]) -> None:
        more = {
            "channel": self.channel.name,
            "operation": delivery.operation,
            "delivery": delivery.id,
            "alerts": delivery.alerts,
            **detail,
        }
        subject = alert_subject(delivery.alert_id)
        entry = Entry(at=at, who=PROGRAM, origin=self.channel.platform.key, action=action, subject=subject, detail=more)
        self._store.audit.append([entry], at)
