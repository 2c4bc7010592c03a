"""Values to store."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Operation, Severity
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.deliveries import Delivery
from tests.fakes.office import at, minutes

NOW = at("10:06")


def alert(name: str = "J-1042", **changes: Any) -> Alert:
    told = {
        "key": f"late_check_in|today|{name}|2026-11-10T16:05Z",
        "kind": AlertKind.LATE_CHECK_IN,
        "severity": Severity.WARNING,
        "feed": "today",
        "ext_id": name,
        "due_at": at("10:05"),
        "raised_at": NOW,
        "updated_at": NOW,
        "facts": {"technician": "J. Ortiz", "customer": "Müller & Søn 山"},
    }
    return Alert(**{**told, **changes})


def delivery(number: int = 1, operation: Operation = Operation.RAISE, channel: str = "ops", **changes: Any) -> Delivery:
    told: dict[str, Any] = {
        "alert_id": number,
        "channel": channel,
        "platform": "slack",
        "operation": operation,
        "notification": wording.notification(alert(f"J-{number}"), operation, NOW),
        "created_at": NOW,
        "next_attempt_at": NOW,
    }
    return Delivery(**{**told, **changes})


def entry(number: int = 0, at: datetime = NOW) -> Entry:
    return Entry(
        at=at + timedelta(seconds=number),
        who="Sam",
        origin="desk",
        action="acknowledged",
        subject=f"alert {number}",
        detail={"note": f"Nummer {number} – “ünd” 山", "until": at + minutes(number)},
    )
