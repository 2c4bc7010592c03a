"""The dialogs over the window. Each is opened and left alone: none holds up what goes on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop.alerts.decision import acknowledging, resolving
from dispatchwatch.desktop.alerts.model import AlertsModel
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.reassign.door import ReassignDoor
from dispatchwatch.desktop.visit.check_in_link import CheckInLink
from dispatchwatch.desktop.visit.typed_form import VisitForm, known_names
from dispatchwatch.domain.visit import Visit, VisitKey


class Dialogs(QObject):
    """`saved` carries the key of a visit that was typed."""

    saved = Signal(object)

    def __init__(self, room: DeskRoom, window: QWidget, board: BoardModel, alerts: AlertsModel) -> None:
        super().__init__(window)
        self._room = room
        self._window = window
        self._board = board
        self._alerts = alerts
        self.reassign = ReassignDoor(room, window)

    @Slot(object)
    def acknowledge(self, numbers: list[int]) -> None:
        """Asks why."""
        lines = self._lines(numbers)
        if not lines:
            self._room.deeds.acknowledge(numbers)
            return
        dialog = acknowledging(self._room, lines, self._window)
        dialog.decided.connect(
            lambda reason, note, lasting: self._room.deeds.acknowledge(numbers, reason, note, lasting=lasting)
        )
        dialog.open()

    @Slot(object)
    def resolve(self, numbers: list[int]) -> None:
        if lines := self._lines(numbers):
            dialog = resolving(self._room, lines, self._window)
            dialog.decided.connect(lambda _reason, note, _lasting: self._room.deeds.resolve(numbers, note))
            dialog.open()

    @Slot()
    def new_visit(self) -> None:
        self._type(None)

    @Slot(object)
    def change_visit(self, key: VisitKey) -> None:
        if row := self._board.line_of(key):
            self._type(row.visit)

    @Slot(object)
    def give_link(self, key: VisitKey) -> None:
        if row := self._board.line_of(key):
            CheckInLink(self._room, row.visit, self._window).open()

    def _type(self, visit: Visit | None) -> None:
        form = VisitForm(self._room, known_names(self._board.lines()), visit, self._window)
        form.saved.connect(self.saved)
        form.open()

    def _lines(self, numbers: list[int]) -> list[AlertLine]:
        return [line for number in numbers if (line := self._alerts.line_of(number)) is not None]
