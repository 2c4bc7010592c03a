"""Icons, tinted by the theme and sharp on every screen; and where the sounds are."""

from __future__ import annotations

from copy import copy
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.tokens import Tone


class Assets:
    """Reads every icon once, when it is built; afterwards nothing here touches a file."""

    def __init__(self, resources: Path, theme: Theme) -> None:
        self._theme = theme
        self._sources = {path.stem: path.read_text("utf-8") for path in sorted((resources / "icons").glob("*.svg"))}
        self._pixmaps: dict[tuple[str, str, str, int, float], QPixmap] = {}
        self.sounds = resources / "sounds"
        self.help = resources / "help"
        self.program_picture = resources / "icons" / "app.svg"

    def wearing(self, theme: Theme) -> Assets:
        """The same icons in the colours of another theme."""
        other = copy(self)
        other._theme, other._pixmaps = theme, {}
        return other

    def pixmap(self, name: str, tone: Tone = Tone.TEXT, size: int = 16, ratio: float = 1.0) -> QPixmap:
        """An icon in the colour of `tone`, `size` pixels of the design wide, for a screen of this pixel ratio."""
        return self.coloured(name, self._theme.tokens.of(tone), size, ratio)

    def coloured(self, name: str, colour: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
        ground, pixels = self._theme.tokens.surface, self._theme.px(size)
        wanted = (name, colour, ground, pixels, ratio)
        if wanted not in self._pixmaps:
            self._pixmaps[wanted] = self._draw(name, colour, ground, pixels, ratio)
        return self._pixmaps[wanted]

    def icon(self, name: str, tone: Tone = Tone.MUTED, size: int = 20) -> QIcon:
        result = QIcon()
        for ratio in (1.0, 2.0):
            result.addPixmap(self.pixmap(name, tone, size, ratio))
        return result

    def rail_icon(self, name: str) -> QIcon:
        """An icon that takes the accent while its button is the chosen one."""
        result = self.icon(name, Tone.MUTED)
        for ratio in (1.0, 2.0):
            result.addPixmap(self.pixmap(name, Tone.ACCENT, 20, ratio), QIcon.Mode.Normal, QIcon.State.On)
        return result

    def program_icon(self) -> QIcon:
        result = QIcon()
        for size in (16, 24, 32, 48, 64, 128, 256):
            result.addPixmap(self._draw("app", "", "", size, 1.0))
        return result

    def _draw(self, name: str, colour: str, ground: str, pixels: int, ratio: float) -> QPixmap:
        source = self._sources[name].replace("currentColor", colour).replace("#knock", ground)
        pixmap = QPixmap(QSize(round(pixels * ratio), round(pixels * ratio)))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(pixmap.rect()))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
