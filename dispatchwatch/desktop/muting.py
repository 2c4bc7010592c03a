"""Muting the sounds: for good from the header, for a while from the tray."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dispatchwatch.desktop import preferences as kept
from dispatchwatch.desktop import toast_phrases
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.silence import Silence


class Muting(QObject):
    """`changed` carries whether sounds are muted, and until when in words where that ends by itself."""

    changed = Signal(bool, str)

    def __init__(self, silence: Silence, preferences: Preferences, zone_name: str, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._silence = silence
        self._preferences = preferences
        self._zone_name = zone_name
        self._now = now
        self._ends = QTimer(self, singleShot=True)
        self._ends.timeout.connect(self.tell)
        preferences.changed.connect(self._look)

    @Slot(bool)
    def choose(self, muted: bool) -> None:
        """For good, or heard again whatever muted them."""
        self._silence.muted_until = None
        self._ends.stop()
        self._preferences.choose(kept.MUTED, muted)
        self.tell()

    @Slot(int)
    def mute_for(self, minutes: int) -> None:
        """For a while; for none at all they are heard again."""
        if not minutes:
            self.choose(False)
            return
        self._silence.muted_until = self._now() + timedelta(minutes=minutes)
        self._ends.start(minutes * 60_000)
        self.tell()

    @Slot()
    def tell(self) -> None:
        now, until = self._now(), self._silence.muted_until
        muted = self._silence.is_muted(now)
        for_a_while = muted and until is not None and not self._preferences.get(kept.MUTED)
        self.changed.emit(muted, toast_phrases.muted_until(until, self._zone_name) if until and for_a_while else "")

    def stop(self) -> None:
        self._ends.stop()

    @Slot(object)
    def _look(self, preference: object) -> None:
        if preference is kept.MUTED:
            self.tell()
