"""The menu of a row, and the keys that do the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from dispatchwatch.desktop import board_phrases, texts
from dispatchwatch.desktop.alerts.snooze_menu import fill_snooze_menu
from dispatchwatch.desktop.board import reaching
from dispatchwatch.desktop.board.order import awaits_arrival
from dispatchwatch.desktop.board.row_deeds import RowDeeds
from dispatchwatch.desktop.board.view import BoardView
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import on_key

BESIDE = 120


class RowMenu(QMenu):
    """What can’t be done with a row is shown all the same, greyed: a menu that changes its places is never learnt."""

    def __init__(self, room: DeskRoom, deeds: RowDeeds, view: BoardView) -> None:
        super().__init__(view)
        self._room = room
        self._deeds = deeds
        self._view = view
        self._take_keys()
        view.menu_wanted.connect(self._open)

    def _take_keys(self) -> None:
        deeds = self._deeds
        keys: dict[str, Callable[[], None]] = {
            "C": deeds.check_in,
            "E": deeds.eta,
            "P": deeds.call_technician,
            "W": deeds.reassign,
            "O": deeds.open_source,
            "M": deeds.show_on_map,
            "A": deeds.acknowledge,
            "S": self.open_snooze,
            "R": deeds.resolve,
            "N": deeds.note,
            "L": deeds.link,
            "J": deeds.copy_numbers,
            "Ctrl+C": deeds.copy_cells,
            "Ctrl+Shift+C": deeds.copy_text,
        }
        for key, deed in keys.items():
            on_key(self._view, key, deed)

    def open_snooze(self) -> None:
        """Beside the row that has the keyboard."""
        if self._deeds.alerts:
            self.clear()
            fill_snooze_menu(self, self._room, self._deeds.alerts)
            corner = self._view.visualRect(self._view.currentIndex()).bottomLeft()
            self.popup(self._view.viewport().mapToGlobal(corner + QPoint(BESIDE, 0)))

    def _open(self, point: QPoint) -> None:
        if self._deeds.current is not None and self._deeds.selected:
            self.fill()
            self.popup(self._view.viewport().mapToGlobal(point))

    def fill(self) -> None:
        self.clear()
        self._fill_visit()
        self.addSeparator()
        self._fill_alert()
        self.addSeparator()
        self._fill_reaching()
        copy = self.addMenu(board_phrases.COPY_ROWS)
        _add(copy, board_phrases.COPY_CELLS, "Ctrl+C", self._deeds.copy_cells)
        _add(copy, board_phrases.COPY_TEXT, "Ctrl+Shift+C", self._deeds.copy_text)
        _add(copy, board_phrases.COPY_NUMBERS, "J", self._deeds.copy_numbers)

    def _fill_visit(self) -> None:
        deeds, row = self._deeds, self._deeds.current
        awaited = row is not None and awaits_arrival(row)
        _add(self, texts.OPEN_VISIT, "Enter", self._open_visit)
        _add(self, texts.CHECK_IN_NOW, "C", deeds.check_in, can=any(awaits_arrival(one) for one in deeds.selected))
        _add(self, board_phrases.ENTER_ETA, "E", deeds.eta, can=awaited)
        _add(self, board_phrases.WHO_CAN, "W", deeds.reassign, can=awaited)
        _add(self, texts.WRITE_NOTE, "N", deeds.note)
        _add(self, texts.GIVE_LINK, "L", deeds.link, can=awaited)

    def _fill_alert(self) -> None:
        deeds = self._deeds
        can = bool(deeds.alerts)
        _add(self, texts.ACKNOWLEDGE, "A", deeds.acknowledge, can=can)
        snooze = self.addMenu(f"{texts.SNOOZE}\tS")
        snooze.setEnabled(can)
        fill_snooze_menu(snooze, self._room, deeds.alerts)
        _add(self, texts.RESOLVE, "R", deeds.resolve, can=can)

    def _fill_reaching(self) -> None:
        deeds, row = self._deeds, self._deeds.current
        if row is None:
            return
        call = self.addMenu(f"{board_phrases.CALL_MENU}\tP")
        known = reaching.people(row)
        call.setEnabled(bool(known))
        for person in known:
            _add(call, board_phrases.call(*person), "", partial(deeds.call, person))
        for person in known:
            words = f"{board_phrases.COPY_NUMBER}: {person.number}"
            _add(call, words, "", partial(deeds.copy_number, person))
        _add(self, board_phrases.OPEN_SOURCE, "O", deeds.open_source, can=bool(reaching.source_link(row)))
        _add(self, board_phrases.SHOW_ON_MAP, "M", deeds.show_on_map, can=bool(reaching.map_link(row.visit.site)))

    def _open_visit(self) -> None:
        if key := self._view.current_key:
            self._view.opened.emit(key)


def _add(menu: QMenu, words: str, key: str, deed: Callable[[], None], *, can: bool = True) -> None:
    words = words.replace("&", "&&")
    action = menu.addAction(f"{words}\t{key}" if key else words)
    action.setEnabled(can)
    action.triggered.connect(lambda _checked=False: deed())
