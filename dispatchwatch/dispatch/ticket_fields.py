"""What goes into the fields of a ticket: our key, how urgent it is, and what the office has set for its own fields."""

from __future__ import annotations

import hashlib

from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.notification import Notification

USUAL_PRIORITIES = "critical=High; high=High; warning=Medium; info=Low"
PAIRS = r"(\s*[\w.]+\s*=[^;]*(;\s*[\w.]+\s*=[^;]*)*;?\s*)?"
"""The form of a setting that holds fields and their values."""


def urgency(notification: Notification) -> Severity:
    """How urgent the ticket is to look: a test never more than it has to."""
    return Severity.INFO if notification.is_test else notification.severity


def priority(notification: Notification, names: str, field: str) -> dict[str, str]:
    """The field with what the severity is called there, by a setting of the form `PAIRS`; empty where that has none."""
    named = pairs(names).get(urgency(notification).value, "")
    return {field: named} if named else {}


def without_placeholders(words: str) -> str:
    """The text with nothing in it that a ticket system would fill in."""
    return words.replace("{{", "{ {").replace("{%", "{ %")


def short_key(alert_key: str) -> str:
    """The identity of an alert in 32 letters, digits and hyphens: safe in an address, a query, a tag."""
    return f"dw-{hashlib.sha256(alert_key.encode('utf-8', 'surrogatepass')).hexdigest()[:29]}"


def pairs(text: str) -> dict[str, str]:
    """Fields and values of a setting such as "category=Field; cause=Late"."""
    named = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip(): value.strip() for name, _, value in named}
