"""Writing down what a look or a person changed: alerts, what is owed for them, and the trail, as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.owing import Owing
from dispatchwatch.app.trail import PROGRAM, alert_subject
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import FLAPPING, REOPENED, Alert, AlertKind, AlertState
from dispatchwatch.domain.differences import Differences
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.store import Store

FLAPPING_SPAN = timedelta(hours=1)
FLAPPING_FROM = 3
RULES = Actor(PROGRAM, "rule")
__all__ = ["PROGRAM", "Recorded", "alert_subject", "record", "states_of"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was really written: another writer may have been quicker with some."""

    raised: tuple[Alert, ...] = ()
    worsened: tuple[Alert, ...] = ()
    resolved: tuple[Alert, ...] = ()
    reopened: tuple[Alert, ...] = ()

    @property
    def all(self) -> tuple[Alert, ...]:
        return (*self.raised, *self.worsened, *self.resolved, *self.reopened)

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(alert.id for alert in self.all)


def record(
    store: Store,
    owing: Owing,
    found: Differences,
    now: datetime,
    *,
    states: Mapping[int, AlertState],
    by: Actor = RULES,
) -> Recorded:
    """Writes the differences. Belongs inside the transaction of the visits they follow from.

    `states` are the states the alerts were in when they were read; an alert that has changed since is left alone.
    """
    raised = tuple(store.alerts.add(_marked(store, found.raised, now)))
    owing.raised(raised, now)
    known = {one.id: one for one in store.alerts.many(one.id for one in found.worsened)}
    worse = (_as_known(one, known.get(one.id)) for one in found.worsened)
    worsened = tuple(one for one in worse if store.alerts.save(one, expected=states[one.id]))
    owing.worsened(worsened, now)
    resolved = tuple(one for one in found.resolved if store.alerts.save(one, expected=states[one.id]))
    owing.resolved(resolved, now, by.place)
    known = {one.id: one for one in store.alerts.many(one.id for one in found.reopened)}
    again = (_as_known(one, known.get(one.id)) for one in found.reopened)
    reopened = tuple(one for one in again if store.alerts.save(one, expected=states[one.id]))
    owing.reopened(reopened, now)
    entries = [
        *(_entry(one, "raised", now, by, {"due_at": one.due_at}) for one in raised),
        *(_entry(one, "updated", now, by) for one in worsened),
        *(_entry(one, "resolved", now, by, {"resolution": one.resolution}) for one in resolved),
        *(_entry(one, "reopened", now, by, {"why": one.facts.get(REOPENED, "")}) for one in reopened),
    ]
    store.audit.append(entries, now)
    return Recorded(raised, worsened, resolved, reopened)


def _marked(store: Store, raised: Sequence[Alert], now: datetime) -> list[Alert]:
    """The alerts in the order they fell due; what comes and goes says how often it has within the hour."""
    if not raised:
        return []
    times: dict[tuple[AlertKind, VisitKey | None], set[datetime]] = {}
    for kind, visit, at in store.alerts.raised_since(now - FLAPPING_SPAN):
        times.setdefault((kind, visit), {now}).add(at)
    marked = []
    for alert in sorted(raised, key=lambda alert: (alert.due_at, alert.key)):
        often = len(times.get((alert.kind, alert.visit_key), ()))
        is_flapping = often >= FLAPPING_FROM
        marked.append(replace(alert, facts={**alert.facts, FLAPPING: str(often)}) if is_flapping else alert)
    return marked


def _as_known(alert: Alert, known: Alert | None) -> Alert:
    """A snooze changes no state, so another process may have set one since the alert was read; and what is known of
    its coming and going is no fact of the rule's, which gives the other facts anew."""
    if known is None:
        return alert
    flapping = {FLAPPING: known.facts[FLAPPING]} if FLAPPING in known.facts else {}
    return replace(
        alert,
        snoozed_until=known.snoozed_until,
        snoozed_by=known.snoozed_by,
        facts={**alert.facts, **flapping},
    )


def _entry(alert: Alert, action: str, now: datetime, by: Actor, more: Mapping[str, Any] | None = None) -> Entry:
    return Entry(
        at=now,
        who=by.signature,
        origin=by.origin,
        action=action,
        subject=alert_subject(alert.id),
        detail={
            "key": alert.key,
            "severity": alert.severity,
            "headline": wording.headline(alert, now),
            **(more or {}),
        },
    )


def states_of(alerts: Sequence[Alert]) -> dict[int, AlertState]:
    return {alert.id: alert.state for alert in alerts}
