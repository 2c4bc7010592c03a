"""How long an acknowledgement lasts: until the alert is over, for a while, or until its visit changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from dispatchwatch.domain.alert import REOPENED, Alert, AlertState
from dispatchwatch.domain.visit import Visit, VisitKey
from dispatchwatch.domain.watched import Watched

TIME_IS_UP = "the time set for it is up"
VISIT_CHANGED = "the visit has changed"


def likeness(visit: Visit) -> str:
    """What a visit is like, as a short text that is another one once anything has changed that somebody plans by."""
    crew = tuple(technician.identity for technician in visit.technicians)
    times = (visit.sched_start, visit.sched_end, visit.window_start, visit.window_end, visit.eta, visit.arrived_at)
    place = (visit.customer.name, visit.site.name, visit.site.address)
    what = (visit.status, visit.title, visit.priority, visit.duration, visit.cancelled_at)
    return sha256(repr((crew, [one and one.timestamp() for one in times], place, what)).encode()).hexdigest()[:16]


def let_go(alerts: Iterable[Alert], visits: Mapping[VisitKey, Watched], now: datetime) -> tuple[Alert, ...]:
    """The alerts whose acknowledgement has ended by itself, open again."""
    return tuple(reopened(alert, why, now) for alert in alerts if (why := _why(alert, visits, now)))


def next_end(alerts: Iterable[Alert], now: datetime) -> datetime | None:
    """When time alone ends the next acknowledgement."""
    taken_on = (one.acknowledged_until for one in alerts if one.state is AlertState.ACKNOWLEDGED)
    return min((until for until in taken_on if until is not None and until > now), default=None)


def reopened(alert: Alert, why: str, now: datetime) -> Alert:
    """As if nobody had taken it on, but for why it is open again."""
    return replace(
        alert,
        state=AlertState.OPEN,
        updated_at=now,
        acknowledged_at=None,
        acknowledged_by="",
        acknowledged_until=None,
        while_visit="",
        reason="",
        note="",
        facts={**alert.facts, REOPENED: why},
    )


def _why(alert: Alert, visits: Mapping[VisitKey, Watched], now: datetime) -> str:
    if alert.state is not AlertState.ACKNOWLEDGED:
        return ""
    if alert.acknowledged_until is not None and alert.acknowledged_until <= now:
        return TIME_IS_UP
    watched = visits.get(alert.visit_key) if alert.while_visit and alert.visit_key else None
    return VISIT_CHANGED if watched is not None and likeness(watched.visit) != alert.while_visit else ""
