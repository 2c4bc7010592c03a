"""Where a site is, as cells tell it."""

from __future__ import annotations

import re

from dispatchwatch.intake.formats import tells_nothing

Coordinates = tuple[float, float]
PAIR = re.compile(r"\(?\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*\)?", re.ASCII)


def read_coordinates(latitude: str, longitude: str) -> Coordinates | None:
    """Degrees north and east, from two cells or from "(37.74, -122.45)" in the first; None where nothing is told.

    Raises ValueError with a plain sentence on anything else.
    """
    if tells_nothing(longitude) and (pair := PAIR.fullmatch(latitude)):
        latitude, longitude = pair.groups()
    if tells_nothing(latitude) or tells_nothing(longitude):
        return None
    try:
        north, east = (float(text.replace(",", ".")) for text in (latitude, longitude))
    except ValueError:
        raise ValueError(f"'{latitude}', '{longitude}' are not degrees") from None
    if not (abs(north) <= 90 and abs(east) <= 180):
        raise ValueError(f"{latitude}, {longitude} is nowhere on earth")
    return north, east
