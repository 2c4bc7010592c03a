"""The small dialog before alerts are acknowledged or resolved: why, for how long, and a note. It blocks nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from dispatchwatch.app.deeds import TILL_OVER, Lasting
from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop import alert_phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import Choice, button, label
from dispatchwatch.desktop.sheet import Sheet
from dispatchwatch.domain.wording import reasons_for

WIDTH = 460


class Decision(Sheet):
    """`decided` carries the reason's key (empty for resolving), the note, and how long it lasts."""

    decided = Signal(str, str, object)

    def __init__(self, room: DeskRoom, lines: list[AlertLine], does: str, meaning: str, parent: QWidget) -> None:
        super().__init__(room.theme, alert_phrases.decision_title(does, lines), WIDTH, parent)
        with_reason = does == texts.ACKNOWLEDGE
        self._lastings: dict[str, Lasting] = alert_phrases.lasting_choices(lines) if with_reason else {}
        self.reason, self.note = Choice(room.theme, room.assets), QLineEdit()
        self.lasting = Choice(room.theme, room.assets)
        self.reason.setAccessibleName(texts.REASON)
        for key, name in reasons_for(line.alert.kind for line in lines).items():
            self.reason.addItem(name, key)
        self.lasting.setAccessibleName(alert_phrases.LASTS)
        self.lasting.addItems(list(self._lastings))
        self.note.setAccessibleName(texts.NOTE)
        self.note.setPlaceholderText(texts.NOTE_HINT)
        self.does, self._back = button(does, "primary", "Enter"), button(texts.BACK, key="Esc")
        self.does.setDefault(True)
        self._ends = label(alert_phrases.LASTING_MEANING, "small", wraps=True)
        self._lay_out(meaning, with_reason=with_reason)
        self.does.clicked.connect(self._decide)
        self._back.clicked.connect(self.reject)
        self.lasting.currentTextChanged.connect(self._explain)
        self._explain()
        (self.reason if with_reason else self.note).setFocus()

    def _lay_out(self, meaning: str, *, with_reason: bool) -> None:
        self.body.addWidget(label(meaning, "muted", wraps=True))
        self.body.addSpacing(8)
        if with_reason:
            self._field(texts.REASON, self.reason)
        self._field(texts.NOTE, self.note)
        if self._lastings:
            self._field(alert_phrases.LASTS, self.lasting)
            self.body.addWidget(self._ends)
        self.body.addStretch(1)
        self.foot.addStretch(1)
        self.foot.addWidget(self._back)
        self.foot.addWidget(self.does)

    def _field(self, name: str, field: QWidget) -> None:
        self.body.addWidget(label(name, "small"))
        self.body.addWidget(field)

    @Slot()
    def _explain(self) -> None:
        """Only what ends by itself needs to be explained; the room for it is there from the beginning."""
        self._ends.setText(alert_phrases.LASTING_MEANING if self._chosen is not TILL_OVER else " ")

    @property
    def _chosen(self) -> Lasting:
        return self._lastings.get(self.lasting.currentText(), TILL_OVER)

    @Slot()
    def _decide(self) -> None:
        self.decided.emit(str(self.reason.currentData()), self.note.text().strip(), self._chosen)
        self.accept()


def acknowledging(room: DeskRoom, lines: list[AlertLine], parent: QWidget) -> Decision:
    return Decision(room, lines, texts.ACKNOWLEDGE, alert_phrases.what_acknowledging_does(lines, room.user), parent)


def resolving(room: DeskRoom, lines: list[AlertLine], parent: QWidget) -> Decision:
    return Decision(room, lines, texts.RESOLVE, texts.WHAT_RESOLVING_DOES, parent)
