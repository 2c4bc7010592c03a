"""What kind of source it is, and what to call it: the first question about a feed."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from dispatchwatch.desktop import mapping_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.mapping.answers import Answers, ChosenAnswer
from dispatchwatch.desktop.pieces import label, tight

WIDTH = 280


class KindQuestion(Answers):
    """`answer` is the kind; `name` what the feed is to be called. `taken` are names that others have."""

    def __init__(self, room: DeskRoom, taken: Collection[str], kind: str = "", name: str = "") -> None:
        super().__init__()
        self._room = room
        options = [(key, *words) for key, words in mapping_phrases.KINDS.items()]
        self.kinds, self.edit = ChosenAnswer(room, options, kind), QLineEdit()
        self.kinds.view.setAccessibleName(mapping_phrases.KINDS_LIST)
        self.edit.setAccessibleName(mapping_phrases.CALLED)
        self.edit.setAccessibleDescription(mapping_phrases.CALLED_HELP)
        self.edit.setText(name or mapping_phrases.free_name(taken))
        column = QVBoxLayout(self)
        tight(column, spacing=4)
        column.addWidget(self.kinds)
        column.addSpacing(12)
        for widget in (
            label(mapping_phrases.CALLED, "label"),
            label(mapping_phrases.CALLED_HELP, "small", wraps=True),
            self.edit,
        ):
            column.addWidget(widget)
        self.kinds.changed.connect(self.changed)
        self.kinds.entered.connect(self.entered)
        self.edit.textEdited.connect(lambda _text: self.changed.emit())
        self.edit.returnPressed.connect(self.entered)
        room.theme.changed.connect(self._narrow)
        self._narrow()

    @property
    def answer(self) -> str:
        return self.kinds.answer if self.name else ""

    @property
    def name(self) -> str:
        return self.edit.text().strip()

    def take_keyboard(self) -> None:
        self.kinds.take_keyboard()

    def _narrow(self) -> None:
        self.edit.setMaximumWidth(self._room.theme.px(WIDTH))
