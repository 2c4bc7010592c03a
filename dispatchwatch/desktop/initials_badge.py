"""The initials of a person in a disc, as a picture for a button and as a widget of its own."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from dispatchwatch.desktop.initials import initials_of
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.tokens import Tone

LETTERS = 0.4
"""How high the letters are, as a share of the disc."""


class InitialsBadge(QWidget):
    """Only a picture: the name stands beside it."""

    def __init__(self, theme: Theme, name: str, size: int) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._size = size
        theme.changed.connect(self._dress)
        self._dress()

    def show_name(self, name: str) -> None:
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        draw(painter, self._theme, self._name, QRectF(self.rect()))

    def _dress(self) -> None:
        side = self._theme.px(self._size)
        self.setFixedSize(QSize(side, side))
        self.update()


def icon(theme: Theme, name: str, size: int) -> QIcon:
    """Sharp on screens of single and of double density."""
    result = QIcon()
    for ratio in (1, 2):
        side = theme.px(size) * ratio
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw(painter, theme, name, QRectF(0, 0, side, side))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        result.addPixmap(pixmap)
    return result


def draw(painter: QPainter, theme: Theme, name: str, area: QRectF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.color(Tone.ACCENT) if theme.tokens.high_contrast else Qt.PenStyle.NoPen)
    painter.setBrush(theme.tint(Tone.ACCENT, 0.24))
    painter.drawEllipse(area.adjusted(0.5, 0.5, -0.5, -0.5))
    font = QFont(theme.font(strong=True))
    font.setPixelSize(max(8, round(area.height() * LETTERS)))
    painter.setFont(font)
    painter.setPen(theme.color(Tone.ACCENT))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, initials_of(name))
