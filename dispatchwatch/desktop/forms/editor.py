"""What every kind of value is typed or chosen with, seen from the form."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatchwatch.app.key_path import Steps
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import repaint_style, tight

Problems = Mapping[Steps, str]
"""Sentences by the steps that lead to what is wrong, from where they are handed over."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a form can lean on. `names` are those that the file has, by the kind of field that takes them; `base` is
    where relative paths begin; `can_keep`: this computer has a keyring for secrets that are typed in."""

    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    base: Path = Path()
    can_keep: bool = True


class Editor(QWidget):
    """`changed` when a person did something to it. `value` is as the file would write it, None where the key is left
    out; what can't be understood is given back as it was typed, for the checks of the file to speak of."""

    changed = Signal()

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self.room = room

    @property
    @abstractmethod
    def value(self) -> Any: ...

    @abstractmethod
    def put(self, value: Any) -> None:
        """Shows a value of the file, as if nobody had touched it."""

    @property
    @abstractmethod
    def parts(self) -> Sequence[QWidget]:
        """What takes the keyboard, the first of all first. All are outlined while something is wrong."""

    @property
    def typed(self) -> Mapping[Steps, SecretStr]:
        """Secrets that were typed in and are kept nowhere yet, by the steps that lead to them from here."""
        return {}

    def says(self, name: str, description: str) -> None:
        """To screen readers; parts with a name of their own keep it behind that of the field."""
        for part in self.parts:
            own = part.property("own_name") or part.accessibleName()
            part.setProperty("own_name", own)
            part.setAccessibleName(f"{name}, {own}" if own else name)
            part.setAccessibleDescription(description)

    def describe(self, description: str) -> None:
        for part in self.parts:
            part.setAccessibleDescription(description)

    def complain(self, problems: Problems) -> Problems:
        """Shows what is wrong; returns what is to be said below the whole of it."""
        for part in self.parts:
            if bool(part.property("wrong")) != bool(problems):
                part.setProperty("wrong", bool(problems))
                repaint_style(part)
        return problems

    def take_keyboard(self) -> None:
        if self.parts:
            self.parts[0].setFocus()


def beside(owner: QWidget, *widgets: QWidget, spacing: int = 8) -> QHBoxLayout:
    """Parts side by side; the first one takes what room is left, unless it has a width of its own."""
    line = QHBoxLayout(owner)
    tight(line, spacing=spacing)
    for number, widget in enumerate(widgets):
        line.addWidget(widget, 1 if number == 0 and not isinstance(widget, QPushButton) else 0)
    return line


def below(owner: QWidget, *widgets: QWidget, spacing: int = 8) -> QVBoxLayout:
    """Parts one below the other."""
    column = QVBoxLayout(owner)
    tight(column, spacing=spacing)
    for widget in widgets:
        column.addWidget(widget)
    return column
