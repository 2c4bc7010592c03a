"""What the window says of alerts and of what a person is about to do with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.phrases import count, sentence, told_line
from dispatchwatch.domain.alert import ENDED_BY_ACKNOWLEDGING, Alert, AlertState
from dispatchwatch.domain.wording import REASONS, SEVERITY_NAMES, STATE_NAMES, clock, span, subject


def snooze_for(minutes: int) -> str:
    return "1 hour" if minutes == 60 else f"{minutes} minutes"


def selected(number: int) -> str:
    return f"{count(number, 'alert', 'alerts')} selected"


def decision_title(does: str, lines: Sequence[AlertLine]) -> str:
    return f"{does}: {subject(lines[0].alert)}" if len(lines) == 1 else f"{does} {len(lines)} alerts"


def what_acknowledging_does(lines: Sequence[AlertLine], user: str) -> str:
    """What will happen, before it happens."""
    channels = sorted({told.channel for line in lines for told in line.told})
    news = all(line.alert.kind in ENDED_BY_ACKNOWLEDGING for line in lines)
    text = f"{user} takes note, and it is over" if news else f"Reminders and escalations end; {user} is on it"
    return sentence(f"{text}, and {_listed(channels)} will hear so" if channels else text)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def alert_since(alert: Alert, zone_name: str, now: datetime) -> str:
    if alert.state is AlertState.RESOLVED and alert.resolved_at is not None:
        return f"over at {clock(alert.resolved_at, zone_name, label=False)}"
    at = clock(alert.due_at, zone_name, label=False)
    return (
        f"at {at} · in {span(alert.due_at - now)}" if alert.due_at > now else f"since {at} · {span(now - alert.due_at)}"
    )


def alert_end(alert: Alert, zone_name: str) -> str:
    """What became of an alert so far; empty while nobody has taken it on."""
    if alert.state is AlertState.RESOLVED:
        return alert.resolution
    if alert.acknowledged_at is None:
        return ""
    reason = REASONS.get(alert.reason, alert.reason) if alert.reason else ""
    parts = [f"{alert.acknowledged_by} is on it since {clock(alert.acknowledged_at, zone_name, label=False)}"]
    return ": ".join([*parts, *(part for part in (" – ".join(filter(None, (reason, alert.note))),) if part)])


def alert_sentence(line: AlertLine) -> str:
    alert = line.alert
    zone_name = alert.facts.get("timezone", "UTC")
    told = told_line(line.told) or texts.NOBODY_TOLD
    due = f"due {clock(alert.due_at, zone_name)}"
    return f"{SEVERITY_NAMES[alert.severity]}, {STATE_NAMES[alert.state].lower()}: {subject(alert)}, {due}, {told}."
