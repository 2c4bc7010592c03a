"""How a visit lies in time: what was planned, what was promised, what is true, and what is expected.

All instants here are seconds since the epoch, so that placing and painting are plain arithmetic.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from dispatchwatch.app.view import BoardRow
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import OVER, Visit
from dispatchwatch.domain.whereabouts import duration_of

Stretch = tuple[float, float]
"""From one instant to a later one."""

A_MINUTE = 60.0


class Shape(NamedTuple):
    """One visit in time. `plan` is None for a visit that has a day but no time; `assumed` if nobody told its length.

    `actual` runs from the arrival to the end; `running` while somebody is still there, and then it ends where it
    begins. `expected` is what is predicted of it. `drive` is how long the way there takes, `left` when somebody left.
    """

    row: BoardRow
    plan: Stretch | None
    assumed: bool = False
    promised: Stretch | None = None
    actual: Stretch | None = None
    running: bool = False
    expected: Stretch | None = None
    drive: float | None = None
    left: float | None = None

    @property
    def settled(self) -> bool:
        """Whether nobody goes there any more."""
        return self.row.standing in {Standing.DONE, Standing.CANCELLED, Standing.GONE}

    @property
    def off(self) -> bool:
        """Whether it does not take place, so that it takes nobody's time."""
        return self.row.standing in {Standing.CANCELLED, Standing.GONE}

    def happens(self, now: float) -> Stretch | None:
        """From the arrival, real or expected, to the end, real or expected; None where neither is known."""
        if self.actual is not None:
            end = max(now, self.expected[1] if self.expected else now) if self.running else self.actual[1]
            return self.actual[0], max(end, self.actual[0] + A_MINUTE)
        return self.expected

    @property
    def begins(self) -> float | None:
        """What it stands in order by."""
        first = self.plan or self.actual or self.expected
        return first[0] if first else None


def shape_of(row: BoardRow) -> Shape:
    visit = row.visit
    actual, running = _actual(visit, row.standing)
    expected = None
    if row.predicted_end is not None and (running or actual is None):
        begins = row.predicted_arrival or visit.checked_in_at
        expected = _stretch(begins, row.predicted_end) if begins is not None else None
    return Shape(
        row=row,
        plan=_plan(visit),
        assumed=visit.planned is None,
        promised=_promised(visit),
        actual=actual,
        running=running,
        expected=expected,
        drive=row.drive.total_seconds() if row.drive else None,
        left=visit.en_route_at.timestamp() if visit.en_route_at else None,
    )


def _plan(visit: Visit) -> Stretch | None:
    return None if visit.start is None else _stretch(visit.start, visit.start + duration_of(visit))


def _promised(visit: Visit) -> Stretch | None:
    """The arrival window; a promise that is the planned start alone has none."""
    if visit.anytime or visit.window_end is None:
        return None
    start = visit.window_start or visit.sched_start or visit.window_end
    return _stretch(start, visit.window_end) if start < visit.window_end else None


def _actual(visit: Visit, standing: Standing) -> tuple[Stretch | None, bool]:
    """From the arrival to the end, and whether it still runs; without stamps nothing is made up."""
    arrived = visit.checked_in_at
    if arrived is None:
        return None, False
    left = visit.completed_at or visit.departed_at or (visit.status_at if visit.status in OVER else None)
    if left is not None and left >= arrived:
        return _stretch(arrived, left), False
    return (arrived.timestamp(), arrived.timestamp()), standing is Standing.ON_SITE


def _stretch(start: datetime, end: datetime) -> Stretch:
    first = start.timestamp()
    return first, max(end.timestamp(), first + A_MINUTE)
