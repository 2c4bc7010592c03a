"""What came of a replay: every alert with its verdict, and the figures of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from dispatchwatch.app.replay import Replay, Span, Step
from dispatchwatch.domain.alert import Alert, AlertKind, Severity
from dispatchwatch.domain.verdict import Ended, Verdict, verdict

TOLERANCE = timedelta(minutes=30)
"""How late an arrival must have been for an alert of it to count as true, where nobody says otherwise."""

Listener = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """An alert as it stood when the replay ended, and whether it was right."""

    alert: Alert
    ended: Ended
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Figures:
    """The alerts of one kind, or of all. `minutes` is the median from due to end, over those that ended."""

    alerts: int
    severities: Mapping[Severity, int]
    verdicts: Mapping[Verdict, int]
    still_open: int
    minutes: float | None


def run(replay: Replay, span: Span, tolerance: timedelta, listen: Iterable[Listener] = ()) -> list[Judged]:
    """Runs a replay to its end. Returns the alerts raised within the span, in order; listeners hear every step."""
    found: dict[int, Alert] = {}
    listeners = tuple(listen)
    for step in replay.steps():
        recorded = step.look.recorded
        if span.covers(step.at):
            found.update((alert.id, alert) for alert in recorded.raised)
        for alert in (*recorded.worsened, *recorded.resolved, *recorded.reopened):
            if alert.id in found:
                found[alert.id] = alert
        for listener in listeners:
            listener(step)
    return [_judged(replay, alert, tolerance) for alert in found.values()]


def of_kinds(judged: Iterable[Judged]) -> dict[AlertKind, list[Judged]]:
    """The alerts by kind, the kinds in the order in which they are always named."""
    found: dict[AlertKind, list[Judged]] = {}
    for one in judged:
        found.setdefault(one.alert.kind, []).append(one)
    return {kind: found[kind] for kind in AlertKind if kind in found}


def figures(judged: Sequence[Judged]) -> Figures:
    lengths = [(at - one.alert.due_at) / timedelta(minutes=1) for one in judged if (at := one.alert.resolved_at)]
    return Figures(
        alerts=len(judged),
        severities=Counter(one.alert.severity for one in judged),
        verdicts=Counter(one.verdict for one in judged),
        still_open=sum(one.alert.resolved_at is None for one in judged),
        minutes=median(lengths) if lengths else None,
    )


def _judged(replay: Replay, alert: Alert, tolerance: timedelta) -> Judged:
    key = alert.visit_key
    ended = replay.ended(key) if key is not None else Ended()
    return Judged(alert, ended, verdict(alert, ended, tolerance))
