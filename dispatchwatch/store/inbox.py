"""Events that came in by themselves, kept before anybody is told that they were taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dispatchwatch.store.database import Database
from dispatchwatch.store.inbound_tables import LetterMarkRow, LetterRow

Kept = tuple[int, datetime, bytes]
"""The number of a letter, which rises from one to the next, when it came, and its body."""


class Inbox:
    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, feed: str, marks: Sequence[str], body: bytes, at: datetime) -> int | None:
        """Keeps a body with the marks it is known by; returns its number, None where one of the marks is known."""
        with self._database.transaction():
            known = LetterMarkRow.select().where((LetterMarkRow.feed == feed) & LetterMarkRow.mark.in_(list(marks)))
            if self._database.one(known):
                return None
            self._database.insert_many(LetterMarkRow, [{"feed": feed, "mark": mark, "at": at} for mark in marks])
            return self._database.insert(LetterRow, {"feed": feed, "at": at, "body": body})

    def of_feed(self, feed: str) -> list[Kept]:
        """The letters of a feed, oldest first."""
        columns = LetterRow.id, LetterRow.at, LetterRow.body
        query = LetterRow.select(*columns).where(LetterRow.feed == feed).order_by(LetterRow.id)
        return [(number, at, bytes(body)) for number, at, body in self._database.tuples(query)]

    def forget(self, letters_before: datetime, marks_before: datetime) -> None:
        """Deletes the letters and marks of before these instants."""
        self._database.run(LetterRow.delete().where(LetterRow.at < letters_before))
        self._database.run(LetterMarkRow.delete().where(LetterMarkRow.at < marks_before))
