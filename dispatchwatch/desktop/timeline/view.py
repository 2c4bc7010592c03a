"""The timeline under hand and keyboard: one points at visits, opens them, walks among them, and carries them over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import timeline_phrases as phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.timeline import walking
from dispatchwatch.desktop.timeline.area import TimelineArea
from dispatchwatch.desktop.timeline.hand import Hand
from dispatchwatch.desktop.timeline.layout import Block, TechnicianDay
from dispatchwatch.desktop.timeline.planner import Plan
from dispatchwatch.desktop.timeline.scene import Focus, Moving
from dispatchwatch.desktop.timeline.shape import Stretch
from dispatchwatch.desktop.timeline.weighing import Weigher
from dispatchwatch.domain.visit import Technician, VisitKey

REVEALED = 24
Key = tuple[Qt.Key, bool]


class TimelineView(TimelineArea):
    """`opened` and `chosen` carry the key of a visit, `menu_wanted` a place on the screen; `dropped` a visit’s key and
    the technician it was dropped on. `rested` when the hand is no longer on the rows.
    """

    opened = Signal(object)
    chosen = Signal(object)
    menu_wanted = Signal(QPoint)
    dropped = Signal(object, object)
    rested = Signal()

    def __init__(self, room: DeskRoom, weigher: Weigher, parent: QWidget | None = None) -> None:
        super().__init__(room, parent)
        self._weigher = weigher
        self.hand = Hand(self.scene, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(phrases.TIMELINE)
        self._keys = self._key_map()
        self._wire()

    @property
    def current(self) -> BoardRow | None:
        """The visit that has the keyboard."""
        found = self._focused()
        return found[1].row if found and found[1] else None

    def show_plan(self, plan: Plan, span: Stretch) -> None:
        super().show_plan(plan, span)
        self.scene.focus = walking.kept(self.days, self.scene.focus)
        moving = self.scene.moving
        if moving is not None:
            self._renew_moving(moving)

    def go_to(self, key: VisitKey) -> None:
        """Puts the keyboard on a visit and brings it into sight."""
        self._walk(walking.at(self.days, key))

    def corner(self) -> QPoint:
        """Where a menu of the current visit opens, on the screen."""
        area = self._focus_area()
        return self.viewport().mapToGlobal(area.bottomLeft() if area else self.viewport().rect().center())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is Qt.MouseButton.LeftButton:
            QToolTip.hideText()
            self.hand.press(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.hand.move(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is Qt.MouseButton.LeftButton:
            self.hand.release(event.position().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Of the visit under the pointer; by the menu key, of the one that has the keyboard."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.menu_wanted.emit(self.corner())
            return
        found = self.scene.block_at(event.pos())
        if found is not None:
            self._walk(Focus(found[0].day.identity, found[1].key), reveal=False)
            self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        action = self._keys.get((Qt.Key(event.key()), shifted))
        if action is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        action()

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._explain(event.pos(), event.globalPos())
            return True
        if event.type() is QEvent.Type.Leave:
            self.hand.leave()
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self.scene.has_keyboard = True
        if self.scene.focus is None and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self._walk(walking.first(self.days, self.scene.now))
        self._paint_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self.scene.has_keyboard = False
        self._paint_focus()

    def _key_map(self) -> Mapping[Key, Callable[[], object]]:
        key, page = Qt.Key, 0.8
        return {
            (key.Key_Left, False): partial(self._step, -1),
            (key.Key_Right, False): partial(self._step, 1),
            (key.Key_Up, False): partial(self._climb, -1),
            (key.Key_Down, False): partial(self._climb, 1),
            (key.Key_Left, True): lambda: self.scroll_time(-self.viewport().width() // 4),
            (key.Key_Right, True): lambda: self.scroll_time(self.viewport().width() // 4),
            (key.Key_PageUp, False): lambda: self.scroll_rows(round(-self.scene.stage.room * page)),
            (key.Key_PageDown, False): lambda: self.scroll_rows(round(self.scene.stage.room * page)),
            (key.Key_Home, False): self.show_now,
            (key.Key_0, False): self.fit,
            (key.Key_Plus, False): partial(self.zoom, 1),
            (key.Key_Plus, True): partial(self.zoom, 1),
            (key.Key_Equal, False): partial(self.zoom, 1),
            (key.Key_Minus, False): partial(self.zoom, -1),
            (key.Key_Return, False): self._open,
            (key.Key_Enter, False): self._open,
            (key.Key_Escape, False): self.hand.cancel,
        }

    def _wire(self) -> None:
        self.hand.clicked.connect(self._click)
        self.hand.hovered.connect(self._hover)
        self.hand.dragged_by.connect(self._pull)
        self.hand.creeps.connect(self.scroll_rows)
        self.hand.carried.connect(self._carry)
        self.hand.dropped.connect(self._drop)
        self.hand.rested.connect(self.rested)
        self._weigher.weighed.connect(self._show_cost)

    def _step(self, step: int) -> None:
        self._walk(walking.along(self.days, self.scene.focus, step, self.scene.now))

    def _climb(self, step: int) -> None:
        self._walk(walking.across(self.days, self.scene.focus, step, self.scene.now))

    def _walk(self, focus: Focus | None, *, reveal: bool = True) -> None:
        self._paint_focus()
        self.scene.focus = focus
        if reveal:
            self._reveal()
        self._paint_focus()
        self._say()
        if focus is not None and focus.key is not None:
            self.chosen.emit(focus.key)

    def _open(self) -> None:
        if self.current is not None:
            self.opened.emit(self.current.key)

    @Slot(object)
    def _click(self, focus: Focus) -> None:
        self._walk(focus, reveal=False)
        self._open()

    @Slot(object)
    def _hover(self, key: VisitKey | None) -> None:
        before, self.scene.hovered = self.scene.hovered, key
        if before != key:
            self.paint_visit(before)
            self.paint_visit(key)
            shape = Qt.CursorShape.PointingHandCursor if key else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)

    @Slot(QPoint)
    def _pull(self, way: QPoint) -> None:
        self.scroll_time(-way.x())
        self.scroll_rows(-way.y())

    @Slot()
    def _carry(self) -> None:
        moving = self.scene.moving
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor if moving else Qt.CursorShape.ArrowCursor)
        if moving is None:
            self._weigher.forget()
        else:
            self._weigh(moving)
        self.paint_all()

    def _weigh(self, moving: Moving) -> None:
        technician = _technician(moving)
        self._weigher.about(moving.block.key)
        self._weigher.want([technician] if technician else [])
        self._show_cost()

    @Slot()
    def _show_cost(self) -> None:
        moving = self.scene.moving
        if moving is not None:
            technician = _technician(moving)
            weighed = self._weigher.of(technician) if technician else None
            self.scene.moving = moving._replace(weighed=weighed)
            self.paint_all()

    @Slot(object, object)
    def _drop(self, block: Block, day: TechnicianDay) -> None:
        self.dropped.emit(block.key, day.who.technician)

    def _renew_moving(self, moving: Moving) -> None:
        """What is carried may have changed under the hand, or have gone."""
        rows = {day.identity: day for day in self.days}
        origin = rows.get(moving.origin)
        block = origin.block(moving.block.key) if origin else None
        if block is None:
            self.hand.cancel()
            return
        target = rows.get(moving.target.identity) if moving.target else None
        self.scene.moving = moving._replace(block=block, target=target)
        self.paint_all()

    def _focused(self) -> tuple[TechnicianDay, Block | None] | None:
        number = walking.row_of(self.days, self.scene.focus)
        if number is None or self.scene.focus is None:
            return None
        day = self.days[number]
        return day, day.block(self.scene.focus.key) if self.scene.focus.key else None

    def _focus_area(self) -> QRect | None:
        found = self._focused()
        placed = self.scene.stage.place(found[0].identity) if found else None
        if placed is None or found is None:
            return None
        return (
            self.scene.spot(placed, found[1]).lane
            if found[1]
            else QRect(0, placed.top, self.scene.width, placed.height)
        )

    def _reveal(self) -> None:
        """Scrolls no further than it must."""
        found, area = self._focused(), self._focus_area()
        if found is None or area is None:
            return
        left = self.scene.lens.left
        if found[1] is not None and found[1].shape.plan is not None:
            self.scene.lens.reveal(found[1].shape.plan, self.scene.theme.px(REVEALED))
        self.bring_row(found[0].identity, area.top(), area.bottom())
        if self.scene.lens.left != left:
            self.paint_all()

    def _paint_focus(self) -> None:
        if self.scene.focus is not None:
            self.paint_row(self.scene.focus.identity)

    def _say(self) -> None:
        """Names what has the keyboard to a screen reader; the technician’s whole day is the description."""
        found, now, zone = self._focused(), self.scene.now, self.scene.zone
        if found is None:
            return
        day, block = found
        whole = phrases.day_sentence(day, now, zone)
        self.setAccessibleName(phrases.block_sentence(block, day, now, zone) if block else whole)
        self.setAccessibleDescription(whole)
        for event in (QAccessible.Event.NameChanged, QAccessible.Event.DescriptionChanged):
            QAccessible.updateAccessibility(QAccessibleEvent(self, event))

    def _explain(self, point: QPoint, on_screen: QPoint) -> None:
        now, zone, stage = self.scene.now, self.scene.zone, self.scene.stage
        found, placed = self.scene.block_at(point), stage.at(point.y())
        if found is not None:
            QToolTip.showText(on_screen, phrases.tooltip(found[1], now, zone), self.viewport())
        elif placed is not None and point.x() < stage.measures.names:
            QToolTip.showText(on_screen, phrases.day_sentence(placed.day, now, zone), self.viewport())
        else:
            QToolTip.hideText()


def _technician(moving: Moving) -> Technician | None:
    return moving.target.who.technician if moving.target else None
