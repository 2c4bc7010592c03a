"""How a visit is painted: the plan as an outline with its words, what is true filled, what is predicted hatched."""

from __future__ import annotations

from PySide6.QtCore import QLine, QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QPen, QPolygon

from dispatchwatch.desktop import timeline_phrases as phrases
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.marks import Mark, of_row
from dispatchwatch.desktop.timeline.layout import Block
from dispatchwatch.desktop.timeline.scene import Scene, Spot
from dispatchwatch.desktop.timeline.shape import Shape
from dispatchwatch.desktop.tokens import Tone, mix
from dispatchwatch.domain.standing import Standing

TINTED = {Standing.LATE: 0.10, Standing.SOON: 0.07, Standing.ON_SITE: 0.10}
QUIET = frozenset({Standing.DONE, Standing.CANCELLED, Standing.GONE})
SILENT = frozenset({Standing.LATER, Standing.EN_ROUTE})
"""Where the outline is of no colour: all is as it should be."""

DIMMED = 0.25
ROOMY, WORDS_FROM, ICONS_FROM = 60, 24, 12
"""From which width on there is room for a margin, for words, for an icon."""

ICON = 17


class BlockPainter:
    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def paint(self, canvas: Canvas, block: Block, spot: Spot) -> None:
        scene, row = self._scene, block.row
        dimmed = scene.wanted is not None and block.key not in scene.wanted
        canvas.painter.setOpacity(DIMMED if dimmed else 1.0)
        tone = Tone.IDLE if row.unverified_since is not None else of_row(row).tone
        if not block.shape.off:
            self._promise(canvas, block.shape, spot)
            self._way(canvas, block.shape, spot, tone)
            self._happening(canvas, block.shape, spot, tone)
        self._plan(canvas, block, spot, tone)
        self._words(canvas, block, spot.plan, tone)
        if block.overlaps:
            self._conflict(canvas, spot.plan)
        if scene.has_keyboard and scene.focus is not None and scene.focus.key == block.key:
            self._frame(canvas, spot)
        canvas.painter.setOpacity(1.0)

    def ghost(self, canvas: Canvas, area: QRect, words: str) -> None:
        """Where a visit that is being dragged would be."""
        theme = self._scene.theme
        canvas.fill(area, theme.tint(Tone.ACCENT, 0.16))
        self._outline(canvas, area, theme.color(Tone.ACCENT), dashed=True, width=2)
        inner = area.adjusted(theme.px(6), 0, -theme.px(4), 0)
        if inner.width() > theme.px(WORDS_FROM):
            canvas.text(inner, words, Tone.ACCENT, 11, strong=True)

    def _plan(self, canvas: Canvas, block: Block, spot: Spot, tone: Tone) -> None:
        theme, standing = self._scene.theme, block.row.standing
        line = self._line(standing, tone)
        ground = QColor(theme.named(theme.tokens.surface))
        if standing in TINTED:
            ground = theme.tint(tone, TINTED[standing])
        elif standing in QUIET:
            ground = theme.named(theme.tokens.sunken)
        if self._scene.hovered == block.key:
            ground, line = theme.named(mix(theme.tokens.text, ground.name(), 0.08)), theme.color(Tone.TEXT)
        if block.shape.begins is not None:
            canvas.fill(spot.plan, ground)
        dashed = block.shape.off or block.shape.plan is None or block.shape.assumed
        self._outline(canvas, spot.plan, line, dashed=dashed)
        if standing in TINTED:
            canvas.fill(QRect(spot.plan.left(), spot.plan.top(), theme.px(3), spot.plan.height()), theme.color(tone))

    def _line(self, standing: Standing, tone: Tone) -> QColor:
        theme = self._scene.theme
        if standing in QUIET:
            return theme.named(theme.tokens.field)
        return (
            theme.named(mix(theme.tokens.text, theme.tokens.surface, 0.5)) if standing in SILENT else theme.color(tone)
        )

    def _outline(self, canvas: Canvas, area: QRect, color: QColor, *, dashed: bool = False, width: int = 1) -> None:
        painter = canvas.painter
        painter.setPen(QPen(color, width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(0, 0, -1, -1))

    def _promise(self, canvas: Canvas, shape: Shape, spot: Spot) -> None:
        """A fine bracket above the plan, from the opening of the window to its close."""
        if shape.promised is None or shape.settled:
            return
        scene = self._scene
        left, right = scene.x(shape.promised[0]), scene.x(shape.promised[1]) - 1
        top, foot = spot.lane.top() + 1, spot.plan.top() - 1
        canvas.painter.setPen(QPen(scene.theme.color(Tone.MUTED), 1))
        canvas.painter.drawLines(
            [QLine(left, top, right, top), QLine(left, top, left, foot), QLine(right, top, right, foot)]
        )

    def _way(self, canvas: Canvas, shape: Shape, spot: Spot, tone: Tone) -> None:
        """The drive to a visit that was reached, and how long somebody is overdue at one that was not."""
        scene, happens = self._scene, spot.happens
        if shape.actual is not None and shape.left is not None:
            self._stroke(canvas, scene.x(shape.left), happens.left(), happens.center().y(), Tone.MUTED)
        if shape.plan is not None and shape.row.standing is Standing.LATE:
            middle = happens.center().y() if not happens.isNull() else spot.plan.bottom() + scene.theme.px(5)
            self._stroke(canvas, scene.x(shape.plan[0]), scene.x(scene.now), middle, tone)

    def _happening(self, canvas: Canvas, shape: Shape, spot: Spot, tone: Tone) -> None:
        scene, happens = self._scene, spot.happens
        if happens.isNull():
            return
        if shape.actual is None:
            self._hatch(canvas, happens, self._expectation(shape, tone))
            return
        solid = QRect(happens)
        if shape.running:
            now = max(scene.x(scene.now), solid.left() + scene.theme.px(3))
            hatched = QRect(now, solid.top(), happens.right() - now + 1, solid.height())
            solid.setRight(now - 1)
            if hatched.width() > 1:
                self._hatch(canvas, hatched, tone)
        theme = scene.theme
        is_over = shape.row.standing in QUIET
        canvas.fill(
            solid, theme.named(mix(theme.tokens.idle, theme.tokens.surface, 0.6)) if is_over else theme.color(tone)
        )

    def _expectation(self, shape: Shape, tone: Tone) -> Tone:
        """The colour of a prediction: quiet while it is in time."""
        outlook = shape.row.outlook
        if shape.row.standing is Standing.LATE or outlook is None:
            return tone if shape.row.standing is Standing.LATE else Tone.MUTED
        return Tone.SOON

    def _hatch(self, canvas: Canvas, area: QRect, tone: Tone) -> None:
        theme, painter = self._scene.theme, canvas.painter
        color = theme.color(tone)
        canvas.fill(area, theme.named(theme.tokens.surface))
        painter.setBrushOrigin(area.topLeft())
        painter.fillRect(area, QBrush(color, Qt.BrushStyle.BDiagPattern))
        self._outline(canvas, area, color)

    def _stroke(self, canvas: Canvas, left: int, right: int, y: int, tone: Tone, *, dashed: bool = False) -> None:
        if right - left < 2:
            return
        style = Qt.PenStyle.DotLine if dashed else Qt.PenStyle.SolidLine
        canvas.painter.setPen(
            QPen(self._scene.theme.color(tone), self._scene.theme.px(2), style, Qt.PenCapStyle.FlatCap)
        )
        canvas.painter.drawLine(left, y, right - 1, y)

    def _words(self, canvas: Canvas, block: Block, box: QRect, tone: Tone) -> None:
        """As much as fits: the number first, then the customer; below, what matters now with its icon."""
        scene, theme, area = self._scene, self._scene.theme, self._readable(box)
        quiet = block.row.standing in QUIET
        number = theme.metrics(11, strong=not quiet).horizontalAdvance(block.row.visit.ext_id)
        # A number that is cut says less than none.
        if area.width() < number + (theme.px(ICON) if scene.compact and self._has_icon(block) else 0):
            if self._has_icon(block) and area.width() >= theme.px(ICONS_FROM):
                canvas.icon(area, of_row(block.row).icon, tone, 13)
            return
        first, second = phrases.block_words(block.row, scene.now, scene.zone)
        upper, lower = self._lines(area)
        if self._has_icon(block):
            canvas.icon(lower, of_row(block.row).icon, tone, 13)
            lower = lower.adjusted(theme.px(ICON), 0, 0, 0)
        upper = lower if scene.compact else upper
        if upper.width() < number + theme.px(WORDS_FROM):
            first = block.row.visit.ext_id
        used = canvas.text(upper, first, Tone.MUTED if quiet else Tone.TEXT, 11, strong=not quiet)
        if block.shape.off:
            self._strike(canvas, upper, used)
        if not scene.compact and lower.width() >= theme.px(WORDS_FROM):
            canvas.text(lower, second, self._second_tone(block, of_row(block.row), tone), 11)

    def _has_icon(self, block: Block) -> bool:
        """The silhouette of the state; what is simply planned for later needs none."""
        return block.row.standing is not Standing.LATER

    def _second_tone(self, block: Block, mark: Mark, tone: Tone) -> Tone:
        if block.row.standing in {Standing.LATE, Standing.SOON, Standing.ON_SITE, Standing.UNKNOWN}:
            return tone
        return Tone.SOON if block.row.outlook is not None and mark.tone is Tone.TEXT else Tone.MUTED

    def _readable(self, box: QRect) -> QRect:
        """The part of a box that is seen, so that a long visit is named even where its beginning is out of sight."""
        theme = self._scene.theme
        left = max(box.left(), self._scene.stage.measures.names)
        right = min(box.right(), self._scene.width)
        before, after = (6, 3) if right - left > theme.px(ROOMY) else (4, 0)
        return QRect(left + theme.px(before), box.top(), right - left - theme.px(before + after), box.height())

    def _lines(self, area: QRect) -> tuple[QRect, QRect]:
        """The two lines of a box, together in its middle; in a compact row one and the same."""
        if self._scene.compact:
            return QRect(area), QRect(area)
        height = self._scene.theme.metrics(11).height()
        upper = QRect(area.left(), area.center().y() - height + 1, area.width(), height)
        return upper, upper.translated(0, height)

    def _strike(self, canvas: Canvas, line: QRect, width: int) -> None:
        canvas.painter.setPen(QPen(self._scene.theme.color(Tone.MUTED), 1))
        canvas.painter.drawLine(line.left(), line.center().y() + 1, line.left() + width, line.center().y() + 1)

    def _conflict(self, canvas: Canvas, box: QRect) -> None:
        """A corner that says: at the same time as another."""
        side = self._scene.theme.px(9)
        corner = box.topRight()
        canvas.painter.setPen(Qt.PenStyle.NoPen)
        canvas.painter.setBrush(self._scene.theme.color(Tone.SOON))
        canvas.painter.drawPolygon(
            QPolygon([corner + QPoint(1 - side, 0), corner + QPoint(1, 0), corner + QPoint(1, side)])
        )

    def _frame(self, canvas: Canvas, spot: Spot) -> None:
        """Round what has the keyboard."""
        self._outline(canvas, spot.plan.adjusted(-2, -2, 2, 2), self._scene.theme.color(Tone.ACCENT), width=2)
