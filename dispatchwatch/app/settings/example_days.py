"""Examples of who goes where, of leaving early, and of the schedule itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from dispatchwatch.app.settings.example_office import DAY, HOUR, MINUTE, Made, Scene, turns
from dispatchwatch.app.settings.stage import Telling
from dispatchwatch.domain.alert import AlertKind, Severity
from dispatchwatch.domain.visit import Customer, Site, Status
from dispatchwatch.domain.wording import KIND_NAMES

BOOKED, TRAVEL = AlertKind.DOUBLE_BOOKED, AlertKind.TRAVEL_CONFLICT
FARTHEST = 6 * HOUR


def _off(scene: Scene) -> Made:
    kinds = ", ".join(KIND_NAMES[one].lower() for one in AlertKind if one.value in scene.value)
    return ("off", {"kinds": kinds}) if kinds else ("off_none", {})


def _unassigned(severity: Severity) -> Callable[[Scene], Made | None]:
    def made(scene: Scene) -> Made | None:
        known = scene.known(scene.thresholds.unassigned_lead + DAY, technicians=())
        at = scene.stage.raised(AlertKind.UNASSIGNED, known, ends=scene.start, severity=severity)
        return scene.said(at=at) if at else None

    return made


def _two(scene: Scene, apart: timedelta, before: timedelta = DAY, **second: object) -> Telling:
    """Two visits of one technician at two customers, the second so long after the end of the first."""
    begins, elsewhere = scene.start + 2 * HOUR + apart, Site("Plant 5", scene.standards.office.zone.key)
    told = {"ext_id": "J-2", "sched_start": begins, "customer": Customer("Lakeside"), "site": elsewhere, **second}
    return Telling(scene.start - before, (scene.visit(), scene.visit(**told)))


def _overlap(scene: Scene) -> Made | None:
    def clashes(by: timedelta) -> bool:
        return scene.stage.raised(BOOKED, _two(scene, -by), ends=scene.start - DAY + HOUR) is not None

    ends = scene.start + 2 * HOUR
    made = scene.said(line=ends, at=ends - scene.value - MINUTE)
    return made if turns(clashes(scene.value + MINUTE), clashes(scene.value)) else None


def _double_booked_high(scene: Scene) -> Made | None:
    told = _two(scene, -HOUR, scene.value + DAY)
    at = scene.stage.raised(BOOKED, told, ends=scene.start, severity=Severity.HIGH)
    return scene.said(at=at) if at else None


def _travel_slack(scene: Scene) -> Made | None:
    gap, drive = _least_gap(scene), _least_gap(scene.with_thresholds(travel_slack=timedelta()))
    return scene.said(gap=gap, drive=drive) if gap is not None and drive is not None else None


def _least_gap(scene: Scene) -> timedelta | None:
    """How much time two visits some twenty kilometres apart need between them, to the minute."""
    zone = scene.standards.office.zone.key
    here, there = (Site(name, zone, latitude=lat, longitude=-87.6) for name, lat in (("A", 41.7), ("B", 41.9)))

    def is_short(minutes: int) -> bool:
        told = _two(scene, minutes * MINUTE, site=there)
        told = replace(told, visits=(replace(told.visits[0], site=here), told.visits[1]))
        return scene.stage.raised(TRAVEL, told, ends=told.at + HOUR) is not None

    low, high = -1, int(FARTHEST / MINUTE)
    if is_short(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_short(middle) else (low, middle)
    return high * MINUTE


def _left(scene: Scene, plan: timedelta, after: timedelta) -> bool:
    """Whether work so planned and left after so long was left early."""
    there = scene.visit(sched_end=scene.start + plan, status=Status.IN_PROGRESS, arrived_at=scene.start)
    gone = scene.start + after
    done = replace(there, status=Status.COMPLETED, completed_at=gone, departed_at=gone)
    tellings = (scene.known(DAY, sched_end=scene.start + plan), Telling(scene.start, (there,)), Telling(gone, (done,)))
    return scene.stage.raised(AlertKind.EARLY_DEPARTURE, *tellings, ends=gone + DAY) is not None


def _early(scene: Scene, plan: timedelta, limit: timedelta) -> Made | None:
    yes, no = _left(scene, plan, limit - MINUTE), _left(scene, plan, limit + MINUTE)
    return scene.said(plan=plan, line=scene.start + limit) if turns(yes, no) else None


def _early_percent(scene: Scene) -> Made | None:
    plan = 4 * HOUR + 2 * scene.thresholds.early_minus
    return _early(scene, plan, plan * scene.value / 100)


def _early_minus(scene: Scene) -> Made | None:
    """A visit so short that the share alone would call it early later."""
    share = scene.thresholds.early_percent / 100
    longest = scene.value / (1 - share) if share < 1 else scene.value * 2
    plan = MINUTE * int(longest * 0.8 / MINUTE)
    return _early(scene, plan, plan - scene.value) if plan > scene.value + MINUTE else None


def _missing(scene: Scene) -> Made | None:
    known = scene.known(scene.value + 2 * HOUR)
    other = scene.visit(ext_id="J-2")
    day = frozenset({scene.start.astimezone(scene.standards.office.zone).date()})
    both = replace(known, visits=(*known.visits, other))
    gone = [Telling(known.at + n * 10 * MINUTE, (other,), whole=day) for n in (1, 2)]
    at = scene.stage.raised(
        AlertKind.JOB_MISSING, both, *gone, ends=max(scene.start, known.at + HOUR), severity=Severity.HIGH
    )
    return scene.said(at=at) if at else None


def _frozen(scene: Scene) -> Made | None:
    told = Telling(scene.start, (scene.visit(sched_start=scene.start + HOUR / 2),))
    at = scene.stage.raised(AlertKind.STALE_FEED, told, ends=scene.start + scene.value + 30 * DAY)
    return scene.said(at=at) if at else None


def _skew(severity: Severity) -> Callable[[Scene], Made | None]:
    def made(scene: Scene) -> Made | None:
        def told(by: timedelta) -> bool:
            telling = Telling(scene.start, (scene.visit(),), clock_ahead=by)
            stage = scene.stage
            return stage.raised(AlertKind.CLOCK_SKEW, telling, ends=scene.start + MINUTE, severity=severity) is not None

        more = scene.value + MINUTE
        return scene.said(at=more) if turns(told(more), told(scene.value)) else None

    return made


EXAMPLES: Mapping[str, Callable[[Scene], Made | None]] = {
    "off": _off,
    "unassigned_lead": _unassigned(Severity.INFO),
    "unassigned_high_within": _unassigned(Severity.HIGH),
    "overlap_from": _overlap,
    "double_booked_high_within": _double_booked_high,
    "travel_slack": _travel_slack,
    "early_percent": _early_percent,
    "early_minus": _early_minus,
    "missing_high_within": _missing,
    "frozen_after": _frozen,
    "skew_from": _skew(Severity.INFO),
    "skew_high_from": _skew(Severity.HIGH),
}
