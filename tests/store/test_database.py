"""Opening, transactions, safety copies, private files."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import peewee
import pytest

from dispatchwatch.store.database import Database, StoreError
from dispatchwatch.store.migrations import MIGRATIONS, TABLES, Migration
from dispatchwatch.store.store import open_store
from tests.store.samples import NOW, alert, delivery, entry


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as other:
        return {row[0] for row in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def taken(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as other:
        return [row[0] for row in other.execute("SELECT name FROM migration ORDER BY rowid")]


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.sqlite", NOW)

    def breaks_off() -> None:
        with store.transaction():
            store.alerts.add([alert()])
            store.outbox.owe([delivery()])
            store.audit.append([entry()], NOW)
            store.lanes.change("ops", paused="x")
            raise KeyError("in the middle")

    with pytest.raises(KeyError):
        breaks_off()
    assert store.alerts.unresolved() == []
    assert store.outbox.listed() == []
    assert store.audit.head() == (0, "0" * 64)
    assert store.lanes.all() == {}
    with store.transaction():
        store.alerts.add([alert()])
    assert len(store.alerts.unresolved()) == 1


def test_a_transaction_inside_another_belongs_to_it(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.sqlite", NOW)

    def breaks_off() -> None:
        with store.transaction():
            with store.transaction():
                store.alerts.add([alert()])
            raise KeyError("after the inner one")

    with pytest.raises(KeyError):
        breaks_off()
    assert store.alerts.unresolved() == []


def test_nobody_else_sees_a_transaction_before_its_end(tmp_path: Path) -> None:
    one, other = open_store(tmp_path / "a.sqlite", NOW), open_store(tmp_path / "a.sqlite", NOW)
    seen = other.database.version()
    with one.transaction():
        one.alerts.add([alert()])
        assert other.alerts.unresolved() == []
        assert other.database.version() == seen
    assert len(other.alerts.unresolved()) == 1
    assert other.database.version() != seen


def test_its_own_writing_is_no_news(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.sqlite", NOW)
    seen = store.database.version()
    store.alerts.add([alert()])
    assert store.database.version() == seen


def test_the_file_and_its_folder_are_for_their_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "dispatchwatch.sqlite"
    store = open_store(path, NOW)
    store.alerts.add([alert()])
    assert mode(path.parent) == 0o700
    files = sorted(path.parent.iterdir())
    assert {file.name: mode(file) for file in files} == dict.fromkeys((file.name for file in files), 0o600)
    assert len(files) == 3, "the file, its log and its index"


def test_a_copy_made_while_others_write_is_whole_and_private(tmp_path: Path) -> None:
    one, other = open_store(tmp_path / "a.sqlite", NOW), open_store(tmp_path / "a.sqlite", NOW)
    one.audit.append([entry(n) for n in range(50)], NOW)
    with other.transaction():
        other.audit.append([entry(99)], NOW)
        one.database.copy_to(tmp_path / "copy" / "b.sqlite")
    assert mode(tmp_path / "copy" / "b.sqlite") == 0o600
    copy = open_store(tmp_path / "copy" / "b.sqlite", NOW)
    assert copy.audit.verify() == (50, None)
    assert copy.database.problems() == []


def test_a_new_database_counts_as_having_taken_every_step(tmp_path: Path) -> None:
    def never(_: peewee.Database) -> None:
        raise AssertionError("a new database is made whole")

    steps = (*MIGRATIONS, Migration("9999 never", never))
    Database(tmp_path / "a.sqlite", NOW, steps).close()
    assert taken(tmp_path / "a.sqlite") == [step.name for step in steps]
    assert {table._meta.table_name for table in TABLES} <= tables(tmp_path / "a.sqlite")
    assert list(tmp_path.glob("*before*")) == []


def test_an_older_database_takes_the_steps_it_lacks_in_order_after_a_copy_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    store = open_store(path, NOW)
    store.alerts.add([alert()])
    store.close()
    order = []

    def step(name: str) -> Migration:
        def apply(database: peewee.Database) -> None:
            order.append(name)
            database.execute_sql(f"CREATE TABLE t{name} (x INTEGER)")

        return Migration(f"{name} a step", apply)

    steps = (*MIGRATIONS, step("9001"), step("9002"))
    for _ in range(2):
        Database(path, NOW, steps).close()
    assert order == ["9001", "9002"]
    assert taken(path) == [step.name for step in steps]
    first, second = tmp_path / "a-before-9001.sqlite", tmp_path / "a-before-9002.sqlite"
    assert not {"t9001", "t9002"} & tables(first)
    assert {"t9001", "t9002"} & tables(second) == {"t9001"}
    assert mode(first) == mode(second) == 0o600
    with closing(sqlite3.connect(first)) as copy:
        assert copy.execute("SELECT ext_id FROM alert").fetchall() == [("J-1042",)]


def test_a_step_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    open_store(path, NOW).close()

    def apply(database: peewee.Database) -> None:
        database.execute_sql("CREATE TABLE half (x INTEGER)")
        database.execute_sql("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(StoreError):
        Database(path, NOW, (*MIGRATIONS, Migration("9001 breaks", apply)))
    assert "half" not in tables(path)
    assert taken(path) == [step.name for step in MIGRATIONS]
    open_store(path, NOW).close()


def test_a_database_of_a_newer_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    Database(path, NOW, (*MIGRATIONS, Migration("9999 of tomorrow", lambda _: None))).close()
    with pytest.raises(StoreError, match=r"newer DispatchWatch .9999 of tomorrow.*Install that version"):
        open_store(path, NOW)


def test_what_is_no_database_is_said_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match=r"can’t be opened: .* Move it away"):
        open_store(path, NOW)


def test_a_folder_in_place_of_the_file_is_said_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can’t be opened"):
        open_store(tmp_path, NOW)


def test_an_alert_key_on_record_is_refused_in_plain_words(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.sqlite", NOW)
    store.alerts.add([alert()])
    with pytest.raises(StoreError, match="can’t be used right now"):
        store.alerts.add([alert()])


class Slower(Database):
    """A program that another one overtakes between its look at the new file and its first transaction."""

    overtaken = False

    @contextmanager
    def transaction(self, *, forced: bool = True) -> Iterator[None]:
        if not self.overtaken:
            self.overtaken = True
            open_store(self.path, NOW).close()
        with super().transaction(forced=forced):
            yield


def test_programs_that_open_a_new_database_at_once_share_it(tmp_path: Path) -> None:
    """The window and a command, both for the first time."""
    slower = Slower(tmp_path / "a.sqlite", NOW)
    assert slower.overtaken
    assert taken(tmp_path / "a.sqlite") == [step.name for step in MIGRATIONS]
