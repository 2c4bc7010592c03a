"""What an alert's life owes to the channels. Every function belongs inside the transaction that changes the alert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertState, Operation
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.routing import Route, Telling, tellings
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from dispatchwatch.store.outbox import Outbox

ACKNOWLEDGED = "Somebody acknowledged the alert first."
OVER = "The alert was over before this was sent."
OUT_OF_DATE = "Something newer took its place."


@dataclass(frozen=True, slots=True)
class Destination:
    """What must be known of a channel to owe it something: its platform, and what that platform can be told."""

    platform: str
    operations: frozenset[Operation]


class Owing:
    def __init__(
        self,
        outbox: Outbox,
        routes: Sequence[Route],
        channels: Mapping[str, Destination],
        office: OfficeHours,
    ) -> None:
        self._outbox = outbox
        self._routes = routes
        self._channels = channels
        self._office = office

    def raised(self, alerts: Iterable[Alert], now: datetime) -> None:
        """Owes what the routes want said of new alerts."""
        owed = [
            self._raise(alert, telling, now)
            for alert in alerts
            for telling in tellings(alert, self._routes, self._office, now)
            if telling.channel in self._channels
        ]
        self._outbox.owe(owed)

    def worsened(self, alert: Alert, now: datetime) -> None:
        """Tells the channels that know of it, and raises it on those whose routes only fit it now."""
        known = self._outbox.of_alerts([alert.id])
        told = _raised_on(known)
        owed = [self._tell(alert, channel, Operation.UPDATE, now) for channel in told]
        mentioned = {delivery.channel for delivery in known}
        heard = {*told, *(delivery.channel for delivery in known if not delivery.waits_for_nobody)}
        for telling in tellings(alert, self._routes, self._office, now):
            spoken_to = mentioned if telling.waits_for_nobody else heard
            wanted = telling.channel in self._channels and telling.channel not in spoken_to
            if wanted and not (telling.waits_for_nobody and alert.state is AlertState.ACKNOWLEDGED):
                owed.append(self._raise(alert, telling, now))
        self._outbox.owe([delivery for delivery in owed if delivery is not None])

    def acknowledged(self, alert: Alert, now: datetime) -> None:
        """Ends reminders and escalations, and tells the channels who is on it."""
        known = self._outbox.of_alerts([alert.id])
        self._outbox.drop([one for one in known if one.waits_for_nobody], now, ACKNOWLEDGED)
        self._owe_all(alert, _raised_on(known), Operation.ACKNOWLEDGE, now)

    def resolved(self, alert: Alert, now: datetime) -> None:
        """Closes the alert on every channel that heard of it; where its raise never left, nothing is sent at all."""
        known = self._outbox.of_alerts([alert.id])
        self._outbox.drop([one for one in known if one.waits_for_nobody], now, OVER)
        channels = _raised_on(known)
        heard = [channel for channel in channels if _may_have_heard(known, channel)]
        unheard = set(channels) - set(heard)
        self._outbox.drop([one for one in known if one.channel in unheard], now, OVER)
        self._outbox.drop([one for one in known if _is_stale(one)], now, OUT_OF_DATE)
        self._owe_all(alert, heard, Operation.RESOLVE, now)

    def reminder(self, delivery: Delivery, alert: Alert, now: datetime) -> None:
        """After a message that repeats was sent: owes the next, as long as nobody has acted."""
        if delivery.repeat is None or alert.state is not AlertState.OPEN:
            return
        telling = Telling(delivery.channel, now + delivery.repeat, delivery.repeat, waits_for_nobody=True)
        self._outbox.owe([self._raise(alert, telling, now, is_reminder=True)])

    def _owe_all(self, alert: Alert, channels: Iterable[str], operation: Operation, now: datetime) -> None:
        owed = (self._tell(alert, channel, operation, now) for channel in channels)
        self._outbox.owe([delivery for delivery in owed if delivery is not None])

    def _raise(self, alert: Alert, telling: Telling, now: datetime, *, is_reminder: bool = False) -> Delivery:
        due_at = telling.due_at
        if telling.waits_for_nobody and alert.snoozed_until is not None:
            due_at = max(due_at, alert.snoozed_until)
        return Delivery(
            alert_id=alert.id,
            channel=telling.channel,
            platform=self._channels[telling.channel].platform,
            operation=Operation.RAISE,
            notification=wording.notification(alert, Operation.RAISE, max(now, due_at), is_reminder=is_reminder),
            waits_for_nobody=telling.waits_for_nobody,
            repeat=telling.repeat,
            created_at=now,
            next_attempt_at=due_at,
        )

    def _tell(self, alert: Alert, channel: str, operation: Operation, now: datetime) -> Delivery | None:
        destination = self._channels.get(channel)
        if destination is None or operation not in destination.operations:
            return None
        return Delivery(
            alert_id=alert.id,
            channel=channel,
            platform=destination.platform,
            operation=operation,
            notification=wording.notification(alert, operation, now),
            created_at=now,
            next_attempt_at=now,
        )


def _raised_on(known: Sequence[Delivery]) -> list[str]:
    """The channels that were, or are still to be, told that the alert was raised; in the order they were named."""
    dead = {DeliveryState.FAILED, DeliveryState.DROPPED}
    channels = [
        one.channel
        for one in known
        if one.operation is Operation.RAISE
        and (one.may_have_arrived or one.state not in dead)
        and (one.may_have_arrived or not one.waits_for_nobody or one.state is not DeliveryState.WAITING)
    ]
    return list(dict.fromkeys(channels))


def _may_have_heard(known: Sequence[Delivery], channel: str) -> bool:
    return any(
        one.operation is Operation.RAISE
        and one.channel == channel
        and (one.may_have_arrived or one.state in {DeliveryState.SENT, DeliveryState.SENDING})
        for one in known
    )


def _is_stale(delivery: Delivery) -> bool:
    """Whether a message still waiting says what a resolve makes pointless."""
    return delivery.state is DeliveryState.WAITING and delivery.operation in {Operation.UPDATE, Operation.ACKNOWLEDGE}
