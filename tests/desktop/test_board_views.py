"""The views of the board: what each keeps, when one counts as changed, and how they are written down."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop.board.arranging import Arranging
from dispatchwatch.desktop.board.columns import USUAL, Column, Placed
from dispatchwatch.desktop.board.filter import BoardFilter, Facet
from dispatchwatch.desktop.board.grouping import Grouping
from dispatchwatch.desktop.board.keeping import BOARD
from dispatchwatch.desktop.board.order import Chip
from dispatchwatch.desktop.board.sorting import SortKey
from dispatchwatch.desktop.board.views import FIRST_VIEWS, Arrangement, BoardMemory, SavedView
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.domain.alert import AlertState
from dispatchwatch.domain.standing import Standing
from tests.desktop.board_rows import ME, make

ACME = Arrangement(
    BoardFilter(Chip.LATE, frozenset({(Facet.CUSTOMER, "Acme, “Foundry”"), (Facet.STATE, "late")}), mine=True),
    Grouping.TECHNICIAN,
    (SortKey(Column.SITE, descending=True), SortKey(Column.TIME)),
    (Placed(Column.TIME), Placed(Column.NOTES, 222)),
)


def names(memory: BoardMemory) -> list[str]:
    return [view.name for view in memory.views]


def test_a_filter_wants_any_value_of_a_facet_and_every_facet() -> None:
    rows = [make(1, customer="Acme", priority="1"), make(2, customer="Borax", priority="1"), make(3, customer="Acme")]
    both = {(Facet.CUSTOMER, "Acme"), (Facet.CUSTOMER, "Borax")}
    assert shown(rows, both) == ["J-1043", "J-1044", "J-1045"]
    assert shown(rows, both | {(Facet.PRIORITY, "1")}) == ["J-1043", "J-1044"]
    assert shown(rows, {(Facet.CUSTOMER, "Vogel")}) == []


def shown(rows: list[BoardRow], values: set[tuple[Facet, str]]) -> list[str]:
    wanted = BoardFilter(values=frozenset(values)).test(ME)
    return [row.visit.ext_id for row in rows if wanted(row)]


def test_nobody_assigned_is_a_value_too_and_of_a_crew_each_counts() -> None:
    nobody, crew = make(1, technician=""), make(2)
    crew = replace(
        crew, visit=replace(crew.visit, technicians=(*make(3).visit.technicians, *make(4).visit.technicians))
    )
    assert shown([nobody, crew], {(Facet.TECHNICIAN, "")}) == ["J-1043"]
    for person in crew.visit.technicians:
        assert shown([nobody, crew], {(Facet.TECHNICIAN, person.name)}) == ["J-1044"]


def test_mine_is_what_i_have_taken_on_and_nobody_elses() -> None:
    taken = replace(make(1, Standing.LATE), alert_id=1, alert_state=AlertState.ACKNOWLEDGED, acknowledged_by=ME)
    others = replace(taken, acknowledged_by="Ben")
    still_open = replace(taken, alert_state=AlertState.OPEN)
    wanted = BoardFilter(mine=True).test(ME)
    assert [wanted(row) for row in (taken, others, still_open)] == [True, False, False]


def test_the_first_views_are_there_and_open() -> None:
    memory = BoardMemory()
    assert names(memory) == ["Today", "Needs action", "Unassigned", "Late", "Mine", "Done"]
    assert memory.opening("Unassigned").present.filter.values == {(Facet.STATE, "unassigned")}
    assert memory.opening("nowhere") == memory


def test_a_view_says_that_it_was_changed_until_it_looks_like_one_again() -> None:
    memory = replace(BoardMemory(), present=Arrangement(grouping=Grouping.FEED))
    assert (memory.shown_name, memory.changed) == ("Today", True)
    assert not memory.saved().changed
    late = replace(memory, present=Arrangement(BoardFilter(Chip.LATE)))
    assert (late.shown_name, late.changed) == ("Late", False)
    assert memory.opening("Today").changed is False


def test_views_are_saved_renamed_moved_deleted_and_brought_back() -> None:
    memory = replace(BoardMemory(), present=ACME).saved_as("Acme")
    assert (names(memory)[-1], memory.shown_name, memory.changed) == ("Acme", "Acme", False)
    memory = memory.starting_with("Acme").renamed("Acme", "Acme late").moved("Acme late", -99)
    assert (names(memory)[0], memory.opened, memory.at_start) == ("Acme late", "Acme late", "Acme late")
    assert memory.moved("Done", 5) == memory
    memory = memory.deleted("Today").deleted("Late")
    assert names(memory) == ["Acme late", "Needs action", "Unassigned", "Mine", "Done"]
    assert names(memory.restored()) == [*(view.name for view in FIRST_VIEWS), "Acme late"]
    gone = memory.deleted("Acme late")
    assert (gone.opened, gone.at_start) == ("Needs action", "")


def test_the_last_view_stays() -> None:
    memory = BoardMemory(views=(SavedView("Only"),), opened="Only")
    assert memory.deleted("Only") == memory


def test_columns_are_those_of_all_views_or_of_one_alone() -> None:
    fewer = (Placed(Column.TIME), Placed(Column.SITE, 300))
    for_all = BoardMemory().with_columns(fewer, own=False)
    assert (for_all.columns, for_all.changed, for_all.opening("Late").columns) == (fewer, False, fewer)
    for_one = BoardMemory().with_columns(fewer, own=True)
    assert (for_one.columns, for_one.changed, for_one.opening("Late").columns) == (fewer, True, USUAL)


def test_everything_comes_back_as_it_was_written_down() -> None:
    memory = replace(
        BoardMemory(present=ACME).saved_as("Acme; ✓ [1]=%20"),
        usual=(Placed(Column.SITE, 120), Placed(Column.TIME)),
        folded={Grouping.TECHNICIAN: frozenset({"J. Ortiz", ""})},
    ).starting_with("Late")
    assert BOARD.read(BOARD.write(memory)) == memory


def spoilt(**parts: Any) -> BoardMemory:
    return BOARD.read(json.dumps(json.loads(BOARD.write(BoardMemory(present=ACME).saved_as("Acme"))) | parts))


def test_what_makes_no_sense_costs_nothing_beside_it() -> None:
    bad: dict[str, Any] = {
        "name": "Odd",
        "chip": "purple",
        "values": [["moon", "1"], ["state", "gone off"], ["feed", "x"], 3],
    }
    bad |= {
        "grouping": 7,
        "sort": [["time"], ["nothing", True], ["site", True], ["site", False]],
        "columns": [["time", "x"]],
    }
    read = spoilt(views=[bad, "not a view", {"name": " "}, {"name": "Fine", "chip": "late"}, {"name": "Fine"}])
    assert names(read) == ["Odd", "Fine"]
    assert read.views[0].arrangement == Arrangement(
        BoardFilter(values=frozenset({(Facet.FEED, "x")})), sort=(SortKey(Column.SITE, descending=True),)
    )
    assert read.views[1].arrangement.filter.chip is Chip.LATE
    assert (read.opened, read.present) == ("Odd", ACME)
    assert spoilt(usual=[["actions", 5], ["notes", 99999]]).usual == (Placed(Column.NOTES, 800),)
    assert spoilt(views=[], usual=[], present=None, folded=[1]).views == FIRST_VIEWS
    assert spoilt(at_start="No such view").at_start == ""


@pytest.mark.parametrize("word", ["", "[]", "{", "null", "7", '"x"'])
def test_an_unreadable_memory_is_no_memory(word: str, tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    preferences._settings.setValue(BOARD.key, word)
    assert preferences.get(BOARD) == BoardMemory()


def test_the_board_begins_as_it_was_left_or_with_the_view_chosen_for_it(qapp: QApplication, tmp_path: Path) -> None:
    first = Arranging()
    first.remember(Preferences(tmp_path))
    first.group(Grouping.SITE)
    first.keep()
    second = Arranging()
    second.remember(Preferences(tmp_path))
    assert second.present.grouping is Grouping.SITE
    second.become(second.memory.starting_with("Done"))
    second.keep()
    third = Arranging()
    third.remember(Preferences(tmp_path))
    assert third.present.filter.chip is Chip.DONE
