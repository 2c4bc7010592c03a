"""The line below the filters, there only while it has something to say: what is filtered and sorted by, each to be
taken away with one press."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dispatchwatch.desktop import board_phrases
from dispatchwatch.desktop.board.arranging import Arranging
from dispatchwatch.desktop.board.sorting import MOST_URGENT_FIRST
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.pieces import button, clear, panel, tight
from dispatchwatch.desktop.tokens import Tone

Removal = tuple[str, str, Callable[[], None]]
"""What a chip says, what its press does in words, and what it does."""


class ActiveFilters(QWidget):
    def __init__(self, room: DeskRoom, arranging: Arranging) -> None:
        super().__init__()
        self._room = room
        self._arranging = arranging
        self._said: tuple[str, ...] = ()
        inner = panel("strip_bar")
        self._flow = FlowLayout(inner, spacing=8)
        self._flow.setContentsMargins(12, 6, 12, 6)
        outer = QHBoxLayout(self)
        tight(outer)
        outer.addWidget(inner)
        arranging.changed.connect(self._show)
        room.theme.changed.connect(self._dress)
        self._show()

    @property
    def chips(self) -> list[QPushButton]:
        items = (self._flow.itemAt(number) for number in range(self._flow.count()))
        return [widget for item in items if item is not None and isinstance(widget := item.widget(), QPushButton)]

    @Slot()
    def _dress(self) -> None:
        self._said = ()
        self._show()

    @Slot()
    def _show(self) -> None:
        removals = list(self._removals())
        self.setVisible(bool(removals))
        said = tuple(words for words, _, _ in removals)
        if said == self._said:
            return
        self._said = said
        clear(self._flow)
        for words, meaning, remove in removals:
            self._flow.addWidget(self._chip(words, meaning, remove))
        if len(removals) > 1:
            everything = button(board_phrases.CLEAR_ALL, "link")
            everything.clicked.connect(self._clear)
            self._flow.addWidget(everything)

    def _removals(self) -> Iterator[Removal]:
        present = self._arranging.present
        for value in sorted(present.filter.values):
            words = board_phrases.chosen_value(value)
            yield words, board_phrases.taken_away(words), partial(self._arranging.toggle, value)
        if present.filter.mine:
            yield board_phrases.MINE, board_phrases.taken_away(board_phrases.MINE), self._arranging.toggle_mine
        if present.sort:
            sort = partial(self._arranging.sort, MOST_URGENT_FIRST)
            yield board_phrases.order_words(present.sort), f"{board_phrases.MOST_URGENT_FIRST} · U", sort

    def _chip(self, words: str, meaning: str, remove: Callable[[], None]) -> QPushButton:
        theme, made = self._room.theme, button(words, "filter", says=meaning)
        made.setIcon(self._room.assets.icon("close", Tone.MUTED, 12))
        made.setIconSize(QSize(theme.px(12), theme.px(12)))
        made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        made.clicked.connect(lambda _checked=False: remove())
        return made

    @Slot()
    def _clear(self) -> None:
        filter_ = replace(self._arranging.present.filter, values=frozenset(), mine=False)
        present = replace(self._arranging.present, filter=filter_, sort=MOST_URGENT_FIRST)
        self._arranging.become(replace(self._arranging.memory, present=present))
