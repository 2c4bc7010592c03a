"""The steps from the first version of the database to this one.

A new database is made whole from `tables.py` and counts as having taken every step. An older one takes the steps it
lacks, in order, after a copy of it has been made. To change a table: change its class, and add a step here that
changes the tables that offices already have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from peewee import Database as PeeweeDatabase
from peewee import SchemaManager

from dispatchwatch.store.tables import TABLES


@dataclass(frozen=True, slots=True)
class Migration:
    """A named step. `apply` runs inside the transaction that also records it."""

    name: str
    apply: Callable[[PeeweeDatabase], None]


def create_tables(database: PeeweeDatabase) -> None:
    for table in TABLES:
        SchemaManager(table, database).create_all()


MIGRATIONS: Sequence[Migration] = (Migration("0001 first tables", create_tables),)
