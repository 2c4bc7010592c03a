"""Tables within a form: one, one of several kinds, a list of them, or some by name."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dispatchwatch.app.key_path import Step, Steps
from dispatchwatch.app.settings.kinds import Option
from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.choice_editors import ChoiceEditor
from dispatchwatch.desktop.forms.editor import Editor, Problems
from dispatchwatch.desktop.pieces import button, label, panel, tight

if TYPE_CHECKING:
    from dispatchwatch.desktop.forms.form import Form

KIND = "kind"
MakeForm = Callable[[], "Form"]


class GroupEditor(Editor):
    """A table with fields of its own."""

    def __init__(self, room: DeskRoom, make: MakeForm) -> None:
        super().__init__(room)
        self.form = make()
        _boxed(self, self.form)
        self.form.value_changed.connect(lambda _key, _value: self.changed.emit())

    @property
    def parts(self) -> Sequence[QWidget]:
        return ()

    @property
    def value(self) -> Any:
        return self.form.values() or None

    @property
    def typed(self) -> Mapping[Steps, SecretStr]:
        return self.form.typed()

    def put(self, value: Any) -> None:
        self.form.put(value if isinstance(value, Mapping) else {})

    def complain(self, problems: Problems) -> Problems:
        self.form.set_problems({steps: text for steps, text in problems.items() if steps}, takes_keyboard=False)
        return {steps: text for steps, text in problems.items() if not steps}

    def take_keyboard(self) -> None:
        _take_keyboard(self.form)


class VariantsEditor(Editor):
    """A table whose fields depend on its kind."""

    def __init__(self, room: DeskRoom, options: Sequence[Option], make: Callable[[str], Form]) -> None:
        super().__init__(room)
        self._make = make
        self.kind = ChoiceEditor(room, options)
        self.form: Form | None = None
        self._box = panel("group")
        self._column = QVBoxLayout(self)
        tight(self._column, spacing=8)
        self._column.addWidget(self.kind)
        self.kind.changed.connect(self._chosen)

    @property
    def parts(self) -> Sequence[QWidget]:
        return self.kind.parts

    @property
    def value(self) -> Any:
        kind = self.kind.value
        return None if kind is None else {KIND: kind, **(self.form.values() if self.form else {})}

    @property
    def typed(self) -> Mapping[Steps, SecretStr]:
        return self.form.typed() if self.form else {}

    def put(self, value: Any) -> None:
        table = value if isinstance(value, Mapping) else {}
        self.kind.put(table.get(KIND))
        self._show(table)

    def complain(self, problems: Problems) -> Problems:
        own = {steps: text for steps, text in problems.items() if not steps or steps[0] == KIND or self.form is None}
        if self.form is not None:
            rest = {steps: text for steps, text in problems.items() if steps not in own}
            self.form.set_problems(rest, takes_keyboard=False)
        super().complain(own)
        return own

    def _chosen(self) -> None:
        self._show({})
        self.changed.emit()

    def _show(self, table: Mapping[str, Any]) -> None:
        if self.form is not None:
            self._box.hide()
            self._box.deleteLater()
            self.form = None
        if self.kind.value is not None:
            self.form = self._make(str(self.kind.value))
            self.form.put(table)
            self.form.value_changed.connect(lambda _key, _value: self.changed.emit())
            self._box = panel("group")
            _boxed(self._box, self.form)
            self._box.setVisible(bool(self.form.fields))
            self._column.addWidget(self._box)


class ManyEditor(Editor):
    """Tables that come and go. `called` is what one of them is."""

    def __init__(self, room: DeskRoom, called: str, make: MakeForm) -> None:
        super().__init__(room)
        self._called, self._make = called, make
        self.forms: list[Form] = []
        self._boxes: list[QFrame] = []
        self.add = button(form_phrases.ADD, says=f"{form_phrases.ADD}: {called}")
        self._column = QVBoxLayout(self)
        tight(self._column, spacing=8)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.add.clicked.connect(self._add)

    @property
    def parts(self) -> Sequence[QWidget]:
        return (self.add,)

    @property
    def typed(self) -> Mapping[Steps, SecretStr]:
        found = ((self._step(number), form.typed()) for number, form in enumerate(self.forms))
        return {(step, *steps): secret for step, typed in found for steps, secret in typed.items()}

    def says(self, name: str, description: str) -> None:
        self.add.setAccessibleDescription(f"{name}. {description}")

    def complain(self, problems: Problems) -> Problems:
        rest = dict(problems)
        for number, form in enumerate(self.forms):
            own = {steps: text for steps, text in problems.items() if len(steps) > 1 and steps[0] == self._step(number)}
            form.set_problems({steps[1:]: text for steps, text in own.items()}, takes_keyboard=False)
            rest = {steps: text for steps, text in rest.items() if steps not in own}
        return rest

    def drop(self, form: Form) -> None:
        place = self.forms.index(form)
        del self.forms[place]
        box = self._boxes.pop(place)
        box.hide()
        box.deleteLater()
        self._count()

    @abstractmethod
    def _step(self, number: int) -> Step:
        """The step that leads to the table of this number."""

    def head(self, number: int) -> QWidget:
        """What stands above a table."""
        return label(form_phrases.entry_name(self._called, number + 1), "label")

    def line(self) -> Form:
        """One more table at the end, empty."""
        form, box = self._make(), panel("group")
        remove = button(form_phrases.REMOVE, "link")
        top, column = QHBoxLayout(), QVBoxLayout(box)
        tight(top, spacing=8)
        tight(column, (16, 12, 16, 16), 12)
        top.addWidget(self.head(len(self.forms)), 1)
        top.addWidget(remove)
        column.addLayout(top)
        column.addWidget(form)
        form.value_changed.connect(lambda _key, _value: self.changed.emit())
        remove.clicked.connect(partial(self._pressed, form))
        self.forms.append(form)
        self._boxes.append(box)
        self._column.insertWidget(self._column.count() - 1, box)
        self._count()
        return form

    def _add(self) -> None:
        _take_keyboard(self.line())
        self.changed.emit()

    def _pressed(self, form: Form) -> None:
        self.drop(form)
        self.add.setFocus()
        self.changed.emit()

    def _count(self) -> None:
        """The numbers are those of the list, also once one from its middle is gone."""


class EntriesEditor(ManyEditor):
    """A list of tables."""

    @property
    def value(self) -> Any:
        return [form.values() for form in self.forms] or None

    def put(self, value: Any) -> None:
        while self.forms:
            self.drop(self.forms[-1])
        for one in value if isinstance(value, list) else []:
            self.line().put(one if isinstance(one, Mapping) else {})

    def _step(self, number: int) -> Step:
        return number

    def _count(self) -> None:
        for number, box in enumerate(self._boxes):
            head = box.findChild(type(label()), "", Qt.FindChildOption.FindDirectChildrenOnly)
            if head is not None:
                head.setText(form_phrases.entry_name(self._called, number + 1))


class GroupsEditor(ManyEditor):
    """Tables by their names."""

    def __init__(self, room: DeskRoom, called: str, make: MakeForm) -> None:
        self._names: list[QLineEdit] = []
        super().__init__(room, called, make)

    @property
    def value(self) -> Any:
        pairs = zip(self._names, self.forms, strict=True)
        return {name.text().strip(): form.values() for name, form in pairs} or None

    def put(self, value: Any) -> None:
        while self.forms:
            self.drop(self.forms[-1])
        for name, one in value.items() if isinstance(value, Mapping) else ():
            form = self.line()
            self._names[-1].setText(str(name))
            form.put(one if isinstance(one, Mapping) else {})

    def head(self, number: int) -> QWidget:  # noqa: ARG002 - a name says which it is
        edit = QLineEdit()
        edit.setPlaceholderText(form_phrases.KEY)
        edit.setAccessibleName(form_phrases.KEY)
        edit.textEdited.connect(lambda _text: self.changed.emit())
        self._names.append(edit)
        return edit

    def drop(self, form: Form) -> None:
        del self._names[self.forms.index(form)]
        super().drop(form)

    def _step(self, number: int) -> Step:
        return self._names[number].text().strip()


def _boxed(owner: QWidget, form: Form) -> None:
    owner.setObjectName("group")
    owner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(owner)
    tight(column, (16, 16, 16, 16))
    column.addWidget(form)


def _take_keyboard(form: Form) -> None:
    wrong = next((field for field in form.fields.values() if field.problem.text), None)
    first = wrong or next(iter(form.fields.values()), None)
    if first is not None:
        first.editor.take_keyboard()
