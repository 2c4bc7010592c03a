"""A database from before messages could speak of several alerts comes through whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dispatchwatch.domain.alert import Operation
from dispatchwatch.store import codec
from dispatchwatch.store.deliveries import DeliveryState
from dispatchwatch.store.migrations import MIGRATIONS
from dispatchwatch.store.store import Store, open_store
from dispatchwatch.store.tables import to_text
from tests.fakes.office import hours, minutes
from tests.store.samples import NOW, alert, delivery

STEP = "0003 messages of several alerts"
BEFORE = """
CREATE TABLE migration (name VARCHAR(255) NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL);
CREATE TABLE visit (feed VARCHAR(255) NOT NULL, ext_id VARCHAR(255) NOT NULL, starts_at TEXT, ends_at TEXT,
    watched TEXT NOT NULL, PRIMARY KEY (feed, ext_id));
CREATE TABLE visit_change (id INTEGER NOT NULL PRIMARY KEY, feed VARCHAR(255) NOT NULL, ext_id VARCHAR(255) NOT NULL,
    at TEXT NOT NULL, origin VARCHAR(255) NOT NULL, changes TEXT NOT NULL);
CREATE TABLE desk_entry (id INTEGER NOT NULL PRIMARY KEY, feed VARCHAR(255) NOT NULL, ext_id VARCHAR(255) NOT NULL,
    entry TEXT NOT NULL);
CREATE TABLE feed (feed VARCHAR(255) NOT NULL PRIMARY KEY, health TEXT NOT NULL, problems TEXT NOT NULL,
    covered TEXT NOT NULL);
CREATE TABLE alert (id INTEGER NOT NULL PRIMARY KEY, key VARCHAR(255) NOT NULL, kind VARCHAR(255) NOT NULL,
    severity VARCHAR(255) NOT NULL, state VARCHAR(255) NOT NULL, feed VARCHAR(255) NOT NULL,
    ext_id VARCHAR(255) NOT NULL, due_at TEXT NOT NULL, raised_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    follows INTEGER NOT NULL DEFAULT 0, found_at_start INTEGER NOT NULL, facts TEXT NOT NULL, acknowledged_at TEXT,
    acknowledged_by VARCHAR(255) NOT NULL, reason VARCHAR(255) NOT NULL, note TEXT NOT NULL, snoozed_until TEXT,
    snoozed_by VARCHAR(255) NOT NULL, resolved_at TEXT, resolved_by VARCHAR(255) NOT NULL, outcome VARCHAR(255),
    resolution TEXT NOT NULL);
CREATE UNIQUE INDEX alertrow_key ON alert (key);
CREATE TABLE delivery (id INTEGER NOT NULL PRIMARY KEY, alert_id INTEGER NOT NULL, channel VARCHAR(255) NOT NULL,
    platform VARCHAR(255) NOT NULL, operation VARCHAR(255) NOT NULL, state VARCHAR(255) NOT NULL,
    notification TEXT NOT NULL, waits_for_nobody INTEGER NOT NULL, repeat_seconds REAL, created_at TEXT NOT NULL,
    next_attempt_at TEXT NOT NULL, attempts INTEGER NOT NULL, first_attempt_at TEXT, settled_at TEXT,
    owner VARCHAR(255) NOT NULL, lease_until TEXT, may_have_arrived INTEGER NOT NULL, reference VARCHAR(255) NOT NULL,
    error TEXT NOT NULL);
CREATE INDEX deliveryrow_channel_state_next_attempt_at_id ON delivery (channel, state, next_attempt_at, id);
CREATE INDEX deliveryrow_alert_id_channel ON delivery (alert_id, channel);
CREATE TABLE receipt (alert_id INTEGER NOT NULL, channel VARCHAR(255) NOT NULL, reference VARCHAR(255) NOT NULL,
    details TEXT NOT NULL, PRIMARY KEY (alert_id, channel));
CREATE TABLE lane (channel VARCHAR(255) NOT NULL PRIMARY KEY, paused TEXT NOT NULL, paused_at TEXT,
    resting_until TEXT, last_success_at TEXT, last_error TEXT NOT NULL, last_error_at TEXT);
CREATE TABLE audit (id INTEGER NOT NULL PRIMARY KEY, at VARCHAR(255) NOT NULL, recorded_at VARCHAR(255) NOT NULL,
    who VARCHAR(255) NOT NULL, origin VARCHAR(255) NOT NULL, action VARCHAR(255) NOT NULL,
    subject VARCHAR(255) NOT NULL, detail TEXT NOT NULL, previous VARCHAR(255) NOT NULL, hash VARCHAR(255) NOT NULL);
