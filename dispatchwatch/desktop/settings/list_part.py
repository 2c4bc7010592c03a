"""A list of the configuration: a line for each entry, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from dispatchwatch.app.key_path import Steps, value_at
from dispatchwatch.app.settings.kinds import Described
from dispatchwatch.app.settings.session import SettingsSession
from dispatchwatch.desktop import settings_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.pieces import button, label, on_key, tight
from dispatchwatch.desktop.settings.editing import Editing
from dispatchwatch.desktop.settings.entry_list import EntryList, Line
from dispatchwatch.desktop.settings.part import Known, Part
from dispatchwatch.desktop.settings.state import State

Entry = Mapping[str, Any]
MakeEditor = Callable[[DeskRoom, Editing, Steps, State], Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    """What a list is made of. `line` says an entry in words, given all entries; `editor` edits one; `begin` gives what
    a new one begins with. `fields` are what can be searched for. In a list that is `ordered` the order counts; one that
    `is_named` is a table of tables by their names."""

    base: Steps
    singular: str
    plural: str
    why: str
    line: Callable[[Entry, State], Line]
    editor: MakeEditor
    begin: Callable[[State], Entry] = lambda _state: {}
    fields: Callable[[], Sequence[Described]]
    ordered: bool = False
    is_named: bool = False
    offers_add: bool = True


class ListPart(Part):
    """`opened` carries the steps of an entry; `adding` that somebody wants another one, where it takes more than an
    empty one."""

    opened = Signal(object)
    adding = Signal()

    def __init__(self, room: DeskRoom, editing: Editing, of: ListOf) -> None:
        super().__init__()
        self.base, self.of = of.base, of
        self._editing = editing
        self._state = State()
        self._opens_at = -1
        self.list = EntryList(room, of.plural)
        self.none = label(settings_phrases.nothing_yet(of.plural.lower()), "muted", wraps=True)
        self.buttons = self._buttons()
        self._lay_out()
        self._take_keys()
        self.list.activated.connect(lambda index: self.opened.emit(self.steps_at(index.row())))

    @property
    def entries(self) -> list[tuple[Steps, Entry]]:
        """In their order, each with where it stands."""
        found = value_at(self._state.values, self.base)
        if isinstance(found, Mapping):
            return [((*self.base, name), one if isinstance(one, Mapping) else {}) for name, one in found.items()]
        told = found if isinstance(found, list) else []
        return [((*self.base, place), one if isinstance(one, Mapping) else {}) for place, one in enumerate(told)]

    def steps_at(self, place: int) -> Steps:
        return self.entries[place][0]

    def name_at(self, place: int) -> str:
        steps, entry = self.entries[place]
        return self.of.line(_told(steps, entry), self._state).title

    def show_state(self, state: State) -> None:
        self._state = state
        lines = []
        for steps, entry in self.entries:
            problems = state.problems_at(steps)
            lines.append(
                self.of.line(_told(steps, entry), state)._replace(problem="; ".join(dict.fromkeys(problems.values())))
            )
        self.list.show_lines(lines)
        self.list.setVisible(bool(lines))
        self.none.setVisible(not lines)
        for name, one in self.buttons.items():
            one.setVisible(bool(lines) or name == settings_phrases.ADD)
        if 0 <= self._opens_at < len(lines):
            place, self._opens_at = self._opens_at, -1
            self.list.mark(place)
            self.opened.emit(self.steps_at(place))

    def lead_to(self, rest: Steps) -> None:
        """Opens the entry at the first step; without one, the first entry that there is."""
        places = [steps for steps, _ in self.entries]
        wanted = (*self.base, *rest[:1])
        if rest and wanted in places:
            self.list.mark(places.index(wanted))
            self.opened.emit(wanted)
        elif self.list.isHidden():
            self.buttons[settings_phrases.ADD].setFocus()
        else:
            self.list.setFocus()

    def known(self) -> Iterator[Known]:
        yield Known(self.base, self.of.plural, self.of.why)
        for one in self.of.fields():
            yield Known((*self.base, 0, one.key), f"{one.label} ({self.of.singular.lower()})", one.help)

    # what a person does

    def add(self, values: Entry | None = None) -> None:
        """Adds an entry and opens it."""
        told = dict(self.of.begin(self._state) if values is None else values)
        self._opens_at = len(self.entries)
        self._put(told, settings_phrases.added(f"a {self.of.singular.lower()}"), len(self.entries))

    def edit(self) -> None:
        if 0 <= self.list.place < len(self.entries):
            self.opened.emit(self.steps_at(self.list.place))

    def duplicate(self) -> None:
        place = self.list.place
        if place < 0:
            return
        told = deepcopy(dict(self.entries[place][1]))
        if "name" in told:
            taken = {str(entry.get("name")) for _, entry in self.entries}
            told["name"] = settings_phrases.copy_of(str(told["name"]), taken)
        self._opens_at = len(self.entries) if self.of.is_named else place + 1
        self._put(told, settings_phrases.added(f"a copy of {self.name_at(place)}"), place + 1)

    def remove(self) -> None:
        if self.list.place < 0:
            return
        steps, name = self.steps_at(self.list.place), self.name_at(self.list.place)
        takes = SettingsSession.remove if isinstance(steps[-1], int) else SettingsSession.unset
        self._editing.do(steps, lambda session: takes(session, steps), settings_phrases.removed(name))

    def shift(self, by: int) -> None:
        place = self.list.place
        if place < 0 or not 0 <= place + by < len(self.entries):
            return
        steps, words = self.steps_at(place), settings_phrases.moved(self.name_at(place))
        self._editing.do(steps, lambda session: session.move(steps, place + by), words)
        self.list.mark(place + by)

    def _put(self, told: dict[str, Any], words: str, place: int) -> None:
        base, last = self.base, len(self.entries)
        name = settings_phrases.free_name(self.of.singular.lower(), {str(steps[-1]) for steps, _ in self.entries})

        def deed(session: SettingsSession) -> None:
            if self.of.is_named:
                session.set((*base, name), told)
            else:
                session.add(base, told)
                session.move((*base, last), place)

        self._editing.do(base, deed, words)

    def _add(self) -> None:
        if self.of.offers_add:
            self.add()
        else:
            self.adding.emit()

    def _buttons(self) -> dict[str, QPushButton]:
        p, singular = settings_phrases, self.of.singular.lower()
        wanted: list[tuple[str, str, Callable[[], None]]] = [
            (p.ADD, p.ADD_KEY, self._add),
            (p.EDIT, p.EDIT_KEY, self.edit),
            (p.DUPLICATE, p.DUPLICATE_KEY, self.duplicate),
        ]
        if self.of.ordered:
            wanted += [(p.UP, p.UP_KEY, lambda: self.shift(-1)), (p.DOWN, p.DOWN_KEY, lambda: self.shift(1))]
        wanted.append((p.REMOVE, p.REMOVE_KEY, self.remove))
        made = {name: button(name, key=key, says=f"{name}: {singular}") for name, key, _ in wanted}
        for name, _, action in wanted:
            made[name].clicked.connect(action)
        return made

    def _lay_out(self) -> None:
        line = QWidget()
        flow = FlowLayout(line, spacing=8)
        for one in self.buttons.values():
            flow.addWidget(one)
        column = QVBoxLayout(self)
        tight(column, spacing=12)
        column.addWidget(line)
        column.addWidget(self.none)
        column.addWidget(self.list)

    def _take_keys(self) -> None:
        on_key(self, settings_phrases.ADD_KEY, self._add)
        on_key(self.list, settings_phrases.DUPLICATE_KEY, self.duplicate)
        on_key(self.list, settings_phrases.REMOVE_KEY, self.remove)
        if self.of.ordered:
            on_key(self.list, settings_phrases.UP_KEY, lambda: self.shift(-1))
            on_key(self.list, settings_phrases.DOWN_KEY, lambda: self.shift(1))


def _told(steps: Steps, entry: Entry) -> Entry:
    """With its name, where that is the key it stands under."""
    return {**entry, "": steps[-1]} if isinstance(steps[-1], str) else entry
