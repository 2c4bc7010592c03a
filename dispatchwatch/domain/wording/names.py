"""The words people read for our states, severities and reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dispatchwatch.domain.alert import AlertKind, AlertState, Severity
from dispatchwatch.domain.visit import Status

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
    "finding_somebody": "Looking for somebody who can go",
    "new_time": "A new time is being agreed",
    "customer_agrees": "The customer agrees to it",
    "expected": "This is as planned",
    "wrong_data": "The schedule is wrong, being corrected",
    "source_told": "Told whoever looks after the source",
    "other": "Other",
}
_LATE = ("called_technician", "called_customer", "traffic", "previous_job", "reassigned", "forgot_check_in")
_CHANGED = ("called_customer", "called_technician", "new_time", "customer_agrees", "expected", "wrong_data")
_CREW = ("finding_somebody", "reassigned", "called_customer", "new_time", "expected", "wrong_data")
_LONG = ("called_technician", "called_customer", "customer_agrees", "reassigned", "expected", "forgot_check_in")
_SERVICE = ("called_customer", "customer_agrees", "finding_somebody", "reassigned", "new_time", "wrong_data")
_SOURCE = ("source_told", "expected", "wrong_data")
_SUITING: Mapping[AlertKind, tuple[str, ...]] = {
    AlertKind.CUSTOMER_NO_SHOW: _CHANGED,
    AlertKind.CANCELLED_SHORT_NOTICE: _CHANGED,
    AlertKind.CANCELLED: _CHANGED,
    AlertKind.RESCHEDULED_SHORT_NOTICE: _CHANGED,
    AlertKind.RESCHEDULE_DRIFT: _CHANGED,
    AlertKind.UNASSIGNED: _CREW,
    AlertKind.DOUBLE_BOOKED: _CREW,
    AlertKind.TRAVEL_CONFLICT: _CREW,
    AlertKind.OVERRUN: _LONG,
    AlertKind.EARLY_DEPARTURE: _LONG,
    AlertKind.SLA_RESPONSE: _SERVICE,
    AlertKind.SLA_ONSITE: _SERVICE,
    AlertKind.SLA_RESOLUTION: _SERVICE,
    AlertKind.JOB_MISSING: ("source_told", "called_customer", "expected", "wrong_data"),
    AlertKind.STALE_FEED: _SOURCE,
    AlertKind.FEED_SHRUNK: _SOURCE,
    AlertKind.CLOCK_SKEW: _SOURCE,
    AlertKind.STATUS_CONFLICT: _SOURCE,
    AlertKind.UNMAPPED_STATUS: _SOURCE,
}


def reasons_for(kinds: Iterable[AlertKind]) -> Mapping[str, str]:
    """The reasons that suit alerts of all these kinds, the likeliest first; none given, and another, always do."""
    suiting = [_SUITING.get(kind, _LATE) for kind in kinds]
    common = [key for key in (suiting[0] if suiting else _LATE) if all(key in one for one in suiting)]
    return {key: REASONS[key] for key in ("", *common, "other")}
