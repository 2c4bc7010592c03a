"""Stub."""

from __future__ import annotations

from dispatchwatch.domain.alert import Alert, AlertKind, Ending
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.rules.facts import NOTHING, Facts, FeedRule, Finding


def look(_health: FeedHealth, _facts: Facts) -> Finding:
    return NOTHING


def ending(_alert: Alert, _facts: Facts) -> Ending | None:
    return None


CLOCK_SKEW = FeedRule((AlertKind.CLOCK_SKEW,), look, ending)
