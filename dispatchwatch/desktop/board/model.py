"""The rows of the board, the most urgent first."""

from __future__ import annotations

from collections import Counter
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.board.order import BoardFilter, Chip, chips_of, haystack, place_of
from dispatchwatch.desktop.bridge import BoardPiece
from dispatchwatch.desktop.placed_model import Index, Place, PlacedModel
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.wording import clock


class BoardModel(PlacedModel[VisitKey, BoardRow]):
    """`counts` is how many visits each filter would show; `counted` is emitted when it may have changed.

    Rows are known as soon as they arrive and take their places when the change they came with is whole. While the
    list is held (the mouse is over it) they keep their places: what they say changes, where they stand does not.
    """

    counted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(texts.BOARD_COLUMNS, parent)
        self._not_renewed: set[VisitKey] = set()
        self._held = False
        self._by_feed: Counter[str] = Counter()
        self.counts: Counter[Chip] = Counter()
        self.filter = BoardFilter()

    def take(self, piece: BoardPiece) -> None:
        """Takes in a part of a change; the last part puts every row in its place."""
        if piece.replaces_all and piece.first:
            self._not_renewed = set(self._entries)
        for row in piece.rows:
            self._not_renewed.discard(row.key)
            self.renew(row.key, row)
        if piece.last:
            self.leave(piece.removed)
            self.leave(self._not_renewed if piece.replaces_all else ())
            self._not_renewed = set()
            if not self._held:
                self.settle()
            self.counted.emit()

    def hold(self, held: bool) -> None:
        if self._held and not held:
            self.settle()
        self._held = held

    def narrow(self, wanted: BoardFilter) -> None:
        """Shows what `wanted` asks for."""
        if wanted != self.filter:
            self.filter = wanted
            self.rebuild()

    def place_of(self, line: BoardRow) -> Place:
        return place_of(line)

    def words_of(self, line: BoardRow) -> str:
        return haystack(line)

    def shows(self, line: BoardRow) -> bool:
        return self.filter.shows(line)

    @property
    def shows_everything(self) -> bool:
        return self.filter == BoardFilter()

    def note(self, before: BoardRow | None, after: BoardRow | None) -> None:
        for row, step in ((before, -1), (after, 1)):
            if row is not None:
                self.counts.update(dict.fromkeys(chips_of(row), step))
                self._by_feed[row.key.feed] += step

    def feeds(self) -> list[str]:
        return sorted(feed for feed, number in self._by_feed.items() if number)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignRight if section == 0 else Qt.AlignmentFlag.AlignLeft).value
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = 0) -> Any:
        """The delegate paints from the line itself; this is for screen readers, tooltips and copying."""
        if not index.isValid():
            return None
        row = self.line_at(index.row())
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return f"{phrases.row_sentence(row)} {_outlook(row)}".rstrip()
        return _cell(row, index.column()) if role == Qt.ItemDataRole.DisplayRole else None


def _outlook(row: BoardRow) -> str:
    text = row.outlook.text if row.outlook else ""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _cell(row: BoardRow, column: int) -> str:
    visit = row.visit
    match column:
        case 0:
            return clock(row.deadline, visit.site.timezone) if row.deadline else ""
        case 1:
            return texts.STANDING_NAMES[row.standing]
        case 2:
            return visit.technician
        case 3:
            return " · ".join(part for part in (visit.customer.name, phrases.where(visit)) if part)
        case 4:
            return phrases.window(visit)
        case _:
            return phrases.told_line(row.told)
