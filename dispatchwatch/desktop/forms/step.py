"""One page of a wizard: a question, why it is asked, and whether it has been answered."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class Step(QWidget):
    """`changed` when `is_complete` may have; `title` is the question, `why` a sentence below it."""

    changed = Signal()

    title: str = ""
    why: str = ""

    @property
    @abstractmethod
    def is_complete(self) -> bool: ...

    @abstractmethod
    def take_keyboard(self) -> None:
        """Puts the keyboard where the person is to go on."""
