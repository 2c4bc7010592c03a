"""An office whose alerts a test raises, worsens and ends by itself; what is owed for them is real."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dispatchwatch.app.recording import record, states_of
from dispatchwatch.app.toasting import toasts
from dispatchwatch.domain.alert import Alert, AlertKind, Ending, Outcome, Severity, alert_key, end
from dispatchwatch.domain.differences import Differences
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from tests.fakes.office import FEED, SAM, Office


def alert(ext_id: str, kind: AlertKind = AlertKind.LATE_CHECK_IN, *, at: datetime, **more: Any) -> Alert:
    """An alert of a visit that fell due at this instant; `epoch` tells it from others of the same visit."""
    epoch = more.pop("epoch", "1")
    facts = {"technician": f"T. {ext_id}", "customer": "Acme", "timezone": "America/Chicago", **more.pop("facts", {})}
    told: dict[str, Any] = {
        "key": alert_key(kind, FEED, ext_id, epoch),
        "kind": kind,
        "severity": Severity.WARNING,
        "feed": FEED,
        "ext_id": ext_id,
        "due_at": at,
        "raised_at": at,
        "updated_at": at,
        "facts": facts,
    }
    return Alert(**{**told, **more})


class Records(Office):
    def __init__(self, folder: Path, now: datetime, **more: Any) -> None:
        super().__init__(folder, now, kinds=(), **more)

    def alert(self, ext_id: str, kind: AlertKind = AlertKind.LATE_CHECK_IN, **more: Any) -> Alert:
        return alert(ext_id, kind, **{"at": self.now, **more})

    def raises(self, *alerts: Alert) -> list[Alert]:
        """All in one look."""
        return list(self.records(Differences(raised=alerts)).raised)

    def late(self, count: int, start: int = 0, **more: Any) -> list[Alert]:
        """So many late check-ins in one look: J-00, J-01, …"""
        return self.raises(*(self.alert(f"J-{start + n:02}", **more) for n in range(count)))

    def worsens(self, *numbers: int, severity: Severity = Severity.HIGH) -> None:
        """These alerts in one look."""
        known = self.store.alerts.many(numbers)
        self.records(Differences(worsened=tuple(replace(one, severity=severity, updated_at=self.now) for one in known)))

    def ends(self, *numbers: int, why: str = "He checked in") -> None:
        """These alerts in one look."""
        known = self.store.alerts.many(numbers)
        over = tuple(end(one, Ending(Outcome.CHECKED_IN, why), self.now) for one in known)
        self.records(Differences(resolved=over))

    def replaces(self, *pairs: tuple[int, Alert]) -> list[Alert]:
        """In one look, each alert ends because it has become worse, and the new one follows it."""
        known = {one.id: one for one in self.store.alerts.many(number for number, _ in pairs)}
        worse = Ending(Outcome.BECAME_WORSE, "It has become worse")
        found = Differences(
            raised=tuple(replace(new, follows=number) for number, new in pairs),
            resolved=tuple(end(known[number], worse, self.now) for number, _ in pairs),
        )
        return sorted(self.records(found).raised, key=lambda one: one.follows)

    def takes_on(self, *numbers: int, by: Any = SAM) -> None:
        """A person acknowledges, one after the other."""
        self.desk.acknowledge(numbers, by, self.now)

    def records(self, found: Differences) -> Any:
        with self.store.transaction():
            known = self.store.alerts.many(one.id for one in (*found.worsened, *found.resolved))
            recorded = record(self.store, self.owing, found, self.now, states=states_of(known))
        self.toasts.extend(toasts(recorded, self.now))
        return recorded

    def after(self, length: timedelta) -> Records:
        self.clock.advance(length)
        return self

    def waiting(self, channel: str = "ops") -> list[Delivery]:
        return [one for one in self.deliveries(channel) if one.state is DeliveryState.WAITING]

    def said(self, channel: str = "ops") -> list[tuple[str, str]]:
        """Operation and headline of everything the channel was sent, in the order it was sent."""
        sent = [one for one in self.deliveries(channel) if one.state is DeliveryState.SENT]
        return [(one.operation.value, one.notification.headline) for one in sorted(sent, key=_sent_at)]


def _sent_at(one: Delivery) -> tuple[datetime, int]:
    return one.settled_at or one.created_at, one.id
