"""Which platform is to be told: the first question about a channel."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QLineEdit
from shiboken6 import isValid

from dispatchwatch.desktop import channel_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.empty import EmptyNote
from dispatchwatch.desktop.forms.editor import below
from dispatchwatch.desktop.forms.help_panel import first_sentences
from dispatchwatch.desktop.forms.option_list import OptionList
from dispatchwatch.desktop.forms.platform_rows import KEY, PlatformRows
from dispatchwatch.desktop.forms.step import Step
from dispatchwatch.desktop.forms.two_lines import TwoLines


class PlatformList(Step):
    """`chosen` carries the key of a platform: with Enter, or a press of the mouse."""

    chosen = Signal(str)

    title = channel_phrases.WHICH_PLATFORM
    why = channel_phrases.WHICH_PLATFORM_WHY

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self._room = room
        self.model = PlatformRows()
        self._delegate = TwoLines(room)
        self.search, self.view = QLineEdit(), OptionList()
        self.search.setPlaceholderText(channel_phrases.SEARCH_PLATFORMS)
        self.search.setAccessibleName(channel_phrases.SEARCH_PLATFORMS)
        self.search.setClearButtonEnabled(True)
        self.view.setAccessibleName(channel_phrases.PLATFORMS)
        self.view.setModel(self.model)
        self.view.setItemDelegate(self._delegate)
        self.view.setUniformItemSizes(True)
        self._none = EmptyNote(room, "search", self.view.viewport())
        below(self, self.search, self.view, spacing=12)
        self._wire()
        room.tasks.spawn(self._learn())

    @property
    def key(self) -> str:
        """Of the platform that is marked; empty where none is."""
        return str(self.view.chosen.data(KEY) or "")

    @property
    def is_complete(self) -> bool:
        return bool(self.key)

    def mark(self, key: str) -> None:
        place = self.model.place_of(key)
        if place >= 0:
            self.view.setCurrentIndex(self.model.index(place, 0))

    def take_keyboard(self) -> None:
        self.search.setFocus()

    def _wire(self) -> None:
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self._enter)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self.changed.emit())
        self._room.theme.changed.connect(self.view.doItemsLayout)

    def _narrow(self, text: str) -> None:
        before = self.key
        self.model.search(text)
        self.mark(before)
        if self.model.rowCount():
            self._none.hide()
            if not self.key:
                self.view.setCurrentIndex(self.model.index(0, 0) if text.strip() else QModelIndex())
        else:
            self._none.say(*channel_phrases.NO_PLATFORM_FOUND)
        self.changed.emit()

    def _enter(self) -> None:
        if self.key:
            self.chosen.emit(self.key)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(str(index.data(KEY)))

    async def _learn(self) -> None:
        does = await first_sentences(self._room.assets.help / "platforms", self.model.keys)
        if isValid(self):
            before = self.key
            self.model.tell(does)
            self.mark(before)
