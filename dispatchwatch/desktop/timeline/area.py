"""The painted area of the timeline: it scrolls and zooms, and paints only what changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QWidget

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.timeline.layout import TechnicianDay
from dispatchwatch.desktop.timeline.lens import Lens
from dispatchwatch.desktop.timeline.painter import TimelinePainter
from dispatchwatch.desktop.timeline.planner import Plan
from dispatchwatch.desktop.timeline.scene import Scene
from dispatchwatch.desktop.timeline.shape import Stretch
from dispatchwatch.desktop.timeline.stage import Measures, Stage
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import VisitKey

LEAST_PER_HOUR, USUAL_PER_HOUR = 56, 96
"""Where the whole day would be drawn narrower than the first, it is shown at the second, around now, until somebody
chooses otherwise."""

STRIPS = 64
"""More separate places than these are painted together."""

WIDEST_WORDS = 480
"""How far the words in a visit can reach."""

NOTCH = 120
HOUR = 3600.0


class TimelineArea(QAbstractScrollArea):
    """`outrun` is emitted when now has left the hours that are shown."""

    outrun = Signal()

    def __init__(self, room: DeskRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stage = Stage(Measures(0, 0, 1, 0))
        now = room.now().timestamp()
        self.scene = Scene(room.theme, room.assets, room.timezone, Lens(), stage, now)
        self._painter = TimelinePainter(self.scene)
        self._tray_bar = QScrollBar(Qt.Orientation.Vertical, self.viewport())
        self._tray_bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tray_bar.valueChanged.connect(self._scroll_tray)
        self._moving_bars = self._chosen = False
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setCornerWidget(QWidget(self))
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        room.theme.changed.connect(self.dress)

    @property
    def days(self) -> list[TechnicianDay]:
        return self.scene.stage.every

    def show_plan(self, plan: Plan, span: Stretch) -> None:
        """Another day: what is seen stays where it is, and only rows that changed are painted."""
        stage, before = self.scene.stage, self._layout()
        top = next(iter(stage.seen(stage.tray_bottom, stage.tray_bottom + 1)), None) if stage.days else None
        old = {day.identity: day for day in stage.every}
        self.scene.known = True
        stage.show(plan.tray, plan.days, self.scene.measures())
        self._cover(span)
        self._fit_bars()
        again = stage.place(top.day.identity) if top is not None and stage.scrolled else None
        if again is not None and top is not None:
            self.verticalScrollBar().setValue(stage.scrolled + again.top - top.top)
        if self._layout() != before:
            self.viewport().update()
            return
        for day in stage.every:
            if old[day.identity] is not day:
                self.paint_row(day.identity)

    def tick(self, now: datetime) -> None:
        """Moves the line of now. A minute paints what says how late it is; a second, as a rule, paints nothing."""
        scene, before = self.scene, self._painter.now_area
        minute = int(scene.now // 60)
        scene.now = now.timestamp()
        after = self._painter.now_area
        if after.left() != before.left():
            strip = before | after
            self.viewport().update(strip.adjusted(-2, 0, 2, 0))
        if int(scene.now // 60) != minute:
            self._paint_minute()
        if scene.known and scene.now > scene.lens.span[1]:
            self.outrun.emit()

    def zoom(self, steps: float, x: int | None = None) -> None:
        """At a place of the window; in its middle where none is named."""
        self._chosen = True
        names = self.scene.stage.measures.names
        self.scene.lens.zoom(steps, (names + self._time_width // 2 if x is None else x) - names)
        self._fit_bars()
        self.viewport().update()

    def fit(self) -> None:
        self._chosen = True
        self.scene.lens.fit()
        self._fit_bars()
        self.viewport().update()

    def show_now(self) -> None:
        self.scene.lens.bring(self.scene.now)
        self._fit_bars()
        self.viewport().update()

    def scroll_time(self, pixels: int) -> None:
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + pixels)

    def scroll_rows(self, pixels: int) -> None:
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + pixels)

    def bring_row(self, identity: str, top: int, bottom: int) -> None:
        """Scrolls until what lies between two heights of the window, in this row, is seen."""
        placed = self.scene.stage.place(identity)
        if placed is None:
            return
        in_tray = self.scene.stage.tray is placed.day
        bar = self._tray_bar if in_tray else self.verticalScrollBar()
        if top < placed.clip[0]:
            bar.setValue(bar.value() + top - placed.clip[0])
        elif bottom > placed.clip[1]:
            bar.setValue(bar.value() + bottom - placed.clip[1] + 1)
        self._fit_bars()

    def paint_row(self, identity: str) -> None:
        """Has a row painted anew where it is seen."""
        placed = self.scene.stage.place(identity)
        if placed is not None:
            top, bottom = max(placed.top, placed.clip[0]), min(placed.top + placed.height, placed.clip[1])
            self.viewport().update(QRect(0, top, self.scene.width, bottom - top))

    def paint_visit(self, key: VisitKey | None) -> None:
        """Has a visit painted anew in every row that shows it."""
        for placed in self.scene.stage.seen(0, self.scene.stage.height):
            block = placed.day.block(key) if key is not None else None
            if block is not None:
                self.viewport().update(self.scene.spot(placed, block).lane.adjusted(-3, -3, 3, 3))

    def paint_all(self) -> None:
        self.viewport().update()

    @Slot()
    def dress(self) -> None:
        stage = self.scene.stage
        stage.show(stage.tray, stage.days, self.scene.measures())
        self._cover(self.scene.lens.span)
        self._fit_bars()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self.viewport())
        region = event.region()
        for dirty in _places(region):
            self._painter.paint(painter, dirty)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.scene.width, self.scene.stage.height = self.viewport().width(), self.viewport().height()
        self.dress()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        stage = self.scene.stage
        stage.scrolled = self.verticalScrollBar().value()
        if self._moving_bars:
            return
        if dx:
            self._chosen = True
            self.scene.lens.scroll_to(self.horizontalScrollBar().value())
        if self.scene.moving is not None:
            self.viewport().update()
        elif dy:
            self.viewport().scroll(0, dy, QRect(0, stage.tray_bottom, self.scene.width, stage.room))
        elif dx:
            names, ruler = stage.measures.names, stage.measures.ruler
            self.viewport().scroll(dx, 0, QRect(names, ruler, self.scene.width - names, stage.height - ruler))
            self._paint_edges(abs(dx))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Turns the wheel of the rows, of the tray, with Shift of the hours, and with Ctrl the size."""
        angle, point = event.angleDelta(), event.position().toPoint()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(angle.y() / NOTCH, point.x())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or abs(angle.x()) > abs(angle.y()):
            self.scroll_time(-(angle.x() or angle.y()))
        elif self._tray_bar.isVisible() and point.y() < self.scene.stage.tray_bottom:
            self._tray_bar.setValue(self._tray_bar.value() - angle.y())
        else:
            self.scroll_rows(-angle.y())
        event.accept()

    @property
    def _time_width(self) -> int:
        return max(1, self.scene.width - self.scene.stage.measures.names)

    def _layout(self) -> object:
        """All that decides where things stand; while it stays the same, single rows can be painted."""
        scene, measures = self.scene, self.scene.stage.measures
        rows = [(day.identity, day.lanes) for day in scene.stage.every]
        return rows, scene.lens.span, scene.lens.left, scene.lens.per_hour, scene.stage.scrolled, measures, scene.known

    def _cover(self, span: Stretch) -> None:
        """Another day or another width. What somebody chose stays; before that, the day where it can be read."""
        lens, theme = self.scene.lens, self.scene.theme
        same = (lens.span, lens.width) == (span, self._time_width)
        lens.cover(span, self._time_width)
        if self._chosen or same:
            return
        lens.fit()
        if lens.per_hour < theme.px(LEAST_PER_HOUR):
            lens.magnify(theme.px(USUAL_PER_HOUR))
            lens.bring(self.scene.now)

    def _paint_edges(self, moved: int) -> None:
        """The ruler, and both edges as far as visits reach across them: their words stand where they are seen."""
        scene, names = self.scene, self.scene.stage.measures.names
        earliest, latest = scene.lens.shown
        some = moved / scene.lens.per_hour * HOUR
        left, right = names, scene.width
        for placed in scene.stage.seen(0, scene.stage.height):
            for block in placed.day.blocks:
                start, end = block.shape.plan or scene.lens.span
                if start - some <= earliest <= end + some:
                    left = max(left, scene.x(end) + moved)
                if start - some <= latest <= end + some:
                    right = min(right, scene.x(start) - moved)
        most = scene.theme.px(WIDEST_WORDS)
        self.viewport().update(QRect(0, 0, scene.width, scene.stage.measures.ruler))
        for edge in (
            QRect(names, 0, min(left - names, most), scene.stage.height),
            QRect(max(right, scene.width - most), 0, most, scene.stage.height),
        ):
            self.viewport().update(edge)

    def _paint_minute(self) -> None:
        """The clock on the ruler, and everything that says how late it is."""
        scene = self.scene
        self.viewport().update(QRect(0, 0, scene.width, scene.stage.measures.ruler))
        for placed in scene.stage.seen(0, scene.stage.height):
            for block in placed.day.blocks:
                if block.row.standing is Standing.LATE:
                    self.viewport().update(scene.spot(placed, block).plan)

    def _fit_bars(self) -> None:
        """Brings the scroll bars to what is seen, without their moving it in turn."""
        stage, lens = self.scene.stage, self.scene.lens
        self._moving_bars = True
        self._set_bar(self.horizontalScrollBar(), lens.length, self._time_width, lens.offset)
        self._set_bar(self.verticalScrollBar(), stage.length, stage.room, stage.scrolled)
        self._moving_bars = False
        stage.scrolled = self.verticalScrollBar().value()
        tray = stage.tray_bottom - stage.measures.ruler
        self._set_bar(self._tray_bar, stage.tray_length, tray, stage.tray_scrolled)
        width = self._tray_bar.sizeHint().width()
        self._tray_bar.setGeometry(self.scene.width - width, stage.measures.ruler, width, tray - 2)
        self._tray_bar.setVisible(stage.tray_length > tray)

    def _set_bar(self, bar: QScrollBar, length: int, room: int, value: int) -> None:
        bar.setRange(0, max(0, length - room))
        bar.setPageStep(room)
        bar.setSingleStep(self.scene.theme.px(24))
        bar.setValue(value)

    @Slot(int)
    def _scroll_tray(self, value: int) -> None:
        self.scene.stage.tray_scrolled = value
        self.viewport().update()


def _places(region: QRegion) -> Iterable[QRect]:
    """The separate places of a region, or one around them where there are many."""
    if region.rectCount() > STRIPS:
        return (region.boundingRect(),)
    places: Iterable[QRect] = region  # type: ignore[assignment]
    return places
