"""The bar above the table of deliveries: which state, which channel, how long ago."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from dispatchwatch.desktop import delivery_phrases, texts
from dispatchwatch.desktop.deliveries.model import ALL, Wanted
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.pieces import Choice, button, tight


class DeliveryFilters(QFrame):
    """`changed` carries what is wanted."""

    changed = Signal(object)

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self.setObjectName("bar")
        self._room = room
        self._state = ALL
        self.states = {name: button(text, "chip") for name, text in delivery_phrases.STATES.items()}
        self.channel, self.period = Choice(room.theme, room.assets), Choice(room.theme, room.assets)
        self.resend = button(texts.RESEND_SELECTED)
        self.resend.setEnabled(False)
        self.channel.setAccessibleName(delivery_phrases.CHANNEL)
        self.channel.setToolTip(delivery_phrases.CHANNEL)
        self.channel.addItem(delivery_phrases.EVERY_CHANNEL)
        self.period.setAccessibleName(delivery_phrases.PERIOD)
        self.period.setToolTip(delivery_phrases.PERIOD)
        self.period.addItems(list(delivery_phrases.PERIODS))
        self._lay_out()
        for name, made in self.states.items():
            made.setCheckable(True)
            made.setChecked(name == ALL)
            made.clicked.connect(partial(self._choose_state, name))
        for choice in (self.channel, self.period):
            choice.currentIndexChanged.connect(self._tell)

    def know_channels(self, names: Iterable[str]) -> None:
        """A choice that was made stays as long as its channel does."""
        wanted = [delivery_phrases.EVERY_CHANNEL, *names]
        if [self.channel.itemText(row) for row in range(self.channel.count())] == wanted:
            return
        chosen = self.channel.currentText()
        self.channel.blockSignals(True)
        self.channel.clear()
        self.channel.addItems(wanted)
        self.channel.setCurrentIndex(max(0, self.channel.findText(chosen)))
        self.channel.blockSignals(False)
        if self.channel.currentText() != chosen:
            self._tell()

    @property
    def wanted(self) -> Wanted:
        length = delivery_phrases.PERIODS[self.period.currentText()]
        return Wanted(
            state=self._state,
            channel=self.channel.currentText() if self.channel.currentIndex() > 0 else "",
            since=self._room.now() - length if length else None,
        )

    def _lay_out(self) -> None:
        around, inner = QVBoxLayout(self), QWidget()
        tight(around, (12, 8, 12, 8))
        flow = FlowLayout(inner, spacing=4, spread=True)
        for one in (*self.states.values(), self.channel, self.period, self.resend):
            flow.addWidget(one)
        around.addWidget(inner)

    @Slot()
    def _choose_state(self, name: str) -> None:
        self._state = name
        for one, made in self.states.items():
            made.setChecked(one == name)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        self.changed.emit(self.wanted)
