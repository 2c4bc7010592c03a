"""Every message owed or sent, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt

from dispatchwatch.app.view import DeliveryLine
from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.marks import delivery
from dispatchwatch.desktop.placed_model import Index, Place, PlacedModel
from dispatchwatch.domain.wording import clock

ALL, WAITING = "all", "waiting"
UNSETTLED = frozenset({"waiting", "sending"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is shown: of one state, of one channel, owed since an instant; each left out, all of them."""

    state: str = ALL
    channel: str = ""
    since: datetime | None = None

    def takes(self, line: DeliveryLine) -> bool:
        states = UNSETTLED if self.state == WAITING else {self.state}
        return (
            (self.state == ALL or line.state in states)
            and self.channel in {"", line.channel}
            and (self.since is None or line.created_at >= self.since)
        )


EVERYTHING = Wanted()


class DeliveriesModel(PlacedModel[int, DeliveryLine]):
    def __init__(self, zone_name: str, parent: QObject | None = None) -> None:
        super().__init__(texts.SENT_COLUMNS, parent)
        self._zone_name = zone_name
        self.wanted = EVERYTHING

    def take(self, lines: tuple[DeliveryLine, ...]) -> None:
        for line in lines:
            self.renew(line.id, line)
        self.settle()

    def narrow(self, wanted: Wanted) -> None:
        if wanted != self.wanted:
            self.wanted = wanted
            self.rebuild()

    def place_of(self, line: DeliveryLine) -> Place:
        return -line.created_at.timestamp(), -line.id, line.id

    @property
    def shows_everything(self) -> bool:
        return self.wanted == EVERYTHING

    def words_of(self, line: DeliveryLine) -> str:
        return "\n".join((line.channel, line.platform, line.headline, line.reference, line.held, line.error)).casefold()

    def shows(self, line: DeliveryLine) -> bool:
        return self.wanted.takes(line)

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
