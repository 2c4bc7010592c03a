"""All that the engine has told so far, for pages that are made later than it was told."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from dispatchwatch.app.events import AlertsChanged, DeliveriesChanged, StatusChanged
from dispatchwatch.app.view import AlertLine, BoardRow, DeliveryLine
from dispatchwatch.desktop.bridge import BoardPiece, Bridge
from dispatchwatch.domain.visit import VisitKey


class Picture(QObject):
    """The rows of the board, the alerts and the deliveries as they are now, and the last status.

    `rows_changed` is emitted once a change of the board is whole. The others come with what is new, as the bridge gives
    it.
    """

    rows_changed = Signal()
    alerts_changed = Signal(object)
    deliveries_changed = Signal(object)
    status_changed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[VisitKey, BoardRow] = {}
        self.alerts: dict[int, AlertLine] = {}
        self.deliveries: dict[int, DeliveryLine] = {}
        self.status: StatusChanged | None = None
        self._fresh: dict[VisitKey, BoardRow] = {}
        bridge.board_changed.connect(self._take_rows)
        bridge.alerts_changed.connect(self._take_alerts)
        bridge.deliveries_changed.connect(self._take_deliveries)
        bridge.status_changed.connect(self._take_status)

    def names(self) -> frozenset[str]:
        """Of customers, sites and technicians, as far as they are on the board."""
        visits = [row.visit for row in self.rows.values()]
        places = (part for visit in visits for part in (visit.customer.name, visit.site.name, visit.site.address))
        people = (name.strip() for visit in visits for name in visit.technician.split(";"))
        return frozenset(name for name in (*places, *people) if name)

    @Slot(object)
    def _take_rows(self, piece: BoardPiece) -> None:
        """A new board takes the place of the old one once it is whole: nobody sees half of it."""
        target = self._fresh if piece.replaces_all else self.rows
        target.update((row.key, row) for row in piece.rows)
        if not piece.last:
            return
        if piece.replaces_all:
            self.rows, self._fresh = self._fresh, {}
        for key in piece.removed:
            self.rows.pop(key, None)
        self.rows_changed.emit()

    @Slot(object)
    def _take_alerts(self, change: AlertsChanged) -> None:
        self.alerts.update((line.alert.id, line) for line in change.lines)
        self.alerts_changed.emit(change)

    @Slot(object)
    def _take_deliveries(self, change: DeliveriesChanged) -> None:
        self.deliveries.update((line.id, line) for line in change.lines)
        self.deliveries_changed.emit(change)

    @Slot(object)
    def _take_status(self, status: StatusChanged) -> None:
        self.status = status
        self.status_changed.emit(status)
