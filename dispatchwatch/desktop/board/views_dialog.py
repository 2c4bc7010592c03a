"""The list of views: their order, their names, which goes, and which opens at start."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from dispatchwatch.desktop import board_phrases, texts
from dispatchwatch.desktop.board.arranging import Arranging
from dispatchwatch.desktop.board.naming import ViewNaming
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import button, label, on_key, tight
from dispatchwatch.desktop.sheet import Sheet

WIDTH, LIST_HEIGHT = 520, 264


class ViewsDialog(Sheet):
    """Whatever is pressed is done at once."""

    def __init__(self, room: DeskRoom, arranging: Arranging, parent: QWidget) -> None:
        super().__init__(room.theme, board_phrases.VIEWS_TITLE, WIDTH, parent)
        self._room = room
        self._arranging = arranging
        self.list = QListWidget()
        self.list.setObjectName("choices")
        self.list.setAccessibleName(board_phrases.VIEWS_TITLE)
        self.list.setMinimumHeight(room.theme.px(LIST_HEIGHT))
        self.start = label("", "muted", wraps=True)
        self.up, self.down = button(board_phrases.UP, key="Alt+↑"), button(board_phrases.DOWN, key="Alt+↓")
        self.rename, self.delete = button(board_phrases.RENAME, key="F2"), button(board_phrases.DELETE, "danger", "Del")
        self.at_start, self.restore = button(board_phrases.AT_START), button(board_phrases.RESTORE_VIEWS, "quiet")
        self._lay_out()
        self._wire()
        self._fill()
        self.list.setCurrentRow(0)
        self.list.setFocus()

    @property
    def chosen(self) -> str:
        views, row = self._arranging.memory.views, self.list.currentRow()
        return views[row].name if 0 <= row < len(views) else ""

    def _lay_out(self) -> None:
        self.body.addWidget(label(board_phrases.VIEWS_MEANING, "muted", wraps=True))
        middle, beside = QHBoxLayout(), QVBoxLayout()
        tight(middle, spacing=12)
        tight(beside, spacing=8)
        for one in (self.up, self.down, self.rename, self.at_start, self.delete):
            beside.addWidget(one)
        beside.addStretch(1)
        middle.addWidget(self.list, 1)
        middle.addLayout(beside)
        self.body.addLayout(middle)
        self.body.addWidget(self.start)
        close = button(texts.CLOSE, "primary", "Esc")
        close.clicked.connect(self.accept)
        self.foot.addWidget(self.restore)
        self.foot.addStretch(1)
        self.foot.addWidget(close)

    def _wire(self) -> None:
        self.up.clicked.connect(partial(self._move, -1))
        self.down.clicked.connect(partial(self._move, 1))
        self.rename.clicked.connect(self._rename)
        self.delete.clicked.connect(self._delete)
        self.at_start.clicked.connect(self._choose_start)
        self.restore.clicked.connect(lambda: self._arranging.become(self._arranging.memory.restored()))
        self._arranging.changed.connect(self._fill)
        self.list.currentRowChanged.connect(self._offer)
        on_key(self, "Alt+Up", partial(self._move, -1))
        on_key(self, "Alt+Down", partial(self._move, 1))
        on_key(self, "F2", self._rename)
        on_key(self.list, "Del", self._delete)

    @Slot()
    def _fill(self) -> None:
        """The row that is chosen stays so."""
        memory, row = self._arranging.memory, self.list.currentRow()
        self.list.clear()
        for number, view in enumerate(memory.views):
            keys = f"   Ctrl+{number + 1}" if number < 9 else ""
            start = f"   {board_phrases.OPENS_AT_START}" if view.name == memory.at_start else ""
            QListWidgetItem(f"{view.name}{keys}{start}", self.list)
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        self._offer()

    @Slot()
    def _offer(self) -> None:
        memory, row = self._arranging.memory, self.list.currentRow()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.list.count() - 1)
        self.delete.setEnabled(self.list.count() > 1)
        self.at_start.setText(board_phrases.AS_LEFT if self.chosen == memory.at_start else board_phrases.AT_START)
        self.start.setText(board_phrases.how_it_starts(memory.at_start))

    def _move(self, steps: int) -> None:
        name, row = self.chosen, self.list.currentRow()
        if 0 <= row + steps < self.list.count():
            self._arranging.become(self._arranging.memory.moved(name, steps))
            self.list.setCurrentRow(row + steps)

    @Slot()
    def _rename(self) -> None:
        ViewNaming(self._room, self._arranging, self, renames=self.chosen).open()

    @Slot()
    def _delete(self) -> None:
        self._arranging.become(self._arranging.memory.deleted(self.chosen))

    @Slot()
    def _choose_start(self) -> None:
        memory = self._arranging.memory
        self._arranging.become(memory.starting_with("" if self.chosen == memory.at_start else self.chosen))
