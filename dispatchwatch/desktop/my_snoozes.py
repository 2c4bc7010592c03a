"""What each person has put aside for a while, for himself alone: others see it, hear it and are told as ever."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from dispatchwatch.desktop.people import SECTION, People
from dispatchwatch.desktop.preference_kinds import Preference
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.domain.alert import Alert, Severity


class Put(NamedTuple):
    """Until when an alert is put aside, and how grave it was then: worse, it comes back."""

    until: datetime
    severity: Severity


Aside = Mapping[str, Mapping[int, Put]]
"""By who put it aside and the number of the alert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAside(Preference[Aside]):
    def read(self, word: str) -> Aside:
        told = json.loads(word)
        if not isinstance(told, dict):
            raise ValueError(word)
        return {who: {int(number): _put(*put) for number, put in some.items()} for who, some in told.items()}

    def write(self, value: Aside) -> str:
        told = {
            who: {str(number): [put.until.isoformat(), put.severity.value] for number, put in some.items()}
            for who, some in value.items()
            if some
        }
        return json.dumps(told, ensure_ascii=False)


KEPT = KeptAside(key="my_snoozes", section=SECTION, label="Snoozed", help="Snoozed on the alerts.", default={})


class MySnoozes(QObject):
    """`changed` whenever what is put aside is another, for whatever reason but the passing of time."""

    changed = Signal()

    def __init__(self, people: People, preferences: Preferences, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._people = people
        self._preferences = preferences
        self._now = now
        self._aside: dict[str, dict[int, Put]] = _still(preferences.get(KEPT), now())
        people.changed.connect(self.changed)

    def until(self, alert: Alert, now: datetime) -> datetime | None:
        """When an alert comes back to whoever sits here; None if it is not put aside."""
        put = self._aside.get(self._people.name, {}).get(alert.id)
        if put is None or put.until <= now or alert.severity.rank > put.severity.rank:
            return None
        return put.until

    def put_aside(self, alerts: Iterable[Alert], until: datetime) -> None:
        mine = self._aside.setdefault(self._people.name, {})
        mine.update((alert.id, Put(until, alert.severity)) for alert in alerts)
        self._keep()

    def take_back(self, numbers: Iterable[int]) -> None:
        mine = self._aside.get(self._people.name, {})
        for number in numbers:
            mine.pop(number, None)
        self._keep()

    def _keep(self) -> None:
        self._aside = _still(self._aside, self._now())
        self._preferences.choose(KEPT, self._aside)
        self.changed.emit()


def _put(until: Any, severity: Any) -> Put:
    at = datetime.fromisoformat(until)
    if at.tzinfo is None:
        raise ValueError(until)
    return Put(at, Severity(severity))


def _still(aside: Aside, now: datetime) -> dict[str, dict[int, Put]]:
    """What is not over yet."""
    return {who: {number: put for number, put in some.items() if put.until > now} for who, some in aside.items()}
