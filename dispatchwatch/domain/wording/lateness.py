"""What is said of technicians who are not there yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.watched import Seen
from dispatchwatch.domain.wording.names import STATUS_NAMES
from dispatchwatch.domain.wording.plain import clock, day_and_clock, instant_of, span, where_of, who_of, zone_of
from dispatchwatch.domain.wording.voice import Rows, Voice


def _late_headline(alert: Alert, now: datetime) -> str:
    how_late = lateness(alert.due_at, now, alert.facts)
    return f"{who_of(alert.facts)} has not checked in at {where_of(alert.facts)} – {how_late}"


def lateness(due_at: datetime, now: datetime, facts: Mapping[str, str]) -> str:
    if now - due_at < timedelta(minutes=1):
        return f"was due {clock(due_at, zone_of(facts))}"
    return f"{span(now - due_at)} late"


def _late_title(alert: Alert, now: datetime) -> str:
    who = who_of(alert.facts, "Technician")
    if now - alert.due_at < timedelta(minutes=1):
        return f"{who} is late"
    return f"{who} is {span(now - alert.due_at)} late"


def _late_next_step(alert: Alert) -> str:
    phone = alert.facts.get("technician_phone")
    who = who_of(alert.facts, "the technician")
    return f"Call {who}{f' ({phone})' if phone else ''}. On site already? Check the visit in at the desk."


def _late_rows(alert: Alert) -> Rows:
    return (("Check-in deadline", clock(alert.due_at, zone_of(alert.facts))),)


def _late_measure(alert: Alert, now: datetime) -> Rows:
    return (("Late", _how_late(alert, now)),)


def _how_late(alert: Alert, now: datetime) -> str:
    text = f"{max(0, int((now - alert.due_at).total_seconds() // 60))} min past the deadline"
    promise = instant_of(alert.facts, "promise")
    if promise:
        text += f", {int((now - promise).total_seconds() // 60)} min after the promised "
        text += clock(promise, zone_of(alert.facts))
    return text


def ended_by_check_in(visit: Visit, arrived: datetime, due_at: datetime, seen: Seen | None) -> str:
    at = clock(arrived, visit.site.timezone)
    if arrived > due_at:
        text = f"{visit.technician or 'The technician'} checked in at {at}, {span(arrived - due_at)} late"
    else:
        text = f"{visit.technician or 'The technician'} checked in on time at {at}"
    if seen is not None and seen.until - arrived >= timedelta(minutes=1):
        text += f", reported {span(seen.until - arrived)} later"
    return text


def ended_by_untimed_check_in(visit: Visit, seen: Seen | None) -> str:
    who, status = visit.technician or "The technician", STATUS_NAMES[visit.status].lower()
    if seen is None:
        return f"{who}: {status}; the time of arrival is not known"
    until = clock(seen.until, visit.site.timezone)
    if seen.since is None:
        return f"{who}: {status} by {until}; the time of arrival is not known"
    return f"{who}: {status}, some time between {clock(seen.since, visit.site.timezone)} and {until}"


def ended_by_cancellation(visit: Visit) -> str:
    by = f" by {visit.cancelled_by}" if visit.cancelled_by else ""
    reason = f": {visit.cancel_reason}" if visit.cancel_reason else ""
    return f"The visit was cancelled{by}{reason}"


def ended_by_status(visit: Visit) -> str:
    return f"The visit now stands as “{STATUS_NAMES[visit.status].lower()}”"


def ended_by_move(visit: Visit, deadline: datetime | None) -> str:
    if deadline is None:
        return "The visit was moved after its deadline; it now has no fixed time"
    return f"The visit was moved after its deadline; now due {day_and_clock(deadline, visit.site.timezone)}"


VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.LATE_CHECK_IN: Voice(
        name="Late check-in",
        headline=_late_headline,
        title=_late_title,
        next_step=_late_next_step,
        rows=_late_rows,
        measure=_late_measure,
    ),
    AlertKind.TECH_NO_SHOW: Voice(
        name="Technician no-show",
        headline=_late_headline,
        title=_late_title,
        next_step=_late_next_step,
    ),
}
