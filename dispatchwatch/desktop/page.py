"""What the window does with any page."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime

from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """A page that is told the time each second while the window is seen, and what is searched for."""

    @abstractmethod
    def tick(self, now: datetime) -> None:
        """Shows what has changed with time alone."""

    def show_part(self, name: str) -> None:
        """Shows a part of it; a page without parts shows itself."""

    @abstractmethod
    def search(self, text: str) -> None:
        """Shows what holds these words; everything for none."""
