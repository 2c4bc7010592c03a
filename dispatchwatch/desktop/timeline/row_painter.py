"""How a row is painted behind and between its visits: shifts, absences, gaps, and the name at the left."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QColor, QPen

from dispatchwatch.desktop import timeline_phrases as phrases
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.timeline.layout import Gap
from dispatchwatch.desktop.timeline.scene import Scene
from dispatchwatch.desktop.timeline.shape import Stretch
from dispatchwatch.desktop.timeline.stage import Placed
from dispatchwatch.desktop.tokens import Tone, mix

FREE_FROM = 15 * 60.0


class RowPainter:
    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def ground(self, canvas: Canvas, placed: Placed, area: QRect) -> None:
        """The surface of a row: shaded where he does not work, hatched where he is away."""
        scene, theme = self._scene, self._scene.theme
        shifts = placed.day.who.shifts
        canvas.fill(area, theme.named(theme.tokens.surface if shifts is None else theme.tokens.sunken))
        for shift in shifts or ():
            stretch = self._stretch(shift, placed)
            canvas.fill(stretch & area, theme.named(theme.tokens.surface))
            if theme.tokens.high_contrast:
                self._edges(canvas, stretch)
        for absence in placed.day.who.absences:
            away = self._stretch((absence.start.timestamp(), absence.end.timestamp()), placed)
            canvas.painter.setBrushOrigin(away.topLeft())
            canvas.painter.fillRect(away & area, QBrush(theme.named(theme.tokens.field), Qt.BrushStyle.FDiagPattern))
            words = away.adjusted(theme.px(8), 0, -theme.px(8), 0)
            canvas.text(words, absence.reason or phrases.AWAY, Tone.MUTED, 11, strong=True)
        moving = scene.moving
        if moving is not None and moving.target is not None and moving.target.identity == placed.day.identity:
            canvas.fill(area, theme.tint(Tone.ACCENT, 0.10))

    def gaps(self, canvas: Canvas, placed: Placed, area: QRect) -> None:
        measures, theme = self._scene.stage.measures, self._scene.theme
        for gap in placed.day.gaps:
            left, right = self._scene.x(gap.start), self._scene.x(gap.end)
            if right >= area.left() and left <= area.right():
                top = placed.top + measures.padding + gap.lane * measures.lane + theme.px(4)
                self._gap(canvas, gap, QRect(left, top, right - left, measures.lane - theme.px(14)))

    def name(self, canvas: Canvas, placed: Placed) -> None:
        """Name, how it stands with him, and what is planned for him."""
        scene, theme, day = self._scene, self._scene.theme, placed.day
        measures = scene.stage.measures
        area = QRect(0, placed.top, measures.names, placed.height)
        canvas.fill(area, self._name_ground(placed))
        if scene.has_keyboard and scene.focus is not None and scene.focus.identity == day.identity:
            canvas.fill(QRect(0, placed.top, theme.px(3), placed.height), theme.color(Tone.ACCENT))
        inner = QRect(theme.px(12), placed.top + measures.padding, measures.names - theme.px(20), measures.lane)
        mark, load = phrases.day_mark(day, scene.zone), phrases.load(day)
        if scene.compact:
            canvas.icon(inner, mark.icon, mark.tone, 14)
            words = inner.adjusted(theme.px(20), 0, 0, 0)
            used = canvas.text(words, phrases.name_of(day), strong=True) + theme.px(8)
            if words.width() - used > theme.px(40):
                canvas.text(words.adjusted(used, 0, 0, 0), mark.word, mark.tone, 11, right=True)
            return
        height = theme.metrics().height()
        upper = QRect(inner.left(), inner.center().y() - height, inner.width(), height)
        lower = QRect(inner.left(), inner.center().y() + theme.px(1), inner.width(), height)
        canvas.text(upper, phrases.name_of(day), strong=True)
        canvas.icon(lower, mark.icon, mark.tone, 13)
        words = lower.adjusted(theme.px(18), 0, 0, 0)
        used = canvas.text(words, mark.word, mark.tone, 11)
        rest = words.adjusted(used + theme.px(8), 0, 0, 0)
        if load and rest.width() >= theme.metrics(11).horizontalAdvance(load):
            canvas.text(rest, load, Tone.MUTED, 11, right=True)

    def _name_ground(self, placed: Placed) -> QColor:
        theme, moving = self._scene.theme, self._scene.moving
        target = moving.target if moving else None
        if target is not None and target.identity == placed.day.identity:
            return theme.tint(Tone.ACCENT, 0.16)
        return theme.named(theme.tokens.surface)

    def _gap(self, canvas: Canvas, gap: Gap, area: QRect) -> None:
        scene = self._scene
        drive = scene.x(gap.end) - scene.x(gap.end - gap.drive) if gap.drive else 0
        tight = gap.free < 0 and gap.end > scene.now
        if drive:
            self._drive(
                canvas,
                QRect(area.right() - min(drive, area.width()) + 1, area.top(), drive, area.height()),
                tight=tight,
            )
        idle = area.adjusted(0, 0, -min(drive, area.width()), 0)
        lasts = gap.end - (gap.drive or 0.0) - max(gap.start, scene.now)
        if tight or lasts >= FREE_FROM:
            self._gap_words(canvas, gap, area if tight else idle, tight=tight)

    def _drive(self, canvas: Canvas, area: QRect, *, tight: bool) -> None:
        theme, middle = self._scene.theme, area.center().y()
        tone = Tone.SOON if tight else Tone.MUTED
        color = theme.color(tone) if tight else theme.named(mix(theme.tokens.text, theme.tokens.surface, 0.4))
        canvas.painter.setPen(QPen(color, theme.px(2), Qt.PenStyle.DotLine, Qt.PenCapStyle.FlatCap))
        side = theme.px(14)
        left, right = area.left() + 2, area.right() - 2
        if area.width() < side + theme.px(8):
            canvas.painter.drawLine(left, middle, right, middle)
            return
        icon = area.center().x() - side // 2
        canvas.painter.drawLine(left, middle, icon - 3, middle)
        canvas.painter.drawLine(icon + side + 3, middle, right, middle)
        canvas.icon(QRect(icon, area.top(), side, area.height()), "en_route", tone, 14)

    def _gap_words(self, canvas: Canvas, gap: Gap, area: QRect, *, tight: bool) -> None:
        """Behind the visit before; of a gap that has begun before what comes, where now has not passed it yet."""
        scene, theme, metrics = self._scene, self._scene.theme, self._scene.theme.metrics(11)
        inner = area.adjusted(theme.px(8), 0, -theme.px(8), 0)
        begun = gap.start < scene.now
        for words in phrases.gap_words(gap, scene.now, scene.zone):
            if metrics.horizontalAdvance(words) <= inner.width():
                canvas.text(inner, words, Tone.SOON if tight else Tone.IDLE, 11, right=begun and not tight)
                return

    def _stretch(self, stretch: Stretch, placed: Placed) -> QRect:
        left, right = self._scene.x(stretch[0]), self._scene.x(stretch[1])
        return QRect(left, placed.top, right - left, placed.height)

    def _edges(self, canvas: Canvas, area: QRect) -> None:
        canvas.painter.setPen(QPen(self._scene.theme.named(self._scene.theme.tokens.line), 1, Qt.PenStyle.DotLine))
        for x in (area.left(), area.right()):
            canvas.painter.drawLine(x, area.top(), x, area.bottom())
