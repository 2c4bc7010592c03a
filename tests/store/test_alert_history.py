"""Searching the alerts of days gone by."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from dispatchwatch.domain.alert import AlertKind, AlertState, Severity
from dispatchwatch.domain.alert_search import AlertSearch, Heard
from dispatchwatch.store.deliveries import DeliveryState
from dispatchwatch.store.store import Store, open_store
from tests.store.samples import NOW, alert, delivery


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """1: late, told. 2: late and high, could not be told. 3: a feed, long ago, told nobody, resolved by Kim."""
    with closing(open_store(tmp_path / "a.sqlite", NOW)) as made:
        long_ago = NOW - timedelta(days=40)
        made.alerts.add(
            [
                alert("J-1"),
                alert(
                    "J-2", severity=Severity.HIGH, acknowledged_by="Ana", acknowledged_at=NOW, note="the 100% sure way"
                ),
                alert(
                    "",
                    key="feed",
                    kind=AlertKind.STALE_FEED,
                    raised_at=long_ago,
                    state=AlertState.RESOLVED,
                    resolved_by="Kim",
                ),
            ]
        )
        made.outbox.owe([delivery(1, state=DeliveryState.SENT), delivery(2, state=DeliveryState.FAILED)])
        made.outbox.owe([delivery(3, state=DeliveryState.DROPPED)])
        yield made


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (AlertSearch(), [2, 1, 3]),
        (AlertSearch(kind=AlertKind.STALE_FEED), [3]),
        (AlertSearch(severity=Severity.HIGH), [2]),
        (AlertSearch(heard=Heard.DELIVERED), [1]),
        (AlertSearch(heard=Heard.UNDELIVERED), [2]),
        (AlertSearch(heard=Heard.UNTOLD), [3]),
        (AlertSearch(who="Ana"), [2]),
        (AlertSearch(who="Kim"), [3]),
        (AlertSearch(words=("j-2",)), [2]),
        (AlertSearch(words=("ortiz", "müller")), [2, 1, 3]),
        (AlertSearch(words=("ortiz", "nobody")), []),
        (AlertSearch(words=("100%",)), [2]),
        (AlertSearch(words=("%",)), [2]),
        (AlertSearch(since=NOW - timedelta(days=1)), [2, 1]),
        (AlertSearch(until=NOW), [3]),
        (AlertSearch(severity=Severity.HIGH, who="Kim"), []),
    ],
    ids=str,
)
def test_each_part_narrows_what_is_found(store: Store, search: AlertSearch, found: list[int]) -> None:
    assert store.alert_history.find(search, 50) == (found, len(found))


def test_the_latest_are_found_and_all_are_counted(store: Store) -> None:
    assert store.alert_history.find(AlertSearch(), 1) == ([2], 3)


def test_everybody_who_ever_had_to_do_with_one(store: Store) -> None:
    assert store.alert_history.people() == ["Ana", "Kim"]


def test_failed_attempts_are_kept_in_order(store: Store) -> None:
    store.attempts.note(1, NOW, "no answer")
    store.attempts.note(2, NOW, "another")
    store.attempts.note(1, NOW + timedelta(seconds=9), "refused")
    assert store.attempts.of(1) == [(NOW, "no answer"), (NOW + timedelta(seconds=9), "refused")]


def test_an_older_database_gets_room_for_what_lasts(tmp_path: Path) -> None:
    path = tmp_path / "b.sqlite"
    with closing(open_store(path, NOW)) as made:
        made.alerts.add([alert("J-1", state=AlertState.ACKNOWLEDGED)])
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            "DROP TABLE attempt; ALTER TABLE alert DROP COLUMN while_visit;"
            "ALTER TABLE alert DROP COLUMN acknowledged_until; DELETE FROM migration WHERE name LIKE '0007%'"
        )
    with closing(open_store(path, NOW)) as made:
        kept = made.alerts.get(1)
        assert kept is not None
        assert (kept.acknowledged_until, kept.while_visit) == (None, "")
        assert made.attempts.of(1) == []
