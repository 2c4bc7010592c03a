"""The attempts to send that did not succeed, so that a person can see what went wrong, and when."""

from __future__ import annotations

from datetime import datetime

from dispatchwatch.store.database import Database
from dispatchwatch.store.tables import AttemptRow


class Attempts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, delivery: int, at: datetime, error: str) -> None:
        """Belongs inside the transaction that settles the attempt."""
        self._database.insert(AttemptRow, {"delivery_id": delivery, "at": at, "error": error})

    def of(self, delivery: int) -> list[tuple[datetime, str]]:
        """When each was, and why it did not succeed; oldest first."""
        query = AttemptRow.select(AttemptRow.at, AttemptRow.error).where(AttemptRow.delivery_id == delivery)
        return [(at, error) for at, error in self._database.tuples(query.order_by(AttemptRow.id))]
