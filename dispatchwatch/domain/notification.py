"""One operation on one alert, in the words that a channel is to carry. Frozen when it is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatchwatch.domain.alert import AlertKind, Operation, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What to tell. Platforms lay it out; they add no facts of their own.

    `alert_key` is the identity a platform may deduplicate by. `headline` is one sentence that stands alone,
    `facts` are label and value in order of importance, `link` leads to the visit where its source has a page.
    `written_at` is the instant that "20 min late" was true at.
    """

    operation: Operation
    alert_key: str
    kind: AlertKind
    severity: Severity
    subject: str
    headline: str
    facts: tuple[tuple[str, str], ...] = ()
    link: str = ""
    by: str = ""
    note: str = ""
    due_at: datetime
    written_at: datetime
    is_test: bool = False
    is_reminder: bool = False
