"""How long it takes to get from one place to another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from dispatchwatch.domain.technician import Position

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """Drives from straight-line distances. `speeds` are bands: up to so many km of road, so many km/h.

    Every drive begins in the first band and goes on in the next, so that a longer way is never the quicker one. The
    road factor and the fixed time for parking are proposals (study 5.1), so all of it can be configured.
    """

    road_factor: float = 1.3
    speeds: tuple[tuple[float, float], ...] = ((5.0, 28.0), (20.0, 45.0), (60.0, 70.0))
    beyond_km_per_hour: float = 85.0
    parking: timedelta = timedelta(minutes=5)

    def between(self, start: Position | None, end: Position | None) -> timedelta | None:
        """The drive between two positions, parking included; None if either is unknown."""
        if start is None or end is None:
            return None
        if start == end:
            return timedelta()
        return timedelta(hours=self._hours(distance_km(start, end) * self.road_factor)) + self.parking

    def _hours(self, road: float) -> float:
        hours = done = 0.0
        for up_to, speed in _bands(self.speeds):
            if road <= up_to:
                return hours + (road - done) / speed
            hours += (up_to - done) / speed
            done = up_to
        return hours + (road - done) / self.beyond_km_per_hour


@lru_cache(maxsize=16)
def _bands(speeds: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    return tuple(sorted(speeds))


@lru_cache(maxsize=65_536)
def distance_km(start: Position, end: Position) -> float:
    """The distance over the ground as the crow flies, in kilometres."""
    latitude_1, longitude_1, latitude_2, longitude_2 = map(math.radians, (*start, *end))
    lift = math.sin((latitude_2 - latitude_1) / 2) ** 2
    turn = math.cos(latitude_1) * math.cos(latitude_2) * math.sin((longitude_2 - longitude_1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, lift + turn)))
