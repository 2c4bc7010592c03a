"""One feed at a glance; pressing it shows its rows."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QStyle, QStyleOption, QVBoxLayout

from dispatchwatch.app.view import FeedLine
from dispatchwatch.desktop import phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import MarkLabel, label, repaint_style, tight
from dispatchwatch.desktop.tokens import Tone

WIDTH = 340


class FeedCard(QAbstractButton):
    chosen = Signal(str)

    def __init__(self, room: DeskRoom, name: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCheckable(True)
        self.setAccessibleName(f"Feed {name}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._room = room
        self._feed: FeedLine | None = None
        self._mark = MarkLabel(room.theme, room.assets, "done", Tone.OK, 16)
        self._age, self._figures = label(), label(role="muted", wraps=True)
        self._sources, self._problem = label(role="small", wraps=True), label(role="problem", wraps=True)
        top = QHBoxLayout()
        tight(top, spacing=8)
        top.addWidget(self._mark)
        top.addWidget(label(name, "strong"))
        top.addStretch(1)
        layout = QVBoxLayout(self)
        tight(layout, (16, 12, 16, 12), 6)
        layout.addLayout(top)
        for widget in (self._age, self._figures, self._sources, self._problem):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(widget)
        layout.addStretch(1)
        self.clicked.connect(lambda: self.chosen.emit(name))
        self.toggled.connect(lambda: repaint_style(self))
        room.theme.changed.connect(self._dress)
        self._dress()

    def show_feed(self, feed: FeedLine, now: datetime) -> None:
        self._feed = feed
        self._mark.wear("done" if feed.fresh else "late", Tone.OK if feed.fresh else Tone.LATE)
        self._figures.setText(phrases.feed_figures(feed))
        self._sources.setText(feed.sources)
        self._sources.setVisible(bool(feed.sources))
        self._problem.setText(feed.problem)
        self._problem.setVisible(bool(feed.problem))
        self.tick(now)

    def tick(self, now: datetime) -> None:
        if self._feed is not None:
            text = phrases.feed_age(self._feed, now)
            if text != self._age.text():
                self._age.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        option, painter = QStyleOption(), QPainter(self)
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)

    @Slot()
    def _dress(self) -> None:
        self.setFixedWidth(self._room.theme.px(WIDTH))
