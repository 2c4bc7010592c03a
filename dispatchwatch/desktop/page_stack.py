"""The pages one behind the other; those of `PLACES` are made when somebody first goes there."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.page import Page
from dispatchwatch.desktop.pages import PLACES


class PageStack(QStackedWidget):
    """`made` carries a page that is new."""

    made = Signal(object)

    def __init__(self, room: DeskRoom, first: Mapping[str, QWidget]) -> None:
        super().__init__()
        self._room = room
        self._pages = dict(first)
        self._places = {place.name: place for place in PLACES}
        for page in first.values():
            self.addWidget(page)

    @property
    def name(self) -> str:
        """The page that is seen."""
        return next(name for name, page in self._pages.items() if page is self.currentWidget())

    @property
    def page(self) -> QWidget:
        return self._pages[self.name]

    def go(self, name: str) -> QWidget:
        if name not in self._pages:
            self._make(name)
        page = self._pages[name]
        self.setCurrentWidget(page)
        return page

    def _make(self, name: str) -> None:
        page: Page = self._places[name].make(self._room)
        self._pages[name] = page
        self.addWidget(page)
        self.made.emit(page)
