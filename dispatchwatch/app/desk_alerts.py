"""What a person may do with an alert: each deed one transaction, with its audit entry and what it owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dispatchwatch.app.deeds import Actor, Lasting, Result
from dispatchwatch.app.owing import Owing
from dispatchwatch.app.recording import alert_subject, record, states_of
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import ENDED_BY_ACKNOWLEDGING, Alert, AlertKind, AlertState, Ending, Outcome, end
from dispatchwatch.domain.differences import Differences
from dispatchwatch.domain.lasting import likeness, reopened
from dispatchwatch.domain.wording.feeds import ACCEPTED_BY_HAND
from dispatchwatch.domain.wording.moves import taken_note
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.store import Store


@dataclass(frozen=True, slots=True)
class TakenOn:
    """Who takes alerts on, when, why and for how long."""

    actor: Actor
    now: datetime
    reason: str
    note: str
    lasting: Lasting

    def detail(self, alert: Alert) -> dict[str, Any]:
        """For the audit trail."""
        detail: dict[str, Any] = {"reason": self.reason, "note": self.note}
        if alert.acknowledged_until is not None:
            detail["until"] = alert.acknowledged_until
        if alert.while_visit:
            detail["until_visit_changes"] = True
        return detail


class DeskAlerts:
    """`zone_name` is the office's."""

    def __init__(self, store: Store, owing: Owing, zone_name: str) -> None:
        self._store = store
        self._owing = owing
        self._zone_name = zone_name

    def acknowledge(self, number: int, taken_on: TakenOn) -> Result:
        actor, now = taken_on.actor, taken_on.now
        with self._store.transaction():
            alert = self._store.alerts.get(number)
            refused = _refused(number, alert)
            if alert is None or refused:
                return refused or _unknown(number)
            if alert.state is AlertState.ACKNOWLEDGED:
                return _not_done(number, f"already acknowledged by {alert.acknowledged_by}")
            changed = self._taken_on(alert, taken_on)
            self._store.alerts.save(changed, expected=alert.state)
            self._note(actor, now, "acknowledged", alert_subject(number), taken_on.detail(changed))
            if alert.kind in ENDED_BY_ACKNOWLEDGING:
                over = end(changed, Ending(Outcome.NOTED, taken_note(actor.name, taken_on.note)), now, by=actor.name)
                # Whoever brought his word has not heard that it is over.
                self.record([changed], [over], replace(actor, place=None), now)
            else:
                self._owing.acknowledged(changed, now, actor.place)
        text = f"Acknowledged: {wording.headline(changed, now)}"
        return Result(alert_subject(number), done=True, text=text, fate="acknowledged")

    def _taken_on(self, alert: Alert, how: TakenOn) -> Alert:
        lasting, key = how.lasting, alert.visit_key
        watched = self._store.schedules.get(key) if lasting.until_visit_changes and key else None
        return replace(
            alert,
            state=AlertState.ACKNOWLEDGED,
            acknowledged_at=how.now,
            acknowledged_by=how.actor.name,
            acknowledged_until=how.now + lasting.length if lasting.length else None,
            while_visit=likeness(watched.visit) if watched else "",
            reason=how.reason,
            note=how.note,
            updated_at=how.now,
        )

    def reopen(self, number: int, actor: Actor, now: datetime) -> Result:
        with self._store.transaction():
            alert = self._store.alerts.get(number)
            refused = _refused(number, alert)
            if alert is None or refused:
                return refused or _unknown(number)
            if alert.state is AlertState.OPEN:
                return _not_done(number, "open already")
            again = reopened(alert, f"{actor.name} put it back", now)
            found = Differences(reopened=(again,))
            record(self._store, self._owing, found, now, states=states_of([alert]), by=actor)
        text = f"Open again: {wording.headline(again, now)}"
        return Result(alert_subject(number), done=True, text=text, fate="open again")

    def resolve(self, number: int, actor: Actor, now: datetime, note: str) -> Result:
        with self._store.transaction():
            alert = self._store.alerts.get(number)
            refused = _refused(number, alert)
            if alert is None or refused:
                return refused or _unknown(number)
            over = end(alert, _ending_by_hand(alert, actor, note), now, by=actor.name)
            self.record([alert], [over], actor, now)
        return Result(alert_subject(number), done=True, text=f"Resolved: {wording.subject(alert)}", fate="resolved")

    def snooze(self, number: int, actor: Actor, now: datetime, until: datetime) -> Result:
        if until <= now:
            return Result(alert_subject(number), done=False, text="A snooze must end in the future.")
        with self._store.transaction():
            alert = self._store.alerts.get(number)
            refused = _refused(number, alert)
            if alert is None or refused:
                return refused or _unknown(number)
            changed = replace(alert, snoozed_until=until, snoozed_by=actor.name, updated_at=now)
            self._store.alerts.save(changed, expected=alert.state)
            self._owing.snoozed(changed, now)
            self._note(actor, now, "snoozed", alert_subject(number), {"until": until})
        until_text = wording.clock(until, alert.facts.get("timezone", self._zone_name))
        text = f"Snoozed until {until_text}: {wording.subject(alert)}"
        return Result(alert_subject(number), done=True, text=text, fate="snoozed for the office")

    def record(self, alerts: Sequence[Alert], over: Sequence[Alert], actor: Actor, now: datetime) -> None:
        """Ends those of the alerts that are `over`, and tells the channels that know of them."""
        found = Differences(resolved=tuple(over))
        record(self._store, self._owing, found, now, states=states_of(alerts), by=actor)

    def _note(self, actor: Actor, now: datetime, action: str, subject: str, detail: dict[str, Any]) -> None:
        entry = Entry(at=now, who=actor.signature, origin=actor.origin, action=action, subject=subject, detail=detail)
        self._store.audit.append([entry], now)


def _refused(number: int, alert: Alert | None) -> Result | None:
    """Why nothing can be done with an alert, if nothing can."""
    if alert is None:
        return _unknown(number)
    if alert.state is not AlertState.RESOLVED:
        return None
    fate = f"already resolved by {alert.resolved_by}" if alert.resolved_by else "already over"
    text = f"Alert {number} is already over: {alert.resolution}."
    return Result(alert_subject(number), done=False, text=text, fate=fate)


def _unknown(number: int) -> Result:
    return Result(alert_subject(number), done=False, text=f"There is no alert {number}.", fate="not known")


def _not_done(number: int, fate: str) -> Result:
    return Result(alert_subject(number), done=False, text=f"{fate[0].upper()}{fate[1:]}.", fate=fate)


def _ending_by_hand(alert: Alert, actor: Actor, note: str) -> Ending:
    if alert.kind is AlertKind.FEED_SHRUNK:
        return Ending(Outcome.ACCEPTED, ACCEPTED_BY_HAND)
    return Ending(Outcome.BY_HAND, f"{actor.name} closed it{f': {note}' if note else ''}")
