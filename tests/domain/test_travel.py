"""How long drives take: longer ways are never quicker, and there is as far as back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dispatchwatch.domain.travel import Travel, distance_km

latitudes = some.floats(-90, 90)
longitudes = some.floats(-180, 180)
positions = some.tuples(latitudes, longitudes)
travels = some.builds(
    Travel,
    road_factor=some.floats(1, 3),
    speeds=some.lists(some.tuples(some.floats(0.5, 200), some.floats(5, 150)), max_size=4).map(tuple),
    beyond_km_per_hour=some.floats(5, 150),
)
KM_OF_A_DEGREE = 111.19


def along(road_km: float, travel: Travel) -> tuple[float, float]:
    """A position so many kilometres of road from (0, 0)."""
    return (0.0, road_km / travel.road_factor / KM_OF_A_DEGREE)


@pytest.mark.parametrize(
    ("road_km", "minutes"),
    [(4.9, 5 + 10.5), (5.1, 5 + 10.71 + 0.13), (20, 5 + 10.71 + 20), (100, 5 + 10.71 + 20 + 34.29 + 28.24)],
)
def test_each_band_is_driven_at_its_own_speed(road_km: float, minutes: float) -> None:
    drive = Travel().between((0.0, 0.0), along(road_km, Travel()))
    assert drive is not None
    assert drive.total_seconds() / 60 == pytest.approx(minutes, abs=0.05)


def test_no_way_takes_no_time_and_an_unknown_one_is_not_guessed() -> None:
    here = (41.88, -87.63)
    assert Travel().between(here, here) == timedelta()
    assert Travel().between(None, here) is None
    assert Travel().between(here, None) is None


@given(travels, some.floats(0.01, 5000), some.floats(0.01, 5000))
def test_a_longer_way_is_never_the_quicker_one(travel: Travel, one: float, other: float) -> None:
    shorter, longer = sorted((one, other))
    near = travel.between((0.0, 0.0), along(shorter, travel))
    far = travel.between((0.0, 0.0), along(longer, travel))
    assert near is not None
    assert far is not None
    assert near <= far + timedelta(microseconds=1)


@given(travels, positions, positions)
def test_there_is_as_far_as_back_and_never_less_than_parking(
    travel: Travel, one: tuple[float, float], other: tuple[float, float]
) -> None:
    drive = travel.between(one, other)
    assert drive == travel.between(other, one)
    assert drive is not None
    assert one == other or drive >= travel.parking


@given(positions)
def test_the_other_end_of_the_world_is_half_way_round(position: tuple[float, float]) -> None:
    latitude, longitude = position
    opposite = (-latitude, longitude - 180 if longitude > 0 else longitude + 180)
    assert distance_km(position, opposite) == pytest.approx(20015, abs=1)
