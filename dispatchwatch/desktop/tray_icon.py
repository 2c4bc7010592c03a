"""The icon in the tray: the program's own while nothing needs anybody, else a number on the colour of the worst."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QIcon, QPainter, QPen, QPixmap

from dispatchwatch.desktop.marks import SEVERITIES
from dispatchwatch.desktop.tokens import LIGHT
from dispatchwatch.domain.alert import Severity

SIZES = (16, 20, 22, 24, 32, 48, 64)
MOST = 99


def counted(count: int, worst: Severity) -> QIcon:
    """Drawn anew for every size, because a number made smaller by the tray can't be read.

    What colour the panel has is not known: white figures on a dark ground with a white rim stand out on any.
    """
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(_painted(str(min(count, MOST)), QColor(LIGHT.of(SEVERITIES[worst].tone)), size))
    return icon


def _painted(text: str, ground: QColor, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    white, rim = QColor(LIGHT.surface), max(1.0, size / 20)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(ground)
    painter.setPen(QPen(white, rim))
    half = rim / 2
    painter.drawRoundedRect(QRectF(half, half, size - rim, size - rim), size / 4.5, size / 4.5)
    painter.setPen(white)
    painter.setFont(_fitting(text, size - 3 * rim))
    painter.drawText(QRectF(0, 0, size, size), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return pixmap


def _fitting(text: str, room: float) -> QFont:
    """The largest bold figures that have room."""
    font = QFont()
    font.setWeight(QFont.Weight.Bold)
    for pixels in range(int(room), 5, -1):
        font.setPixelSize(pixels)
        metrics = QFontMetricsF(font)
        if metrics.horizontalAdvance(text) <= room and metrics.capHeight() <= room:
            break
    return font
