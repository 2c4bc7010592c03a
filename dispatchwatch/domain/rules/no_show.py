"""Stub."""

from __future__ import annotations

from dispatchwatch.domain.alert import Alert, AlertKind, Ending
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, VisitRule
from dispatchwatch.domain.watched import Watched


def look(_watched: Watched, _facts: Facts) -> Finding:
    return NOTHING


def ending(_alert: Alert, _facts: Facts) -> Ending | None:
    return None


TECH_NO_SHOW = VisitRule((AlertKind.TECH_NO_SHOW,), look, ending)
