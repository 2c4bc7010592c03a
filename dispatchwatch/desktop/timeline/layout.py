"""Where the visits of a technician stand in his row: in which lane each, what overlaps, and what lies between.

A block has two parts, one above the other: the plan, and below it what happens. Two blocks share a lane only if
neither their plans nor what happens of them touch.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from heapq import heappop, heappush
from math import inf

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop.timeline.crews import NOT_TOLD, UNASSIGNED, Who
from dispatchwatch.desktop.timeline.shape import Shape, Stretch, shape_of
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import VisitKey

LEAST_GAP = 5 * 60.0
NAMED_OVERLAPS = 8
"""More need not be named to say that something is wrong."""


@dataclass(frozen=True, slots=True)
class Block:
    """A visit in its place. `overlaps` are those that the same technician is planned for at the same time."""

    shape: Shape
    lane: int
    overlaps: tuple[VisitKey, ...] = ()

    @property
    def row(self) -> BoardRow:
        return self.shape.row

    @property
    def key(self) -> VisitKey:
        return self.shape.row.key


@dataclass(frozen=True, slots=True)
class Gap:
    """Time between two visits, in the lane of the one before it.

    `drive` is how much of its end is needed for the way; None where that is not known.
    """

    start: float
    end: float
    lane: int
    drive: float | None = None

    @property
    def free(self) -> float:
        """Seconds that nothing is planned for; less than none where the way takes longer than there is time."""
        return self.end - self.start - (self.drive or 0.0)


@dataclass(frozen=True, slots=True)
class TechnicianDay:
    """One row. `blocks` are in the order of time, `load` is how many seconds of work are planned."""

    who: Who
    blocks: tuple[Block, ...] = ()
    lanes: int = 1
    gaps: tuple[Gap, ...] = ()
    load: float = 0.0

    @property
    def identity(self) -> str:
        return self.who.identity

    @property
    def shapes(self) -> Iterator[Shape]:
        return (block.shape for block in self.blocks)

    def count(self, standing: Standing) -> int:
        return sum(block.row.standing is standing for block in self.blocks)

    def block(self, key: VisitKey) -> Block | None:
        return next((block for block in self.blocks if block.key == key), None)


class Order(StrEnum):
    """In which order the technicians stand."""

    LATE_FIRST = "late_first"
    BY_NAME = "by_name"


def lay_out(who: Who, rows: Iterable[BoardRow], now: float) -> TechnicianDay:
    """The row of one technician, the same whatever the order of `rows`."""
    shapes = sorted((shape_of(row) for row in rows), key=_in_time)
    one_person = who.identity not in {UNASSIGNED, NOT_TOLD}
    overlaps = _overlaps(shapes) if one_person else {}
    lanes = _lanes(shapes, now)
    blocks = [
        Block(shape, lane, tuple(overlaps.get(shape.row.key, ()))) for shape, lane in zip(shapes, lanes, strict=True)
    ]
    load = sum(shape.plan[1] - shape.plan[0] for shape in shapes if shape.plan and not shape.off)
    gaps = tuple(_gaps(blocks, who)) if one_person else ()
    return TechnicianDay(who, tuple(blocks), max(lanes, default=0) + 1, gaps, load)


def in_order(days: Iterable[TechnicianDay], order: Order) -> list[TechnicianDay]:
    """The rows from top to bottom; those of nobody's last."""
    return sorted(days, key=_urgency if order is Order.LATE_FIRST else _by_name)


def overlap(first: Stretch, second: Stretch) -> bool:
    return first[0] < second[1] and second[0] < first[1]


def _urgency(day: TechnicianDay) -> tuple[object, ...]:
    standings = {block.row.standing for block in day.blocks}
    ranks = (Standing.LATE, Standing.SOON)
    rank = next((number for number, one in enumerate(ranks) if one in standings), 2 if day.blocks else 3)
    return day.who.technician is None, rank, *_by_name(day)


