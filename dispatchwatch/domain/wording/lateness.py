"""What is said of technicians who are not there yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.watched import Seen
from dispatchwatch.domain.wording.changes import called_off_by
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
    who = called_off_by({"cancelled_by": visit.cancelled_by})
    by = f" by {who}" if who else ""
    reason = f": {visit.cancel_reason}" if visit.cancel_reason else ""
    return f"The visit was cancelled{by}{reason}"


def ended_by_status(visit: Visit) -> str:
    return f"The visit now stands as “{STATUS_NAMES[visit.status].lower()}”"


def ended_by_move(visit: Visit, deadline: datetime | None) -> str:
    if deadline is None:
        return "The visit was moved after its deadline; it now has no fixed time"
    return f"The visit was moved after its deadline; now due {day_and_clock(deadline, visit.site.timezone)}"


def ended_by_replacement(visit: Visit) -> str:
    """Somebody else than before goes."""
    text = f"{visit.technician} goes instead and is on the way"
    return f"{text}, expected at {clock(visit.eta, visit.site.timezone)}" if visit.eta else text


ENDED_BY_TAKING_BACK = "The source no longer says that the technician did not come"


def no_show_facts(visit: Visit) -> dict[str, str]:
    """What the words about a no-show need besides those about its visit."""
    return {"told_by_source": visit.status_raw or "no-show"} if visit.technician_no_show else {}


def _no_show_headline(alert: Alert, now: datetime) -> str:
    facts = alert.facts
    who, where = who_of(facts), where_of(facts)
    if facts.get("told_by_source"):
        return f"{who} neither came to {where} nor called{_promised(alert, now, ' – promised for')}, says the schedule"
    return f"{who} did not come to {where} and has sent no news{_promised(alert, now, ' – promised for')}"


def _promised(alert: Alert, now: datetime, before: str) -> str:
    promise = instant_of(alert.facts, "promise")
    if promise is None:
        return ""
    text = f"{before} {clock(promise, zone_of(alert.facts))}"
    return f"{text}, {span(now - promise)} ago" if now - promise >= timedelta(minutes=1) else text


def _no_show_title(alert: Alert, _now: datetime) -> str:
    return f"{who_of(alert.facts, 'Technician')} did not come"


def _no_show_detail(alert: Alert) -> str:
    promise = instant_of(alert.facts, "promise")
    promised = f" · promised {clock(promise, zone_of(alert.facts))}" if promise else ""
    return f"{where_of(alert.facts)} · {alert.ext_id}{promised}"


def _no_show_next_step(alert: Alert) -> str:
    facts = alert.facts
    phone, customer = facts.get("technician_phone"), facts.get("customer_phone")
    return (
        f"Call {who_of(facts, 'the technician')}{f' ({phone})' if phone else ''}, then the customer"
        f"{f' ({customer})' if customer else ''}. Send somebody else, or agree on another time."
    )


def _no_show_rows(alert: Alert) -> Rows:
    promise, told = instant_of(alert.facts, "promise"), alert.facts.get("told_by_source")
    return (
        ("Promised", clock(promise, zone_of(alert.facts)) if promise else ""),
        ("Status at the source", f"“{told}”" if told else ""),
    )


def _no_show_measure(alert: Alert, now: datetime) -> Rows:
    promise = instant_of(alert.facts, "promise")
    if promise is None or now <= promise:
        return ()
    return (("Waiting", f"{span(now - promise)} after the promised {clock(promise, zone_of(alert.facts))}"),)


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
        headline=_no_show_headline,
        title=_no_show_title,
        next_step=_no_show_next_step,
        detail=_no_show_detail,
        rows=_no_show_rows,
        measure=_no_show_measure,
    ),
}
