"""The alerts that are not over, found by what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dispatchwatch.domain.alert import Alert
from dispatchwatch.domain.visit import VisitKey


def _about(alert: Alert) -> VisitKey:
    return VisitKey(alert.feed, alert.ext_id)


class OpenAlerts(Mapping[int, Alert]):
    """By their number."""

    def __init__(self, alerts: Iterable[Alert] = ()) -> None:
        self._alerts: dict[int, Alert] = {}
        self.by_key: dict[str, Alert] = {}
        self._about: dict[VisitKey, dict[int, None]] = {}
        for alert in alerts:
            self.put(alert)

    def __getitem__(self, number: int) -> Alert:
        return self._alerts[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._alerts)

    def __len__(self) -> int:
        return len(self._alerts)

    def put(self, alert: Alert) -> None:
        self._alerts[alert.id] = self.by_key[alert.key] = alert
        self._about.setdefault(_about(alert), {})[alert.id] = None

    def drop(self, alert: Alert) -> None:
        self.by_key.pop(alert.key, None)
        if self._alerts.pop(alert.id, None) is not None:
            numbers = self._about[_about(alert)]
            del numbers[alert.id]
            if not numbers:
                del self._about[_about(alert)]

    def of(self, subjects: Iterable[VisitKey]) -> list[Alert]:
        """Those about any of these visits or, where the visit id is empty, feeds; in the order of their numbers."""
        numbers = sorted(number for subject in subjects for number in self._about.get(subject, ()))
        return [self._alerts[number] for number in numbers]
