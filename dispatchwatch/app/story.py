"""The story of a visit: what happened to it, in order, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dispatchwatch.app.view import StoryKind, StoryLine
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, Operation
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.watched import Watched
from dispatchwatch.intake.desk_feed import DESK
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from dispatchwatch.store.schedules import VisitChange

FIELDS = {
    "ext_id": ("Number in the office software", StoryKind.CHANGED),
    "sched_start": ("Start", StoryKind.MOVED),
    "sched_end": ("End", StoryKind.MOVED),
    "window_start": ("Window opens", StoryKind.MOVED),
    "window_end": ("Window closes", StoryKind.MOVED),
    "status": ("Status", StoryKind.CHANGED),
    "technicians": ("Technician", StoryKind.ASSIGNED),
    "eta": ("Expected arrival", StoryKind.EXPECTED),
    "arrived_at": ("Arrived", StoryKind.ARRIVED),
    "started_at": ("Work started", StoryKind.ARRIVED),
    "completed_at": ("Completed", StoryKind.DONE),
    "cancelled_at": ("Cancelled", StoryKind.CANCELLED),
    "customer": ("Customer", StoryKind.CHANGED),
    "site": ("Site", StoryKind.CHANGED),
    "title": ("What is to be done", StoryKind.CHANGED),
    "priority": ("Priority", StoryKind.CHANGED),
    "notes": ("Notes", StoryKind.NOTED),
    "missing_since": ("Missing from the schedule since", StoryKind.GONE),
}
STATUS_KINDS: Mapping[str, StoryKind] = {
    Status.EN_ROUTE: StoryKind.EN_ROUTE,
    Status.ARRIVED: StoryKind.ARRIVED,
    Status.IN_PROGRESS: StoryKind.ARRIVED,
    Status.COMPLETED: StoryKind.DONE,
    Status.INCOMPLETE: StoryKind.DONE,
    Status.CANCELLED: StoryKind.CANCELLED,
}
STAMPS: Mapping[str, str] = {
    "eta": "Expected at",
    "arrived_at": "Arrived at",
    "started_at": "Work started at",
    "completed_at": "Completed at",
    "cancelled_at": "Cancelled at",
}
"""What happened at an instant, the first time that is told; told anew it is a correction."""


def story(
    watched: Watched, history: Sequence[VisitChange], alerts: Sequence[Alert], deliveries: Sequence[Delivery]
) -> tuple[StoryLine, ...]:
    zone_name = watched.visit.site.timezone
    lines = [_beginning(watched, history)]
    for change in history:
        lines.extend(_changes(change, zone_name))
    for alert in alerts:
        lines.extend(_of_alert(alert))
    lines.extend(_of_delivery(one) for one in deliveries if one.settled_at and one.state is not DeliveryState.DROPPED)
    return tuple(sorted(lines, key=lambda line: line.at))


def _beginning(watched: Watched, history: Sequence[VisitChange]) -> StoryLine:
    """When we first heard of the visit, and what for it was planned then."""
    visit = watched.visit
    typed = visit.feed == DESK
    moved = next((one.changes["sched_start"][0] for one in history if "sched_start" in one.changes), visit.sched_start)
    start = datetime.fromisoformat(moved) if isinstance(moved, str) else moved
    text = "Typed at the desk" if typed else "First seen in the schedule"
    if start is not None:
        text += f", planned for {wording.day_and_clock(start, visit.site.timezone)}"
    return StoryLine(at=watched.first_seen_at, text=text, by="" if typed else visit.feed, kind=StoryKind.PLANNED)


def _of_alert(alert: Alert) -> Iterable[StoryLine]:
    headline = wording.headline(alert, alert.raised_at)
    yield StoryLine(at=alert.raised_at, text=headline, by="rule", kind=StoryKind.RAISED)
    if alert.acknowledged_at:
        reason = wording.REASONS.get(alert.reason, alert.reason) if alert.reason else ""
        more = " · ".join(part for part in (reason, alert.note) if part)
        text = f"Acknowledged by {alert.acknowledged_by}{f' · {more}' if more else ''}"
        yield StoryLine(at=alert.acknowledged_at, text=text, by=alert.acknowledged_by, kind=StoryKind.ACKNOWLEDGED)
    if alert.resolved_at:
        by = alert.resolved_by or "rule"
        yield StoryLine(at=alert.resolved_at, text=alert.resolution, by=by, kind=StoryKind.RESOLVED)


def _of_delivery(delivery: Delivery) -> StoryLine:
    verb = {
        Operation.RAISE: "told",
        Operation.UPDATE: "told again",
        Operation.ACKNOWLEDGE: "told who is on it",
        Operation.RESOLVE: "told that it is over",
    }[delivery.operation]
    failed = delivery.state is DeliveryState.FAILED
    text = f"{delivery.channel} could not be told: {delivery.error}" if failed else f"{delivery.channel} {verb}"
    at = delivery.settled_at or delivery.created_at
    return StoryLine(at=at, text=text, by=delivery.platform, kind=StoryKind.FAILED if failed else StoryKind.TOLD)


def _changes(change: VisitChange, zone_name: str) -> Iterable[StoryLine]:
    for name, (label, kind) in FIELDS.items():
        if (pair := change.changes.get(name)) is not None:
            text = _changed(name, label, pair, zone_name)
            shown = STATUS_KINDS.get(str(pair[1]), kind) if name == "status" else kind
            yield StoryLine(at=change.at, text=text, by=change.origin, kind=shown)
    if (pair := change.changes.get("assigned_by")) is not None:
        text = _decided(pair, change.changes.get("technicians"))
        yield StoryLine(at=change.at, text=text, by=change.origin, kind=StoryKind.ASSIGNED)


def _decided(pair: tuple[Any, Any], crews: tuple[Any, Any] | None) -> str:
    """That the desk chose who goes; or whether the source, now that it speaks of it, agrees."""
    before, after = pair
    if after:
        return f"Reassigned at the desk by {after}, until the office software says who goes"
    names = [_shown(crew, "") for crew in crews] if crews else []
    contradicts = len(set(names)) > 1
    said = f"sends {names[1]}, unlike what" if contradicts else "agrees with what"
    return f"The office software {said} {before} decided at the desk"


def _changed(name: str, label: str, pair: tuple[Any, Any], zone_name: str) -> str:
    """Notes grow line by line, so that of them only what was added is told."""
    before, after = pair
    if name == "notes" and after and after.startswith(before or ""):
        return f"Note: {after.removeprefix(before or '').strip()}"
    if name in STAMPS and after and not before:
        return f"{STAMPS[name]} {_shown(after, zone_name)}"
    said: Callable[[Any], str] = _status if name == "status" else lambda value: _shown(value, zone_name)
    return f"{label}: {said(before)} → {said(after)}"


def _status(value: Any) -> str:
    return wording.STATUS_NAMES[Status(value)] if value in set(Status) else str(value)


def _shown(value: Any, zone_name: str) -> str:
    """A stored value in words: an instant in the site's zone, people and places by name, nothing as a dash."""
    if isinstance(value, dict):
        return ", ".join(str(part) for part in (value.get("name"), value.get("address")) if part) or "–"
    if isinstance(value, list):
        return ", ".join(str(one.get("name", "")) for one in value if isinstance(one, dict)) or "–"
    if isinstance(value, str) and len(value) > 16 and value[10:11] == "T":
        return wording.day_and_clock(datetime.fromisoformat(value), zone_name)
    return str(value).replace("_", " ") if value else "–"
