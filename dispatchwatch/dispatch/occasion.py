"""What tells one message from every other. Where the answer to a message was lost, it is looked for under this."""

from __future__ import annotations

import hashlib

from dispatchwatch.domain.notification import Notification


def occasion(notification: Notification) -> str:
    """Names this telling: the same at every attempt, another for each operation, reminder and alert."""
    return f"{notification.operation}@{notification.written_at.isoformat()}"


def occasion_key(notification: Notification) -> str:
    """The same in 32 letters, digits and hyphens, with the alert in it: safe in an address and in a query."""
    told = f"{notification.alert_key}\n{occasion(notification)}".encode("utf-8", "surrogatepass")
    return f"dw-{hashlib.sha256(told).hexdigest()[:29]}"
