"""How long what is told of a visit is news."""

from __future__ import annotations

from datetime import datetime

from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules.lateness import JUST_AFTER
from dispatchwatch.domain.watched import Watched


def old_from(watched: Watched, policy: Policy) -> datetime:
    """The instant from which a visit has been over for longer than anybody looks back."""
    visit = watched.visit
    instants = (visit.sched_start, visit.sched_end, visit.window_end, visit.completed_at, visit.cancelled_at)
    last = max((at for at in instants if at is not None), default=watched.conflicts_since or watched.first_seen_at)
    return last + policy.for_visit(visit).look_back + JUST_AFTER
