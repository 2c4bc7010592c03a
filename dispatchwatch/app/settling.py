"""Writing down what came of an attempt to tell: what the delivery is now, and how its channel is doing.

What is to happen after a failure is in the failure's class (house, "The data's way", 4). Everything here belongs inside
one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dispatchwatch.app.owing import Owing
from dispatchwatch.app.trail import PROGRAM, alert_subject
from dispatchwatch.dispatch.errors import Failure, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.dispatch.platform import Platform, Repeat
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.templates import Templates
from dispatchwatch.dispatch.transport import STRAIGHT, Way
from dispatchwatch.domain import backoff
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from dispatchwatch.store.store import Store

REPEAT_UNKNOWN_AFTER = timedelta(seconds=30)
UNANSWERED_TWICE = "Sent twice without an answer; it may have arrived. Look there, then re-send if it has not."


@dataclass(frozen=True, slots=True)
class Channel:
    """One configured destination, ready to be told: in its own words where it has `templates`, and by its `way`.
    `in_keyring` are the fields whose secrets lie in the system keyring."""

    name: str
    platform: Platform[Any]
    config: ChannelConfig
    templates: Templates | None = None
    way: Way = STRAIGHT
    in_keyring: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one attempt. `template_problem` says why the built-in words were sent where others were meant."""

    delivery: Delivery
    at: datetime
    receipt: Receipt | None = None
    failure: Failure | None = None
    template_problem: str = ""


