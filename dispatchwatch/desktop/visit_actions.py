"""What can be done with visits by menu and by letter keys, the same wherever visits are shown.

A page says which visits are meant and where a menu may open:

    actions = VisitActions(room, self, self._selected)          # the one with the keyboard first
    actions.take_keys(self.view, self._below_the_current_row)
    self.view.menu_wanted.connect(actions.show_menu)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.alerts.snooze_menu import fill_snooze_menu
from dispatchwatch.desktop.board.order import awaits_arrival
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import on_key
from dispatchwatch.domain.alert import AlertState


class More(NamedTuple):
    """An action of one page only. `fits` says whether it can be done with the first visit."""

    text: str
    key: str
    does: Callable[[BoardRow], object]
    fits: Callable[[BoardRow], bool]


class VisitActions:
    """`chosen` answers the visits that are meant, the one that has the keyboard first."""

    def __init__(
        self, room: DeskRoom, parent: QWidget, chosen: Callable[[], Sequence[BoardRow]], more: Sequence[More] = ()
    ) -> None:
        self._room = room
        self._chosen = chosen
        self._more = more
        self.menu = QMenu(parent)

    def take_keys(self, widget: QWidget, corner: Callable[[], QPoint]) -> None:
        """Does everything by its letter while the keyboard is in `widget`; a menu opens at `corner`, on the screen."""
        keys: dict[str, Callable[[], object]] = {
            "C": self.check_in,
            "A": self.acknowledge,
            "S": lambda: self.show_snooze(corner()),
            "R": self.resolve,
            "N": self.write_note,
            "L": self.give_link,
        }
        keys.update({more.key: partial(self._do_more, more) for more in self._more})
        for key, action in keys.items():
            on_key(widget, key, action)

    def open(self) -> None:
        if first := self._first():
            self._room.wishes.visit.emit(first.key)

    def check_in(self) -> None:
        if keys := [row.key for row in self._chosen() if awaits_arrival(row)]:
            self._room.deeds.check_in(keys)

    def acknowledge(self) -> None:
        if numbers := self._alerts():
            self._room.wishes.acknowledge.emit(numbers)

    def resolve(self) -> None:
        if numbers := self._alerts():
            self._room.wishes.resolve.emit(numbers)

    def write_note(self) -> None:
        if first := self._first():
            self._room.wishes.note.emit(first.key)

    def give_link(self) -> None:
        first = self._first()
        if first is not None and awaits_arrival(first):
            self._room.wishes.link.emit(first.key)

    def show_snooze(self, at: QPoint) -> None:
        """For how long, beside the visit."""
        if self._alerts():
            self.menu.clear()
            self._fill_snooze(self.menu)
            self.menu.popup(at)

    def show_menu(self, at: QPoint) -> None:
        """Everything, at a place on the screen; what can’t be done is grey, so that every entry keeps its place."""
        first = self._first()
        if first is None:
            return
        self.menu.clear()
        awaited = any(awaits_arrival(row) for row in self._chosen())
        self._offer(texts.OPEN_VISIT, "Enter", self.open)
        self._offer(texts.CHECK_IN_NOW, "C", self.check_in).setEnabled(awaited)
        self._offer(texts.WRITE_NOTE, "N", self.write_note)
        self._offer(texts.GIVE_LINK, "L", self.give_link).setEnabled(awaits_arrival(first))
        for more in self._more:
            self._offer(more.text, more.key, partial(self._do_more, more)).setEnabled(more.fits(first))
        self.menu.addSeparator()
        self._offer_for_alerts()
        self.menu.popup(at)

    def _offer_for_alerts(self) -> None:
        alerted = bool(self._alerts())
        self._offer(texts.ACKNOWLEDGE, "A", self.acknowledge).setEnabled(alerted)
        snooze = self.menu.addMenu(f"{texts.SNOOZE}\tS")
        snooze.setEnabled(alerted)
        self._fill_snooze(snooze)
        self._offer(texts.RESOLVE, "R", self.resolve).setEnabled(alerted)

    def _offer(self, text: str, key: str, does: Callable[[], object]) -> QAction:
        action = self.menu.addAction(f"{text}\t{key}")
        action.triggered.connect(lambda _=False: does())
        return action

    def _fill_snooze(self, menu: QMenu) -> None:
        fill_snooze_menu(menu, self._room, self._alerts())

    def _do_more(self, more: More) -> None:
        first = self._first()
        if first is not None and more.fits(first):
            more.does(first)

    def _first(self) -> BoardRow | None:
        return next(iter(self._chosen()), None)

    def _alerts(self) -> list[int]:
        over = AlertState.RESOLVED
        return [row.alert_id for row in self._chosen() if row.alert_id is not None and row.alert_state is not over]
