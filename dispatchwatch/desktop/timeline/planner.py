"""Keeps the rows of the timeline up to date: only those whose visits changed are laid out anew, a few at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop.timeline.crews import UNASSIGNED, Crews
from dispatchwatch.desktop.timeline.layout import Order, TechnicianDay, in_order, lay_out
from dispatchwatch.domain.visit import VisitKey

SHARE = 100
"""So many visits are looked at before anything else may have its turn."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows in their order. `tray` holds what nobody is assigned to; None where there is nothing."""

    tray: TechnicianDay | None = None
    days: tuple[TechnicianDay, ...] = ()


class Planner:
    """Give it the rows of the board with `renew`, and run that to its end; then `plan` makes one picture of them."""

    def __init__(self) -> None:
        self._crews = Crews()
        self._known: dict[VisitKey, tuple[BoardRow, tuple[str, ...]]] = {}
        self._rows: dict[str, dict[VisitKey, BoardRow]] = {}
        self._days: dict[str, TechnicianDay] = {}
        self._stale: set[str] = set()

    def meet(self, crews: Crews) -> None:
        """Other technicians, or other shifts: every visit may stand in another row."""
        self._crews = crews
        self._known.clear()
        self._rows = {identity: {} for identity in crews.told}
        self._days.clear()
        self._stale = set(crews.told)

    def renew(self, rows: Collection[BoardRow], now: float) -> Iterator[None]:
        """Takes in the board as it is now. Yields wherever it may pause; nothing is shown before it has ended."""
        present = {row.key for row in rows}
        for key in self._known.keys() - present:
            self._take_out(key)
        changed = (row for row in list(rows) if self._is_new(row))
        while some := list(islice(changed, SHARE)):
            for row in some:
                self._put_in(row)
            yield
        yield from self._lay_out(now)

    def plan(self, order: Order, held: Sequence[str] = ()) -> Plan:
        """The rows in this order; those of `held` stay in the order they have there, and new ones come after them."""
        days = in_order((day for identity, day in self._days.items() if identity != UNASSIGNED), order)
        if held:
            places = {identity: place for place, identity in enumerate(held)}
            days.sort(key=lambda day: places.get(day.identity, len(places)))
        return Plan(self._days.get(UNASSIGNED), tuple(days))

    def _lay_out(self, now: float) -> Iterator[None]:
        laid = 0
        while self._stale:
            identity = self._stale.pop()
            rows = self._rows.get(identity)
            if rows or identity in self._crews.told:
                self._days[identity] = self._day(identity, list((rows or {}).values()), now)
            else:
                self._days.pop(identity, None)
                self._rows.pop(identity, None)
            laid += len(rows or ())
            if laid >= SHARE:
                laid = 0
                yield

    def _day(self, identity: str, rows: list[BoardRow], now: float) -> TechnicianDay:
        who = self._crews.told.get(identity)
        if who is None:
            first = min(rows, key=lambda row: row.key)
            who = next(one for one in self._crews.of(first.visit) if one.identity == identity)
        return lay_out(who, rows, now)

    def _is_new(self, row: BoardRow) -> bool:
        known = self._known.get(row.key)
        return known is None or known[0] is not row

    def _put_in(self, row: BoardRow) -> None:
        self._take_out(row.key)
        crews = tuple(who.identity for who in self._crews.of(row.visit))
        self._known[row.key] = (row, crews)
        for identity in crews:
            self._rows.setdefault(identity, {})[row.key] = row
            self._stale.add(identity)

    def _take_out(self, key: VisitKey) -> None:
        _, crews = self._known.pop(key, (None, ()))
        for identity in crews:
            self._rows[identity].pop(key, None)
            self._stale.add(identity)
