"""The words people read for our states, severities and reasons."""

from __future__ import annotations

from collections.abc import Mapping

from dispatchwatch.domain.alert import AlertState, Severity
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
    "other": "Other",
}
