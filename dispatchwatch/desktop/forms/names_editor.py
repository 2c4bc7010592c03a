"""Several names: as chips that come and go, or ticked off where there are only so many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from dispatchwatch.app.settings.kinds import Option
from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.forms.editor import Editor, below, beside
from dispatchwatch.desktop.forms.offers import Offers
from dispatchwatch.desktop.pieces import IconButton, button, clear, label
from dispatchwatch.desktop.tokens import Tone

Texts = tuple[str, ...]


class NamesEditor(Editor):
    """What is typed becomes a chip with Enter, a comma or a semicolon; Backspace in the empty field takes the last."""

    hint = form_phrases.ADD_NAME_HINT

    def __init__(self, room: DeskRoom, offered: Sequence[str] = ()) -> None:
        super().__init__(room)
        self.names: Texts = ()
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(self.hint)
        self.add = button(form_phrases.ADD)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, spacing=4)
        line = QWidget()
        beside(line, self.edit, self.add)
        below(self, self._chips, line, spacing=4)
        self._chips.hide()
        if offered:
            offers = Offers(self.edit)
            offers.offer(offered)
            offers.activated.connect(lambda _text: self._take())
        self.add.clicked.connect(self._take)
        self.edit.textEdited.connect(self._typed)
        self.edit.installEventFilter(self)

    @property
    def parts(self) -> Sequence[QWidget]:
        return (self.edit,)

    @property
    def value(self) -> Any:
        """What is still in the field counts: somebody may have forgotten to press Enter."""
        left = self.read(self.edit.text())
        return list(dict.fromkeys([*self.names, *left])) or None

    def put(self, value: Any) -> None:
        given = value if isinstance(value, list | tuple) else [] if value is None else [value]
        self._show(tuple(str(one) for one in given))

    def read(self, text: str) -> Texts:
        """What was typed, as names."""
        return tuple(part.strip() for part in text.replace(";", ",").split(",") if part.strip())

    def shown(self, name: str) -> str:
        """A name as its chip says it."""
        return name

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.edit.text().strip():
                self._take()
                return True
            if event.key() == Qt.Key.Key_Backspace and not self.edit.text() and self.names:
                self._drop(self.names[-1])
                return True
        return super().eventFilter(watched, event)

    def _typed(self, text: str) -> None:
        if text.endswith((",", ";")):
            self._take()
        else:
            self.changed.emit()

    def _take(self) -> None:
        if more := self.read(self.edit.text()):
            self.edit.clear()
            self._show(tuple(dict.fromkeys([*self.names, *more])))
            self.changed.emit()

    def _drop(self, name: str) -> None:
        self._show(tuple(one for one in self.names if one != name))
        self.edit.setFocus()
        self.changed.emit()

    def _show(self, names: Texts) -> None:
        self.names = names
        clear(self._flow)
        for name in names:
            self._flow.addWidget(self._chip(name))
        self._chips.setVisible(bool(names))
        self._chips.updateGeometry()

    def _chip(self, name: str) -> QWidget:
        made = QWidget()
        made.setObjectName("nameChip")
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        remove = IconButton(self.room.theme, self.room.assets, "close", form_phrases.remove(self.shown(name)))
        remove.setObjectName("chipClose")
        remove.clicked.connect(partial(self._drop, name))
        line = beside(made, label(self.shown(name)), remove, spacing=4)
        line.setContentsMargins(self.room.theme.px(8), 2, 2, 2)
        return made


class DatesEditor(NamesEditor):
    """Days, in their order."""

    hint = form_phrases.ADD_DATE_HINT

    def __init__(self, room: DeskRoom) -> None:
        super().__init__(room)

    @property
    def value(self) -> Any:
        """Dates as TOML knows them; what is none stays a text."""
        told = [_date(one) for one in super().value or []]
        return sorted(told, key=str) or None

    def shown(self, name: str) -> str:
        found = _date(name)
        return form_phrases.day_in_words(found) if isinstance(found, date) else name


class SeveralEditor(Editor):
    """Some of those there are."""

    def __init__(self, room: DeskRoom, options: Sequence[Option]) -> None:
        super().__init__(room)
        self._flow = FlowLayout(self, spacing=4)
        self.boxes: dict[str, QPushButton] = {}
        for one in options:
            self._offer(one.value, one.label)

    @property
    def parts(self) -> Sequence[QWidget]:
        return tuple(self.boxes.values())

    @property
    def value(self) -> Any:
        return [value for value, box in self.boxes.items() if box.isChecked()] or None

    def put(self, value: Any) -> None:
        given = value if isinstance(value, list | tuple) else [] if value is None else [value]
        for one in given:
            if one not in self.boxes:
                self._offer(str(one), form_phrases.unknown(one))
        for name, box in self.boxes.items():
            box.setChecked(name in given)

    def _offer(self, value: str, text: str) -> None:
        box = button(text, "tick")
        box.setCheckable(True)
        box.toggled.connect(partial(self._dress, box))
        box.clicked.connect(lambda _on: self.changed.emit())
        self._dress(box, False)
        self.boxes[value] = box
        self._flow.addWidget(box)

    def _dress(self, box: QPushButton, on: bool) -> None:
        box.setIcon(self.room.assets.icon("done" if on else "add", Tone.ACCENT if on else Tone.MUTED, 12))


def _date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
