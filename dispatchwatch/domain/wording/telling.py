"""What a channel, a toast or a line on the screen says of an alert, by the voice of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import FLAPPING, REOPENED, Alert, AlertKind, Operation
from dispatchwatch.domain.notification import Notification
from dispatchwatch.domain.wording import (
    assignment,
    changes,
    duration,
    feeds,
    lateness,
    prediction,
    service_levels,
    sightings,
)
from dispatchwatch.domain.wording.names import REASONS, SEVERITY_NAMES
from dispatchwatch.domain.wording.plain import clock, day_and_clock, place, zone
from dispatchwatch.domain.wording.voice import Voice

VOICES: Mapping[AlertKind, Voice] = {
    **lateness.VOICES,
    **prediction.VOICES,
    **changes.VOICES,
    **assignment.VOICES,
    **duration.VOICES,
    **service_levels.VOICES,
    **sightings.VOICES,
    **feeds.VOICES,
}
KIND_NAMES: Mapping[AlertKind, str] = {kind: voice.name for kind, voice in VOICES.items()}


def subject(alert: Alert) -> str:
    """Whom or what the alert is about, in a few words."""
    return VOICES[alert.kind].subject(alert)


def headline(alert: Alert, now: datetime) -> str:
    """What is wrong, in one sentence that stands alone, as of `now`."""
    times = _flapping(alert)
    said = VOICES[alert.kind].headline(alert, now)
    return f"{said.rstrip('.')}; changing back and forth, {times} within the hour" if times else said


def short_headline(alert: Alert, now: datetime) -> str:
    """The title of a toast: a few words."""
    times = _flapping(alert)
    said = VOICES[alert.kind].title(alert, now)
    return f"{said}, {times} within the hour" if times else said


def detail(alert: Alert) -> str:
    """The line below the title of a toast: where, which visit, and since when."""
    said = VOICES[alert.kind].detail(alert)
    return f"{said} · changing back and forth" if _flapping(alert) else said


def next_step(alert: Alert) -> str:
    """What a person can do about it now."""
    return VOICES[alert.kind].next_step(alert)


def held(until: datetime, reason: str, zone_name: str, now: datetime) -> str:
    """Why a message waits, and until when, in the office's zone."""
    is_near = until - now < timedelta(hours=20)
    when = clock(until, zone_name, label=False) if is_near else day_and_clock(until, zone_name)
    return f"Held until {when}: {reason}"


def limited(platform: str, until: datetime, zone_name: str) -> str:
    """That a channel keeps to how many messages its platform takes, and until when, in the office's zone."""
    return f"Waits for {platform}’s limit until {until.astimezone(zone(zone_name)):%H:%M:%S}"


def ended_by_worse(kind: AlertKind) -> str:
    return f"It has become worse: {KIND_NAMES[kind]}"


def _flapping(alert: Alert) -> str:
    """For instance "3rd time": how often this was raised lately, where it comes and goes; else empty."""
    count = alert.facts.get(FLAPPING, "")
    if not count.isdecimal():
        return ""
    ending = "th" if 10 < int(count) % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(int(count) % 10, "th")
    return f"{int(count)}{ending} time"


def notification(
    alert: Alert, operation: Operation, now: datetime, *, is_reminder: bool = False, thread: str = ""
) -> Notification:
    """What a channel is told of an operation on an alert, frozen in the words true at `now`.

    `thread` is the key of the alert that opened the thread it is told in; left out, its own.
    """
    return Notification(
        operation=operation,
        alert_key=thread or alert.key,
        kind=alert.kind,
        severity=alert.severity,
        subject=f"{KIND_NAMES[alert.kind]}: {subject(alert)}",
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
        case Operation.UPDATE if why := alert.facts.get(REOPENED):
            return f"Open again, {why}: {headline(alert, now)}"
        case Operation.UPDATE:
            return f"Now {SEVERITY_NAMES[alert.severity].lower()}: {headline(alert, now)}"
        case Operation.ACKNOWLEDGE:
            return f"Acknowledged by {alert.acknowledged_by}: {subject(alert)}"
        case Operation.RESOLVE:
            return f"Resolved: {subject(alert)}. {alert.resolution}"


def _told_facts(alert: Alert, operation: Operation, now: datetime) -> tuple[tuple[str, str], ...]:
    facts, voice = alert.facts, VOICES[alert.kind]
    rows = [
        ("Visit", " · ".join(part for part in (alert.ext_id, facts.get("title", "")) if part)),
        ("Technician", _with_phone(facts.get("technician", ""), facts.get("technician_phone", ""))),
        ("Customer", _with_phone(facts.get("customer", ""), facts.get("customer_phone", ""))),
        ("Site", place(facts.get("site", ""), facts.get("address", "")) if facts.get("site") else ""),
        *voice.rows(alert),
        *(voice.measure(alert, now) if operation in {Operation.RAISE, Operation.UPDATE} else ()),
    ]
    if operation is Operation.ACKNOWLEDGE:
        rows.append(("Reason", REASONS.get(alert.reason, alert.reason) if alert.reason else ""))
        rows.append(("Note", alert.note))
    if alert.found_at_start and operation is Operation.RAISE:
        rows.append(("Note", "It happened while nobody was watching"))
    return tuple((label, value) for label, value in rows if value)


def _with_phone(name: str, phone: str) -> str:
    return f"{name} ({phone})" if name and phone else name
