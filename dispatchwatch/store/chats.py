"""Whose chats the office's bot knows, the codes that make one known, and the messages that were dealt with."""

from __future__ import annotations

from datetime import datetime

from dispatchwatch.domain.check_in import Person
from dispatchwatch.store.database import Database
from dispatchwatch.store.inbound_tables import ChatCodeRow, ChatRow, ChatUpdateRow


class Chats:
    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, update: int) -> bool:
        """Whether the message of this number was dealt with."""
        return self._database.one(ChatUpdateRow.select().where(ChatUpdateRow.number == update)) is not None

    def remember(self, update: int, now: datetime) -> None:
        self._database.replace_many(ChatUpdateRow, [{"number": update, "at": now}])

    def person(self, chat: int) -> Person | None:
        row = self._database.one(ChatRow.select().where(ChatRow.chat == chat))
        return Person(row["identity"], row["name"]) if row else None

    def people(self) -> list[Person]:
        """Everybody who has a chat, by name."""
        query = ChatRow.select(ChatRow.identity, ChatRow.name).order_by(ChatRow.name, ChatRow.chat)
        return [Person(*row) for row in self._database.tuples(query)]

    def add_code(self, digest: str, person: Person, until: datetime) -> None:
        row = {"digest": digest, "identity": person.identity, "name": person.name, "until": until}
        self._database.insert(ChatCodeRow, row)

    def redeem(self, digest: str, now: datetime) -> Person | None:
        """Whose code this is; it is used up by asking."""
        with self._database.transaction():
            row = self._database.one(ChatCodeRow.select().where(ChatCodeRow.digest == digest))
            self._database.run(ChatCodeRow.delete().where(ChatCodeRow.digest == digest))
        return Person(row["identity"], row["name"]) if row and row["until"] >= now else None

    def link(self, chat: int, person: Person, now: datetime) -> None:
        row = {"chat": chat, "identity": person.identity, "name": person.name, "linked_at": now}
        self._database.replace_many(ChatRow, [row])

    def unlink(self, chat: int) -> None:
        self._database.run(ChatRow.delete().where(ChatRow.chat == chat))

    def forget(self, updates_before: datetime, now: datetime) -> None:
        """Deletes the numbers of messages of before then, and the codes that have run out."""
        self._database.run(ChatUpdateRow.delete().where(ChatUpdateRow.at < updates_before))
        self._database.run(ChatCodeRow.delete().where(ChatCodeRow.until < now))
