"""From the wish to give a visit to somebody else to the list of who can, and from there to what is recorded."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QWidget

from dispatchwatch.app.view import BoardRow, Weighed
from dispatchwatch.desktop import reassign_phrases as phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.reassign.handing_over import HandingOver
from dispatchwatch.desktop.reassign.who_can import WhoCan
from dispatchwatch.domain.visit import Technician, VisitKey


class ReassignDoor(QObject):
    """Hears `wishes.reassign`. One visit at a time: what is asked of another takes the place of what was open."""

    def __init__(self, room: DeskRoom, window: QWidget) -> None:
        super().__init__(window)
        self._room = room
        self._window = window
        self.dialog: QDialog | None = None
        room.wishes.reassign.connect(self.ask)

    @Slot(object, object)
    def ask(self, key: VisitKey, technician: Technician | None) -> None:
        """`technician` is the one it was dragged to: his card is chosen, and nothing happens before that is said."""
        row = self._room.picture.rows.get(key)
        if row is None:
            self._room.deeds.failed.emit(phrases.not_there(key.ext_id))
            return
        dialog = WhoCan(self._room, row, technician, self._window)
        dialog.chosen.connect(lambda weighed: self._confirm(row, weighed))
        self._open(dialog)

    def _confirm(self, row: BoardRow, weighed: Weighed) -> None:
        dialog = HandingOver(self._room, row, weighed, self._window)
        dialog.back_wanted.connect(lambda: self.ask(row.key, weighed.technician))
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        self.dialog = dialog
        dialog.finished.connect(lambda: self._forget(dialog))
        dialog.open()

    def _forget(self, dialog: QDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None
