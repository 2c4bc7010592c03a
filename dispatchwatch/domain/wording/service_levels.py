"""What is said of service levels: how much of a promised time is used, when it is up, and how it ended.

An alert keeps its clock in its facts as it stood when they were written, at `told_at`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind, epoch
from dispatchwatch.domain.durations import duration_text, parse_duration
from dispatchwatch.domain.service_levels import Clock
from dispatchwatch.domain.thresholds import Counting
from dispatchwatch.domain.wording.plain import (
    clock as time_of_day,
)
from dispatchwatch.domain.wording.plain import (
    day_and_clock,
    instant_of,
    kept,
    span,
    where_of,
    who_of,
    zone,
    zone_of,
)
from dispatchwatch.domain.wording.voice import Rows, Voice

ENDED_BY_LACK_OF_TARGET = "There is no such target for the visit any more"
ENDED_BY_NO_SHOW = "The customer was not there, so nothing runs against the target any more"
COUNTED: Mapping[str, str] = {
    Counting.ALWAYS: "around the clock",
    Counting.WEEKDAYS: "on weekdays",
    Counting.OFFICE: "in office hours",
}
DONE: Mapping[AlertKind, str] = {
    AlertKind.SLA_RESPONSE: "Technician sent",
    AlertKind.SLA_ONSITE: "Technician on site",
    AlertKind.SLA_RESOLUTION: "Work finished",
}
A_MINUTE = timedelta(minutes=1)


def told_clock(clock: Clock, now: datetime) -> dict[str, str]:
    """What an alert keeps of its clock."""
    stands_still = "now" if clock.paused else "while paused" if clock.can_pause else ""
    told = {
        "clock_start": kept(clock.start),
        "clock_due": kept(clock.due_at),
        "target": duration_text(clock.target),
        "used": duration_text(clock.elapsed(now)),
        "told_at": kept(now),
        "counts": clock.hours.counting.value,
        "stands_still": stands_still,
    }
    return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class _Told:
    """The clock of an alert, as far as its facts say. `used` is what had run at `at`."""

    target: timedelta | None
    used: timedelta | None
    at: datetime
    due_at: datetime | None
    stands_still: bool

    def used_at(self, now: datetime) -> timedelta | None:
        """What has run by `now`, where that is certain: nothing stood still and no closing time lies between."""
        if self.target is None or self.used is None or now - self.at < A_MINUTE:
            return self.used
        if self.stands_still or self.due_at is None or now > self.due_at:
            return None
        runs_on = abs((self.due_at - self.at) - (self.target - self.used)) < A_MINUTE
        return self.target - (self.due_at - now) if runs_on else None


def _told(alert: Alert) -> _Told:
    facts = alert.facts
    return _Told(
        target=_length(facts, "target"),
        used=_length(facts, "used"),
        at=instant_of(facts, "told_at") or alert.raised_at,
        due_at=instant_of(facts, "clock_due") or (None if facts.get("stands_still") else alert.due_at),
        stands_still=bool(facts.get("stands_still")),
    )


def _length(facts: Mapping[str, str], name: str) -> timedelta | None:
    text = facts.get(name)
    return parse_duration(text) if text else None


def hours_of(length: timedelta) -> str:
    """A length as contracts write it: whole hours stay whole, and long ones are not rounded to days."""
    seconds = int(length.total_seconds())
    if seconds < 3600:
        return span(length)
    whole, rest = divmod(seconds // 60, 60)
    return f"{whole} h {rest:02d} min" if rest else f"{whole} h"


def _headline(alert: Alert, now: datetime) -> str:
    terms = ", ".join(
        f"{name} {alert.facts[fact]}"
        for name, fact in (("contract", "contract"), ("priority", "priority"))
        if alert.facts.get(fact)
    )
    where = where_of(alert.facts)
    match alert.kind:
        case AlertKind.SLA_RESPONSE:
            what = f"nobody sent to {where}"
        case AlertKind.SLA_ONSITE:
            what = f"nobody on site at {where}"
        case _:
            what = f"work at {where} not finished"
    text = f"{terms}: {what}" if terms else what
    return f"{text[:1].upper()}{text[1:]} – {_how_far(alert, now)}"


def _how_far(alert: Alert, now: datetime) -> str:
    """How much is used and when it is up; how long ago, once it is."""
    told = _told(alert)
    length = hours_of(told.target) if told.target else "the time"
    if told.due_at is not None and now >= told.due_at:
        over = f", {span(now - told.due_at)} ago" if now - told.due_at >= A_MINUTE else ""
        return f"{length} used up at {_when(told.due_at, now, alert)}{over}"
    parts = [_used(told, now, length, alert), _due(told, now, alert)]
    return ", ".join(part for part in parts if part)


def _used(told: _Told, now: datetime, length: str, alert: Alert) -> str:
    if told.used is None:
        return ""
    used = told.used_at(now)
    if used is not None:
        return f"{hours_of(used)} of {length} used"
    return f"{hours_of(told.used)} of {length} used at {_when(told.at, now, alert)}"


def _due(told: _Told, now: datetime, alert: Alert) -> str:
    if told.due_at is None:
        return "the clock stands still while work is paused"
    earliest = " at the earliest" if told.stands_still else ""
    return f"due {_when(told.due_at, now, alert)}{earliest}"


def _when(instant: datetime, now: datetime, alert: Alert) -> str:
    """A time of day, with its day where that is not today's at the site."""
    name = zone_of(alert.facts)
    same_day = instant.astimezone(zone(name)).date() == now.astimezone(zone(name)).date()
    return time_of_day(instant, name) if same_day else day_and_clock(instant, name)


