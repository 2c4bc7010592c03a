"""What leads out of the page of a visit: a call, a map, the office software; and a copy of it all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import board_phrases, visit_phrases
from dispatchwatch.desktop.board import reaching
from dispatchwatch.desktop.board.reaching import Person
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.pieces import button, clear


class Ways(QWidget):
    """`copy_wanted`: of the whole page; `failed` carries a sentence. `open_url` answers whether anything on this
    computer took the address."""

    copy_wanted = Signal()
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl
        self._shown: tuple[list[Person], str, str] | None = None
        self._flow = FlowLayout(self, spacing=4)

    def show_row(self, row: BoardRow) -> None:
        known = reaching.people(row), reaching.map_link(row.visit.site), reaching.source_link(row)
        if known == self._shown:
            return
        self._shown = known
        clear(self._flow)
        people, place, source = known
        for person in people:
            self._add(visit_phrases.call(person.name), person.number, partial(self._call, person))
        if place:
            self._add(visit_phrases.ON_MAP, place, partial(self._open, place))
        if source:
            self._add(visit_phrases.AT_SOURCE, source, partial(self._open, source))
        self._add(visit_phrases.COPY_AS_TEXT, "", self.copy_wanted.emit)
        self.updateGeometry()

    def _add(self, text: str, hint: str, does: Callable[[], object]) -> None:
        made = button(text, "link")
        made.setToolTip(hint)
        made.clicked.connect(lambda _=False: does())
        self._flow.addWidget(made)

    @Slot()
    def _call(self, person: Person) -> None:
        if not self.open_url(QUrl(reaching.phone_link(person.number))):
            QGuiApplication.clipboard().setText(person.number)
            self.failed.emit(board_phrases.could_not_call(person.number))

    @Slot()
    def _open(self, url: str) -> None:
        if not self.open_url(QUrl(url)):
            QGuiApplication.clipboard().setText(url)
            self.failed.emit(board_phrases.could_not_open(url))
