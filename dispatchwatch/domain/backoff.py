"""After how many failures to try again, and when to give up."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=5)
PATIENCE = timedelta(hours=24)


def delay(failures: int, chance: float) -> timedelta:
    """How long to wait after the n-th failure in a row (n from 1).

    `chance` in [0, 1) spreads the waits over the upper half of the step, so that many programs behind one
    office router do not come back in the same second, and none comes back at once.
    """
    step = min(FIRST * float(1 << min(failures - 1, 16)), LONGEST)
    return step * (0.5 + chance / 2)
