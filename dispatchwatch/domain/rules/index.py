"""Visits by what they have in common, kept up as they change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dispatchwatch.domain.merging import is_same
from dispatchwatch.domain.visit import Visit, VisitKey
from dispatchwatch.domain.watched import Watched


def crews_of(visit: Visit) -> tuple[str, ...]:
    """Whose days a visit belongs to: each of its technicians', or a day of its own where nobody is assigned."""
    return tuple({one.identity: None for one in visit.technicians}) or (f"nobody|{visit.feed}|{visit.ext_id}",)


class Index:
    """`orders`: the visits of each work order. `days`: those of each crew. `unread`: by feed and by status word,
    those whose status nobody can read. `doubles`: visits that another feed tells of too, with the one that counts.
    """

    def __init__(self, feeds: Iterable[str] = ()) -> None:
        """`feeds` in the order of their standing: of a visit that two feeds tell of, the first one's counts."""
        self.orders: dict[str, frozenset[VisitKey]] = {}
        self.days: dict[str, frozenset[VisitKey]] = {}
        self.unread: dict[str, dict[str, frozenset[VisitKey]]] = {}
        self.doubles: dict[VisitKey, VisitKey] = {}
        self._standing = {feed: place for place, feed in enumerate(feeds)}

    @classmethod
    def of(cls, visits: Mapping[VisitKey, Watched], feeds: Iterable[str] = ()) -> Index:
        index = cls(feeds)
        for watched in visits.values():
            index.change(None, watched)
        for order in index.orders:
            index.match(order, visits)
        return index

    def copy(self) -> Index:
        """One that stays as it is while this one changes; words that nobody can read are left out."""
        found = Index()
        found.orders, found.days, found.doubles = dict(self.orders), dict(self.days), dict(self.doubles)
        return found

    def change(self, before: Watched | None, after: Watched | None) -> None:
        """Takes in one visit as it is now in place of what it was; None where there was, or is, none."""
        if before is not None:
            self._move(before, before.key, present=False)
        if after is not None:
            self._move(after, after.key, present=True)

    def match(self, order: str, visits: Mapping[VisitKey, Watched]) -> None:
        """Finds out anew which visits of an order are one and the same in two feeds."""
        last = len(self._standing)
        keys = sorted(self.orders.get(order, ()), key=lambda key: (self._standing.get(key.feed, last), key))
        for key in keys:
            self.doubles.pop(key, None)
        for place, key in enumerate(keys):
            for first in keys[:place]:
                if first not in self.doubles and _same(visits[first], visits[key]):
                    self.doubles[key] = first
                    break

    def _move(self, watched: Watched, key: VisitKey, *, present: bool) -> None:
        visit = watched.visit
        if visit.order_ref:
            _put(self.orders, visit.order_ref, key, present=present)
        for crew in crews_of(visit):
            _put(self.days, crew, key, present=present)
        if watched.unread_status:
            _put(self.unread.setdefault(visit.feed, {}), watched.unread_status, key, present=present)
        if not present:
            self.doubles.pop(key, None)


def _put(groups: dict[str, frozenset[VisitKey]], name: str, key: VisitKey, *, present: bool) -> None:
    group = groups.get(name, frozenset())
    group = group | {key} if present else group - {key}
    if group:
        groups[name] = group
    else:
        groups.pop(name, None)


def _same(first: Watched, second: Watched) -> bool:
    """What the first feed has dropped is the second one's to tell of."""
    return not first.withdrawn and is_same(first.visit, second.visit)
