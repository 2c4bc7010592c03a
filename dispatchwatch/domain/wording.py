"""Every sentence about a visit, a feed or an alert that a person reads.

One place, plain English, whole sentences with named parts: ready to be handed to a translator. Times are shown in
the zone of the visit's site, with its label.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Operation, Severity
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.notification import Notification
from dispatchwatch.domain.visit import Status, Visit
from dispatchwatch.domain.watched import Seen

KIND_NAMES: Mapping[AlertKind, str] = {
    AlertKind.LATE_CHECK_IN: "Late check-in",
    AlertKind.STALE_FEED: "Schedule out of date",
    AlertKind.FEED_SHRUNK: "Schedule shrunk",
}
SEVERITY_NAMES: Mapping[Severity, str] = {
    Severity.INFO: "Info",
    Severity.WARNING: "Warning",
    Severity.HIGH: "High",
    Severity.CRITICAL: "Critical",
}
STATUS_NAMES: Mapping[Status, str] = {
    Status.UNSCHEDULED: "Not scheduled",
    Status.SCHEDULED: "Scheduled",
    Status.DISPATCHED: "Dispatched",
    Status.EN_ROUTE: "On the way",
    Status.ARRIVED: "Arrived",
    Status.IN_PROGRESS: "Working",
    Status.PAUSED: "Paused",
    Status.COMPLETED: "Completed",
    Status.INCOMPLETE: "Not finished",
    Status.CANCELLED: "Cancelled",
    Status.CUSTOMER_NO_SHOW: "Customer no-show",
    Status.UNKNOWN: "Unknown status",
}
STATE_NAMES: Mapping[AlertState, str] = {
    AlertState.OPEN: "Open",
    AlertState.ACKNOWLEDGED: "Acknowledged",
    AlertState.RESOLVED: "Resolved",
}
REASONS: Mapping[str, str] = {
    "": "No reason given",
    "called_technician": "Called the technician",
    "called_customer": "Told the customer",
    "traffic": "Traffic or weather",
    "previous_job": "Held up at the job before",
    "reassigned": "Somebody else is going",
    "forgot_check_in": "On site, forgot to check in",
    "other": "Other",
}

ENDED_BY_WITHDRAWAL = "The visit is no longer in the schedule"
ENDED_BY_FEED_REMOVAL = "This feed is no longer watched"
ENDED_BY_RECOVERY = "The schedule can be read again"
ENDED_BY_NORMAL_SNAPSHOT = "The schedule has its usual size again"
ACCEPTED_BY_HAND = "The smaller schedule was accepted"


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The zone of this name; UTC where the name is unknown, so that a wrong name never hides an alert."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def clock(instant: datetime, zone_name: str, *, label: bool = True) -> str:
    local = instant.astimezone(zone(zone_name))
    return f"{local:%H:%M} {local:%Z}" if label else f"{local:%H:%M}"


def day_and_clock(instant: datetime, zone_name: str) -> str:
    local = instant.astimezone(zone(zone_name))
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M} {local:%Z}"


def span(length: timedelta) -> str:
    """A length of time as people say it: "45 s", "20 min", "1 h 05 min", "3 days"."""
    seconds = int(abs(length).total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h {seconds // 60 % 60:02d} min"
    return f"{seconds // 86400} days"


def place(customer: str, site: str) -> str:
    return ", ".join(part for part in (customer, site) if part) or "the customer"


def visit_facts(visit: Visit) -> dict[str, str]:
    """The words about a visit that its alert keeps, so that it can be told of even when the visit is gone."""
    known = {
        "visit": visit.ext_id,
        "order_ref": visit.order_ref,
        "title": visit.title,
        "technician": visit.technician,
        "technician_phone": visit.technicians[0].phone if visit.technicians else "",
        "customer": visit.customer.name,
        "customer_phone": visit.customer.phone,
        "site": visit.site.name,
        "address": visit.site.address,
        "timezone": visit.site.timezone,
        "priority": visit.priority,
        "contract": visit.contract,
        "visit_kind": visit.kind,
        "promise": visit.promise.astimezone(UTC).isoformat() if visit.promise else "",
        "url": visit.url,
    }
    return {name: value for name, value in known.items() if value}


def shrunk_facts(health: FeedHealth) -> dict[str, str]:
    return {"feed": health.feed, "rows": str(health.rows), "shrunken_rows": str(health.shrunken_rows)}


def subject(alert: Alert) -> str:
    """Whom or what the alert is about, in a few words."""
    if alert.kind is AlertKind.LATE_CHECK_IN:
        who = alert.facts.get("technician", "Technician")
        return f"{who} at {place(alert.facts.get('customer', ''), alert.facts.get('site', ''))}"
    return f"feed “{alert.feed}”"


def headline(alert: Alert, now: datetime) -> str:
    """What is wrong, in one sentence that stands alone; for a late visit with the minutes as of `now`."""
    facts = alert.facts
    match alert.kind:
        case AlertKind.LATE_CHECK_IN:
            who = facts.get("technician", "The technician")
            where = place(facts.get("customer", ""), facts.get("site", ""))
            return f"{who} has not checked in at {where} – {lateness(alert.due_at, now, facts)}"
        case AlertKind.STALE_FEED:
            age = span(now - alert.due_at)
            return f"The schedule “{alert.feed}” can’t be read, limit passed {age} ago: {facts.get('problem', '')}"
        case AlertKind.FEED_SHRUNK:
            return (
                f"The schedule “{alert.feed}” suddenly holds {facts.get('shrunken_rows', '?')} visits instead of "
                f"{facts.get('rows', '?')}; the last good one is kept"
            )
        case _:
            return f"{KIND_NAMES.get(alert.kind, alert.kind)}: {subject(alert)}"


def lateness(due_at: datetime, now: datetime, facts: Mapping[str, str]) -> str:
    minutes = int((now - due_at).total_seconds() // 60)
    if minutes < 1:
        return f"was due {clock(due_at, facts.get('timezone', 'UTC'))}"
    return f"{span(now - due_at)} late"


def short_headline(alert: Alert, now: datetime) -> str:
    """The title of a toast: a few words."""
    if alert.kind is AlertKind.LATE_CHECK_IN:
        who = alert.facts.get("technician", "Technician")
        if now - alert.due_at < timedelta(minutes=1):
            return f"{who} is late"
        return f"{who} is {span(now - alert.due_at)} late"
    return f"{KIND_NAMES.get(alert.kind, alert.kind)}: {alert.feed}"


def detail(alert: Alert) -> str:
    """The line below the title of a toast: where, which visit, and since when."""
    zone_name = alert.facts.get("timezone", "UTC")
    if alert.kind is AlertKind.LATE_CHECK_IN:
        where = place(alert.facts.get("customer", ""), alert.facts.get("site", ""))
        return f"{where} · {alert.ext_id} · due {clock(alert.due_at, zone_name)}"
    return alert.facts.get("problem") or headline(alert, alert.raised_at)


def next_step(alert: Alert) -> str:
    """What a person can do about it now."""
    match alert.kind:
        case AlertKind.LATE_CHECK_IN:
            who = alert.facts.get("technician", "the technician")
            phone = alert.facts.get("technician_phone")
            return f"Call {who}{f' ({phone})' if phone else ''}. On site already? Check the visit in at the desk."
        case AlertKind.STALE_FEED:
            return "Look whether the file is still being exported. Until then the board shows the last good schedule."
        case AlertKind.FEED_SHRUNK:
            return "Is the smaller schedule right? Resolve this alert to use it. Otherwise mend the export."
        case _:
            return ""


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


def notification(alert: Alert, operation: Operation, now: datetime, *, is_reminder: bool = False) -> Notification:
    """What a channel is told of an operation on an alert, frozen in the words true at `now`."""
    return Notification(
        operation=operation,
        alert_key=alert.key,
        kind=alert.kind,
        severity=alert.severity,
        subject=f"{KIND_NAMES.get(alert.kind, alert.kind)}: {subject(alert)}",
        headline=_told(alert, operation, now, is_reminder=is_reminder),
        facts=_told_facts(alert, operation, now),
        link=alert.facts.get("url", ""),
        by=alert.acknowledged_by if operation is Operation.ACKNOWLEDGE else alert.resolved_by,
        note=alert.note if operation is Operation.ACKNOWLEDGE else "",
        due_at=alert.due_at,
        written_at=now,
        is_reminder=is_reminder,
    )


def _told(alert: Alert, operation: Operation, now: datetime, *, is_reminder: bool) -> str:
    match operation:
        case Operation.RAISE:
            return f"Reminder: {headline(alert, now)}" if is_reminder else headline(alert, now)
        case Operation.UPDATE:
            return f"Now {SEVERITY_NAMES[alert.severity].lower()}: {headline(alert, now)}"
        case Operation.ACKNOWLEDGE:
            return f"Acknowledged by {alert.acknowledged_by}: {subject(alert)}"
        case Operation.RESOLVE:
            return f"Resolved: {subject(alert)}. {alert.resolution}"


def _told_facts(alert: Alert, operation: Operation, now: datetime) -> tuple[tuple[str, str], ...]:
    facts, zone_name = alert.facts, alert.facts.get("timezone", "UTC")
    rows = [
        ("Visit", " · ".join(part for part in (alert.ext_id, facts.get("title", "")) if part)),
        ("Technician", _with_phone(facts.get("technician", ""), facts.get("technician_phone", ""))),
        ("Customer", _with_phone(facts.get("customer", ""), facts.get("customer_phone", ""))),
        ("Site", place(facts.get("site", ""), facts.get("address", "")) if facts.get("site") else ""),
    ]
    if alert.kind is AlertKind.LATE_CHECK_IN:
        rows.append(("Check-in deadline", clock(alert.due_at, zone_name)))
        if operation in {Operation.RAISE, Operation.UPDATE}:
            rows.append(("Late", _how_late(alert, now)))
    else:
        rows.append(("Feed", alert.feed))
    if operation is Operation.ACKNOWLEDGE:
        rows.append(("Reason", REASONS.get(alert.reason, alert.reason) if alert.reason else ""))
        rows.append(("Note", alert.note))
    if alert.found_at_start and operation is Operation.RAISE:
        rows.append(("Note", "It happened while nobody was watching"))
    return tuple((label, value) for label, value in rows if value)


def _how_late(alert: Alert, now: datetime) -> str:
    text = f"{max(0, int((now - alert.due_at).total_seconds() // 60))} min past the deadline"
    promise = alert.facts.get("promise")
    if promise:
        instant = datetime.fromisoformat(promise)
        text += f", {int((now - instant).total_seconds() // 60)} min after the promised "
        text += clock(instant, alert.facts.get("timezone", "UTC"))
    return text


def _with_phone(name: str, phone: str) -> str:
    return f"{name} ({phone})" if name and phone else name
