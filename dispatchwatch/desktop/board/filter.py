"""Which visits are shown, the search aside: a chip, any mix of facets, and those that one has taken on oneself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop.board.order import Chip, chips_of
from dispatchwatch.domain.alert import AlertState


class Facet(StrEnum):
    """What visits can be chosen by, in the order it is offered."""

    FEED = "feed"
    STATE = "state"
    TECHNICIAN = "technician"
    CUSTOMER = "customer"
    SITE = "site"
    PRIORITY = "priority"
    KIND = "kind"


FacetValue = tuple[Facet, str]
VALUES: Mapping[Facet, Callable[[BoardRow], tuple[str, ...]]] = {
    Facet.FEED: lambda row: (row.key.feed,),
    Facet.STATE: lambda row: (row.standing.value,),
    Facet.TECHNICIAN: lambda row: tuple(one.name for one in row.visit.technicians) or ("",),
    Facet.CUSTOMER: lambda row: (row.visit.customer.name,),
    Facet.SITE: lambda row: (row.visit.site.name or row.visit.site.address,),
    Facet.PRIORITY: lambda row: (row.visit.priority,),
    Facet.KIND: lambda row: (row.visit.kind,),
}


def values_of(rows: Sequence[BoardRow]) -> dict[FacetValue, int]:
    """How many of the visits have each value."""
    counts: dict[FacetValue, int] = {}
    for facet, found in VALUES.items():
        of_facet = Counter(value for row in rows for value in found(row))
        counts.update(((facet, value), number) for value, number in of_facet.items())
    return counts


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Of one facet any of its values will do; of several facets each must. `mine`: taken on by whoever sits here."""

    chip: Chip = Chip.ALL
    values: frozenset[FacetValue] = frozenset()
    mine: bool = False

    def toggled(self, value: FacetValue) -> BoardFilter:
        return replace(self, values=self.values ^ {value})

    def test(self, me: str) -> Callable[[BoardRow], bool]:
        """What says of a row whether it is wanted. `me` signs what is done here."""
        wanted: dict[Facet, set[str]] = {}
        for facet, value in self.values:
            wanted.setdefault(facet, set()).add(value)
        asked = [(VALUES[facet], values) for facet, values in wanted.items()]
        chip, mine = self.chip, self.mine

        def shows(row: BoardRow) -> bool:
            if chip not in chips_of(row) or (mine and not is_mine(row, me)):
                return False
            return all(not values.isdisjoint(found(row)) for found, values in asked)

        return shows


EVERYTHING = BoardFilter()


def is_mine(row: BoardRow, me: str) -> bool:
    """Whether the alert of a visit was taken on by `me`."""
    return row.alert_state is AlertState.ACKNOWLEDGED and row.acknowledged_by == me
