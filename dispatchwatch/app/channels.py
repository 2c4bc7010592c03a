"""What can be said of platforms and channels without sending anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dispatchwatch.app.delivery import Channel
from dispatchwatch.dispatch.errors import Failure
from dispatchwatch.dispatch.fields import secret_fields
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.redact import preview
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Operation, Severity, alert_key, epoch


class PreviewError(Exception):
    """Nothing can be shown; the message says why."""


def describe_platform(platform: Platform[Any]) -> dict[str, Any]:
    """A platform's operations and configuration, with its JSON Schema."""
    secrets = secret_fields(platform.config)
    return {
        "key": platform.key,
        "name": platform.name,
        "operations": [one.value for one in Operation if one in platform.operations],
        "repeat": platform.repeat.value,
        "fields": [
            {
                "key": name,
                "label": field.title or name,
                "help": field.description or "",
                "required": field.is_required(),
                "secret": name in secrets,
            }
            for name, field in platform.config.model_fields.items()
        ],
        "schema": platform.config.model_json_schema(),
    }


def preview_channel(
    channel: Channel | None, name: str, kind: AlertKind, operation: Operation, now: datetime
) -> list[dict[str, Any]]:
    """The requests that would go out for a made-up alert, one after the other: method, url, headers, body.

    Raises `PreviewError`.
    """
    if channel is None:
        raise PreviewError(f"There is no channel “{name}” that could be used.")
    if operation not in channel.platform.operations:
        raise PreviewError(f"{channel.platform.name} can’t be told to {operation.value}.")
    alert = sample_alert(kind, now)
    notification = wording.notification(alert, operation, now)
    try:
        requests = previewed(channel.platform, notification, channel.config)
    except Failure as failure:
        raise PreviewError(failure.message) from None
    secrets = channel.platform.secrets(channel.config)
    return [preview(request, secrets) for request in requests]


def sample_alert(kind: AlertKind, now: datetime) -> Alert:
    """A made-up alert of this kind, with every part filled in."""
    due_at = now - timedelta(minutes=20)
    return Alert(
        id=1,
        key=alert_key(kind, "today", "J-1042", epoch(due_at)),
        kind=kind,
        severity=Severity.HIGH,
        state=AlertState.ACKNOWLEDGED,
        feed="today",
        ext_id="J-1042",
        due_at=due_at,
        raised_at=due_at,
        updated_at=now,
        facts={
            "visit": "J-1042",
            "technician": "J. Ortiz",
            "technician_phone": "+1 555 0100",
            "customer": "Acme Foundry",
            "site": "Plant 4",
            "timezone": "America/Chicago",
            "promise": (due_at - timedelta(minutes=15)).isoformat(),
            "problem": "exports/today.csv is not there.",
            "rows": "40",
            "shrunken_rows": "3",
        },
        acknowledged_at=now,
        acknowledged_by="Sam",
        note="Called him, ten minutes away",
        resolved_at=now,
        resolution="J. Ortiz checked in at 09:41 CST, 26 min late",
    )
