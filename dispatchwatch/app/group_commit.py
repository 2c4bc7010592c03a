"""Writing to the disk once for many messages, where many go out in a short while.

What is written outlives the program as soon as its transaction ends, whatever kills it. To outlive a power cut it must
be forced onto the disk as well, which takes longer than everything else about a message. So that happens with the last
of a batch and at most `FORCED_EVERY` after the time before; a vendor who takes longer than that to answer has every
message forced. What a power cut may cost is a message that is told twice, of those told within that time; nothing owed
is lost by it, since what is owed is always forced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dispatchwatch.store.store import Store

FORCED_EVERY = 0.1
"""Seconds."""


class GroupCommit:
    """What all lanes share: whatever forces the disk does so for what the others wrote before."""

    def __init__(self, store: Store, steady: Callable[[], float]) -> None:
        """`steady` is a clock in seconds that is never set."""
        self._store = store
        self._steady = steady
        self._forced_at = steady() - FORCED_EVERY

    @contextmanager
    def transaction(self, *, is_last: bool) -> Iterator[None]:
        """All or nothing; with the last of a batch forced onto the disk in any case."""
        forced = is_last or self._steady() - self._forced_at >= FORCED_EVERY
        with self._store.transaction(forced=forced):
            yield
        if forced:
            self._forced_at = self._steady()
