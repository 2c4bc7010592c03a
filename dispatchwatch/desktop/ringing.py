"""The sound of a grave alert, again and again until somebody takes it on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Slot

from dispatchwatch.desktop import preferences as kept
from dispatchwatch.desktop.open_alerts import OpenAlerts
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.sounds import Sounds
from dispatchwatch.domain.alert import Severity


class Ringing(QObject):
    """Counts from the moment something begins to wait; the first sound is that of the new alert itself."""

    def __init__(
        self, alerts: OpenAlerts, sounds: Sounds, preferences: Preferences, now: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self._alerts = alerts
        self._sounds = sounds
        self._preferences = preferences
        self._now = now
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.ring)
        alerts.changed.connect(self._look)
        preferences.changed.connect(self._begin_anew)

    @Slot()
    def ring(self) -> None:
        if worst := self._worst():
            self._sounds.play(worst, self._now())

    def stop(self) -> None:
        self._timer.stop()

    def _worst(self) -> Severity | None:
        """The worst of those that wait, among the severities that are repeated."""
        repeated = self._preferences.get(kept.REPEAT_FOR)
        waiting = (line.alert.severity for line in self._alerts.worst_first())
        return next((one for one in waiting if one in repeated), None)

    @Slot()
    def _look(self) -> None:
        if self._worst() is None:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start(self._preferences.get(kept.REPEAT_EVERY) * 1000)

    @Slot()
    def _begin_anew(self) -> None:
        self._timer.stop()
        self._look()
