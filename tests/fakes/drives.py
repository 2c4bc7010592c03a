"""Places in a row, as many minutes apart as their longitudes, so that drives in tests are whole minutes."""

from __future__ import annotations

from datetime import timedelta

from dispatchwatch.domain.technician import Position
from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.visit import Site


class Drives(Travel):
    def between(self, start: Position | None, end: Position | None) -> timedelta | None:
        if start is None or end is None:
            return None
        return timedelta(minutes=abs(start[1] - end[1]))


def site(name: str, minute: float | None = None) -> Site:
    """A site so many minutes down the road; without them, one whose position nobody knows."""
    position = {} if minute is None else {"latitude": 0.0, "longitude": float(minute)}
    return Site(name, "America/Chicago", f"{name} Road", **position)
