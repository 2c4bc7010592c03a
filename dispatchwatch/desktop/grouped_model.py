"""Lines gathered in groups, each below a header that stands in the list like a line and can be folded.

The header of a group is placed by the most urgent line in it: what needs somebody comes first, and of equals the one
whose name does. Only what is shown counts: lines that a filter or the search hides are in no group.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Qt

from dispatchwatch.desktop.placed_model import Index, Place, PlacedModel

K = TypeVar("K", bound=Hashable)
L = TypeVar("L")
Kind = tuple[int, str]
"""How urgent a line is, 0 first, and what it is counted as."""

HEADER, LINE = 0, 1
MANY_IN_GROUPS = 2000


class Group(NamedTuple):
    """Groups of equal urgency stand by `order`; `name` is what a person reads."""

    order: str
    name: str


Tag = tuple[Group, Kind]
"""To which group a line belongs, and as what it counts there."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a header says: how many lines of which kind are below it."""

    group: Group
    kinds: Mapping[Kind, int]
    folded: bool

    @property
    def count(self) -> int:
        return sum(self.kinds.values())


class Members(Generic[K]):
    """The lines of one group."""

    def __init__(self) -> None:
        self.kinds: dict[K, Kind] = {}
        self.counts: Counter[Kind] = Counter()

    def put(self, key: K, kind: Kind) -> None:
        self.kinds[key] = kind
        self.counts[kind] += 1

    def drop(self, key: K) -> None:
        if (kind := self.kinds.pop(key, None)) is not None:
            self.counts[kind] -= 1
            if not self.counts[kind]:
                del self.counts[kind]

    @property
    def rank(self) -> int:
        return min(self.counts)[0] if self.counts else 0


class GroupedModel(PlacedModel[K, L]):
    """A list without groups as long as it does not gather."""

    def __init__(self, columns: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._tags: dict[K, Tag] = {}
        self._members: dict[Group, Members[K]] = {}
        self._group_by_key: dict[K, Group] = {}
        self.folded: frozenset[str] = frozenset()

    @property
    @abstractmethod
    def gathers(self) -> bool:
        """Whether lines stand in groups at present."""

    @abstractmethod
    def tag_of(self, line: L) -> Tag:
        """Asked once for each line; again when it is renewed, or when lines are gathered by something else."""

    def renew(self, key: K, line: L) -> None:
        self._tags.pop(key, None)
        super().renew(key, line)

    def gather_anew(self) -> None:
        """Asks for the tags again, at the next settling or rebuilding."""
        self._tags.clear()

    def heading_at(self, number: int) -> Heading | None:
        """None for a line that is not the header of a group."""
        key = self._shown[number][-1]
        if not isinstance(key, Group):
            return None
        return Heading(key, self._members[key].counts, key.name in self.folded)

    def group_above(self, number: int) -> int:
        """Where the header of a line stands; of a header itself, and without groups, the line itself."""
        key = self._shown[number][-1]
        group = key if isinstance(key, Group) else self._group_by_key.get(key)
        found = self._number_of(group) if group is not None else None
        return number if found is None else found

    def fold(self, names: frozenset[str]) -> None:
        """Shows of the groups with these names the header alone."""
        if names != self.folded:
            self.folded = names
            if self._members:
                self.rebuild()

    def group_names(self) -> frozenset[str]:
        return frozenset(group.name for group in self._members)

    def place_at(self, number: int) -> Hashable:
        """What stands there: a line by its key, or a header by its group."""
        key: Hashable = self._shown[number][-1]
        return key

    def number_of_place(self, key: Hashable) -> int | None:
        return self._number_of(key)

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        is_heading = index.isValid() and isinstance(self._shown[index.row()][-1], Group)
        return usual & ~Qt.ItemFlag.ItemIsSelectable if is_heading else usual

    def _forget(self) -> None:
        for key in self._leaving:
            self._tags.pop(key, None)
        # Only now: while lines still move, the view may ask for a header that is about to go.
        for group in [group for group, members in self._members.items() if not members.kinds]:
            del self._members[group]
        super()._forget()

    def settle(self) -> None:
        """Of very many changed lines the groups are made anew rather than counted line by line."""
        if self.gathers and len(self._dirty) > MANY_IN_GROUPS:
            self.rebuild()
        else:
            super().settle()

    def _moves(self) -> Iterator[tuple[Hashable, Place | None]]:
        if not self.gathers:
            yield from super()._moves()
            return
        ranks = {group: members.rank for group, members in self._members.items()}
        touched = self._count_anew(self._dirty | self._leaving)
        for group in touched:
            if ranks.get(group) != self._members[group].rank:
                self._dirty |= self._members[group].kinds.keys()
        yield from super()._moves()
        for group in touched:
            wanted = self._header_place(group) if self._members[group].kinds else None
            if wanted != self._placed.get(group):
                yield group, wanted
            elif wanted is not None:
                self.touch(group)

    def _count_anew(self, keys: Iterable[K]) -> set[Group]:
        """Puts these lines into the groups they belong to now. Answers the groups that are no longer as they were."""
        touched: set[Group] = set()
        for key in keys:
            entry, before = self._entries[key], self._group_by_key.pop(key, None)
            if before is not None:
                self._members[before].drop(key)
                touched.add(before)
            if key not in self._leaving and self._fits(entry):
                group, kind = self._tag(key)
                self._members.setdefault(group, Members()).put(key, kind)
                self._group_by_key[key] = group
                touched.add(group)
        return touched

    def _tag(self, key: K) -> Tag:
        tag = self._tags.get(key)
        if tag is None:
            tag = self._tags[key] = self.tag_of(self._entries[key].line)
        return tag

    def _places(self) -> Sequence[Place]:
        self._members, self._group_by_key = {}, {}
        if not self.gathers:
            return super()._places()
        below: dict[Group, list[Place]] = {}
        for entry in self._fitting():
            key = entry.place[-1]
            group, kind = self._tag(key)
            if group not in below:
                self._members[group], below[group] = Members(), []
            self._members[group].put(key, kind)
            self._group_by_key[key] = group
            below[group].append(entry.place)
        places: list[Place] = []
        for group in sorted(self._members, key=self._header_place):
            places.append(self._header_place(group))
            start = (*self._header_place(group)[:-2], LINE)
            places += [] if group.name in self.folded else [start + place for place in sorted(below[group])]
        return places

    def _wanted_place(self, key: K) -> Place | None:
        place, group = super()._wanted_place(key), self._group_by_key.get(key)
        if place is None or group is None:
            return place
        if group.name in self.folded:
            return None
        return (self._members[group].rank, *group, LINE, *place)

    def _header_place(self, group: Group) -> Place:
        return (self._members[group].rank, *group, HEADER, group)
