"""One clearly marked test message to one channel, outside the outbox and within the channel's limits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.pace import Pace, rates_of
from dispatchwatch.app.settling import Channel
from dispatchwatch.dispatch.errors import Failure
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import AlertKind, Operation, Severity
from dispatchwatch.domain.notification import Notification
from dispatchwatch.store.store import Store


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


@dataclass(frozen=True, slots=True)
class ChannelTester:
    """Tests channels, for a running program and for a command beside it alike: they meet in the store. `sender` makes a
    connection to a channel."""

    channels: Mapping[str, Channel]
    store: Store
    desk: Desk
    sender: Callable[[Channel], Sender]

    async def test(self, name: str, actor: Actor, now: Callable[[], datetime]) -> Result:
        """Sends the message, records that, and says what came of it. One that is taken lifts the channel's pause."""
        subject, channel = f"channel {name}", self.channels.get(name)
        if channel is None:
            return Result(subject, done=False, text=f"There is no channel “{name}” that could be used.")
        wait = self._begin(channel, now())
        if wait:
            return Result(subject, done=False, text=_too_soon(channel, wait))
        result = await send_test(self.sender(channel), channel, now())
        self.desk.tested(name, "" if result.done else result.text, actor, now())
        return result

    def _begin(self, channel: Channel, now: datetime) -> float:
        """Notes that a test begins, so that it counts; or the seconds until there is room for it."""
        pace = Pace(rates_of(channel.config.rate, channel.platform.rate))
        since = now - pace.longest
        with self.store.transaction():
            tests = [at for _, at in self.store.channel_tests.begun(channel.name, since)]
            for begun in sorted([*self.store.outbox.begun_since(channel.name, since), *tests]):
                pace.took(min((begun - now).total_seconds(), 0.0))
            wait = pace.wait(0.0)
            if not wait:
                self.store.channel_tests.begin(channel.name, now, since)
        return wait


async def send_test(sender: Sender, channel: Channel, now: datetime) -> Result:
    """Sends the message and closes the connection."""
    subject = f"channel {channel.name}"
    try:
        told = test_notification(channel.name, now)
        receipt = await sender.send(channel.platform, told, channel.config, None, now)
    except Failure as failure:
        return Result(subject, done=False, text=failure.message)
    finally:
        await sender.aclose()
    reference = f" (reference {receipt.reference})" if receipt.reference else ""
    return Result(subject, done=True, text=f"{channel.platform.name} took the test message{reference}.")


def _too_soon(channel: Channel, wait: float) -> str:
    seconds = math.ceil(wait)
    length = f"{seconds} seconds" if seconds != 1 else "1 second"
    limit = f"{channel.name} has reached its limit of messages at {channel.platform.name}"
    return f"{limit}; nothing was sent. A test can go in {length}: test it again then."
