"""The words a message opens with, so that a test, a reminder and the end of an alert can't be taken for a new one."""

from __future__ import annotations

from dispatchwatch.dispatch.text import one_line
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification
from dispatchwatch.domain.wording import SEVERITY_NAMES

TEST_NOTICE = "This is a test from DispatchWatch. Nobody needs to act."


def opening(notification: Notification) -> str:
    """What kind of message this is, in a word or two."""
    if notification.is_test:
        return "TEST"
    if notification.is_reminder:
        return "Reminder"
    severity = SEVERITY_NAMES[notification.severity]
    match notification.operation:
        case Operation.RAISE:
            return severity
        case Operation.UPDATE:
            return f"Now {severity.lower()}"
        case Operation.ACKNOWLEDGE:
            return "Acknowledged"
        case Operation.RESOLVE:
            return "Resolved"


def marked(notification: Notification, sentence: str) -> str:
    """The sentence with its opening, unless it already begins with it."""
    word = opening(notification)
    return sentence if sentence.startswith(word) else f"{word}: {sentence}"


def title(notification: Notification) -> str:
    """For instance "Reminder · High · Late check-in: J. Ortiz at Plant 4"."""
    severity = SEVERITY_NAMES[notification.severity] if notification.is_test or notification.is_reminder else ""
    return " · ".join(part for part in (opening(notification), severity, one_line(notification.subject)) if part)
