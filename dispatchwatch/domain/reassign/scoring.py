"""How good a suggestion is, from 0 to 100: shares of what an office cares for, each from 0 to 1."""

from __future__ import annotations

from datetime import timedelta

from dispatchwatch.domain.reassign.answer import Suggestion
from dispatchwatch.domain.reassign.figures import Figures
from dispatchwatch.domain.reassign.workday import Workday
from dispatchwatch.domain.visit import OVER, Visit
from dispatchwatch.domain.whereabouts import duration_of

AN_HOUR = timedelta(hours=1)
WORKING_DAY = timedelta(hours=8)


def score_of(found: Suggestion, workday: Workday, visit: Visit, figures: Figures) -> float:
    settings = figures.settings
    held_up = sum((max(delay.by, timedelta()) for delay in found.delays), timedelta())
    shares = (
        (settings.arrival_counts, 0.0 if found.unknown else _less(found.late, AN_HOUR)),
        (settings.drive_counts, 0.0 if found.extra_drive is None else _less(found.extra_drive, AN_HOUR)),
        (settings.delays_counts, _less(held_up + found.overtime, 2 * AN_HOUR)),
        (settings.workload_counts, _workload(workday, visit)),
        (settings.skill_counts, _fit(workday, visit)),
        (settings.preferred_counts, 1.0 if found.preferred else 0.0),
    )
    weights = sum(weight for weight, _ in shares)
    return 100.0 * sum(weight * share for weight, share in shares) / weights if weights else 0.0


def prefers(workday: Workday, visit: Visit) -> bool:
    """Whether the customer has asked for this technician."""
    preferred = workday.profile.preferred if workday.profile else frozenset()
    return visit.customer.name.casefold() in {name.casefold() for name in preferred}


def _less(length: timedelta, most: timedelta) -> float:
    return min(1.0, max(0.0, 1.0 - length / most))


def _workload(workday: Workday, visit: Visit) -> float:
    """How much of the day would be left free."""
    opens, closes = workday.shift or (None, None)
    length = closes - opens if opens and closes else WORKING_DAY
    work = [duration_of(one.visit) for one in workday.visits if one.visit.status not in OVER or one.visit.checked_in]
    return _less(sum(work, duration_of(visit)), length)


def _fit(workday: Workday, visit: Visit) -> float:
    """Enough skills, not most: who can do everything is kept for what needs him."""
    held = len(workday.profile.skills) if workday.profile else 0
    return min(1.0, (len(visit.skills) + 1) / (held + 1))
