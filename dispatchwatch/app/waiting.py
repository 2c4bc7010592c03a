"""Putting differently what still waits in the outbox: without an alert, with one more, or as one message.

Belongs inside the transaction of what it follows from. A message that was put differently is read again before it is
sent: its revision is another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.grouping import worst_first
from dispatchwatch.domain.wording.many import SHOWN
from dispatchwatch.store.deliveries import Debt, Delivery, DeliveryState
from dispatchwatch.store.store import Store

OUT_OF_DATE = "Something newer took its place."
JOINED = "It became part of another message."


TELLING = frozenset({Operation.RAISE, Operation.UPDATE})
"""What a channel is told first; an update is, where the first message was refused."""


def was_heard(debts: Iterable[Debt]) -> bool:
    """Whether the channel of these messages of one thread was told of it, is just being told, or may have been."""
    return any(one.operation in TELLING and one.was_told for one in debts)


class Waiting:
    def __init__(self, store: Store) -> None:
        self._store = store

    def take_out(self, alerts: Mapping[Debt, Collection[int]], now: datetime, why: str) -> None:
        """These messages no longer speak of these alerts; one with nothing left to say is dropped for this reason."""
        sizes = self._store.threads.sizes(debt.id for debt in alerts)
        empty = [debt for debt, gone in alerts.items() if sizes.get(debt.id, 0) <= len(gone)]
        self._store.outbox.drop(empty, now, why)
        left = [debt for debt in alerts if sizes.get(debt.id, 0) > len(alerts[debt])]
        for debt in left:
            self._store.threads.take_out(debt.id, alerts[debt])
        self.reword(left, now)

    def put_in(self, debt: Debt, alerts: Collection[int], now: datetime) -> None:
        """The message speaks of these alerts too."""
        self._store.threads.put_in(debt.id, alerts)
        self.reword([debt], now)

    def reword(self, debts: Iterable[Debt], now: datetime) -> None:
        """Says them in the words that are true now, of the alerts they still speak of."""
        asked = {debt.id: debt for debt in debts}
        words = self._store.threads.words(asked)
        for number, many in self._spoken_of(asked).items():
            thread, before = words[number]
            debt = asked[number]
            notification = wording.notification_of_many(
                many,
                debt.operation,
                max(now, debt.next_attempt_at),
                thread=thread,
                is_reminder=before.is_reminder,
            )
            self._store.threads.reword(number, many.shown[0].id, notification)

    def _spoken_of(self, deliveries: Collection[int]) -> dict[int, wording.Many]:
        """What each of these deliveries speaks of; those that speak of nothing are left out."""
        sizes = self._store.threads.sizes(deliveries)
        few = self._store.threads.alerts_of(number for number, size in sizes.items() if size <= SHOWN)
        alerts = {one.id: one for one in self._store.alerts.many({number for some in few.values() for number in some})}
        found = {
            number: wording.Many.of(worst_first(alerts[one] for one in some if one in alerts))
            for number, some in few.items()
        }
        for number in sizes.keys() - few.keys():
            kinds = self._store.threads.spoken_of(number)
            shown = self._store.alerts.many(self._store.threads.worst_of(number, SHOWN))
            found[number] = wording.Many(worst_first(shown), sum(kinds.values()), frozenset(kinds))
        return {number: many for number, many in found.items() if many.shown}

    def again(self, delivery: Delivery, now: datetime) -> str:
        """Puts a failed message back, without what is over by now. Returns why not, or nothing."""
        if delivery.state is not DeliveryState.FAILED:
            return f"Delivery {delivery.id} is {delivery.state}; only a failed one can be sent again."
        alerts = self._store.alerts.many(delivery.alerts)
        over = [one.id for one in alerts if one.resolved_at and delivery.operation is not Operation.RESOLVE]
        if alerts and len(over) == len(alerts):
            return f"What delivery {delivery.id} speaks of is over; there is nothing left to tell {delivery.channel}."
        self._store.outbox.resend(delivery.id, now)
        debts = self._store.threads.all_in([delivery.thread])[delivery.thread, delivery.channel]
        self.take_out({one: over for one in debts if over and one.id == delivery.id}, now, OUT_OF_DATE)
        return ""

    def gather(self, channel: str, threads: Collection[str], now: datetime) -> None:
        """Makes one of the threads that nobody has heard of yet: the first. What waits for one instant becomes one."""
        target = next(iter(threads))
        places = self._store.threads.all_in(threads)
        debts = sorted(
            (one for (_, name), found in places.items() if name == channel for one in found if one.is_untouched),
            key=lambda one: (one.thread != target, one.id),
        )
        self._store.threads.rethread([one.id for one in debts if one.thread != target], target)
        for alike in _alike(debts):
            first, *others = alike
            spoken = self._store.threads.alerts_of(one.id for one in others)
            self._store.threads.put_in(first.id, {number for some in spoken.values() for number in some})
            self._store.outbox.drop(others, now, JOINED)
            self.reword([first], now)

    def part(self, debts: Iterable[Debt], thread: str, now: datetime) -> None:
        """What others still wait for in the thread that goes by the key of an alert that left it gets another name."""
        left = [one for one in debts if one.thread == thread]
        sizes = self._store.threads.sizes(one.id for one in left)
        left = [one for one in left if sizes.get(one.id)]
        for number in self._store.threads.worst_of(left[0].id, 1) if left else ():
            (first,) = self._store.alerts.many([number])
            self._store.threads.rethread([one.id for one in left], first.key)
            self.reword(left, now)


def _alike(debts: Sequence[Debt]) -> list[list[Debt]]:
    """The messages that can be one: due together, for the same purpose."""
    found: dict[tuple[Operation, datetime, object, bool], list[Debt]] = {}
    for one in debts:
        found.setdefault((one.operation, one.next_attempt_at, one.repeat, one.waits_for_nobody), []).append(one)
    return list(found.values())
