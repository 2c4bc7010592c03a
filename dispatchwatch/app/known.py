"""What is known of how far a channel has heard of an alert."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispatchwatch.app.waiting import TELLING, was_heard
from dispatchwatch.store.deliveries import Debt
from dispatchwatch.store.threads import Place

Said = Mapping[Place, Sequence[Debt]]
"""Everything that is or was to be said, by thread and channel."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is said of one alert: each message that speaks of it, and all that is said in their threads."""

    debts: Sequence[Debt]
    said: Said

    def on(self, channel: str) -> list[Debt]:
        return [debt for debt in self.debts if debt.channel == channel]

    @property
    def channels(self) -> list[str]:
        return list(dict.fromkeys(debt.channel for debt in self.debts))


def places_of(debts: Iterable[Debt]) -> list[Place]:
    return list(dict.fromkeys((debt.thread, debt.channel) for debt in debts))


def will_hear(debts: Collection[Debt]) -> bool:
    """Whether the channel has heard of the thread, or is sure to."""
    first = (one for one in debts if one.operation in TELLING and not one.waits_for_nobody)
    return was_heard(debts) or any(one.is_waiting for one in first)
