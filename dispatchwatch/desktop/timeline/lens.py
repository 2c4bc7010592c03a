"""Which part of the day is seen, and how large: instants to pixels and back."""

from __future__ import annotations

from dispatchwatch.desktop.timeline.shape import Stretch

MOST_PER_HOUR = 1200.0
ZOOM_STEP = 1.25
HOUR = 3600.0
NOW_AT = 0.3
"""Where on the width "now" is brought to: more is to come than was."""


class Lens:
    """`span` is the day, `width` how many pixels show it. The whole day is the smallest; `fits` while it is shown.

    `left` is the instant at the left edge, `offset` how many pixels of the day are before it.
    """

    def __init__(self) -> None:
        self.span: Stretch = (0.0, HOUR)
        self.width = 1
        self.left = 0.0
        self.fits = True
        self.offset = 0
        self._per_second = 1.0 / HOUR

    @property
    def per_hour(self) -> float:
        return self._per_second * HOUR

    @property
    def shown(self) -> Stretch:
        return self.left, self.instant(self.width)

    @property
    def length(self) -> int:
        """How many pixels the whole day takes."""
        return round((self.span[1] - self.span[0]) * self._per_second)

    def x(self, instant: float) -> int:
        """Pixels from the left edge. Counted from the beginning of the day, so that scrolling by whole pixels moves
        everything alike.
        """
        return round((instant - self.span[0]) * self._per_second) - self.offset

    def instant(self, x: float) -> float:
        return self.left + x / self._per_second

    def cover(self, span: Stretch, width: int) -> None:
        """Another day or another width: what is seen stays, the whole day stays whole."""
        self.span, self.width = span, max(1, width)
        self._set(self._least if self.fits else self._per_second, self.left)

    def zoom(self, steps: float, x: float) -> None:
        """Larger or smaller, so that what is at `x` stays there."""
        fixed = self.instant(x)
        wanted = self._per_second * ZOOM_STEP**steps
        wanted = max(self._least, min(wanted, max(self._least, MOST_PER_HOUR / HOUR)))
        self.fits = wanted <= self._least
        self._set(wanted, fixed - x / wanted)

    def magnify(self, per_hour: float) -> None:
        """To so many pixels an hour, from the same left edge."""
        self.fits = False
        self._set(per_hour / HOUR, self.left)

    def fit(self) -> None:
        self.fits = True
        self._set(self._least, self.span[0])

    def scroll_to(self, offset: int) -> None:
        self._set(self._per_second, self.span[0] + offset / self._per_second)

    def bring(self, instant: float) -> None:
        """Scrolls so that an instant stands a third of the way across."""
        self._set(self._per_second, instant - self.width * NOW_AT / self._per_second)

    def reveal(self, stretch: Stretch, margin: int) -> None:
        """Scrolls no further than needed to see a stretch; of one that is too long its beginning."""
        room = margin / self._per_second
        left = self.left
        if stretch[1] + room > self.shown[1]:
            left = stretch[1] + room - self.width / self._per_second
        left = min(left, max(stretch[0] - room, self.span[0]))
        self._set(self._per_second, left)

    @property
    def _least(self) -> float:
        return self.width / max(HOUR, self.span[1] - self.span[0])

    def _set(self, per_second: float, left: float) -> None:
        self._per_second = max(per_second, self._least)
        self.fits = self.fits or self._per_second <= self._least
        room = self.width / self._per_second
        self.left = max(self.span[0], min(left, self.span[1] - room))
        self.offset = round((self.left - self.span[0]) * self._per_second)
