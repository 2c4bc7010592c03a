"""The page of what was sent: the channels, every message, and beside them the one that is looked at."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dispatchwatch.app.view import DeliveryLine, LaneLine
from dispatchwatch.desktop import delivery_phrases, texts
from dispatchwatch.desktop.card_strip import CardStrip
from dispatchwatch.desktop.deliveries.channel_card import ChannelCard
from dispatchwatch.desktop.deliveries.filters import DeliveryFilters
from dispatchwatch.desktop.deliveries.model import DeliveriesModel, Wanted
from dispatchwatch.desktop.deliveries.pane import WIDTH as PANE_WIDTH
from dispatchwatch.desktop.deliveries.pane import DeliveryPane
from dispatchwatch.desktop.deliveries.table import DeliveryTable
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.empty import EmptyNote
from dispatchwatch.desktop.pieces import on_key, tight

LEAST_TABLE = 480
WIDEST = 16_777_215


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
        self.filters = DeliveryFilters(room)
        self.pane = DeliveryPane(room)
        self._list = QWidget()
        self.setFocusProxy(self.table)
        self._lay_out()
        self._wire()

    def take(self, lines: tuple[DeliveryLine, ...]) -> None:
        self.model.take(lines)
        self._show_empty()
        if any(line.id == self.pane.number for line in lines):
            self._show(self.pane.number or 0)

    def show_lanes(self, lanes: tuple[LaneLine, ...]) -> None:
        self._lanes = lanes
        now = self._room.now()
        for name in self._cards.keys() - {lane.channel for lane in lanes}:
            self._strip.drop(self._cards.pop(name))
        for lane in lanes:
            if lane.channel not in self._cards:
                self._cards[lane.channel] = self._card(lane.channel)
            self._cards[lane.channel].show_lane(lane, now)
        self.filters.know_channels(lane.channel for lane in lanes)
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

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fold()

    def _card(self, channel: str) -> ChannelCard:
        card = ChannelCard(self._room, channel)
        card.resumed.connect(self._room.deeds.resume)
        card.paused.connect(self._room.deeds.pause)
        self._strip.add(card)
        return card

    def _lay_out(self) -> None:
        left, whole = QVBoxLayout(self._list), QHBoxLayout(self)
        tight(left)
        tight(whole)
        left.addWidget(self._strip)
        left.addWidget(self.filters)
        left.addWidget(self.table, 1)
        whole.addWidget(self._list, 1)
        whole.addWidget(self.pane)

    def _wire(self) -> None:
        self.table.resend_wanted.connect(self._room.deeds.resend)
        self.table.opened.connect(self._show)
        self.table.chosen.connect(self._follow)
        self.table.selected.connect(lambda number: self.filters.resend.setEnabled(number > 0))
        self.filters.resend.clicked.connect(self.table.resend_selected)
        self.filters.changed.connect(self._narrow)
        self.pane.resend_wanted.connect(self._room.deeds.resend)
        self.pane.closed.connect(self._leave)
        self.model.settled.connect(self._show_empty)
        on_key(self.table, "Esc", self.pane.close_pane)
        self._room.theme.changed.connect(self._fold)

    @Slot(int)
    def _show(self, number: int) -> None:
        if line := self.model.line_of(number):
            self.pane.show_line(line)
            self._fold()

    @Slot(int)
    def _follow(self, number: int) -> None:
        """While the pane is open it shows the row that has the keyboard."""
        if self.pane.isVisible() and number != self.pane.number:
            self._show(number)

    @Slot()
    def _leave(self) -> None:
        self._fold()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _fold(self) -> None:
        """The pane stands beside the table where there is room, else alone."""
        theme, is_open = self._room.theme, self.pane.number is not None
        alone = is_open and self.width() - theme.px(PANE_WIDTH) < theme.px(LEAST_TABLE)
        self._list.setVisible(not alone)
        self.pane.setMaximumWidth(WIDEST if alone else theme.px(PANE_WIDTH))

    @Slot(object)
    def _narrow(self, wanted: Wanted) -> None:
        self.model.narrow(wanted)
        self._show_empty()

    @Slot()
    def _show_empty(self) -> None:
        if self.model.rowCount():
            self._empty.hide()
        elif self.model.text or self.model.total:
            self._empty.say(*delivery_phrases.NOTHING_FITS)
        else:
            self._empty.say(*(texts.SENT_EMPTY if self._lanes or self._lanes is None else texts.NO_CHANNELS))
