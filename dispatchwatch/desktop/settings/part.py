"""A part of a section of the settings: the keys below one place of the configuration."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from dispatchwatch.app.key_path import Steps
from dispatchwatch.desktop.settings.state import State


class Known(NamedTuple):
    """A setting as it can be searched for: where it is, what it is called, what it means."""

    steps: Steps
    label: str
    help: str


class Part(QWidget):
    """`base` is where its keys stand in the configuration; what is kept elsewhere has a base of its own making."""

    base: Steps = ()

    @abstractmethod
    def show_state(self, state: State) -> None:
        """Shows what stands in the file, and what is wrong with it."""

    def holds(self, rest: Steps) -> bool:
        """Whether a key below `base` has its field here."""
        del rest
        return True

    @abstractmethod
    def lead_to(self, rest: Steps) -> None:
        """Puts the keyboard at a key; `rest` are the steps below `base`."""

    @abstractmethod
    def known(self) -> Iterator[Known]:
        """Everything that can be set here."""
