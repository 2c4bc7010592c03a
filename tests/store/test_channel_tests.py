"""Test messages that were begun are remembered for as long as they count."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from dispatchwatch.store.store import open_store
from tests.fakes.office import minutes
from tests.store.samples import NOW


def test_each_channel_has_its_own_and_those_that_were_seen_are_left_out(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "a.sqlite", NOW)) as store:
        for channel, at in (("ops", NOW), ("pager", NOW), ("ops", NOW + minutes(1))):
            store.channel_tests.begin(channel, at, NOW - minutes(9))
        first, second = store.channel_tests.begun("ops", NOW)
        assert (first[1], second[1]) == (NOW, NOW + minutes(1))
        assert store.channel_tests.begun("ops", NOW, after=first[0]) == [second]
        assert store.channel_tests.begun("ops", NOW + minutes(1)) == [second]


def test_what_counts_no_more_goes(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "a.sqlite", NOW)) as store:
        for channel in ("ops", "pager"):
            store.channel_tests.begin(channel, NOW, NOW)
        store.channel_tests.begin("ops", NOW + minutes(5), NOW + minutes(1))
        assert [at for _, at in store.channel_tests.begun("ops", NOW)] == [NOW + minutes(5)]
        assert len(store.channel_tests.begun("pager", NOW)) == 1


def test_a_database_from_before_there_were_any_gets_room_for_them(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    open_store(path, NOW).close()
    with closing(sqlite3.connect(path)) as database:
        database.executescript("DROP TABLE channel_test; DELETE FROM migration WHERE name LIKE '0006%'")
    with closing(open_store(path, NOW)) as store:
        store.channel_tests.begin("ops", NOW, NOW)
        assert len(store.channel_tests.begun("ops", NOW)) == 1
