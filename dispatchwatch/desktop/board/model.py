"""The rows of the board: the most urgent first, or in the order and the groups that somebody chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import board_phrases
from dispatchwatch.desktop.board.cells import words
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.filter import EVERYTHING, BoardFilter
from dispatchwatch.desktop.board.grouping import Grouping, group_of
from dispatchwatch.desktop.board.order import Chip, chips_of, rank_of
from dispatchwatch.desktop.board.search import Query, haystack, understood
from dispatchwatch.desktop.board.sorting import MOST_URGENT_FIRST, Sort, place_of
from dispatchwatch.desktop.bridge import BoardPiece
from dispatchwatch.desktop.grouped_model import GroupedModel, Tag
from dispatchwatch.desktop.placed_model import Entry, Index, Place
from dispatchwatch.domain.evidence import evidence_of
from dispatchwatch.domain.visit import VisitKey

HEADS = tuple(board_phrases.COLUMN_NAMES[column] for column in Column)
SPOKEN = frozenset({Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole})


class BoardModel(GroupedModel[VisitKey, BoardRow]):
    """`counts` is how many visits each chip would show; `counted` is emitted when they may have changed. `me` signs
    what is done here.

    Rows are known as soon as they arrive and take their places when the change they came with is whole. While the
    list is held (the mouse is over it) they keep their places: what they say changes, where they stand does not.
    """

    counted = Signal()

    def __init__(self, parent: QObject | None = None, *, me: str = "") -> None:
        super().__init__(HEADS, parent)
        self._me = me
        self._not_renewed: set[VisitKey] = set()
        self._held = False
        self.counts: Counter[Chip] = Counter()
        self.filter = BoardFilter()
        self._wanted: Callable[[BoardRow], bool] = self.filter.test(me)
        self.query = Query()
        self.sorted_by: Sort = MOST_URGENT_FIRST
        self.grouping = Grouping.NONE

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
            self.filter, self._wanted = wanted, wanted.test(self._me)
            self.rebuild()

    def belong_to(self, me: str) -> None:
        """Somebody else sits here now, so that other visits are theirs."""
        self._me = me
        self._wanted = self.filter.test(me)
        if self.filter.mine:
            self.rebuild()

    def arrange(self, sort: Sort, grouping: Grouping, folded: frozenset[str] = frozenset()) -> None:
        """Puts the rows into an order and into groups; of the `folded` groups only the headers are shown."""
        before = (self.sorted_by, self.grouping, self.folded)
        self.sorted_by, self.grouping, self.folded = sort, grouping, folded
        if grouping is not before[1]:
            self.gather_anew()
        if sort != before[0]:
            self.order_anew()
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(HEADS) - 1)
        elif (grouping, folded) != before[1:]:
            self.rebuild()

    def search(self, text: str) -> None:
        self.query = understood(text)
        super().search(text)

    def place_of(self, line: BoardRow) -> Place:
        return place_of(line, self.sorted_by)

    def words_of(self, line: BoardRow) -> str:
        return haystack(line)

    def shows(self, line: BoardRow) -> bool:
        return self._wanted(line)

    def finds(self, entry: Entry[BoardRow]) -> bool:
        return bool(self.query.found([entry]))

    def found(self, entries: Iterable[Entry[BoardRow]]) -> Iterable[Entry[BoardRow]]:
        return self.query.found(entries)

    def tag_of(self, line: BoardRow) -> Tag:
        return group_of(line, self.grouping), (rank_of(line), line.standing.value)

    @property
    def gathers(self) -> bool:
        return self.grouping is not Grouping.NONE

    @property
    def shows_everything(self) -> bool:
        return self.filter == EVERYTHING

    def note(self, before: BoardRow | None, after: BoardRow | None) -> None:
        for row, step in ((before, -1), (after, 1)):
            if row is not None:
                for chip in chips_of(row):
                    self.counts[chip] += step

    @property
    def shown(self) -> int:
        """How many visits are shown; those in folded groups are."""
        members = self._members.values()
        return sum(len(one.kinds) for one in members) if members else len(self._shown)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return board_phrases.head(Column(section), self.sorted_by)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return board_phrases.head_sentence(Column(section), self.sorted_by)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == Column.TIME else Qt.AlignmentFlag.AlignLeft
            return (side | Qt.AlignmentFlag.AlignVCenter).value
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        """The delegate paints from the line itself; this is for screen readers, tooltips and copying."""
        if not index.isValid() or role not in SPOKEN | {Qt.ItemDataRole.DisplayRole}:
            return None
        heading = self.heading_at(index.row())
        if heading is not None:
            return board_phrases.heading_sentence(heading)
        row = self.line_at(index.row())
        if role in SPOKEN:
            return board_phrases.row_tip(row, evidence_of(row.visit))
        return words(row, Column(index.column()))
