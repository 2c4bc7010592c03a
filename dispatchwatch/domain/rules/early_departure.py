"""Stub."""

from __future__ import annotations

from dispatchwatch.domain.alert import Alert, AlertKind, Ending
from dispatchwatch.domain.rules.facts import NOTHING, DayRule, Facts, Finding
from dispatchwatch.domain.watched import Watched


def look(_day: tuple[Watched, ...], _facts: Facts) -> Finding:
    return NOTHING


def ending(_alert: Alert, _facts: Facts) -> Ending | None:
    return None


EARLY_DEPARTURE = DayRule((AlertKind.EARLY_DEPARTURE,), look, ending)
