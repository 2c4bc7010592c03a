"""The order of the board: several keys, each in its own direction, and never the running countdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from dispatchwatch.app.view import BoardRow, Told
from dispatchwatch.desktop import board_phrases
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.grouping import Grouping
from dispatchwatch.desktop.board.sorting import MOST_URGENT_FIRST, VALUES, SortKey, chosen, natural, place_of
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Status
from tests.desktop.board_rows import board_of, make, told
from tests.desktop.pictures import NOW

TECHNICIAN, SITE, STATE = Column.TECHNICIAN, Column.SITE, Column.STATE


def in_order(rows: list[BoardRow], *sort: SortKey) -> list[str]:
    return [row.visit.ext_id for row in sorted(rows, key=lambda row: place_of(row, sort))]


def test_two_keys_each_in_its_own_direction() -> None:
    rows = [
        make(1, technician="M. Lee", customer="Acme"),
        make(2, technician="A. Novak", customer="Borax"),
        make(3, technician="M. Lee", customer="Vogel"),
        make(4, technician="A. Novak", customer="Acme"),
    ]
    assert in_order(rows, SortKey(TECHNICIAN, descending=True), SortKey(SITE)) == [
        "J-1043",
        "J-1045",
        "J-1046",
        "J-1044",
    ]
    assert in_order(rows, SortKey(TECHNICIAN), SortKey(SITE, descending=True)) == [
        "J-1044",
        "J-1046",
        "J-1045",
        "J-1043",
    ]


@pytest.mark.parametrize("descending", [False, True])
def test_what_is_not_known_stands_last_either_way(descending: bool) -> None:
    rows = [make(1, priority=""), make(2, priority="2"), make(3, priority="1")]
    assert in_order(rows, SortKey(Column.PRIORITY, descending))[-1] == "J-1043"


def test_between_equals_urgency_decides_whatever_was_chosen() -> None:
    rows = [make(1, due=90), make(2, Standing.LATE, due=-5), make(3, due=30)]
    for column in (Column.FEED, Column.CONTACT):
        same = [replace(row, visit=replace(row.visit, site=rows[0].visit.site)) for row in rows]
        assert in_order(same, SortKey(column, descending=True)) == ["J-1044", "J-1045", "J-1043"]


def test_numbers_in_names_count_as_people_count() -> None:
    names = ["J-10", "J-9", "j-100", "J-1a"]
    assert sorted(names, key=natural) == ["J-1a", "J-9", "J-10", "j-100"]
    rows = [make(1, technician="Team 10"), make(2, technician="Team 9"), make(3, technician="Team 9b")]
    assert in_order(rows, SortKey(TECHNICIAN, descending=True)) == ["J-1043", "J-1045", "J-1044"]


def test_the_first_column_is_sorted_by_the_deadline_so_that_time_alone_moves_nothing() -> None:
    row = make(1, due=30)
    assert VALUES[Column.TIME](row) == (row.deadline.timestamp() if row.deadline else None)


@pytest.mark.parametrize("column", list(VALUES))
@pytest.mark.parametrize("descending", [False, True])
def test_every_column_sorts_every_kind_of_row(column: Column, descending: bool) -> None:
    rows = [
        make(1),
        make(2, Standing.ON_SITE, arrived_at=NOW, status=Status.ARRIVED),
        replace(make(3), told=(Told("ops", "slack", "failed", NOW),), predicted_arrival=NOW + timedelta(hours=1)),
        make(4, technician="", customer="", sched_start=None, window_end=None, notes="", order_ref="", kind=""),
    ]
    assert sorted(in_order(rows, SortKey(column, descending))) == ["J-1043", "J-1044", "J-1045", "J-1046"]


def test_a_press_sorts_by_a_column_and_another_turns_it_round() -> None:
    first = chosen(MOST_URGENT_FIRST, TECHNICIAN, further=False)
    assert first == (SortKey(TECHNICIAN),)
    assert chosen(first, TECHNICIAN, further=False) == (SortKey(TECHNICIAN, descending=True),)
    assert chosen(first, SITE, further=False) == (SortKey(SITE),)


def test_a_press_with_shift_adds_a_key_or_turns_it_round() -> None:
    both = chosen((SortKey(TECHNICIAN),), SITE, further=True)
    assert both == (SortKey(TECHNICIAN), SortKey(SITE))
    assert chosen(both, SITE, further=True) == (SortKey(TECHNICIAN), SortKey(SITE, descending=True))
    assert chosen(both, SITE, further=False) == (SortKey(SITE),)


def test_the_heads_show_direction_and_rank() -> None:
    both = (SortKey(TECHNICIAN, descending=True), SortKey(SITE))
    assert board_phrases.head(TECHNICIAN, both) == "Technician ↓1"
    assert board_phrases.head(SITE, both) == "Customer · site ↑2"
    assert board_phrases.head(STATE, both) == "State"
    assert board_phrases.head(SITE, both[1:]) == "Customer · site ↑"
    assert "key 2 of 2" in board_phrases.head_sentence(SITE, both)


def test_the_list_takes_another_order_and_says_so(qapp: QApplication) -> None:
    model = board_of([make(1, due=10, technician="B"), make(2, due=20, technician="A")])
    heads: list[int] = []
    model.headerDataChanged.connect(lambda *_: heads.append(1))
    model.arrange((SortKey(TECHNICIAN),), Grouping.NONE)
    assert (told(model), heads) == (["J-1044", "J-1043"], [1])
    model.arrange(MOST_URGENT_FIRST, Grouping.NONE)
    assert told(model) == ["J-1043", "J-1044"]
