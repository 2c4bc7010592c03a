# mypy: disable-error-code="no-untyped-call"
"""The board as a person drives it: views, filters, groups, search and rows, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from dispatchwatch.app.deeds import Result
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.board import buttons
from dispatchwatch.desktop.board.buttons import RowAction
from dispatchwatch.desktop.board.columns import Column, Placed
from dispatchwatch.desktop.board.eta import EtaDialog
from dispatchwatch.desktop.board.facets_model import FacetsModel
from dispatchwatch.desktop.board.filter import Facet
from dispatchwatch.desktop.board.grouping import Grouping
from dispatchwatch.desktop.board.keeping import BOARD
from dispatchwatch.desktop.board.naming import ViewNaming
from dispatchwatch.desktop.board.order import Chip
from dispatchwatch.desktop.board.page import BoardPage
from dispatchwatch.desktop.board.sorting import SortKey
from dispatchwatch.desktop.board.views import BoardMemory
from dispatchwatch.desktop.board.views_dialog import ViewsDialog
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.theme import Density
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Customer, Technician, VisitKey
from tests.desktop.conftest import Opened
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.keyboard import give_keyboard
from tests.desktop.pictures import NOW

Open = Callable[[int], Opened]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(open_window: Open) -> Opened:
    window, engine = open_window(40)
    window.resize(1440, 900)
    window.board.view.setFocus()
    return window, engine


@pytest.fixture
def page(opened: Opened) -> BoardPage:
    return opened[0].board


@pytest.fixture
def engine(opened: Opened) -> FakeEngine:
    return opened[1]


@pytest.fixture
def answers(room: DeskRoom) -> list[Result]:
    heard: list[Result] = []
    room.deeds.answered.connect(heard.extend)
    return heard


@pytest.fixture
def urls(page: BoardPage) -> list[str]:
    """What would have been opened. Nothing is."""
    wanted: list[str] = []

    def take(url: QUrl) -> bool:
        wanted.append(url.toString())
        return True

    page.deeds.open_url = take
    return wanted


@pytest.fixture
def clipboard() -> Iterator[Callable[[], str]]:
    yield lambda: QGuiApplication.clipboard().text()
    QGuiApplication.clipboard().clear()


def view_button(page: BoardPage) -> QPushButton:
    return page.filters.views.button


def keys(page: BoardPage) -> list[VisitKey]:
    numbers = range(page.model.rowCount())
    return [page.model.key_at(number) for number in numbers if page.model.heading_at(number) is None]


def words_in(menu: QMenu) -> list[str]:
    return [action.text().split("\t")[0] for action in menu.actions() if not action.isSeparator()]


def test_control_and_a_number_open_the_views(page: BoardPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_4, CTRL)
    assert (view_button(page).text(), page.model.filter.chip) == ("Late ▾", Chip.LATE)
    qtbot.keyClick(page.view, Qt.Key.Key_5, CTRL)
    taken_on = {page.model.line_at(number).acknowledged_by for number in range(page.model.rowCount())}
    assert (view_button(page).text(), taken_on) == ("Mine ▾", {"Ana Ruiz"})
    qtbot.keyClick(page.view, Qt.Key.Key_9, CTRL)
    assert view_button(page).text() == "Mine ▾"
    qtbot.keyClick(page.view, Qt.Key.Key_1, CTRL)
    assert page.model.rowCount() == 40


def test_a_changed_view_says_so_and_is_saved_under_a_name(page: BoardPage, qtbot: QtBot) -> None:
    page.arranging.group(Grouping.TECHNICIAN)
    assert view_button(page).text() == "Today · changed ▾"
    assert "not saved" in view_button(page).accessibleName()
    qtbot.keyClick(page.view, Qt.Key.Key_S, CTRL)
    dialog = next(one for one in page.window().findChildren(ViewNaming) if one.isVisible())
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert dialog.problem.text() == "Type a name."
    qtbot.keyClicks(dialog.name, "Late")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert "already" in dialog.problem.text()
    qtbot.keyClicks(dialog.name, "st")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert view_button(page).text() == "Latest ▾"
    page.arranging.open(0)
    assert [page.model.grouping] == [Grouping.NONE]
    qtbot.keyClick(page.view, Qt.Key.Key_7, CTRL)
    assert [page.model.grouping] == [Grouping.TECHNICIAN]


def test_the_menu_of_views_saves_changes_or_goes_back(page: BoardPage) -> None:
    menu = page.filters.views
    menu._fill()
    assert words_in(menu) == [
        "Today",
        "Needs action",
        "Unassigned",
        "Late",
        "Mine",
        "Done",
        "Save as a new view…",
        "Arrange views…",
    ]
    page.arranging.choose_chip(Chip.SOON)
    menu._fill()
    next(action for action in menu.actions() if action.text() == "Back to the saved view").trigger()
    assert page.model.filter.chip is Chip.ALL
    page.arranging.choose_chip(Chip.SOON)
    menu._fill()
    next(action for action in menu.actions() if action.text() == "Save changes").trigger()
    assert not page.arranging.memory.changed
    assert page.arranging.memory.view("Today") is not None


def test_the_list_of_views_is_put_in_order_by_keys(page: BoardPage, room: DeskRoom, qtbot: QtBot) -> None:
    dialog = ViewsDialog(room, page.arranging, page.window())
    dialog.open()
    give_keyboard(dialog, qtbot)
    dialog.list.setCurrentRow(5)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    dialog.at_start.click()
    assert [view.name for view in page.arranging.memory.views][4:] == ["Done", "Mine"]
    assert dialog.start.text() == "At start “Done” is opened."
    qtbot.keyClick(dialog.list, Qt.Key.Key_F2)
    naming = next(one for one in dialog.findChildren(ViewNaming) if one.isVisible())
    naming.name.setText("Over")
    qtbot.keyClick(naming.name, Qt.Key.Key_Return)
    assert page.arranging.memory.at_start == "Over"
    dialog.list.setCurrentRow(0)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert page.arranging.memory.views[0].name == "Needs action"
    dialog.restore.click()
    assert page.arranging.memory.views[0].name == "Today"
    dialog.reject()


def test_the_board_opens_as_it_was_left(room: DeskRoom, tmp_path: Path, qtbot: QtBot) -> None:
    columns = (Placed(Column.TIME), Placed(Column.SITE))
    room.preferences.choose(BOARD, BoardMemory(usual=columns).opening("Late"))
    page = BoardPage(room)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(page.filtered) as told:
        page.model.counted.emit()
    assert told.args == [Chip.LATE]
    assert (view_button(page).text(), page.view.isColumnHidden(Column.STATE)) == ("Late ▾", True)
    page.arranging.sort((SortKey(Column.SITE),))
    page.hide()
    assert Preferences(tmp_path).get(BOARD).present.sort == (SortKey(Column.SITE),)


def test_mine_follows_whoever_sits_here(page: BoardPage, room: DeskRoom) -> None:
    page.arranging.toggle_mine()
    assert page.model.rowCount() == 1
    room.people.choose("Ben")
    assert page.model.rowCount() == 0


def test_density_is_turned_by_one_press_and_the_button_says_what_comes_next(page: BoardPage, room: DeskRoom) -> None:
    page.filters._density.click()
    assert (room.theme.density, page.view.rowHeight(0)) == (Density.COMPACT, 32)
    assert page.filters._density.accessibleName() == texts.COMFORTABLE
    page.filters._density.click()
    assert page.view.rowHeight(0) == 44


def test_one_feed_is_two_presses_away(page: BoardPage, engine: FakeEngine, qtbot: QtBot) -> None:
    row = engine.rows[keys(page)[0]]
    engine.publish_rows([replace(row, key=VisitKey("crm", "X-1"), visit=replace(row.visit, feed="crm", ext_id="X-1"))])
    qtbot.waitUntil(lambda: page.model.total == 41)
    qtbot.mouseClick(page.filters.filter, LEFT)
    panel = page.filters.panel
    first = panel.offers.first_value()
    qtbot.mouseClick(panel.list.viewport(), LEFT, pos=panel.list.visualRect(first).center())
    assert [key.feed for key in keys(page)] == ["crm"]
    assert page.filters.filter.text() == "Filter  1"
    assert page.filters.hits == "1 of 41"
    panel.hide()


def test_the_panel_is_searched_and_pressed_by_keys_alone(page: BoardPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_F)
    panel = page.filters.panel
    qtbot.keyClicks(panel.text, "acme")
    assert [panel.offers.offer_at(number).words for number in range(panel.offers.rowCount())] == [
        "Customer",
        "Acme Foundry",
    ]
    qtbot.keyClick(panel.text, Qt.Key.Key_Return)
    assert {page.model.line_at(number).visit.customer.name for number in range(page.model.rowCount())} == {
        "Acme Foundry"
    }
    panel.text.clear()
    qtbot.keyClicks(panel.text, "vogel")
    qtbot.keyClick(panel.text, Qt.Key.Key_Down)
    qtbot.keyClick(panel.list, Qt.Key.Key_Space)
    assert len(page.active.chips) == 3
    panel.text.clear()
    qtbot.keyClicks(panel.text, "nobody at all")
    assert panel.offers.rowCount() == 0
    panel.mine.click()
    assert page.arranging.present.filter.mine
    panel.clear.click()
    assert (page.arranging.present.filter.values, page.active.isVisible()) == (frozenset(), False)
    panel.hide()


def test_what_is_filtered_stands_below_and_goes_with_one_press(page: BoardPage, qtbot: QtBot) -> None:
    page.arranging.toggle((Facet.TECHNICIAN, ""))
    page.arranging.toggle((Facet.STATE, Standing.LATE.value))
    assert [chip.text() for chip in page.active.chips] == ["State: Late", "Technician: Nobody assigned", "Clear all"]
    qtbot.mouseClick(page.active.chips[0], LEFT)
    assert page.arranging.present.filter.values == {(Facet.TECHNICIAN, "")}
    page.arranging.sort((SortKey(Column.SITE),))
    qtbot.mouseClick(page.active.chips[-1], LEFT)
    assert (page.arranging.memory.changed, page.active.isVisible()) == (False, False)


def test_the_values_on_offer_keep_their_places_and_say_what_is_chosen() -> None:
    model = FacetsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    counts = {(Facet.CUSTOMER, "Borax 10"): 1, (Facet.CUSTOMER, "Borax 9"): 2, (Facet.FEED, "today"): 0}
    model.offer(counts, frozenset({(Facet.STATE, "late")}))
    assert [model.offer_at(number).words for number in range(model.rowCount())] == [
        "State",
        "Late",
        "Customer",
        "Borax 9",
        "Borax 10",
    ]
    model.choose(frozenset({(Facet.CUSTOMER, "Borax 9")}))
    spoken = model.data(model.index(3), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Customer: Borax 9, 2 visits, chosen"
    assert not model.flags(model.index(2)) & Qt.ItemFlag.ItemIsEnabled


def test_groups_fold_by_mouse_and_by_keys_and_stay_so(page: BoardPage, qtbot: QtBot) -> None:
    page.arranging.group(Grouping.TECHNICIAN)
    everything = page.model.rowCount()
    header = page.view.visualRect(page.model.index(0, Column.SITE)).center()
    qtbot.mouseClick(page.view.viewport(), LEFT, pos=header)
    assert page.model.rowCount() < everything
    assert page.view.selected_keys() == []
    qtbot.mouseClick(page.view.viewport(), LEFT, pos=header)
    assert page.model.rowCount() == everything
    page.view.go_to(page.model.key_at(2))
    qtbot.keyClick(page.view, Qt.Key.Key_Left)
    assert (page.view.currentIndex().row(), page.view.current_key) == (0, None)
    qtbot.keyClick(page.view, Qt.Key.Key_Left)
    assert page.model.rowCount() < everything
    assert page.view.currentIndex().row() == 0
    page.arranging.group(Grouping.FEED)
    page.arranging.group(Grouping.TECHNICIAN)
    assert page.model.rowCount() < everything
    page.view.setCurrentIndex(page.model.index(0, 0))
    qtbot.keyClick(page.view, Qt.Key.Key_Right)
    assert page.model.rowCount() == everything
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert page.model.rowCount() < everything


def test_all_groups_fold_from_the_menu(page: BoardPage) -> None:
    page.filters._fill_groups()
    next(action for action in page.filters.groups.actions() if action.text() == "Customer").trigger()
    page.filters._fill_groups()
    next(action for action in page.filters.groups.actions() if action.text() == "Fold all groups").trigger()
    assert all(page.model.heading_at(number) for number in range(page.model.rowCount()))
    assert page.filters.hits == ""
    page.filters._fill_groups()
    next(action for action in page.filters.groups.actions() if action.text() == "Unfold all groups").trigger()
    assert len(keys(page)) == 40


def test_in_groups_too_selection_and_scroll_stay_over_a_refresh(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(400)
    view, model = window.board.view, window.board.model
    window.board.arranging.group(Grouping.CUSTOMER)
    chosen = model.key_at(120)
    view.go_to(chosen)
    qtbot.waitUntil(lambda: view.viewport().rect().contains(view.visualRect(view.currentIndex()).center()))
    before = view.visualRect(view.currentIndex()).top()
    below = [model.key_at(number) for number in range(380, 384)]
    engine.publish_rows(replace(engine.rows[key], acknowledged_by="Ben") for key in below)
    qtbot.waitUntil(lambda: engine.rows[below[0]] == model.line_of(below[0]))
    model.rebuild()
    assert (view.current_key, view.selected_keys()) == (chosen, [chosen])
    assert view.visualRect(view.currentIndex()).top() == before


def test_the_row_on_top_stays_there_whatever_comes_above_it(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(400)
    view, model = window.board.view, window.board.model
    view.verticalScrollBar().setValue(44 * 150 + 11)
    top = model.key_at(view.rowAt(0))
    below = [model.key_at(number) for number in range(200, 350)]
    engine.publish_rows(replace(engine.rows[key], standing=Standing.LATE, deadline=NOW) for key in below)
    qtbot.waitUntil(lambda: model.number_of(top) == 300)
    assert (model.key_at(view.rowAt(0)), view.rowViewportPosition(300)) == (top, -11)


def test_while_the_mouse_is_over_the_list_no_group_moves(page: BoardPage, engine: FakeEngine, qtbot: QtBot) -> None:
    page.arranging.group(Grouping.TECHNICIAN)
    before = keys(page)
    # A pointer that rests lets go by itself; on a slow computer that is too soon.
    page.view._hand.setInterval(60_000)
    page.view._follow(QPoint(60, 60))
    last = before[-1]
    engine.publish_rows([replace(engine.rows[last], standing=Standing.LATE, deadline=NOW - timedelta(hours=9))])
    qtbot.waitUntil(lambda: page.model.line_of(last) == engine.rows[last])
    assert keys(page) == before
    page.view._let_go()
    assert keys(page) != before


def test_searching_says_how_many_and_escape_ends_it(opened: Opened, qtbot: QtBot) -> None:
    window, _ = opened
    window.header.search.setText("tech:ortiz acme")
    assert window.board.filters.hits == f"{window.board.model.shown} hit{'s' if window.board.model.shown > 1 else ''}"
    assert window.board.view._painter.cells.hits == ("ortiz", "acme")
    assert not window.board.grab().isNull()
    window.header.search.setText("no such thing")
    assert window.board.filters.hits == "no hits"
    qtbot.keyClick(window.board.view, Qt.Key.Key_Escape)
    assert window.header.search.text() == ""
    assert (window.board.filters.hits, window.board.model.rowCount()) == ("", 40)
    window.board.view.selectAll()
    qtbot.keyClick(window.board.view, Qt.Key.Key_Escape)
    assert window.board.view.selected_keys() == []


def test_another_order_begins_at_the_top(open_window: Open) -> None:
    window, _ = open_window(400)
    page = window.board
    page.view.verticalScrollBar().setValue(4000)
    page.arranging.sort((SortKey(Column.SITE, descending=True),))
    assert page.view.verticalScrollBar().value() == 0


def test_a_painted_button_asks_who_can_take_it(page: BoardPage, room: DeskRoom, qtbot: QtBot) -> None:
    wished: list[tuple[object, object]] = []
    room.wishes.reassign.connect(lambda key, who: wished.append((key, who)))
    page.window().resize(2400, 900)
    cell = page.view.visualRect(page.model.index(0, Column.ACTIONS))
    placed = buttons.placed(page.model.line_at(0), cell, room.theme)
    button = next(one for one in placed if one.action is RowAction.REASSIGN)
    qtbot.mouseMove(page.view.viewport(), button.area.center())
    qtbot.mouseClick(page.view.viewport(), LEFT, pos=button.area.center())
    assert wished == [(page.model.key_at(0), None)]
    qtbot.keyClick(page.view, Qt.Key.Key_W)
    assert wished == [(page.model.key_at(0), None)] * 2


def test_calling_dials_the_technician_and_copies_where_nothing_can_call(
    page: BoardPage, urls: list[str], answers: list[Result], clipboard: Callable[[], str], qtbot: QtBot
) -> None:
    page.view.go_to(keys(page)[0])
    qtbot.keyClick(page.view, Qt.Key.Key_P)
    assert urls == ["tel:+13125550142"]
    page.deeds.open_url = lambda _: False
    qtbot.keyClick(page.view, Qt.Key.Key_P)
    assert clipboard() == "+1 312 555 0142"
    assert answers[-1].text.endswith("+1 312 555 0142 is on the clipboard.")


def test_who_has_no_number_is_not_offered_a_call(
    page: BoardPage, engine: FakeEngine, urls: list[str], answers: list[Result], qtbot: QtBot
) -> None:
    key = keys(page)[0]
    row = engine.rows[key]
    visit = replace(row.visit, technicians=(Technician("J. Ortiz", phone="unknown"),), customer=Customer("Acme"))
    engine.publish_rows([replace(row, visit=visit)])
    qtbot.waitUntil(lambda: page.model.line_of(key) == engine.rows[key])
    assert RowAction.CALL not in buttons.offered(engine.rows[key])
    page.view.go_to(key)
    qtbot.keyClick(page.view, Qt.Key.Key_P)
    assert (urls, answers[-1].text) == ([], f"{key.ext_id}: No phone number is known.")


def test_a_map_and_the_office_software_open_only_what_they_should(
    page: BoardPage, engine: FakeEngine, urls: list[str], answers: list[Result], qtbot: QtBot
) -> None:
    key = keys(page)[0]
    page.view.go_to(key)
    qtbot.keyClick(page.view, Qt.Key.Key_M)
    assert urls[-1].startswith("https://www.openstreetmap.org/search?query=")
    for url, opens in (
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("https://crm.example/j/1", True),
    ):
        engine.publish_rows([replace(engine.rows[key], visit=replace(engine.rows[key].visit, url=url))])
        qtbot.waitUntil(lambda: page.model.line_of(key) == engine.rows[key])
        qtbot.keyClick(page.view, Qt.Key.Key_O)
        assert (urls[-1] == url) is opens
    assert "gives no address" in answers[-1].text


def test_an_eta_is_entered_from_the_row(page: BoardPage, engine: FakeEngine, qtbot: QtBot) -> None:
    key = keys(page)[5]
    page.view.go_to(key)
    qtbot.keyClick(page.view, Qt.Key.Key_E)
    dialog = next(one for one in page.window().findChildren(EtaDialog) if one.isVisible())
    qtbot.mouseClick(dialog.form._does, LEFT)
    qtbot.waitUntil(lambda: engine.rows[key].visit.eta is not None)


def test_rows_are_copied_as_cells_text_or_numbers(
    page: BoardPage, engine: FakeEngine, clipboard: Callable[[], str], qtbot: QtBot
) -> None:
    first, second = keys(page)[:2]
    row = engine.rows[first]
    visit = replace(row.visit, title='=HYPERLINK("x")', customer=replace(row.visit.customer, name='@A "B"\tC\nD'))
    engine.publish_rows([replace(row, visit=visit)])
    qtbot.waitUntil(lambda: page.model.line_of(first) == engine.rows[first])
    page.arranging.place_columns((Placed(Column.TIME), Placed(Column.SITE), Placed(Column.CONTACT)))
    page.view.selectRow(1)
    page.view.selectionModel().select(
        page.model.index(0, 0),
        page.view.selectionModel().SelectionFlag.Select | page.view.selectionModel().SelectionFlag.Rows,
    )
    qtbot.keyClick(page.view, Qt.Key.Key_C, CTRL)
    lines = [line.split("\t") for line in clipboard().split("\n")]
    assert lines[0] == ["Visit", "Time left", "Customer · site", "Address · phone"]
    assert [line[0] for line in lines[1:]] == [first.ext_id, second.ext_id]
    assert {len(line) for line in lines} == {4}
    assert lines[1][2].startswith('"\'@A ""B"" C D')
    qtbot.keyClick(page.view, Qt.Key.Key_J)
    assert clipboard() == f"{first.ext_id}\n{second.ext_id}"
    qtbot.keyClick(page.view, Qt.Key.Key_C, CTRL | SHIFT)
    assert clipboard().startswith("Late: J. Ortiz at") or clipboard().startswith("Late:")


def test_the_menu_of_a_row_has_everything_and_greys_what_cannot_be_done(page: BoardPage) -> None:
    page.view.go_to(keys(page)[0])
    page.menu.fill()
    late = {
        action.text().split("\t")[0]: action.isEnabled() for action in page.menu.actions() if not action.isSeparator()
    }
    assert [words for words, can in late.items() if not can] == ["Open in the office software"]
    page.view.go_to(keys(page)[-1])
    page.menu.fill()
    done = {
        action.text().split("\t")[0]: action.isEnabled() for action in page.menu.actions() if not action.isSeparator()
    }
    assert list(done) == list(late)
    assert not any(done[words] for words in ("Check in now", "Enter an ETA…", "Who can take it?", "Acknowledge"))


def test_old_data_shows_its_age_and_every_check_in_what_it_rests_on(
    page: BoardPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    arrived = next(row for row in engine.rows.values() if row.standing is Standing.ON_SITE)
    said = replace(arrived, visit=replace(arrived.visit, checkin_method="technician"))
    engine.publish_rows([said])
    qtbot.waitUntil(lambda: page.model.line_of(said.key) == said)
    number = page.model.number_of(said.key)
    assert number is not None
    assert page.model.data(page.model.index(number, Column.EVIDENCE)) == "own word"
    tip = page.model.data(page.model.index(number, 0), Qt.ItemDataRole.ToolTipRole)
    assert "by the check-in link or a message" in tip
    age = page.view._painter.cells.read_at[said.key.feed]
    assert age == NOW - timedelta(seconds=12)
    page.arranging.place_columns((Placed(Column.EVIDENCE), Placed(Column.AGE), Placed(Column.STATE)))
    page.view.tick(NOW + timedelta(minutes=2))
    assert not page.grab().isNull()
