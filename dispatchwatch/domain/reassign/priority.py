"""Which of two visits has to give way: what sources write as a priority, put in an order."""

from __future__ import annotations

import re

from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.visit import Visit

URGENT = 0
ORDINARY = 3
WORDS = {"high": 2, "medium": ORDINARY, "normal": ORDINARY, "low": 4, "lowest": 5}
_NUMBER = re.compile(r"\D*(\d{1,2})\b.*")


def rank_of(visit: Visit, policy: Policy) -> int:
    """0 is the most urgent. A number is taken as it stands, 1 before 2; a word that nobody knows is ordinary."""
    if policy.urgent(visit):
        return URGENT
    told = visit.priority.strip().casefold()
    number = _NUMBER.fullmatch(told)
    return int(number[1]) if number else WORDS.get(told, ORDINARY)
