"""What is looked up in the record of days gone by: on a worker thread, over a connection that ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from dispatchwatch.app import picture
from dispatchwatch.app.view import PastAlerts
from dispatchwatch.domain.alert_search import AlertSearch
from dispatchwatch.domain.visit import Visit
from dispatchwatch.store.deliveries import Delivery
from dispatchwatch.store.store import Store

T = TypeVar("T")
MOST = 200
DAYS_BACK = timedelta(days=30)
VISITS = 8


async def aside(store: Store, look: Callable[[Store], T]) -> T:
    return await asyncio.to_thread(_beside, store, look)


def _beside(store: Store, look: Callable[[Store], T]) -> T:
    try:
        with store.database.snapshot():
            return look(store)
    finally:
        store.database.close()


def past_alerts(store: Store, search: AlertSearch, platforms: Mapping[str, str]) -> PastAlerts:
    """The latest that fit, each with what its channels heard of it."""
    numbers, total = store.alert_history.find(search, MOST)
    by_alert: dict[int, list[Delivery]] = {}
    for delivery in store.outbox.of_alerts(numbers):
        for number in delivery.alerts:
            by_alert.setdefault(number, []).append(delivery)
    alerts = {alert.id: alert for alert in store.alerts.many(numbers)}
    lines = (picture.alert_line(alerts[number], by_alert.get(number, []), platforms) for number in numbers)
    return PastAlerts(tuple(lines), total)


def previous_visits(store: Store, visit: Visit, now: datetime) -> tuple[Visit, ...]:
    """Those of the same order, or to the same customer, in the month before; the latest first."""
    until = visit.sched_start or visit.window_start or visit.window_end or now
    found = store.schedules.before((visit.order_ref, visit.customer.name), until - DAYS_BACK, until)
    alike = (
        one.visit
        for one in found
        if one.key != visit.key
        and (
            (visit.order_ref and one.visit.order_ref == visit.order_ref)
            or (visit.customer.name and one.visit.customer.name == visit.customer.name)
        )
    )
    return tuple(alike)[:VISITS]
