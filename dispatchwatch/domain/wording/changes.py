"""What is said of visits that were called off, and of customers who were not there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dispatchwatch.domain.alert import Alert, AlertKind
from dispatchwatch.domain.notice import Verdict, by_company
from dispatchwatch.domain.visit import AWAITED, ON_SITE, OVER, Status, Visit
from dispatchwatch.domain.watched import Cancellation
from dispatchwatch.domain.wording import moves
from dispatchwatch.domain.wording.names import STATUS_NAMES
from dispatchwatch.domain.wording.notice import gap, notice_row, when_row
from dispatchwatch.domain.wording.plain import day_and_clock, instant_of, kept, where_of, who_of, zone_of
from dispatchwatch.domain.wording.voice import Rows, Voice

CUSTOMER = frozenset({"customer", "client", "user"})


def cancellation_facts(visit: Visit, called_off: Cancellation) -> dict[str, str]:
    """What an alert keeps of a cancellation besides its notice."""
    known = {
        "start": kept(called_off.start),
        "stood": called_off.status.value,
        "cancelled_by": visit.cancelled_by,
        "cancel_reason": visit.cancel_reason,
        "booked_at": kept(visit.booked_at),
    }
    return {name: value for name, value in known.items() if value}


def no_show_facts(visit: Visit) -> dict[str, str]:
    """What an alert keeps of a customer who was not there."""
    arrived = visit.checked_in_at
    known = {
        "arrived": kept(arrived),
        "cancel_reason": visit.cancel_reason,
        "stood": visit.status.value,
        "start": kept(visit.start),
    }
    return {name: value for name, value in known.items() if value}


def called_off_by(facts: Mapping[str, str]) -> str:
    """Who called the visit off, as it stands in a sentence; empty where nobody says."""
    told = facts.get("cancelled_by", "").strip()
    plain = told.casefold().removeprefix("the ")
    if plain in CUSTOMER:
        return "the customer"
    if by_company(told):
        return f"the {plain}"
    return told


def _cancelled(alert: Alert) -> str:
    """Who called which visit off."""
    who = called_off_by(alert.facts)
    if not who:
        return f"The visit at {where_of(alert.facts)} was cancelled"
    return f"{who[0].upper()}{who[1:]} cancelled the visit at {where_of(alert.facts)}"


def _start(alert: Alert) -> datetime | None:
    return instant_of(alert.facts, "start")


def _short_headline(alert: Alert, _now: datetime) -> str:
    start, how_short = _start(alert), gap(alert.facts, _start(alert))
    if start is None or not how_short:
        return f"{_cancelled(alert)} at short notice"
    told = f"{_cancelled(alert)} – {how_short} ({day_and_clock(start, zone_of(alert.facts))})"
    on_the_job = _on_the_job(alert)
    return f"{told}, {on_the_job}" if on_the_job else told


def _on_the_job(alert: Alert) -> str:
    stood, who = alert.facts.get("stood"), who_of(alert.facts, "the technician")
    if stood == Status.DISPATCHED:
        return f"after {who} was dispatched"
    if stood == Status.EN_ROUTE:
        return f"with {who} on the way"
    return f"with {who} on site" if stood in ON_SITE else ""


def _headline(alert: Alert, _now: datetime) -> str:
    why = _why_it_is_no_matter(alert)
    return f"{_cancelled(alert)} – {why}" if why else _cancelled(alert)


def _why_it_is_no_matter(alert: Alert) -> str:
    """When it was called off, and why that asks for nothing but to be known."""
    facts, start = alert.facts, _start(alert)
    verdict, how_short = facts.get("verdict"), gap(facts, start)
    if verdict == Verdict.UNTIMED:
        return "it had no fixed time, so there was no notice to keep"
    if not how_short:
        return ""
    stood = facts.get("stood", "")
    if stood in OVER:
        return f"{how_short}, when it already stood as “{STATUS_NAMES[Status(stood)].lower()}”"
    if verdict == Verdict.OUTSIDE:
        return f"{how_short}, in good time"
    if by_company(facts.get("cancelled_by", "")):
        return f"{how_short}, not by the customer, so no notice counts"
    if verdict == Verdict.EXEMPT:
        booked = instant_of(facts, "booked_at")
        when = f" {day_and_clock(booked, zone_of(facts))}," if booked else ""
        return f"{how_short}, but free: it was booked{when} too late for any notice"
    if verdict == Verdict.UNCERTAIN:
        return f"{when_row(facts)}; {_uncertain(facts)}"
    return f"{how_short}, too late to be a matter of notice" if verdict == Verdict.LATE else how_short


def _uncertain(facts: Mapping[str, str]) -> str:
    line, earliest = instant_of(facts, "notice_until"), instant_of(facts, "earliest")
    if line is None or earliest is None or line < earliest:
        return "whether that was short notice is not certain, so it does not count as such"
    return f"notice could be given until {day_and_clock(line, zone_of(facts))}, so it counts as in time"


def _short_title(alert: Alert, _now: datetime) -> str:
    how_short = gap(alert.facts, _start(alert)) or "at short notice"
    return f"Cancelled {how_short}: {alert.facts.get('customer') or alert.ext_id}"


def _short_next_step(alert: Alert) -> str:
    who, phone = alert.facts.get("technician"), alert.facts.get("technician_phone")
    rest = "Give the free time to another visit, and decide whether the customer pays for the short notice."
    if not who:
        return rest
    call = f"Call {who}{f' ({phone})' if phone else ''}"
    if alert.facts.get("stood") in ON_SITE:
        return f"{call} and settle whether the work stops. {rest}"
    return f"{call} before the drive is for nothing. {rest}"


def _next_step(alert: Alert) -> str:
    if by_company(alert.facts.get("cancelled_by", "")):
        return "Make sure that the customer knows, and offer another time."
    return "Nothing has to be done; the time is free for another visit."


def _cancelled_rows(alert: Alert) -> Rows:
    facts, start = alert.facts, _start(alert)
    by = [part for part in (called_off_by(facts), facts.get("cancel_reason", "")) if part]
    stood = facts.get("stood", "")
    return (
        ("Cancelled", when_row(facts)),
        ("By", ": ".join(by)),
        ("Start", day_and_clock(start, zone_of(facts)) if start else ""),
        ("Notice", notice_row(facts)),
        ("Stood as", STATUS_NAMES[Status(stood)] if stood and stood != Status.UNKNOWN else ""),
    )


def start_detail(alert: Alert) -> str:
    """Where, which visit, and the start that was in force."""
    start = _start(alert)
    begins = f"start {day_and_clock(start, zone_of(alert.facts))}" if start else ""
    return " · ".join(part for part in (where_of(alert.facts), alert.ext_id, begins) if part)


def _no_show_headline(alert: Alert, _now: datetime) -> str:
    who, arrived = who_of(alert.facts), instant_of(alert.facts, "arrived")
    at = f" – arrived {day_and_clock(arrived, zone_of(alert.facts))}" if arrived else ""
    what = "could not get in" if alert.facts.get("stood") == Status.ARRIVED else "found no customer"
    return f"{who} {what} at {where_of(alert.facts)}{at}"


def _no_show_title(alert: Alert, _now: datetime) -> str:
    return f"Nobody there: {alert.facts.get('customer') or alert.ext_id}"


def _no_show_next_step(alert: Alert) -> str:
    phone, order = alert.facts.get("customer_phone"), alert.facts.get("order_ref")
    call = f"Call the customer{f' ({phone})' if phone else ''} while {who_of(alert.facts, 'the technician')} is near."
    return f"{call} Else book a follow-up visit{f' on order {order}' if order else ''}; that closes this."


def _no_show_rows(alert: Alert) -> Rows:
    arrived, start = instant_of(alert.facts, "arrived"), _start(alert)
    return (
        ("Start", day_and_clock(start, zone_of(alert.facts)) if start else ""),
        ("Arrived", day_and_clock(arrived, zone_of(alert.facts)) if arrived else ""),
        ("Reason", alert.facts.get("cancel_reason", "")),
    )


def ended_by_reinstatement(visit: Visit) -> str:
    if visit.status in AWAITED and visit.start is not None:
        return f"The visit was reinstated for {day_and_clock(visit.start, visit.site.timezone)}"
    if visit.status in AWAITED:
        return "The visit was reinstated"
    return f"The visit was taken back; it now stands as “{STATUS_NAMES[visit.status].lower()}”"


def ended_by_second_cancellation(visit: Visit) -> str:
    return f"{visit.ext_id} was reinstated, and then cancelled once more"


def ended_by_second_no_show(visit: Visit) -> str:
    return f"{visit.ext_id} was taken up again, and nobody was there once more"


def ended_by_another_judgement(kind: AlertKind) -> str:
    if kind is AlertKind.CANCELLED:
        return "By what is known now it was cancelled in good time"
    return "By what is known now it was cancelled at short notice"


def ended_by_the_day_after(*, had_start: bool) -> str:
    return "The day of the visit has passed" if had_start else "A day has passed since it was cancelled"


def ended_by_follow_up(follow_up: Visit) -> str:
    if follow_up.start is None:
        return f"Follow-up visit {follow_up.ext_id} is in the schedule"
    return f"Follow-up visit {follow_up.ext_id} on {day_and_clock(follow_up.start, follow_up.site.timezone)}"


VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.CUSTOMER_NO_SHOW: Voice(
        name="Customer no-show",
        headline=_no_show_headline,
        title=_no_show_title,
        next_step=_no_show_next_step,
        detail=start_detail,
        rows=_no_show_rows,
    ),
    AlertKind.CANCELLED_SHORT_NOTICE: Voice(
        name="Cancelled at short notice",
        headline=_short_headline,
        title=_short_title,
        next_step=_short_next_step,
        detail=start_detail,
        rows=_cancelled_rows,
    ),
    AlertKind.CANCELLED: Voice(
        name="Cancelled",
        headline=_headline,
        title=lambda alert, _now: f"Cancelled: {alert.facts.get('customer') or alert.ext_id}",
        next_step=_next_step,
        detail=start_detail,
        rows=_cancelled_rows,
    ),
    **moves.VOICES,
}
