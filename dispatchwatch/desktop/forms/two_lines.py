"""Lines of a list to choose from: a name, what is to be known of it at the right, and what it means below."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.tokens import Tone

Index = QModelIndex | QPersistentModelIndex
NAME = Qt.ItemDataRole.DisplayRole
BELOW = Qt.ItemDataRole.UserRole + 1
ASIDE = Qt.ItemDataRole.UserRole + 2
HEIGHT, HEIGHT_OF_ONE, PAD, EDGE = 60, 36, 10, 16


class TwoLines(QStyledItemDelegate):
    """`has_more`: something stands below the names."""

    def __init__(self, room: DeskRoom, *, has_more: bool = True) -> None:
        super().__init__()
        self._room = room
        self._has_more = has_more

    @property
    def height(self) -> int:
        return self._room.theme.px(HEIGHT if self._has_more else HEIGHT_OF_ONE)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        return QSize(self._room.theme.px(200), self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._room.theme
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(area, theme.tint(Tone.ACCENT, 0.12))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.tint(Tone.TEXT, 0.05))
        painter.setPen(QPen(theme.named(theme.tokens.line)))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if chosen:
            painter.fillRect(QRect(area.left(), area.top(), theme.px(3), area.height()), theme.color(Tone.ACCENT))
        pad = theme.px(PAD) if self._has_more else 0
        self._write(painter, area.adjusted(theme.px(EDGE), pad, -theme.px(EDGE), -pad), index)

    def _write(self, painter: QPainter, inner: QRect, index: Index) -> None:
        theme = self._room.theme
        name, right, more = (str(index.data(role) or "") for role in (NAME, ASIDE, BELOW))
        height = inner.height() // 2 if more else inner.height()
        top = QRect(inner.left(), inner.top(), inner.width(), height)
        self._line(painter, top, (name, 13, Tone.TEXT), Qt.AlignmentFlag.AlignLeft)
        used = theme.metrics(strong=True).horizontalAdvance(name) + theme.px(24)
        self._line(painter, top.adjusted(used, 0, 0, 0), (right, 11, Tone.MUTED), Qt.AlignmentFlag.AlignRight)
        self._line(painter, top.translated(0, height), (more, 11, Tone.MUTED), Qt.AlignmentFlag.AlignLeft)

    def _line(self, painter: QPainter, area: QRect, words: tuple[str, int, Tone], side: Qt.AlignmentFlag) -> None:
        theme, (text, size, tone) = self._room.theme, words
        strong = tone is Tone.TEXT and self._has_more
        painter.setFont(theme.font(size, strong=strong))
        painter.setPen(theme.color(tone))
        shown = theme.elided(text, size, area.width(), strong=strong).text
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | side, shown)
