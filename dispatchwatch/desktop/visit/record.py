"""The long part of the visit pane: facts, notes, story, alerts, messages and the visits before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatchwatch.app.view import DeliveryLine, VisitPage
from dispatchwatch.desktop import alert_phrases, phrases, texts, visit_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.marks import SEVERITIES, Mark, delivery
from dispatchwatch.desktop.pieces import MarkLabel, button, clear, label, tight
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.desktop.visit.facts import facts
from dispatchwatch.desktop.visit.story import Story
from dispatchwatch.domain.alert import Alert, AlertState
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.wording import STATE_NAMES, headline


class Record(QWidget):
    """Built anew only when the page it shows is another one than before. `resend_wanted` carries the numbers of
    deliveries."""

    resend_wanted = Signal(object)

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

    @property
    def text(self) -> str:
        """All of it, to be given away; empty while nothing is shown."""
        return visit_phrases.as_text(self._page, facts(self._page), self._room.now()) if self._page else ""

    def show_page(self, page: VisitPage) -> None:
        if page == self._page:
            return
        self._page = page
        clear(self._body)
        visit, zone_name = page.row.visit, page.row.visit.site.timezone
        if hint := visit_phrases.zone_hint(visit, self._room.timezone, self._room.now()):
            self._body.addWidget(self._line(Mark("info", Tone.INFO, ""), hint, ""))
        self._body.addWidget(self._facts(page))
        if visit.notes:
            self._section(visit_phrases.NOTES, [label(visit.notes, wraps=True, selectable=True)])
        if page.alerts:
            self._section(texts.VISIT_ALERTS, [self._alert(alert) for alert in page.alerts])
        empty = label(texts.STORY_EMPTY, "muted")
        self._section(texts.STORY, [Story(self._room, page.story, zone_name) if page.story else empty])
        if page.deliveries:
            self._section(texts.VISIT_MESSAGES, [self._delivery(line, zone_name) for line in page.deliveries])
        if page.previous:
            meaning = label(visit_phrases.BEFORE_MEANING, "small", wraps=True)
            self._section(visit_phrases.BEFORE, [meaning, *(self._previous(visit) for visit in page.previous)])

    def _section(self, title: str, lines: list[QWidget]) -> None:
        self._body.addSpacing(16)
        self._body.addWidget(label(title, "strong"))
        for line in lines:
            self._body.addWidget(line)

    def _facts(self, page: VisitPage) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        tight(grid, spacing=8)
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

    def _delivery(self, line: DeliveryLine, zone_name: str) -> QWidget:
        mark = delivery(line.state)
        result = phrases.delivery_result(line, self._room.now(), zone_name)
        parts = [mark.word, result, texts.MAY_HAVE_ARRIVED_TWICE if line.may_have_arrived else ""]
        again = None
        if line.state == "failed":
            again = button(texts.RESEND, says=f"{texts.RESEND}: {line.channel}")
            again.clicked.connect(lambda _=False, number=line.id: self.resend_wanted.emit([number]))
        below = " · ".join(part for part in parts if part)
        return self._line(mark, visit_phrases.delivery_title(line), below, again)

    def _previous(self, visit: Visit) -> QWidget:
        title, below = visit_phrases.previous(visit)
        return self._line(Mark("calendar", Tone.MUTED, ""), title, below)

    def _line(self, mark: Mark, title: str, below: str, acts: QPushButton | None = None) -> QWidget:
        made, words = QWidget(), QVBoxLayout()
        tight(words)
        words.addWidget(label(title, wraps=True, selectable=True))
        if below:
            words.addWidget(label(below, "small", wraps=True, selectable=True))
        line = QHBoxLayout(made)
        tight(line, (0, 2, 0, 2), 8)
        icon = MarkLabel(self._room.theme, self._room.assets, mark.icon, mark.tone, 16)
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        if acts is not None:
            line.addWidget(acts, 0, Qt.AlignmentFlag.AlignTop)
        return made
