"""What can be done with the rows that are chosen: each deed of the menu, the keys and the painted buttons."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import board_phrases, phrases
from dispatchwatch.desktop.board import clipboard, reaching
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.eta import EtaDialog
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.board.order import awaits_arrival
from dispatchwatch.desktop.board.reaching import Person
from dispatchwatch.desktop.board.view import BoardView
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.domain.alert import AlertState

OpenUrl = Callable[[QUrl], bool]


class RowDeeds:
    """Of several rows where that makes sense, else of the one that has the keyboard. `open_url` answers whether
    anything on this computer took it."""

    def __init__(self, room: DeskRoom, model: BoardModel, view: BoardView) -> None:
        self._room = room
        self._model = model
        self._view = view
        self.open_url: OpenUrl = QDesktopServices.openUrl

    @property
    def current(self) -> BoardRow | None:
        key = self._view.current_key
        return self._model.line_of(key) if key is not None else None

    @property
    def selected(self) -> list[BoardRow]:
        rows = (self._model.line_of(key) for key in self._view.selected_keys())
        return [row for row in rows if row is not None]

    @property
    def alerts(self) -> list[int]:
        over = AlertState.RESOLVED
        return [row.alert_id for row in self.selected if row.alert_id is not None and row.alert_state is not over]

    def check_in(self) -> None:
        if keys := [row.key for row in self.selected]:
            self._room.deeds.check_in(keys)

    def acknowledge(self) -> None:
        if numbers := self.alerts:
            self._room.wishes.acknowledge.emit(numbers)

    def resolve(self) -> None:
        if numbers := self.alerts:
            self._room.wishes.resolve.emit(numbers)

    def note(self) -> None:
        if row := self.current:
            self._room.wishes.note.emit(row.key)

    def link(self) -> None:
        if (row := self.current) and awaits_arrival(row):
            self._room.wishes.link.emit(row.key)

    def reassign(self) -> None:
        if (row := self.current) and awaits_arrival(row):
            self._room.wishes.reassign.emit(row.key, None)

    def eta(self) -> None:
        if (row := self.current) and awaits_arrival(row):
            EtaDialog(self._room, row, self._window).open()

    def call_technician(self) -> None:
        """The technician; where his number is not known, the customer."""
        row = self.current
        known = reaching.people(row) if row else []
        if known:
            self.call(known[0])
        elif row:
            self._say(row, board_phrases.NO_NUMBER, done=False)

    def call(self, person: Person) -> None:
        if not self.open_url(QUrl(reaching.phone_link(person.number))):
            clipboard.put(person.number)
            self._tell(board_phrases.could_not_call(person.number), done=False)

    def copy_number(self, person: Person) -> None:
        clipboard.put(person.number)
        self._tell(board_phrases.copied(person.number))

    def open_source(self) -> None:
        self._browse(reaching.source_link, board_phrases.NO_SOURCE)

    def show_on_map(self) -> None:
        self._browse(lambda row: reaching.map_link(row.visit.site), board_phrases.NO_PLACE)

    def copy_cells(self) -> None:
        heads = self._view.heads
        order = [Column(heads.logicalIndex(place)) for place in range(heads.count())]
        shown = [one for one in order if not self._view.isColumnHidden(one) and one is not Column.ACTIONS]
        self._copy(partial(clipboard.as_cells, columns=shown, now=self._room.now()))

    def copy_text(self) -> None:
        self._copy(clipboard.as_text)

    def copy_numbers(self) -> None:
        self._copy(clipboard.as_numbers)

    def _copy(self, written: Callable[[list[BoardRow]], str]) -> None:
        if rows := self.selected:
            clipboard.put(written(rows))
            self._tell(board_phrases.copied_rows(len(rows)))

    def _browse(self, link: Callable[[BoardRow], str], missing: str) -> None:
        row = self.current
        if row is None:
            return
        url = link(row)
        if not url:
            self._say(row, missing, done=False)
        elif not self.open_url(QUrl(url)):
            clipboard.put(url)
            self._tell(board_phrases.could_not_open(url), done=False)

    def _say(self, row: BoardRow, text: str, *, done: bool) -> None:
        self._tell(f"{row.visit.ext_id}: {phrases.sentence(text)}", done=done)

    def _tell(self, text: str, *, done: bool = True) -> None:
        self._room.deeds.answered.emit([Result("", done=done, text=text)])

    @property
    def _window(self) -> QWidget:
        return self._view.window()
