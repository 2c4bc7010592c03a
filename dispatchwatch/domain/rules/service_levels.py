"""Service levels: response, on site and resolution, each against the clock that its target sets (study 4.2, kind 9)."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key
from dispatchwatch.domain.evidence import found_nobody
from dispatchwatch.domain.rules.endings import called_off
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, VisitRule, soonest
from dispatchwatch.domain.service_levels import Clock, clocks, met, targets
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.service_levels import (
    ENDED_BY_LACK_OF_TARGET,
    ENDED_BY_NO_SHOW,
    ended_by_being_met,
    ended_by_other_profile,
    told_clock,
)

LADDER = ((50, Severity.INFO), (75, Severity.WARNING), (100, Severity.CRITICAL))
"""From which share of the target, in percent, it is how bad."""

JUST_AFTER = timedelta(microseconds=1)
SETTLED = frozenset({Status.COMPLETED, Status.CANCELLED, Status.CUSTOMER_NO_SHOW})


def look(watched: Watched, facts: Facts) -> Finding:
    if watched.visit.status in SETTLED or watched.withdrawn:
        return NOTHING
    thresholds = facts.policy.for_visit(watched.visit)
    if not targets(thresholds):
        return NOTHING
    running = [one for one in _clocks(watched, thresholds, facts) if one.met is None]
    found = [_of_clock(one, watched, facts, thresholds.look_back) for one in running]
    conditions = tuple(condition for one in found for condition in one.conditions)
    return Finding(conditions, soonest(*(one.next_change for one in found), after=facts.now))


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why a clock is over: the promise was kept, the visit was called off, or another clock runs in its place."""
    watched = facts.about(alert)
    if watched is None:
        return None
    visit = watched.visit
    gone = called_off(watched)
    if gone is not None:
        return gone
    if found_nobody(visit):
        return Ending(Outcome.WITHDRAWN, ENDED_BY_NO_SHOW)
    thresholds = facts.policy.for_visit(visit)
    if alert.kind not in targets(thresholds):
        return Ending(Outcome.WITHDRAWN, ENDED_BY_LACK_OF_TARGET)
    clock = next((one for one in _clocks(watched, thresholds, facts) if one.kind is alert.kind), None)
    if clock is not None and _key(clock, watched) != alert.key:
        return Ending(Outcome.MOVED, ended_by_other_profile(alert, clock, visit.site.timezone))
    if met(alert.kind, watched, _order(watched, facts)):
        return Ending(Outcome.MET, ended_by_being_met(alert.kind, clock, facts.now))
    return None


def _clocks(watched: Watched, thresholds: Thresholds, facts: Facts) -> tuple[Clock, ...]:
    return clocks(watched, thresholds, facts.office, _order(watched, facts))


def _order(watched: Watched, facts: Facts) -> tuple[Watched, ...]:
    """The visits that may finish what this one left unfinished."""
    visit = watched.visit
    return facts.order_of(visit) if visit.status is Status.INCOMPLETE and visit.order_ref else ()


def _of_clock(clock: Clock, watched: Watched, facts: Facts, look_back: timedelta) -> Finding:
    """What one running clock gives rise to, and when it next comes to something else."""
    reached, upcoming = _steps(clock, facts.now)
    if not reached:
        return Finding((), upcoming)
    visit, (last, severity) = watched.visit, reached[-1]
    due_at = last if len(reached) == len(LADDER) else clock.due_at
    condition = Condition(
        key=_key(clock, watched),
        kind=clock.kind,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=severity,
        due_at=due_at or clock.resumed(facts.now).due_at or last,
        verified=watched.missing_since is None and (due_at is None or facts.now - due_at <= look_back),
        from_absence=True,
        facts={**wording.visit_facts(visit), **told_clock(clock, facts.now)},
    )
    forgotten = due_at + look_back + JUST_AFTER if due_at else None
    return Finding((condition,), soonest(upcoming, forgotten, after=facts.now))


def _steps(clock: Clock, now: datetime) -> tuple[list[tuple[datetime, Severity]], datetime | None]:
    """The steps of the ladder that the clock has reached, each since when, and when it will reach the next."""
    reached: list[tuple[datetime, Severity]] = []
    for percent, severity in LADDER:
        instant = clock.reached_at(clock.target * percent / 100)
        if instant is None or instant > now:
            return reached, instant
        reached.append((instant, severity))
    return reached, None


def _key(clock: Clock, watched: Watched) -> str:
    """Taking a visit up again, after it was called off, makes a new alert of the same clock."""
    times = watched.cancellations + watched.disappearances + watched.no_shows
    again = f"+again{times}" if times else ""
    return alert_key(clock.kind, watched.visit.feed, watched.visit.ext_id, clock.profile + again)


SERVICE_LEVELS = VisitRule((AlertKind.SLA_RESPONSE, AlertKind.SLA_ONSITE, AlertKind.SLA_RESOLUTION), look, ending)
