"""The visits that were typed at the desk, as they were typed last."""

from __future__ import annotations

from datetime import datetime

from peewee import fn

from dispatchwatch.domain.visit import Visit
from dispatchwatch.store import codec
from dispatchwatch.store.database import Database
from dispatchwatch.store.inbound_tables import DeskVisitRow


class DeskVisits:
    def __init__(self, database: Database) -> None:
        self._database = database

    def held(self, since: datetime) -> tuple[Visit, ...]:
        """Those that are over at `since` or later, oldest entry first."""
        query = DeskVisitRow.select(DeskVisitRow.visit).where(DeskVisitRow.over_at >= since).order_by(DeskVisitRow.id)
        return tuple(codec.VISIT.validate_json(text) for (text,) in self._database.tuples(query))

    def get(self, ext_id: str) -> Visit | None:
        row = self._database.one(DeskVisitRow.select(DeskVisitRow.visit).where(DeskVisitRow.ext_id == ext_id))
        return codec.VISIT.validate_json(row["visit"]) if row else None

    def next_number(self) -> int:
        """A number no visit has had yet; ask inside the transaction that saves the visit."""
        ((last,),) = self._database.tuples(DeskVisitRow.select(fn.MAX(DeskVisitRow.id)))
        return (last or 0) + 1

    def save(self, visit: Visit, over_at: datetime) -> None:
        """Adds a visit, or puts it in place of the one of its id."""
        row = {"over_at": over_at, "visit": codec.encode(codec.VISIT, visit)}
        if not self._database.change(DeskVisitRow, row, ext_id=visit.ext_id):
            self._database.insert(DeskVisitRow, {"ext_id": visit.ext_id, **row})
