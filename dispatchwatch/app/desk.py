"""What a person may do, the same from the window, from a toast and from the command line.

Each deed is one transaction with its audit entry and the messages it owes, and answers for each thing it was asked
to do: done, or why not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from dispatchwatch.app.owing import Owing
from dispatchwatch.app.recording import alert_subject, record, states_of
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import ENDED_BY_ACKNOWLEDGING, Alert, AlertKind, AlertState, Ending, Outcome, end
from dispatchwatch.domain.desk_entry import DeskAction, DeskEntry, overlay
from dispatchwatch.domain.differences import Differences
from dispatchwatch.domain.rules import Facts, ending
from dispatchwatch.domain.schedule import differences
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.visit import AWAITED, Status, VisitKey
from dispatchwatch.domain.watched import Watched, entered
from dispatchwatch.domain.wording.feeds import ACCEPTED_BY_HAND
from dispatchwatch.domain.wording.moves import taken_note
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.schedules import VisitChange
from dispatchwatch.store.store import Store

CLOCK_TOLERANCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where: "desk", "toast" or "command"."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one thing that was asked. `text` is a sentence for the person who asked."""

    subject: str
    done: bool
    text: str


class Desk:
    def __init__(
        self,
        store: Store,
        owing: Owing,
        standards: Standards,
        unusable: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`unusable` are channels that lack something only a person can give them, with what it is."""
        self._store = store
        self._unusable = unusable
        self._owing = owing
        self._standards = standards

    def acknowledge(
        self, numbers: Iterable[int], actor: Actor, now: datetime, *, reason: str = "", note: str = ""
    ) -> list[Result]:
        """Takes alerts on: reminders and escalations end, and the channels hear who is on it."""
        return [self._acknowledge(number, actor, now, reason, note) for number in numbers]

    def resolve(self, numbers: Iterable[int], actor: Actor, now: datetime, *, note: str = "") -> list[Result]:
        """Ends alerts by hand. They never open again for the same cause."""
        return [self._resolve(number, actor, now, note) for number in numbers]

    def snooze(self, numbers: Iterable[int], actor: Actor, now: datetime, *, until: datetime) -> list[Result]:
        """Holds back reminders, escalations and sounds until then. Never holds back that an alert is over."""
        return [self._snooze(number, actor, now, until) for number in numbers]

    def check_in(self, key: VisitKey, at: datetime, actor: Actor, now: datetime, *, note: str = "") -> Result:
        """Enters an arrival that the office software has not heard of."""
        return self._enter(key, DeskAction.CHECK_IN, at, actor, now, note)

    def eta(self, key: VisitKey, at: datetime, actor: Actor, now: datetime, *, note: str = "") -> Result:
        """Enters that the technician is on the way and when he means to be there."""
        return self._enter(key, DeskAction.ETA, at, actor, now, note)

    def cancel(self, key: VisitKey, actor: Actor, now: datetime, *, note: str = "") -> Result:
        """Enters that a visit will not take place."""
        return self._enter(key, DeskAction.CANCEL, now, actor, now, note)

    def resend(self, numbers: Iterable[int], actor: Actor, now: datetime) -> list[Result]:
        """Owes failed deliveries once more."""
        return [self._resend(number, actor, now) for number in numbers]

    def resume(self, channel: str, actor: Actor, now: datetime) -> Result:
        """Lets a paused channel send again."""
        subject = f"channel {channel}"
        if channel in self._unusable:
            text = f"{channel} can’t send yet. {self._unusable[channel]} Then start the program again."
            return Result(subject, done=False, text=text)
        with self._store.transaction():
            if not self._store.lanes.get(channel).paused:
                return Result(subject, done=False, text=f"{channel} is not paused.")
            self._store.lanes.change(channel, paused="", paused_at=None, resting_until=None)
            self._note(actor, now, "channel_resumed", subject)
        return Result(subject, done=True, text=f"{channel} sends again.")

    def tested(self, channel: str, problem: str, actor: Actor, now: datetime) -> None:
        """Records a test message. One that was taken shows that the channel works, and lifts its pause."""
        with self._store.transaction():
            if not problem and self._store.lanes.get(channel).paused:
                self._store.lanes.change(channel, paused="", paused_at=None, resting_until=None)
            self._note(actor, now, "channel_tested", f"channel {channel}", {"problem": problem})

    def toast_shown(self, numbers: Sequence[int], backend: str, problem: str, now: datetime) -> None:
        """Records whether the desktop took a toast, and through what."""
        with self._store.transaction():
            entries = [
                Entry(
                    at=now,
                    who="DispatchWatch",
                    origin="toast",
                    action="toast_failed" if problem else "toast_shown",
                    subject=alert_subject(number),
                    detail={"backend": backend, "problem": problem},
                )
                for number in numbers
            ]
            self._store.audit.append(entries, now)

    def find(self, ext_id: str) -> list[Watched]:
        """The visits of this id, in any feed."""
        return self._store.schedules.named(ext_id)

    def _acknowledge(self, number: int, actor: Actor, now: datetime, reason: str, note: str) -> Result:
        with self._store.transaction():
            alert = self._store.alerts.get(number)
            refusal = _refusal(number, alert)
            if alert is None or refusal:
                return Result(alert_subject(number), done=False, text=refusal)
            if alert.state is AlertState.ACKNOWLEDGED:
                return Result(
                    alert_subject(number), done=False, text=f"Already acknowledged by {alert.acknowledged_by}."
                )
            changed = replace(
                alert,
                state=AlertState.ACKNOWLEDGED,
                acknowledged_at=now,
                acknowledged_by=actor.name,
                reason=reason,
                note=note,
                updated_at=now,
            )
            self._store.alerts.save(changed, expected=alert.state)
            self._note(actor, now, "acknowledged", alert_subject(number), {"reason": reason, "note": note})
            if alert.kind in ENDED_BY_ACKNOWLEDGING:
                over = end(changed, Ending(Outcome.NOTED, taken_note(actor.name, note)), now, by=actor.name)
                self._record([changed], [over], actor, now)
            else:
                self._owing.acknowledged(changed, now)
        return Result(alert_subject(number), done=True, text=f"Acknowledged: {wording.headline(changed, now)}")

    def _resolve(self, number: int, actor: Actor, now: datetime, note: str) -> Result:
        with self._store.transaction():
            alert = self._store.alerts.get(number)
            refusal = _refusal(number, alert)
            if alert is None or refusal:
                return Result(alert_subject(number), done=False, text=refusal)
            over = end(alert, _ending_by_hand(alert, actor, note), now, by=actor.name)
            self._record([alert], [over], actor, now)
        return Result(alert_subject(number), done=True, text=f"Resolved: {wording.subject(alert)}")

    def _snooze(self, number: int, actor: Actor, now: datetime, until: datetime) -> Result:
        if until <= now:
            return Result(alert_subject(number), done=False, text="A snooze must end in the future.")
        with self._store.transaction():
            alert = self._store.alerts.get(number)
            refusal = _refusal(number, alert)
            if alert is None or refusal:
                return Result(alert_subject(number), done=False, text=refusal)
            changed = replace(alert, snoozed_until=until, snoozed_by=actor.name, updated_at=now)
            self._store.alerts.save(changed, expected=alert.state)
            self._owing.snoozed(changed, now)
            self._note(actor, now, "snoozed", alert_subject(number), {"until": until})
        until_text = wording.clock(until, alert.facts.get("timezone", self._standards.office.zone.key))
        return Result(alert_subject(number), done=True, text=f"Snoozed until {until_text}: {wording.subject(alert)}")

    def _enter(self, key: VisitKey, action: DeskAction, at: datetime, actor: Actor, now: datetime, note: str) -> Result:
        subject = visit_subject(key)
        with self._store.transaction():
            watched = self._store.schedules.get(key)
            if watched is None:
                return Result(subject, done=False, text=f"There is no visit {key.ext_id} in the feed {key.feed}.")
            refusal = _entry_refusal(watched, action, at, now)
            if refusal:
                return Result(subject, done=False, text=refusal)
            entry = DeskEntry(
                feed=key.feed,
                ext_id=key.ext_id,
                action=action,
                at=at,
                entered_at=now,
                by=actor.name,
                note=note,
                promise=watched.visit.promise,
            )
            after = entered(watched, overlay(watched.visit, [entry]), now)
            self._store.schedules.add_entry(entry)
            change = VisitChange(key, now, f"desk: {actor.name}", differences(watched.visit, after.visit))
            self._store.schedules.save([after], [change])
            self._note(actor, now, action.value, subject, {"at": at, "note": note})
            self._settle(after, actor, now)
        return Result(subject, done=True, text=_entered(action, after, at))

    def _settle(self, watched: Watched, actor: Actor, now: datetime) -> None:
        """Ends the alerts of a visit that its new facts have put an end to."""
        unresolved = [a for a in self._store.alerts.of_visit(watched.key) if a.state is not AlertState.RESOLVED]
        facts = Facts(
            now=now,
            awake_since=now,
            visits={watched.key: watched},
            feeds={},
            policy=self._standards.policy,
            office=self._standards.office,
            roster=self._standards.roster,
            travel=self._standards.travel,
        )
        over = [end(alert, why, now, by=actor.name) for alert in unresolved if (why := ending(alert, facts))]
        self._record(unresolved, over, actor, now)

    def _record(self, alerts: Sequence[Alert], over: Sequence[Alert], actor: Actor, now: datetime) -> None:
        """Ends those of the alerts that are `over`, and tells the channels that know of them."""
        found = Differences(resolved=tuple(over))
        record(self._store, self._owing, found, now, states=states_of(alerts), who=actor.name, origin=actor.origin)

    def _resend(self, number: int, actor: Actor, now: datetime) -> Result:
        subject = f"delivery {number}"
        with self._store.transaction():
            delivery = self._store.outbox.get(number)
            if delivery is None:
                return Result(subject, done=False, text=f"There is no delivery {number}.")
            if refusal := self._owing.again(delivery, now):
                return Result(subject, done=False, text=refusal)
            self._note(actor, now, "resend", subject, {"channel": delivery.channel})
        return Result(subject, done=True, text=f"Delivery {number} to {delivery.channel} will be sent again.")

    def _note(
        self, actor: Actor, now: datetime, action: str, subject: str, detail: dict[str, Any] | None = None
    ) -> None:
        entry = Entry(at=now, who=actor.name, origin=actor.origin, action=action, subject=subject, detail=detail or {})
        self._store.audit.append([entry], now)


def visit_subject(key: VisitKey) -> str:
    return f"visit {key.feed}/{key.ext_id}"


def _refusal(number: int, alert: Alert | None) -> str:
    if alert is None:
        return f"There is no alert {number}."
    if alert.state is AlertState.RESOLVED:
        return f"Alert {number} is already over: {alert.resolution}."
    return ""


def _ending_by_hand(alert: Alert, actor: Actor, note: str) -> Ending:
    if alert.kind is AlertKind.FEED_SHRUNK:
        return Ending(Outcome.ACCEPTED, ACCEPTED_BY_HAND)
    return Ending(Outcome.BY_HAND, f"{actor.name} closed it{f': {note}' if note else ''}")


def _entry_refusal(watched: Watched, action: DeskAction, at: datetime, now: datetime) -> str:
    visit = watched.visit
    if visit.status is Status.CANCELLED:
        return f"{visit.ext_id} is cancelled; reinstate it in the office software first."
    if visit.checked_in:
        arrived = visit.checked_in_at
        known = f" at {wording.clock(arrived, visit.site.timezone)}" if arrived else ""
        return f"{visit.ext_id} is already checked in{known}."
    if action is DeskAction.ETA and visit.status not in AWAITED:
        return f"{visit.ext_id} stands as “{wording.STATUS_NAMES[visit.status].lower()}”; nobody is awaited there."
    if action is DeskAction.CHECK_IN and at > now + CLOCK_TOLERANCE:
        return f"{wording.clock(at, visit.site.timezone)} is in the future; for a later arrival enter an ETA."
    return ""


def _entered(action: DeskAction, watched: Watched, at: datetime) -> str:
    visit = watched.visit
    clock = wording.clock(at, visit.site.timezone)
    match action:
        case DeskAction.CHECK_IN:
            return f"{visit.ext_id}: {visit.technician or 'technician'} checked in at {clock}."
        case DeskAction.ETA:
            return f"{visit.ext_id}: expected at {clock}."
        case DeskAction.CANCEL:
            return f"{visit.ext_id} is cancelled at the desk."
