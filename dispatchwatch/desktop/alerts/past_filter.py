"""What the history is narrowed by: words, kind, severity, what the channels heard, who, and how long ago."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from dispatchwatch.desktop import alert_phrases
from dispatchwatch.desktop.card_strip import CardStrip
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import Choice, label, tight
from dispatchwatch.domain.alert import AlertKind, Severity
from dispatchwatch.domain.alert_search import AlertSearch, Heard
from dispatchwatch.domain.wording import KIND_NAMES, SEVERITY_NAMES

KINDS: Mapping[str, AlertKind] = {KIND_NAMES[kind]: kind for kind in AlertKind}
SEVERITIES: Mapping[str, Severity] = {SEVERITY_NAMES[one]: one for one in reversed(Severity)}
HEARD: Mapping[str, Heard] = {name: one for one, name in alert_phrases.HEARD_NAMES.items()}
TYPED_AFTER = 250
WORDS_WIDTH = 240


class PastFilter(CardStrip):
    """`changed` once something else is looked for; while one types, after a pause."""

    changed = Signal()

    def __init__(self, room: DeskRoom, page: QWidget) -> None:
        super().__init__(page)
        self._room = room
        self.words = QLineEdit()
        self.words.setPlaceholderText(alert_phrases.SEARCH_PAST_HINT)
        self.words.setAccessibleName(alert_phrases.SEARCH_PAST)
        self.words.setClearButtonEnabled(True)
        self.kind = self._choice(alert_phrases.KIND, (alert_phrases.ANY_KIND, *sorted(KINDS)))
        self.severity = self._choice(alert_phrases.SEVERITY, (alert_phrases.ANY_SEVERITY, *SEVERITIES))
        self.heard = self._choice(alert_phrases.TOLD, (alert_phrases.ANY_HEARD, *HEARD))
        self.who = self._choice(alert_phrases.WHO, (alert_phrases.ANYBODY,))
        self.period = self._choice(alert_phrases.PERIOD, tuple(alert_phrases.PERIODS))
        self._typed = QTimer(self, singleShot=True, interval=TYPED_AFTER)
        self._typed.timeout.connect(self.changed)
        self.words.textChanged.connect(lambda _text: self._typed.start())
        self._lay_out()
        room.theme.changed.connect(self._dress)
        self._dress()

    def know_people(self, names: Sequence[str]) -> None:
        """Who may have acknowledged or resolved an alert; a choice that was made stays."""
        chosen = self.who.currentText()
        self.who.blockSignals(True)
        self.who.clear()
        self.who.addItems([alert_phrases.ANYBODY, *names])
        self.who.setCurrentIndex(max(0, self.who.findText(chosen)))
        self.who.blockSignals(False)

    def search(self, now: datetime) -> AlertSearch:
        days = alert_phrases.PERIODS[self.period.currentText()]
        return AlertSearch(
            words=tuple(self.words.text().split()),
            kind=KINDS.get(self.kind.currentText()),
            severity=SEVERITIES.get(self.severity.currentText()),
            heard=HEARD.get(self.heard.currentText()),
            who=self.who.currentText() if self.who.currentIndex() > 0 else "",
            since=now - timedelta(days=days) if days else None,
        )

    def _choice(self, name: str, texts: Sequence[str]) -> Choice:
        made = Choice(self._room.theme, self._room.assets)
        made.setAccessibleName(name)
        made.setToolTip(name)
        made.addItems(list(texts))
        made.currentIndexChanged.connect(lambda _index: self.changed.emit())
        return made

    def _lay_out(self) -> None:
        fields = {
            alert_phrases.SEARCH_PAST: self.words,
            alert_phrases.PERIOD: self.period,
            alert_phrases.KIND: self.kind,
            alert_phrases.SEVERITY: self.severity,
            alert_phrases.TOLD: self.heard,
            alert_phrases.WHO: self.who,
        }
        for name, field in fields.items():
            self.add(_under(name, field))

    def _dress(self) -> None:
        self.words.setFixedWidth(self._room.theme.px(WORDS_WIDTH))


def _under(name: str, field: QWidget) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    tight(layout, spacing=4)
    layout.addWidget(label(name, "small"))
    layout.addWidget(field)
    return made
