"""A delivery as a value, and as a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification
from dispatchwatch.store import codec


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A debt. `waits_for_nobody`: owed only while the alert is neither acknowledged nor over.

    `alerts` are those it speaks of, `alert_id` the first of them. `thread` is the key of the alert that opened the
    thread it belongs to. `held` says why it waits, and until when, where it is held back. `revision` counts how often
    it was put differently while it waited. `may_have_arrived`: an attempt went out whose answer we never saw.
    `reference` is what the platform calls it.
    """

    id: int = 0
    alert_id: int
    alerts: tuple[int, ...] = ()
    thread: str = ""
    channel: str
    platform: str
    operation: Operation
    state: DeliveryState = DeliveryState.WAITING
    notification: Notification
    waits_for_nobody: bool = False
    repeat: timedelta | None = None
    created_at: datetime
    next_attempt_at: datetime
    attempts: int = 0
    first_attempt_at: datetime | None = None
    settled_at: datetime | None = None
    may_have_arrived: bool = False
    held: str = ""
    revision: int = 0
    reference: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """A delivery without its words, for finding out what else is to be said in its thread."""

    id: int
    alert_id: int
    thread: str
    channel: str
    operation: Operation
    state: DeliveryState
    waits_for_nobody: bool
    repeat: timedelta | None
    next_attempt_at: datetime
    attempts: int
    may_have_arrived: bool
    held: str

    @property
    def is_waiting(self) -> bool:
        return self.state is DeliveryState.WAITING

    @property
    def is_untouched(self) -> bool:
        """Whether it waits and was never tried, so that its words are nobody's yet."""
        return self.is_waiting and not self.attempts

    @property
    def was_told(self) -> bool:
        """Whether the channel heard it, hears it just now, or may have."""
        return self.may_have_arrived or self.state in {DeliveryState.SENT, DeliveryState.SENDING}


def row_of(delivery: Delivery) -> dict[str, Any]:
    return {
        "alert_id": delivery.alert_id,
        "thread": delivery.thread or delivery.notification.alert_key,
        "channel": delivery.channel,
        "platform": delivery.platform,
        "operation": delivery.operation.value,
        "state": delivery.state.value,
        "notification": codec.encode(codec.NOTIFICATION, delivery.notification),
        "waits_for_nobody": delivery.waits_for_nobody,
        "repeat_seconds": delivery.repeat.total_seconds() if delivery.repeat else None,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.next_attempt_at,
        "attempts": delivery.attempts,
        "first_attempt_at": delivery.first_attempt_at,
        "settled_at": delivery.settled_at,
        "owner": "",
        "lease_until": None,
        "may_have_arrived": delivery.may_have_arrived,
        "held": delivery.held,
        "revision": delivery.revision,
        "reference": delivery.reference,
        "error": delivery.error,
    }


def delivery_of(row: dict[str, Any], alerts: tuple[int, ...] = ()) -> Delivery:
    """The value of a row; `alerts` as they are linked to it."""
    first, seconds = row["alert_id"], row["repeat_seconds"]
    return Delivery(
        id=row["id"],
        alert_id=first,
        alerts=(first, *(number for number in alerts if number != first)),
        thread=row["thread"],
        channel=row["channel"],
        platform=row["platform"],
        operation=Operation(row["operation"]),
        state=DeliveryState(row["state"]),
        notification=codec.NOTIFICATION.validate_json(row["notification"]),
        waits_for_nobody=row["waits_for_nobody"],
        repeat=timedelta(seconds=seconds) if seconds else None,
        created_at=row["created_at"],
        next_attempt_at=row["next_attempt_at"],
        attempts=row["attempts"],
        first_attempt_at=row["first_attempt_at"],
        settled_at=row["settled_at"],
        may_have_arrived=row["may_have_arrived"],
        held=row["held"],
        revision=row["revision"],
        reference=row["reference"],
        error=row["error"],
    )


def debt_of(row: dict[str, Any]) -> Debt:
    seconds = row["repeat_seconds"]
    return Debt(
        id=row["id"],
        alert_id=row["alert_id"],
        thread=row["thread"],
        channel=row["channel"],
        operation=Operation(row["operation"]),
        state=DeliveryState(row["state"]),
        waits_for_nobody=row["waits_for_nobody"],
        repeat=timedelta(seconds=seconds) if seconds else None,
        next_attempt_at=row["next_attempt_at"],
        attempts=row["attempts"],
        may_have_arrived=row["may_have_arrived"],
        held=row["held"],
    )
