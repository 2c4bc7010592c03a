"""What is answered to “Who can take it?”: for every technician what it would cost, or why he can’t."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from dispatchwatch.domain.visit import Technician, VisitKey


class Obstacle(StrEnum):
    """Why a technician can’t take a visit over, in the order in which they are looked for."""

    OVER = "over"
    STARTED = "started"
    LOCKED = "locked"
    CREW = "crew"
    HIS_OWN = "his_own"
    SKILL = "skill"
    SKILL_LEVEL = "skill_level"
    OFF = "off"
    ABSENT = "absent"
    PARTS = "parts"
    CUSTOMER = "customer"
    RADIUS = "radius"
    FULL = "full"
    SHIFT_END = "shift_end"
    LATE = "late"
    AWAY = "away"
    HOLDS_UP_LOCKED = "holds_up_locked"
    HOLDS_UP = "holds_up"


class Relaxing(StrEnum):
    """What may be asked for where nobody can, in the order in which it is tried; each adds to those before it."""

    OVERTIME = "overtime"
    LATER = "later"
    DISPLACING = "displacing"
    SKILL_LEVEL = "skill_level"
    NEW_TIME = "new_time"


class Refusal(NamedTuple):
    """The first obstacle. `what` names it: a skill, a part, a customer; `visit` is the one that would be held up.

    `by` is by how much a limit is exceeded, `at` the limit.
    """

    obstacle: Obstacle
    what: str = ""
    by: timedelta = timedelta()
    at: datetime | None = None
    visit: VisitKey | None = None


class Delay(NamedTuple):
    """A visit that somebody reaches so much later, or, if negative, earlier, and how late then."""

    visit: VisitKey
    by: timedelta
    late: timedelta


class Relaxed(NamedTuple):
    """What has to be asked for, and the visit that would be left without anybody."""

    steps: tuple[Relaxing, ...]
    displaced: VisitKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One technician. `refusal` is None where he can, or could if it were `relaxed`.

    `arrival` is when he is there, `late` how long after the promise, `extra_drive` how much more he drives that day:
    None where the way is not known. Where `unknown` names a place without a position, the arrival is the earliest
    possible. `overtime` is what comes on top of what he works anyway. `after` is the visit he comes from.
    `score` is of 0 to 100; the rest is worth knowing even where he can't.
    """

    technician: Technician
    refusal: Refusal | None = None
    arrival: datetime | None = None
    late: timedelta = timedelta()
    extra_drive: timedelta | None = None
    overtime: timedelta = timedelta()
    delays: tuple[Delay, ...] = ()
    after: VisitKey | None = None
    unknown: str = ""
    preferred: bool = False
    score: float = 0.0
    relaxed: Relaxed | None = None

    @property
    def feasible(self) -> bool:
        return self.refusal is None

    @property
    def rank(self) -> tuple[float, str, str]:
        """The best first; the same whatever the order in which they were looked at."""
        return -round(self.score, 6), self.technician.name.casefold(), self.technician.identity


class Saving(NamedTuple):
    """What those who have the visit now are spared: how much driving, and who is reached how much earlier."""

    technicians: tuple[Technician, ...]
    drive: timedelta | None
    sooner: tuple[Delay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everybody known is in one of the first two: who can, the best first; who can't, with the reason.

    Where nobody can, `relaxed` are those who could if something were asked for; each of them is in `cannot` too.
    """

    visit: VisitKey
    can: tuple[Suggestion, ...] = ()
    cannot: tuple[Suggestion, ...] = ()
    relaxed: tuple[Suggestion, ...] = ()
    saving: Saving | None = None
