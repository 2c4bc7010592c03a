"""One section of the settings: its parts one below the other, and the entry of a list that is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from dispatchwatch.app.key_path import Steps, value_at
from dispatchwatch.desktop import settings_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import button, label, on_key, tight
from dispatchwatch.desktop.settings.editing import Editing
from dispatchwatch.desktop.settings.form_part import headed
from dispatchwatch.desktop.settings.list_part import ListPart
from dispatchwatch.desktop.settings.part import Known, Part
from dispatchwatch.desktop.settings.state import State

WIDEST = 760
MARGIN = 24


class Plan(NamedTuple):
    """A section before anybody has gone there. `bases` are where in the configuration its keys stand."""

    title: str
    why: str
    bases: tuple[Steps, ...]


Make = Callable[[], Sequence[tuple[str, str, Part]]]
"""The parts with their headings; a heading is empty where there is none."""


class Section(QStackedWidget):
    """Its parts are made when somebody first goes there. `opened` carries the section once one of its entries is
    shown."""

    opened = Signal(object)

    def __init__(self, room: DeskRoom, editing: Editing, plan: Plan, make: Make) -> None:
        super().__init__()
        self.title, self.why, self.bases = plan
        self.parts: list[Part] = []
        self.open_entry: Part | None = None
        self._room, self._editing, self._make = room, editing, make
        self._state = State()
        self._page: QWidget | None = None

    def build(self) -> None:
        """Once."""
        if self.parts:
            return
        parts = self._make()
        self.parts = [part for _, _, part in parts]
        self.addWidget(Scrolling(self._room, self._column(parts)))
        for part in self.parts:
            if isinstance(part, ListPart):
                part.opened.connect(self.open_at)

    def show_state(self, state: State) -> None:
        self.build()
        self._state = state
        entry = self.open_entry
        if entry is not None and value_at(state.values, entry.base) is None:
            self.close_entry()
        elif entry is not None:
            entry.show_state(state)
        for part in self.parts:
            part.show_state(state)

    def closeness(self, steps: Steps) -> int:
        """How many of the steps lead to this section; 0 where they lead elsewhere."""
        return max((len(base) for base in self.bases if self._owns(base, steps)), default=0)

    def known(self) -> Iterator[Known]:
        self.build()
        for part in self.parts:
            yield from part.known()

    def lead_to(self, steps: Steps) -> None:
        """Puts the keyboard at a key, in the entry it belongs to."""
        self.close_entry()
        near = [one for one in self.parts if self._owns(one.base, steps)]
        part = next((one for one in near if one.holds(steps[len(one.base) :])), None)
        if part is None:
            self.take_keyboard()
            return
        rest = steps[len(part.base) :]
        part.lead_to(rest)
        if self.open_entry is not None:
            self.open_entry.lead_to(rest[1:])

    def take_keyboard(self) -> None:
        if self.parts:
            self.parts[0].lead_to(())

    def open_at(self, steps: Steps) -> None:
        """Shows one entry of a list in place of the section."""
        part = next((one for one in self.parts if isinstance(one, ListPart) and self._owns(one.base, steps)), None)
        if part is None:
            return
        self.close_entry()
        entry = part.of.editor(self._room, self._editing, steps, self._state)
        self.show_page(entry, part.of.plural)
        self.open_entry = entry
        entry.show_state(self._state)
        entry.lead_to(())
        self.opened.emit(self)

    def show_page(self, content: QWidget, plural: str) -> None:
        """Something in place of the section, with the way back above it."""
        back = button(settings_phrases.back_to(plural), "link", "Esc")
        back.clicked.connect(self.close_entry)
        inner = QWidget()
        column = QVBoxLayout(inner)
        tight(column, spacing=12)
        column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content, 1)
        self._page = inner if content.property("scrolls") else Scrolling(self._room, inner)
        if self._page is inner:
            column.setContentsMargins(MARGIN, 16, MARGIN, 0)
        on_key(self._page, "Esc", self.close_entry)
        self.addWidget(self._page)
        self.setCurrentWidget(self._page)

    def close_entry(self) -> None:
        page, self._page, self.open_entry = self._page, None, None
        if page is not None:
            self.setCurrentIndex(0)
            self.removeWidget(page)
            page.deleteLater()
            for part in self.parts:
                part.show_state(self._state)
            self.take_keyboard()

    @staticmethod
    def _owns(base: Steps, steps: Steps) -> bool:
        return bool(base) and steps[: len(base)] == base

    def _column(self, parts: Sequence[tuple[str, str, Part]]) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        tight(column, spacing=4)
        column.addWidget(label(self.title, "title"))
        if self.why:
            column.addWidget(label(self.why, "muted", wraps=True))
        for title, why, part in parts:
            column.addSpacing(20)
            column.addWidget(headed(title, why, part) if title else part)
        column.addStretch(1)
        return inner


class Scrolling(QScrollArea):
    """One column, no wider than can be read."""

    def __init__(self, room: DeskRoom, inner: QWidget) -> None:
        super().__init__()
        self._room, self._inner = room, inner
        self.setObjectName("sheet")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        line = QVBoxLayout(holder)
        tight(line, (MARGIN, 20, MARGIN, MARGIN))
        line.addWidget(inner)
        self.setWidget(holder)
        room.theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._inner.setMaximumWidth(self._room.theme.px(WIDEST))


def place_of(sections: Sequence[Section], steps: Steps) -> int:
    """The section that a key belongs to; -1 where none has it."""
    near = [(one.closeness(steps), place) for place, one in enumerate(sections)]
    best = max(near, key=lambda one: one[0])
    return best[1] if best[0] else -1
