"""A QR code, drawn so that a phone reads it: every module a whole number of pixels, dark on white in every theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from dispatchwatch.desktop import texts

MODULE = 8
"""How many units of the picture a module takes (`app/check_in_links.py`)."""


class QrPicture(QWidget):
    def __init__(self, svg: str, side: int) -> None:
        """`svg` has its quiet zone in it."""
        super().__init__()
        self._picture = QSvgRenderer(QByteArray(svg.encode()), self)
        self.setFixedSize(side, side)
        self.setAccessibleName(texts.LINK_PICTURE)

    @property
    def modules(self) -> int:
        """How many modules stand side by side, the quiet zone among them."""
        return self._picture.defaultSize().width() // MODULE

    def area(self) -> QRectF:
        """Where it is drawn: the largest square in the middle whose modules are whole pixels of the screen."""
        ratio = self.devicePixelRatioF()
        room = int(min(self.width(), self.height()) * ratio)
        drawn = max(1, room // self.modules) * self.modules
        corner = (room - drawn) // 2
        return QRectF(corner / ratio, corner / ratio, drawn / ratio, drawn / ratio)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        self._picture.render(painter, self.area())
