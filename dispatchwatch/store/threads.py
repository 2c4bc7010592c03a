"""What is said in each thread, and how what still waits there is put differently.

A thread is what one channel's platform sees as one matter; it goes by the key of the alert that opened it. Everything
here belongs inside the transaction of what it follows from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from dispatchwatch.domain.alert import AlertKind, AlertState, Operation
from dispatchwatch.domain.notification import Notification
from dispatchwatch.store import codec
from dispatchwatch.store.database import Database, portions
from dispatchwatch.store.deliveries import Debt, DeliveryState, debt_of
from dispatchwatch.store.tables import RANK, AlertRow, DeliveryAlertRow, DeliveryRow, ReceiptRow

Place = tuple[str, str]
"""A thread and a channel."""

COLUMNS = (
    DeliveryRow.id,
    DeliveryRow.alert_id,
    DeliveryRow.thread,
    DeliveryRow.channel,
    DeliveryRow.operation,
    DeliveryRow.state,
    DeliveryRow.waits_for_nobody,
    DeliveryRow.repeat_seconds,
    DeliveryRow.next_attempt_at,
    DeliveryRow.attempts,
    DeliveryRow.may_have_arrived,
    DeliveryRow.held,
)
WAITS = DeliveryRow.state == DeliveryState.WAITING.value
SPEAKS = DeliveryAlertRow.is_gone == False  # noqa: E712 - this is SQL
COUNTS = (DeliveryRow.state != DeliveryState.DROPPED.value) | DeliveryRow.may_have_arrived
"""A message that was dropped makes no alert part of a thread, unless it may have arrived after all."""


@dataclass(frozen=True, slots=True)
class Known:
    """A thread on a channel, and what the platform calls it."""

    place: Place
    reference: str
    details: Mapping[str, str]


class Threads:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of_alerts(self, numbers: Iterable[int]) -> dict[int, list[Debt]]:
        """The deliveries that speak of each of these alerts, oldest first."""
        found: dict[int, list[Debt]] = {}
        debts: dict[int, Debt] = {}
        for some in portions(numbers):
            query = (
                DeliveryRow.select(*COLUMNS, DeliveryAlertRow.alert_id.alias("about"))
                .join(DeliveryAlertRow, on=(DeliveryAlertRow.delivery_id == DeliveryRow.id))
                .where(DeliveryAlertRow.alert_id.in_(some) & SPEAKS)
                .order_by(DeliveryRow.id)
            )
            for row in self._database.rows(query):
                debt = debts.get(row["id"])
                if debt is None:
                    debt = debts[row["id"]] = debt_of(row)
                found.setdefault(row["about"], []).append(debt)
        return found

    def all_in(self, threads: Iterable[str]) -> dict[Place, list[Debt]]:
        """Everything that is or was to be said in these threads, by thread and channel, oldest first."""
        found: dict[Place, list[Debt]] = {}
        for some in portions(dict.fromkeys(threads)):
            query = DeliveryRow.select(*COLUMNS).where(DeliveryRow.thread.in_(some)).order_by(DeliveryRow.id)
            for row in self._database.rows(query):
                found.setdefault((row["thread"], row["channel"]), []).append(debt_of(row))
        return found

    def held_until(self, channel: str, until: datetime) -> list[Debt]:
        """What was held back to be raised on a channel at this instant, oldest first."""
        query = DeliveryRow.select(*COLUMNS).where(
            (DeliveryRow.channel == channel)
            & WAITS
            & (DeliveryRow.next_attempt_at == until)
            & (DeliveryRow.held != "")
            & (DeliveryRow.operation == Operation.RAISE.value)
        )
        return [debt_of(row) for row in self._database.rows(query.order_by(DeliveryRow.id))]

    def untold(self, channels: Collection[str], since: datetime, until: datetime) -> list[Debt]:
        """What is to be raised on these channels between two instants, both included, and was never tried."""
        query = DeliveryRow.select(*COLUMNS).where(
            DeliveryRow.channel.in_(channels)
            & WAITS
            & DeliveryRow.next_attempt_at.between(since, until)
            & (DeliveryRow.attempts == 0)
            & (DeliveryRow.operation == Operation.RAISE.value)
        )
        return [debt_of(row) for row in self._database.rows(query.order_by(DeliveryRow.id))]

    def states(self, threads: Iterable[str]) -> dict[Place, dict[AlertState, int]]:
        """How many of the alerts of each thread are in each state, by thread and channel."""
        found: dict[Place, dict[AlertState, int]] = {}
        for some in portions(dict.fromkeys(threads)):
            query = (
                DeliveryRow.select(
                    DeliveryRow.thread, DeliveryRow.channel, AlertRow.state, fn.COUNT(AlertRow.id.distinct())
                )
                .join(DeliveryAlertRow, on=(DeliveryAlertRow.delivery_id == DeliveryRow.id))
                .join(AlertRow, on=(AlertRow.id == DeliveryAlertRow.alert_id))
                .where(DeliveryRow.thread.in_(some) & COUNTS & SPEAKS)
                .group_by(DeliveryRow.thread, DeliveryRow.channel, AlertRow.state)
            )
            for thread, channel, state, many in self._database.tuples(query):
                found.setdefault((thread, channel), {})[AlertState(state)] = many
        return found

    def members(self, place: Place) -> list[int]:
        """The numbers of the alerts of a thread on a channel."""
        thread, channel = place
        query = (
            DeliveryAlertRow.select(DeliveryAlertRow.alert_id)
            .join(DeliveryRow, on=(DeliveryAlertRow.delivery_id == DeliveryRow.id))
            .where((DeliveryRow.thread == thread) & (DeliveryRow.channel == channel) & COUNTS & SPEAKS)
            .distinct()
            .order_by(DeliveryAlertRow.alert_id)
        )
        return [number for (number,) in self._database.tuples(query)]

    def held(self, channels: Collection[str]) -> list[Known]:
        """The threads of these channels that are not over and that the platform has a name for, in their order."""
        query = (
            ReceiptRow.select(ReceiptRow.thread, ReceiptRow.channel, ReceiptRow.reference, ReceiptRow.details)
            .join(
                DeliveryRow,
                on=((DeliveryRow.thread == ReceiptRow.thread) & (DeliveryRow.channel == ReceiptRow.channel)),
            )
            .join(DeliveryAlertRow, on=(DeliveryAlertRow.delivery_id == DeliveryRow.id))
            .join(AlertRow, on=(AlertRow.id == DeliveryAlertRow.alert_id))
            .where(ReceiptRow.channel.in_(channels) & (AlertRow.state != AlertState.RESOLVED.value) & COUNTS & SPEAKS)
            .distinct()
            .order_by(ReceiptRow.thread, ReceiptRow.channel)
        )
        return [
            Known((thread, channel), reference, dict(codec.words(details)))
            for thread, channel, reference, details in self._database.tuples(query)
        ]

    def sizes(self, deliveries: Iterable[int]) -> dict[int, int]:
        """How many alerts each of these deliveries speaks of; those that speak of none are left out."""
        link = DeliveryAlertRow
        found: dict[int, int] = {}
        for some in portions(deliveries):
            query = link.select(link.delivery_id, fn.COUNT(link.alert_id)).where(link.delivery_id.in_(some) & SPEAKS)
            found.update(self._database.tuples(query.group_by(link.delivery_id)))
        return found

    def spoken_of(self, delivery: int) -> Mapping[AlertKind, int]:
        """How many alerts of each kind a delivery speaks of."""
        query = _alerts_of(delivery, AlertRow.kind, fn.COUNT(AlertRow.id)).group_by(AlertRow.kind)
        return {AlertKind(kind): many for kind, many in self._database.tuples(query)}

    def worst_of(self, delivery: int, most: int) -> list[int]:
        """The alerts a delivery speaks of, the worst first, of equals the one due longest; no more than so many."""
        query = _alerts_of(delivery, AlertRow.id).order_by(RANK, AlertRow.due_at, AlertRow.id).limit(most)
        return [number for (number,) in self._database.tuples(query)]

    def words(self, deliveries: Iterable[int]) -> dict[int, tuple[str, Notification]]:
        """The thread each delivery belongs to now, and what it says."""
        found: dict[int, tuple[str, Notification]] = {}
        for some in portions(deliveries):
            columns = DeliveryRow.id, DeliveryRow.thread, DeliveryRow.notification
            for number, thread, text in self._database.tuples(DeliveryRow.select(*columns).where(_is_one_of(some))):
                found[number] = thread, codec.NOTIFICATION.validate_json(text)
        return found

    def take_out(self, delivery: int, alerts: Collection[int]) -> None:
        """From now on a waiting delivery no longer speaks of these alerts; that it was to is kept."""
        link = DeliveryAlertRow
        for some in portions(alerts):
            self._database.run(
                link.update(is_gone=True).where((link.delivery_id == delivery) & link.alert_id.in_(some))
            )

    def put_in(self, delivery: int, alerts: Collection[int]) -> None:
        """From now on a waiting delivery speaks of these alerts too."""
        rows = [{"delivery_id": delivery, "alert_id": number, "is_gone": False} for number in alerts]
        self._database.replace_many(DeliveryAlertRow, rows)

    def alerts_of(self, deliveries: Iterable[int]) -> dict[int, list[int]]:
        """The numbers of the alerts each of these deliveries speaks of."""
        link = DeliveryAlertRow
        found: dict[int, list[int]] = {}
        for some in portions(deliveries):
            query = link.select(link.delivery_id, link.alert_id).where(link.delivery_id.in_(some) & SPEAKS)
            for delivery, alert in self._database.tuples(query.order_by(link.alert_id)):
                found.setdefault(delivery, []).append(alert)
        return found

    def addressed(self, alerts: Iterable[int]) -> dict[int, set[str]]:
        """The channels that were owed anything about each of these alerts, whatever became of it."""
        link = DeliveryAlertRow
        found: dict[int, set[str]] = {}
        for some in portions(alerts):
            query = link.select(link.alert_id, DeliveryRow.channel).join(
                DeliveryRow, on=(link.delivery_id == DeliveryRow.id)
            )
            for alert, channel in self._database.tuples(query.where(link.alert_id.in_(some)).distinct()):
                found.setdefault(alert, set()).add(channel)
        return found

    def reword(self, delivery: int, first: int, notification: Notification) -> None:
        """Gives a waiting delivery other words; `first` is the first of its alerts."""
        self._change([delivery], alert_id=first, notification=codec.encode(codec.NOTIFICATION, notification))

    def move(self, delivery: int, until: datetime, held: str) -> None:
        """Gives a waiting delivery another time."""
        self._change([delivery], next_attempt_at=until, held=held)

    def rethread(self, deliveries: Collection[int], thread: str) -> None:
        """Puts waiting deliveries into another thread. Their words, which name it, must be renewed after this."""
        self._change(deliveries, thread=thread)

    def _change(self, deliveries: Collection[int], **values: Any) -> None:
        changed = DeliveryRow.update(revision=DeliveryRow.revision + 1, **values)
        for some in portions(deliveries):
            self._database.run(changed.where(_is_one_of(some) & WAITS))


def _is_one_of(deliveries: Collection[int]) -> Any:
    return DeliveryRow.id.in_(deliveries)


def _alerts_of(delivery: int, *columns: Any) -> Any:
    """A question about the alerts that a delivery speaks of."""
    return (
        AlertRow.select(*columns)
        .join(DeliveryAlertRow, on=(AlertRow.id == DeliveryAlertRow.alert_id))
        .where((DeliveryAlertRow.delivery_id == delivery) & SPEAKS)
    )