def _title(alert: Alert, now: datetime) -> str:
    what = {
        AlertKind.SLA_RESPONSE: "Nobody sent",
        AlertKind.SLA_ONSITE: "Nobody on site",
        AlertKind.SLA_RESOLUTION: "Not finished",
    }[alert.kind]
    told = _told(alert)
    length = hours_of(told.target) if told.target else "the time"
    if told.due_at is not None and now >= told.due_at:
        return f"{what}: {length} used up"
    return f"{what}: {_used(told, now, length, alert) or _due(told, now, alert)}"


def _detail(alert: Alert) -> str:
    told = _told(alert)
    return f"{where_of(alert.facts)} · {alert.ext_id} · {_due(told, told.at, alert)}"


def _next_step(alert: Alert) -> str:
    facts = alert.facts
    phone = f" ({facts['technician_phone']})" if facts.get("technician_phone") else ""
    customer = f" ({facts['customer_phone']})" if facts.get("customer_phone") else ""
    who = who_of(facts, "")
    match alert.kind:
        case AlertKind.SLA_RESPONSE:
            first = f"Send {who}{phone} on the way" if who else "Assign a technician and send him"
        case AlertKind.SLA_ONSITE:
            first = f"Ask {who}{phone} for the time of arrival, or send somebody nearer" if who else "Send a technician"
        case _:
            first = f"Ask {who}{phone} what is lacking to finish" if who else "Find somebody to finish the work"
    return f"{first}. Can’t be done in time? Tell the customer{customer}."


def _rows(alert: Alert) -> Rows:
    told, start = _told(alert), instant_of(alert.facts, "clock_start")
    if told.target is None or start is None:
        return (("Due", _due(told, told.at, alert)),)
    counted = COUNTED.get(alert.facts.get("counts", ""), "")
    since = f"from {day_and_clock(start, zone_of(alert.facts))}"
    target = " ".join(part for part in (hours_of(told.target), counted, since) if part)
    return (("Target", target), ("Due", day_and_clock(told.due_at, zone_of(alert.facts)) if told.due_at else ""))


def _measure(alert: Alert, now: datetime) -> Rows:
    return (("Used", _how_far(alert, now)),)


def ended_by_being_met(kind: AlertKind, clock: Clock | None, now: datetime) -> str:
    """How long it took; "at most" where the source does not say when. No clock: nobody knows any more since when."""
    if clock is None:
        return DONE[kind]
    used = clock.elapsed(now)
    about = "" if clock.met_at else "at most "
    text = f"{DONE[kind]} after {about}{hours_of(used)} of {hours_of(clock.target)}"
    late = used - clock.target
    return f"{text}, {hours_of(late)} too late" if late >= timedelta(seconds=1) else text


def ended_by_other_profile(alert: Alert, clock: Clock, zone_name: str) -> str:
    """Another clock runs in the place of this alert's: another target, another start, or taken up again."""
    counted = COUNTED[clock.hours.counting]
    start = instant_of(alert.facts, "clock_start")
    if start is not None and epoch(start) != epoch(clock.start):
        since = day_and_clock(clock.start, zone_name)
        return f"The clock now runs from {since}; the target is {hours_of(clock.target)} {counted}"
    if alert.facts.get("target") != duration_text(clock.target):
        return f"The target is now {hours_of(clock.target)}, counted from the same start"
    if alert.facts.get("counts") != clock.hours.counting:
        return f"The {hours_of(clock.target)} now count {counted}, from the same start"
    return "The visit was taken up again; the clock runs on from the same start"


def _voice(name: str) -> Voice:
    return Voice(
        name=name,
        headline=_headline,
        title=_title,
        next_step=_next_step,
        detail=_detail,
        rows=_rows,
        measure=_measure,
    )


VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.SLA_RESPONSE: _voice("Response time"),
    AlertKind.SLA_ONSITE: _voice("Time to be on site"),
    AlertKind.SLA_RESOLUTION: _voice("Time to finish"),
}
