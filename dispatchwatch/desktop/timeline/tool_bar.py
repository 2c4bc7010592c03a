"""The bar above the timeline: in which order the technicians stand, how much of the day is seen, and the legend."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dispatchwatch.desktop import timeline_phrases as phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.pieces import IconButton, button, panel, tight
from dispatchwatch.desktop.timeline.layout import Order
from dispatchwatch.desktop.timeline.legend import Legend


class ToolBar(QWidget):
    """`ordered` carries the order that was chosen; `zoomed` how many steps larger."""

    ordered = Signal(object)
    zoomed = Signal(int)
    now_wanted = Signal()
    whole_day_wanted = Signal()

    def __init__(self, room: DeskRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._orders = {
            order: button(phrases.ORDER_NAMES[order], "chip", says=phrases.ORDER_MEANINGS[order]) for order in Order
        }
        self._now = button(phrases.NOW, key=phrases.NOW_KEY, says=phrases.SHOW_NOW)
        theme, assets = room.theme, room.assets
        self._smaller = IconButton(theme, assets, "zoom_out", phrases.SMALLER, "−")
        self._larger = IconButton(theme, assets, "zoom_in", phrases.LARGER, "+")
        self._whole = IconButton(theme, assets, "whole_day", phrases.WHOLE_DAY, "0")
        self._lay_out(Legend(room))
        self._wire()

    def show_order(self, order: Order) -> None:
        for one, made in self._orders.items():
            made.setChecked(one is order)

    def _lay_out(self, legend: Legend) -> None:
        bar, tools = panel("bar"), QWidget()
        flow = FlowLayout(bar, spacing=4, spread=True)
        flow.setContentsMargins(12, 4, 12, 4)
        for made in self._orders.values():
            made.setCheckable(True)
            flow.addWidget(made)
        line = QHBoxLayout(tools)
        tight(line, spacing=4)
        for one in (self._now, self._smaller, self._larger, self._whole):
            line.addWidget(one)
        flow.addWidget(tools)
        flow.addWidget(legend)
        outer = QHBoxLayout(self)
        tight(outer)
        outer.addWidget(bar)

    def _wire(self) -> None:
        for order, made in self._orders.items():
            made.clicked.connect(lambda _=False, chosen=order: self.ordered.emit(chosen))
        self._now.clicked.connect(self.now_wanted)
        self._whole.clicked.connect(self.whole_day_wanted)
        self._smaller.clicked.connect(lambda: self.zoomed.emit(-1))
        self._larger.clicked.connect(lambda: self.zoomed.emit(1))
