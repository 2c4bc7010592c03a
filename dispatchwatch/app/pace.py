"""How many messages a channel takes in what time, and when the next may go.

The vendor's own limit and the office's stricter one are kept side by side, each as a sliding window: in any span of
its length no more messages are begun than it allows. Time is that of the steady clock, which nobody sets.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import timedelta

from dispatchwatch.dispatch.platform import Rate
from dispatchwatch.domain.durations import parse_duration

OFF = "off"
SMALLEST = 1e-6
"""What is less, in seconds, is nothing but rounding."""


class Pace:
    """The windows of one lane. Without any, there is always room."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        self._windows = [_Window(rate) for rate in rates]

    @property
    def is_bound(self) -> bool:
        return bool(self._windows)

    @property
    def longest(self) -> timedelta:
        """How far back messages count."""
        return max((one.rate.per for one in self._windows), default=timedelta())

    def took(self, steady: float) -> None:
        """A message was begun. Earlier ones may be told later; none is taken back."""
        for one in self._windows:
            one.took(steady)

    def room(self, steady: float) -> int:
        """How many messages may be begun now."""
        return min(one.room(steady) for one in self._windows)

    def wait(self, steady: float) -> float:
        """The seconds until there is room for one; 0 if there is."""
        return max((one.wait(steady) for one in self._windows), default=0.0)


class _Window:
    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self._begun: deque[float] = deque(maxlen=rate.count)
        self._per = rate.per.total_seconds()

    def took(self, steady: float) -> None:
        self._begun.append(max(steady, self._begun[-1]) if self._begun else steady)

    def room(self, steady: float) -> int:
        return self.rate.count - sum(self._left(begun, steady) > 0 for begun in self._begun)

    def wait(self, steady: float) -> float:
        return 0.0 if len(self._begun) < self.rate.count else self._left(self._begun[0], steady)

    def _left(self, begun: float, steady: float) -> float:
        """The seconds for which a message still counts."""
        left = begun + self._per - steady
        return left if left > SMALLEST else 0.0


def rates_of(own: str, vendor: Rate | None) -> Sequence[Rate]:
    """The limits that a channel keeps: its platform's and its own, written `30/1m`; none where it says `off`."""
    if own == OFF:
        return ()
    count, _, per = own.partition("/")
    ours = (Rate(int(count), parse_duration(per)),) if own else ()
    return (*((vendor,) if vendor else ()), *ours)
