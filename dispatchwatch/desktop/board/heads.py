"""The heads of the columns: pressed to sort, dragged to move, pulled at their edge to widen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.sorting import VALUES

TO_MOVE, EDGE = 8, 6


class BoardHeads(QHeaderView):
    """`sort_wanted` carries a column and whether its key is a further one; `let_go` is emitted when the mouse is.

    `width_left` carries a column whose width is to be left to the room there is again.
    """

    sort_wanted = Signal(object, bool)
    let_go = Signal()
    width_left = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.held = False
        self._pressed_at = 0.0
        self._edge = False
        self.setSectionsClickable(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.held = True
        self._pressed_at = event.position().x()
        self._edge = self._on_edge
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """On an edge the table would measure every row."""
        if self._on_edge:
            self.width_left.emit(Column(self.logicalIndexAt(event.position().toPoint() - QPoint(EDGE, 0))))
        else:
            super().mouseDoubleClickEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        still = abs(event.position().x() - self._pressed_at) < TO_MOVE
        super().mouseReleaseEvent(event)
        self.held = False
        self.let_go.emit()
        section = self.logicalIndexAt(event.position().toPoint())
        sortable = section >= 0 and Column(section) in VALUES
        if event.button() is Qt.MouseButton.LeftButton and still and sortable and not self._edge:
            further = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.sort_wanted.emit(Column(section), further)

    @property
    def _on_edge(self) -> bool:
        return self.cursor().shape() is Qt.CursorShape.SplitHCursor
