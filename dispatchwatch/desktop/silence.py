"""Whether a sound may be heard now: nobody muted it, and it is not a quiet hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from dispatchwatch.desktop import preferences as kept
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.domain.alert import Severity


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` up to `end` by the clock of the zone; over midnight where `end` is the earlier. None where they are
    equal."""

    start: time
    end: time
    zone: ZoneInfo

    def hold(self, now: datetime) -> bool:
        at = now.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


class Silence:
    """`muted_until` ends by itself; the mute that a person chose for good is among the preferences."""

    def __init__(self, preferences: Preferences, zone: ZoneInfo) -> None:
        self._preferences = preferences
        self._zone = zone
        self.muted_until: datetime | None = None

    def is_muted(self, now: datetime) -> bool:
        return self._preferences.get(kept.MUTED) or (self.muted_until is not None and now < self.muted_until)

    def holds_back(self, severity: Severity, now: datetime) -> bool:
        """Whether a sound for an alert of this severity is kept back."""
        choice = self._preferences
        if severity not in choice.get(kept.SOUND_FOR) or self.is_muted(now):
            return True
        quiet = QuietHours(choice.get(kept.QUIET_FROM), choice.get(kept.QUIET_TO), self._zone)
        if not choice.get(kept.QUIET) or not quiet.hold(now):
            return False
        return severity is not Severity.CRITICAL or not choice.get(kept.CRITICAL_IN_QUIET)
