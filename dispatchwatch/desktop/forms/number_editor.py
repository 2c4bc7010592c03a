"""A number, with what it may be beside it."""

from __future__ import annotations

from typing import Any

from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.text_editors import LineEditor
from dispatchwatch.desktop.pieces import label

WIDTH = 120


class NumberEditor(LineEditor):
    """Takes a comma for a point; what is no number is given back as it was typed."""

    def __init__(self, room: DeskRoom, default: str = "", least: Any = None, most: Any = None) -> None:
        super().__init__(room, default, WIDTH)
        if limits := form_phrases.limits(least, most):
            self.line.insertWidget(1, label(limits, "small"))

    @property
    def value(self) -> Any:
        return number(super().value)


def number(text: Any) -> Any:
    """A whole number, another number, or what was typed."""
    for read in (int, float):
        try:
            return None if text is None else read(str(text).replace(",", "."))
        except ValueError:
            continue
    return text
