"""The fields of one table of the configuration."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatchwatch.app.key_path import Steps, value_at
from dispatchwatch.app.settings.kinds import Described
from dispatchwatch.desktop import settings_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.form import Form
from dispatchwatch.desktop.forms.switch import Switch
from dispatchwatch.desktop.pieces import label, tight
from dispatchwatch.desktop.settings.editing import Editing
from dispatchwatch.desktop.settings.part import Known, Part
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.desktop.settings.surroundings import surroundings_of

NO_EDITION = -1


class FormPart(Part):
    """With `switches`, the table as a whole is there or is not. `quiet_at_first`: a table that is new is not told off
    for what nobody has filled in yet, until something is done to it. Of several parts of one table, each
    knows the keys that have their fields `elsewhere`."""

    def __init__(
        self,
        room: DeskRoom,
        editing: Editing,
        base: Steps,
        fields: Sequence[Described],
        *,
        folded: Collection[str] = (),
        quiet_at_first: bool = False,
        elsewhere: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.base, self.fields = base, tuple(fields)
        self.form: Form | None = None
        self._room, self._editing, self._folded = room, editing, folded
        self._is_quiet, self._elsewhere = quiet_at_first, frozenset(elsewhere)
        self._edition = NO_EDITION
        self._refused: dict[Steps, str] = {}
        self._told: Mapping[Steps, str] = {}
        self.column = QVBoxLayout(self)
        tight(self.column, spacing=12)
        editing.refused.connect(self._refuse)

    def show_state(self, state: State) -> None:
        form = self.form or self._make(state)
        if state.edition != self._edition:
            self._edition = state.edition
            self._refused.clear()
            form.put(_table(value_at(state.values, self.base)))
        self._complain({} if self._is_quiet else self._own(state.problems_at(self.base)))

    def holds(self, rest: Steps) -> bool:
        return any(one.key == rest[0] for one in self.fields) if rest else True

    def lead_to(self, rest: Steps) -> None:
        if self.form is not None and rest and rest[0] in self.form.fields:
            self.form.show_field(str(rest[0]))

    def known(self) -> Iterator[Known]:
        for one in self.fields:
            yield Known((*self.base, one.key), one.label, one.help)

    def _make(self, state: State) -> Form:
        form = self.form = Form(self._room, self.fields, surroundings_of(self._room, state), folded=self._folded)
        form.value_changed.connect(self._edited)
        self.column.addWidget(form)
        return form

    def _own(self, problems: Mapping[Steps, str]) -> Mapping[Steps, str]:
        return {steps: text for steps, text in problems.items() if not self._elsewhere.intersection(steps[:1])}

    def _edited(self, key: str, value: Any) -> None:
        if self.form is None:
            return
        self._is_quiet = False
        self._refused.pop((key,), None)
        self._editing.set((*self.base, key), value, self.form.fields[key].editor.typed)

    def _refuse(self, steps: Steps, text: str) -> None:
        if isValid(self) and steps[: len(self.base)] == self.base and self.holds(steps[len(self.base) :]):
            self._refused[steps[len(self.base) :]] = text
            self._complain(self._told)

    def _complain(self, problems: Mapping[Steps, str]) -> None:
        """Said once: a screen reader would read it out at every letter that is typed."""
        told = {**problems, **self._refused}
        if self.form is not None and (told != self._told or self._refused):
            self._told = told
            self.form.set_problems(told, takes_keyboard=False)


class SwitchedPart(FormPart):
    """A table that is there or not, and counts only where it is."""

    def __init__(self, room: DeskRoom, editing: Editing, base: Steps, fields: Sequence[Described], says: str) -> None:
        super().__init__(room, editing, base, fields)
        self.switch = Switch(room.theme)
        self.switch.setAccessibleName(says)
        self.switch.clicked.connect(self._turn)
        self.column.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)

    def show_state(self, state: State) -> None:
        super().show_state(state)
        self._show(is_on=value_at(state.values, self.base) is not None)

    def lead_to(self, rest: Steps) -> None:
        if not self.switch.isChecked():
            self.switch.setFocus()
        super().lead_to(rest)

    def _turn(self) -> None:
        is_on = self.switch.isChecked()
        base, says = self.base, settings_phrases.changed(self.base)
        self._editing.do(base, lambda session: session.set(base, {} if is_on else None), says)
        self._show(is_on=is_on)

    def _show(self, *, is_on: bool) -> None:
        self.switch.setChecked(is_on)
        if self.form is not None:
            self.form.setVisible(is_on)


def _table(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def headed(title: str, why: str, part: QWidget) -> QWidget:
    """A part under a heading of its own."""
    made = QWidget()
    column = QVBoxLayout(made)
    tight(column, spacing=4)
    column.addWidget(label(title, "strong"))
    if why:
        column.addWidget(label(why, "muted", wraps=True))
    column.addSpacing(12)
    column.addWidget(part)
    return made
