"""The rules: each says which conditions hold, when its answer can next change, and why an alert is over.

A rule is a pure function of what it looks at (one visit, one technician's day, or one feed) and of `Facts`. To add
one, write a module here that makes a `VisitRule`, `DayRule` or `FeedRule`, add it to `RULES`, and give its kinds a
voice in `wording`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, Condition, Ending, Outcome
from dispatchwatch.domain.rules.at_risk import AT_RISK
from dispatchwatch.domain.rules.cancelled import CANCELLED
from dispatchwatch.domain.rules.clock_skew import CLOCK_SKEW
from dispatchwatch.domain.rules.customer_no_show import CUSTOMER_NO_SHOW
from dispatchwatch.domain.rules.double_booked import DOUBLE_BOOKED
from dispatchwatch.domain.rules.drift import DRIFT
from dispatchwatch.domain.rules.early_departure import EARLY_DEPARTURE
from dispatchwatch.domain.rules.facts import DayRule, Facts, FeedRule, Finding, Rule, VisitRule
from dispatchwatch.domain.rules.feed_shrunk import FEED_SHRUNK
from dispatchwatch.domain.rules.index import Index
from dispatchwatch.domain.rules.job_missing import JOB_MISSING
from dispatchwatch.domain.rules.lateness import LATE_CHECK_IN
from dispatchwatch.domain.rules.no_show import TECH_NO_SHOW
from dispatchwatch.domain.rules.overrun import OVERRUN
from dispatchwatch.domain.rules.rescheduled import RESCHEDULED
from dispatchwatch.domain.rules.service_levels import SERVICE_LEVELS
from dispatchwatch.domain.rules.stale_feed import STALE_FEED
from dispatchwatch.domain.rules.status_conflict import STATUS_CONFLICT
from dispatchwatch.domain.rules.travel_conflict import TRAVEL_CONFLICT
from dispatchwatch.domain.rules.unassigned import UNASSIGNED
from dispatchwatch.domain.rules.unmapped_status import UNMAPPED_STATUS

__all__ = ["RULES", "DayRule", "Facts", "FeedRule", "Finding", "Index", "Rule", "VisitRule", "ending", "evaluate"]

RULES: tuple[Rule, ...] = (
    TECH_NO_SHOW,
    LATE_CHECK_IN,
    AT_RISK,
    CUSTOMER_NO_SHOW,
    CANCELLED,
    RESCHEDULED,
    DRIFT,
    UNASSIGNED,
    OVERRUN,
    SERVICE_LEVELS,
    DOUBLE_BOOKED,
    TRAVEL_CONFLICT,
    EARLY_DEPARTURE,
    JOB_MISSING,
    STATUS_CONFLICT,
    UNMAPPED_STATUS,
    STALE_FEED,
    FEED_SHRUNK,
    CLOCK_SKEW,
)


def evaluate(facts: Facts, rules: Sequence[Rule] = RULES) -> Finding:
    """All conditions that hold at `facts.now`, and the first instant at which time alone changes that.

    Looks at everything; `app.judging` gets the same answer by looking only at what may have changed.
    """
    facts = replace(facts, index=Index.of(facts.visits, facts.feeds))
    findings = [
        rule.look(subject, facts)  # type: ignore[arg-type]  # each rule with the subjects of its own kind
        for rule in rules
        for subject in _subjects(rule, facts)
    ]
    changes = [one.next_change for one in findings if one.next_change is not None]
    return Finding(tuple(merged(findings, facts).values()), min(changes, default=None))


def merged(findings: Iterable[Finding], facts: Facts) -> dict[str, Condition]:
    """The conditions of many findings by key, in the order they fell due; of two under one key the worse.

    Whether a feed is fresh and whether the office wants this kind is judged here, at the end, for all rules alike.
    """
    found: dict[str, Condition] = {}
    for finding in findings:
        for condition in finding.conditions:
            known = found.get(condition.key)
            if known is None or known.severity.rank < condition.severity.rank:
                found[condition.key] = condition
    fresh = facts.fresh_feeds()
    return {
        key: one if not one.from_absence or one.feed in fresh else replace(one, verified=False)
        for key, one in sorted(found.items(), key=lambda item: (item[1].due_at, item[0]))
        if not facts.switched_off(one.kind, one.feed, one.visit_key)
    }


def ending(alert: Alert, facts: Facts, rules: Sequence[Rule] = RULES) -> Ending | None:
    """Why an alert whose condition no longer shows is over; None if nothing says that it is."""
    if facts.switched_off(alert.kind, alert.feed, alert.visit_key):
        return Ending(Outcome.NOTED, wording.ENDED_BY_SWITCHING_OFF)
    rule = next((one for one in rules if alert.kind in one.kinds), None)
    return rule.ending(alert, facts) if rule else None


def _subjects(rule: Rule, facts: Facts) -> Iterable[object]:
    match rule:
        case VisitRule():
            return (one for one in facts.visits.values() if one.key not in facts.index.doubles)
        case DayRule():
            return (day for crew in facts.index.days if (day := facts.day_of(crew)))
        case FeedRule():
            return facts.feeds.values()
