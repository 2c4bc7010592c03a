"""Opening the database: its settings, its safety copies, its transactions. All that is SQLite's own is here."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import peewee

from dispatchwatch.store.migrations import MIGRATIONS, Migration, create_tables
from dispatchwatch.store.tables import MigrationRow

T = TypeVar("T")
AT_A_TIME = 500
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "cache_size": -16_000,
    # Copying the log back into the file is one long wait; a longer log makes it a rare one.
    "wal_autocheckpoint": 4_000,
}
# Nothing in it outlives the connection, so nothing in it needs to survive a crash.
THROW_AWAY = {**PRAGMAS, "journal_mode": "memory", "synchronous": "off"}
NAMELESS = "file:"
"""A database without a name: SQLite holds it in memory, and in a nameless temporary file where it grows too large."""

REFUSE_CHANGES = """
CREATE TRIGGER IF NOT EXISTS audit_refuses_{change} BEFORE {change} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
"""


class StoreError(Exception):
    """The database can't be used; the message says why and what to do."""


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """peewee's errors, and SQLite's own where peewee is left out, as ours."""
    try:
        yield
    except (peewee.PeeweeException, sqlite3.Error) as error:
        raise StoreError(f"The database can’t be used right now: {error}.") from error


def portions(values: Iterable[T]) -> Iterator[list[T]]:
    """The values a few hundred at a time: a statement takes no more than so many."""
    left = iter(values)
    while some := list(islice(left, AT_A_TIME)):
        yield some


@cache
def _insert_text(table: type[peewee.Model], columns: tuple[str, ...], verb: str) -> str:
    """peewee builds this text anew for every row, which takes longer than writing the row."""
    names, values = ", ".join(columns), ", ".join("?" * len(columns))
    return f"{verb} INTO {table._meta.table_name} ({names}) VALUES ({values})"


@cache
def _update_text(table: type[peewee.Model], columns: tuple[str, ...], where: tuple[str, ...]) -> str:
    sets, asked = (mark.join(f"{name} = ?" for name in names) for mark, names in ((", ", columns), (" AND ", where)))
    return f"UPDATE {table._meta.table_name} SET {sets} WHERE {asked}"  # noqa: S608 - names of our own columns


def _stored(table: type[peewee.Model], row: Mapping[str, Any]) -> list[Any]:
    fields = table._meta.fields
    return [fields[name].db_value(value) for name, value in row.items()]


