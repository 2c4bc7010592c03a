"""What is painted, and what the hand and the keyboard are on: all that the painters read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect

from dispatchwatch.app.view import Weighed
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.theme import Density, Theme
from dispatchwatch.desktop.timeline.layout import Block, TechnicianDay
from dispatchwatch.desktop.timeline.lens import Lens
from dispatchwatch.desktop.timeline.shape import Stretch
from dispatchwatch.desktop.timeline.stage import Measures, Placed, Stage
from dispatchwatch.domain.visit import VisitKey

NAMES, NAMES_SHARE = 208, 0.32
RULER = 32
PADDING = 3
SLIMMEST = 6


class Focus(NamedTuple):
    """Where the keyboard is: in a row, and there on a visit if it has one."""

    identity: str
    key: VisitKey | None = None


class Moving(NamedTuple):
    """A visit that is being dragged. `target` is the row under the hand; None where it can't be dropped."""

    block: Block
    origin: str
    point: QPoint
    target: TechnicianDay | None = None
    weighed: Weighed | None = None


class Spot(NamedTuple):
    """Where a block is painted: the plan, and below it what happens. `lane` is all of its height."""

    plan: QRect
    happens: QRect
    lane: QRect


@dataclass
class Scene:
    """`zone` is the office's; `wanted` are the visits that fit the search, None while nothing is searched."""

    theme: Theme
    assets: Assets
    zone: str
    lens: Lens
    stage: Stage
    now: float
    hovered: VisitKey | None = None
    focus: Focus | None = None
    has_keyboard: bool = False
    wanted: frozenset[VisitKey] | None = None
    moving: Moving | None = None
    width: int = 0
    known: bool = field(default=False)

    @property
    def compact(self) -> bool:
        return self.theme.density is Density.COMPACT

    def measures(self) -> Measures:
        """The lengths that go with the size of type and the width of the window."""
        theme = self.theme
        names = min(theme.px(NAMES), round(self.width * NAMES_SHARE))
        return Measures(theme.px(RULER), names, theme.px(30 if self.compact else 48), theme.px(PADDING))

    def x(self, instant: float) -> int:
        """Pixels from the left edge of the window."""
        return self.stage.measures.names + self.lens.x(instant)

    def spot(self, placed: Placed, block: Block) -> Spot:
        theme, measures = self.theme, self.stage.measures
        top = placed.top + measures.padding + block.lane * measures.lane
        start, end = block.shape.plan or block.shape.happens(self.now) or self.lens.span
        left, right = self.x(start), self.x(end)
        width = max(theme.px(SLIMMEST), right - left - 1)
        above, below = theme.px(5 if not self.compact else 4), theme.px(6 if not self.compact else 4)
        height = measures.lane - above - below - theme.px(5 if not self.compact else 3)
        strip = top + above + height + theme.px(2 if not self.compact else 1)
        begun = block.shape.happens(self.now)
        happens = QRect() if begun is None else self._strip(begun, strip, below)
        lane = QRect(left, top, width, measures.lane)
        return Spot(QRect(left, top + above, width, height), happens, lane)

    def extent(self, block: Block) -> Stretch:
        """From the first to the last of what is painted of a block."""
        shape = block.shape
        parts = [one for one in (shape.plan, shape.promised, shape.happens(self.now)) if one is not None]
        if not parts:
            return self.lens.span
        first = min(start for start, _ in parts)
        arrives = shape.expected[0] if shape.expected else first
        return min(first, shape.left or first, arrives - (shape.drive or 0.0)), max(end for _, end in parts)

    def _strip(self, stretch: Stretch, top: int, height: int) -> QRect:
        left, right = self.x(stretch[0]), self.x(stretch[1])
        return QRect(left, top, max(self.theme.px(3), right - left - 1), height)

    def block_at(self, point: QPoint) -> tuple[Placed, Block] | None:
        """The visit under a point: in its plan or in what happens of it."""
        placed = self.stage.at(point.y())
        if placed is None or point.x() < self.stage.measures.names:
            return None
        for block in reversed(placed.day.blocks):
            spot = self.spot(placed, block)
            if spot.plan.contains(point) or spot.happens.adjusted(0, -2, 0, 2).contains(point):
                return placed, block
        return None
