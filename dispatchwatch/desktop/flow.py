"""A layout that breaks into lines where the width ends, so that nothing is cut at large text."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """From left to right, then down.

    With `spread`, the last part stands at the right end of the first line that has room for it. With `level`, all parts
    of a line are equally high.
    """

    def __init__(
        self, parent: QWidget | None = None, *, spacing: int = 8, spread: bool = False, level: bool = False
    ) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._spread = spread
        self._level = level
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        margins = self.contentsMargins()
        lines = self._lines(width - margins.left() - margins.right())
        heights = [max((item.sizeHint().height() for item in line), default=0) for line in lines]
        return sum(heights) + self.spacing() * max(0, len(lines) - 1) + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802
        margins = self.contentsMargins()
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        super().setGeometry(rect)
        room = rect.marginsRemoved(self.contentsMargins())
        lines = self._lines(room.width())
        top = room.top() + max(0, rect.height() - self.heightForWidth(rect.width())) // 2
        for line in lines:
            height = max((item.sizeHint().height() for item in line), default=0)
            self._place(line, QRect(room.left(), top, room.width(), height))
            top += height + self.spacing()

    def _place(self, line: list[QLayoutItem], area: QRect) -> None:
        left = area.left()
        for item in line:
            size = item.sizeHint()
            if self._spread and item is self._items[-1]:
                left = max(left, area.right() - size.width() + 1)
            width = min(size.width(), area.width())
            height = area.height() if self._level else size.height()
            item.setGeometry(QRect(left, area.top() + (area.height() - height) // 2, width, height))
            left += size.width() + self.spacing()

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = [[]]
        used = 0
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            wide = item.sizeHint().width()
            if self._spread and item is self._items[-1] and (line := self._line_with_room(lines, wide, width)):
                line.append(item)
                continue
            if lines[-1] and used + wide > width:
                lines.append([])
                used = 0
            lines[-1].append(item)
            used += wide + self.spacing()
        return lines

    def _line_with_room(self, lines: list[list[QLayoutItem]], wide: int, width: int) -> list[QLayoutItem] | None:
        for line in lines:
            used = sum(item.sizeHint().width() + self.spacing() for item in line)
            if line and used + wide <= width:
                return line
        return None
