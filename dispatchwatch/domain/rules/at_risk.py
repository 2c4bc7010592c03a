"""At risk: where a technician is now, he will reach a later visit too late (study 4.2, kind 2, and 5.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key, epoch
from dispatchwatch.domain.policy import crew_words
from dispatchwatch.domain.prediction import Forecast, Prediction, forecast, lateness_of
from dispatchwatch.domain.rules.facts import NOTHING, Day, DayRule, Facts, Finding, soonest
from dispatchwatch.domain.rules.lateness import JUST_AFTER, awaited, ended_without_arrival, on_time_or_not
from dispatchwatch.domain.service_levels import clocks
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.prediction import (
    ENDED_BY_UNASSIGNING,
    ended_by_new_promise,
    ended_by_recovery,
    ended_by_unknown_way,
    prediction_facts,
)

SETTLES = timedelta(seconds=30)


def look(day: Day, facts: Facts) -> Finding:
    if not any(awaited(watched) for watched in day):
        return NOTHING
    found = predicted(day, facts)
    conditions: list[Condition] = []
    changes = [found.next_change]
    for prediction in found.predictions:
        watched = facts.visits[prediction.key]
        deadline = watched.deadline(facts.policy)
        if prediction.promise is None or deadline is None or facts.now > deadline:
            continue
        condition = _condition(watched, prediction, facts)
        if condition is not None:
            conditions.append(condition)
            changes.append(deadline + JUST_AFTER)
        changes += [one for one in _crossings(watched, prediction, facts) if one <= deadline]
    return Finding(tuple(conditions), soonest(*changes, after=facts.now))


def predicted(day: Day, facts: Facts) -> Forecast:
    """What is predicted for a technician's day."""
    technician = day.technician
    if technician is None:
        return Forecast()
    return forecast(day, technician, facts.standards, facts.now)


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why a visit is no longer at risk. What comes after its deadline, the late check-in has to say."""
    watched = facts.about(alert)
    if watched is None or facts.now < alert.raised_at:
        return None  # a clock set back makes every arrival look earlier
    visit = watched.visit
    if visit.checked_in:
        return on_time_or_not(watched, watched.deadline(facts.policy) or alert.due_at)
    over = ended_without_arrival(watched)
    if over is not None:
        return over
    if visit.promise is None or epoch(visit.promise) != epoch(alert.due_at):
        return Ending(Outcome.MOVED, ended_by_new_promise(visit))
    if not visit.technicians:
        return Ending(Outcome.NOTED, ENDED_BY_UNASSIGNING)
    return _recovery(alert, watched, facts)


def _recovery(alert: Alert, watched: Watched, facts: Facts) -> Ending | None:
    """Whether everybody who is sent is now expected in time; None while nothing says so."""
    found = [
        prediction
        for technician in watched.visit.technicians
        for prediction in predicted(facts.day_of(technician.identity), facts).predictions
        if prediction.key == watched.key
    ]
    thresholds = facts.policy.for_visit(watched.visit)
    if not found or any(_lateness(one, facts.now) > thresholds.at_risk_until for one in found):
        return None
    worst = max(found, key=lambda one: one.expected)
    unknown = next((one.unknown for one in found if one.unknown), "")
    if not unknown:
        return Ending(Outcome.RECOVERED, ended_by_recovery(watched.visit, worst))
    was_known = not alert.facts.get("unknown") and alert.facts.get("crew") == "\n".join(
        crew_words(watched.visit.technicians)
    )
    return None if was_known else Ending(Outcome.NOTED, ended_by_unknown_way(watched.visit, unknown))


def _lateness(prediction: Prediction, now: datetime) -> timedelta:
    if prediction.promise is None:
        return timedelta()
    return lateness_of(prediction.running, prediction.promise, now)


def _condition(watched: Watched, prediction: Prediction, facts: Facts) -> Condition | None:
    visit, thresholds = watched.visit, facts.policy.for_visit(watched.visit)
    late = _lateness(prediction, facts.now)
    if visit.promise is None or late <= min(thresholds.at_risk_until, thresholds.at_risk_from):
        return None
    holds = late >= thresholds.at_risk_from
    return Condition(
        key=alert_key(AlertKind.AT_RISK, visit.feed, visit.ext_id, epoch(visit.promise)),
        kind=AlertKind.AT_RISK,
        feed=visit.feed,
        ext_id=visit.ext_id,
        # What only holds an alert open must not stand before the word of another of the crew that raises it.
        severity=_severity(watched, prediction, late, facts) if holds else Severity.INFO,
        due_at=visit.promise,
        verified=holds and watched.missing_since is None,
        from_absence=True,
        settles_for=SETTLES,
        facts={**wording.visit_facts(visit), **prediction_facts(visit, prediction)},
    )


def _severity(watched: Watched, prediction: Prediction, late: timedelta, facts: Facts) -> Severity:
    if late >= facts.policy.for_visit(watched.visit).at_risk_high_from:
        return Severity.HIGH
    target = _on_site_target(watched, facts)
    return Severity.HIGH if target is not None and prediction.expected > target else Severity.WARNING


def _on_site_target(watched: Watched, facts: Facts) -> datetime | None:
    """By when somebody must be on site by the service level; None where there is none."""
    thresholds = facts.policy.for_visit(watched.visit)
    if thresholds.sla_onsite is None:
        return None
    running = clocks(watched, thresholds, facts.office)
    return next((one.due_at for one in running if one.kind is AlertKind.SLA_ONSITE), None)


def _crossings(watched: Watched, prediction: Prediction, facts: Facts) -> Iterator[datetime]:
    """When the arrival, moving on with the clock, will be so late that the answer is another one."""
    if prediction.promise is None or prediction.by_silence:
        return
    thresholds = facts.policy.for_visit(watched.visit)
    for late_by, just_after in _steps(thresholds):
        crossing = prediction.running.reaches(prediction.promise + late_by + just_after)
        if crossing is not None:
            yield crossing
    target = _on_site_target(watched, facts)
    if target is not None and (breach := prediction.running.reaches(target + JUST_AFTER)) is not None:
        yield breach


def _steps(thresholds: Thresholds) -> tuple[tuple[timedelta, timedelta], ...]:
    return (
        (thresholds.at_risk_until, JUST_AFTER),
        (thresholds.at_risk_from, timedelta()),
        (thresholds.at_risk_high_from, timedelta()),
    )


AT_RISK = DayRule((AlertKind.AT_RISK,), look, ending)