def _by_name(day: TechnicianDay) -> tuple[object, ...]:
    return day.who.technician is None, day.who.name.casefold(), day.identity


def _in_time(shape: Shape) -> tuple[float, float, VisitKey]:
    """Those without any time last: they may be done at any time of the day."""
    begins = shape.begins
    return inf if begins is None else begins, shape.plan[1] if shape.plan else inf, shape.row.key


def _lanes(shapes: Sequence[Shape], now: float) -> list[int]:
    """The lane of each shape, in the order of their beginnings: the first in which there is room for both its parts.

    One that may be done at any time of the day has a lane of its own below the others.
    """
    free: list[int] = []
    busy: list[tuple[float, int]] = []
    happening: list[list[Stretch]] = []
    found = []
    for shape in shapes:
        happens = shape.happens(now)
        upper = shape.plan or happens
        if upper is None:
            found.append(len(happening))
            happening.append([])
            continue
        while busy and busy[0][0] <= upper[0]:
            heappush(free, heappop(busy)[1])
        lane = _first_free(free, happening, happens)
        heappush(busy, (upper[1], lane))
        if happens is not None:
            happening[lane].insert(bisect_right(happening[lane], happens), happens)
        found.append(lane)
    return found


def _first_free(free: list[int], happening: list[list[Stretch]], happens: Stretch | None) -> int:
    """Takes a lane out of `free`, or opens a new one."""
    passed = []
    while free and happens is not None and _taken(happening[free[0]], happens):
        passed.append(heappop(free))
    if free:
        lane = heappop(free)
    else:
        lane = len(happening)
        happening.append([])
    for one in passed:
        heappush(free, one)
    return lane


def _taken(stretches: list[Stretch], wanted: Stretch) -> bool:
    """Whether one of these, which are in order and apart, overlaps `wanted`."""
    place = bisect_right(stretches, wanted)
    return any(overlap(one, wanted) for one in stretches[max(0, place - 1) : place + 1])


def _overlaps(shapes: Sequence[Shape]) -> dict[VisitKey, list[VisitKey]]:
    """The visits that are planned for the same time, each with the others; what is over is no conflict any more."""
    found: dict[VisitKey, list[VisitKey]] = {}
    open_ones: list[Shape] = []
    for shape in shapes:
        if shape.plan is None or shape.settled:
            continue
        start = shape.plan[0]
        open_ones = [one for one in open_ones if one.plan is not None and one.plan[1] > start]
        for one in open_ones[:NAMED_OVERLAPS]:
            found.setdefault(shape.row.key, []).append(one.row.key)
        for one in open_ones:
            if len(others := found.setdefault(one.row.key, [])) < NAMED_OVERLAPS:
                others.append(shape.row.key)
        open_ones.append(shape)
    return found


def _gaps(blocks: Sequence[Block], who: Who) -> Iterator[Gap]:
    """Between the visits, and within a shift that is known also after the last; not while he is away."""
    until, lane = None, 0
    for block in blocks:
        plan = block.shape.plan
        if plan is None or block.shape.off:
            continue
        if until is not None:
            yield from _present(Gap(until, plan[0], lane, block.shape.drive), who)
        if until is None or plan[1] > until:
            until, lane = plan[1], block.lane
    for start, end in who.shifts or ():
        if until is not None and start < until:
            yield from _present(Gap(until, end, lane), who)


def _present(gap: Gap, who: Who) -> Iterator[Gap]:
    """What is left of a gap beside the absences in it; too little of it is none."""
    start = gap.start
    for away in sorted((one.start.timestamp(), one.end.timestamp()) for one in who.absences):
        if overlap((start, gap.end), away):
            if away[0] - start >= LEAST_GAP:
                yield Gap(start, away[0], gap.lane)
            start = max(start, away[1])
    if gap.end - start >= LEAST_GAP:
        yield replace(gap, start=start)