class Settling:
    """The books of one channel. `resting_until` is how long nothing is tried, after a failure."""

    def __init__(self, channel: Channel, store: Store, owing: Owing, chance: Callable[[], float]) -> None:
        self._channel = channel
        self._store = store
        self._owing = owing
        self._chance = chance
        self._failures = 0
        self._succeeded_at: datetime | None = None
        self._was_asked_to_rest = False
        self.resting_until: datetime | None = None

    def end_rest(self, now: datetime) -> None:
        """Ends a rest that nobody asked for, and brings forward what it put off."""
        if self.resting_until is None or self._was_asked_to_rest or self.resting_until <= now:
            return
        with self._store.transaction():
            self._store.outbox.bring_forward(self._channel.name, self.resting_until, now)
            self._store.lanes.change(self._channel.name, resting_until=None)
        self.resting_until = None

    def write(self, settled: Settled) -> DeliveryState:
        if settled.receipt is not None:
            self.keep(settled.delivery, settled.receipt)
        if settled.failure is not None:
            self._store.attempts.note(settled.delivery.id, settled.at, settled.failure.message)
        match settled.failure:
            case None:
                return self._sent(settled)
            case Unauthorised() as failure:
                self._pause(settled, failure)
                return DeliveryState.WAITING
            case Unknown() as failure:
                return self._unknown(settled, failure)
            case Unreachable() as failure:
                return self._unreachable(settled, failure)
            case failure:
                return self._give_up(settled, failure.message)

    def write_success(self) -> None:
        """Once a batch: when this channel last took something."""
        if self._succeeded_at is not None:
            self._store.lanes.change(self._channel.name, last_success_at=self._succeeded_at)
            self._succeeded_at = None

    def keep(self, delivery: Delivery, receipt: Receipt) -> None:
        """What the platform calls the alert, also where only the first of several requests was taken: the next attempt
        goes on from there."""
        if receipt.reference or receipt.details:
            thread, channel = delivery.thread, self._channel.name
            self._store.outbox.keep_receipt(thread, channel, receipt.reference, dict(receipt.details))

    def _sent(self, settled: Settled) -> DeliveryState:
        delivery, receipt = settled.delivery, settled.receipt or Receipt()
        problem = settled.template_problem
        self._store.outbox.settle(
            delivery,
            DeliveryState.SENT,
            settled.at,
            reference=receipt.reference,
            error=problem,
            may_have_arrived=delivery.may_have_arrived and self._doubles(delivery),
        )
        self._owing.reminder(delivery, settled.at)
        self._note(delivery, "delivered", settled.at, {"reference": receipt.reference})
        if problem:
            self._note(delivery, "template_failed", settled.at, {"problem": problem})
        if self._failures or self.resting_until:
            self._store.lanes.change(self._channel.name, resting_until=None)
        self._failures, self.resting_until, self._succeeded_at = 0, None, settled.at
        return DeliveryState.SENT

    def _unreachable(self, settled: Settled, failure: Unreachable) -> DeliveryState:
        delivery = settled.delivery
        first = delivery.first_attempt_at or settled.at
        if settled.at - first >= backoff.PATIENCE:
            return self._give_up(settled, failure.message)
        self._failures += 1
        wait = failure.retry_after or backoff.delay(self._failures, self._chance())
        self._was_asked_to_rest = failure.retry_after is not None
        self._rest(settled.at + wait, failure.message, settled.at)
        self._store.outbox.postpone(
            delivery, settled.at + wait, failure.message, may_have_arrived=delivery.may_have_arrived
        )
        return DeliveryState.WAITING

    def _unknown(self, settled: Settled, failure: Unknown) -> DeliveryState:
        """Sent, but no answer: harmless to repeat where the platform deduplicates, else repeated once."""
        delivery = settled.delivery
        doubles = self._doubles(delivery)
        if doubles and delivery.may_have_arrived:
            return self._give_up(settled, UNANSWERED_TWICE)
        self._failures += 1
        wait = backoff.delay(self._failures, self._chance())
        self._was_asked_to_rest = False
        self._rest(settled.at + wait, failure.message, settled.at)
        until = settled.at + (max(wait, REPEAT_UNKNOWN_AFTER) if doubles else wait)
        self._store.outbox.postpone(delivery, until, failure.message, may_have_arrived=True)
        return DeliveryState.WAITING

    def _doubles(self, delivery: Delivery) -> bool:
        """Whether telling this twice would be seen twice."""
        return self._channel.platform.on_repeat(delivery.operation, self._channel.config) is Repeat.DOUBLES

    def _give_up(self, settled: Settled, why: str) -> DeliveryState:
        delivery = settled.delivery
        may_have_arrived = delivery.may_have_arrived or isinstance(settled.failure, Unknown)
        self._store.outbox.settle(
            delivery, DeliveryState.FAILED, settled.at, error=why, may_have_arrived=may_have_arrived
        )
        self._owing.failed(delivery, settled.at)
        self._store.lanes.change(self._channel.name, last_error=why, last_error_at=settled.at)
        self._note(delivery, "delivery_failed", settled.at, {"error": why})
        return DeliveryState.FAILED

    def _pause(self, settled: Settled, failure: Unauthorised) -> None:
        """The channel's credentials are refused: nothing is tried until a person has acted."""
        delivery = settled.delivery
        self._store.outbox.postpone(delivery, settled.at, failure.message, may_have_arrived=delivery.may_have_arrived)
        self._store.lanes.change(
            self._channel.name,
            paused=failure.message,
            paused_at=settled.at,
            last_error=failure.message,
            last_error_at=settled.at,
        )
        self._note(delivery, "channel_paused", settled.at, {"error": failure.message})

    def _rest(self, until: datetime, error: str, now: datetime) -> None:
        self.resting_until = until
        self._store.lanes.change(self._channel.name, resting_until=until, last_error=error, last_error_at=now)

    def _note(self, delivery: Delivery, action: str, at: datetime, detail: dict[str, Any]) -> None:
        more = {
            "channel": self._channel.name,
            "operation": delivery.operation,
            "delivery": delivery.id,
            "alerts": delivery.alerts,
            **detail,
        }
        subject, origin = alert_subject(delivery.alert_id), self._channel.platform.key
        entry = Entry(at=at, who=PROGRAM, origin=origin, action=action, subject=subject, detail=more)
        self._store.audit.append([entry], at)
