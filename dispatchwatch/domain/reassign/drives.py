"""How long the drives between many places take, worked out when first asked for."""

from __future__ import annotations

from datetime import timedelta

from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.whereabouts import Place


class Drives:
    """Places are known by number. Drives are in seconds, the same there and back; one that can't be known is 0."""

    def __init__(self, travel: Travel) -> None:
        self.places: list[Place] = []
        self._travel = travel
        self._numbers: dict[Place, int] = {}
        self._rows: dict[int, list[float]] = {}
        self._pairs: dict[tuple[int, int], float] = {}

    def number(self, place: Place) -> int:
        found = self._numbers.get(place)
        if found is None:
            found = self._numbers[place] = len(self.places)
            self.places.append(place)
        return found

    def row(self, number: int) -> list[float]:
        """From one place to every place that has a number by now."""
        row = self._rows.setdefault(number, [])
        here = self.places[number]
        for there in self.places[len(row) :]:
            drive = here.drive_to(there, self._travel)
            row.append(drive.total_seconds() if drive is not None else 0.0)
        return row

    def know(self, start: int, end: int, drive: timedelta | None) -> None:
        """Takes note of a drive that is known already."""
        self._pairs[start, end] = drive.total_seconds() if drive is not None else 0.0

    def between(self, start: int, end: int) -> float:
        found = self._pairs.get((start, end))
        if found is None:
            drive = self.places[start].drive_to(self.places[end], self._travel)
            found = self._pairs[start, end] = drive.total_seconds() if drive is not None else 0.0
        return found

    def unknown(self, start: int, end: int) -> str:
        """The place without a position that makes a drive unknown; empty where it is known."""
        here, there = self.places[start], self.places[end]
        if here.position is not None and there.position is not None:
            return ""
        if here.drive_to(there, self._travel) is not None:
            return ""
        return here.name if here.position is None else there.name
