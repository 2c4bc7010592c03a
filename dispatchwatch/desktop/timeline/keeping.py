"""What is remembered of the timeline between starts."""

from __future__ import annotations

from dataclasses import dataclass

from dispatchwatch.desktop import timeline_phrases as phrases
from dispatchwatch.desktop.preference_kinds import Preference
from dispatchwatch.desktop.timeline.layout import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOrder(Preference[Order]):
    def read(self, word: str) -> Order:
        return Order(word)

    def write(self, value: Order) -> str:
        return value.value


ORDER = KeptOrder(
    key="timeline_order",
    section=phrases.TIMELINE,
    label=phrases.ORDER_LABEL,
    help=phrases.ORDER_HELP,
    default=Order.LATE_FIRST,
)
