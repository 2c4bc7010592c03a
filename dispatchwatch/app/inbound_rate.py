"""How often somebody may knock."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

REMEMBERED_NAMES = 1000


class Rate:
    """So many `within` seconds for each name, such as an address, evenly: what was not used is saved up that long.

    Of more names than can be remembered the one that was quiet longest is forgotten. `steady` counts seconds.
    """

    def __init__(self, most: int, steady: Callable[[], float] = monotonic, within: float = 60.0) -> None:
        self._most = float(most)
        self._within = within
        self._steady = steady
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, name: str) -> bool:
        """Whether there is one left for this name; it is used up by asking."""
        now = self._steady()
        left, at = self._left.pop(name, (self._most, now))
        left = min(self._most, left + (now - at) * self._most / self._within)
        allowed = left >= 1
        self._left[name] = (left - 1 if allowed else left, now)
        if len(self._left) > REMEMBERED_NAMES:
            self._left.popitem(last=False)
        return allowed
