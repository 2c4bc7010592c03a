"""The settings that a search finds, by what they are called, what they mean, and their key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatchwatch.desktop import settings_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import label, tight
from dispatchwatch.desktop.settings.entry_list import EntryList, Line
from dispatchwatch.desktop.settings.part import Known
from dispatchwatch.desktop.settings.section import Scrolling, Section

MOST = 60


class FoundSettings(QWidget):
    """`chosen` carries the steps that lead to one."""

    chosen = Signal(object)

    def __init__(self, room: DeskRoom, sections: Sequence[Section]) -> None:
        super().__init__()
        self._sections = sections
        self._all: list[tuple[str, Known]] = []
        self._found: list[Known] = []
        self.list = EntryList(room, p.FOUND_SETTINGS, most_seen=MOST)
        self.none, self.advice = label(p.NOTHING_FOUND[0], "strong"), label(p.NOTHING_FOUND[1], "muted", wraps=True)
        inner = QWidget()
        column, whole = QVBoxLayout(inner), QVBoxLayout(self)
        tight(column, spacing=8)
        tight(whole)
        for widget in (self.none, self.advice, self.list):
            column.addWidget(widget)
        column.addStretch(1)
        whole.addWidget(Scrolling(room, inner))
        self.list.activated.connect(self._choose)
        self.list.clicked.connect(self._choose)

    def search(self, text: str) -> None:
        if not self._all and text:
            self._all = [(section.title, one) for section in self._sections for one in section.known()]
        words = text.casefold().split()
        fits = [(rank, title, one) for title, one in self._all if (rank := _rank(words, title, one)) is not None]
        fits.sort(key=lambda one: one[0])
        self._found = [one for _, _, one in fits[:MOST]]
        self.list.show_lines([Line(one.label, p.in_section(title, one.help)) for _, title, one in fits[:MOST]])
        self.list.setVisible(bool(fits))
        self.none.setVisible(not fits)
        self.advice.setVisible(not fits)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self._found[index.row()].steps)


def _rank(words: Sequence[str], title: str, one: Known) -> int | None:
    """First those whose name begins so, then whose name holds it, then the others; None where it does not fit."""
    name, key = one.label.casefold(), " ".join(map(str, one.steps)).casefold()
    whole = f"{name} {key} {one.help} {title}".casefold()
    if not words or not all(word in whole for word in words):
        return None
    if name.startswith(words[0]):
        return 0
    return 1 if all(word in f"{name} {key}" for word in words) else 2
