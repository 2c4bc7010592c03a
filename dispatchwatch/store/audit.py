"""The audit trail: append-only, each entry sealed with the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatchwatch.store.database import Database
from dispatchwatch.store.tables import AuditHeadRow, AuditRow, to_text

FIRST_HASH = "0" * 64
# Made once: json.dumps makes an encoder anew for every entry.
_DETAIL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str)
_SEALED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that happened. `at` is when it did; when it was recorded is added by the trail.

    `who` is a person or "DispatchWatch"; `origin` is where from: rule, feed, desk, command, toast, a channel.
    `subject` is what it is about, such as "alert 12" or "visit today/J-1042".
    """

    at: datetime
    who: str
    origin: str
    action: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the trail is broken."""

    entry: int
    problem: str


class Audit:
    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, entries: Iterable[Entry], now: datetime) -> None:
        """Adds entries in their order. Belongs inside the transaction of what they tell of."""
        with self._database.transaction():
            number, previous = self.head()
            rows = []
            for entry in entries:
                number += 1
                row = _row(entry, number, previous, now)
                previous = row["hash"]
                rows.append(row)
            if rows:
                self._database.insert_many(AuditRow, rows)
                self._database.replace_many(AuditHeadRow, [{"id": 1, "last": number, "hash": previous}])

    def head(self) -> tuple[int, str]:
        """The number and hash of the last entry."""
        row = self._database.first("SELECT last, hash FROM audit_head")
        return (row[0], row[1]) if row else (0, FIRST_HASH)

    def entries(
        self, since: datetime | None = None, until: datetime | None = None, *, subject: str = ""
    ) -> Iterator[dict[str, Any]]:
        """Entries in order as dictionaries; `detail` is parsed. `until` is exclusive."""
        query = AuditRow.select().order_by(AuditRow.id)
        if since:
            query = query.where(AuditRow.recorded_at >= to_text(since))
        if until:
            query = query.where(AuditRow.recorded_at < to_text(until))
        if subject:
            query = query.where(AuditRow.subject == subject)
        for row in self._database.stream(query):
            yield {**row, "detail": json.loads(row["detail"])}

    def verify(self, after: tuple[int, str] = (0, FIRST_HASH)) -> tuple[int, Fault | None]:
        """Walks the trail, from behind an entry that was sound and had this hash. Returns the number of the last sound
        entry, and the first fault if there is one."""
        with self._database.snapshot():
            return self._walk(*after)

    def hash_of(self, entry: int) -> str:
        """The hash that an entry has now; empty where there is none."""
        row = self._database.first("SELECT hash FROM audit WHERE id = :entry", entry=entry)
        return str(row[0]) if row else ""

    def _walk(self, number: int, previous: str) -> tuple[int, Fault | None]:
        if number and self.hash_of(number) != previous:
            return number - 1, Fault(number, "It is not the entry that was checked before.")
        for row in self._database.stream(AuditRow.select().where(AuditRow.id > number).order_by(AuditRow.id)):
            fault = _fault(row, number, previous)
            if fault is not None:
                return number, Fault(number + 1, fault)
            number, previous = row["id"], row["hash"]
        last, sealed = self.head()
        if number > last:
            return last, Fault(last + 1, "It was added from outside: the trail ended before it.")
        if number == last and previous != sealed:
            return number - 1, Fault(number, "Its content was changed after it was written.")
        if number < last:
            return number, Fault(number + 1, "Entries after this one were removed.")
        return number, None


def _row(entry: Entry, number: int, previous: str, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": number,
        "at": to_text(entry.at),
        "recorded_at": to_text(now),
        "who": entry.who,
        "origin": entry.origin,
        "action": entry.action,
        "subject": entry.subject,
        "detail": _DETAIL.encode(dict(entry.detail)),
        "previous": previous,
    }
    return {**row, "hash": _seal(row)}


def _seal(row: Mapping[str, Any]) -> str:
    """The hash over every field in a fixed order, as JSON so that no two rows can be spelt alike."""
    names = ("id", "at", "recorded_at", "who", "origin", "action", "subject", "detail", "previous")
    text = _SEALED.encode([row[name] for name in names])
    return hashlib.sha256(text.encode()).hexdigest()


def _fault(row: Mapping[str, Any], last: int, previous: str) -> str | None:
    if row["id"] != last + 1:
        return f"Entries {last + 1} to {row['id'] - 1} are missing."
    if row["previous"] != previous:
        return "It does not follow the entry before it: that one was changed, or entries were swapped."
    if row["hash"] != _seal(row):
        return "Its content was changed after it was written."
    return None
