"""The line above the board: the view, the filters one press away, and what else changes how the list looks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from dispatchwatch.desktop import board_phrases, phrases, texts
from dispatchwatch.desktop.board.arranging import Arranging
from dispatchwatch.desktop.board.filter_panel import FilterPanel
from dispatchwatch.desktop.board.grouping import Grouping
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.board.order import OFFERED, Chip
from dispatchwatch.desktop.board.view_menu import ViewMenu
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.pieces import IconButton, button, label, panel, tight
from dispatchwatch.desktop.theme import Density
from dispatchwatch.desktop.tokens import Tone

WORDS_FROM = 1120


class FilterBar(QWidget):
    """`new_wanted`: a new visit; `columns_wanted`: the dialog of the columns; `folding_wanted`: whether all groups are
    to be folded."""

    new_wanted = Signal()
    columns_wanted = Signal()
    folding_wanted = Signal(bool)

    def __init__(self, room: DeskRoom, rows: BoardModel, arranging: Arranging, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._assets = room.theme, room.assets
        self._arranging = arranging
        self.views = ViewMenu(room, arranging)
        self._chips = {chip: button(texts.FILTER_NAMES[chip], "chip") for chip in OFFERED}
        self.filter, self._hits = button(board_phrases.FILTER, "chip", "F"), label("", "muted")
        self.panel = FilterPanel(room, rows, arranging, self)
        self.group = IconButton(room.theme, room.assets, "group", board_phrases.GROUP_BY, "G")
        self.groups = QMenu(self)
        self.columns = IconButton(room.theme, room.assets, "columns", board_phrases.CHOOSE_COLUMNS, "Shift+C")
        self._new = button(texts.NEW_VISIT, key="Ctrl+N", says=texts.NEW_VISIT)
        self._density = IconButton(room.theme, room.assets, "density", texts.COMPACT)
        self._lay_out()
        self._wire()
        self._dress()
        self._show()

    def choose(self, chip: Chip) -> None:
        self._arranging.choose_chip(chip)

    def show_counts(self, counts: Mapping[Chip, int]) -> None:
        for chip, made in self._chips.items():
            number = counts[chip]
            made.setText(f"{texts.FILTER_NAMES[chip]}  {number}")
            made.setAccessibleName(f"{texts.FILTER_NAMES[chip]}, {phrases.count(number, 'visit', 'visits')}")

    def show_hits(self, number: int, total: int, *, searching: bool) -> None:
        """How many visits are shown where that is not all of them."""
        self._hits.setText(board_phrases.hits(number, total, searching=searching))
        self._hits.setVisible(searching or number != total)

    @property
    def hits(self) -> str:
        return "" if self._hits.isHidden() else self._hits.text()

    @Slot()
    def open_panel(self) -> None:
        self.panel.open_below(self.filter)

    @Slot()
    def open_groups(self) -> None:
        self.group.showMenu()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Where there is little room, the words for a new visit give way: its sign is known everywhere."""
        super().resizeEvent(event)
        self._new.setText(texts.NEW_VISIT if self.width() >= self._theme.px(WORDS_FROM) else "")

    def _lay_out(self) -> None:
        bar, tools = panel("bar"), QWidget()
        flow = FlowLayout(bar, spacing=4, spread=True)
        flow.setContentsMargins(12, 4, 12, 4)
        flow.addWidget(self.views.button)
        for chip, made in self._chips.items():
            made.setCheckable(True)
            made.clicked.connect(partial(self._press, chip))
            flow.addWidget(made)
        flow.addWidget(self.filter)
        flow.addWidget(self._hits)
        self.group.setCheckable(True)
        self.group.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self.group.setMenu(self.groups)
        line = QHBoxLayout(tools)
        tight(line, spacing=4)
        for one in (self._new, self.group, self.columns, self._density):
            line.addWidget(one)
        flow.addWidget(tools)
        outer = QHBoxLayout(self)
        tight(outer)
        outer.addWidget(bar)

    def _wire(self) -> None:
        self.filter.clicked.connect(self.open_panel)
        self.groups.aboutToShow.connect(self._fill_groups)
        self.columns.clicked.connect(self.columns_wanted)
        self._density.clicked.connect(self._change_density)
        self._new.clicked.connect(self.new_wanted)
        self._theme.changed.connect(self._dress)
        self._arranging.changed.connect(self._show)

    def _press(self, chip: Chip, _checked: bool = False) -> None:
        self._arranging.choose_chip(chip)
        self._show()

    @Slot()
    def _show(self) -> None:
        present = self._arranging.present
        for chip, made in self._chips.items():
            made.setChecked(chip is present.filter.chip)
        number = len(present.filter.values) + present.filter.mine
        self.filter.setText(f"{board_phrases.FILTER}  {number}" if number else board_phrases.FILTER)
        self.filter.setAccessibleName(board_phrases.filters(number))
        grouped = present.grouping is not Grouping.NONE
        says = board_phrases.grouped_by(present.grouping) if grouped else board_phrases.GROUP_BY
        self.group.says(says, "G")
        self.group.setChecked(grouped)

    @Slot()
    def _fill_groups(self) -> None:
        self.groups.clear()
        one_of = QActionGroup(self.groups)
        for grouping in Grouping:
            action = self.groups.addAction(board_phrases.GROUPING_NAMES[grouping])
            action.setCheckable(True)
            action.setChecked(grouping is self._arranging.present.grouping)
            action.triggered.connect(partial(self._group, grouping))
            one_of.addAction(action)
        self.groups.addSeparator()
        for folded, words in ((True, board_phrases.FOLD_ALL), (False, board_phrases.UNFOLD_ALL)):
            action = self.groups.addAction(words)
            action.setEnabled(self._arranging.present.grouping is not Grouping.NONE)
            action.triggered.connect(partial(self.folding_wanted.emit, folded))

    def _group(self, grouping: Grouping, _checked: bool = False) -> None:
        self._arranging.group(grouping)

    @Slot()
    def _change_density(self) -> None:
        compact = self._theme.density is Density.COMPACT
        self._theme.pack(Density.COMFORTABLE if compact else Density.COMPACT)

    @Slot()
    def _dress(self) -> None:
        side = self._theme.px(16)
        for made, icon in ((self._new, "add"), (self.filter, "filter")):
            made.setIcon(self._assets.icon(icon, Tone.TEXT, 16))
            made.setIconSize(QSize(side, side))
        self._density.says(texts.COMFORTABLE if self._theme.density is Density.COMPACT else texts.COMPACT)
