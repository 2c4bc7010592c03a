"""What the life of alerts owes to the channels. Every function belongs inside the transaction that changes the alerts.

What is said of an alert on one channel belongs to one thread there, and a thread may be of several alerts: those of a
storm, the changes of one visit, and what became worse of either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dispatchwatch.app.known import Known, places_of, will_hear
from dispatchwatch.app.sending import Destination, Sending
from dispatchwatch.app.unheard import never_left, reason_of
from dispatchwatch.app.waiting import OUT_OF_DATE, TELLING, Waiting, was_heard
from dispatchwatch.domain.alert import Alert, AlertState, Operation, Outcome
from dispatchwatch.domain.grouping import Manner, Message, Wanted, worst_first
from dispatchwatch.domain.quiet import Hold, hold
from dispatchwatch.domain.routing import Outgoing, Telling, alert_words, quiet_for, tellings
from dispatchwatch.store.deliveries import Debt, Delivery
from dispatchwatch.store.store import Store
from dispatchwatch.store.threads import Place

ACKNOWLEDGED = "Somebody acknowledged the alert first."
OVER = "The alert was over before this was sent."
UNHEARD = "The channel never heard of the alert."


class Owing:
    def __init__(self, store: Store, outgoing: Outgoing, channels: Mapping[str, Destination]) -> None:
        self._store = store
        self._outgoing = outgoing
        self._channels = channels
        self._waiting = Waiting(store)
        self._sending = Sending(store, self._waiting, outgoing, channels)

    def raised(self, alerts: Iterable[Alert], now: datetime) -> None:
        """Owes what the routes want said of new alerts; what follows another goes on in its thread."""
        new = list(alerts)
        followed = self._heard_of({alert.follows for alert in new if alert.follows})
        wanted = [one for alert in new for one in self._of_new(alert, followed.get(alert.follows, {}), now)]
        self._sending.tell(wanted, now)

    def reopened(self, alerts: Iterable[Alert], now: datetime) -> None:
        """Owes what the routes want said of alerts nobody is on any more, as of new ones; what a channel has heard of
        goes on in its thread."""
        again = list(alerts)
        heard, known = self._heard_of(alert.id for alert in again), self._known(again)
        wanted = [one for alert in again for one in self._of_new(alert, heard.get(alert.id, {}), now)]
        self._sending.tell([one for one in wanted if not _is_coming(one, known[one.alert.id].debts)], now)

    def worsened(self, alerts: Iterable[Alert], now: datetime) -> None:
        """Tells the channels that know of them, and raises them on those whose routes only fit them now."""
        worse = list(alerts)
        known = self._known(worse)
        self._sending.tell([one for alert in worse for one in self._of_worse(alert, known[alert.id], now)], now)
        waiting = {debt for one in known.values() for debt in one.debts if debt.is_waiting and debt.waits_for_nobody}
        self._waiting.reword(sorted(waiting, key=lambda debt: debt.id), now)

    def acknowledged(self, alert: Alert, now: datetime, heard: Place | None = None) -> None:
        """Ends reminders and escalations, and says who is on it where nothing of the thread is left open; not to the
        thread and channel where that was `heard`."""
        known = self._known([alert])[alert.id]
        mine = {debt: [alert.id] for debt in known.debts if debt.is_waiting and debt.waits_for_nobody}
        self._waiting.take_out(mine, now, ACKNOWLEDGED)
        states = self._store.threads.states(debt.thread for debt in known.debts)
        for place in places_of(known.debts):
            if place != heard and will_hear(known.said[place]) and not states.get(place, {}).get(AlertState.OPEN):
                self._acknowledge(place, now)

    def resolved(self, alerts: Iterable[Alert], now: datetime, heard: Place | None = None) -> None:
        """Closes each thread whose last alert is over; where its raise never left, nothing is sent at all, and neither
        to the thread and channel where that was `heard`."""
        over = {alert.id: alert for alert in alerts}
        known = self._known(over.values())
        unheard = self._unheard(over, known) if self._outgoing.tells_of_what_is_over else {}
        self._take_out_over(known, now)
        self._tell_unheard(unheard, now)
        places: dict[Place, list[Alert]] = {}
        for number, one in known.items():
            for place in places_of(one.debts):
                places.setdefault(place, []).append(over[number])
        said = next(iter(known.values())).said if known else {}
        states = self._store.threads.states(thread for thread, _ in places)
        for place, gone in places.items():
            if place != heard and was_heard(said[place]):
                self._less(place, gone, states.get(place, {}), now)

    def reminder(self, delivery: Delivery, now: datetime) -> None:
        """After a message that repeats was sent: owes the next, as long as nobody has acted."""
        if delivery.repeat is None:
            return
        wanted = []
        for alert in self._store.alerts.many(delivery.alerts):
            if alert.state is AlertState.OPEN:
                due_at = max(now + delivery.repeat, alert.snoozed_until or now)
                wait = self._hold(alert, delivery.channel, due_at)
                manner = Manner(
                    channel=delivery.channel,
                    due_at=wait.until if wait else due_at,
                    repeat=delivery.repeat,
                    waits_for_nobody=True,
                    is_reminder=True,
                    held=wait.reason if wait else "",
                    thread=delivery.thread,
                )
                wanted.append(Wanted(alert, manner))
        self._sending.remind(wanted, now)

    def failed(self, delivery: Delivery, now: datetime) -> None:
        """After a message was given up: a channel that heard of nothing is not told who is on it, or that it is over.

        An update still goes out, and is then the first that is heard.
        """
        place = delivery.thread, delivery.channel
        debts = self._store.threads.all_in([delivery.thread]).get(place, [])
        if not was_heard(debts):
            rest = [one for one in debts if one.is_waiting and one.operation not in TELLING]
            self._store.outbox.drop(rest, now, UNHEARD)

    def again(self, delivery: Delivery, now: datetime) -> str:
        """Owes a failed message once more, without what is over by now. Returns why not, or nothing."""
        return self._waiting.again(delivery, now)

    def snoozed(self, alert: Alert, now: datetime) -> None:
        """Moves an alert's reminders and escalations to the end of its snooze, where they would come sooner."""
        until = alert.snoozed_until
        if until is not None:
            debts = self._known([alert])[alert.id].debts
            sooner = [one for one in debts if one.is_waiting and one.waits_for_nobody and one.next_attempt_at < until]
            waits = {one: self._hold(alert, one.channel, until) or Hold(until, "") for one in sooner}
            self._sending.put_off(alert, waits, now)

    def _of_new(self, alert: Alert, told: Mapping[str, str], now: datetime) -> Iterator[Wanted]:
        """`told` are the threads, by channel, that have heard of it or of what it follows."""
        wanted = self._tellings(alert, now, self._outgoing.wait(alert))
        goes_on = {channel: self._continued(alert, channel, thread, now) for channel, thread in told.items()}
        for channel, manner in goes_on.items():
            repeats = (one.repeat for one in wanted if one.channel == channel and one.due_at <= manner.due_at)
            yield Wanted(alert, replace(manner, repeat=next(repeats, None)))
        for one in wanted:
            if one.channel not in goes_on or one.due_at > goes_on[one.channel].due_at:
                yield Wanted(alert, Manner.of(one, told.get(one.channel, "")))

    def _of_worse(self, alert: Alert, known: Known, now: datetime) -> Iterator[Wanted]:
        tellings_by_channel: dict[str, list[Telling]] = {channel: [] for channel in known.channels}
        for one in self._tellings(alert, now, timedelta()):
            tellings_by_channel.setdefault(one.channel, []).append(one)
        for channel, wanted in tellings_by_channel.items():
            mine = known.on(channel)
            thread = next((one.thread for one in mine if will_hear(known.said[one.thread, channel])), "")
            if thread and channel in self._channels:
                yield from self._of_worse_known(alert, thread, mine, now)
            elif not thread:
                left = self._released(alert, mine, wanted, now)
                yield from self._wanted_now(alert, wanted, left)

    def _of_worse_known(self, alert: Alert, thread: str, mine: Sequence[Debt], now: datetime) -> Iterator[Wanted]:
        """An update to a channel that knows of it; what was held back of it there is said with it, or stays held."""
        channel = mine[0].channel
        manner = self._continued(alert, channel, thread, now)
        coming = [one for one in mine if one.is_untouched and not one.waits_for_nobody and one.next_attempt_at > now]
        first = [one for one in coming if one.operation is Operation.RAISE]
        if first and (manner.held or not first[0].held):
            self._waiting.reword(first, now)
        elif first or manner.operation is Operation.UPDATE:
            held = [one for one in mine if one.is_waiting and one.held]
            if not manner.held:
                self._waiting.take_out({one: [alert.id] for one in held}, now, OUT_OF_DATE)
                manner = replace(manner, repeat=next((one.repeat for one in held if one.repeat), None))
            yield Wanted(alert, manner)

    def _released(self, alert: Alert, mine: Sequence[Debt], wanted: Sequence[Telling], now: datetime) -> Sequence[Debt]:
        """Lets go of what was held back of an alert that has become too severe for that. Returns what else is said."""
        held = [one for one in mine if one.is_waiting and one.held]
        soonest = min((one.due_at for one in wanted), default=None)
        if not held or soonest is None or soonest >= min(one.next_attempt_at for one in held):
            return mine
        self._waiting.take_out({one: [alert.id] for one in held}, now, OUT_OF_DATE)
        channel = held[0].channel
        others = self._store.threads.all_in([alert.key]).get((alert.key, channel), [])
        self._waiting.part([one for one in others if one.is_waiting and one not in mine], alert.key, now)
        return [one for one in mine if one not in held]

    def _wanted_now(self, alert: Alert, wanted: Sequence[Telling], mine: Sequence[Debt]) -> Iterator[Wanted]:
        """What routes that fit an alert only now want said to a channel that has not heard of it."""
        was_addressed = any(not one.waits_for_nobody for one in mine)
        for one in wanted:
            too_late = one.waits_for_nobody and (mine or alert.state is AlertState.ACKNOWLEDGED)
            if not too_late and not (was_addressed and not one.waits_for_nobody):
                yield Wanted(alert, Manner.of(one, self._thread_of(mine)))

    def _thread_of(self, mine: Sequence[Debt]) -> str:
        """The thread an alert has on a channel that has not heard of it; it may have another name since it was read."""
        return self._store.threads.words([mine[-1].id])[mine[-1].id][0] if mine else ""

    def _continued(self, alert: Alert, channel: str, thread: str, now: datetime) -> Manner:
        """How a channel that has heard of a thread hears that it goes on: told anew where it can't be updated."""
        can_update = Operation.UPDATE in self._channels[channel].operations
        wait = self._hold(alert, channel, now)
        return Manner(
            channel=channel,
            due_at=wait.until if wait else now,
            operation=Operation.UPDATE if can_update else Operation.RAISE,
            held=wait.reason if wait else "",
            thread=thread,
        )

    def _tellings(self, alert: Alert, now: datetime, wait: timedelta) -> list[Telling]:
        """What the routes want said to channels there are."""
        terms = self._outgoing
        found = tellings(alert, terms.routes, terms.office, now, terms.quiet, wait=wait)
        return [self._after_snooze(one, alert) for one in found if one.channel in self._channels]

    def _after_snooze(self, telling: Telling, alert: Alert) -> Telling:
        until = alert.snoozed_until
        if until is None or until <= telling.due_at or not telling.waits_for_nobody:
            return telling
        wait = self._hold(alert, telling.channel, until)
        return replace(telling, due_at=wait.until if wait else until, held=wait.reason if wait else telling.held)

    def _hold(self, alert: Alert, channel: str, at: datetime) -> Hold | None:
        quiet = quiet_for(alert, channel, self._outgoing)
        return hold(alert, alert_words(alert), channel, at, quiet) if quiet else None

    def _known(self, alerts: Collection[Alert]) -> dict[int, Known]:
        debts = self._store.threads.of_alerts(alert.id for alert in alerts)
        said = self._store.threads.all_in(debt.thread for some in debts.values() for debt in some)
        return {alert.id: Known(debts.get(alert.id, []), said) for alert in alerts}

    def _heard_of(self, numbers: Iterable[int]) -> dict[int, dict[str, str]]:
        """The threads, by alert and channel, that have been heard of and go on with what follows."""
        followed = self._store.alerts.many(numbers)
        return {
            number: {
                debt.channel: debt.thread
                for debt in known.debts
                if debt.channel in self._channels and was_heard(known.said[debt.thread, debt.channel])
            }
            for number, known in self._known(followed).items()
        }

    def _take_out_over(self, known: Mapping[int, Known], now: datetime) -> None:
        """What waits no longer speaks of what is over. Only a first message that may have arrived goes out again."""
        gone: dict[str, dict[Debt, list[int]]] = {OVER: {}, OUT_OF_DATE: {}}
        for number, one in known.items():
            for debt in one.debts:
                is_raise = debt.operation is Operation.RAISE
                once_more = is_raise and debt.may_have_arrived and not debt.waits_for_nobody
                if debt.is_waiting and debt.operation is not Operation.RESOLVE and not once_more:
                    gone[OVER if is_raise else OUT_OF_DATE].setdefault(debt, []).append(number)
        for why, some in gone.items():
            self._waiting.take_out(some, now, why)

    def _unheard(self, over: Mapping[int, Alert], known: Mapping[int, Known]) -> Mapping[Debt, Sequence[Alert]]:
        said = next(iter(known.values())).said if known else {}
        waiting = {number: one.debts for number, one in known.items()}
        return never_left(self._store.threads, over, waiting, said)

    def _tell_unheard(self, unheard: Mapping[Debt, Sequence[Alert]], now: datetime) -> None:
        """One message that it is over, when the first would have gone; the platform finds nothing to close."""
        for debt, alerts in unheard.items():
            manner = _at_once((debt.thread, debt.channel), Operation.RESOLVE, max(now, debt.next_attempt_at))
            wait = None if debt.held else self._hold(worst_first(alerts)[0], debt.channel, manner.due_at)
            if wait is not None:
                manner = replace(manner, due_at=wait.until, held=wait.reason)
            self._tell_thread(replace(manner, held=manner.held or reason_of(debt.held)), alerts, now)

    def _less(self, place: Place, gone: Sequence[Alert], states: Mapping[AlertState, int], now: datetime) -> None:
        """Some alerts of a thread that was heard of are over: so is the thread, or somebody is on all that is left."""
        if not states.get(AlertState.OPEN):
            if not states.get(AlertState.ACKNOWLEDGED):
                members = self._store.alerts.many(self._store.threads.members(place))
                last = [alert for alert in members if alert.outcome is not Outcome.BECAME_WORSE]
                self._tell_thread(_at_once(place, Operation.RESOLVE, now), last or members, now)
            elif any(alert.acknowledged_at is None for alert in gone):
                self._acknowledge(place, now)

    def _acknowledge(self, place: Place, now: datetime) -> None:
        members = self._store.alerts.many(self._store.threads.members(place))
        taken_on = [alert for alert in members if alert.state is AlertState.ACKNOWLEDGED]
        self._tell_thread(_at_once(place, Operation.ACKNOWLEDGE, now), taken_on, now)

    def _tell_thread(self, manner: Manner, alerts: Sequence[Alert], now: datetime) -> None:
        known = self._channels.get(manner.channel)
        if known is not None and manner.operation in known.operations and alerts:
            self._sending.owe([Message(manner, worst_first(alerts))], now)


def _is_coming(wanted: Wanted, debts: Sequence[Debt]) -> bool:
    """Whether a first message still waits to go to the channel, and will say so."""
    is_first = not wanted.manner.waits_for_nobody and wanted.manner.operation is Operation.RAISE
    waiting = (one.channel for one in debts if one.is_waiting and not one.waits_for_nobody)
    return is_first and wanted.manner.channel in waiting


def _at_once(place: Place, operation: Operation, now: datetime) -> Manner:
    thread, channel = place
    return Manner(channel=channel, due_at=now, operation=operation, thread=thread)
