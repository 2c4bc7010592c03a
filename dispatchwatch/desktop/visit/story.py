"""What happened to a visit: one line from top to bottom, a picture and a time for each event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dispatchwatch.app.view import StoryKind, StoryLine
from dispatchwatch.desktop import visit_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import MarkLabel, label, tight
from dispatchwatch.desktop.tokens import Tone

TIME_WIDTH = 44
ICON = 16
TONES: Mapping[StoryKind, Tone] = {
    StoryKind.RAISED: Tone.LATE,
    StoryKind.FAILED: Tone.LATE,
    StoryKind.ACKNOWLEDGED: Tone.ACCENT,
    StoryKind.ARRIVED: Tone.OK,
    StoryKind.DONE: Tone.OK,
    StoryKind.RESOLVED: Tone.OK,
    StoryKind.EN_ROUTE: Tone.TEXT,
}


class Story(QWidget):
    """Times are those of the site; where another day begins, that is said."""

    def __init__(self, room: DeskRoom, lines: Sequence[StoryLine], zone_name: str) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        tight(layout)
        day = visit_phrases.day(room.now(), zone_name)
        for number, line in enumerate(lines):
            of_line = visit_phrases.day(line.at, zone_name)
            if of_line != day:
                layout.addWidget(_day(of_line))
                day = of_line
            event = Event(room, line, zone_name)
            event.is_first, event.is_last = number == 0, number == len(lines) - 1
            layout.addWidget(event)


class Event(QWidget):
    """The line that joins the events is behind the pictures."""

    def __init__(self, room: DeskRoom, line: StoryLine, zone_name: str) -> None:
        super().__init__()
        self._room = room
        self.is_first = self.is_last = False
        theme = room.theme
        time = label(visit_phrases.event_time(line.at, zone_name), "small")
        time.setFixedWidth(theme.px(TIME_WIDTH))
        tone = TONES.get(line.kind, Tone.MUTED)
        self._icon = MarkLabel(theme, room.assets, visit_phrases.STORY_MARKS[line.kind], tone, ICON)
        words = QVBoxLayout()
        tight(words)
        words.addWidget(label(line.text, wraps=True, selectable=True))
        if by := visit_phrases.told_by(line):
            words.addWidget(label(by, "small", wraps=True))
        layout = QHBoxLayout(self)
        tight(layout, (0, 6, 0, 6), 8)
        top = Qt.AlignmentFlag.AlignTop
        layout.addWidget(time, 0, top)
        layout.addWidget(self._icon, 0, top)
        layout.addLayout(words, 1)
        self.setAccessibleName(f"{time.text()} {line.text}")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter, theme = QPainter(self), self._room.theme
        painter.setPen(QPen(theme.named(theme.tokens.line), theme.px(2)))
        middle, gap = self._icon.geometry().center().x(), theme.px(2)
        above, below = self._icon.geometry().top() - gap, self._icon.geometry().bottom() + gap
        if not self.is_first:
            painter.drawLine(QPoint(middle, 0), QPoint(middle, above))
        if not self.is_last:
            painter.drawLine(QPoint(middle, below), QPoint(middle, self.height()))


def _day(text: str) -> QWidget:
    made = label(text, "small")
    made.setContentsMargins(0, 8, 0, 4)
    return made
