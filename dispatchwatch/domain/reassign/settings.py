"""What taking a visit over may cost, and what counts how much; the defaults are those of the study, 5.2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigning:
    """How an office lets visits change hands.

    `tolerance` is how late a visit may become by a suggestion, `later` how late where nobody can otherwise, `overtime`
    how long after a shift somebody may then work. `drive_home`: the way home belongs to the working day. After a visit
    of one of `depot_kinds` everything is on the van again.

    `*_costs` say what a minute of each costs, in minutes of driving; `urgent_costs` how many times as much lateness at
    an urgent visit does. `*_counts` are the shares in the score.
    """

    tolerance: timedelta = timedelta(minutes=10)
    later: timedelta = timedelta(minutes=30)
    overtime: timedelta = timedelta(hours=1)
    drive_home: bool = True
    depot_kinds: frozenset[str] = frozenset({"depot", "restock", "warehouse"})
    late_costs: float = 3.0
    urgent_costs: float = 3.0
    overtime_costs: float = 1.0
    wait_costs: float = 0.5
    arrival_counts: float = 4.0
    drive_counts: float = 3.0
    delays_counts: float = 3.0
    workload_counts: float = 1.0
    skill_counts: float = 1.0
    preferred_counts: float = 1.0
