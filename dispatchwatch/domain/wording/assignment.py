"""What is said of visits that nobody goes to, and of technicians who are to be at two places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.wording.names import STATUS_NAMES
from dispatchwatch.domain.wording.plain import (
    clock,
    day_and_clock,
    instant_of,
    place,
    span,
    where_of,
    who_of,
    zone,
    zone_of,
)
from dispatchwatch.domain.wording.voice import Rows, Voice

ENDED_BY_UNASSIGNMENT = "The technician was taken off once more; a new alert tells of it"
ENDED_BY_TIME = "Its time has passed"
ENDED_AS_ONE_ORDER = "Both visits now belong to one order"
ENDED_BY_OVERLAP = "The two visits now overlap; a double booking tells of it"


def when(instant: datetime, now: datetime, zone_name: str) -> str:
    """A time, with its day unless that is today at the site."""
    there = zone(zone_name)
    same_day = instant.astimezone(there).date() == now.astimezone(there).date()
    return clock(instant, zone_name) if same_day else day_and_clock(instant, zone_name)


def from_to(start: datetime | None, end: datetime | None, now: datetime, zone_name: str) -> str:
    """ "09:00–11:00 CST", with the day unless that is today; empty where the start is not known."""
    if start is None:
        return ""
    if end is None:
        return when(start, now, zone_name)
    if end - start >= timedelta(days=1):
        return f"{day_and_clock(start, zone_name)} – {day_and_clock(end, zone_name)}"
    return f"{when(start, now, zone_name).rpartition(' ')[0]}–{clock(end, zone_name)}"


# Nobody assigned


def _unassigned_headline(alert: Alert, now: datetime) -> str:
    who = alert.facts.get("technician")
    lack = f"{who} does not work that day" if who else "Nobody is assigned"
    return f"{lack}: {where_of(alert.facts)} {_starts(alert, now)}"


def _starts(alert: Alert, now: datetime) -> str:
    at = when(alert.due_at, now, zone_of(alert.facts))
    if now < alert.due_at:
        return f"starts {at}, in {span(alert.due_at - now)}"
    if now - alert.due_at < timedelta(minutes=1):
        return f"was to start {at}"
    return f"was to start {at}, {span(now - alert.due_at)} ago"


def _unassigned_title(alert: Alert, now: datetime) -> str:
    left = alert.due_at - now
    if left <= timedelta():
        return "Nobody is there, the start is past" if -left >= timedelta(minutes=1) else "Nobody assigned, starts now"
    return f"Nobody assigned, starts in {span(left)}"


def _unassigned_next_step(alert: Alert) -> str:
    phone = alert.facts.get("customer_phone")
    tell = f", or call the customer ({phone}) and move the visit" if phone else ", or move the visit with the customer"
    return f"Assign somebody to {alert.ext_id}{tell}."


def _unassigned_subject(alert: Alert) -> str:
    return f"{who_of(alert.facts, 'Nobody')} at {where_of(alert.facts)}"


def _unassigned_detail(alert: Alert) -> str:
    return f"{where_of(alert.facts)} · {alert.ext_id} · starts {clock(alert.due_at, zone_of(alert.facts))}"


def _unassigned_rows(alert: Alert) -> Rows:
    start = day_and_clock(alert.due_at, zone_of(alert.facts))
    off = alert.facts.get("technician")
    return (("Start", start), ("Assigned", f"{off}, who does not work that day" if off else "Nobody"))


def ended_by_assignment(visit: Visit) -> str:
    return f"{visit.technician} is assigned"


def ended_by_presence(visit: Visit) -> str:
    return f"{visit.technician or 'Somebody'} is there: {STATUS_NAMES[visit.status].lower()}"


def ended_by_new_start(visit: Visit, start: datetime | None) -> str:
    if start is None:
        return "The visit was moved; it now has no fixed time"
    return f"The visit was moved; it now starts {day_and_clock(start, visit.site.timezone)}"


# Two visits of one technician


def _who(alert: Alert) -> str:
    return alert.facts.get("shared") or who_of(alert.facts, "The technician")


def _other_place(alert: Alert) -> str:
    return place(alert.facts.get("other_customer", ""), alert.facts.get("other_site", ""))


def _first_visit(alert: Alert, now: datetime) -> str:
    start, end = instant_of(alert.facts, "other_starts"), instant_of(alert.facts, "other_ends")
    times = from_to(start, end, now, alert.facts.get("other_timezone", "UTC"))
    return f"{_other_place(alert)} ({times})" if times else _other_place(alert)


def _later_visit(alert: Alert, now: datetime) -> str:
    start, end = instant_of(alert.facts, "starts"), instant_of(alert.facts, "ends")
    times = from_to(start, end, now, zone_of(alert.facts))
    return f"{where_of(alert.facts)} ({times})" if times else where_of(alert.facts)


def _overlap(alert: Alert) -> timedelta | None:
    ends = [instant_of(alert.facts, name) for name in ("ends", "other_ends")]
    start, known = instant_of(alert.facts, "starts"), [end for end in ends if end is not None]
    return min(known) - start if start is not None and known else None


def _double_headline(alert: Alert, now: datetime) -> str:
    overlap = _overlap(alert)
    by = f" for {span(overlap)}" if overlap else ""
    return f"{_who(alert)}, double-booked{by}: {_first_visit(alert, now)}, and {_later_visit(alert, now)}"


def _double_title(alert: Alert, _now: datetime) -> str:
    overlap = _overlap(alert)
    return f"{_who(alert)} double-booked{f' for {span(overlap)}' if overlap else ''}"


def _double_next_step(alert: Alert) -> str:
    if alert.facts.get("one_place"):
        return "Both are at the same customer and site: check that one call can do both, or put one after the other."
    first_ends = instant_of(alert.facts, "other_ends")
    until = f" to {clock(first_ends, zone_of(alert.facts))} or later" if first_ends else ""
    return f"Give {alert.ext_id} to somebody who is free, or move it{until} and tell the customer."


def _pair_subject(alert: Alert) -> str:
    return f"{_who(alert)}: {_other_place(alert)} and {where_of(alert.facts)}"


def _double_detail(alert: Alert) -> str:
    return f"{_both(alert)} · overlap from {clock(alert.due_at, zone_of(alert.facts))}"


def _both(alert: Alert) -> str:
    return " and ".join(part for part in (alert.facts.get("other", ""), alert.ext_id) if part)


def _pair_rows(alert: Alert) -> Rows:
    other = alert.facts.get("other", "")
    rows = [(alert.ext_id, _later_visit(alert, alert.due_at))]
    return ((other, _first_visit(alert, alert.due_at)), *rows) if other else tuple(rows)


def _double_rows(alert: Alert) -> Rows:
    overlap = _overlap(alert)
    return (*_pair_rows(alert), ("Overlap", span(overlap) if overlap else ""))


def _gap(alert: Alert) -> timedelta | None:
    start, end = instant_of(alert.facts, "starts"), instant_of(alert.facts, "other_ends")
    return start - end if start is not None and end is not None else None


def _drive(alert: Alert) -> timedelta | None:
    minutes = alert.facts.get("drive_minutes")
    return timedelta(minutes=float(minutes)) if minutes else None


def _travel_headline(alert: Alert, now: datetime) -> str:
    gap, drive = _gap(alert), _drive(alert)
    if gap is None or drive is None:
        return f"{_who(alert)} has too little time from {_other_place(alert)} to {where_of(alert.facts)}"
    time = f"{span(gap)} for a drive of {span(drive)}" if gap > timedelta() else f"no time for a drive of {span(drive)}"
    return f"{_who(alert)} has {time}: {_first_visit(alert, now)}, then {_later_visit(alert, now)}"


def _travel_title(alert: Alert, _now: datetime) -> str:
    gap, drive = _gap(alert), _drive(alert)
    if gap is None or drive is None:
        return f"{_who(alert)}: drive too short"
    return f"{_who(alert)}: {span(max(gap, timedelta()))} for a drive of {span(drive)}"


def _travel_next_step(alert: Alert) -> str:
    gap, drive = _gap(alert), _drive(alert)
    by = f" by {span(drive - gap)}" if gap is not None and drive is not None else ""
    return f"Move {alert.ext_id}{by}, change the order of the visits, or send somebody who is nearer."


def _travel_detail(alert: Alert) -> str:
    return f"{_both(alert)} · starts {clock(alert.due_at, zone_of(alert.facts))}"


def _travel_rows(alert: Alert) -> Rows:
    gap, drive = _gap(alert), _drive(alert)
    return (
        *_pair_rows(alert),
        ("Time between", span(max(gap, timedelta())) if gap is not None else ""),
        ("Drive", f"about {span(drive)}" if drive else ""),
    )


def ended_by_cancelling(visit: Visit) -> str:
    by = f" by {visit.cancelled_by}" if visit.cancelled_by else ""
    return f"{visit.ext_id} was cancelled{by}"


def ended_by_finishing(visit: Visit) -> str:
    return f"{visit.ext_id} is over: {STATUS_NAMES[visit.status].lower()}"


def ended_by_reassignment(visit: Visit) -> str:
    return f"{visit.ext_id} now goes to {visit.technician or 'nobody'}"


def ended_by_pausing(visit: Visit) -> str:
    return f"Work on {visit.ext_id} is paused"


def ended_by_taking_time(visit: Visit) -> str:
    return f"{visit.ext_id} now has no fixed time"


def ended_by_arrival(visit: Visit) -> str:
    return f"{visit.technician or 'The technician'} is at {place(visit.customer.name, visit.site.name)}"


def ended_by_room(first: Visit, later: Visit) -> str:
    return f"There is room now: {_times(first)}, then {_times(later)}"


def ended_by_enough_time(first: Visit, later: Visit) -> str:
    return f"There is time for the drive now: {_times(first)}, then {_times(later)}"


def ended_by_other_times(first: Visit, later: Visit) -> str:
    return f"The times have changed: {_times(first)}, then {_times(later)}"


def ended_by_visit_between(between: Visit) -> str:
    return f"Another visit lies between them now: {_times(between)}"


def _times(visit: Visit) -> str:
    start, end = visit.sched_start, visit.sched_end
    return f"{visit.ext_id} {from_to(start, end, start, visit.site.timezone) if start else ''}".strip()


VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.UNASSIGNED: Voice(
        name="Nobody assigned",
        headline=_unassigned_headline,
        title=_unassigned_title,
        next_step=_unassigned_next_step,
        subject=_unassigned_subject,
        detail=_unassigned_detail,
        rows=_unassigned_rows,
    ),
    AlertKind.DOUBLE_BOOKED: Voice(
        name="Double-booked",
        headline=_double_headline,
        title=_double_title,
        next_step=_double_next_step,
        subject=_pair_subject,
        detail=_double_detail,
        rows=_double_rows,
    ),
    AlertKind.TRAVEL_CONFLICT: Voice(
        name="Drive too short",
        headline=_travel_headline,
        title=_travel_title,
        next_step=_travel_next_step,
        subject=_pair_subject,
        detail=_travel_detail,
        rows=_travel_rows,
    ),
}
