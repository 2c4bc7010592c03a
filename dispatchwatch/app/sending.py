"""Turning what channels are to be told into messages: in which thread, with what else, and until when held back.

Belongs inside the transaction of what it follows from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatchwatch.app.trail import PROGRAM, alert_subject
from dispatchwatch.app.waiting import OUT_OF_DATE, Waiting, was_heard
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, Operation
from dispatchwatch.domain.grouping import Manner, Message, Wanted, is_change, messages, threaded
from dispatchwatch.domain.quiet import Hold
from dispatchwatch.domain.routing import Outgoing
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.deliveries import Debt, Delivery
from dispatchwatch.store.store import Store

FEW = 3
"""So many alerts that were held back for one channel are still told one by one; more share a message."""

SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class Destination:
    """What must be known of a channel to owe it something: its platform, and what that platform can be told."""

    platform: str
    operations: frozenset[Operation]


class Sending:
    def __init__(self, store: Store, waiting: Waiting, outgoing: Outgoing, channels: Mapping[str, Destination]) -> None:
        self._store = store
        self._waiting = waiting
        self._outgoing = outgoing
        self._channels = channels

    def tell(self, wanted: Sequence[Wanted], now: datetime) -> None:
        """Owes what is wanted, as few messages as may be; what already waits takes up what belongs to it."""
        wanted = self._with_changes(wanted)
        known = {one.manner.thread for one in wanted if one.manner.thread}
        wanted = self._gathered(threaded(wanted, self._outgoing.storm_over), known, now)
        new = []
        for message in messages(wanted):
            debt = self._place_for(message) if message.manner.thread in known and message.manner.due_at > now else None
            if debt is None:
                new.append(message)
            else:
                self._waiting.put_in(debt, [alert.id for alert in message.alerts], now)
        self.owe(new, now)
        self._note_held(wanted, now)

    def remind(self, wanted: Sequence[Wanted], now: datetime) -> None:
        """Owes reminders, those of one thread together."""
        self.owe(messages(wanted), now)

    def put_off(self, alert: Alert, waits: Mapping[Debt, Hold], now: datetime) -> None:
        """Moves what is to be said of one alert; what these messages say of others stays as it was."""
        sizes = self._store.threads.sizes(debt.id for debt in waits)
        wanted = []
        for debt, wait in waits.items():
            held = wait.reason or (SNOOZED if debt.held else "")
            if sizes[debt.id] == 1:
                self._store.threads.move(debt.id, wait.until, self._held(wait.until, held, now))
                self._waiting.reword([replace(debt, next_attempt_at=wait.until)], now)
                continue
            manner = Manner(
                channel=debt.channel,
                due_at=wait.until,
                repeat=debt.repeat,
                waits_for_nobody=True,
                is_reminder=self._store.threads.words([debt.id])[debt.id][1].is_reminder,
                held=held,
                thread=debt.thread,
            )
            self._waiting.take_out({debt: [alert.id]}, now, OUT_OF_DATE)
            wanted.append(Wanted(alert, manner))
        self.owe(messages(wanted), now)

    def owe(self, new: Iterable[Message], now: datetime) -> None:
        """Adds messages to the outbox as they are."""
        self._store.outbox.owe([self._delivery(message, now) for message in new])

    def _delivery(self, message: Message, now: datetime) -> Delivery:
        manner, alerts = message.manner, message.alerts
        notification = wording.notification_of_many(
            wording.Many.of(alerts),
            manner.operation,
            max(now, manner.due_at),
            thread=manner.thread,
            is_reminder=manner.is_reminder,
        )
        return Delivery(
            alert_id=alerts[0].id,
            alerts=tuple(alert.id for alert in alerts),
            thread=manner.thread,
            channel=manner.channel,
            platform=self._channels[manner.channel].platform,
            operation=manner.operation,
            notification=notification,
            waits_for_nobody=manner.waits_for_nobody,
            repeat=manner.repeat,
            created_at=now,
            next_attempt_at=manner.due_at,
            held=self._held(manner.due_at, manner.held, now),
        )

    def _held(self, until: datetime, reason: str, now: datetime) -> str:
        return wording.held(until, reason, self._outgoing.office.zone.key, now) if reason else ""

    def _place_for(self, message: Message) -> Debt | None:
        """The message of the same thread, not tried yet, that goes out at the same time for the same purpose."""
        manner = message.manner
        late = self._outgoing.coalesce_for if all(is_change(alert) for alert in message.alerts) else timedelta()
        for debt in self._store.threads.all_in([manner.thread]).get((manner.thread, manner.channel), ()):
            is_alike = (debt.operation, debt.waits_for_nobody) == (manner.operation, manner.waits_for_nobody)
            is_repeated_alike = debt.repeat == manner.repeat or manner.operation is Operation.UPDATE
            is_in_time = debt.next_attempt_at <= manner.due_at <= debt.next_attempt_at + late
            if debt.is_untouched and is_alike and is_repeated_alike and is_in_time:
                return debt
        return None

    def _with_changes(self, wanted: Sequence[Wanted]) -> list[Wanted]:
        """A change of a visit whose last one still waits to be told belongs to the thread of that."""
        waiting = self._waiting_changes([one for one in wanted if is_change(one.alert) and not one.manner.thread])
        found = []
        for one in wanted:
            thread = "" if one.manner.thread else self._thread_of_change(one, waiting)
            found.append(replace(one, manner=replace(one.manner, thread=thread)) if thread else one)
        return found

    def _waiting_changes(self, new: Sequence[Wanted]) -> dict[VisitKey, list[Debt]]:
        """What nobody has heard yet of changes of any visit, as far as it waits for about the same time."""
        if not new:
            return {}
        due = [one.manner.due_at for one in new]
        since = min(due) - self._outgoing.coalesce_for
        debts = self._store.threads.untold({one.manner.channel for one in new}, since, max(due))
        spoken = self._store.threads.alerts_of(debt.id for debt in debts)
        alerts = {one.id: one for one in self._store.alerts.many({one for some in spoken.values() for one in some})}
        found: dict[VisitKey, list[Debt]] = {}
        for debt in debts:
            told = [alerts[number] for number in spoken.get(debt.id, ()) if number in alerts]
            for visit in {one.visit_key for one in told if is_change(one) and one.visit_key}:
                found.setdefault(visit, []).append(debt)
        return found

    def _thread_of_change(self, one: Wanted, waiting: Mapping[VisitKey, Sequence[Debt]]) -> str:
        manner, visit = one.manner, one.alert.visit_key
        if visit is None or not is_change(one.alert):
            return ""
        for debt in waiting.get(visit, ()):
            last = debt.next_attempt_at + self._outgoing.coalesce_for
            is_alike = (debt.channel, debt.repeat) == (manner.channel, manner.repeat)
            if is_alike and debt.next_attempt_at <= manner.due_at <= last:
                return debt.thread
        return ""

    def _gathered(self, wanted: list[Wanted], known: set[str], now: datetime) -> list[Wanted]:
        """More than a few new alerts held back for a channel until the same instant become one message there.

        Adds to `known` the threads that were there before.
        """
        moved: dict[tuple[str, str], str] = {}
        for (channel, until, repeat), new in _held_together(wanted, self._told(known)).items():
            before = [one for one in self._store.threads.held_until(channel, until) if one.repeat == repeat]
            told = self._told({one.thread for one in before})
            before = [one for one in before if one.is_untouched and (one.thread, channel) not in told]
            threads = list(dict.fromkeys([*(one.thread for one in before), *new.values()]))
            spoken = self._store.threads.alerts_of(one.id for one in before)
            alerts = {*new, *(number for some in spoken.values() for number in some)}
            if len(alerts) > FEW and len(threads) > 1:
                self._waiting.gather(channel, threads, now)
                moved.update({(thread, channel): threads[0] for thread in threads})
                known.add(threads[0])
        if not moved:
            return wanted
        return [replace(one, manner=_moved(one.manner, moved)) for one in wanted]

    def _told(self, threads: Collection[str]) -> set[tuple[str, str]]:
        """Where these threads have been heard of, by thread and channel."""
        said = self._store.threads.all_in(threads) if threads else {}
        return {place for place, debts in said.items() if was_heard(debts)}

    def _note_held(self, wanted: Iterable[Wanted], now: datetime) -> None:
        entries = [
            Entry(
                at=now,
                who=PROGRAM,
                origin="rule",
                action="held",
                subject=alert_subject(one.alert.id),
                detail={"channel": one.manner.channel, "until": one.manner.due_at, "reason": one.manner.held},
            )
            for one in wanted
            if one.manner.held
        ]
        if entries:
            self._store.audit.append(entries, now)


def _held_together(
    wanted: Iterable[Wanted], told: set[tuple[str, str]]
) -> dict[tuple[str, datetime, timedelta | None], dict[int, str]]:
    """What nobody has heard of and is held back, by channel, instant and repeat: the alerts and their threads."""
    found: dict[tuple[str, datetime, timedelta | None], dict[int, str]] = {}
    for one in wanted:
        manner = one.manner
        is_new = manner.operation is Operation.RAISE and (manner.thread, manner.channel) not in told
        if manner.held and is_new:
            found.setdefault((manner.channel, manner.due_at, manner.repeat), {})[one.alert.id] = manner.thread
    return found


def _moved(manner: Manner, moved: Mapping[tuple[str, str], str]) -> Manner:
    return replace(manner, thread=moved.get((manner.thread, manner.channel), manner.thread))
