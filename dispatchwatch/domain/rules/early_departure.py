"""Left early: the visit took less than half its plan, or the technician is elsewhere (study 4.2, kind 11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key, epoch
from dispatchwatch.domain.rules.endings import called_off
from dispatchwatch.domain.rules.facts import NOTHING, DayRule, Facts, Finding, soonest
from dispatchwatch.domain.rules.on_site import apart, departure, first_sign, last_there, there
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import ON_SITE, OVER, Status, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.duration import (
    ENDED_BY_A_DAY,
    ENDED_BY_PAUSE,
    ENDED_BY_UNDOING,
    ended_by_correction,
    ended_by_finish,
    ended_by_return,
    ended_by_taking_up,
)
from dispatchwatch.domain.wording.plain import kept

JUST_AFTER = timedelta(microseconds=1)
NEWS_FOR = timedelta(days=1)
LONGEST_DAY = timedelta(hours=12)
GOING = frozenset({Status.EN_ROUTE, *ON_SITE})


class Stay(NamedTuple):
    """A technician was there from `came` until `left` for work that should have taken `planned`."""

    came: datetime
    left: datetime
    planned: timedelta


class Gone(NamedTuple):
    """Since `at` a technician has been on the way to another visit, or there."""

    at: datetime
    to: Visit


def look(day: tuple[Watched, ...], facts: Facts) -> Finding:
    findings = [finding for watched in day if (finding := _of(watched, day, facts)) is not NOTHING]
    if not findings:
        return NOTHING
    conditions = tuple(condition for finding in findings for condition in finding.conditions)
    return Finding(conditions, soonest(*(finding.next_change for finding in findings), after=facts.now))


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why it is over; None while the visit was too short, or nothing shows that the technician came back."""
    watched = facts.about(alert)
    if watched is None:
        return None
    visit = watched.visit
    gone = called_off(watched)
    if gone is not None:
        return gone
    if not visit.checked_in:
        return Ending(Outcome.UNDONE, ENDED_BY_UNDOING)
    return _came_back(alert, watched, facts) if "other" in alert.facts else _put_right(alert, watched, facts)


def stay(visit: Visit) -> Stay | None:
    """How long somebody was there, pauses and all; None where that, or the plan, is not known.

    Nor for a job over several days: by its plan nobody can say how long a technician stays on one of them.
    """
    came, left, planned = visit.checked_in_at, departure(visit), visit.planned
    if came is None or left is None or planned is None or left < came or takes_days(visit):
        return None
    return Stay(came, left, planned)


def too_short(found: Stay, thresholds: Thresholds) -> bool:
    least = min(found.planned * thresholds.early_percent / 100, found.planned - thresholds.early_minus)
    return found.left - found.came < least


def takes_days(visit: Visit) -> bool:
    """Whether a visit is planned for longer than a day's work; a night shift over midnight is not."""
    if visit.sched_start is None or visit.sched_end is None:
        return False
    return visit.sched_end - visit.sched_start > LONGEST_DAY


def _of(watched: Watched, day: tuple[Watched, ...], facts: Facts) -> Finding:
    left = departure(watched.visit)
    if left is not None:
        return _too_short(watched, facts) if facts.now - left < NEWS_FOR else NOTHING
    return _elsewhere(watched, day, facts) if len(day) > 1 and there(watched) else NOTHING


def _too_short(watched: Watched, facts: Facts) -> Finding:
    visit, thresholds = watched.visit, facts.policy.for_visit(watched.visit)
    found = stay(visit)
    if found is None or not too_short(found, thresholds):
        return NOTHING
    condition = Condition(
        key=_key(visit, found.left),
        kind=AlertKind.EARLY_DEPARTURE,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=Severity.INFO,
        due_at=found.left,
        verified=facts.now - found.left <= thresholds.look_back,
        facts={
            **wording.visit_facts(visit),
            "came": kept(found.came),
            "left": kept(found.left),
            "planned_minutes": f"{found.planned.total_seconds() / 60:.1f}",
        },
    )
    change = soonest(found.left + thresholds.look_back + JUST_AFTER, found.left + NEWS_FOR, after=facts.now)
    return Finding((condition,), change)


def _elsewhere(watched: Watched, day: tuple[Watched, ...], facts: Facts) -> Finding:
    visit, since = watched.visit, last_there(watched)
    if since is None or not visit.technicians or takes_days(visit):
        return NOTHING
    gone = _crew_gone(watched, since, day, facts)
    if gone is None:
        return NOTHING
    look_back = facts.policy.for_visit(visit).look_back
    condition = Condition(
        key=_key(visit, since),
        kind=AlertKind.EARLY_DEPARTURE,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=Severity.WARNING,
        due_at=gone.at,
        verified=facts.now - gone.at <= look_back and watched.missing_since is None,
        from_absence=True,
        facts={**wording.visit_facts(visit), **_told(gone, since)},
    )
    return Finding((condition,), soonest(gone.at + look_back + JUST_AFTER, after=facts.now))


