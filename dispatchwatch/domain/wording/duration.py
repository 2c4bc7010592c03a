"""What is said of work that takes longer than planned, and of technicians who left before it was done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind
from dispatchwatch.domain.visit import Status, Visit
from dispatchwatch.domain.wording.names import STATUS_NAMES
from dispatchwatch.domain.wording.plain import clock, day_and_clock, instant_of, place, span, where_of, who_of, zone_of
from dispatchwatch.domain.wording.voice import Rows, Voice

ENDED_BY_PAUSE = "Work is paused, so no time runs"
ENDED_BY_UNDOING = "The check-in was taken back"
ENDED_WITHOUT_PLAN = "The visit has no planned end any more"
ENDED_BY_A_DAY = "It was a day ago"


# Running over


def _over(alert: Alert, now: datetime) -> timedelta:
    return max(now - (instant_of(alert.facts, "plan_end") or alert.due_at), timedelta())


def _overrun_headline(alert: Alert, now: datetime) -> str:
    over, end = _over(alert, now), instant_of(alert.facts, "plan_end")
    planned = f" of {clock(end, zone_of(alert.facts))}" if end else ""
    text = f"{who_of(alert.facts)} is still at {where_of(alert.facts)}, {span(over)} past the planned end{planned}"
    following = _following(alert)
    return f"{text}, and will be late for {following}" if following else text


def _following(alert: Alert) -> str:
    """The technician's next visit and its promise, if it has become late for this one; else empty."""
    promise = instant_of(alert.facts, "next_promise")
    if promise is None:
        return ""
    where = place(alert.facts.get("next_customer", ""), alert.facts.get("next_site", ""))
    return f"{where} at {clock(promise, alert.facts.get('next_timezone', 'UTC'))}"


def _overrun_title(alert: Alert, now: datetime) -> str:
    text = f"{who_of(alert.facts, 'Technician')} is {span(_over(alert, now))} over"
    return f"{text}, next visit at risk" if _following(alert) else text


def _overrun_next_step(alert: Alert) -> str:
    who, phone = who_of(alert.facts, "the technician"), alert.facts.get("technician_phone")
    ask = f"Ask {who}{f' ({phone})' if phone else ''} how long it will still take"
    if not _following(alert):
        return f"{ask}, and move the planned end. Done already? Have the visit completed."
    following = alert.facts.get("next", "the next visit")
    return f"{ask}. Give {following} to somebody else, or tell its customer of the delay."


def _overrun_detail(alert: Alert) -> str:
    end = instant_of(alert.facts, "plan_end") or alert.due_at
    return f"{where_of(alert.facts)} · {alert.ext_id} · planned end {clock(end, zone_of(alert.facts))}"


def _overrun_rows(alert: Alert) -> Rows:
    started, end = instant_of(alert.facts, "started"), instant_of(alert.facts, "plan_end")
    zone_name = zone_of(alert.facts)
    following = _following(alert)
    return (
        ("There since", day_and_clock(started, zone_name) if started else ""),
        ("Planned end", day_and_clock(end, zone_name) if end else ""),
        ("Next visit", " · ".join((alert.facts.get("next", ""), following)) if following else ""),
    )


def _overrun_measure(alert: Alert, now: datetime) -> Rows:
    return (("Past the plan", span(_over(alert, now))),)


def ended_by_finish(visit: Visit, at: datetime | None, planned_end: datetime | None = None) -> str:
    """The visit is over, or the technician left; how long after its planned end, where that is told."""
    if at is None:
        return f"The visit now stands as “{STATUS_NAMES[visit.status].lower()}”"
    text = f"{visit.technician or 'The technician'} left at {clock(at, visit.site.timezone)}"
    if planned_end is not None and at - planned_end >= timedelta(minutes=1):
        text += f", {span(at - planned_end)} after the planned end"
    return text


def ended_by_new_plan(visit: Visit, end: datetime) -> str:
    return f"The plan has changed: the work is now to end {day_and_clock(end, visit.site.timezone)}"


# Left early


