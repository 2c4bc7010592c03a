"""Writing down what a look or a person changed: alerts, what is owed for them, and the trail, as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dispatchwatch.app.owing import Owing
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertState
from dispatchwatch.domain.differences import Differences
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.store import Store

PROGRAM = "DispatchWatch"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was really written: another writer may have been quicker with some."""

    raised: tuple[Alert, ...] = ()
    worsened: tuple[Alert, ...] = ()
    resolved: tuple[Alert, ...] = ()

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(alert.id for alert in (*self.raised, *self.worsened, *self.resolved))


def record(
    store: Store,
    owing: Owing,
    found: Differences,
    now: datetime,
    *,
    states: Mapping[int, AlertState],
    who: str = PROGRAM,
    origin: str = "rule",
) -> Recorded:
    """Writes the differences. Belongs inside the transaction of the visits they follow from.

    `states` are the states the alerts were in when they were read; an alert that has changed since is left alone.
    """
    raised = tuple(store.alerts.add(found.raised))
    owing.raised(raised, now)
    worse = (_with_snooze(store, one) for one in found.worsened)
    worsened = tuple(one for one in worse if store.alerts.save(one, expected=states[one.id]))
    for alert in worsened:
        owing.worsened(alert, now)
    resolved = tuple(one for one in found.resolved if store.alerts.save(one, expected=states[one.id]))
    for alert in resolved:
        owing.resolved(alert, now)
    entries = [
        *(_entry(one, "raised", now, who, origin, {"due_at": one.due_at}) for one in raised),
        *(_entry(one, "updated", now, who, origin) for one in worsened),
        *(_entry(one, "resolved", now, who, origin, {"resolution": one.resolution}) for one in resolved),
    ]
    store.audit.append(entries, now)
    return Recorded(raised, worsened, resolved)


def _with_snooze(store: Store, alert: Alert) -> Alert:
    """A snooze changes no state, so another process may have set one since the alert was read."""
    known = store.alerts.get(alert.id)
    return replace(alert, snoozed_until=known.snoozed_until, snoozed_by=known.snoozed_by) if known else alert


def _entry(
    alert: Alert, action: str, now: datetime, who: str, origin: str, more: Mapping[str, Any] | None = None
) -> Entry:
    return Entry(
        at=now,
        who=who,
        origin=origin,
        action=action,
        subject=alert_subject(alert.id),
        detail={
            "key": alert.key,
            "severity": alert.severity,
            "headline": wording.headline(alert, now),
            **(more or {}),
        },
    )


def alert_subject(number: int) -> str:
    return f"alert {number}"


def states_of(alerts: Sequence[Alert]) -> dict[int, AlertState]:
    return {alert.id: alert.state for alert in alerts}
