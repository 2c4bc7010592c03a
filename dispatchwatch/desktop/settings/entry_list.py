"""Entries as lines of a list: what it is in strong type, below it what is to be known, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.tokens import Tone

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
LINE = Qt.ItemDataRole.UserRole
PAD, SIDE, GAP = 10, 16, 2
MOST_LINES = 3
MOST_SEEN = 12


class Line(NamedTuple):
    """`problem` is what is wrong with it; empty where all is well."""

    title: str
    below: str = ""
    problem: str = ""


class EntryRows(QAbstractListModel):
    """As many rows stay as they were as can."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Line, ...] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        told = tuple(lines)
        if len(told) == len(self.lines):
            self.lines = told
            if told:
                self.dataChanged.emit(self.index(0, 0), self.index(len(told) - 1, 0))
            return
        self.beginResetModel()
        self.lines = told
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(part for part in line if part)
        return line if role == LINE else None


class EntryDelegate(QStyledItemDelegate):
    """As high as its words need, up to three lines of each kind."""

    def __init__(self, room: DeskRoom, view: QListView) -> None:
        super().__init__(view)
        self._room, self._view = room, view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        width = self._view.viewport().width()
        return QSize(width, self.height(index.data(LINE), width))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, area, state = self._room.theme, QRect(option.rect), option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(area, theme.tint(Tone.ACCENT, 0.12))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.tint(Tone.TEXT, 0.05))
        painter.setPen(QPen(theme.named(theme.tokens.line)))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if chosen:
            painter.fillRect(QRect(area.left(), area.top(), theme.px(3), area.height()), theme.color(Tone.ACCENT))
        self._write(painter, area, index.data(LINE))

    def _write(self, painter: QPainter, area: QRect, line: Line) -> None:
        theme, side = self._room.theme, self._room.theme.px(SIDE)
        left, top = area.left() + side, area.top() + theme.px(PAD)
        for text, size, strong, tone, indent in self._paragraphs(line):
            painter.setFont(theme.font(size, strong=strong))
            painter.setPen(theme.color(tone))
            height = theme.metrics(size, strong=strong).height()
            if indent:
                icon = self._room.assets.pixmap("failed", Tone.LATE, 14, painter.device().devicePixelRatioF())
                painter.drawPixmap(left, top + (height - theme.px(14)) // 2, icon)
            for part in theme.wrapped(text, size, area.width() - 2 * side - indent, MOST_LINES, strong=strong):
                painter.drawText(QRect(left + indent, top, area.width() - 2 * side - indent, height), 0, part)
                top += height
            top += theme.px(GAP)

    def _paragraphs(self, line: Line) -> list[tuple[str, int, bool, Tone, int]]:
        told = [(line.title, 13, True, Tone.TEXT, 0)]
        if line.below:
            told.append((line.below, 12, False, Tone.MUTED, 0))
        if line.problem:
            told.append((line.problem, 12, False, Tone.LATE, self._room.theme.px(20)))
        return told

    def height(self, line: Line, width: int) -> int:
        theme, height = self._room.theme, 2 * self._room.theme.px(PAD)
        room = width - 2 * theme.px(SIDE)
        for text, size, strong, _tone, indent in self._paragraphs(line):
            lines = theme.wrapped(text, size, room - indent, MOST_LINES, strong=strong)
            height += len(lines) * theme.metrics(size, strong=strong).height() + theme.px(GAP)
        return height


class EntryList(QListView):
    """As high as its lines while there are few; of many it scrolls."""

    def __init__(self, room: DeskRoom, name: str, most_seen: int = MOST_SEEN) -> None:
        super().__init__()
        self.rows = EntryRows()
        self._most_seen = most_seen
        self.setObjectName("platforms")
        self.setAccessibleName(name)
        self.setModel(self.rows)
        self._delegate = EntryDelegate(room, self)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        room.theme.changed.connect(self.fit)

    @property
    def place(self) -> int:
        """Of the line that is marked; -1 where none is."""
        return self.currentIndex().row()

    def show_lines(self, lines: Sequence[Line]) -> None:
        place = self.place
        self.rows.show_lines(lines)
        self.mark(min(max(place, 0), len(lines) - 1))
        self.fit()

    def mark(self, place: int) -> None:
        if 0 <= place < self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(place, 0))

    def fit(self) -> None:
        self.scheduleDelayedItemsLayout()
        width = self.viewport().width()
        heights = [self._delegate.height(one, width) for one in self.rows.lines[: self._most_seen]]
        self.setFixedHeight(sum(heights) + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()
