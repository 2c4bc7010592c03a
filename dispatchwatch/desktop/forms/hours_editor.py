"""Opening hours, day by day; and hours that may also be said in a word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QGridLayout, QTimeEdit, QWidget

from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Editor, below
from dispatchwatch.desktop.forms.spans import CLOSED, Week, week_of, written
from dispatchwatch.desktop.forms.switch import Switch
from dispatchwatch.desktop.pieces import Choice, button, label, tight

FIRST, LAST = "08:00", "17:00"
OWN = "own"
WIDTH = 84


class HoursEditor(Editor):
    """A line for each day of the week: a switch, and from when to when."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__(room)
        self.days = [Switch(room.theme, name, name) for name in form_phrases.DAY_NAMES]
        self.times = [(_time(FIRST), _time(LAST)) for _ in form_phrases.DAY_NAMES]
        self.spread = button(form_phrases.SAME_AS_ABOVE, "link")
        self._between = [label(form_phrases.TO, "muted") for _ in form_phrases.DAY_NAMES]
        self._closed = [label(form_phrases.CLOSED, "muted") for _ in form_phrases.DAY_NAMES]
        self.spread.clicked.connect(self._spread)
        self._lay_out()
        self._show(CLOSED)
        room.theme.changed.connect(self._fit)
        self._fit()

    @property
    def parts(self) -> Sequence[QWidget]:
        return [part for day, pair in zip(self.days, self.times, strict=True) for part in (day, *pair)]

    @property
    def value(self) -> Any:
        return written(self._week) or None

    def put(self, value: Any) -> None:
        self._show(week_of(value) if isinstance(value, Mapping) else CLOSED)

    @property
    def _week(self) -> Week:
        pairs = zip(self.days, self.times, strict=True)
        return tuple((_text(opens), _text(closes)) if day.isChecked() else None for day, (opens, closes) in pairs)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        tight(grid)
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(12)
        for row, (day, (opens, closes)) in enumerate(zip(self.days, self.times, strict=True)):
            name = form_phrases.DAY_NAMES[row]
            day.setAccessibleName(name)
            opens.setAccessibleName(f"{name} {form_phrases.OPENS}")
            closes.setAccessibleName(f"{name} {form_phrases.CLOSES}")
            for column, part in enumerate((day, opens, self._between[row], closes)):
                grid.addWidget(part, row, column)
            grid.addWidget(self._closed[row], row, 1, 1, 3)
            day.clicked.connect(partial(self._switched, row))
            for one in (opens, closes):
                one.timeChanged.connect(lambda _time: self._edited())
        grid.addWidget(self.spread, 0, 4)
        grid.setColumnStretch(5, 1)

    def _show(self, week: Week) -> None:
        self._quiet = True
        for row, span in enumerate(week):
            self.days[row].setChecked(span is not None)
            if span is not None:
                for one, text in zip(self.times[row], span, strict=True):
                    one.setTime(QTime.fromString(text, "HH:mm"))
            self._show_times(row)
        self._quiet = False

    def _show_times(self, row: int) -> None:
        is_open = self.days[row].isChecked()
        for part in (*self.times[row], self._between[row]):
            part.setVisible(is_open)
        self._closed[row].setVisible(not is_open)
        self.spread.setVisible(self.days[0].isChecked())

    def _fit(self) -> None:
        for one in (edit for pair in self.times for edit in pair):
            one.setFixedWidth(self.room.theme.px(WIDTH))
        for between in self._between:
            between.setContentsMargins(self.room.theme.px(8), 0, self.room.theme.px(8), 0)

    def _switched(self, row: int) -> None:
        self._show_times(row)
        self._edited()

    def _spread(self) -> None:
        monday = self._week[0]
        self._show((monday,) * 5 + self._week[5:])
        self._edited()

    def _edited(self) -> None:
        if not self._quiet:
            self.changed.emit()


class WordOrEditor(Editor):
    """One of some words, or what another editor holds."""

    def __init__(
        self, room: DeskRoom, words: Mapping[str, str], own: tuple[str, Callable[[], Editor]], default: str = ""
    ) -> None:
        """`own` is what the choice for that other editor is called, and what makes it once somebody wants it."""
        super().__init__(room)
        self._words, self._default = words, default
        called, self._make = own
        self._own: Editor | None = None
        self._said = ("", "")
        self.box = Choice(room.theme, room.assets)
        for word, meaning in words.items():
            self.box.addItem(meaning, word)
        self.box.addItem(called, OWN)
        self.box.activated.connect(self._chosen)
        self._column = below(self, self.box)
        self.put(None)

    @property
    def parts(self) -> Sequence[QWidget]:
        return (self.box, *(self._own.parts if self._own else ()))

    @property
    def value(self) -> Any:
        word = self.box.currentData()
        if word == OWN:
            return self._other.value or {}
        return None if word == self._default else word

    def put(self, value: Any) -> None:
        """What is no word is for the other editor."""
        is_word = value is None or (isinstance(value, str) and value in self._words)
        self.box.setCurrentIndex(max(self.box.findData((value or self._default) if is_word else OWN), 0))
        if self._own or not is_word:
            self._other.put(None if is_word else value)
            self._other.setVisible(not is_word)

    def says(self, name: str, description: str) -> None:
        self._said = (name, description)
        super().says(name, description)

    @property
    def _other(self) -> Editor:
        if self._own is None:
            self._own = self._make()
            self._own.changed.connect(self.changed)
            self._own.says(*self._said)
            self._column.addWidget(self._own)
        return self._own

    def _chosen(self) -> None:
        if self._own or self.box.currentData() == OWN:
            self._other.setVisible(self.box.currentData() == OWN)
        self.changed.emit()


def _time(text: str) -> QTimeEdit:
    made = QTimeEdit(QTime.fromString(text, "HH:mm"))
    made.setDisplayFormat("HH:mm")
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made


def _text(edit: QTimeEdit) -> str:
    return str(edit.time().toString("HH:mm"))
