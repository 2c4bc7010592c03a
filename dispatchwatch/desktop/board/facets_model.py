"""The values that visits can be filtered by: in sections, with how many visits have each, narrowed by what is typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from dispatchwatch.desktop import board_phrases, phrases
from dispatchwatch.desktop.board.filter import Facet, FacetValue
from dispatchwatch.desktop.board.sorting import natural
from dispatchwatch.desktop.placed_model import NO_INDEX, Index
from dispatchwatch.domain.standing import Standing

STANDINGS = [standing.value for standing in Standing]


@dataclass(frozen=True, slots=True)
class Offer:
    """A value, or the head of a section where `value` is None."""

    words: str
    value: FacetValue | None = None
    count: int = 0


class FacetsModel(QAbstractListModel):
    """What is offered stays as it was when the panel was opened: nothing moves while somebody chooses."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: list[Offer] = []
        self._offers: list[Offer] = []
        self._chosen: frozenset[FacetValue] = frozenset()

    def offer(self, counts: Mapping[FacetValue, int], chosen: frozenset[FacetValue]) -> None:
        """What is chosen is offered too where no visit has it at the moment."""
        known = sorted(chosen | {value for value, number in counts.items() if number}, key=_place)
        self._known = [Offer(board_phrases.facet_value(value), value, counts.get(value, 0)) for value in known]
        self._chosen = chosen
        self.narrow("")

    def narrow(self, text: str) -> None:
        words = text.casefold().split()
        self.beginResetModel()
        self._offers = list(_in_sections([one for one in self._known if _holds(one, words)]))
        self.endResetModel()

    def choose(self, chosen: frozenset[FacetValue]) -> None:
        self._chosen = chosen
        if self._offers:
            self.dataChanged.emit(self.index(0), self.index(len(self._offers) - 1))

    def offer_at(self, number: int) -> Offer:
        return self._offers[number]

    def is_chosen(self, offer: Offer) -> bool:
        return offer.value in self._chosen

    def rowCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._offers)

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        if index.isValid() and self._offers[index.row()].value is None:
            return usual & ~(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled)
        return usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        offer = self._offers[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return offer.words
        if role == Qt.ItemDataRole.AccessibleTextRole and offer.value is not None:
            number = phrases.count(offer.count, "visit", "visits")
            return f"{board_phrases.chosen_value(offer.value)}, {number}{', chosen' if self.is_chosen(offer) else ''}"
        return None

    def first_value(self) -> QModelIndex:
        """The first line that can be chosen."""
        numbers = (number for number, offer in enumerate(self._offers) if offer.value is not None)
        return self.index(next(numbers, -1))


def _place(value: FacetValue) -> tuple[int, str]:
    facet, word = value
    order = f"{STANDINGS.index(word):02}" if facet is Facet.STATE else natural(board_phrases.facet_value(value))
    return list(Facet).index(facet), order


def _holds(offer: Offer, words: list[str]) -> bool:
    text = offer.words.casefold()
    return all(word in text for word in words)


def _in_sections(offers: list[Offer]) -> Iterator[Offer]:
    before: Facet | None = None
    for offer in offers:
        facet = offer.value[0] if offer.value else None
        if facet is not None and facet is not before:
            yield Offer(board_phrases.FACET_NAMES[facet])
            before = facet
        yield offer
