"""The row of filters above the board: one press each, with how many visits it shows."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dispatchwatch.desktop import feed_phrases, phrases, texts
from dispatchwatch.desktop.board.order import OFFERED, BoardFilter, Chip
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.pieces import Choice, IconButton, button, panel, tight
from dispatchwatch.desktop.theme import Density
from dispatchwatch.desktop.tokens import Tone


class FilterBar(QWidget):
    """`wanted` carries the BoardFilter that was chosen. Beside the filters: a new visit, and how high the rows are."""

    wanted = Signal(object)
    new_wanted = Signal()

    def __init__(self, room: DeskRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._assets = room.theme, room.assets
        self._chosen = BoardFilter()
        self._chips = {chip: button(texts.FILTER_NAMES[chip], "chip") for chip in OFFERED}
        self._feeds = Choice(room.theme, room.assets)
        self._feeds.setAccessibleName(texts.ALL_FEEDS)
        self._feeds.hide()
        self._new = button(texts.NEW_VISIT, key="Ctrl+N")
        self._density = IconButton(room.theme, room.assets, "density", texts.COMPACT)
        self._lay_out()
        self._wire()
        self._dress()
        self.choose(Chip.ALL)

    @property
    def chosen(self) -> BoardFilter:
        return self._chosen

    def choose(self, chip: Chip) -> None:
        self._want(BoardFilter(chip, self._chosen.feed))

    def show_counts(self, counts: Mapping[Chip, int]) -> None:
        for chip, made in self._chips.items():
            number = counts[chip]
            made.setText(f"{texts.FILTER_NAMES[chip]}  {number}")
            made.setAccessibleName(f"{texts.FILTER_NAMES[chip]}, {phrases.count(number, 'visit', 'visits')}")

    def offer_feeds(self, names: list[str]) -> None:
        """With one feed there is nothing to choose."""
        shown = [self._feeds.itemData(number) for number in range(1, self._feeds.count())]
        if names == shown:
            return
        self._feeds.blockSignals(True)
        self._feeds.clear()
        self._feeds.addItem(texts.ALL_FEEDS, "")
        for name in names:
            self._feeds.addItem(feed_phrases.feed_name(name), name)
        self._feeds.setCurrentIndex(max(0, self._feeds.findData(self._chosen.feed)))
        self._feeds.blockSignals(False)
        self._feeds.setVisible(len(names) > 1)

    def _lay_out(self) -> None:
        bar, tools = panel("bar"), QWidget()
        flow = FlowLayout(bar, spacing=4, spread=True)
        flow.setContentsMargins(12, 4, 12, 4)
        for chip, made in self._chips.items():
            made.setCheckable(True)
            made.clicked.connect(lambda _=False, chosen=chip: self.choose(chosen))
            flow.addWidget(made)
        line = QHBoxLayout(tools)
        tight(line, spacing=8)
        for one in (self._feeds, self._new, self._density):
            line.addWidget(one)
        flow.addWidget(tools)
        outer = QHBoxLayout(self)
        tight(outer)
        outer.addWidget(bar)

    def _wire(self) -> None:
        self._feeds.currentIndexChanged.connect(self._choose_feed)
        self._density.clicked.connect(self._change_density)
        self._new.clicked.connect(self.new_wanted)
        self._theme.changed.connect(self._dress)

    @Slot(int)
    def _choose_feed(self, number: int) -> None:
        self._want(BoardFilter(self._chosen.chip, self._feeds.itemData(number) or ""))

    @Slot()
    def _change_density(self) -> None:
        compact = self._theme.density is Density.COMPACT
        self._theme.pack(Density.COMFORTABLE if compact else Density.COMPACT)
        self._density.says(texts.COMPACT if compact else texts.COMFORTABLE)

    @Slot()
    def _dress(self) -> None:
        side = self._theme.px(16)
        self._new.setIcon(self._assets.icon("add", Tone.TEXT, 16))
        self._new.setIconSize(QSize(side, side))

    def _want(self, wanted: BoardFilter) -> None:
        self._chosen = wanted
        for chip, made in self._chips.items():
            made.setChecked(chip is wanted.chip)
        self.wanted.emit(wanted)