def _is_elsewhere(alert: Alert) -> bool:
    return "other" in alert.facts


def _elsewhere(alert: Alert) -> str:
    where = place(alert.facts.get("other_customer", ""), alert.facts.get("other_site", ""))
    if alert.facts.get("other_status") == Status.EN_ROUTE.value:
        return f"on the way to {where}"
    return f"at {where}"


def _stayed(alert: Alert) -> timedelta | None:
    came, left = instant_of(alert.facts, "came"), instant_of(alert.facts, "left")
    return left - came if came is not None and left is not None else None


def _planned(alert: Alert) -> timedelta | None:
    minutes = alert.facts.get("planned_minutes")
    return timedelta(minutes=float(minutes)) if minutes else None


def _early_headline(alert: Alert, _now: datetime) -> str:
    who, where = who_of(alert.facts), where_of(alert.facts)
    if _is_elsewhere(alert):
        since = clock(alert.due_at, zone_of(alert.facts))
        return f"{who} has been {_elsewhere(alert)} since {since}, but the visit at {where} still stands as open"
    stayed, planned = _stayed(alert), _planned(alert)
    if stayed is None or planned is None:
        return f"{who} left {where} early"
    return f"{who} left {where} after {span(stayed)} of {span(planned)} planned"


def _early_title(alert: Alert, _now: datetime) -> str:
    who = who_of(alert.facts, "Technician")
    if _is_elsewhere(alert):
        return f"{who} has left an open visit"
    stayed = _stayed(alert)
    return f"{who} left after {span(stayed)}" if stayed is not None else f"{who} left early"


def _early_next_step(alert: Alert) -> str:
    who, phone = who_of(alert.facts, "the technician"), alert.facts.get("technician_phone")
    ask = f"Ask {who}{f' ({phone})' if phone else ''} whether the work"
    if _is_elsewhere(alert):
        return f"{ask} at {where_of(alert.facts)} is done. If so, have {alert.ext_id} completed; if not, send somebody."
    return f"{ask} is done, or whether the customer needs another visit."


def _early_detail(alert: Alert) -> str:
    return f"{where_of(alert.facts)} · {alert.ext_id} · left {clock(alert.due_at, zone_of(alert.facts))}"


def _early_rows(alert: Alert) -> Rows:
    zone_name, planned = zone_of(alert.facts), _planned(alert)
    rows = [
        (label, day_and_clock(instant, zone_name))
        for label, name in (("Came", "came"), ("Last sign there", "last_there"), ("Left", "left"))
        if (instant := instant_of(alert.facts, name)) is not None
    ]
    if _is_elsewhere(alert):
        rows.append(("Now", f"{_elsewhere(alert)} ({alert.facts['other']})"))
    if planned is not None:
        rows.append(("Planned", span(planned)))
    return tuple(rows)


def ended_by_taking_up(visit: Visit) -> str:
    return f"The visit was taken up again: {STATUS_NAMES[visit.status].lower()}"


def ended_by_correction(visit: Visit, came: datetime | None, left: datetime) -> str:
    zone_name = visit.site.timezone
    since = f"from {clock(came, zone_name)} " if came else ""
    return f"The times were corrected: there {since}until {clock(left, zone_name)}"


def ended_by_return(visit: Visit, at: datetime | None) -> str:
    who, where = visit.technician or "The technician", place(visit.customer.name, visit.site.name)
    if at is None:
        return f"{who} no longer stands as being elsewhere"
    return f"{who} is back at {where} since {clock(at, visit.site.timezone)}"


VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.OVERRUN: Voice(
        name="Running over",
        headline=_overrun_headline,
        title=_overrun_title,
        next_step=_overrun_next_step,
        detail=_overrun_detail,
        rows=_overrun_rows,
        measure=_overrun_measure,
    ),
    AlertKind.EARLY_DEPARTURE: Voice(
        name="Left early",
        headline=_early_headline,
        title=_early_title,
        next_step=_early_next_step,
        detail=_early_detail,
        rows=_early_rows,
    ),
}
