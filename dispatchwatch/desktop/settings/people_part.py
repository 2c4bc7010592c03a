"""Who sits at this desk, and who else does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dispatchwatch.app.key_path import Steps
from dispatchwatch.desktop import computer_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.people import LONGEST
from dispatchwatch.desktop.pieces import button, clear, label, tight
from dispatchwatch.desktop.settings.computer_parts import Headed
from dispatchwatch.desktop.settings.part import Known, Part
from dispatchwatch.desktop.settings.state import State

PEOPLE = "people"


def people_parts(room: DeskRoom) -> Sequence[Headed]:
    return [("", "", PeoplePart(room))]


class PeoplePart(Part):
    """A line for everybody; whoever takes the seat does so at once."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self.base: Steps = (PEOPLE,)
        self._people = room.people
        self.name, self.add = QLineEdit(), button(p.ADD_PERSON, "primary")
        self.name.setPlaceholderText(p.ADD_PERSON_HINT)
        self.name.setAccessibleName(p.ADD_PERSON_HINT)
        self.name.setMaxLength(LONGEST)
        self._lines, line = QVBoxLayout(), QHBoxLayout()
        tight(self._lines, spacing=8)
        tight(line, spacing=8)
        line.addWidget(self.name, 1)
        line.addWidget(self.add)
        column = QVBoxLayout(self)
        tight(column, spacing=16)
        column.addLayout(self._lines)
        column.addLayout(line)
        self.add.clicked.connect(self._add)
        self.name.returnPressed.connect(self._add)
        self._people.changed.connect(self._show)
        self._show()

    def show_state(self, state: State) -> None:
        """The file knows nothing of it."""

    def lead_to(self, rest: Steps) -> None:
        del rest
        self.name.setFocus()

    def known(self) -> Iterator[Known]:
        yield Known(self.base, *p.WHO)

    def _add(self) -> None:
        self._people.choose(self.name.text())
        self.name.clear()

    def _show(self) -> None:
        clear(self._lines)
        for name in self._people.known:
            self._lines.addWidget(self._line(name))

    def _line(self, name: str) -> QWidget:
        made, is_here = QWidget(), name == self._people.name
        line = QHBoxLayout(made)
        tight(line, spacing=8)
        line.addWidget(label(name, "label"))
        if is_here:
            line.addWidget(label(p.SITS_HERE, "muted"))
        line.addStretch(1)
        if not is_here:
            takes = button(p.TAKES_SEAT, says=f"{p.TAKES_SEAT}: {name}")
            takes.clicked.connect(partial(self._people.choose, name))
            line.addWidget(takes)
        if not is_here and name != self._people.account:
            gone = button(p.FORGET, says=f"{p.FORGET} {name}")
            gone.clicked.connect(partial(self._people.forget, name))
            line.addWidget(gone)
        return made
