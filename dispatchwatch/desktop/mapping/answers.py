"""What a question can be answered with: one of some, or something that is typed."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from dispatchwatch.app.mapping import Question
from dispatchwatch.desktop import form_phrases, mapping_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Surroundings
from dispatchwatch.desktop.forms.option_list import OptionList
from dispatchwatch.desktop.forms.path_editor import PathEditor
from dispatchwatch.desktop.forms.text_editors import LineEditor
from dispatchwatch.desktop.forms.two_lines import BELOW, NAME, TwoLines
from dispatchwatch.desktop.forms.zone_editor import ZoneEditor
from dispatchwatch.desktop.pieces import button, tight

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
VALUE = Qt.ItemDataRole.UserRole
SHOWN = 7
WIDEST = 640


class Answers(QWidget):
    """`changed` when there may be an answer now, `entered` when a person is done with it."""

    changed = Signal()
    entered = Signal()

    @property
    @abstractmethod
    def answer(self) -> str:
        """Empty as long as there is none."""

    @abstractmethod
    def take_keyboard(self) -> None: ...


class Choices(QAbstractListModel):
    """`options` are values, each with its name and what it means."""

    def __init__(self, options: list[tuple[str, str, str]]) -> None:
        super().__init__()
        self.options = options

    def rowCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.options)

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        value, name, meaning = self.options[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{name}. {meaning}" if meaning else name
        return {NAME: name, BELOW: meaning, VALUE: value}.get(role)


class ChosenAnswer(Answers):
    """One of a list."""

    def __init__(self, room: DeskRoom, options: list[tuple[str, str, str]], chosen: str = "") -> None:
        super().__init__()
        self._room = room
        self.model, self.view = Choices(options), OptionList()
        self._lines = TwoLines(room, has_more=any(meaning for _, _, meaning in options))
        self.view.setModel(self.model)
        self.view.setItemDelegate(self._lines)
        self.view.setAccessibleName(mapping_phrases.ANSWERS)
        column = QVBoxLayout(self)
        tight(column)
        column.addWidget(self.view)
        place = next((row for row, one in enumerate(options) if one[0] == chosen), -1)
        if place >= 0:
            self.view.setCurrentIndex(self.model.index(place, 0))
        self.view.selectionModel().selectionChanged.connect(lambda *_: self.changed.emit())
        self.view.doubleClicked.connect(lambda _index: self.entered.emit())
        self.view.activated.connect(lambda _index: self.entered.emit())
        room.theme.changed.connect(self._fit)
        self._fit()

    @property
    def answer(self) -> str:
        return str(self.view.chosen.data(VALUE) or "")

    def take_keyboard(self) -> None:
        self.view.setFocus()

    def _fit(self) -> None:
        self._lines.sizeHintChanged.emit(self.model.index(0, 0))
        rows = min(self.model.rowCount(), SHOWN)
        self.view.setFixedHeight(rows * self._lines.height + 4)
        self.setMaximumWidth(self._room.theme.px(WIDEST))


class TypedAnswer(Answers):
    """A text, a secret, a path or a time zone."""

    def __init__(self, room: DeskRoom, question: Question, surroundings: Surroundings) -> None:
        super().__init__()
        self._room = room
        self.editor = _editor(room, question, surroundings)
        self.editor.says(question.text, "")
        column = QVBoxLayout(self)
        tight(column, spacing=8)
        column.addWidget(self.editor)
        edit = self.editor.edit
        if question.secret:
            self._hide(edit)
        self.editor.put(question.suggestion)
        self.editor.changed.connect(self.changed)
        edit.returnPressed.connect(self.entered)
        room.theme.changed.connect(self._fit)
        self._fit()

    @property
    def answer(self) -> str:
        return str(self.editor.value or "")

    def take_keyboard(self) -> None:
        self.editor.take_keyboard()
        self.editor.edit.selectAll()

    def _hide(self, edit: QLineEdit) -> None:
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        show = button(form_phrases.SHOW)
        show.setCheckable(True)
        modes = {True: QLineEdit.EchoMode.Normal, False: QLineEdit.EchoMode.Password}
        show.toggled.connect(lambda on: edit.setEchoMode(modes[on]))
        show.toggled.connect(lambda on: show.setText(form_phrases.HIDE if on else form_phrases.SHOW))
        self.editor.line.addWidget(show)

    def _fit(self) -> None:
        self.setMaximumWidth(self._room.theme.px(WIDEST))


def answers_to(room: DeskRoom, question: Question, surroundings: Surroundings) -> Answers:
    if question.choices:
        options = [(one, *mapping_phrases.option(question, one)) for one in question.choices]
        return ChosenAnswer(room, options, question.suggestion)
    return TypedAnswer(room, question, surroundings)


def _editor(room: DeskRoom, question: Question, surroundings: Surroundings) -> LineEditor:
    if question.path:
        return PathEditor(room, surroundings.base)
    return ZoneEditor(room) if question.key == "timezone" else LineEditor(room)
