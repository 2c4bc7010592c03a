"""What outline, filling, hatching and bracket mean, in the manner in which they are painted."""

from __future__ import annotations

from PySide6.QtCore import QLine, QRect, QSize, Qt, Slot
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dispatchwatch.desktop import timeline_phrases as phrases
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.tokens import Tone, mix

SAMPLE, GAP, APART, HEIGHT = 22, 6, 16, 24


class Legend(QWidget):
    def __init__(self, room: DeskRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self.setAccessibleName(phrases.LEGEND_NAME)
        self.setToolTip(phrases.LEGEND_MEANING)
        room.theme.changed.connect(self._dress)
        self._dress()

    def sizeHint(self) -> QSize:  # noqa: N802
        theme = self._room.theme
        words = sum(theme.metrics(11).horizontalAdvance(name) + 4 for name, _ in phrases.LEGEND)
        parts = len(phrases.LEGEND)
        return QSize(words + parts * theme.px(SAMPLE + GAP) + (parts - 1) * theme.px(APART), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter, theme = QPainter(self), self._room.theme
        canvas, left = Canvas(painter, theme, self._room.assets), 0
        for name, kind in phrases.LEGEND:
            self._sample(canvas, kind, QRect(left, 0, theme.px(SAMPLE), self.height()))
            left += theme.px(SAMPLE + GAP)
            width = theme.metrics(11).horizontalAdvance(name) + 2
            canvas.text(QRect(left, 0, width, self.height()), name, Tone.MUTED, 11)
            left += width + theme.px(APART)
        painter.end()

    def _sample(self, canvas: Canvas, kind: str, area: QRect) -> None:
        theme, painter = self._room.theme, canvas.painter
        line = theme.named(mix(theme.tokens.text, theme.tokens.surface, 0.5))
        box = QRect(area.left(), area.center().y() - theme.px(5), area.width() - 1, theme.px(11))
        strip = QRect(area.left(), area.center().y() - theme.px(3), area.width(), theme.px(6))
        painter.setPen(QPen(line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        match kind:
            case "planned":
                painter.drawRect(box)
            case "actual":
                canvas.fill(strip, theme.color(Tone.OK))
            case "predicted":
                painter.fillRect(strip, QBrush(theme.color(Tone.MUTED), Qt.BrushStyle.BDiagPattern))
                painter.drawRect(strip.adjusted(0, 0, -1, -1))
            case _:
                top, foot, left, right = box.top(), box.top() + theme.px(4), box.left(), box.right()
                lines = (QLine(left, top, right, top), QLine(left, top, left, foot), QLine(right, top, right, foot))
                painter.drawLines(list(lines))

    @Slot()
    def _dress(self) -> None:
        self.updateGeometry()
        self.update()
