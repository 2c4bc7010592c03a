"""The made-up office in which thresholds are shown: one technician, one customer, a Tuesday."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from dispatchwatch.app.settings.stage import FEED, Stage, Telling
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Customer, Site, Technician, Visit
from dispatchwatch.domain.wording.thresholds import Part

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Made = tuple[str, Mapping[str, Part]]
"""Which sentence to say, and what it is made of."""


@dataclass(frozen=True)
class Scene:
    """One threshold, shown around nine o'clock in the morning (`start`)."""

    standards: Standards
    key: str
    start: datetime

    @property
    def thresholds(self) -> Thresholds:
        return self.standards.policy.base

    @property
    def value(self) -> Any:
        return getattr(self.thresholds, self.key)

    @cached_property
    def stage(self) -> Stage:
        return Stage(self.standards)

    def with_thresholds(self, **changes: Any) -> Scene:
        policy = replace(self.standards.policy, base=replace(self.thresholds, **changes))
        return Scene(replace(self.standards, policy=policy), self.key, self.start)

    def visit(self, **told: Any) -> Visit:
        """A visit of two hours at `start`, unless told otherwise."""
        begins = told.get("sched_start", self.start)
        usual = {
            "sched_start": begins,
            "sched_end": begins + 2 * HOUR,
            "technicians": (Technician("J. Ortiz"),),
            "customer": Customer("Acme"),
            "site": Site("Plant 4", self.standards.office.zone.key),
        }
        return Visit(feed=FEED, **{"ext_id": "J-1", **usual, **told})

    def known(self, before: timedelta, **told: Any) -> Telling:
        """The visit is in the schedule from so long before its start on."""
        return Telling(self.start - before, (self.visit(**told),))

    def said(self, **parts: Part) -> Made:
        return self.key, parts


def turns(yes: bool, no: bool) -> bool:
    """Whether the rules say one thing on the one side of a limit and another on the other."""
    return yes and not no
