"""A form drawn from descriptions: one field below the other, those seldom needed folded away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import SecretStr
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.settings.kinds import Described
from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.announcing import announce
from dispatchwatch.desktop.forms.editor import Problems, Surroundings
from dispatchwatch.desktop.forms.form_field import FormField, effective
from dispatchwatch.desktop.forms.making import editor_for
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.pieces import button, tight

BETWEEN = 20


class Form(QWidget):
    """`value_changed` carries a key and its value as the file would write it, None where it is left out;
    `look_up_wanted` a key. `folded` are the keys that are seen only when somebody wants more.
    """

    value_changed = Signal(str, object)
    look_up_wanted = Signal(str)

    def __init__(
        self,
        room: DeskRoom,
        fields: Sequence[Described],
        surroundings: Surroundings,
        folded: Collection[str] = (),
    ) -> None:
        super().__init__()
        self._room = room
        self.fields = {one.key: FormField(room, one, editor_for(room, one, surroundings)) for one in fields}
        self._folded = [self.fields[key] for key in self.fields if key in folded]
        self.more = button(form_phrases.MORE, "link")
        self.more.setCheckable(True)
        self.problem = SaidLine(room)
        self._lay_out()
        self._wire()
        self._show_what_counts()

    def values(self) -> dict[str, Any]:
        """What was said, by key; nothing for what is left out."""
        told = {key: field.editor.value for key, field in self.fields.items()}
        return {key: value for key, value in told.items() if value is not None}

    def typed(self) -> dict[Steps, SecretStr]:
        """Secrets that were typed in and are kept nowhere yet, by the steps that lead to them from here."""
        found = ((key, field.editor.typed) for key, field in self.fields.items())
        return {(key, *steps): secret for key, typed in found for steps, secret in typed.items()}

    def put(self, values: Mapping[str, Any]) -> None:
        """Shows these values, as the file has them."""
        for key, field in self.fields.items():
            field.editor.put(values.get(key))
        self._show_what_counts()

    def set_problems(self, problems: Problems, *, takes_keyboard: bool = True) -> None:
        """Shows each problem at its field, those of no field above all; the first one gets the keyboard and is read out
        by a screen reader. Without problems all is well again."""
        said: dict[str, str] = {}
        for key, field in self.fields.items():
            said[key] = field.complain({steps[1:]: text for steps, text in problems.items() if steps[:1] == (key,)})
        rest = [text for steps, text in problems.items() if not steps or steps[0] not in self.fields]
        self.problem.say(" ".join(form_phrases.as_sentence(text) for text in rest))
        wrong = [key for key, text in said.items() if text]
        if any(self.fields[key] in self._folded for key in wrong):
            self.more.setChecked(True)
        self._show_what_counts()
        if takes_keyboard and wrong:
            self.show_field(wrong[0])
        first = form_phrases.announced(self.fields[wrong[0]].described.label, said[wrong[0]]) if wrong else ""
        announce(self, first or self.problem.text)

    def show_field(self, key: str) -> None:
        """Brings a field into sight and puts the keyboard into it."""
        field = self.fields[key]
        field.show()
        field.editor.take_keyboard()
        # What just appeared has no place yet.
        QTimer.singleShot(0, field, partial(_reveal, field))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        tight(column, spacing=BETWEEN)
        column.addWidget(self.problem)
        for field in self.fields.values():
            if field not in self._folded:
                column.addWidget(field)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        for field in self._folded:
            column.addWidget(field)
        column.addStretch(1)
        self.more.setVisible(bool(self._folded))

    def _wire(self) -> None:
        for key, field in self.fields.items():
            field.changed.connect(partial(self._edited, key))
            field.look_up_wanted.connect(partial(self.look_up_wanted.emit, key))
        self.more.toggled.connect(self._unfold)

    def _edited(self, key: str) -> None:
        self._show_what_counts()
        self.value_changed.emit(key, self.fields[key].editor.value)

    @Slot(bool)
    def _unfold(self, shown: bool) -> None:
        self.more.setText(form_phrases.FEWER if shown else form_phrases.MORE)
        self.more.setAccessibleName(self.more.text())
        self._show_what_counts()

    def _show_what_counts(self) -> None:
        """Hides what is folded away, and what another choice makes needless as long as nothing stands there."""
        for field in self.fields.values():
            where = field.described.needed_where
            counts = where is None or self._counts(*where)
            if where is not None:
                field.show_needed(needed=counts)
            is_folded = field in self._folded and not self.more.isChecked()
            field.setVisible(bool(field.problem.text) or (counts and not is_folded))

    def _counts(self, key: str, value: str) -> bool:
        return key not in self.fields or effective(self.fields[key]) == value


@Slot()
def _reveal(field: QWidget) -> None:
    parent = field.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    if isinstance(parent, QScrollArea):
        focus = field.focusWidget()
        is_taller = field.height() > parent.viewport().height()
        parent.ensureWidgetVisible(focus if is_taller and focus is not None else field, 0, 24)