class Database:
    """One open database file. Each thread that uses it gets a connection of its own."""

    def __init__(
        self,
        path: Path | None,
        now: datetime,
        migrations: Sequence[Migration] = MIGRATIONS,
        *,
        read_only: bool = False,
    ) -> None:
        """Opens the file, making it or bringing it up to date. Raises `StoreError`.

        Without a path the database is one to throw away: it is this thread's alone, and gone once it is closed. A file
        that is `read_only` has to be there, and nothing of it is changed.
        """
        self.path = path
        self._hasty: set[sqlite3.Connection] = set()
        try:
            if path is not None and read_only:
                self._database = _to_read(path)
                self._database.connect()
                return
            self._database = _throw_away() if path is None else _in_file(path)
            self._prepare(now, migrations)
        except (peewee.DatabaseError, OSError) as error:
            is_locked = "locked" in str(error)
            advice = "Try again in a moment." if is_locked else "Move it away to start with an empty one."
            raise StoreError(f"The database {path or 'in memory'} can’t be opened: {error}. {advice}") from error

    def close(self) -> None:
        if not self._database.is_closed():
            self._database.close()

    @contextmanager
    def transaction(self, *, forced: bool = True) -> Iterator[None]:
        """All or nothing. Takes the write lock at once, so that readers inside see the last word.

        One that is not `forced` is written, and outlives the program, but not waited for until it is on the disk: the
        next one that is takes it along.
        """
        if self._database.in_transaction():
            yield
            return
        with _in_plain_words():
            self._force(forced=forced)
            with self._database.atomic("IMMEDIATE"):
                yield

    def _force(self, *, forced: bool) -> None:
        connection = self._database.connection()
        if self.path is not None and forced is (connection in self._hasty):
            self._database.execute_sql(f"PRAGMA synchronous = {'full' if forced else 'normal'}")
            (self._hasty.discard if forced else self._hasty.add)(connection)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, while others may write on."""
        with _in_plain_words(), self._database.atomic("DEFERRED"):
            yield

    def run(self, query: Any) -> Any:
        """Executes a peewee query against this database."""
        with _in_plain_words():
            return query.execute(self._database)

    def rows(self, query: Any) -> list[dict[str, Any]]:
        """The rows of a select, each as a dictionary with Python values."""
        with _in_plain_words():
            return list(query.dicts().execute(self._database))

    def tuples(self, query: Any) -> list[tuple[Any, ...]]:
        """The rows of a select as bare values, for what is asked by the thousand."""
        with _in_plain_words():
            return list(query.tuples().execute(self._database))

    def stream(self, query: Any) -> Iterator[dict[str, Any]]:
        """Like `rows`, one at a time, for what may be too long to hold."""
        with _in_plain_words():
            yield from query.dicts().iterator(self._database)

    def one(self, query: Any) -> dict[str, Any] | None:
        found = self.rows(query.limit(1))
        return found[0] if found else None

    def insert(self, table: type[peewee.Model], row: Mapping[str, Any]) -> int:
        """Adds one row and returns its number."""
        with _in_plain_words():
            cursor = self._database.cursor()
            cursor.execute(_insert_text(table, tuple(row), "INSERT"), _stored(table, row))
            return int(cursor.lastrowid)

    def change(self, table: type[peewee.Model], row: Mapping[str, Any], **where: Any) -> int:
        """Sets the columns of `row` in the rows whose columns are as in `where`; returns how many those are."""
        text = _update_text(table, tuple(row), tuple(where))
        with _in_plain_words():
            cursor = self._database.cursor()
            cursor.execute(text, [*_stored(table, row), *_stored(table, where)])
            return int(cursor.rowcount)

    def insert_many(self, table: type[peewee.Model], rows: Sequence[Mapping[str, Any]]) -> None:
        """Adds rows that all have the same columns."""
        self._write_many(table, rows, "INSERT")

    def replace_many(self, table: type[peewee.Model], rows: Sequence[Mapping[str, Any]]) -> None:
        """Adds rows, each in place of the one with its primary key."""
        self._write_many(table, rows, "INSERT OR REPLACE")

    def _write_many(self, table: type[peewee.Model], rows: Sequence[Mapping[str, Any]], verb: str) -> None:
        if rows:
            text = _insert_text(table, tuple(rows[0]), verb)
            with _in_plain_words():
                self._database.cursor().executemany(text, [_stored(table, row) for row in rows])

    def statement(self, sql: str, **values: object) -> int:
        """Runs standard SQL with `:named` values, as stored, and returns how many rows it changed.

        For the few places where building a query costs more than running it.
        """
        with _in_plain_words():
            return int(self._database.execute_sql(sql, values).rowcount)

    def first(self, sql: str, **values: object) -> tuple[Any, ...] | None:
        """The first row of a standard SQL select, for the same few places."""
        with _in_plain_words():
            found: tuple[Any, ...] | None = self._database.execute_sql(sql, values).fetchone()
            return found

    def select(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """The rows of a standard SQL select with `?` for values, as stored, for the same few places."""
        with _in_plain_words():
            return list(self._database.execute_sql(sql, values))

    def version(self) -> int:
        """A number that differs once another connection has written."""
        with _in_plain_words():
            return int(self._database.execute_sql("PRAGMA data_version").fetchone()[0])

    def copy_to(self, path: Path) -> None:
        """A consistent copy, also while others write."""
        _make_private(path)
        with closing(sqlite3.connect(path)) as copy:
            self._database.connection().backup(copy)

    def problems(self) -> list[str]:
        """What SQLite's own quick check finds wrong; empty if nothing."""
        found = [str(row[0]) for row in self._database.execute_sql("PRAGMA quick_check").fetchall()]
        return [] if found == ["ok"] else found

    def _prepare(self, now: datetime, migrations: Sequence[Migration]) -> None:
        self._database.connect(reuse_if_open=True)
        if not self._database.get_tables():
            with self.transaction():
                if not self._database.get_tables():  # another program may have been quicker
                    create_tables(self._database)
                    for step in migrations:
                        self._record(step, now)
        else:
            self._migrate(now, migrations)
        for change in ("update", "delete"):
            self._database.execute_sql(REFUSE_CHANGES.format(change=change))

    def _migrate(self, now: datetime, migrations: Sequence[Migration]) -> None:
        taken = {row["name"] for row in self.rows(MigrationRow.select())}
        unknown = taken - {step.name for step in migrations}
        if unknown:
            raise StoreError(
                f"The database {self.path} was written by a newer DispatchWatch ({max(unknown)}). Install that version."
            )
        for step in migrations:
            if step.name not in taken:
                if self.path is not None:
                    self.copy_to(self.path.with_name(f"{self.path.stem}-before-{step.name.split()[0]}.sqlite"))
                with self.transaction():
                    step.apply(self._database)
                    self._record(step, now)

    def _record(self, step: Migration, now: datetime) -> None:
        self.run(MigrationRow.insert(name=step.name, applied_at=now))


def _in_file(path: Path) -> peewee.SqliteDatabase:
    _make_private(path)
    return peewee.SqliteDatabase(str(path), pragmas=PRAGMAS, timeout=10)


def _to_read(path: Path) -> peewee.SqliteDatabase:
    pragmas = {"busy_timeout": PRAGMAS["busy_timeout"], "cache_size": PRAGMAS["cache_size"], "query_only": 1}
    return peewee.SqliteDatabase(f"{path.absolute().as_uri()}?mode=ro", uri=True, pragmas=pragmas, timeout=10)


def _throw_away() -> peewee.SqliteDatabase:
    return peewee.SqliteDatabase(NAMELESS, uri=True, pragmas=THROW_AWAY)


def _make_private(path: Path) -> None:
    """The file exists before SQLite opens it, readable by its user alone; SQLite gives its own files the same."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
