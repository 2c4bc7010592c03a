"""What a person chose for the window, kept between starts in the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QByteArray, QSettings

from dispatchwatch.desktop.theme import Density, Scheme, Theme

Choice = TypeVar("Choice", Scheme, Density)


class Preferences:
    """Read at the start, written when something is chosen; Qt puts it on disk in its own time."""

    def __init__(self, data: Path) -> None:
        self._settings = QSettings(str(data / "window.ini"), QSettings.Format.IniFormat)

    def dress(self, theme: Theme) -> None:
        theme.scheme = _one_of(Scheme, self._word("scheme"), Scheme.SYSTEM)
        theme.density = _one_of(Density, self._word("density"), Density.COMFORTABLE)
        theme.scale = _scale(self._word("scale"))

    def keep_look(self, theme: Theme) -> None:
        self._settings.setValue("scheme", theme.scheme.value)
        self._settings.setValue("density", theme.density.value)
        self._settings.setValue("scale", str(theme.scale))

    @property
    def muted(self) -> bool:
        return self._word("muted") == "yes"

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._settings.setValue("muted", "yes" if muted else "no")

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