CREATE TABLE audit_head (id INTEGER NOT NULL PRIMARY KEY, last INTEGER NOT NULL, hash VARCHAR(255) NOT NULL);
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Alert 1 was raised on ops and is to be resolved there, the pager waits for it; alert 2 waits on both."""
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as old, old:
        old.executescript(BEFORE)
        for step in ("0001 first tables", "0002 threads"):
            old.execute("INSERT INTO migration VALUES (?, ?)", (step, to_text(NOW)))
        for number in (1, 2):
            one = alert(f"J-{number}")
            row = (number, one.key, one.kind, one.severity, "open", one.feed, one.ext_id, *[to_text(NOW)] * 3)
            more = (0, 0, '{"technician": "J. Ortiz"}', None, "", "", "", None, "", None, "", None, "")
            old.execute(f"INSERT INTO alert VALUES ({', '.join('?' * 23)})", (*row, *more))  # noqa: S608 - marks only
        _owe(old, 1, 1, "ops", Operation.RAISE, "sent")
        _owe(old, 2, 1, "ops", Operation.RESOLVE, "waiting")
        _owe(old, 3, 1, "pager", Operation.RAISE, "waiting")
        _owe(old, 4, 2, "ops", Operation.RAISE, "waiting")
        _owe(old, 5, 2, "pager", Operation.RAISE, "sending")
        _owe(old, 6, 99, "ops", Operation.RAISE, "failed")
        old.execute("INSERT INTO receipt VALUES (1, 'ops', '17', '{\"ts\": \"17\"}')")
    return path


def _owe(old: sqlite3.Connection, number: int, about: int, channel: str, operation: Operation, state: str) -> None:
    text = codec.encode(codec.NOTIFICATION, delivery(about, operation).notification)
    times = (to_text(NOW), to_text(NOW))
    row = (
        number,
        about,
        channel,
        "slack",
        operation,
        state,
        text,
        0,
        None,
        *times,
        0,
        None,
        None,
        "me",
        None,
        0,
        "",
        "",
    )
    old.execute(f"INSERT INTO delivery VALUES ({', '.join('?' * 19)})", row)  # noqa: S608 - marks only


@pytest.fixture
def store(path: Path) -> Store:
    return open_store(path, NOW)


def test_what_waits_can_be_sent_in_its_order(store: Store) -> None:
    found = store.outbox.due("ops", NOW)
    keys = {number: alert(f"J-{number}").key for number in (1, 2)}
    assert [(one.id, one.alerts, one.thread, one.held) for one in found] == [
        (2, (1,), keys[1], ""),
        (4, (2,), keys[2], ""),
    ]
    for one in found:
        assert one.notification.alert_key == one.thread
        assert store.outbox.claim(one, "me", NOW, minutes(2))
        store.outbox.settle(one, DeliveryState.SENT, NOW)
    assert [one.id for one in store.outbox.left_sending("me", NOW)] == [5]
    assert [one.id for one in store.outbox.due("pager", NOW)] == [3]


def test_the_platforms_names_go_with_the_threads(store: Store) -> None:
    assert store.outbox.receipt(alert("J-1").key, "ops") == ("17", {"ts": "17"})


def test_every_delivery_is_found_by_its_alert(store: Store) -> None:
    assert [one.id for one in store.outbox.of_alerts([1])] == [1, 2, 3]
    assert set(store.threads.of_alerts([1, 2])) == {1, 2}
    (lost,) = store.outbox.listed([DeliveryState.FAILED])
    assert (lost.alert_id, lost.alerts, lost.thread) == (99, (99,), "alert 99")
    assert store.outbox.resend(lost.id, NOW + hours(1))


def test_a_copy_of_it_is_made_before_and_it_is_brought_up_to_date_once(path: Path) -> None:
    for _ in range(2):
        open_store(path, NOW).close()
    copies = sorted(one.name for one in path.parent.glob("a-before-*.sqlite"))
    assert copies == [f"a-before-{step.name.split()[0]}.sqlite" for step in MIGRATIONS[2:]]
    with closing(sqlite3.connect(path.with_name("a-before-0003.sqlite"))) as copy:
        assert "alert_id" in [row[1] for row in copy.execute("PRAGMA table_info(receipt)")]
    with closing(sqlite3.connect(path)) as new:
        assert [row[0] for row in new.execute("SELECT name FROM migration WHERE name = ?", (STEP,))] == [STEP]


def test_it_has_the_columns_and_indexes_of_a_new_one(path: Path, tmp_path: Path) -> None:
    open_store(path, NOW).close()
    open_store(tmp_path / "new.sqlite", NOW).close()
    for table in ("delivery", "delivery_alert", "receipt"):
        assert _shape(path, table) == _shape(tmp_path / "new.sqlite", table)


def _shape(path: Path, table: str) -> tuple[set[str], set[tuple[str, ...]]]:
    """The columns of a table, and the columns of each of its indexes."""
    with closing(sqlite3.connect(path)) as found:
        columns = {row[1] for row in found.execute(f"PRAGMA table_info({table})")}
        names = [row[1] for row in found.execute(f"PRAGMA index_list({table})")]
        indexes = {tuple(row[2] for row in found.execute(f"PRAGMA index_info({name})")) for name in names}
    return columns, indexes
