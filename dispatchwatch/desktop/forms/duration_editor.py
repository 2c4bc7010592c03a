"""A length of time as the file writes it, with what it means in words."""

from __future__ import annotations

import re
from typing import Any

from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.text_editors import LineEditor
from dispatchwatch.desktop.pieces import label
from dispatchwatch.domain.durations import parse_duration

WIDTH = 120
IN_WORDS = re.compile(r"(\d+)\s*([dhms])[a-z]*\.?", re.IGNORECASE | re.ASCII)


class DurationEditor(LineEditor):
    """Takes `15 minutes` for `15m`."""

    def __init__(self, room: DeskRoom, default: str = "") -> None:
        super().__init__(room, default, WIDTH)
        self._default = default
        self.echo = label(role="small")
        self.line.insertWidget(1, self.echo)
        self.edit.textChanged.connect(lambda _text: self._say())
        self._say()

    @property
    def value(self) -> Any:
        text = super().value
        found = IN_WORDS.fullmatch(text or "")
        return f"{found[1]}{found[2].lower()}" if found else text

    def _say(self) -> None:
        written = self.value or self._default
        try:
            said = form_phrases.length(parse_duration(written)) if written else form_phrases.HOW_LONG
        except ValueError:
            said = form_phrases.HOW_LONG
        self.echo.setText(said)
        self.edit.setAccessibleDescription(said)
