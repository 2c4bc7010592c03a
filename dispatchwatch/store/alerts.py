"""Alerts on record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Outcome, Severity, renamed
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.store import codec
from dispatchwatch.store.database import Database, portions
from dispatchwatch.store.tables import AlertRow, from_text, to_text

NAMES = tuple(one.name for one in fields(Alert))
RAISED_SINCE = "SELECT kind, feed, ext_id, raised_at FROM alert WHERE raised_at > ? AND ext_id <> ''"

INCONSISTENT = """
SELECT id FROM alert WHERE (state = ?) <> (outcome IS NOT NULL) OR (outcome IS NULL) <> (resolved_at IS NULL) LIMIT 20
"""


class Alerts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, alerts: Sequence[Alert]) -> list[Alert]:
        """Stores new alerts and returns them with their numbers. A key that is on record raises."""
        return [replace(alert, id=self._database.insert(AlertRow, _row(alert))) for alert in alerts]

    def save(self, alert: Alert, *, expected: AlertState) -> bool:
        """Stores a changed alert if it is still in the expected state; False if somebody was quicker."""
        return bool(self._database.change(AlertRow, _row(alert), id=alert.id, state=expected.value))

    def rename(self, old: VisitKey, new: VisitKey) -> None:
        """Has every alert of a visit speak of another id, those that are over too."""
        for alert in self.of_visit(old):
            self._database.change(AlertRow, _row(renamed(alert, new)), id=alert.id)

    def unresolved(self) -> list[Alert]:
        query = AlertRow.select().where(AlertRow.state != AlertState.RESOLVED.value).order_by(AlertRow.id)
        return [_alert(row) for row in self._database.rows(query)]

    def used_keys(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of the keys that are on record, whatever became of their alerts."""
        found: set[str] = set()
        for some in portions(keys):
            marks = ", ".join("?" * len(some))
            rows = self._database.select(f"SELECT key FROM alert WHERE key IN ({marks})", some)  # noqa: S608 - marks only
            found.update(key for (key,) in rows)
        return frozenset(found)

    def get(self, number: int) -> Alert | None:
        row = self._database.one(AlertRow.select().where(AlertRow.id == number))
        return _alert(row) if row else None

    def many(self, numbers: Iterable[int]) -> list[Alert]:
        """The alerts of these numbers, in the order of their numbers."""
        found: list[Alert] = []
        for some in portions(numbers):
            found.extend(_alert(row) for row in self._database.rows(AlertRow.select().where(AlertRow.id.in_(some))))
        return sorted(found, key=lambda alert: alert.id)

    def raised_since(self, since: datetime) -> list[tuple[AlertKind, VisitKey, datetime]]:
        """What was raised after this instant: of which kind, for which visit, and when."""
        rows = self._database.select(RAISED_SINCE, [to_text(since)])
        return [(AlertKind(kind), VisitKey(feed, ext_id), from_text(at)) for kind, feed, ext_id, at in rows]

    def inconsistent(self) -> list[int]:
        """The numbers of alerts that are over without an outcome, or have one and are not over."""
        return [number for (number,) in self._database.select(INCONSISTENT, [AlertState.RESOLVED.value])]

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
