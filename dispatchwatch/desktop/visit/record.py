"""The long part of the visit pane: facts, story, alerts and messages."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dispatchwatch.app.view import DeliveryLine, StoryLine, VisitPage
from dispatchwatch.desktop import alert_phrases, phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.marks import SEVERITIES, Mark, delivery
from dispatchwatch.desktop.pieces import MarkLabel, clear, label, tight
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.desktop.visit.facts import facts
from dispatchwatch.domain.alert import Alert, AlertState
from dispatchwatch.domain.wording import STATE_NAMES, clock, headline


class Record(QWidget):
    """Built anew only when the page it shows is another one than before."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self._room = room
        self._page: VisitPage | None = None
        self._body = QVBoxLayout(self)
        tight(self._body, spacing=8)

    def say(self, text: str) -> None:
        self._page = None
        clear(self._body)
        self._body.addWidget(label(text, "muted", wraps=True))

    def clear(self) -> None:
        self.say(texts.LOADING)

    def show_page(self, page: VisitPage) -> None:
        if page == self._page:
            return
        self._page = page
        clear(self._body)
        self._body.addWidget(self._facts(page))
        zone_name = page.row.visit.site.timezone
        if page.alerts:
            self._section(texts.VISIT_ALERTS, [self._alert(alert) for alert in page.alerts])
        story = [self._story(line, zone_name) for line in page.story]
        self._section(texts.STORY, story or [label(texts.STORY_EMPTY, "muted")])
        if page.deliveries:
            self._section(texts.VISIT_MESSAGES, [self._delivery(line, zone_name) for line in page.deliveries])

    def _section(self, title: str, lines: list[QWidget]) -> None:
        self._body.addSpacing(12)
        self._body.addWidget(label(title, "strong"))
        for line in lines:
            self._body.addWidget(line)

    def _facts(self, page: VisitPage) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        tight(grid, spacing=6)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        for number, (name, value) in enumerate(facts(page)):
            grid.addWidget(label(name, "small", wraps=True), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(value, wraps=True, selectable=True), number, 1, Qt.AlignmentFlag.AlignTop)
        return made

    def _alert(self, alert: Alert) -> QWidget:
        mark = SEVERITIES[alert.severity]
        if alert.state is AlertState.RESOLVED:
            mark = Mark("done", Tone.OK, STATE_NAMES[alert.state])
        zone_name = self._room.timezone
        below = alert_phrases.alert_end(alert, zone_name) or alert_phrases.alert_since(
            alert, zone_name, self._room.now()
        )
        return self._line(mark, headline(alert, alert.resolved_at or self._room.now()), f"{mark.word} · {below}")

    def _story(self, line: StoryLine, zone_name: str) -> QWidget:
        mark = Mark(STORY_ICONS.get(line.kind, "later"), Tone.IDLE, "")
        by = f" · {line.by}" if line.by else ""
        return self._line(mark, line.text, f"{clock(line.at, zone_name)}{by}")

    def _delivery(self, line: DeliveryLine, zone_name: str) -> QWidget:
        mark = delivery(line.state)
        result = phrases.delivery_result(line, self._room.now(), zone_name)
        parts = [mark.word, result, texts.MAY_HAVE_ARRIVED_TWICE if line.may_have_arrived else ""]
        title = f"{line.channel}: {texts.OPERATION_NAMES[line.operation].lower()}"
        return self._line(mark, title, " · ".join(part for part in parts if part))

    def _line(self, mark: Mark, title: str, below: str) -> QWidget:
        made, words = QWidget(), QVBoxLayout()
        tight(words)
        words.addWidget(label(title, wraps=True, selectable=True))
        words.addWidget(label(below, "small", wraps=True))
        line = QHBoxLayout(made)
        tight(line, (0, 2, 0, 2), 8)
        icon = MarkLabel(self._room.theme, self._room.assets, mark.icon, mark.tone, 16)
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        return made


STORY_ICONS = {
    "seen": "feeds",
    "change": "story",
    "raised": "alerts",
    "acknowledged": "acknowledge",
    "resolved": "done",
    "told": "deliveries",
    "failed": "failed",
}
