"""How the conditions that hold now meet the alerts that are open: what is raised, what gets worse, what is over."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, end
from dispatchwatch.domain.visit import VisitKey

SUPERSEDES: Mapping[AlertKind, frozenset[AlertKind]] = {
    AlertKind.LATE_CHECK_IN: frozenset({AlertKind.AT_RISK}),
    AlertKind.TECH_NO_SHOW: frozenset({AlertKind.LATE_CHECK_IN, AlertKind.AT_RISK}),
}
"""What a kind takes the place of for the same visit: one thing gone from bad to worse, told in one thread."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What one look changes: alerts to raise, worsened ones, those that are over, and those that nobody is on any
    more."""

    raised: tuple[Alert, ...] = ()
    worsened: tuple[Alert, ...] = ()
    resolved: tuple[Alert, ...] = ()
    reopened: tuple[Alert, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.raised or self.worsened or self.resolved or self.reopened)


def diff(
    conditions: Sequence[Condition],
    open_alerts: Iterable[Alert],
    used_keys: Container[str],
    ending: Callable[[Alert], Ending | None],
    now: datetime,
) -> Differences:
    """Hold what is true now against what is on record.

    `used_keys` are the keys of alerts already resolved: they never open again. An open alert whose condition
    no longer shows ends only if `ending` can say why; a clock set back or missing news is no reason. An alert
    whose visit has gone from bad to worse ends by `ending` too, and the new one follows it.
    """
    on_record = {alert.key: alert for alert in open_alerts}
    replaced = _replaced(conditions, on_record)
    predecessors = _predecessors(on_record.values())
    holding = {one.key: one for one in conditions if (one.visit_key, one.kind) not in replaced}
    raised = tuple(
        _raise(condition, now, _followed(condition, predecessors))
        for condition in holding.values()
        if condition.verified and condition.key not in on_record and condition.key not in used_keys
    )
    worsened = tuple(
        replace(alert, severity=condition.severity, due_at=condition.due_at, updated_at=now, facts=condition.facts)
        for alert in on_record.values()
        if (condition := holding.get(alert.key)) is not None
        and condition.verified
        and condition.severity.rank > alert.severity.rank
    )
    resolved = tuple(
        end(alert, why, now)
        for alert in on_record.values()
        if alert.key not in holding
        and (why := replaced.get((alert.visit_key, alert.kind)) or ending(alert)) is not None
    )
    return Differences(raised, worsened, resolved)


def _replaced(
    conditions: Sequence[Condition], on_record: Mapping[str, Alert]
) -> Mapping[tuple[VisitKey | None, AlertKind], Ending]:
    """The kinds, by visit, whose place something worse has taken."""
    found: dict[tuple[VisitKey | None, AlertKind], Ending] = {}
    for condition in conditions:
        if condition.verified or condition.key in on_record:
            for kind in SUPERSEDES.get(condition.kind, ()):
                why = Ending(Outcome.BECAME_WORSE, wording.ended_by_worse(condition.kind))
                found[condition.visit_key, kind] = why
    return found


def _predecessors(open_alerts: Iterable[Alert]) -> Mapping[VisitKey | None, list[Alert]]:
    """The alerts, by visit, whose place something worse may take."""
    kinds = frozenset().union(*SUPERSEDES.values())
    found: dict[VisitKey | None, list[Alert]] = {}
    for alert in open_alerts:
        if alert.kind in kinds:
            found.setdefault(alert.visit_key, []).append(alert)
    return found


def _followed(condition: Condition, predecessors: Mapping[VisitKey | None, list[Alert]]) -> int:
    """The number of the alert whose place the condition takes: the worst of its visit's; 0 if there is none."""
    kinds = SUPERSEDES.get(condition.kind, frozenset())
    followed = [one for one in predecessors.get(condition.visit_key, ()) if one.kind in kinds]
    return max(followed, key=lambda one: (one.severity.rank, one.id)).id if followed else 0


def _raise(condition: Condition, now: datetime, follows: int) -> Alert:
    return Alert(
        key=condition.key,
        kind=condition.kind,
        severity=condition.severity,
        feed=condition.feed,
        ext_id=condition.ext_id,
        due_at=condition.due_at,
        raised_at=now,
        updated_at=now,
        follows=follows,
        facts=condition.facts,
    )
