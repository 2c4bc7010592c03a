"""Lines for a Qt view, each in its place: held by key and changed by difference, so that nothing moves that need not.

Selection, scroll and focus live in the view by index; because rows are moved, put in and taken out one by one, they
stay with their lines. Only a change of many lines at once starts the list anew.
"""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

K = TypeVar("K", bound=Hashable)
L = TypeVar("L")
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
MANY = 100

Place = tuple[Any, ...]
"""What a list is sorted by. Its last part is the key of the line, so that no two places are equal."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[L]):
    """A line with what ordering and searching ask of it again and again."""

    line: L
    place: Place
    words: str


class PlacedModel(QAbstractTableModel, Generic[K, L]):
    """`settled` is emitted after lines have moved, come or gone."""

    settled = Signal()

    def __init__(self, columns: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._entries: dict[K, Entry[L]] = {}
        self._shown: list[Place] = []
        self._placed: dict[Hashable, Place] = {}
        self._dirty: set[K] = set()
        self._leaving: set[K] = set()
        self.text = ""

    @abstractmethod
    def place_of(self, line: L) -> Place: ...

    @abstractmethod
    def words_of(self, line: L) -> str:
        """Everything a search looks through."""

    @abstractmethod
    def shows(self, line: L) -> bool:
        """Whether the line is wanted, the search aside."""

    @property
    def shows_everything(self) -> bool:
        """Whether `shows` need not even be asked."""
        return False

    def renew(self, key: K, line: L) -> None:
        """Takes in a line, new or changed. It takes its place when `settle` is called."""
        before = self._entries.get(key)
        self._leaving.discard(key)
        if before is not None and before.line == line:
            return
        self.note(before.line if before else None, line)
        self._entries[key] = Entry(line, self.place_of(line), self.words_of(line))
        self._dirty.add(key)
        if key in self._placed:
            self.touch(key)

    def note(self, before: L | None, after: L | None) -> None:
        """A line came (no `before`), changed, or went (no `after`): for whoever keeps count."""

    def touch(self, key: Hashable) -> None:
        """Has the line painted anew where it stands."""
        number = self._number_of(key)
        if number is not None:
            self.dataChanged.emit(self.index(number, 0), self.index(number, len(self._columns) - 1))

    def leave(self, keys: Iterable[K]) -> None:
        self._leaving |= set(keys) & self._entries.keys()

    def settle(self) -> None:
        """Gives every line that came, went or changed its place; by differences when there are few."""
        moves = list(islice(self._moves(), MANY + 1))
        if len(moves) > MANY:
            self.rebuild()
            return
        for key, wanted in moves:
            self._put(key, wanted)
        changed = bool(moves or self._leaving)
        self._forget()
        if changed:
            self.settled.emit()

    def _moves(self) -> Iterator[tuple[Hashable, Place | None]]:
        """The lines that no longer stand where they should, each with its new place; None for one that goes."""
        placed, wanted_place = self._placed, self._wanted_place
        yield from ((key, None) for key in self._leaving if key in placed)
        for key in self._dirty - self._leaving:
            wanted = wanted_place(key)
            if wanted != placed.get(key):
                yield key, wanted

    def search(self, text: str) -> None:
        if text.casefold() != self.text:
            self.text = text.casefold()
            self.rebuild()

    def rebuild(self) -> None:
        """Starts the list anew: for many changes at once and for another filter."""
        self.beginResetModel()
        self._forget()
        self._shown = sorted(self._places())
        self._placed = {place[-1]: place for place in self._shown}
        self.endResetModel()
        self.settled.emit()

    def _places(self) -> Sequence[Place]:
        """Where everything that is shown belongs."""
        return [one.place for one in self._fitting()]

    def _fitting(self) -> Iterable[Entry[L]]:
        entries = self._entries.values()
        wanted = entries if self.shows_everything else [one for one in entries if self.shows(one.line)]
        return self.found(wanted) if self.text else wanted

    def found(self, entries: Iterable[Entry[L]]) -> Iterable[Entry[L]]:
        """Those of many lines that hold what is searched for: `finds` at the pace of somebody who types."""
        return [one for one in entries if self.finds(one)]

    def order_anew(self) -> None:
        """Has every line find its place again: for another order."""
        self._entries = {key: Entry(one.line, self.place_of(one.line), one.words) for key, one in self._entries.items()}
        self.rebuild()

    def key_at(self, number: int) -> K:
        key: K = self._shown[number][-1]
        return key

    def line_at(self, number: int) -> L:
        return self._entries[self.key_at(number)].line

    def line_of(self, key: K) -> L | None:
        entry = self._entries.get(key)
        return entry.line if entry else None

    def lines(self) -> list[L]:
        return [entry.line for entry in self._entries.values()]

    def number_of(self, key: K) -> int | None:
        """Where a line stands in the list; None if it is not shown."""
        return self._number_of(key)

    def _number_of(self, key: Hashable) -> int | None:
        place = self._placed.get(key)
        return None if place is None else bisect_left(self._shown, place)

    @property
    def total(self) -> int:
        return len(self._entries)

    def rowCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section]
        return None

    def _wanted_place(self, key: K) -> Place | None:
        entry = self._entries[key]
        return entry.place if self._fits(entry) else None

    def _fits(self, entry: Entry[L]) -> bool:
        return self.shows(entry.line) and self.finds(entry)

    def finds(self, entry: Entry[L]) -> bool:
        """Whether a line holds what is searched for."""
        return all(word in entry.words for word in self.text.split())

    def _put(self, key: Hashable, wanted: Place | None) -> None:
        current = self._placed.get(key)
        if current is not None and wanted is not None:
            self._move(key, current, wanted)
        elif current is not None:
            self._take_out(key, bisect_left(self._shown, current))
        elif wanted is not None:
            self._put_in(key, wanted)

    def _take_out(self, key: Hashable, number: int) -> None:
        self.beginRemoveRows(NO_INDEX, number, number)
        del self._shown[number], self._placed[key]
        self.endRemoveRows()

    def _put_in(self, key: Hashable, wanted: Place) -> None:
        number = bisect_left(self._shown, wanted)
        self.beginInsertRows(NO_INDEX, number, number)
        self._shown.insert(number, wanted)
        self._placed[key] = wanted
        self.endInsertRows()

    def _move(self, key: Hashable, current: Place, wanted: Place) -> None:
        source, target = bisect_left(self._shown, current), bisect_left(self._shown, wanted)
        moves = target not in {source, source + 1}
        if moves:
            self.beginMoveRows(NO_INDEX, source, source, NO_INDEX, target)
        del self._shown[source]
        self._shown.insert(target - 1 if target > source else target, wanted)
        self._placed[key] = wanted
        if moves:
            self.endMoveRows()

    def _forget(self) -> None:
        for key in self._leaving:
            self.note(self._entries.pop(key).line, None)
        self._leaving.clear()
        self._dirty.clear()
