"""Facts of one visit that contradict each other, and what is believed in their place."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from dispatchwatch.domain.visit import Status, Visit


class Sound(NamedTuple):
    """What is believed of a visit: the visit, the status word nobody can read, the codes of its contradictions."""

    visit: Visit
    unread_status: str
    conflicts: tuple[str, ...]


def sound(before: Visit | None, told: Visit, now: datetime, *, repeated: bool = False) -> Sound:
    """What can be believed of a visit as its source tells it at `now`. `before` is what was believed until then."""
    unread = told.status_raw if told.status is Status.UNKNOWN else ""
    visit = told
    if told.status is Status.UNKNOWN and before is not None and before.status is not Status.UNKNOWN:
        visit = replace(told, status=before.status)
    return Sound(visit, unread, ("repeated",) if repeated else ())