def _crew_gone(watched: Watched, since: datetime, day: tuple[Watched, ...], facts: Facts) -> Gone | None:
    """Where the last of the crew went; None while any of them may still be there."""
    crew = watched.visit.technicians
    if len(crew) == 1:
        return _gone(watched, since, day)
    left = [_gone(watched, since, _visits_of(technician, day, facts)) for technician in crew]
    known = [gone for gone in left if gone is not None]
    return max(known, key=lambda gone: gone.at) if len(known) == len(left) else None


def _visits_of(technician: Technician, day: tuple[Watched, ...], facts: Facts) -> list[Watched]:
    """A technician's visits, those of the day that is looked at among them."""
    own = {one.key: one for one in day if technician.identity in {each.identity for each in one.visit.technicians}}
    return list({**own, **{one.key: one for one in facts.day_of(technician.identity)}}.values())


def _gone(watched: Watched, since: datetime, day: Iterable[Watched]) -> Gone | None:
    """Where a technician went after the last sign of being at this visit, and when. No visit is apart from itself."""
    found = [
        Gone(sign, other.visit)
        for other in day
        if other.visit.status in GOING
        and not other.withdrawn
        and apart(watched.visit, other.visit)
        and (sign := first_sign(other, since)) is not None
    ]
    return max(found, key=lambda gone: (gone.at, gone.to.key), default=None)


def _key(visit: Visit, at: datetime) -> str:
    """Of one who is elsewhere, the epoch is the last sign of being there: it stays while that one moves on and on."""
    return alert_key(AlertKind.EARLY_DEPARTURE, visit.feed, visit.ext_id, epoch(at))


def _told(gone: Gone, since: datetime) -> Mapping[str, str]:
    to = gone.to
    told = {
        "last_there": kept(since),
        "left": kept(gone.at),
        "other": to.ext_id,
        "other_feed": to.feed,
        "other_customer": to.customer.name,
        "other_site": to.site.name,
        "other_status": to.status.value,
    }
    return {name: value for name, value in told.items() if value}


def _put_right(alert: Alert, watched: Watched, facts: Facts) -> Ending | None:
    """Why a visit that was too short is so no more."""
    visit = watched.visit
    left, found = departure(visit), stay(visit)
    if left is None:
        in_hand = there(watched) or visit.status is Status.PAUSED
        return Ending(Outcome.REMEDIED, ended_by_taking_up(visit)) if in_hand else None
    if found is None or not too_short(found, facts.policy.for_visit(visit)) or epoch(left) != epoch(alert.due_at):
        return Ending(Outcome.NOTED, ended_by_correction(visit, found.came if found else None, left))
    return Ending(Outcome.NOTED, ENDED_BY_A_DAY) if facts.now - left >= NEWS_FOR else None


def _came_back(alert: Alert, watched: Watched, facts: Facts) -> Ending | None:
    """Why the technician is not elsewhere any more. That the other visit is over, or out of sight, is no return."""
    visit, since = watched.visit, last_there(watched)
    left = departure(visit)
    if visit.status in OVER or left is not None:
        return Ending(Outcome.NOTED, ended_by_finish(visit, left))
    if visit.status is Status.PAUSED:
        return Ending(Outcome.NOTED, ENDED_BY_PAUSE)
    if since is not None and _key(visit, since) != alert.key:
        return Ending(Outcome.REMEDIED, ended_by_return(visit, since))
    if since is None or all(_is_away(technician, watched, since, alert, facts) for technician in visit.technicians):
        return None
    return Ending(Outcome.REMEDIED, ended_by_return(visit, None))


def _is_away(technician: Technician, watched: Watched, since: datetime, alert: Alert, facts: Facts) -> bool:
    """Whether a technician is still taken to be elsewhere: also where what he went to is out of sight now."""
    other = facts.visits.get(VisitKey(alert.facts["other_feed"], alert.facts["other"]))
    if other is None:
        return True
    return any(
        technician.identity in {each.identity for each in one.visit.technicians}
        and (one.visit.status in GOING or one.visit.checked_in)
        and not one.withdrawn
        and apart(watched.visit, one.visit)
        and first_sign(one, since) is not None
        for one in (other, *facts.day_of(technician.identity))
    )


EARLY_DEPARTURE = DayRule((AlertKind.EARLY_DEPARTURE,), look, ending)
