"""One feed at a glance; pressing it shows its rows."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QStyle, QStyleOption, QVBoxLayout

from dispatchwatch.app.typed_visit import DESK
from dispatchwatch.app.view import FeedLine
from dispatchwatch.desktop import feed_phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import MarkLabel, label, repaint_style, tight
from dispatchwatch.desktop.tokens import Tone

WIDTH = 340
KIND_ICONS = {
    "csv": "file",
    "xlsx": "file",
    "ical": "calendar",
    "caldav": "calendar",
    "json": "web",
    "webhook": "webhook",
}


class FeedCard(QAbstractButton):
    chosen = Signal(str)

    def __init__(self, room: DeskRoom, name: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCheckable(True)
        # A button is as high as it must be, unless told otherwise; cards in one line are equally high.
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(feed_phrases.feed_name(name) if name == DESK else f"Feed {name}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._room = room
        self._feed: FeedLine | None = None
        self._mark = MarkLabel(room.theme, room.assets, "done", Tone.OK, 16)
        self._kind_mark, self._kind = MarkLabel(room.theme, room.assets, "file", Tone.MUTED, 16), label(role="small")
        self._age, self._figures = label(), label(role="muted", wraps=True)
        self._sources, self._problem = label(role="small", wraps=True), label(role="problem", wraps=True)
        top = QHBoxLayout()
        tight(top, spacing=8)
        top.addWidget(self._mark)
        top.addWidget(label(feed_phrases.feed_name(name), "strong", wraps=True), 1)
        top.addWidget(self._kind_mark)
        top.addWidget(self._kind)
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
        self._kind_mark.wear(KIND_ICONS.get(feed.kind, "feeds"), Tone.MUTED)
        self._kind.setText(texts.FEED_KINDS.get(feed.kind, ""))
        for one in (self._kind_mark, self._kind):
            one.setVisible(bool(self._kind.text()))
        self._figures.setText(feed_phrases.feed_figures(feed))
        self._sources.setText(feed_phrases.breakable(feed.sources))
        self._sources.setVisible(bool(feed.sources))
        self._problem.setText(feed_phrases.breakable(feed.problem))
        self._problem.setVisible(bool(feed.problem))
        self.tick(now)

    def tick(self, now: datetime) -> None:
        if self._feed is not None:
            text = feed_phrases.feed_age(self._feed, now)
            if text != self._age.text():
                self._age.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        option, painter = QStyleOption(), QPainter(self)
        option.initFrom(self)
        if self.isChecked():
            option.state |= QStyle.StateFlag.State_On
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)

    @Slot()
    def _dress(self) -> None:
        self.setFixedWidth(self._room.theme.px(WIDTH))
