"""Where the rows stand: the ruler on top, below it the tray of what nobody is assigned to, then the technicians."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from dispatchwatch.desktop.timeline.layout import TechnicianDay

TRAY_SHARE = 3
"""The tray takes at most one third of the height; what is further down is scrolled to."""


class Measures(NamedTuple):
    """Lengths in pixels: of the ruler, of the column of names, of a lane, and above and below the lanes of a row."""

    ruler: int
    names: int
    lane: int
    padding: int

    def height(self, day: TechnicianDay) -> int:
        return day.lanes * self.lane + 2 * self.padding


class Placed(NamedTuple):
    """A row as it is seen: its top edge and height in the window, and between which heights it may be painted."""

    day: TechnicianDay
    top: int
    height: int
    clip: tuple[int, int]


class Stage:
    """The rows from top to bottom. `tray` is None where everybody is assigned."""

    def __init__(self, measures: Measures) -> None:
        self.measures = measures
        self.tray: TechnicianDay | None = None
        self.days: Sequence[TechnicianDay] = ()
        self.height = 0
        self.scrolled = 0
        self.tray_scrolled = 0
        self._tops = [0]
        self._numbers: dict[str, int] = {}

    def show(self, tray: TechnicianDay | None, days: Sequence[TechnicianDay], measures: Measures) -> None:
        self.measures, self.tray, self.days = measures, tray, days
        self._tops = [0, *accumulate(measures.height(day) for day in days)]
        self._numbers = {day.identity: number for number, day in enumerate(days)}

    @property
    def tray_length(self) -> int:
        """How high the tray would be if all of it were seen."""
        return self.measures.height(self.tray) if self.tray else 0

    @property
    def tray_bottom(self) -> int:
        least = self.measures.lane + 2 * self.measures.padding
        most = max(least, (self.height - self.measures.ruler) // TRAY_SHARE)
        return self.measures.ruler + min(self.tray_length, most)

    @property
    def length(self) -> int:
        """How high all rows below the tray are together."""
        return self._tops[-1]

    @property
    def room(self) -> int:
        """How much height there is for them."""
        return max(0, self.height - self.tray_bottom)

    @property
    def every(self) -> list[TechnicianDay]:
        return [*([self.tray] if self.tray else []), *self.days]

    def seen(self, top: int, bottom: int) -> list[Placed]:
        """The rows that are seen between two heights of the window."""
        found = []
        if self.tray is not None and top < self.tray_bottom:
            found.append(self._placed_tray(self.tray))
        first = max(0, bisect_right(self._tops, max(top, self.tray_bottom) - self.tray_bottom + self.scrolled) - 1)
        for number in range(first, len(self.days)):
            placed = self._placed(number)
            if placed.top >= bottom:
                break
            found.append(placed)
        return found

    def place(self, identity: str) -> Placed | None:
        """Where a row is, seen or not."""
        if self.tray is not None and identity == self.tray.identity:
            return self._placed_tray(self.tray)
        number = self._numbers.get(identity)
        return None if number is None else self._placed(number)

    def at(self, y: int) -> Placed | None:
        """The row at a height of the window."""
        if not self.measures.ruler <= y < self.height:
            return None
        return next((one for one in self.seen(y, y + 1) if one.top <= y < one.top + one.height), None)

    def _placed_tray(self, tray: TechnicianDay) -> Placed:
        ruler = self.measures.ruler
        return Placed(tray, ruler - self.tray_scrolled, self.tray_length, (ruler, self.tray_bottom))

    def _placed(self, number: int) -> Placed:
        top = self.tray_bottom + self._tops[number] - self.scrolled
        height = self._tops[number + 1] - self._tops[number]
        return Placed(self.days[number], top, height, (self.tray_bottom, self.height))
