"""The trail: append-only, and every way of tampering with it is found where it begins."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.store.audit import Audit, Fault
from dispatchwatch.store.database import Database
from dispatchwatch.store.store import Store, open_store
from tests.fakes.office import minutes
from tests.store.samples import NOW, alert, entry

NAMES = ("id", "at", "recorded_at", "who", "origin", "action", "subject", "detail", "previous")
Tamper = Callable[[sqlite3.Connection], object]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A trail of ten entries, written by three appends."""
    store = open_store(tmp_path / "a.sqlite", NOW)
    for first, last in ((0, 4), (4, 5), (5, 10)):
        store.audit.append([entry(n) for n in range(first, last)], NOW)
    return store


def tamper(store: Store, how: Tamper) -> None:
    """Changes the file behind the program's back, without the triggers that would refuse it."""
    with closing(sqlite3.connect(str(store.database.path))) as other, other:
        other.execute("DROP TRIGGER audit_refuses_update")
        other.execute("DROP TRIGGER audit_refuses_delete")
        how(other)


def seal(row: dict[str, Any]) -> str:
    """The seal as anybody who has read the program can make it."""
    text = json.dumps([row[name] for name in NAMES], ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def row(other: sqlite3.Connection, number: int) -> dict[str, Any]:
    other.row_factory = sqlite3.Row
    return dict(other.execute("SELECT * FROM audit WHERE id = ?", (number,)).fetchone())


def put(other: sqlite3.Connection, values: dict[str, Any]) -> None:
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    other.execute(f"INSERT INTO audit ({names}) VALUES ({marks})", values)  # noqa: S608 - names of columns


def edit(column: str, value: object) -> Tamper:
    return lambda other: other.execute(f"UPDATE audit SET {column} = ? WHERE id = 4", (value,))  # noqa: S608


def edit_and_seal_anew(other: sqlite3.Connection) -> None:
    changed = {**row(other, 4), "who": "Nobody"}
    other.execute("UPDATE audit SET who = ?, hash = ? WHERE id = 4", (changed["who"], seal(changed)))


def edit_the_last_and_seal_anew(other: sqlite3.Connection) -> None:
    changed = {**row(other, 10), "who": "Nobody"}
    other.execute("UPDATE audit SET who = ?, hash = ? WHERE id = 10", (changed["who"], seal(changed)))


def swap(other: sqlite3.Connection) -> None:
    for old, new in ((4, -1), (5, 4), (-1, 5)):
        other.execute("UPDATE audit SET id = ? WHERE id = ?", (new, old))


def delete_and_close_the_gap(other: sqlite3.Connection) -> None:
    other.execute("DELETE FROM audit WHERE id = 4")
    other.execute("UPDATE audit SET id = id - 1 WHERE id > 4")


def insert(other: sqlite3.Connection) -> None:
    other.execute("UPDATE audit SET id = -id - 1 WHERE id >= 4")
    other.execute("UPDATE audit SET id = -id WHERE id < 0")
    before = row(other, 3)
    forged = {**before, "id": 4, "who": "Nobody", "previous": before["hash"]}
    put(other, {**forged, "hash": seal(forged)})


def append_well_sealed(other: sqlite3.Connection) -> None:
    last = row(other, 10)
    forged = {**last, "id": 11, "who": "Nobody", "previous": last["hash"]}
    put(other, {**forged, "hash": seal(forged)})


def test_an_untouched_trail_is_sound(store: Store) -> None:
    assert store.audit.verify() == (10, None)
    assert open_store(store.database.path, NOW).audit.verify() == (10, None)


def test_an_empty_trail_is_sound(tmp_path: Path) -> None:
    assert open_store(tmp_path / "a.sqlite", NOW).audit.verify() == (0, None)


@pytest.mark.parametrize(
    ("how", "entry_number"),
    [
        *(
            pytest.param(edit(column, value), 4, id=f"edit {column}")
            for column, value in {
                "at": "2026-11-10T00:00:00.000000Z",
                "recorded_at": "2026-11-10T00:00:00.000000Z",
                "who": "Nobody",
                "origin": "rule",
                "action": "resolved",
                "subject": "alert 99",
                "detail": "{}",
                "previous": "0" * 64,
                "hash": "0" * 64,
            }.items()
        ),
        pytest.param(edit_and_seal_anew, 5, id="edit and seal anew"),
        pytest.param(edit_the_last_and_seal_anew, 10, id="edit the last and seal anew"),
        pytest.param(lambda other: other.execute("DELETE FROM audit WHERE id = 4"), 4, id="delete"),
        pytest.param(lambda other: other.execute("DELETE FROM audit WHERE id <= 3"), 1, id="delete the beginning"),
        pytest.param(delete_and_close_the_gap, 4, id="delete and close the gap"),
        pytest.param(swap, 4, id="swap"),
        pytest.param(insert, 5, id="insert"),
        pytest.param(lambda other: other.execute("DELETE FROM audit WHERE id > 7"), 8, id="truncate"),
        pytest.param(lambda other: other.execute("DELETE FROM audit"), 1, id="empty"),
        pytest.param(append_well_sealed, 11, id="append well sealed"),
        pytest.param(lambda other: other.execute("DELETE FROM audit_head"), 1, id="forget the head"),
    ],
)
def test_tampering_is_found_where_it_begins(store: Store, how: Tamper, entry_number: int) -> None:
    tamper(store, how)
    sound, fault = store.audit.verify()
    assert fault is not None
    assert fault.problem
    assert fault.entry == entry_number
    assert sound == entry_number - 1


def test_what_was_removed_is_said(store: Store) -> None:
    tamper(store, lambda other: other.execute("DELETE FROM audit WHERE id IN (4, 5)"))
    assert store.audit.verify() == (3, Fault(4, "Entries 4 to 5 are missing."))


@pytest.mark.parametrize("sql", ["UPDATE audit SET who = 'x' WHERE id = 4", "DELETE FROM audit WHERE id = 4"])
def test_the_database_itself_refuses_to_change_the_trail(store: Store, sql: str) -> None:
    with (
        closing(sqlite3.connect(str(store.database.path))) as other,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        other.execute(sql)
    assert store.audit.verify() == (10, None)


def test_the_refusal_is_put_back_when_the_database_is_opened(store: Store) -> None:
    tamper(store, lambda _: None)
    store.close()
    again = open_store(store.database.path, NOW)
    with closing(sqlite3.connect(str(again.database.path))) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute("DELETE FROM audit")


class AppendingMeanwhile(Database):
    """Another process appends while the last row of a long walk is being looked at."""

    other: Store | None = None

    def stream(self, query: Any) -> Iterator[dict[str, Any]]:
        yield from super().stream(query)
        if self.other is not None:
            self.other.audit.append([entry(77)], NOW)


def test_what_is_appended_during_the_walk_is_no_fault(store: Store) -> None:
    """A running program writes on while somebody verifies."""
    walker = AppendingMeanwhile(store.database.path, NOW)
    walker.other = store
    _, fault = Audit(walker).verify()
    assert fault is None
    assert store.audit.verify() == (11, None)


def test_many_writers_keep_one_chain(tmp_path: Path) -> None:
    """Four connections, each with its own transactions, alerts and entries, some of them breaking off."""
    path = tmp_path / "a.sqlite"
    open_store(path, NOW).close()
    faults: list[BaseException] = []

    def write(writer: int) -> None:
        store = open_store(path, NOW)
        try:
            for n in range(20):
                one_deed(store, writer, n)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            faults.append(error)
        finally:
            store.close()

    def one_deed(store: Store, writer: int, n: int) -> None:
        try:
            with store.transaction():
                store.alerts.add([alert(f"{writer}-{n}")])
                store.audit.append([entry(n), entry(n + 1)], NOW)
                if n % 5 == 4:
                    raise KeyError("changed his mind")
        except KeyError:
            pass

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    store = open_store(path, NOW)
    assert store.audit.verify() == (4 * 16 * 2, None)
    assert len(store.alerts.unresolved()) == 4 * 16


def test_entries_come_back_as_they_were_told(store: Store) -> None:
    found = list(store.audit.entries())
    assert [one["id"] for one in found] == list(range(1, 11))
    third = found[2]
    assert (third["who"], third["origin"], third["action"], third["subject"]) == (
        "Sam",
        "desk",
        "acknowledged",
        "alert 2",
    )
    assert third["detail"]["note"] == "Nummer 2 – “ünd” 山"


def test_entries_of_one_subject_and_of_a_span(store: Store) -> None:
    store.audit.append([entry(3)], NOW + minutes(5))
    assert [one["id"] for one in store.audit.entries(subject="alert 3")] == [4, 11]
    assert [one["id"] for one in store.audit.entries(since=NOW + minutes(5))] == [11]
    assert len(list(store.audit.entries(until=NOW + minutes(5)))) == 10


def test_appending_nothing_writes_nothing(store: Store) -> None:
    head = store.audit.head()
    store.audit.append([], NOW)
    assert store.audit.head() == head
