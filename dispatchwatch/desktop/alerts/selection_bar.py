"""The bar above the list once several alerts are chosen: it says what will happen before anything does."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop import alert_phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.domain.alert import AlertState


class SelectionBar(QFrame):
    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self.setObjectName("bar")
        self._room = room
        self._count, self._meaning = label(role="strong"), label(role="small", wraps=True)
        self.acknowledge = button(texts.ACKNOWLEDGE, "primary", "A")
        self.snooze = button(texts.SNOOZE, key="S")
        self.resolve = button(texts.RESOLVE, key="R")
        self.reopen = button(alert_phrases.REOPEN)
        self.deselect = button(texts.DESELECT, "quiet", "Esc")
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=8)
        for one in (self.acknowledge, self.snooze, self.resolve, self.reopen, self.deselect):
            flow.addWidget(one)
        layout = QVBoxLayout(self)
        tight(layout, (16, 12, 16, 12), 8)
        layout.addWidget(self._count)
        layout.addWidget(self._meaning)
        layout.addWidget(buttons)
        self.hide()

    def show_for(self, lines: list[AlertLine]) -> None:
        """Shown from two alerts on: for one, its own card has the buttons."""
        self.setVisible(len(lines) > 1)
        if len(lines) > 1:
            waiting = [line for line in lines if line.alert.state is AlertState.OPEN]
            self.acknowledge.setVisible(bool(waiting))
            self.reopen.setVisible(any(line.alert.state is AlertState.ACKNOWLEDGED for line in lines))
            self._count.setText(alert_phrases.selected(len(lines)))
            self._meaning.setText(alert_phrases.what_acknowledging_does(waiting, self._room.user) if waiting else "")
            self._meaning.setVisible(bool(waiting))
