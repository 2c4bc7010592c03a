"""A switch that says in words whether it is on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.theme import Theme

TRACK, HEIGHT, GAP = 36, 20, 8


class Switch(QCheckBox):
    """Position, colour and word say the same."""

    def __init__(self, theme: Theme, on: str = form_phrases.ON, off: str = form_phrases.OFF) -> None:
        super().__init__()
        self._theme = theme
        self._words = {True: on, False: off}
        self._hovered = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)

    @property
    def word(self) -> str:
        return self._words[self.isChecked()]

    def sizeHint(self) -> QSize:  # noqa: N802
        theme = self._theme
        words = max(theme.metrics().horizontalAdvance(word) for word in self._words.values())
        return QSize(theme.px(TRACK + GAP + 8) + words, max(theme.px(HEIGHT + 8), theme.metrics().height() + 4))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint()

    def hitButton(self, position: QPoint) -> bool:  # noqa: N802
        return self.rect().contains(position)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        self._hovered = True
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self._hovered = False
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme, tokens, painter = self._theme, self._theme.tokens, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height, margin = theme.px(HEIGHT), 3
        track = QRectF(margin, (self.height() - height) / 2, theme.px(TRACK), height)
        on, colour = self.isChecked(), QColor(tokens.accent if self.isChecked() else tokens.idle)
        if not self.isEnabled():
            colour.setAlphaF(0.5)
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(colour if on else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(track, height / 2, height / 2)
        knob = height - theme.px(8)
        left = track.right() - theme.px(4) - knob if on else track.left() + theme.px(4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.on_accent if on else tokens.idle))
        painter.drawEllipse(QRectF(left, track.center().y() - knob / 2, knob, knob))
        if self.hasFocus() or self._hovered:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 1.5 if self.hasFocus() else 1))
            ring = track.adjusted(-2.5, -2.5, 2.5, 2.5)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.idle))
        painter.setFont(theme.font())
        words = self.rect().adjusted(round(track.right()) + theme.px(GAP), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.word)
        painter.end()
