"""One clearly marked test message to one channel, outside the outbox."""

from __future__ import annotations

from datetime import datetime

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.delivery import Channel
from dispatchwatch.dispatch.errors import Failure
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import AlertKind, Operation, Severity
from dispatchwatch.domain.notification import Notification


def test_notification(channel: str, now: datetime) -> Notification:
    return Notification(
        operation=Operation.RAISE,
        alert_key=f"test|{channel}",
        kind=AlertKind.LATE_CHECK_IN,
        severity=Severity.INFO,
        subject="Test from DispatchWatch",
        headline="This is a test from DispatchWatch. Nothing is wrong, and nobody needs to act.",
        facts=(("Channel", channel),),
        due_at=now,
        written_at=now,
        is_test=True,
    )


async def test_channel(channel: Channel | None, name: str, now: datetime) -> Result:
    """Sends it and says what came of it."""
    if channel is None:
        return Result(f"channel {name}", done=False, text=f"There is no channel “{name}” that could be used.")
    sender = Sender(way=channel.way)
    try:
        receipt = await sender.send(channel.platform, test_notification(name, now), channel.config, None, now)
    except Failure as failure:
        return Result(f"channel {name}", done=False, text=failure.message)
    finally:
        await sender.aclose()
    reference = f" (reference {receipt.reference})" if receipt.reference else ""
    return Result(f"channel {name}", done=True, text=f"{channel.platform.name} took the test message{reference}.")
