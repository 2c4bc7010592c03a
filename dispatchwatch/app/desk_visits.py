"""What a person says of visits: arrivals, expected arrivals, cancellations and notes; and visits he types himself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.app.desk_reassigning import Handover, decided, handed_over, refusal
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertState, end
from dispatchwatch.domain.desk_entry import DeskAction, DeskEntry, overlay
from dispatchwatch.domain.rules import Facts, ending
from dispatchwatch.domain.schedule import differences
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.visit import AWAITED, Status, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Seen, Watched, entered, sight
from dispatchwatch.intake.desk_feed import DESK, NotUnderstood, retyped, understood
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.schedules import VisitChange
from dispatchwatch.store.store import Store

CLOCK_TOLERANCE = timedelta(minutes=2)
AROUND = timedelta(days=7)
SHOWN_AFTER = timedelta(days=3)
"""How long after its end a typed visit still belongs to the picture."""
Record = Callable[[Sequence[Alert], Sequence[Alert], Actor, datetime], None]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said of a visit. `at` is the arrival, the expected arrival, or when it was said."""

    action: DeskAction
    at: datetime
    note: str = ""


class DeskVisits:
    """Each deed is one transaction with its audit entry."""

    def __init__(self, store: Store, standards: Standards, record: Record) -> None:
        """`record(alerts, over, actor, now)` writes down those of the alerts that are over, and tells the channels."""
        self._store = store
        self._standards = standards
        self._record = record

    def enter(self, key: VisitKey, said: Said, actor: Actor, now: datetime) -> Result:
        subject = visit_subject(key)
        with self._store.transaction():
            watched = self._store.schedules.get(key)
            if watched is None:
                return Result(subject, done=False, text=f"There is no visit {key.ext_id} in the feed {key.feed}.")
            refusal = _refusal(watched.visit, said, now)
            if refusal:
                return Result(subject, done=False, text=refusal)
            entry = DeskEntry(
                feed=key.feed,
                ext_id=key.ext_id,
                action=said.action,
                at=said.at,
                entered_at=now,
                by=actor.name,
                note=said.note,
                promise=watched.visit.promise,
            )
            self._store.schedules.add_entry(entry)
            self._note(actor, now, said.action.value, subject, {"at": said.at, "note": said.note})
            after = entered(watched, overlay(watched.visit, [entry]), now)
            self._save(watched, after, actor, now)
        return Result(subject, done=True, text=_entered(said, after.visit))

    def reassign(self, key: VisitKey, handover: Handover, actor: Actor, now: datetime) -> Result:
        subject = visit_subject(key)
        with self._store.transaction():
            watched = self._store.schedules.get(key)
            if watched is None:
                return Result(subject, done=False, text=f"There is no visit {key.ext_id} in the feed {key.feed}.")
            before = watched.visit
            if why := refusal(before, handover.technician):
                return Result(subject, done=False, text=why)
            entry = DeskEntry(
                feed=key.feed,
                ext_id=key.ext_id,
                action=DeskAction.REASSIGN,
                at=now,
                entered_at=now,
                by=actor.name,
                note=handover.note,
                promise=before.promise,
                crew=(handover.technician,),
                crew_before=before.technicians,
            )
            self._store.schedules.add_entry(entry)
            self._note(actor, now, entry.action.value, subject, decided(before, handover))
            self._save(watched, entered(watched, overlay(before, [entry]), now), actor, now)
        text = f"{handed_over(before, handover.technician)}, decided by {actor.name}."
        return Result(subject, done=True, text=text)

    def add(self, told: Mapping[str, str], actor: Actor, now: datetime) -> Result:
        with self._store.transaction():
            ext_id = f"D-{self._store.desk_visits.next_number()}"
            try:
                visit = self._identified(understood(told, ext_id, office_zone=self._standards.office.zone, now=now))
            except NotUnderstood as problem:
                return Result(visit_subject(VisitKey(DESK, "")), done=False, text=str(problem), field=problem.field)
            self._store.desk_visits.save(visit, _over_at(visit))
            self._store.schedules.save([sight(None, visit, Seen(None, now))], [])
            self._note(actor, now, "visit_added", visit_subject(visit.key), _typed(told))
        return Result(visit_subject(visit.key), done=True, text=f"{ext_id} is added: {_summary(visit)}.")

    def change(self, ext_id: str, told: Mapping[str, str], actor: Actor, now: datetime) -> Result:
        key = VisitKey(DESK, ext_id)
        subject = visit_subject(key)
        with self._store.transaction():
            before = self._store.desk_visits.get(ext_id)
            watched = self._store.schedules.get(key)
            if before is None or watched is None:
                return Result(subject, done=False, text=f"No visit {ext_id} was typed at the desk.")
            try:
                typed = understood(told, ext_id, office_zone=self._standards.office.zone, now=now)
                visit = self._identified(retyped(before, typed))
            except NotUnderstood as problem:
                return Result(subject, done=False, text=str(problem), field=problem.field)
            self._store.desk_visits.save(visit, _over_at(visit))
            said = self._store.schedules.entries_of(key)
            self._note(actor, now, "visit_changed", subject, _typed(told))
            self._save(watched, sight(watched, overlay(visit, said), Seen(now, now)), actor, now)
        return Result(subject, done=True, text=f"{ext_id} is changed: {_summary(visit)}.")

    def _identified(self, visit: Visit) -> Visit:
        """The visit with the ids that the schedule knows its technicians by: a person types names."""
        start = visit.start or visit.sched_start
        if start is None:
            return visit
        ids: dict[str, set[str]] = {}
        for typed in visit.technicians:
            for watched in self._store.schedules.naming(typed.name, start - AROUND, start + AROUND):
                for one in watched.visit.technicians:
                    ids.setdefault(one.name.casefold(), set()).add(one.ext_id)
        return replace(visit, technicians=tuple(_identified(one, ids) for one in visit.technicians))

    def _save(self, before: Watched, after: Watched, actor: Actor, now: datetime) -> None:
        change = VisitChange(after.key, now, f"desk: {actor.name}", differences(before.visit, after.visit))
        self._store.schedules.save([after], [change])
        self._settle(after, actor, now)

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

    def _note(self, actor: Actor, now: datetime, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        entry = Entry(at=now, who=actor.signature, origin=actor.origin, action=action, subject=subject, detail=detail)
        self._store.audit.append([entry], now)


def visit_subject(key: VisitKey) -> str:
    return f"visit {key.feed}/{key.ext_id}"


def _refusal(visit: Visit, said: Said, now: datetime) -> str:
    if said.action is DeskAction.NOTE:
        return "" if said.note else "Type what is to be noted."
    if visit.status is Status.CANCELLED:
        return f"{visit.ext_id} is cancelled; reinstate it in the office software first."
    if visit.checked_in:
        arrived = visit.checked_in_at
        known = f" at {wording.clock(arrived, visit.site.timezone)}" if arrived else ""
        return f"{visit.ext_id} is already checked in{known}."
    if said.action is DeskAction.ETA and visit.status not in AWAITED:
        return f"{visit.ext_id} stands as “{wording.STATUS_NAMES[visit.status].lower()}”; nobody is awaited there."
    if said.action is DeskAction.CHECK_IN and said.at > now + CLOCK_TOLERANCE:
        return f"{wording.clock(said.at, visit.site.timezone)} is in the future; for a later arrival enter an ETA."
    return ""


def _entered(said: Said, visit: Visit) -> str:
    clock = wording.clock(said.at, visit.site.timezone)
    match said.action:
        case DeskAction.CHECK_IN:
            return f"{visit.ext_id}: {visit.technician or 'technician'} checked in at {clock}."
        case DeskAction.ETA:
            return f"{visit.ext_id}: expected at {clock}."
        case DeskAction.CANCEL:
            return f"{visit.ext_id} is cancelled at the desk."
        case _:
            return f"{visit.ext_id}: noted."


def _identified(technician: Technician, ids: Mapping[str, set[str]]) -> Technician:
    """Two people of one name are not told apart, and a source may have no ids: then the name has to do."""
    found = ids.get(technician.name.casefold(), set())
    return replace(technician, ext_id=next(iter(found))) if len(found) == 1 and not technician.ext_id else technician


def _over_at(visit: Visit) -> datetime:
    ends = (visit.start, visit.sched_start, visit.sched_end, visit.window_end)
    return max(at for at in ends if at is not None) + SHOWN_AFTER


def _summary(visit: Visit) -> str:
    """`Acme Foundry, Plant 4, 13:00, J. Ortiz`."""
    when = visit.sched_start or visit.window_start
    clock = wording.day_and_clock(when, visit.site.timezone) if when and not visit.anytime else ""
    parts = (visit.customer.name, visit.site.name, clock, visit.technician or "nobody assigned yet")
    return ", ".join(part for part in parts if part)


def _typed(told: Mapping[str, str]) -> dict[str, str]:
    return {name: text.strip() for name, text in told.items() if text.strip()}
