"""What a person chose for the window, kept between starts in the data folder."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from dispatchwatch.desktop.preference_kinds import Amount, Flag, Preference, Severities, TimeOfDay
from dispatchwatch.desktop.theme import Density, Scheme, Theme
from dispatchwatch.domain.alert import Severity

T = TypeVar("T")
Choice = TypeVar("Choice", Scheme, Density)

SOUNDS, QUIET_HOURS = "Sounds", "Quiet hours"
MUTED = Flag(
    key="muted",
    section=SOUNDS,
    label="Mute all sounds",
    help="The header shows a crossed-out loudspeaker while they are muted.",
    default=False,
)
SOUND_FOR = Severities(
    key="sound_for",
    section=SOUNDS,
    label="Play a sound for",
    help="Each severity has a sound of its own. It is played when an alert of it is new.",
    default=frozenset({Severity.WARNING, Severity.HIGH, Severity.CRITICAL}),
)
REPEAT_FOR = Severities(
    key="repeat_sound_for",
    section=SOUNDS,
    label="Repeat it for",
    help="Until somebody acknowledges or snoozes the alert, or it is over.",
    default=frozenset({Severity.HIGH, Severity.CRITICAL}),
)
REPEAT_EVERY = Amount(
    key="repeat_sound_every",
    section=SOUNDS,
    label="Repeat every",
    help="How long it is silent in between.",
    default=60,
    least=10,
    most=3600,
    unit="seconds",
)
QUIET = Flag(
    key="quiet_hours",
    section=QUIET_HOURS,
    label="No sounds in quiet hours",
    help="Toasts and messages to channels go on; only this computer is silent.",
    default=False,
)
QUIET_FROM = TimeOfDay(
    key="quiet_from",
    section=QUIET_HOURS,
    label="From",
    help="By the clock of the office.",
    default=time(22),
)
QUIET_TO = TimeOfDay(
    key="quiet_to",
    section=QUIET_HOURS,
    label="To",
    help="Where this is earlier than the beginning, they end on the next day.",
    default=time(6),
)
CRITICAL_IN_QUIET = Flag(
    key="critical_in_quiet_hours",
    section=QUIET_HOURS,
    label="Critical alerts sound all the same",
    help="A technician who did not come at all may not wait until the morning.",
    default=True,
)
PREFERENCES: tuple[Preference[Any], ...] = (
    MUTED,
    SOUND_FOR,
    REPEAT_FOR,
    REPEAT_EVERY,
    QUIET,
    QUIET_FROM,
    QUIET_TO,
    CRITICAL_IN_QUIET,
)


class Preferences(QObject):
    """Read at the start, written when something is chosen; Qt puts it on disk in its own time.

    `changed` carries the preference that somebody chose anew.
    """

    changed = Signal(object)

    def __init__(self, data: Path) -> None:
        super().__init__()
        self._settings = QSettings(str(data / "window.ini"), QSettings.Format.IniFormat)

    def get(self, preference: Preference[T]) -> T:
        """What was chosen; the default where nothing was, or what is kept makes no sense."""
        word = self._word(preference.key)
        try:
            return preference.read(word) if word else preference.default
        except ValueError:
            return preference.default

    def choose(self, preference: Preference[T], value: T) -> None:
        if value != self.get(preference):
            self._settings.setValue(preference.key, preference.write(value))
            self.changed.emit(preference)

    def dress(self, theme: Theme) -> None:
        theme.scheme = _one_of(Scheme, self._word("scheme"), Scheme.SYSTEM)
        theme.density = _one_of(Density, self._word("density"), Density.COMFORTABLE)
        theme.scale = _scale(self._word("scale"))

    def keep_look(self, theme: Theme) -> None:
        self._settings.setValue("scheme", theme.scheme.value)
        self._settings.setValue("density", theme.density.value)
        self._settings.setValue("scale", str(theme.scale))

    @property
    def tray_explained(self) -> bool:
        return self._word("tray_explained") == "yes"

    def note_tray_explained(self) -> None:
        self._settings.setValue("tray_explained", "yes")

    @property
    def geometry(self) -> QByteArray:
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)

    def _word(self, key: str) -> str:
        return str(self._settings.value(key, ""))


def _one_of(kind: type[Choice], word: str, otherwise: Choice) -> Choice:
    return kind(word) if word in list(kind) else otherwise


def _scale(word: str) -> float:
    try:
        return min(max(float(word), 1.0), 2.0)
    except ValueError:
        return 1.0
