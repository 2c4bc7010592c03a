"""The dialog for the columns: which are shown, in which order, how wide, and for which views."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from dispatchwatch.desktop import board_phrases, texts
from dispatchwatch.desktop.board.arranging import Arranging
from dispatchwatch.desktop.board.columns import CHOOSABLE, USUAL, Column, Placed
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.switch import Switch
from dispatchwatch.desktop.pieces import Choice, button, label, on_key, tight
from dispatchwatch.desktop.sheet import Sheet

WIDTH, LIST_HEIGHT = 520, 376
WHICH = Qt.ItemDataRole.UserRole


class ColumnsDialog(Sheet):
    """Whatever is pressed is done at once, so that it can be seen on the board."""

    def __init__(self, room: DeskRoom, arranging: Arranging, parent: QWidget) -> None:
        super().__init__(room.theme, board_phrases.COLUMNS_TITLE, WIDTH, parent)
        self._arranging = arranging
        self._widths = {placed.column: placed.width for placed in arranging.memory.columns}
        self.list = QListWidget()
        self.list.setObjectName("choices")
        self.list.setAccessibleName(board_phrases.COLUMNS_TITLE)
        self.list.setMinimumHeight(room.theme.px(LIST_HEIGHT))
        self.up, self.down = button(board_phrases.UP, key="Alt+↑"), button(board_phrases.DOWN, key="Alt+↓")
        self.width_choice = Choice(room.theme, room.assets)
        self.width_choice.setAccessibleName(board_phrases.WIDTH)
        self.own = Switch(room.theme, board_phrases.OWN_COLUMNS, board_phrases.OWN_COLUMNS)
        self.own.setAccessibleName(board_phrases.OWN_COLUMNS)
        self.own.setChecked(arranging.present.columns is not None)
        self.reset = button(board_phrases.RESET_COLUMNS, "quiet")
        self._lay_out()
        self._fill()
        self._wire()
        self.list.setCurrentRow(0)
        self.list.setFocus()

    @property
    def chosen(self) -> Column:
        return Column(self.list.currentItem().data(WHICH)) if self.list.currentRow() >= 0 else Column.TIME

    def _lay_out(self) -> None:
        self.body.addWidget(label(board_phrases.COLUMNS_MEANING, "muted", wraps=True))
        middle, beside = QHBoxLayout(), QVBoxLayout()
        tight(middle, spacing=12)
        tight(beside, spacing=8)
        for one in (self.up, self.down, label(board_phrases.WIDTH, "small"), self.width_choice):
            beside.addWidget(one)
        beside.addStretch(1)
        middle.addWidget(self.list, 1)
        middle.addLayout(beside)
        self.body.addLayout(middle)
        self.body.addWidget(self.own)
        self.body.addWidget(label(board_phrases.OWN_COLUMNS_HINT, "small", wraps=True))
        close = button(texts.CLOSE, "primary", "Esc")
        close.clicked.connect(self.accept)
        self.foot.addWidget(self.reset)
        self.foot.addStretch(1)
        self.foot.addWidget(close)

    def _wire(self) -> None:
        self.up.clicked.connect(partial(self._move, -1))
        self.down.clicked.connect(partial(self._move, 1))
        on_key(self, "Alt+Up", partial(self._move, -1))
        on_key(self, "Alt+Down", partial(self._move, 1))
        self.list.itemChanged.connect(self._take)
        self.list.currentRowChanged.connect(self._offer)
        self.width_choice.activated.connect(self._widen)
        self.own.clicked.connect(self._take)
        self.reset.clicked.connect(self._reset)

    def _fill(self) -> None:
        shown = self._arranging.memory.columns
        order = [*(placed.column for placed in shown), *(one for one in CHOOSABLE if one not in self._widths)]
        self.list.blockSignals(True)
        self.list.clear()
        for column in order:
            item = QListWidgetItem(board_phrases.COLUMN_NAMES[column], self.list)
            item.setData(WHICH, int(column))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if column in self._widths else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)

    @Slot()
    def _offer(self) -> None:
        row, width = self.list.currentRow(), self._widths.get(self.chosen, 0)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.list.count() - 1)
        choices = dict(board_phrases.WIDTH_CHOICES)
        choices.setdefault(width, board_phrases.by_hand(width))
        self.width_choice.clear()
        for pixels, name in choices.items():
            self.width_choice.addItem(name, pixels)
        self.width_choice.setCurrentIndex(self.width_choice.findData(width))

    @Slot()
    def _take(self) -> None:
        """What is checked is shown, in the order of the list. Something always is."""
        items = [self.list.item(row) for row in range(self.list.count())]
        columns = [Column(item.data(WHICH)) for item in items if item.checkState() is Qt.CheckState.Checked]
        shown = tuple(Placed(column, self._widths.get(column, 0)) for column in columns)
        if not shown:
            self._fill()
            return
        self._widths = {placed.column: placed.width for placed in shown}
        memory = self._arranging.memory
        self._arranging.become(memory.with_columns(shown, own=self.own.isChecked()))

    def _move(self, steps: int) -> None:
        row = self.list.currentRow()
        if 0 <= row + steps < self.list.count():
            self.list.blockSignals(True)
            self.list.insertItem(row + steps, self.list.takeItem(row))
            self.list.setCurrentRow(row + steps)
            self.list.blockSignals(False)
            self._offer()
            self._take()

    @Slot()
    def _widen(self) -> None:
        self._widths[self.chosen] = int(self.width_choice.currentData())
        self._take()

    @Slot()
    def _reset(self) -> None:
        self._widths = {placed.column: placed.width for placed in USUAL}
        self._arranging.become(self._arranging.memory.with_columns(USUAL, own=self.own.isChecked()))
        self._fill()
        self.list.setCurrentRow(0)
