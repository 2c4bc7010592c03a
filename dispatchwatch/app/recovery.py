"""Putting the outbox in order at a start, after whoever had it before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dispatchwatch.app.delivery import Channel
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from dispatchwatch.store.store import Store

CRASHED_TWICE = "The program ended twice while sending this; it may have arrived. Look there, then re-send if not."
CHANNEL_GONE = "This channel is no longer in the configuration."


def recover(
    store: Store, channels: Mapping[str, Channel], unusable: Mapping[str, str], owner: str, now: datetime
) -> None:
    """Puts the outbox in order after whoever had it before: what was half sent, what has nowhere to go, who may start.

    Where the platform deduplicates, sending again is harmless. Elsewhere it is sent once more and marked as one that
    may have arrived twice; a second crash in the same message ends it as failed, for a person to decide. `unusable`
    are channels that lack something, with what: they start paused, and what they are owed waits.
    """
    with store.transaction():
        for delivery in store.outbox.left_sending(owner, now):
            channel = channels.get(delivery.channel)
            if channel is not None and _doubles(channel, delivery) and delivery.may_have_arrived:
                store.outbox.settle(delivery, DeliveryState.FAILED, now, error=CRASHED_TWICE, may_have_arrived=True)
            else:
                store.outbox.postpone(delivery, now, delivery.error, may_have_arrived=True)
        for name in store.outbox.waiting_channels() - set(channels) - set(unusable):
            store.outbox.fail_all(name, now, CHANNEL_GONE)
        for name in {*store.lanes.all(), *channels} - set(unusable):
            store.lanes.change(name, paused="", paused_at=None, resting_until=None, limited_until=None)
        for name, problem in unusable.items():
            store.lanes.change(name, paused=problem, paused_at=now, last_error=problem, last_error_at=now)


def _doubles(channel: Channel, delivery: Delivery) -> bool:
    return channel.platform.on_repeat(delivery.operation, channel.config) is Repeat.DOUBLES
