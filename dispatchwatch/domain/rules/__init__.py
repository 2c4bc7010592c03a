"""The rules: each says which conditions hold, when its answer can next change, and why an alert is over.

A rule is a pure function of `Facts`. To add one, write a module here with these three functions as a `Rule`, add
it to `RULES`, and give its kind a sentence in `wording.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dispatchwatch.domain.alert import Alert, Condition, Ending
from dispatchwatch.domain.rules.facts import Facts, Finding, Rule
from dispatchwatch.domain.rules.feed_shrunk import FEED_SHRUNK
from dispatchwatch.domain.rules.lateness import LATE_CHECK_IN
from dispatchwatch.domain.rules.stale_feed import STALE_FEED

__all__ = ["RULES", "Facts", "Finding", "Rule", "ending", "evaluate"]

RULES: tuple[Rule, ...] = (LATE_CHECK_IN, STALE_FEED, FEED_SHRUNK)


def evaluate(facts: Facts, rules: Sequence[Rule] = RULES) -> Finding:
    """All conditions that hold at `facts.now`, and the first instant at which time alone changes that."""
    conditions: list[Condition] = []
    changes: list[datetime] = []
    for rule in rules:
        finding = rule.look(facts)
        conditions.extend(finding.conditions)
        if finding.next_change is not None:
            changes.append(finding.next_change)
    return Finding(tuple(conditions), min(changes, default=None))


def ending(alert: Alert, facts: Facts, rules: Sequence[Rule] = RULES) -> Ending | None:
    """Why an alert whose condition no longer shows is over; None if nothing says that it is."""
    for rule in rules:
        if rule.kind is alert.kind:
            return rule.ending(alert, facts)
    return None
