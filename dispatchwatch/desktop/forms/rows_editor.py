"""Lines of two cells that come and go: names with their texts or secrets, and pairs of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import SecretStr
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.settings.kinds import Option
from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.choice_editors import ChoiceEditor
from dispatchwatch.desktop.forms.editor import Editor, Surroundings, beside
from dispatchwatch.desktop.forms.number_editor import number
from dispatchwatch.desktop.forms.offers import Offers
from dispatchwatch.desktop.forms.secret_editor import SecretEditor
from dispatchwatch.desktop.forms.text_editors import LineEditor
from dispatchwatch.desktop.pieces import IconButton, button, tight

Cells = tuple[Editor, Editor]


class RowsEditor(Editor):
    """`make` makes the two cells of a line, `headings` are what they are called."""

    def __init__(self, room: DeskRoom, make: Callable[[], Cells], headings: tuple[str, str]) -> None:
        super().__init__(room)
        self._make, self._headings = make, headings
        self.rows: list[Cells] = []
        self._lines: list[QWidget] = []
        self.add = button(form_phrases.ADD)
        self._column = QVBoxLayout(self)
        tight(self._column, spacing=8)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.add.clicked.connect(self._add)

    @property
    def parts(self) -> Sequence[QWidget]:
        return (*(part for row in self.rows for cell in row for part in cell.parts), self.add)

    @property
    def told(self) -> list[tuple[Any, Any]]:
        """The cells of the lines that have something in them."""
        cells = [(first.value, second.value) for first, second in self.rows]
        return [pair for pair in cells if pair != (None, None)]

    def fill(self, rows: Sequence[tuple[Any, Any]]) -> None:
        while self.rows:
            self._drop(self.rows[-1])
        for first, second in rows:
            cells = self._line()
            cells[0].put(first)
            cells[1].put(second)

    def _add(self) -> None:
        self._line()[0].take_keyboard()
        self.changed.emit()

    def _line(self) -> Cells:
        cells, line = self._make(), QWidget()
        for cell, name in zip(cells, self._headings, strict=True):
            cell.says(form_phrases.entry_name(name, len(self.rows) + 1), "")
            cell.changed.connect(self.changed)
        remove = IconButton(
            self.room.theme, self.room.assets, "close", form_phrases.remove(form_phrases.line(len(self.rows) + 1))
        )
        remove.clicked.connect(partial(self._pressed, cells))
        layout = beside(line, *cells, remove)
        layout.setStretch(0, 2)
        layout.setStretch(1, 3)
        self.rows.append(cells)
        self._lines.append(line)
        self._column.insertWidget(self._column.count() - 1, line)
        return cells

    def _pressed(self, cells: Cells) -> None:
        self._drop(cells)
        self.add.setFocus()
        self.changed.emit()

    def _drop(self, cells: Cells) -> None:
        place = self.rows.index(cells)
        del self.rows[place]
        line = self._lines.pop(place)
        line.hide()
        line.deleteLater()


class TableEditor(RowsEditor):
    """Names with their texts. `names` may be known, and what they stand for one of `options`."""

    def __init__(self, room: DeskRoom, names: Sequence[str] = (), options: Sequence[Option] = ()) -> None:
        def make() -> Cells:
            name = LineEditor(room, form_phrases.KEY)
            if names:
                Offers(name.edit).offer(names)
            return name, ChoiceEditor(room, options) if options else LineEditor(room, form_phrases.VALUE)

        super().__init__(room, make, (form_phrases.KEY, form_phrases.VALUE))

    @property
    def value(self) -> Any:
        return {str(name or ""): "" if text is None else text for name, text in self.told} or None

    def put(self, value: Any) -> None:
        self.fill(list(value.items()) if isinstance(value, Mapping) else [])


class PairsEditor(RowsEditor):
    """Pairs of numbers."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__(room, lambda: (LineEditor(room), LineEditor(room)), (form_phrases.UP_TO, form_phrases.SPEED))

    @property
    def value(self) -> Any:
        return [[number(one) if one is not None else "" for one in pair] for pair in self.told] or None

    def put(self, value: Any) -> None:
        self.fill([(one[0], one[1]) for one in value] if isinstance(value, list) else [])


class SecretsEditor(RowsEditor):
    """Names with a secret each."""

    def __init__(self, room: DeskRoom, surroundings: Surroundings, names: Sequence[str] = ()) -> None:
        def make() -> Cells:
            name = LineEditor(room, form_phrases.KEY)
            Offers(name.edit).offer(names)
            return name, SecretEditor(room, surroundings)

        super().__init__(room, make, (form_phrases.KEY, form_phrases.SECRET))

    @property
    def value(self) -> Any:
        return {str(name or ""): "" if reference is None else reference for name, reference in self.told} or None

    @property
    def typed(self) -> Mapping[Steps, SecretStr]:
        pairs = ((name.value, secret.typed.values()) for name, secret in self.rows)
        return {(str(name),): secret for name, secrets in pairs if name for secret in secrets}

    def put(self, value: Any) -> None:
        self.fill(list(value.items()) if isinstance(value, Mapping) else [])
