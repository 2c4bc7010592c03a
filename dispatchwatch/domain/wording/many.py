"""What is said of several alerts in one message: how many of what, whom the worst are about, and how many more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatchwatch.domain.alert import Alert, AlertKind, Operation
from dispatchwatch.domain.notification import Notification
from dispatchwatch.domain.wording import telling
from dispatchwatch.domain.wording.names import SEVERITY_NAMES
from dispatchwatch.domain.wording.plain import span, where_of

NAMED = 8
SHOWN = 9
"""How many alerts a message lists: with the line that says how many more there are, what Slack has room for."""

KINDS_OF_MANY: Mapping[AlertKind, str] = {
    AlertKind.LATE_CHECK_IN: "late check-ins",
    AlertKind.AT_RISK: "visits at risk",
    AlertKind.TECH_NO_SHOW: "technician no-shows",
    AlertKind.CUSTOMER_NO_SHOW: "customer no-shows",
    AlertKind.CANCELLED_SHORT_NOTICE: "cancellations at short notice",
    AlertKind.CANCELLED: "cancellations",
    AlertKind.RESCHEDULED_SHORT_NOTICE: "visits moved at short notice",
    AlertKind.RESCHEDULE_DRIFT: "visits moved again and again",
    AlertKind.UNASSIGNED: "visits without a technician",
    AlertKind.OVERRUN: "visits overrunning",
    AlertKind.SLA_RESPONSE: "response times running out",
    AlertKind.SLA_ONSITE: "on-site times running out",
    AlertKind.SLA_RESOLUTION: "resolution times running out",
    AlertKind.DOUBLE_BOOKED: "double bookings",
    AlertKind.TRAVEL_CONFLICT: "visits too far apart to reach in time",
    AlertKind.EARLY_DEPARTURE: "early departures",
    AlertKind.JOB_MISSING: "visits missing from the schedule",
    AlertKind.STALE_FEED: "schedules out of date",
    AlertKind.FEED_SHRUNK: "schedules shrunk",
    AlertKind.CLOCK_SKEW: "clocks that differ",
    AlertKind.STATUS_CONFLICT: "contradicting statuses",
    AlertKind.UNMAPPED_STATUS: "unknown statuses",
}
_BY_THE_MINUTE = frozenset({AlertKind.LATE_CHECK_IN, AlertKind.TECH_NO_SHOW})


@dataclass(frozen=True, slots=True)
class Many:
    """The alerts of one message: the first of them, worst first, and how many, and of what kinds, there are in all."""

    shown: Sequence[Alert]
    count: int
    kinds: frozenset[AlertKind]

    @classmethod
    def of(cls, alerts: Sequence[Alert]) -> Many:
        return cls(alerts, len(alerts), frozenset(alert.kind for alert in alerts))

    @property
    def is_one_visit(self) -> bool:
        """Whether they are all about one visit: then the latest is what matters, and the others came before it."""
        visits = {one.visit_key for one in self.shown}
        return self.count == len(self.shown) and len(visits) == 1 and None not in visits

    @property
    def latest(self) -> Alert:
        return max(self.shown, key=lambda alert: (alert.raised_at, alert.id))


def how_many(count: int, kinds: Collection[AlertKind]) -> str:
    """For instance "12 late check-ins"; "12 alerts" where they are of several kinds."""
    (kind, *others) = kinds
    return f"{count} {'alerts' if others else KINDS_OF_MANY[kind]}"


def notification_of_many(
    many: Many, operation: Operation, now: datetime, *, thread: str, is_reminder: bool = False
) -> Notification:
    """What a channel is told of an operation on several alerts at once, frozen in the words true at `now`."""
    if many.count == 1:
        return telling.notification(many.shown[0], operation, now, is_reminder=is_reminder, thread=thread)
    alerts = many.shown
    people = _people(alerts)
    notes = {alert.note for alert in alerts}
    return Notification(
        operation=operation,
        alert_key=thread,
        kind=alerts[0].kind,
        severity=alerts[0].severity,
        subject=_subject(many),
        headline=_told(many, operation, now, is_reminder=is_reminder),
        facts=_rows(many, operation, now),
        link=many.latest.facts.get("url", "") if many.is_one_visit else "",
        by=people if operation is Operation.ACKNOWLEDGE else alerts[0].resolved_by,
        note=notes.pop() if operation is Operation.ACKNOWLEDGE and len(notes) == 1 else "",
        due_at=min(alert.due_at for alert in alerts),
        written_at=now,
        is_reminder=is_reminder,
    )


def _told(many: Many, operation: Operation, now: datetime, *, is_reminder: bool) -> str:
    match operation:
        case Operation.RAISE:
            return f"Reminder: {_headline(many, now)}" if is_reminder else _headline(many, now)
        case Operation.UPDATE:
            return f"Now {SEVERITY_NAMES[many.shown[0].severity].lower()}: {_headline(many, now)}"
        case Operation.ACKNOWLEDGE:
            return f"Acknowledged by {_people(many.shown)}: {_subject(many)}"
        case Operation.RESOLVE:
            return f"Resolved: {_subject(many)}. {_endings(many)}"


def _subject(many: Many) -> str:
    if many.is_one_visit:
        return f"{telling.KIND_NAMES[many.latest.kind]}: {telling.subject(many.latest)}"
    return how_many(many.count, many.kinds)


def _headline(many: Many, now: datetime) -> str:
    if many.is_one_visit:
        others = sorted((one for one in many.shown if one is not many.latest), key=lambda one: one.raised_at)
        before = ", ".join(telling.KIND_NAMES[one.kind].lower() for one in reversed(others))
        return f"{telling.headline(many.latest, now).rstrip('.')}. Before that: {before}"
    named = "; ".join(_item(alert, now) for alert in many.shown[:NAMED])
    left = many.count - min(NAMED, len(many.shown))
    return f"{how_many(many.count, many.kinds)}: {named}{f'; and {left} more' if left else ''}"


def _item(alert: Alert, now: datetime) -> str:
    late = now - alert.due_at
    if alert.kind in _BY_THE_MINUTE and late >= timedelta(minutes=1):
        return f"{telling.subject(alert)} ({span(late)})"
    return telling.subject(alert)


def _endings(many: Many) -> str:
    return many.latest.resolution if many.is_one_visit else "All of them are over"


def _rows(many: Many, operation: Operation, now: datetime) -> tuple[tuple[str, str], ...]:
    shown = many.shown[:SHOWN]
    rows = [(alert.ext_id or alert.feed, _row(alert, operation, now)) for alert in shown]
    if many.count > len(shown):
        rows.append(("And", f"{many.count - len(shown)} more on the board"))
    if operation is Operation.RAISE and all(alert.found_at_start for alert in many.shown):
        rows.append(("Note", "They happened while nobody was watching"))
    return tuple(rows)


def _row(alert: Alert, operation: Operation, now: datetime) -> str:
    match operation:
        case Operation.RESOLVE:
            return alert.resolution
        case Operation.ACKNOWLEDGE:
            parts = (telling.subject(alert), alert.acknowledged_by, alert.note)
        case _:
            place = where_of(alert.facts) if alert.ext_id else ""
            parts = (telling.short_headline(alert, now), place, alert.facts.get("technician_phone", ""))
    return " · ".join(part for part in parts if part)


def _people(alerts: Sequence[Alert]) -> str:
    names = sorted({alert.acknowledged_by for alert in alerts if alert.acknowledged_by})
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
