"""Examples of notice: visits that are cancelled, moved, or moved again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from dispatchwatch.app.settings.example_office import DAY, HOUR, MINUTE, Made, Scene, turns
from dispatchwatch.app.settings.stage import Telling
from dispatchwatch.domain.alert import AlertKind, Outcome, Severity
from dispatchwatch.domain.business_time import BusinessTime
from dispatchwatch.domain.visit import Status

CANCELLED, MOVED = AlertKind.CANCELLED_SHORT_NOTICE, AlertKind.RESCHEDULED_SHORT_NOTICE
DRIFT = AlertKind.RESCHEDULE_DRIFT


def _cancelled(scene: Scene, at: datetime, severity: Severity = Severity.INFO, **told: object) -> bool:
    """Whether a visit called off at this instant is at short notice."""
    before = scene.visit(**told)
    after = scene.visit(**told, status=Status.CANCELLED, cancelled_at=at, cancelled_by="customer")
    known = before.booked_at or min(scene.start, at) - DAY
    tellings = (Telling(known, (before,)), Telling(at, (after,)))
    return scene.stage.raised(CANCELLED, *tellings, ends=at + MINUTE, severity=severity) is not None


def _moved(scene: Scene, at: datetime, by: timedelta = 3 * DAY, severity: Severity = Severity.INFO) -> bool:
    """Whether a visit moved at this instant, so far, is at short notice."""
    before = Telling(min(scene.start, at) - DAY, (scene.visit(),))
    after = Telling(at, (scene.visit(sched_start=scene.start + by, modified_at=at),))
    return scene.stage.raised(MOVED, before, after, ends=at + MINUTE, severity=severity) is not None


def _free_until(scene: Scene, length: timedelta, flagged: Callable[[Scene, datetime], bool]) -> Made | None:
    """The limit that the office's counting gives, where the rules agree that it is one."""
    line = BusinessTime(scene.standards.office, scene.thresholds.notice_counts).before(scene.start, length)
    if line is None or not turns(flagged(scene, line + MINUTE), flagged(scene, line - MINUTE)):
        return None
    return scene.said(start=scene.start, line=line)


def _cancel_notice(scene: Scene) -> Made | None:
    return _free_until(scene, scene.value, _cancelled)


def _reschedule_notice(scene: Scene) -> Made | None:
    return _free_until(scene, scene.value, _moved)


def _notice_counts(scene: Scene) -> Made | None:
    """On a Monday, where it makes a difference."""
    monday = Scene(scene.standards, scene.key, scene.start + 6 * DAY)
    return _free_until(monday, scene.thresholds.cancel_notice, _cancelled)


def _high_within(flagged: Callable[..., bool]) -> Callable[[Scene], Made | None]:
    def made(scene: Scene) -> Made | None:
        line = scene.start - scene.value
        yes, no = (flagged(scene, at, severity=Severity.HIGH) for at in (line + MINUTE, line - MINUTE))
        return scene.said(line=line) if turns(yes, no) else None

    return made


def _cancel_wait(scene: Scene) -> Made | None:
    line = scene.start + scene.value
    yes, no = (_cancelled(scene, at) for at in (line - MINUTE, line + MINUTE))
    return scene.said(line=line) if turns(yes, no) else None


def _reschedule_from(scene: Scene) -> Made | None:
    yes, no = (_moved(scene, scene.start - HOUR, by) for by in (scene.value, scene.value - MINUTE))
    return scene.said(at=scene.start + scene.value) if turns(yes, no) else None


def _undo_within(scene: Scene) -> Made | None:
    planned = scene.start + 2 * HOUR

    def undone(after: timedelta) -> bool:
        tellings = (
            Telling(scene.start - DAY, (scene.visit(sched_start=planned),)),
            Telling(scene.start, (scene.visit(sched_start=planned + 3 * DAY),)),
            Telling(scene.start + after, (scene.visit(sched_start=planned),)),
        )
        return scene.stage.ended(MOVED, *tellings, ends=scene.start + after + MINUTE) is Outcome.UNDONE

    yes, no = undone(scene.value - MINUTE), undone(scene.value + MINUTE)
    return scene.said(line=scene.start + scene.value) if turns(yes, no) else None


def _booked_inside(scene: Scene) -> Made | None:
    booked, at = scene.start - 2 * HOUR, scene.start - HOUR
    is_flagged = _cancelled(scene, at, booked_at=booked)
    return (f"{scene.key}_off" if is_flagged else scene.key), {"booked": booked, "at": at}


def _drift_moves(severity: Severity) -> Callable[[Scene], Made | None]:
    def made(scene: Scene) -> Made | None:
        step = max(scene.thresholds.reschedule_from, MINUTE)
        begins = scene.start - 10 * DAY
        numbers = range(scene.value + 2)
        tellings = [Telling(begins + n * HOUR, (scene.visit(sched_start=scene.start + n * step),)) for n in numbers]
        at = scene.stage.raised(DRIFT, *tellings, ends=tellings[-1].at + MINUTE, severity=severity)
        return scene.said(count=round((at - begins) / HOUR)) if at else None

    return made


def _drift_days(scene: Scene) -> Made | None:
    """Between a day on which it does not drift and one on which it does, the limit is sought by halves."""

    def drifts(days: int) -> bool:
        before = Telling(scene.start - 10 * DAY, (scene.visit(),))
        after = Telling(scene.start - 9 * DAY, (scene.visit(sched_start=scene.start + days * DAY),))
        return scene.stage.raised(DRIFT, before, after, ends=after.at + MINUTE) is not None

    low, high = 0, 2 * scene.value + 7
    if drifts(low) or not drifts(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if drifts(middle) else (middle, high)
    return scene.said(at=scene.start + high * DAY)


EXAMPLES: Mapping[str, Callable[[Scene], Made | None]] = {
    "cancel_notice": _cancel_notice,
    "cancel_high_within": _high_within(_cancelled),
    "cancel_wait": _cancel_wait,
    "reschedule_notice": _reschedule_notice,
    "reschedule_high_within": _high_within(_moved),
    "reschedule_from": _reschedule_from,
    "undo_within": _undo_within,
    "notice_counts": _notice_counts,
    "booked_inside_exempt": _booked_inside,
    "drift_moves": _drift_moves(Severity.INFO),
    "drift_high_moves": _drift_moves(Severity.HIGH),
    "drift_days": _drift_days,
}
