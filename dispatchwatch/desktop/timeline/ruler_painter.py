"""The ruler: the hours on top, their lines through all rows, and now."""

from __future__ import annotations

from PySide6.QtCore import QLine, QRect, Qt
from PySide6.QtGui import QPen

from dispatchwatch.desktop import timeline_phrases as phrases
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.timeline.hours import Mark, marks, step_for
from dispatchwatch.desktop.timeline.scene import Scene
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.wording.plain import zone

WIDEST = "00:00 CEST"


class RulerPainter:
    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def ruler(self, canvas: Canvas) -> None:
        scene, theme = self._scene, self._scene.theme
        names, height = scene.stage.measures.names, scene.stage.measures.ruler
        canvas.fill(QRect(0, 0, scene.width, height), theme.named(theme.tokens.surface))
        canvas.painter.save()
        canvas.painter.setClipRect(QRect(names, 0, scene.width - names, height), Qt.ClipOperation.IntersectClip)
        tag = self._tag(height)
        for mark in self._marks():
            self._mark(canvas, mark, height, tag)
        self._now(canvas, tag)
        canvas.painter.restore()
        canvas.fill(QRect(0, height - 1, scene.width, 1), theme.named(theme.tokens.line))

    def lines(self, canvas: Canvas, area: QRect) -> None:
        """Through the rows, at every mark."""
        theme = self._scene.theme
        xs = [self._scene.x(mark.at) for mark in self._marks()]
        style = Qt.PenStyle.DotLine if theme.tokens.high_contrast else Qt.PenStyle.SolidLine
        canvas.painter.setPen(QPen(theme.named(theme.tokens.line), 1, style))
        canvas.painter.drawLines(
            [QLine(x, area.top(), x, area.bottom()) for x in xs if area.left() <= x <= area.right()]
        )

    def now_line(self, canvas: Canvas, area: QRect) -> None:
        canvas.fill(self.now_area() & area, self._scene.theme.color(Tone.ACCENT))

    def now_area(self) -> QRect:
        """The strip that the line of now takes."""
        scene = self._scene
        x, width = scene.x(scene.now), scene.theme.px(2)
        if x < scene.stage.measures.names:
            return QRect()
        return QRect(x - width // 2, scene.stage.measures.ruler, width, scene.stage.height)

    def _mark(self, canvas: Canvas, mark: Mark, height: int, tag: QRect) -> None:
        """A mark with its time; words that would be cut, or lie under the tag of now, are left out."""
        theme, x = self._scene.theme, self._scene.x(mark.at)
        canvas.fill(QRect(x, height - theme.px(6), 1, theme.px(6)), theme.named(theme.tokens.field))
        words, strong = f"{mark.begins} · {mark.text}" if mark.begins else mark.text, bool(mark.begins)
        width = theme.metrics(11, strong=strong).horizontalAdvance(words) + 2
        area = QRect(x + theme.px(4), 0, width, height)
        if area.left() >= self._scene.stage.measures.names and not area.intersects(tag):
            canvas.text(area, words, Tone.TEXT if strong else Tone.MUTED, 11, strong=strong)

    def _tag(self, height: int) -> QRect:
        """Where the line of now begins."""
        scene, theme = self._scene, self._scene.theme
        words = phrases.at(scene.now, scene.zone)
        width = theme.metrics(11, strong=True).horizontalAdvance(words) + theme.px(12)
        return QRect(scene.x(scene.now) - width // 2, theme.px(6), width, height - theme.px(10))

    def _now(self, canvas: Canvas, tag: QRect) -> None:
        scene, theme = self._scene, self._scene.theme
        canvas.rounded(tag, theme.color(Tone.ACCENT), None, radius=4)
        canvas.painter.setFont(theme.font(11, strong=True))
        canvas.painter.setPen(theme.named(theme.tokens.on_accent))
        canvas.painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, phrases.at(scene.now, scene.zone))

    def _marks(self) -> tuple[Mark, ...]:
        scene = self._scene
        widest = scene.theme.metrics(11).horizontalAdvance(WIDEST) + scene.theme.px(12)
        shown = scene.lens.shown
        margin = widest / max(scene.lens.per_hour, 1e-9) * 3600
        return marks((shown[0] - margin, shown[1]), zone(scene.zone), step_for(scene.lens.per_hour, widest))
