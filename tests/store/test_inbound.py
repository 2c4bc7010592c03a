"""What comes in by itself is kept: typed visits, events, check-in links, chats. An older database gains the tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dispatchwatch.domain.check_in import CheckInLink, Person
from dispatchwatch.domain.visit import Visit
from dispatchwatch.intake.desk_feed import DESK
from dispatchwatch.store.store import Store, open_store
from tests.fakes.office import DAY, at, hours, minutes, visit
from tests.store.samples import NOW

TABLES = ("desk_visit", "letter", "letter_mark", "check_in_link", "chat", "chat_code", "chat_update")
ANA = Person("t-7", "Ana Diaz")
LINK = CheckInLink(digest="ab" * 32, feed="today", ext_id="J-1", day=DAY, technician="Ana Diaz", issued_at=NOW)


def typed(ext_id: str) -> Visit:
    return replace(visit(ext_id), feed=DESK)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "a.sqlite", NOW)


def test_a_typed_visit_comes_back_equal_and_takes_the_place_of_what_it_was(store: Store) -> None:
    first, second = (typed(name) for name in ("D-1", "D-2"))
    for one in (first, second):
        store.desk_visits.save(one, NOW)
    later = replace(typed("D-1"), sched_start=at("15:00"))
    store.desk_visits.save(later, NOW + hours(1))
    assert store.desk_visits.held(NOW) == (later, second)
    assert store.desk_visits.get("D-1") == later
    assert store.desk_visits.get("D-9") is None


def test_typed_visits_that_are_over_are_not_held_but_their_numbers_stay_used(store: Store) -> None:
    assert store.desk_visits.next_number() == 1
    store.desk_visits.save(typed("D-1"), NOW - timedelta(days=3))
    assert store.desk_visits.held(NOW) == ()
    assert store.desk_visits.next_number() == 2


def test_an_event_is_kept_once_whichever_of_its_marks_comes_again(store: Store) -> None:
    assert store.inbox.keep("hook", ("id 1", "text a"), b"\x00\xff", NOW) == 1
    assert store.inbox.keep("hook", ("id 2", "text a"), b"other", NOW) is None
    assert store.inbox.keep("hook", ("id 1", "text b"), b"other", NOW) is None
    assert store.inbox.keep("hook", (), b"no marks", NOW + minutes(1)) == 2
    assert store.inbox.of_feed("hook") == [(1, NOW, b"\x00\xff"), (2, NOW + minutes(1), b"no marks")]


def test_the_events_of_two_feeds_are_apart(store: Store) -> None:
    store.inbox.keep("one", ("id 1",), b"a", NOW)
    assert store.inbox.keep("two", ("id 1",), b"b", NOW) == 2
    assert [body for _, _, body in store.inbox.of_feed("two")] == [b"b"]


def test_old_events_and_marks_are_forgotten_each_in_its_time(store: Store) -> None:
    store.inbox.keep("hook", ("id 1",), b"old", NOW)
    store.inbox.keep("hook", ("id 2",), b"new", NOW + hours(2))
    store.inbox.forget(letters_before=NOW + hours(1), marks_before=NOW)
    assert [body for _, _, body in store.inbox.of_feed("hook")] == [b"new"]
    assert store.inbox.keep("hook", ("id 1",), b"again", NOW + hours(3)) is None
    store.inbox.forget(letters_before=NOW, marks_before=NOW + hours(1))
    assert store.inbox.keep("hook", ("id 1",), b"again", NOW + hours(3)) == 3


def test_a_link_comes_back_equal_until_its_day_is_past(store: Store) -> None:
    store.check_in_links.save(LINK)
    assert store.check_in_links.find(LINK.digest) == LINK
    assert store.check_in_links.find("cd" * 32) is None
    store.check_in_links.forget(DAY)
    assert store.check_in_links.find(LINK.digest) == LINK
    store.check_in_links.forget(DAY + timedelta(days=1))
    assert store.check_in_links.find(LINK.digest) is None


def test_a_code_makes_a_chat_known_once_and_in_time(store: Store) -> None:
    store.chats.add_code("one", ANA, NOW + hours(1))
    store.chats.add_code("two", ANA, NOW + hours(1))
    assert store.chats.redeem("one", NOW) == ANA
    assert store.chats.redeem("one", NOW) is None
    assert store.chats.redeem("two", NOW + hours(2)) is None
    assert store.chats.redeem("two", NOW) is None, "asking uses it up"


def test_a_chat_is_one_persons_until_it_is_given_up(store: Store) -> None:
    chat = 7_000_000_000_000
    store.chats.link(chat, ANA, NOW)
    assert store.chats.person(chat) == ANA
    assert store.chats.people() == [ANA]
    store.chats.link(chat, Person("t-8", "Lee"), NOW)
    assert store.chats.person(chat) == Person("t-8", "Lee")
    store.chats.unlink(chat)
    assert store.chats.person(chat) is None


def test_messages_that_were_dealt_with_are_known_for_a_while(store: Store) -> None:
    store.chats.remember(3_000_000_000, NOW)
    store.chats.remember(3_000_000_000, NOW)
    assert store.chats.known(3_000_000_000)
    assert not store.chats.known(1)
    store.chats.add_code("old", ANA, NOW)
    store.chats.forget(updates_before=NOW + hours(1), now=NOW + hours(1))
    assert not store.chats.known(3_000_000_000)


def test_a_database_of_before_gains_the_tables_and_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    store = open_store(path, NOW)
    store.schedules.save([], [])
    store.close()
    with closing(sqlite3.connect(path)) as raw:
        for table in TABLES:
            raw.execute(f"DROP TABLE {table}")
        raw.execute("DELETE FROM migration WHERE name LIKE '0004%'")
        raw.commit()
    again = open_store(path, NOW)
    again.desk_visits.save(typed("D-1"), NOW)
    assert again.inbox.keep("hook", ("id 1",), b"", NOW) == 1
    assert (tmp_path / "a-before-0004.sqlite").exists()
