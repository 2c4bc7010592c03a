"""Which visits may be one and the same appointment in two feeds: those of one work order."""

from __future__ import annotations

from collections.abc import Iterable

from dispatchwatch.domain.visit import Visit, VisitKey


class Appointments:
    """`feeds` in the order of their standing: the visit of the first one that tells of an appointment counts."""

    def __init__(self, feeds: Iterable[str]) -> None:
        self._standing = {feed: place for place, feed in enumerate(feeds)}
        self._orders: dict[str, set[VisitKey]] = {}

    def change(self, before: Visit | None, after: Visit | None) -> None:
        """Takes in a visit as it is now in place of what it was; None where there was, or is, none."""
        if before is not None and after is not None and before.order_ref == after.order_ref:
            return
        if before is not None and before.order_ref:
            self._orders[before.order_ref].discard(before.key)
        if after is not None and after.order_ref:
            self._orders.setdefault(after.order_ref, set()).add(after.key)

    def above(self, visit: Visit) -> list[VisitKey]:
        """The visits of the same order whose word counts more than this one's."""
        place = self._place(visit.key)
        return [key for key in self._others(visit) if self._place(key) < place]

    def below(self, visit: Visit) -> list[VisitKey]:
        """Those that this one's word counts more than."""
        place = self._place(visit.key)
        return [key for key in self._others(visit) if self._place(key) > place]

    def beside(self, visit: Visit) -> list[VisitKey]:
        """Those of its own feed."""
        return [key for key in self._others(visit) if key.feed == visit.feed and key != visit.key]

    def _others(self, visit: Visit) -> Iterable[VisitKey]:
        return sorted(self._orders.get(visit.order_ref, ())) if visit.order_ref else ()

    def _place(self, key: VisitKey) -> int:
        return self._standing.get(key.feed, len(self._standing))
