"""Python's search for cyclic garbage, kept from making the window stand still.

It stops every thread and looks at every long-lived object: some 100 ms with 10,000 visits. An import of them used to
set it off several times. Visits and alerts are no cycles and end by themselves, so they are set aside once they are
there, and the search then goes over what little is left.
"""

from __future__ import annotations

import gc

THRESHOLDS = (5_000, 80, 50)
"""New objects until the young are looked at, and how often that until the older ones are (`gc.set_threshold`)."""
MANY = 1_000
"""So many visits at once are worth setting aside."""


def search_seldom() -> None:
    """For the start of a process that runs all day, once everything is imported."""
    gc.set_threshold(*THRESHOLDS)
    gc.freeze()


def set_aside() -> None:
    """From now on what there is is not searched any more. Costs nothing, however much it is."""
    gc.freeze()
