"""Alerts on record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Outcome, Severity
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.store import codec
from dispatchwatch.store.database import Database
from dispatchwatch.store.tables import AlertRow

NAMES = tuple(one.name for one in fields(Alert))


class Alerts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, alerts: Sequence[Alert]) -> list[Alert]:
        """Stores new alerts and returns them with their numbers. A key that is on record raises."""
        return [replace(alert, id=self._database.insert(AlertRow, _row(alert))) for alert in alerts]

    def save(self, alert: Alert, *, expected: AlertState) -> bool:
        """Stores a changed alert if it is still in the expected state; False if somebody was quicker."""
        query = AlertRow.update(**_row(alert)).where((AlertRow.id == alert.id) & (AlertRow.state == expected.value))
        return bool(self._database.run(query))

    def unresolved(self) -> list[Alert]:
        query = AlertRow.select().where(AlertRow.state != AlertState.RESOLVED.value).order_by(AlertRow.id)
        return [_alert(row) for row in self._database.rows(query)]

    def used_keys(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of the keys that are on record, whatever became of their alerts."""
        wanted = list(keys)
        found: set[str] = set()
        for start in range(0, len(wanted), 500):
            query = AlertRow.select(AlertRow.key).where(AlertRow.key.in_(wanted[start : start + 500]))
            found.update(row["key"] for row in self._database.rows(query))
        return frozenset(found)

    def get(self, number: int) -> Alert | None:
        row = self._database.one(AlertRow.select().where(AlertRow.id == number))
        return _alert(row) if row else None

    def by_key(self, key: str) -> Alert | None:
        row = self._database.one(AlertRow.select().where(AlertRow.key == key))
        return _alert(row) if row else None

    def of_visit(self, key: VisitKey) -> list[Alert]:
        query = AlertRow.select().where((AlertRow.feed == key.feed) & (AlertRow.ext_id == key.ext_id))
        return [_alert(row) for row in self._database.rows(query.order_by(AlertRow.id))]

    def between(self, since: datetime | None, until: datetime | None) -> list[Alert]:
        """Alerts raised in this span, oldest first; an open end is None."""
        query = AlertRow.select().order_by(AlertRow.raised_at, AlertRow.id)
        if since:
            query = query.where(AlertRow.raised_at >= since)
        if until:
            query = query.where(AlertRow.raised_at < until)
        return [_alert(row) for row in self._database.rows(query)]

    def resolved_since(self, since: datetime) -> list[Alert]:
        query = AlertRow.select().where((AlertRow.state == AlertState.RESOLVED.value) & (AlertRow.resolved_at >= since))
        return [_alert(row) for row in self._database.rows(query.order_by(AlertRow.resolved_at))]


def _row(alert: Alert) -> dict[str, Any]:
    row = {name: getattr(alert, name) for name in NAMES if name != "id"}
    row["facts"] = codec.encode(codec.ANYTHING, dict(alert.facts))
    return row


def _alert(row: dict[str, Any]) -> Alert:
    return Alert(
        **{
            **row,
            "kind": AlertKind(row["kind"]),
            "severity": Severity(row["severity"]),
            "state": AlertState(row["state"]),
            "outcome": Outcome(row["outcome"]) if row["outcome"] else None,
            "facts": json.loads(row["facts"]),
        }
    )
