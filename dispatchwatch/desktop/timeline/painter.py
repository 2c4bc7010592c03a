"""The whole timeline, painted where something changed: rows first, then what lies over them."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from dispatchwatch.desktop import timeline_phrases as phrases
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.timeline.block_painter import BlockPainter
from dispatchwatch.desktop.timeline.row_painter import RowPainter
from dispatchwatch.desktop.timeline.ruler_painter import RulerPainter
from dispatchwatch.desktop.timeline.scene import Moving, Scene
from dispatchwatch.desktop.timeline.stage import Placed
from dispatchwatch.desktop.tokens import Tone


class TimelinePainter:
    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._rows = RowPainter(scene)
        self._blocks = BlockPainter(scene)
        self._ruler = RulerPainter(scene)

    def paint(self, painter: QPainter, dirty: QRect) -> None:
        scene, canvas = self._scene, Canvas(painter, self._scene.theme, self._scene.assets)
        measures = scene.stage.measures
        painter.setClipRect(dirty)
        canvas.fill(dirty, scene.theme.named(scene.theme.tokens.surface))
        if not scene.stage.every:
            return
        for placed in scene.stage.seen(dirty.top(), dirty.bottom() + 1):
            self._row(canvas, placed, dirty)
        painter.setClipRect(dirty)
        self._now_below(canvas, dirty)
        if dirty.left() < measures.names:
            self._names(canvas, dirty)
        if dirty.top() < measures.ruler:
            self._ruler.ruler(canvas)
            canvas.fill(QRect(measures.names - 1, 0, 1, measures.ruler), scene.theme.named(scene.theme.tokens.line))
        self._tray_edge(canvas)
        if scene.moving is not None:
            self._moving(canvas, scene.moving)

    @property
    def now_area(self) -> QRect:
        return self._ruler.now_area()

    def _row(self, canvas: Canvas, placed: Placed, dirty: QRect) -> None:
        scene, names = self._scene, self._scene.stage.measures.names
        top, bottom = max(placed.top, placed.clip[0]), min(placed.top + placed.height, placed.clip[1])
        area = QRect(names, top, scene.width - names, bottom - top) & dirty
        if area.isEmpty():
            return
        canvas.painter.setClipRect(area)
        self._rows.ground(canvas, placed, area)
        self._ruler.lines(canvas, area)
        self._line(canvas, placed, names, scene.width)
        self._rows.gaps(canvas, placed, area)
        self._ruler.now_line(canvas, area)
        first, last = scene.lens.instant(area.left() - names - 2), scene.lens.instant(area.right() - names + 3)
        for block in placed.day.blocks:
            start, end = scene.extent(block)
            if start <= last and end >= first:
                self._blocks.paint(canvas, block, scene.spot(placed, block))

    def _now_below(self, canvas: Canvas, dirty: QRect) -> None:
        """The line of now goes on where the rows end."""
        stage = self._scene.stage
        end = stage.tray_bottom + stage.length - stage.scrolled
        self._ruler.now_line(canvas, dirty & QRect(0, end, self._scene.width, max(0, stage.height - end)))

    def _names(self, canvas: Canvas, dirty: QRect) -> None:
        scene, names = self._scene, self._scene.stage.measures.names
        column = QRect(0, scene.stage.measures.ruler, names, scene.stage.height)
        canvas.fill(column & dirty, scene.theme.named(scene.theme.tokens.surface))
        for placed in scene.stage.seen(dirty.top(), dirty.bottom() + 1):
            clip = QRect(0, placed.clip[0], names, placed.clip[1] - placed.clip[0])
            canvas.painter.setClipRect(clip & dirty)
            self._rows.name(canvas, placed)
            self._line(canvas, placed, 0, names)
        canvas.painter.setClipRect(dirty)
        canvas.fill(QRect(names - 1, 0, 1, scene.stage.height), scene.theme.named(scene.theme.tokens.line))

    def _line(self, canvas: Canvas, placed: Placed, left: int, right: int) -> None:
        """Below a row."""
        theme = self._scene.theme
        canvas.fill(QRect(left, placed.top + placed.height - 1, right - left, 1), theme.named(theme.tokens.line))

    def _tray_edge(self, canvas: Canvas) -> None:
        scene = self._scene
        if scene.stage.tray is not None:
            edge = QRect(0, scene.stage.tray_bottom - 2, scene.width, 2)
            canvas.fill(edge, scene.theme.named(scene.theme.tokens.field))

    def _moving(self, canvas: Canvas, moving: Moving) -> None:
        """The visit in the row it would be given to, and beside the hand what that would cost."""
        scene = self._scene
        target = scene.stage.place(moving.target.identity) if moving.target else None
        if target is not None:
            canvas.painter.save()
            names = scene.stage.measures.names
            top, bottom = target.clip
            canvas.painter.setClipRect(QRect(names, top, scene.width, bottom - top), Qt.ClipOperation.IntersectClip)
            self._blocks.ghost(canvas, self._ghost(moving, target), moving.block.row.visit.ext_id)
            canvas.painter.restore()
        self._cost(canvas, moving)

    def _ghost(self, moving: Moving, target: Placed) -> QRect:
        """At the time it would be reached; before that is known, at its planned time."""
        scene, spot = self._scene, self._scene.spot(target, moving.block)
        top = target.top + scene.stage.measures.padding + (spot.plan.top() - spot.lane.top())
        left, weighed = spot.plan.left(), moving.weighed
        if weighed is not None and weighed.arrival is not None:
            left = scene.x(weighed.arrival.timestamp())
        return QRect(left, top, spot.plan.width(), spot.plan.height())

    def _cost(self, canvas: Canvas, moving: Moving) -> None:
        scene, theme = self._scene, self._scene.theme
        if moving.target is None:
            title, words, mark = phrases.moving(moving.block.row), phrases.DROP_ON_A_NAME, None
        else:
            title = phrases.to(moving.block.row, moving.target)
            words, mark = phrases.weighed_words(moving.weighed, scene.zone), phrases.weighed_mark(moving.weighed)
        side = theme.px(22) if mark else 0
        needed = (
            theme.metrics(strong=True).horizontalAdvance(title),
            theme.metrics(12).horizontalAdvance(words) + side,
        )
        width = min(max(needed) + theme.px(24), scene.width - theme.px(16))
        area = QRect(moving.point.x() + theme.px(16), moving.point.y() + theme.px(16), width, theme.px(52))
        area.moveRight(min(area.right(), scene.width - theme.px(8)))
        area.moveBottom(min(area.bottom(), scene.stage.height - theme.px(8)))
        canvas.rounded(area, theme.named(theme.tokens.surface), theme.named(theme.tokens.field))
        inner = area.adjusted(theme.px(12), theme.px(6), -theme.px(12), -theme.px(6))
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        lower = upper.translated(0, upper.height())
        canvas.text(upper, title, strong=True)
        if mark is not None:
            canvas.icon(lower, mark.icon, mark.tone, 14)
        canvas.text(lower.adjusted(side, 0, 0, 0), words, mark.tone if mark else Tone.MUTED, 12)
