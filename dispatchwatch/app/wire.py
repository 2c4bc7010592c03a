"""The JSON that scripts rely on (interface, section 3). Instants are ISO 8601 in UTC with `Z`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.schedule import RowProblem
from dispatchwatch.domain.watched import Watched
from dispatchwatch.store.deliveries import Delivery


def instant(value: datetime | None) -> str | None:
    if value is None:
        return None
    text = value.astimezone(UTC).isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def alert_json(alert: Alert, now: datetime) -> dict[str, Any]:
    """An alert; its headline tells the minutes as of now, or as of its end."""
    return {
        "id": alert.id,
        "key": alert.key,
        "kind": alert.kind.value,
        "severity": alert.severity.value,
        "state": alert.state.value,
        "feed": alert.feed,
        "job": alert.ext_id or None,
        "headline": wording.headline(alert, alert.resolved_at or now),
        "due_at": instant(alert.due_at),
        "raised_at": instant(alert.raised_at),
        "found_at_start": alert.found_at_start,
        "acknowledged_at": instant(alert.acknowledged_at),
        "acknowledged_by": alert.acknowledged_by or None,
        "acknowledged_until": instant(alert.acknowledged_until),
        "until_visit_changes": bool(alert.while_visit),
        "reason": alert.reason or None,
        "note": alert.note or None,
        "snoozed_until": instant(alert.snoozed_until),
        "resolved_at": instant(alert.resolved_at),
        "resolved_by": alert.resolved_by or None,
        "outcome": alert.outcome.value if alert.outcome else None,
        "resolution": alert.resolution or None,
        **{name: alert.facts.get(name) for name in ("technician", "customer", "site")},
    }


def visit_json(watched: Watched, policy: Policy) -> dict[str, Any]:
    visit = watched.visit
    return {
        "feed": visit.feed,
        "ext_id": visit.ext_id,
        "order_ref": visit.order_ref or None,
        "title": visit.title or None,
        "kind": visit.kind or None,
        "priority": visit.priority or None,
        "contract": visit.contract or None,
        "status": visit.status.value,
        "status_raw": visit.status_raw or None,
        "sched_start": instant(visit.sched_start),
        "sched_end": instant(visit.sched_end),
        "window_start": instant(visit.window_start),
        "window_end": instant(visit.window_end),
        "anytime": visit.anytime,
        "deadline": instant(watched.deadline(policy)),
        "technician": visit.technician or None,
        "customer": visit.customer.name or None,
        "site": visit.site.name or None,
        "address": visit.site.address or None,
        "timezone": visit.site.timezone,
        "eta": instant(visit.eta),
        "arrived_at": instant(visit.arrived_at),
        "completed_at": instant(visit.completed_at),
        "cancelled_at": instant(visit.cancelled_at),
        "time_adjusted": visit.time_adjusted,
    }


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "alert": delivery.alert_id,
        "alerts": list(delivery.alerts),
        "channel": delivery.channel,
        "platform": delivery.platform,
        "operation": delivery.operation.value,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "created_at": instant(delivery.created_at),
        "next_attempt_at": instant(delivery.next_attempt_at) if delivery.state == "waiting" else None,
        "held": delivery.held or None,
        "settled_at": instant(delivery.settled_at),
        "may_have_arrived_twice": delivery.may_have_arrived and delivery.state == "sent",
        "reference": delivery.reference or None,
        "error": delivery.error or None,
    }


def problem_json(problem: RowProblem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column or None,
        "problem": problem.problem,
        "gravity": problem.gravity.value,
    }
