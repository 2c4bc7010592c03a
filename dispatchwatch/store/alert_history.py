"""Searching the alerts of days gone by."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Any

from peewee import fn

from dispatchwatch.domain.alert_search import AlertSearch, Heard
from dispatchwatch.store.database import Database
from dispatchwatch.store.deliveries import DeliveryState
from dispatchwatch.store.tables import AlertRow, DeliveryAlertRow, DeliveryRow

TEXTS = (AlertRow.ext_id, AlertRow.feed, AlertRow.facts, AlertRow.note, AlertRow.resolution, AlertRow.acknowledged_by)


class AlertHistory:
    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, search: AlertSearch, limit: int) -> tuple[list[int], int]:
        """The numbers of the latest that fit, the latest first, and how many fit in all."""
        wanted = _wanted(search)
        query = AlertRow.select(AlertRow.id).order_by(AlertRow.raised_at.desc(), AlertRow.id.desc()).limit(limit)
        count = AlertRow.select(fn.COUNT(AlertRow.id))
        if wanted is not None:
            query, count = query.where(wanted), count.where(wanted)
        ((total,),) = self._database.tuples(count)
        return [number for (number,) in self._database.tuples(query)], total

    def people(self) -> list[str]:
        """Everybody who ever acknowledged or resolved an alert."""
        columns = (AlertRow.acknowledged_by, AlertRow.resolved_by)
        found = {name for column in columns for (name,) in self._database.tuples(AlertRow.select(column).distinct())}
        return sorted(found - {""}, key=str.casefold)


def _wanted(search: AlertSearch) -> Any:
    found: list[Any] = []
    if search.kind is not None:
        found.append(AlertRow.kind == search.kind.value)
    if search.severity is not None:
        found.append(AlertRow.severity == search.severity.value)
    if search.who:
        found.append((AlertRow.acknowledged_by == search.who) | (AlertRow.resolved_by == search.who))
    if search.since is not None:
        found.append(AlertRow.raised_at >= search.since)
    if search.until is not None:
        found.append(AlertRow.raised_at < search.until)
    if search.heard is not None:
        found.append(_heard(search.heard))
    found += [reduce(or_, [column.contains(word) for column in TEXTS]) for word in search.words]
    return reduce(and_, found) if found else None


def _heard(heard: Heard) -> Any:
    told = (
        DeliveryRow.select(DeliveryRow.id)
        .join(DeliveryAlertRow, on=(DeliveryAlertRow.delivery_id == DeliveryRow.id))
        .where(DeliveryAlertRow.alert_id == AlertRow.id)
    )
    if heard is Heard.UNTOLD:
        return ~fn.EXISTS(told.where(DeliveryRow.state != DeliveryState.DROPPED.value))
    state = DeliveryState.SENT if heard is Heard.DELIVERED else DeliveryState.FAILED
    return fn.EXISTS(told.where(DeliveryRow.state == state.value))
