"""Every message owed or sent, the newest first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt

from dispatchwatch.app.view import DeliveryLine
from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.marks import delivery
from dispatchwatch.desktop.placed_model import Index, Place, PlacedModel
from dispatchwatch.domain.wording import clock

ALL, FAILED, WAITING = "all", "failed", "waiting"
STATES = {FAILED: {"failed"}, WAITING: {"waiting", "sending"}}


class DeliveriesModel(PlacedModel[int, DeliveryLine]):
    def __init__(self, zone_name: str, parent: QObject | None = None) -> None:
        super().__init__(texts.SENT_COLUMNS, parent)
        self._zone_name = zone_name
        self.wanted = ALL

    def take(self, lines: tuple[DeliveryLine, ...]) -> None:
        for line in lines:
            self.renew(line.id, line)
        self.settle()

    def narrow(self, wanted: str) -> None:
        if wanted != self.wanted:
            self.wanted = wanted
            self.rebuild()

    def place_of(self, line: DeliveryLine) -> Place:
        return -line.created_at.timestamp(), -line.id, line.id

    def words_of(self, line: DeliveryLine) -> str:
        return "\n".join((line.channel, line.platform, line.headline, line.reference, line.held, line.error)).casefold()

    def shows(self, line: DeliveryLine) -> bool:
        return self.wanted == ALL or line.state in STATES[self.wanted]

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        line = self.line_at(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(line, index.column())
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return phrases.delivery_sentence(line, self._zone_name)
        return None

    def _cell(self, line: DeliveryLine, column: int) -> str:
        cells = (
            delivery(line.state).word,
            clock(line.created_at, self._zone_name, label=False),
            line.channel,
            texts.OPERATION_NAMES[line.operation],
            line.headline,
            str(line.attempts),
            line.error or (line.held if line.state == "waiting" else ""),
        )
        return cells[column]
