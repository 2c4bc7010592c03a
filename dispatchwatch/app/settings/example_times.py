"""Examples of lateness, prediction, work that runs over, and service levels: what comes with time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from dispatchwatch.app.settings.example_office import DAY, HOUR, MINUTE, Made, Scene, turns
from dispatchwatch.app.settings.stage import Telling
from dispatchwatch.domain.alert import AlertKind, Severity
from dispatchwatch.domain.standing import Standing, standing
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.watched import Watched

LATE, AT_RISK, OVERRUN = AlertKind.LATE_CHECK_IN, AlertKind.AT_RISK, AlertKind.OVERRUN
TARGETS = {
    "sla_response": AlertKind.SLA_RESPONSE,
    "sla_onsite": AlertKind.SLA_ONSITE,
    "sla_resolution": AlertKind.SLA_RESOLUTION,
}
FOUR_HOURS = 4 * HOUR


def _late(scene: Scene, severity: Severity = Severity.INFO, **told: object) -> datetime | None:
    ends = scene.start + scene.thresholds.check_in_grace + scene.thresholds.late_critical_after + DAY
    return scene.stage.raised(LATE, scene.known(DAY, **told), ends=ends, severity=severity)


def _grace(scene: Scene) -> Made | None:
    at = _late(scene)
    return scene.said(at=at) if at else None


def _late_worse(severity: Severity) -> Callable[[Scene], Made | None]:
    def made(scene: Scene) -> Made | None:
        late, at = _late(scene), _late(scene, severity)
        return scene.said(late=late, at=at) if late and at else None

    return made


def _urgent(scene: Scene) -> Made | None:
    priorities = sorted(scene.standards.policy.urgent_priorities)
    at = _late(scene, Severity.CRITICAL, priority=priorities[0]) if priorities else None
    return scene.said(priority=priorities[0], at=at) if at else None


def _look_back(scene: Scene) -> Made | None:
    line = scene.start + scene.thresholds.check_in_grace + scene.value

    def first_seen(at: datetime) -> bool:
        return scene.stage.raised(LATE, Telling(at, (scene.visit(),)), ends=at + MINUTE) is not None

    return scene.said(line=line) if turns(first_seen(line - MINUTE), first_seen(line + MINUTE)) else None


def _due_soon(scene: Scene) -> Made | None:
    watched = Watched(visit=scene.visit(), first_seen_at=scene.start - DAY)
    deadline = watched.deadline(scene.standards.policy) or scene.start
    minutes = range(int(scene.value / MINUTE) + 1, 0, -1)
    soon = (deadline - number * MINUTE for number in minutes)
    at = next((one for one in soon if standing(watched, scene.standards.policy, one) is Standing.SOON), None)
    return scene.said(at=at) if at else None


def _moved_grace(scene: Scene) -> Made | None:
    heard = scene.start + 20 * MINUTE
    before = scene.known(DAY, sched_start=scene.start + 2 * HOUR)
    after = Telling(heard, (scene.visit(),))
    at = scene.stage.raised(LATE, before, after, ends=heard + scene.value + scene.thresholds.check_in_grace + HOUR)
    return scene.said(heard=heard, at=at) if at else None


def _anytime(scene: Scene) -> Made | None:
    at = scene.stage.raised(LATE, scene.known(DAY, anytime=True), ends=scene.start + 2 * DAY)
    return scene.said(at=at) if at else ("anytime_late_off", {})


def _no_show(scene: Scene) -> Made | None:
    window = {"window_start": scene.start - 2 * HOUR, "window_end": scene.start} if "window" in scene.key else {}
    known = scene.known(DAY, **window)
    at = scene.stage.raised(AlertKind.TECH_NO_SHOW, known, ends=scene.start + scene.value + DAY)
    return scene.said(at=at) if at else None


def _predicted(scene: Scene, late: timedelta, severity: Severity = Severity.INFO) -> bool:
    told = scene.known(HOUR, status=Status.EN_ROUTE, eta=scene.start + late)
    return scene.stage.raised(AT_RISK, told, ends=scene.start - HOUR / 2, severity=severity) is not None


def _at_risk(severity: Severity) -> Callable[[Scene], Made | None]:
    def made(scene: Scene) -> Made | None:
        yes, no = (_predicted(scene, late, severity) for late in (scene.value, scene.value - MINUTE))
        return scene.said(at=scene.start + scene.value) if turns(yes, no) else None

    return made


def _at_risk_until(scene: Scene) -> Made | None:
    begun = scene.known(2 * HOUR, status=Status.EN_ROUTE, eta=scene.start + scene.thresholds.at_risk_from + 10 * MINUTE)

    def over(late: timedelta) -> bool:
        then = Telling(scene.start - HOUR, (scene.visit(status=Status.EN_ROUTE, eta=scene.start + late),))
        return scene.stage.ended(AT_RISK, begun, then, ends=scene.start - HOUR / 2) is not None

    return scene.said(at=scene.start + scene.value) if turns(over(scene.value), over(scene.value + MINUTE)) else None


def _overrun(plan: timedelta, severity: Severity = Severity.INFO) -> Callable[[Scene], Made | None]:
    def made(scene: Scene) -> Made | None:
        at_work = scene.visit(sched_end=scene.start + plan, status=Status.IN_PROGRESS, arrived_at=scene.start)
        planned = replace(at_work, status=Status.SCHEDULED, arrived_at=None)
        tellings = (Telling(scene.start - DAY, (planned,)), Telling(scene.start, (at_work,)))
        ends = scene.start + 2 * plan + 2 * DAY
        late = scene.stage.raised(OVERRUN, *tellings, ends=ends)
        at = scene.stage.raised(OVERRUN, *tellings, ends=ends, severity=severity)
        return scene.said(plan=plan, late=late, at=at) if late and at else None

    return made


def _target(scene: Scene) -> Made | None:
    if scene.value is None:
        return "sla_unset", {}
    at = _due_by(scene, TARGETS[scene.key])
    return scene.said(at=at) if at else None


def _due_by(scene: Scene, kind: AlertKind, *more: Telling) -> datetime | None:
    """When a target is over that runs from `start` on; the alert comes before."""
    told = Telling(scene.start, (scene.visit(reported_at=scene.start, sched_start=scene.start + DAY),))
    return scene.stage.due(kind, told, *more, ends=scene.start + 30 * DAY)


def _target_counts(scene: Scene) -> Made | None:
    friday = Scene(scene.standards, scene.key, scene.start + 3 * DAY + 6 * HOUR)
    length = scene.thresholds.sla_onsite or FOUR_HOURS
    at = _due_by(friday.with_thresholds(sla_onsite=length), AlertKind.SLA_ONSITE)
    return scene.said(start=friday.start, length=length, at=at) if at else None


def _target_pauses(scene: Scene) -> Made | None:
    length = scene.thresholds.sla_resolution or FOUR_HOURS
    there = scene.visit(reported_at=scene.start, status=Status.IN_PROGRESS, arrived_at=scene.start)
    paused = Telling(scene.start + HOUR, (replace(there, status=Status.PAUSED, status_at=scene.start + HOUR),))
    again = Telling(scene.start + 2 * HOUR, (replace(there, status_at=scene.start + 2 * HOUR),))
    with_target = scene.with_thresholds(sla_resolution=length)
    at = with_target.stage.due(
        AlertKind.SLA_RESOLUTION, Telling(scene.start, (there,)), paused, again, ends=scene.start + length + 7 * DAY
    )
    return scene.said(length=length, pause=HOUR, at=at) if at else None


EXAMPLES: Mapping[str, Callable[[Scene], Made | None]] = {
    "urgent_priorities": _urgent,
    "look_back": _look_back,
    "check_in_grace": _grace,
    "due_soon": _due_soon,
    "late_high_after": _late_worse(Severity.HIGH),
    "late_critical_after": _late_worse(Severity.CRITICAL),
    "moved_grace": _moved_grace,
    "anytime_late": _anytime,
    "no_show_after": _no_show,
    "window_no_show_after": _no_show,
    "at_risk_from": _at_risk(Severity.INFO),
    "at_risk_high_from": _at_risk(Severity.HIGH),
    "at_risk_until": _at_risk_until,
    "overrun_grace": _overrun(HOUR),
    "overrun_percent": _overrun(8 * HOUR),
    "overrun_high_after": _overrun(HOUR, Severity.HIGH),
    **dict.fromkeys(TARGETS, _target),
    "sla_counts": _target_counts,
    "sla_pauses": _target_pauses,
}
