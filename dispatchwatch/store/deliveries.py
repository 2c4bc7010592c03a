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

    `may_have_arrived`: an attempt went out whose answer we never saw. `reference` is what the platform calls it.
    """

    id: int = 0
    alert_id: int
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
    reference: str = ""
    error: str = ""


def row_of(delivery: Delivery) -> dict[str, Any]:
    return {
        "alert_id": delivery.alert_id,
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
        "reference": delivery.reference,
        "error": delivery.error,
    }


def delivery_of(row: dict[str, Any]) -> Delivery:
    seconds = row["repeat_seconds"]
    return Delivery(
        id=row["id"],
        alert_id=row["alert_id"],
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
        reference=row["reference"],
        error=row["error"],
    )
