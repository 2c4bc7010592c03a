"""The alerts that wait for a person, kept from what the engine tells of alerts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dispatchwatch.app.events import AlertsChanged
from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop.bridge import Bridge
from dispatchwatch.desktop.my_snoozes import MySnoozes
from dispatchwatch.domain.alert import Alert, AlertState

SOON = 100
LOOKS_EVERY = 15_000


class OpenAlerts(QObject):
    """Those nobody has acknowledged. Snoozed ones, for the office or for whoever sits here, are left out until they
    come back.

    `changed` comes a moment after what changed, once for many.
    """

    changed = Signal()

    def __init__(
        self,
        bridge: Bridge,
        now: Callable[[], datetime],
        parent: QObject | None = None,
        *,
        snoozes: MySnoozes | None = None,
    ) -> None:
        super().__init__(parent)
        self._snoozes = snoozes
        self._now = now
        self._open: dict[int, AlertLine] = {}
        self._settled: set[int] = set()
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._tell)
        bridge.alerts_changed.connect(self._take)
        if snoozes is not None:
            snoozes.changed.connect(lambda: self._soon.start(SOON))

    def worst_first(self) -> list[AlertLine]:
        """The worst first, and of equals the one that is open longest."""
        now = self._now()
        lines = [line for line in self._open.values() if not self._is_aside(line.alert, now)]
        return sorted(lines, key=lambda line: (-line.alert.severity.rank, line.alert.raised_at, line.alert.id))

    def waits(self, number: int) -> bool:
        """Whether it waits for a person; one that was never heard of may."""
        line = self._open.get(number)
        return not self._is_aside(line.alert, self._now()) if line else number not in self._settled

    def _is_aside(self, alert: Alert, now: datetime) -> bool:
        mine = self._snoozes.until(alert, now) if self._snoozes is not None else None
        return alert.snoozed(now) or mine is not None

    @Slot(object)
    def _take(self, change: AlertsChanged) -> None:
        for line in change.lines:
            number = line.alert.id
            if line.alert.state is AlertState.OPEN:
                self._open[number] = line
                self._settled.discard(number)
            else:
                self._open.pop(number, None)
                self._settled.add(number)
        self._soon.start(SOON)

    @Slot()
    def _tell(self) -> None:
        """A snooze ends with time alone, so while there is one this comes again."""
        self.changed.emit()
        now = self._now()
        if any(self._is_aside(line.alert, now) for line in self._open.values()):
            self._soon.start(LOOKS_EVERY)
