"""Where in the settings one can go: the sections with what is wrong in them, and a search over all settings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from dispatchwatch.desktop import settings_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import Choice, on_key, tight
from dispatchwatch.desktop.settings.section import Section, place_of
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.desktop.tokens import Tone

LINE = 32


class Navigation(QFrame):
    """`went` carries the place of a section, `searched` the words."""

    went = Signal(int)
    searched = Signal(str)

    def __init__(self, room: DeskRoom, sections: Sequence[Section]) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self._room, self._sections = room, sections
        self.search, self.list, self.box = QLineEdit(), QListWidget(), Choice(room.theme, room.assets)
        self.box.setAccessibleName(p.SECTIONS)
        self.search.setPlaceholderText(p.SEARCH)
        self.search.setAccessibleName(p.SEARCH)
        self.search.setClearButtonEnabled(True)
        self.list.setObjectName("sections")
        self.list.setAccessibleName(p.SECTIONS)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for section in sections:
            self.list.addItem(QListWidgetItem(section.title))
            self.box.addItem(section.title)
        column = QVBoxLayout(self)
        tight(column, (12, 16, 12, 12), 12)
        column.addWidget(self.search)
        column.addWidget(self.box)
        column.addWidget(self.list, 1)
        self.box.hide()
        self.search.textChanged.connect(self.searched)
        self.list.currentRowChanged.connect(self._go)
        self.box.activated.connect(self.list.setCurrentRow)
        on_key(self.search, "Down", self.list.setFocus)
        on_key(self.search, "Esc", self.search.clear)
        room.theme.changed.connect(self._dress)
        self._dress()

    def show_state(self, state: State) -> None:
        wrong = [place_of(self._sections, one.steps) for one in state.problems if not one.is_warning]
        for place, section in enumerate(self._sections):
            count, item = wrong.count(place), self.list.item(place)
            item.setText(p.with_problems(section.title, count))
            self.box.setItemText(place, item.text())
            item.setToolTip(p.problem_count(count) if count else "")
            item.setData(Qt.ItemDataRole.UserRole, count)
        self._dress()

    def mark(self, place: int) -> None:
        self.list.blockSignals(True)
        self.list.setCurrentRow(place)
        self.list.blockSignals(False)
        self.box.setCurrentIndex(place)

    def fold(self, *, folded: bool) -> None:
        """Where there is no room for a list, the sections are in a field to choose from."""
        self.box.setVisible(folded)
        self.list.setVisible(not folded)

    def _go(self, place: int) -> None:
        self.box.setCurrentIndex(place)
        self.went.emit(place)

    def _dress(self) -> None:
        theme = self._room.theme
        for place in range(self.list.count()):
            item = self.list.item(place)
            wrong = bool(item.data(Qt.ItemDataRole.UserRole))
            item.setSizeHint(QSize(0, theme.px(LINE)))
            item.setForeground(theme.color(Tone.LATE if wrong else Tone.TEXT))
            item.setIcon(self._room.assets.icon("failed", Tone.LATE, 16) if wrong else QIcon())
