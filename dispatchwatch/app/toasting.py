"""Which toasts a look gives rise to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.app.recording import Recorded
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertState, Severity

AT_ONCE = 3
NAMED = 3


def toasts(recorded: Recorded, now: datetime) -> tuple[ToastWanted, ...]:
    """One toast per new alert; one for all where they are many, or where they happened while nobody watched."""
    new = [alert for alert in recorded.raised if alert.severity is not Severity.INFO]
    worse = [alert for alert in recorded.worsened if alert.state is AlertState.OPEN and not alert.snoozed(now)]
    again = [alert for alert in recorded.reopened if not alert.snoozed(now)]
    old = [alert for alert in new if alert.found_at_start]
    fresh = [alert for alert in (*new, *worse) if not alert.found_at_start] + again
    groups = [old, fresh] if len(old) > 1 else [[*old, *fresh]]
    return tuple(toast for group in groups for toast in _of_group(group, now))


def failure_toast(channel: str, headline: str, error: str, alerts: tuple[int, ...]) -> ToastWanted:
    """A message that did not arrive is as urgent as what it was about."""
    return ToastWanted(f"{channel} was not told", f"{headline} – {error}", Severity.HIGH, alerts)


def _of_group(group: Sequence[Alert], now: datetime) -> tuple[ToastWanted, ...]:
    if len(group) > AT_ONCE or (len(group) > 1 and all(alert.found_at_start for alert in group)):
        return (_summary(group, now),)
    return tuple(
        ToastWanted(wording.short_headline(alert, now), wording.detail(alert), alert.severity, (alert.id,))
        for alert in group
    )


def _summary(group: Sequence[Alert], now: datetime) -> ToastWanted:
    worst = max(group, key=lambda alert: alert.severity.rank).severity
    while_away = all(alert.found_at_start for alert in group)
    kinds = {alert.kind for alert in group}
    what = f"{len(group)} new alerts" if len(kinds) > 1 else wording.how_many(len(group), kinds)
    title = f"{len(group)} alerts while nobody was watching" if while_away else what
    body = "; ".join(wording.short_headline(alert, now) for alert in group[:NAMED])
    if len(group) > NAMED:
        body += f"; and {len(group) - NAMED} more"
    return ToastWanted(title, body, worst, tuple(alert.id for alert in group))
