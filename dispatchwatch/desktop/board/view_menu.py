"""The button that says which view is seen, and its menu: the other views, and what can be done with this one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QMenu, QPushButton

from dispatchwatch.desktop import board_phrases
from dispatchwatch.desktop.board.arranging import Arranging
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import button
from dispatchwatch.desktop.tokens import Tone

WITH_A_KEY = 9


class ViewMenu(QMenu):
    """`button` opens it. `naming_wanted`: a name is to be asked for; `list_wanted`: the list of views."""

    naming_wanted = Signal()
    list_wanted = Signal()

    def __init__(self, room: DeskRoom, arranging: Arranging) -> None:
        super().__init__()
        self._room = room
        self._arranging = arranging
        self.button: QPushButton = button("", "view")
        self.button.setMenu(self)
        self.aboutToShow.connect(self._fill)
        arranging.changed.connect(self._say)
        room.theme.changed.connect(self._say)
        self._say()

    @Slot()
    def _say(self) -> None:
        memory, theme = self._arranging.memory, self._room.theme
        self.button.setText(board_phrases.view_name(memory.shown_name, changed=memory.changed))
        tip = board_phrases.view_tip(memory.shown_name, changed=memory.changed)
        self.button.setAccessibleName(tip)
        self.button.setToolTip(tip)
        self.button.setIcon(self._room.assets.icon("views", Tone.SOON if memory.changed else Tone.MUTED, 16))
        self.button.setIconSize(QSize(theme.px(16), theme.px(16)))

    @Slot()
    def _fill(self) -> None:
        self.clear()
        memory = self._arranging.memory
        for number, view in enumerate(memory.views):
            keys = f"\tCtrl+{number + 1}" if number < WITH_A_KEY else ""
            action = self.addAction(f"{view.name.replace('&', '&&')}{keys}")
            action.setCheckable(True)
            action.setChecked(view.name == memory.shown_name and not memory.changed)
            action.triggered.connect(partial(self._open, number))
        self.addSeparator()
        if memory.changed:
            self.addAction(board_phrases.SAVE_VIEW).triggered.connect(self._save)
            self.addAction(board_phrases.BACK_TO_SAVED).triggered.connect(self._arranging.open_again)
        self.addAction(f"{board_phrases.SAVE_VIEW_AS}\tCtrl+S").triggered.connect(self.naming_wanted)
        self.addAction(board_phrases.ARRANGE_VIEWS).triggered.connect(self.list_wanted)

    def _open(self, number: int, _checked: bool = False) -> None:
        self._arranging.open(number)

    def _save(self) -> None:
        self._arranging.become(self._arranging.memory.saved())
