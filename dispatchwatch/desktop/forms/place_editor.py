"""Where something is: latitude and longitude, which may be pasted together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Editor, beside
from dispatchwatch.desktop.forms.number_editor import number
from dispatchwatch.desktop.pieces import label

WIDTH = 120
EXAMPLE = ("41.8781", "-87.6298")


class PlaceEditor(Editor):
    """Degrees; both or none."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__(room)
        self.edits = (QLineEdit(), QLineEdit())
        line = beside(self, spacing=8)
        for edit, name, example in zip(
            self.edits, (form_phrases.LATITUDE, form_phrases.LONGITUDE), EXAMPLE, strict=True
        ):
            edit.setAccessibleName(name)
            edit.setPlaceholderText(example)
            edit.textEdited.connect(lambda _text: self.changed.emit())
            line.addWidget(label(name, "small"))
            line.addWidget(edit)
        line.addStretch(1)
        self.edits[0].editingFinished.connect(self._part)
        room.theme.changed.connect(self._fit)
        self._fit()

    @property
    def parts(self) -> Sequence[QWidget]:
        return self.edits

    @property
    def value(self) -> Any:
        told = [number(text.strip() or None) for text in self._texts]
        return None if all(one is None for one in told) else ["" if one is None else one for one in told]

    def put(self, value: Any) -> None:
        pair = value if isinstance(value, list | tuple) and len(value) == 2 else ("", "")
        for edit, one in zip(self.edits, pair, strict=True):
            edit.setText(str(one))

    @property
    def _texts(self) -> tuple[str, str]:
        """`41.8781, -87.6298` as maps give it is both."""
        first, second = (edit.text() for edit in self.edits)
        before, comma, after = first.partition(",")
        return (before.strip(), after.strip()) if comma and not second.strip() else (first, second)

    def _part(self) -> None:
        self.put(self._texts)

    def _fit(self) -> None:
        for edit in self.edits:
            edit.setFixedWidth(self.room.theme.px(WIDTH))
