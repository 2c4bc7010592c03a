"""The outbox: what is owed to the channels, and what became of it.

A delivery is owed in the transaction that raises its alerts, claimed with a lease before it is sent, and settled after.
How what still waits is put differently is in `threads`. What a crash leaves claimed is found by `recover`. The promise
(house, "The data's way", 2): nothing owed is ever lost; it ends as sent, as failed where a person can see and re-send
it, or as dropped because it was no longer needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import JOIN, fn

from dispatchwatch.store import codec
from dispatchwatch.store.database import Database, portions
from dispatchwatch.store.deliveries import Debt, Delivery, DeliveryState, delivery_of, row_of
from dispatchwatch.store.tables import RANK, AlertRow, DeliveryAlertRow, DeliveryRow, ReceiptRow, from_text, to_text

CLAIM = """
UPDATE delivery SET state = :sending, attempts = attempts + 1, first_attempt_at = COALESCE(first_attempt_at, :now),
    owner = :owner, lease_until = :lease_until
WHERE id = :id AND state = :waiting AND revision = :revision
"""
SETTLE = """
UPDATE delivery SET state = :state, settled_at = :now, owner = '', lease_until = NULL,
    may_have_arrived = :may_have_arrived, reference = :reference, error = :error
WHERE id = :id
"""
BEGUN = """
SELECT attempts, first_attempt_at, settled_at, CASE state WHEN 'waiting' THEN next_attempt_at END FROM delivery
WHERE channel = ? AND attempts > 0 AND (settled_at >= ? OR state IN (?, ?))
"""
LAST_SETTLED = "SELECT MAX(settled_at) FROM delivery WHERE channel = :channel AND attempts > 0"
RECEIPT = "SELECT reference, details FROM receipt WHERE thread = :thread AND channel = :channel"
UNSETTLED = (DeliveryState.WAITING.value, DeliveryState.SENDING.value)


class Outbox:
    def __init__(self, database: Database) -> None:
        self._database = database

    def owe(self, deliveries: Sequence[Delivery]) -> list[Delivery]:
        """Adds debts and returns them with their numbers. Belongs inside the transaction that changes their alerts."""
        with self._database.transaction():
            owed = [replace(one, id=self._database.insert(DeliveryRow, row_of(one))) for one in deliveries]
            self._database.insert_many(
                DeliveryAlertRow,
                [
                    {"delivery_id": one.id, "alert_id": number, "is_gone": False}
                    for one in owed
                    for number in one.alerts or (one.alert_id,)
                ],
            )
        return owed

    def due(self, channel: str, now: datetime, limit: int = 100, *, worst_first: bool = False) -> list[Delivery]:
        """What this channel may be sent now, oldest debt first; with `worst_first` by what its first alert is worth.

        In one thread, what was owed earlier comes first: its later debts stay back until it is settled. A message
        that waits for nobody to act, or that is held back, holds up none until it was tried.
        """
        earlier = DeliveryRow.alias()
        query = (
            DeliveryRow.select()
            .where(
                (DeliveryRow.channel == channel)
                & (DeliveryRow.state == DeliveryState.WAITING.value)
                & (DeliveryRow.next_attempt_at <= now)
                & ~fn.EXISTS(
                    earlier.select(earlier.id).where(
                        (earlier.thread == DeliveryRow.thread)
                        & (earlier.channel == DeliveryRow.channel)
                        & (earlier.id < DeliveryRow.id)
                        & earlier.state.in_(UNSETTLED)
                        & (
                            (earlier.attempts > 0) | ((earlier.waits_for_nobody == False) & (earlier.held == ""))  # noqa: E712 - this is SQL
                        )
                    )
                )
            )
            .limit(limit)
        )
        if worst_first:
            query = query.join(AlertRow, JOIN.LEFT_OUTER, on=(AlertRow.id == DeliveryRow.alert_id))
            return self._deliveries(self._database.rows(query.order_by(RANK, DeliveryRow.id)))
        return self._deliveries(self._database.rows(query.order_by(DeliveryRow.id)))

    def begun_since(self, channel: str, since: datetime) -> list[datetime]:
        """When messages to this channel went out since then, oldest first, as far as that is known: for each attempt
        the latest instant it can have been at. None is counted too little."""
        found: list[datetime] = []
        for attempts, first, settled, following in self._database.select(BEGUN, [channel, to_text(since), *UNSETTLED]):
            last = from_text(settled or following) if settled or following else datetime.max.replace(tzinfo=UTC)
            many = attempts if first >= to_text(since) else 1
            found.extend([last] * many if last >= since else [])
        return sorted(found)

    def last_activity(self, channel: str) -> datetime | None:
        """When this channel last settled anything."""
        row = self._database.first(LAST_SETTLED, channel=channel)
        return from_text(row[0]) if row and row[0] else None

    def stuck(self, before: datetime) -> list[Delivery]:
        """What has been on its way for so long that its lease had run out by then."""
        is_old = DeliveryRow.lease_until < before
        query = DeliveryRow.select().where((DeliveryRow.state == DeliveryState.SENDING.value) & is_old)
        return self._deliveries(self._database.rows(query.order_by(DeliveryRow.id)))

    def next_due(self, channel: str) -> datetime | None:
        """When this channel's next debt falls due."""
        query = (
            DeliveryRow.select(DeliveryRow.next_attempt_at)
            .where((DeliveryRow.channel == channel) & (DeliveryRow.state == DeliveryState.WAITING.value))
            .order_by(DeliveryRow.next_attempt_at)
        )
        row = self._database.one(query)
        return row["next_attempt_at"] if row else None

    def claim(self, delivery: Delivery, owner: str, now: datetime, lease: timedelta) -> bool:
        """Takes a waiting delivery for sending; False if it is not waiting any more, or now says something else."""
        changed = self._database.statement(
            CLAIM,
            sending=DeliveryState.SENDING.value,
            waiting=DeliveryState.WAITING.value,
            owner=owner,
            lease_until=to_text(now + lease),
            now=to_text(now),
            id=delivery.id,
            revision=delivery.revision,
        )
        return changed == 1

    def settle(
        self,
        delivery: Delivery,
        state: DeliveryState,
        now: datetime,
        *,
        reference: str = "",
        error: str = "",
        may_have_arrived: bool = False,
    ) -> None:
        """Ends a delivery: sent, failed or dropped."""
        self._database.statement(
            SETTLE,
            state=state.value,
            now=to_text(now),
            may_have_arrived=may_have_arrived,
            reference=reference,
            error=error,
            id=delivery.id,
        )

    def postpone(self, delivery: Delivery, until: datetime, error: str, *, may_have_arrived: bool) -> None:
        """Puts a claimed delivery back, to be tried again at `until`."""
        self._database.run(
            DeliveryRow.update(
                state=DeliveryState.WAITING.value,
                next_attempt_at=until,
                error=error,
                owner="",
                lease_until=None,
                may_have_arrived=may_have_arrived,
            ).where(DeliveryRow.id == delivery.id)
        )

    def left_sending(self, owner: str, now: datetime) -> list[Delivery]:
        """What an owner that is gone left claimed: its own leases, and those of anybody that have run out."""
        query = DeliveryRow.select().where(
            (DeliveryRow.state == DeliveryState.SENDING.value)
            & ((DeliveryRow.owner == owner) | (DeliveryRow.lease_until <= now))
        )
        return self._deliveries(self._database.rows(query.order_by(DeliveryRow.id)))

    def drop(self, deliveries: Iterable[Delivery | Debt], now: datetime, why: str) -> None:
        """Ends waiting deliveries that nobody needs any more."""
        dropped = DeliveryRow.update(state=DeliveryState.DROPPED.value, settled_at=now, error=why)
        for some in portions(delivery.id for delivery in deliveries):
            is_waiting = DeliveryRow.state == DeliveryState.WAITING.value
            self._database.run(dropped.where(DeliveryRow.id.in_(some) & is_waiting))

    def fail_all(self, channel: str, now: datetime, why: str) -> None:
        """Gives up everything that waits for a channel."""
        self._database.run(
            DeliveryRow.update(state=DeliveryState.FAILED.value, settled_at=now, error=why).where(
                (DeliveryRow.channel == channel) & (DeliveryRow.state == DeliveryState.WAITING.value)
            )
        )

    def shift(self, delta: timedelta) -> None:
        """Moves every waiting delivery's time, after the computer's clock was set.

        What is held back waits for a time of day, and that is now read rightly.
        """
        for row in self._database.rows(
            DeliveryRow.select(DeliveryRow.id, DeliveryRow.next_attempt_at).where(
                (DeliveryRow.state == DeliveryState.WAITING.value) & (DeliveryRow.held == "")
            )
        ):
            moved = row["next_attempt_at"] + delta
            self._database.run(DeliveryRow.update(next_attempt_at=moved).where(DeliveryRow.id == row["id"]))

    def bring_forward(self, channel: str, put_off_until: datetime, now: datetime) -> None:
        """Makes due now what was put off until this instant."""
        self._database.run(
            DeliveryRow.update(next_attempt_at=now).where(
                (DeliveryRow.channel == channel)
                & (DeliveryRow.state == DeliveryState.WAITING.value)
                & (DeliveryRow.next_attempt_at == put_off_until)
                & (DeliveryRow.held == "")
            )
        )

    def resend(self, number: int, now: datetime) -> bool:
        """Owes a failed delivery again; False if it has not failed."""
        query = DeliveryRow.update(
            state=DeliveryState.WAITING.value, next_attempt_at=now, attempts=0, first_attempt_at=None, settled_at=None
        ).where((DeliveryRow.id == number) & (DeliveryRow.state == DeliveryState.FAILED.value))
        return bool(self._database.run(query))

    def get(self, number: int) -> Delivery | None:
        row = self._database.one(DeliveryRow.select().where(DeliveryRow.id == number))
        return self._deliveries([row])[0] if row else None

    def of_alerts(self, numbers: Iterable[int]) -> list[Delivery]:
        """The deliveries that speak of these alerts, or were to until the alert was taken out; oldest first."""
        link = DeliveryAlertRow
        found: dict[int, dict[str, Any]] = {}
        for some in portions(numbers):
            query = DeliveryRow.select().where(
                DeliveryRow.id.in_(link.select(link.delivery_id).where(link.alert_id.in_(some)))
            )
            found.update((row["id"], row) for row in self._database.rows(query))
        return self._deliveries([found[number] for number in sorted(found)])

    def listed(self, states: Sequence[DeliveryState] = (), limit: int = 1000) -> list[Delivery]:
        """The latest deliveries, oldest first; all states if none are named."""
        query = DeliveryRow.select().order_by(DeliveryRow.id.desc()).limit(limit)
        if states:
            query = query.where(DeliveryRow.state.in_([state.value for state in states]))
        return self._deliveries(self._database.rows(query)[::-1])

    def _deliveries(self, rows: Sequence[dict[str, Any]]) -> list[Delivery]:
        """The values of these rows, with the alerts each speaks of."""
        link = DeliveryAlertRow
        alerts: dict[int, list[int]] = {}
        for some in portions(row["id"] for row in rows):
            query = link.select(link.delivery_id, link.alert_id).where(link.delivery_id.in_(some) & ~link.is_gone)
            for delivery, alert in self._database.tuples(query.order_by(link.delivery_id, link.alert_id)):
                alerts.setdefault(delivery, []).append(alert)
        return [delivery_of(row, tuple(alerts.get(row["id"], ()))) for row in rows]

    def loads(self) -> dict[str, tuple[int, int, datetime | None]]:
        """For each channel, how many deliveries it still owes now, how many have failed, and since when the oldest of
        those it owes is owed.

        Reminders and escalations that nobody may come to need are not counted.
        """
        query = (
            DeliveryRow.select(
                DeliveryRow.channel,
                DeliveryRow.state,
                fn.COUNT(DeliveryRow.id).alias("many"),
                fn.MIN(DeliveryRow.created_at).alias("oldest"),
            )
            .where(
                (DeliveryRow.state == DeliveryState.FAILED.value)
                | (DeliveryRow.state.in_(UNSETTLED) & (DeliveryRow.waits_for_nobody == False))  # noqa: E712
            )
            .group_by(DeliveryRow.channel, DeliveryRow.state)
        )
        found: dict[str, tuple[int, int, datetime | None]] = {}
        for channel, state, many, oldest in self._database.tuples(query):
            waiting, failed, since = found.get(channel, (0, 0, None))
            if state == DeliveryState.FAILED.value:
                failed += many
            else:
                waiting, since = waiting + many, min(oldest, since or oldest)
            found[channel] = (waiting, failed, since)
        return found

    def waiting_channels(self) -> set[str]:
        """The channels that are owed anything."""
        query = DeliveryRow.select(DeliveryRow.channel).where(DeliveryRow.state.in_(UNSETTLED)).distinct()
        return {row["channel"] for row in self._database.rows(query)}

    def receipt(self, thread: str, channel: str) -> tuple[str, dict[str, str]] | None:
        """The reference and details the channel's platform gave for this thread."""
        row = self._database.first(RECEIPT, thread=thread, channel=channel)
        return (row[0], dict(codec.words(row[1]))) if row else None

    def keep_receipt(self, thread: str, channel: str, reference: str, details: dict[str, str]) -> None:
        row = {"thread": thread, "channel": channel, "reference": reference}
        self._database.replace_many(ReceiptRow, [{**row, "details": codec.encode(codec.ANYTHING, details)}])
