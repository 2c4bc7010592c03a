"""The page of what was sent."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dispatchwatch.app.view import DeliveryLine, LaneLine
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.card_strip import CardStrip
from dispatchwatch.desktop.deliveries.channel_card import ChannelCard
from dispatchwatch.desktop.deliveries.model import ALL, DeliveriesModel
from dispatchwatch.desktop.deliveries.table import DeliveryTable
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.empty import EmptyNote
from dispatchwatch.desktop.pieces import button, panel, tight


class SentPage(QWidget):
    resumed = Signal(str)

    def __init__(self, room: DeskRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._room = room
        self._cards: dict[str, ChannelCard] = {}
        self._lanes: tuple[LaneLine, ...] | None = None
        self._strip = CardStrip(self)
        self.model = DeliveriesModel(room.timezone, self)
        self.table = DeliveryTable(room, self.model)
        self._empty = EmptyNote(room, "deliveries", self.table)
        self._filters = {name: button(text, "chip") for name, text in texts.SENT_FILTERS.items()}
        self._resend = button(texts.RESEND_SELECTED, "quiet")
        self.setFocusProxy(self.table)
        self._lay_out()
        self._wire()
        self._narrow(ALL)

    def take(self, lines: tuple[DeliveryLine, ...]) -> None:
        self.model.take(lines)
        self._show_empty()

    def show_lanes(self, lanes: tuple[LaneLine, ...]) -> None:
        self._lanes = lanes
        now = self._room.now()
        for name in self._cards.keys() - {lane.channel for lane in lanes}:
            self._strip.drop(self._cards.pop(name))
        for lane in lanes:
            if lane.channel not in self._cards:
                self._cards[lane.channel] = self._card(lane.channel)
            self._cards[lane.channel].show_lane(lane, now)
        self.table.show_limits({lane.channel: lane.limit for lane in lanes if lane.limit})
        self._show_empty()

    def tick(self, now: datetime) -> None:
        if self.isVisible():
            self.table.tick(now)
            for card in self._cards.values():
                card.tick(now)

    def search(self, text: str) -> None:
        self.model.search(text)
        self._show_empty()

    def _card(self, channel: str) -> ChannelCard:
        card = ChannelCard(self._room, channel)
        card.resumed.connect(self._room.deeds.resume)
        self._strip.add(card)
        return card

    def _lay_out(self) -> None:
        bar = panel("bar")
        line = QHBoxLayout(bar)
        tight(line, (12, 8, 12, 8), 4)
        for name, made in self._filters.items():
            made.setCheckable(True)
            made.clicked.connect(lambda _=False, chosen=name: self._narrow(chosen))
            line.addWidget(made)
        line.addStretch(1)
        line.addWidget(self._resend)
        layout = QVBoxLayout(self)
        tight(layout)
        layout.addWidget(self._strip)
        layout.addWidget(bar)
        layout.addWidget(self.table, 1)

    def _wire(self) -> None:
        self.table.resend_wanted.connect(self._room.deeds.resend)
        self._resend.clicked.connect(self.table.resend_selected)
        self.model.settled.connect(self._show_empty)

    def _narrow(self, wanted: str) -> None:
        for name, made in self._filters.items():
            made.setChecked(name == wanted)
        self.model.narrow(wanted)
        self._show_empty()

    @Slot()
    def _show_empty(self) -> None:
        if self.model.rowCount():
            self._empty.hide()
        elif self.model.text or self.model.total:
            self._empty.say(*texts.NOTHING_FOUND)
        else:
            self._empty.say(*(texts.SENT_EMPTY if self._lanes or self._lanes is None else texts.NO_CHANNELS))
