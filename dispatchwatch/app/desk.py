"""What a person may do, the same from the window, from a toast and from the command line.

Each deed is one transaction with its audit entry and the messages it owes, and answers for each thing it was asked
to do: done, or why not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from dispatchwatch.app.deeds import TILL_OVER, Actor, Lasting, Result
from dispatchwatch.app.desk_alerts import DeskAlerts, TakenOn
from dispatchwatch.app.desk_reassigning import Handover
from dispatchwatch.app.desk_visits import DeskVisits, Said
from dispatchwatch.app.owing import Owing
from dispatchwatch.app.recording import alert_subject
from dispatchwatch.domain import wording
from dispatchwatch.domain.desk_entry import DeskAction
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.store import Store

CLOCK_TOLERANCE = timedelta(minutes=2)


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
        self._alerts = DeskAlerts(store, owing, standards.office.zone.key)
        self._visits = DeskVisits(store, standards, self._alerts.record)

    def acknowledge(
        self,
        numbers: Iterable[int],
        actor: Actor,
        now: datetime,
        *,
        reason: str = "",
        note: str = "",
        lasting: Lasting = TILL_OVER,
    ) -> list[Result]:
        """Takes alerts on: reminders and escalations end, and the channels hear who is on it."""
        taken_on = TakenOn(actor, now, reason, note, lasting)
        return [self._alerts.acknowledge(number, taken_on) for number in numbers]

    def reopen(self, numbers: Iterable[int], actor: Actor, now: datetime) -> list[Result]:
        """Puts back what somebody took on: reminders and escalations begin anew, and the channels hear so."""
        return [self._alerts.reopen(number, actor, now) for number in numbers]

    def resolve(self, numbers: Iterable[int], actor: Actor, now: datetime, *, note: str = "") -> list[Result]:
        """Ends alerts by hand. They never open again for the same cause."""
        return [self._alerts.resolve(number, actor, now, note) for number in numbers]

    def snooze(self, numbers: Iterable[int], actor: Actor, now: datetime, *, until: datetime) -> list[Result]:
        """Holds back reminders, escalations and sounds until then. Never holds back that an alert is over."""
        return [self._alerts.snooze(number, actor, now, until) for number in numbers]

    def check_in(self, key: VisitKey, at: datetime, actor: Actor, now: datetime, *, note: str = "") -> Result:
        """Enters an arrival that the office software has not heard of."""
        return self._visits.enter(key, Said(DeskAction.CHECK_IN, at, note), actor, now)

    def eta(self, key: VisitKey, at: datetime, actor: Actor, now: datetime, *, note: str = "") -> Result:
        """Enters that the technician is on the way and when he means to be there."""
        return self._visits.enter(key, Said(DeskAction.ETA, at, note), actor, now)

    def cancel(self, key: VisitKey, actor: Actor, now: datetime, *, note: str = "") -> Result:
        """Enters that a visit will not take place."""
        return self._visits.enter(key, Said(DeskAction.CANCEL, now, note), actor, now)

    def note(self, key: VisitKey, text: str, actor: Actor, now: datetime) -> Result:
        """Adds a note to a visit, for everybody who looks at it."""
        return self._visits.enter(key, Said(DeskAction.NOTE, now, text.strip()), actor, now)

    def reassign(self, key: VisitKey, handover: Handover, actor: Actor, now: datetime) -> Result:
        """Has somebody else go to a visit, until its source agrees or sends others. Tells nobody."""
        return self._visits.reassign(key, handover, actor, now)

    def add_visit(self, told: Mapping[str, str], actor: Actor, now: datetime) -> Result:
        """Adds a visit that no source tells of. `told` is text by field (`intake.desk_feed.LABELS`)."""
        return self._visits.add(told, actor, now)

    def change_visit(self, ext_id: str, told: Mapping[str, str], actor: Actor, now: datetime) -> Result:
        """Types a visit of the desk anew, all of it."""
        return self._visits.change(ext_id, told, actor, now)

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

    def pause(self, channel: str, actor: Actor, now: datetime) -> Result:
        """Has a channel send nothing until a person lets it. What is owed waits."""
        subject = f"channel {channel}"
        with self._store.transaction():
            if self._store.lanes.get(channel).paused:
                return Result(subject, done=False, text=f"{channel} is paused already.")
            since = wording.day_and_clock(now, self._standards.office.zone.key)
            why = f"{actor.name} paused it on {since}. What is owed waits until somebody resumes it."
            self._store.lanes.change(channel, paused=why, paused_at=now)
            self._note(actor, now, "channel_paused", subject, {"by_hand": True})
        return Result(subject, done=True, text=f"{channel} is paused. What is owed to it waits.")

    def tested(self, channel: str, problem: str, actor: Actor, now: datetime) -> None:
        """Records a test message. One that was taken shows that the channel works, and lifts its pause."""
        with self._store.transaction():
            if not problem and self._store.lanes.get(channel).paused:
                self._store.lanes.change(channel, paused="", paused_at=None, resting_until=None)
            self._note(actor, now, "channel_tested", f"channel {channel}", {"problem": problem})

    def toast_shown(self, numbers: Sequence[int], backend: str, problem: str, now: datetime) -> None:
        """Records whether the desktop took a toast, and through what. One of no alert speaks of the program."""
        with self._store.transaction():
            entries = [
                Entry(
                    at=now,
                    who="DispatchWatch",
                    origin="toast",
                    action="toast_failed" if problem else "toast_shown",
                    subject=subject,
                    detail={"backend": backend, "problem": problem},
                )
                for subject in [alert_subject(number) for number in numbers] or ["program"]
            ]
            self._store.audit.append(entries, now)

    def find(self, ext_id: str) -> list[Watched]:
        """The visits of this id, in any feed."""
        return self._store.schedules.named(ext_id)

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
        entry = Entry(
            at=now, who=actor.signature, origin=actor.origin, action=action, subject=subject, detail=detail or {}
        )
        self._store.audit.append([entry], now)


def visit_subject(key: VisitKey) -> str:
    return f"visit {key.feed}/{key.ext_id}"
