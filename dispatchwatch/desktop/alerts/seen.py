"""Which alerts somebody has seen, so that none comes and goes unnoticed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from dispatchwatch.domain.alert import Alert, AlertState


class Seen(QObject):
    """An alert is new until it stood on the screen of an active window; one that is over, until a person says so.

    What was already over when the window opened was dealt with by somebody before.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: set[int] = set()
        self._first_picture = True

    def meet(self, alerts: Iterable[Alert]) -> None:
        if self._first_picture:
            self._seen |= {alert.id for alert in alerts if alert.state is AlertState.RESOLVED}

    def first_picture_over(self) -> None:
        self._first_picture = False

    def has(self, number: int) -> bool:
        return number in self._seen

    def note(self, numbers: Iterable[int]) -> None:
        fresh = set(numbers) - self._seen
        if fresh:
            self._seen |= fresh
            self.changed.emit()
