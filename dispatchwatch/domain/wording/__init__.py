"""Every sentence about a visit, a feed or an alert that a person reads.

One place, plain English, whole sentences with named parts: ready to be handed to a translator. `plain.py` says times,
lengths and places; `names.py` our states; each family of rules has a file with the voices of its kinds; `telling.py`
puts them into the words for a channel.
"""

from __future__ import annotations

from dispatchwatch.domain.wording.many import Many, how_many, notification_of_many
from dispatchwatch.domain.wording.names import REASONS, SEVERITY_NAMES, STATE_NAMES, STATUS_NAMES, reasons_for
from dispatchwatch.domain.wording.plain import clock, day_and_clock, place, span, visit_facts, zone
from dispatchwatch.domain.wording.telling import (
    KIND_NAMES,
    detail,
    ended_by_worse,
    headline,
    held,
    limited,
    next_step,
    notification,
    short_headline,
    subject,
)

__all__ = [
    "ENDED_BY_SWITCHING_OFF",
    "ENDED_BY_WITHDRAWAL",
    "KIND_NAMES",
    "REASONS",
    "SEVERITY_NAMES",
    "STATE_NAMES",
    "STATUS_NAMES",
    "Many",
    "clock",
    "day_and_clock",
    "detail",
    "ended_by_worse",
    "headline",
    "held",
    "how_many",
    "limited",
    "next_step",
    "notification",
    "notification_of_many",
    "place",
    "reasons_for",
    "short_headline",
    "span",
    "subject",
    "visit_facts",
    "zone",
]

ENDED_BY_WITHDRAWAL = "The visit is no longer in the schedule"
ENDED_BY_SWITCHING_OFF = "This kind of alert is switched off"
