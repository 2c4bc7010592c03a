"""The disk is waited for once for many messages, and never for longer than said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatchwatch.app.group_commit import FORCED_EVERY, GroupCommit
from dispatchwatch.store.store import Store, open_store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
NORMAL, FULL = 1, 2


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "dispatchwatch.sqlite", NOW)
    yield opened
    opened.close()


class Commits:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.seconds = 1000.0
        self._commits = GroupCommit(store, lambda: self.seconds)

    def how(self, *, is_last: bool = False) -> int:
        with self._commits.transaction(is_last=is_last):
            return synchronous(self.store)


def synchronous(store: Store) -> int:
    found = store.database.first("PRAGMA synchronous")
    assert found is not None
    return int(found[0])


def test_the_first_is_forced_and_those_soon_after_it_are_not(store: Store) -> None:
    commits = Commits(store)
    assert [commits.how() for _ in range(3)] == [FULL, NORMAL, NORMAL]


def test_what_comes_later_is_forced_again(store: Store) -> None:
    commits = Commits(store)
    commits.how()
    commits.seconds += FORCED_EVERY
    assert [commits.how(), commits.how()] == [FULL, NORMAL]


def test_the_last_of_a_batch_is_always_forced(store: Store) -> None:
    commits = Commits(store)
    commits.how()
    assert [commits.how(), commits.how(is_last=True)] == [NORMAL, FULL]


def test_every_other_transaction_is_forced(store: Store) -> None:
    commits = Commits(store)
    assert [commits.how(), commits.how()] == [FULL, NORMAL]
    with store.transaction():
        assert synchronous(store) == FULL
    assert commits.how() == NORMAL


def test_one_inside_another_changes_nothing_about_it(store: Store) -> None:
    with store.transaction(), store.transaction(forced=False):
        assert synchronous(store) == FULL


def test_what_failed_is_not_taken_for_forced(store: Store) -> None:
    commits = Commits(store)
    with pytest.raises(ZeroDivisionError), failing(commits):
        raise ZeroDivisionError
    assert commits.how() == FULL


@contextmanager
def failing(commits: Commits) -> Iterator[None]:
    with commits._commits.transaction(is_last=False):
        yield
