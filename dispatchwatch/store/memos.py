"""What the program itself has to remember over a restart: short texts by name."""

from __future__ import annotations

from dispatchwatch.store.database import Database
from dispatchwatch.store.tables import MemoRow


class Memos:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str:
        """What was noted under this name; empty where nothing was."""
        row = self._database.one(MemoRow.select().where(MemoRow.name == name))
        return str(row["text"]) if row else ""

    def put(self, name: str, text: str) -> None:
        self._database.replace_many(MemoRow, [{"name": name, "text": text}])
