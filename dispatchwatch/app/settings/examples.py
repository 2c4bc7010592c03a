"""What each threshold does in this office, by an example that the engine itself has played through.

Nothing is computed beside the rules: where an example names an instant, that is when the rules said so; where it names
a limit, the rules said one thing on this side of it and another on the other. An example that makes no difference as
the other thresholds are (critical only after a no-show is told, say) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from dispatchwatch.app.settings import example_changes, example_days, example_times
from dispatchwatch.app.settings.example_office import Made, Scene
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.wording.thresholds import example_sentence

EXAMPLES: Mapping[str, Callable[[Scene], Made | None]] = {
    **example_times.EXAMPLES,
    **example_changes.EXAMPLES,
    **example_days.EXAMPLES,
}
TUESDAY = datetime(2026, 11, 10, 9)  # noqa: DTZ001 - of the office's zone, whichever that is
DAY_HOURS = dict.fromkeys(range(5), (time(8), time(17)))


def policy_example(standards: Standards, key: str) -> str:
    """A sentence about this key of the policy; empty where there is none to give. Takes some ten milliseconds."""
    zone = standards.office.zone
    office = standards.office if standards.office.hours else OfficeHours(zone, DAY_HOURS)
    office = OfficeHours(zone, office.hours)
    alike = replace(standards, office=office, policy=replace(standards.policy, overrides=(), hours=office))
    start = TUESDAY.replace(tzinfo=zone).astimezone(UTC)
    made = EXAMPLES[key](Scene(alike, key, start)) if key in EXAMPLES else None
    if made is None:
        return ""
    words, parts = made
    return example_sentence(words, zone.key, {"start": start, "value": _value(standards, key), **parts})


def _value(standards: Standards, key: str) -> Any:
    value = getattr(standards.policy.base, key, "")
    return getattr(value, "value", value)
