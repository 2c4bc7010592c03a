"""One of several, and yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from dispatchwatch.app.settings.kinds import Option
from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Editor, beside
from dispatchwatch.desktop.forms.switch import Switch
from dispatchwatch.desktop.pieces import Choice

WIDEST = 360


class ChoiceEditor(Editor):
    """`default` is what counts where nothing is chosen: it stands first, and chosen leaves the key out."""

    def __init__(self, room: DeskRoom, options: Sequence[Option], default: Any = None) -> None:
        super().__init__(room)
        self.box = Choice(room.theme, room.assets)
        known = next((one.label for one in options if one.value == default), "")
        self.box.addItem(form_phrases.by_default(known) if known else form_phrases.NOTHING_CHOSEN, None)
        for one in options:
            self.box.addItem(one.label, one.value)
        self.box.activated.connect(lambda _index: self.changed.emit())
        self.box.setMinimumContentsLength(12)
        beside(self, self.box).addStretch(1)
        room.theme.changed.connect(self._fit)
        self._fit()

    @property
    def parts(self) -> Sequence[QWidget]:
        return (self.box,)

    @property
    def value(self) -> Any:
        return self.box.currentData()

    def put(self, value: Any) -> None:
        place = self.box.findData(value)
        if place < 0:
            self.box.addItem(form_phrases.unknown(value), value)
            place = self.box.count() - 1
        self.box.setCurrentIndex(place)

    def _fit(self) -> None:
        self.box.setMaximumWidth(self.room.theme.px(WIDEST))


class SwitchEditor(Editor):
    """On or off. As long as nobody touched it the key stays as it was: left out, the default counts."""

    def __init__(self, room: DeskRoom, default: Any = False) -> None:
        super().__init__(room)
        self._default = bool(default)
        self._is_said = False
        self.switch = Switch(room.theme)
        self.switch.setChecked(self._default)
        self.switch.clicked.connect(self._pressed)
        beside(self, self.switch).addStretch(1)

    @property
    def parts(self) -> Sequence[QWidget]:
        return (self.switch,)

    @property
    def value(self) -> Any:
        return self.switch.isChecked() if self._is_said else None

    def put(self, value: Any) -> None:
        self._is_said = isinstance(value, bool)
        self.switch.setChecked(value if self._is_said else self._default)

    def _pressed(self) -> None:
        self._is_said = True
        self.changed.emit()
