"""The check-in links that were given out. What is kept of one opens nothing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from dispatchwatch.domain.check_in import CheckInLink
from dispatchwatch.store.database import Database
from dispatchwatch.store.inbound_tables import CheckInLinkRow


class CheckInLinks:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, link: CheckInLink) -> None:
        self._database.insert(CheckInLinkRow, {**asdict(link), "day": link.day.isoformat()})

    def find(self, digest: str) -> CheckInLink | None:
        row = self._database.one(CheckInLinkRow.select().where(CheckInLinkRow.digest == digest))
        return CheckInLink(**{**row, "day": date.fromisoformat(row["day"])}) if row else None

    def forget(self, before: date) -> None:
        """Deletes the links of days before this one."""
        self._database.run(CheckInLinkRow.delete().where(CheckInLinkRow.day < before.isoformat()))
