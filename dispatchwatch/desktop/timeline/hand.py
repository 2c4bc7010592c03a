"""What the mouse does on the timeline: point, press, pull the day along, and carry a visit to somebody else."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from dispatchwatch.desktop.board.order import awaits_arrival
from dispatchwatch.desktop.timeline.layout import Block, TechnicianDay
from dispatchwatch.desktop.timeline.scene import Focus, Moving, Scene

RESTS_AFTER = 3000
CREEPS_EVERY = 30
EDGE, FASTEST = 36, 18


class Hand(QObject):
    """`clicked` carries the Focus under a press, `dragged_by` how far the day was pulled, `creeps` how far the rows are
    to move because a visit is carried to their edge. `carried` is emitted whenever what is carried changed, `dropped`
    with the block and the row it was dropped on. `rested` when the hand has been still for a while.
    """

    clicked = Signal(object)
    hovered = Signal(object)
    dragged_by = Signal(QPoint)
    creeps = Signal(int)
    carried = Signal()
    dropped = Signal(object, object)
    rested = Signal()

    def __init__(self, scene: Scene, parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self._pressed: QPoint | None = None
        self._last = QPoint()
        self._held: tuple[TechnicianDay, Block] | None = None
        self._pulling = False
        self._rest = QTimer(self, singleShot=True, interval=RESTS_AFTER)
        self._rest.timeout.connect(self.rested)
        self._creep = QTimer(self, interval=CREEPS_EVERY)
        self._creep.timeout.connect(self._creep_on)

    @property
    def busy(self) -> bool:
        """Whether rows must keep their places: a hand is on them."""
        return self._rest.isActive() or self._pressed is not None or self._scene.moving is not None

    def press(self, point: QPoint) -> None:
        self._pressed, self._last = point, point
        found = self._scene.block_at(point)
        self._held = (found[0].day, found[1]) if found else None

    def move(self, point: QPoint) -> None:
        self._rest.start()
        if self._pressed is None:
            self._point_at(point)
        elif self._scene.moving is not None:
            self._carry(point)
        elif self._pulling:
            self.dragged_by.emit(point - self._last)
            self._last = point
        elif (point - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._begin(point)

    def release(self, point: QPoint) -> None:
        moving, pulled, pressed = self._scene.moving, self._pulling, self._pressed
        self._pressed, self._pulling = None, False
        if moving is not None:
            self.cancel()
            if moving.target is not None:
                self.dropped.emit(moving.block, moving.target)
        elif pressed is not None and not pulled:
            self._click(point)

    def leave(self) -> None:
        self.hovered.emit(None)
        self._rest.stop()
        self.rested.emit()

    def cancel(self) -> None:
        """Lets go of what is carried; nothing has happened."""
        self._creep.stop()
        self._pressed = None
        if self._scene.moving is not None:
            self._scene.moving = None
            self.carried.emit()

    def _point_at(self, point: QPoint) -> None:
        found = self._scene.block_at(point)
        self.hovered.emit(found[1].key if found else None)

    def _click(self, point: QPoint) -> None:
        placed = self._scene.stage.at(point.y())
        if self._held is not None:
            self.clicked.emit(Focus(self._held[0].identity, self._held[1].key))
        elif placed is not None:
            self.clicked.emit(Focus(placed.day.identity))

    def _begin(self, point: QPoint) -> None:
        """A visit that is still to come is carried; anywhere else the day is pulled along."""
        if self._held is not None and awaits_arrival(self._held[1].row):
            self._scene.moving = Moving(self._held[1], self._held[0].identity, point)
            self._creep.start()
            self._carry(point)
        else:
            self._pulling = True
            self.dragged_by.emit(point - self._last)
            self._last = point

    def _carry(self, point: QPoint) -> None:
        moving = self._scene.moving
        if moving is None:
            return
        placed = self._scene.stage.at(point.y())
        target = placed.day if placed is not None and can_take(placed.day, moving) else None
        self._scene.moving = moving._replace(point=point, target=target)
        self.carried.emit()

    @Slot()
    def _creep_on(self) -> None:
        moving, stage = self._scene.moving, self._scene.stage
        if moving is None:
            return
        edge = self._scene.theme.px(EDGE)
        above = stage.tray_bottom + edge - moving.point.y()
        below = moving.point.y() - (stage.height - edge)
        pull = below if below > 0 else -above if 0 < above <= 2 * edge else 0
        if pull:
            self.creeps.emit(max(-FASTEST, min(FASTEST, pull)))
            self._carry(moving.point)


def can_take(day: TechnicianDay, moving: Moving) -> bool:
    """Whether a row is somebody’s who does not have the visit already."""
    return day.who.technician is not None and day.block(moving.block.key) is None
