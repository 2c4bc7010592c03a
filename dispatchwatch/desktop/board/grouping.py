"""What rows can be gathered by, and to which group each belongs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import feed_phrases, phrases, texts
from dispatchwatch.desktop.board.sorting import natural
from dispatchwatch.desktop.grouped_model import Group
from dispatchwatch.domain.standing import Standing


class Grouping(StrEnum):
    NONE = "none"
    TECHNICIAN = "technician"
    STATUS = "status"
    CUSTOMER = "customer"
    SITE = "site"
    FEED = "feed"


STANDINGS = tuple(Standing)


def _technician(row: BoardRow) -> str:
    """Of a crew the first, who leads it: each visit stands in one place only."""
    first = next(iter(row.visit.technicians), None)
    return first.name if first else phrases.crew(row.visit)


NAMES: Mapping[Grouping, Callable[[BoardRow], str]] = {
    Grouping.TECHNICIAN: _technician,
    Grouping.CUSTOMER: lambda row: row.visit.customer.name,
    Grouping.SITE: lambda row: phrases.where(row.visit),
    Grouping.FEED: lambda row: feed_phrases.feed_name(row.key.feed),
}


def group_of(row: BoardRow, grouping: Grouping) -> Group:
    if grouping is Grouping.STATUS:
        return Group(f"{STANDINGS.index(row.standing):02}", texts.STANDING_NAMES[row.standing])
    name = NAMES[grouping](row)
    return Group(natural(name), name)
