"""Rows gathered in groups: what needs somebody first, headers that count, and nothing that moves without need."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import board_phrases
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.filter import BoardFilter
from dispatchwatch.desktop.board.grouping import Grouping
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.board.order import Chip
from dispatchwatch.desktop.board.sorting import MOST_URGENT_FIRST, SortKey
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Technician
from tests.desktop.board_rows import board_of, give, make, told

LEE, ORTIZ, NOVAK = "M. Lee", "J. Ortiz", "A. Novak"


@pytest.fixture
def rows() -> tuple[BoardRow, ...]:
    return (
        make(1, technician=NOVAK),
        make(2, Standing.LATE, due=-5, technician=ORTIZ),
        make(3, Standing.SOON, due=5, technician=LEE),
        make(4, technician=ORTIZ),
        make(5, Standing.UNASSIGNED, technician=""),
    )


@pytest.fixture
def model(qapp: QApplication, rows: tuple[BoardRow, ...]) -> BoardModel:
    made = board_of(rows)
    made.arrange(MOST_URGENT_FIRST, Grouping.TECHNICIAN)
    return made


def test_groups_stand_by_what_needs_somebody_first_then_by_name(model: BoardModel) -> None:
    assert told(model) == [
        "[J. Ortiz 2]",
        "J-1044",
        "J-1046",
        "[M. Lee 1]",
        "J-1045",
        "[A. Novak 1]",
        "J-1043",
        "[Nobody assigned 1]",
        "J-1047",
    ]


def test_a_group_moves_with_its_most_urgent_visit_and_without_a_reset(
    model: BoardModel, rows: tuple[BoardRow, ...]
) -> None:
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    give(model, (replace(rows[1], standing=Standing.ON_SITE),))
    assert told(model)[:2] == ["[M. Lee 1]", "J-1045"]
    assert told(model)[4:7] == ["[J. Ortiz 2]", "J-1046", "J-1044"]
    give(model, (replace(rows[0], standing=Standing.LATE),))
    assert told(model)[:2] == ["[A. Novak 1]", "J-1043"]
    assert resets == []


def test_a_header_counts_only_what_is_shown_and_goes_with_its_last_visit(
    model: BoardModel, rows: tuple[BoardRow, ...]
) -> None:
    model.narrow(BoardFilter(Chip.LATE))
    assert told(model) == ["[J. Ortiz 1]", "J-1044"]
    give(model, (replace(rows[1], standing=Standing.DONE),))
    assert told(model) == []
    model.narrow(BoardFilter())
    give(model, (), removed=(rows[4].key,))
    assert "[Nobody assigned 1]" not in told(model)


def test_a_visit_that_changes_hands_changes_its_group(model: BoardModel, rows: tuple[BoardRow, ...]) -> None:
    handed_over = replace(rows[3], visit=replace(rows[3].visit, technicians=(Technician(LEE), Technician(ORTIZ))))
    give(model, (handed_over,))
    assert told(model)[:5] == ["[J. Ortiz 1]", "J-1044", "[M. Lee 2]", "J-1045", "J-1046"]


def test_a_header_is_painted_anew_when_its_count_changes(model: BoardModel, rows: tuple[BoardRow, ...]) -> None:
    changed: set[int] = set()
    model.dataChanged.connect(lambda first, _: changed.add(first.row()))
    give(model, (replace(rows[3], standing=Standing.EN_ROUTE),))
    assert 0 in changed


def test_a_folded_group_shows_its_header_alone_and_counts_on(model: BoardModel, rows: tuple[BoardRow, ...]) -> None:
    model.arrange(MOST_URGENT_FIRST, Grouping.TECHNICIAN, frozenset({ORTIZ}))
    assert told(model)[:2] == ["[J. Ortiz 2]", "[M. Lee 1]"]
    give(model, (make(6, technician=ORTIZ),))
    assert told(model)[:2] == ["[J. Ortiz 3]", "[M. Lee 1]"]
    assert model.shown == 6
    heading = model.heading_at(0)
    assert heading is not None
    assert heading.folded
    give(model, (replace(rows[2], standing=Standing.DONE),))
    model.arrange(MOST_URGENT_FIRST, Grouping.TECHNICIAN)
    assert told(model)[:4] == ["[J. Ortiz 3]", "J-1044", "J-1046", "J-1048"]


def test_within_a_group_the_chosen_order_holds(model: BoardModel) -> None:
    model.arrange((SortKey(Column.TIME, descending=True),), Grouping.TECHNICIAN)
    assert told(model)[:3] == ["[J. Ortiz 2]", "J-1046", "J-1044"]


def test_groups_by_state_stand_in_the_order_of_the_board(model: BoardModel) -> None:
    model.arrange(MOST_URGENT_FIRST, Grouping.STATUS)
    headers = [line for line in told(model) if line.startswith("[")]
    assert headers == ["[Late 1]", "[Soon 1]", "[Unassigned 1]", "[Later 2]"]


@pytest.mark.parametrize(
    ("grouping", "header"),
    [
        (Grouping.CUSTOMER, "[Borax Chemicals 1]"),
        (Grouping.SITE, "[Hall 2 1]"),
        (Grouping.FEED, "[today 5]"),
        (Grouping.NONE, "J-1043"),
    ],
)
def test_rows_are_gathered_by_whatever_was_chosen(model: BoardModel, grouping: Grouping, header: str) -> None:
    model.arrange(MOST_URGENT_FIRST, grouping)
    assert header in told(model)


def test_a_header_can_have_the_keyboard_but_is_never_chosen(model: BoardModel) -> None:
    flags = model.flags(model.index(0, 0))
    assert flags & Qt.ItemFlag.ItemIsEnabled
    assert not flags & Qt.ItemFlag.ItemIsSelectable
    assert model.flags(model.index(1, 0)) & Qt.ItemFlag.ItemIsSelectable
    assert (model.group_above(2), model.group_above(0), model.group_above(4)) == (0, 0, 3)


def test_a_screen_reader_hears_of_a_group_how_many_and_where_they_stand(model: BoardModel) -> None:
    text = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert text == "Group J. Ortiz, 2 visits: 1 late, 1 later, unfolded."
    heading = model.heading_at(0)
    assert heading is not None
    assert [standing for standing, _ in board_phrases.heading_counts(heading)] == [Standing.LATE, Standing.LATER]


@pytest.mark.parametrize("grouping", list(Grouping))
@pytest.mark.parametrize("seed", [1, 3])
def test_whatever_comes_and_goes_the_list_is_as_if_made_anew(qapp: QApplication, grouping: Grouping, seed: int) -> None:
    """Changes one by one, with Qt's tester watching, against the same rows sorted at once."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    sort = () if seed == 1 else (SortKey(Column.TECHNICIAN, descending=True), SortKey(Column.PRIORITY))
    model, standings = board_of(make(number) for number in range(10)), list(Standing)
    folded = frozenset({ORTIZ, "Later", "Acme Foundry"}) if seed == 3 else frozenset[str]()
    model.arrange(sort, grouping, folded)
    for _ in range(12):
        numbers = chance.sample(range(16), 4)
        changed = tuple(
            make(
                number,
                chance.choice(standings),
                due=chance.randint(-60, 300),
                technician=chance.choice([LEE, NOVAK, ""]),
            )
            for number in numbers[:3]
        )
        give(model, changed, removed=(make(numbers[3]).key,))
        before = told(model)
        model.rebuild()
        assert told(model) == before
    assert model.shown == model.total
