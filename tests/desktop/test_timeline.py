# mypy: disable-error-code="no-untyped-call"
"""The timeline under hand and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dispatchwatch.app.view import BoardRow, TechnicianLine, Weighed
from dispatchwatch.desktop import timeline_phrases as phrases
from dispatchwatch.desktop.board.order import awaits_arrival
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.timeline.area import TimelineArea
from dispatchwatch.desktop.timeline.crews import Crews
from dispatchwatch.desktop.timeline.layout import Order
from dispatchwatch.desktop.timeline.move_dialog import MoveDialog
from dispatchwatch.desktop.timeline.page import TimelinePage
from dispatchwatch.desktop.timeline.weighing import Weigh
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Technician, VisitKey
from tests.desktop import timeline_days as days
from tests.desktop.conftest import Opened
from tests.desktop.keyboard import give_keyboard
from tests.desktop.pictures import NOW, OFFICE, minutes

Open = Callable[..., TimelinePage]
NO_KEY = Qt.KeyboardModifier.NoModifier


def key(number: int) -> VisitKey:
    return VisitKey("today", f"J-{1000 + number}")


def put(page: TimelinePage, rows: Iterable[BoardRow]) -> None:
    """Another board, taken in to the end."""
    page._room.picture.rows = {one.key: one for one in rows}
    page._room.picture.rows_changed.emit()


@pytest.fixture
def open_page(room: DeskRoom, qtbot: QtBot) -> Open:
    def open_one(
        rows: Iterable[BoardRow] = days.every_kind(),
        people: tuple[TechnicianLine, ...] = days.people(),
        weigh: Weigh | None = None,
        size: tuple[int, int] = (1200, 640),
    ) -> TimelinePage:
        room.picture.rows = {one.key: one for one in rows}
        page = TimelinePage(room, weigh)
        qtbot.addWidget(page)
        page.resize(*size)
        page._planner.meet(Crews(people))
        page.show()
        give_keyboard(page, qtbot)
        with qtbot.waitSignal(page.shown):
            page._renew()
        page.view.setFocus()
        return page

    return open_one


def spot(page: TimelinePage, number: int, who: str = "") -> QPoint:
    """The middle of a visit in the window."""
    scene = page.view.scene
    for placed in scene.stage.seen(0, scene.stage.height):
        block = placed.day.block(key(number))
        if block is not None and (not who or placed.day.who.name == who):
            return scene.spot(placed, block).plan.center()
    raise AssertionError(f"J-{1000 + number} is not seen")


def row_of(page: TimelinePage, name: str) -> QPoint:
    """A free place in a technician’s row."""
    scene = page.view.scene
    placed = next(one for one in scene.stage.seen(0, scene.stage.height) if one.day.who.name == name)
    return QPoint(scene.width - 20, placed.top + 10)


def carry(qtbot: QtBot, page: TimelinePage, number: int, to: QPoint) -> None:
    """Presses on a visit and carries it to a place, without letting go."""
    start, port = spot(page, number), page.view.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    for place in (start + QPoint(30, 0), to):
        qtbot.mouseMove(port, place)


def picture_of(page: TimelinePage) -> QImage:
    return page.view.viewport().grab().toImage()


def wheel(page: TimelinePage, at: QPoint, notches: int, modifiers: Qt.KeyboardModifier = NO_KEY) -> None:
    event = QWheelEvent(
        at.toPointF(),
        page.view.viewport().mapToGlobal(at).toPointF(),
        QPoint(),
        QPoint(0, notches * 120),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    page.view.wheelEvent(event)


def test_a_click_opens_the_visit_and_gives_it_the_keyboard(open_page: Open, qtbot: QtBot, room: DeskRoom) -> None:
    page = open_page()
    with qtbot.waitSignal(room.wishes.visit) as wished:
        qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=spot(page, 3))
    assert wished.args == [key(3)]
    assert page.view.current is not None
    assert page.view.current.key == key(3)


def test_a_visit_of_two_lights_up_in_both_rows(open_page: Open, qtbot: QtBot) -> None:
    page = open_page(size=(1200, 900))
    before = picture_of(page)
    qtbot.mouseMove(page.view.viewport(), spot(page, 7, "M. Lee"))
    qtbot.waitUntil(lambda: page.view.scene.hovered is not None)
    after = picture_of(page)
    for who in ("M. Lee", "S. Whitfield-Okonkwo"):
        corner = spot(page, 7, who) + QPoint(20, 12)
        assert before.pixel(corner) != after.pixel(corner), who
    qtbot.mouseMove(page.view.viewport(), QPoint(600, 5))
    qtbot.waitUntil(lambda: page.view.scene.hovered is None)


def test_arrows_walk_and_enter_opens(open_page: Open, qtbot: QtBot, room: DeskRoom) -> None:
    page = open_page()
    page.view.go_to(key(3))
    qtbot.keyClick(page.view, Qt.Key.Key_Left)
    assert page.view.current is not None
    assert page.view.current.key == key(2)
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    assert page.view.current.key == key(6)
    with qtbot.waitSignal(room.wishes.visit) as wished:
        qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert wished.args == [key(6)]


def test_a_screen_reader_hears_who_what_when_and_how_late(open_page: Open) -> None:
    page = open_page()
    page.view.go_to(key(2))
    name = page.view.accessibleName()
    assert name == (
        "J. Ortiz, J-1002 at Lakeside Dairy Cooperative, Cold store, planned 09:00 to 10:00, 20 min late, "
        "expected 09:48 to 10:48."
    )
    assert page.view.accessibleDescription().startswith("J. Ortiz, 1 late, 4 visits · 4 h 45, works 07:00 to 16:00. ")
    page.view.scene.focus = None
    page.view.go_to(key(10))
    assert "on site since 09:12" in page.view.accessibleName()


def test_letters_do_what_they_do_on_the_board(open_page: Open, qtbot: QtBot, room: DeskRoom) -> None:
    page = open_page()
    heard: list[tuple[str, Any]] = []
    for name in ("acknowledge", "resolve", "note", "link"):
        getattr(room.wishes, name).connect(lambda value, name=name: heard.append((name, value)))
    page.view.go_to(key(2))
    for letter in "ARNL":
        qtbot.keyClick(page.view, letter)
    assert heard == [("acknowledge", [3]), ("resolve", [3]), ("note", key(2)), ("link", key(2))]
    heard.clear()
    page.view.go_to(key(1))
    for letter in "ARL":
        qtbot.keyClick(page.view, letter)
    assert heard == []


def test_the_menu_of_a_visit_says_what_can_be_done(open_page: Open, room: DeskRoom, qtbot: QtBot) -> None:
    page = open_page()
    place = spot(page, 2)
    screen = page.view.viewport().mapToGlobal(place)
    page.view.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, screen))
    menu = page.visit_actions.menu
    assert menu.isVisible()
    offered = {action.text().partition("\t")[0]: action.isEnabled() for action in menu.actions() if action.text()}
    assert offered == {
        "Open visit": True,
        "Check in now": True,
        "Note…": True,
        "Check-in link…": True,
        "Who can take it?": True,
        "Move to…": True,
        "Acknowledge": True,
        "Snooze": True,
        "Resolve": True,
    }
    menu.close()
    page.view.go_to(key(1))
    page.visit_actions.show_menu(screen)
    greyed = {action.text().partition("\t")[0] for action in menu.actions() if action.text() and not action.isEnabled()}
    assert greyed == {
        "Check in now",
        "Check-in link…",
        "Who can take it?",
        "Move to…",
        "Acknowledge",
        "Snooze",
        "Resolve",
    }
    menu.close()
    with qtbot.waitSignal(room.wishes.reassign) as wished:
        page.view.go_to(key(2))
        qtbot.keyClick(page.view, "W")
    assert wished.args == [key(2), None]


def test_carrying_a_visit_to_somebody_shows_the_cost_and_dropping_proposes_it(
    open_page: Open, qtbot: QtBot, room: DeskRoom
) -> None:
    asked: list[tuple[VisitKey, str, datetime]] = []

    async def weigh(visit: VisitKey, technician: Technician, at: datetime) -> Weighed:
        asked.append((visit, technician.name, at))
        return Weighed(technician=technician, arrival=days.at("10:52"), late=minutes(22), delays=(("J-1007", 12),))

    page = open_page(weigh=weigh)
    proposed: list[tuple[VisitKey, Technician]] = []
    room.wishes.reassign.connect(lambda *wanted: proposed.append(wanted))
    carry(qtbot, page, 3, row_of(page, "M. Lee"))
    moving = page.view.scene.moving
    assert moving is not None
    assert phrases.weighed_words(moving.weighed, OFFICE) == "…"
    qtbot.waitUntil(lambda: page.view.scene.moving is not None and page.view.scene.moving.weighed is not None)
    said = phrases.weighed_words(page.view.scene.moving.weighed, OFFICE)  # type: ignore[union-attr]
    assert said == "Arrives 10:52, 22 min late, J-1007 12 min later"
    assert asked == [(key(3), "M. Lee", NOW)]
    assert proposed == []
    qtbot.mouseRelease(page.view.viewport(), Qt.MouseButton.LeftButton, pos=row_of(page, "M. Lee"))
    assert proposed == [(key(3), days.technician(1))]
    assert page.view.scene.moving is None
    ortiz = next(day for day in page.view.days if day.who.name == "J. Ortiz")
    assert ortiz.block(key(3)) is not None


@pytest.mark.parametrize("end", ["escape", "own row", "tray", "gone"])
def test_letting_go_elsewhere_proposes_nothing(open_page: Open, qtbot: QtBot, room: DeskRoom, end: str) -> None:
    page = open_page()
    proposed: list[object] = []
    room.wishes.reassign.connect(lambda *wanted: proposed.append(wanted))
    target = {"own row": row_of(page, "J. Ortiz"), "tray": QPoint(600, 60)}.get(end, row_of(page, "M. Lee"))
    carry(qtbot, page, 3, target)
    if end == "escape":
        qtbot.keyClick(page.view, Qt.Key.Key_Escape)
    if end == "gone":
        put(page, [one for one in days.every_kind() if one.key != key(3)])
    qtbot.mouseRelease(page.view.viewport(), Qt.MouseButton.LeftButton, pos=target)
    assert proposed == []
    assert page.view.scene.moving is None


def test_from_the_tray_a_visit_can_be_given_to_somebody(open_page: Open, qtbot: QtBot, room: DeskRoom) -> None:
    page = open_page()
    carry(qtbot, page, 18, row_of(page, "M. Lee"))
    with qtbot.waitSignal(room.wishes.reassign) as wished:
        qtbot.mouseRelease(page.view.viewport(), Qt.MouseButton.LeftButton, pos=row_of(page, "M. Lee"))
    assert wished.args == [key(18), days.technician(1)]


def test_a_visit_that_has_begun_is_not_carried_but_the_day_is_pulled(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    page.view.zoom(3)
    page.view.show_now()
    left = page.view.scene.lens.left
    start = spot(page, 8)
    qtbot.mousePress(page.view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for step in (20, 60):
        qtbot.mouseMove(page.view.viewport(), start + QPoint(step, 0))
    assert page.view.scene.moving is None
    assert page.view.scene.lens.left < left
    qtbot.mouseRelease(page.view.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))


def test_by_keyboard_the_list_shows_everybody_with_his_cost(open_page: Open, qtbot: QtBot, room: DeskRoom) -> None:
    async def weigh(_visit: VisitKey, technician: Technician, _at: datetime) -> Weighed:
        able = technician.name != "A. Novak"
        return Weighed(
            technician=technician, arrival=days.at("10:30"), feasible=able, reason="" if able else "Off today."
        )

    page = open_page(weigh=weigh)
    page.view.go_to(key(3))
    qtbot.keyClick(page.view, "M")
    dialog = next(one for one in page.findChildren(MoveDialog) if one.isVisible())
    names = [dialog.people.item(number).text() for number in range(dialog.people.count())]
    assert "J. Ortiz" not in names
    assert names == sorted(names)
    spoken = Qt.ItemDataRole.AccessibleTextRole
    qtbot.waitUntil(lambda: "…" not in dialog.people.item(dialog.people.count() - 1).data(spoken))
    assert dialog.people.item(0).data(spoken) == "A. Novak: Off today."
    dialog.grab()
    qtbot.keyClicks(dialog.search, "lee")
    with qtbot.waitSignal(room.wishes.reassign) as wished:
        qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert wished.args == [key(3), days.technician(1)]


def test_costs_that_can_not_be_worked_out_stay_unknown(
    open_page: Open, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    async def weigh(_visit: VisitKey, technician: Technician, _at: datetime) -> Weighed:
        asked.append(technician.name)
        raise RuntimeError("the engine is gone")

    page = open_page(weigh=weigh)
    page.view.go_to(key(3))
    qtbot.keyClick(page.view, "M")
    dialog = next(one for one in page.findChildren(MoveDialog) if one.isVisible())
    qtbot.waitUntil(lambda: bool(asked) and not page._weigher._asking)
    assert asked == ["A. Novak"]
    assert "the engine is gone" in caplog.text
    assert dialog.people.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "A. Novak: …"
    dialog.reject()


def test_a_refresh_keeps_the_place_the_size_and_the_keyboard(open_page: Open) -> None:
    rows = list(days.full_day(60, 600))
    page = open_page(rows, ())
    view = page.view
    view.zoom(4)
    view.go_to(rows[300].key)
    view.scroll_rows(200)
    scene, top = view.scene, view.scene.stage.at(view.scene.stage.tray_bottom)
    before = (scene.lens.left, scene.lens.per_hour, scene.focus)
    late = replace(rows[59], standing=Standing.LATE)
    put(page, [late if one is rows[59] else one for one in rows[:-1]])
    again = scene.stage.at(scene.stage.tray_bottom)
    assert (scene.lens.left, scene.lens.per_hour, scene.focus) == before
    assert top is not None
    assert again is not None
    assert (again.day.identity, again.top) == (top.day.identity, top.top)


def test_rows_stay_where_they_are_while_the_hand_is_on_them(open_page: Open, qtbot: QtBot) -> None:
    rows = {one.key: one for one in days.every_kind()}
    page = open_page(rows.values())
    order = [day.identity for day in page.view.days]
    qtbot.mouseMove(page.view.viewport(), QPoint(500, 300))
    qtbot.mouseMove(page.view.viewport(), QPoint(505, 300))
    lindqvist = rows[key(22)]
    put(page, [replace(lindqvist, standing=Standing.LATE) if one is lindqvist else one for one in rows.values()])
    assert [day.identity for day in page.view.days] == order
    page.view.hand.leave()
    assert [day.identity for day in page.view.days] != order


def test_a_tick_moves_the_line_of_now_and_little_else(open_page: Open, qtbot: QtBot) -> None:
    page = open_page(days.full_day(60, 600), ())
    painted: list[int] = []
    view = page.view
    whole = view.viewport().width() * view.viewport().height()

    class Spy:
        def __init__(self, paints: Callable[..., None]) -> None:
            self._paints = paints

        def paint(self, painter: Any, dirty: Any) -> None:
            painted.append(dirty.width() * dirty.height())
            self._paints(painter, dirty)

        now_area = property(lambda _self: inner.now_area)

    QApplication.processEvents()
    inner = view._painter
    view._painter = Spy(inner.paint)  # type: ignore[assignment]
    for second in range(1, 25):
        page.tick(NOW + timedelta(seconds=second))
        QApplication.processEvents()
    assert sum(painted) < whole / 20
    painted.clear()
    page.tick(NOW + minutes(7))
    QApplication.processEvents()
    assert 0 < sum(painted) < whole / 3


def test_scrolling_leaves_the_same_picture_as_painting_all(open_page: Open, qtbot: QtBot) -> None:
    page = open_page([*days.full_day(60, 600), *days.every_kind()], days.people())
    page.view.zoom(4)
    for move in (
        lambda: page.view.scroll_rows(77),
        lambda: page.view.scroll_time(133),
        lambda: page.view.scroll_rows(-31),
        lambda: page.view.scroll_time(-59),
    ):
        move()
        QApplication.processEvents()
    shown = page.screen().grabWindow(page.winId()).toImage()
    assert shown.size() == page.size()
    place = page.view.viewport().geometry().translated(page.view.pos())
    assert shown.copy(place) == page.grab(place).toImage().convertToFormat(shown.format())


def test_the_wheel_scrolls_rows_hours_and_the_tray_and_zooms(open_page: Open) -> None:
    tray = [days.row(900 + number, days.at("11:00"), standing=Standing.UNASSIGNED, crew=()) for number in range(12)]
    page = open_page([*days.full_day(60, 600), *tray], ())
    view, scene, middle = page.view, page.view.scene, QPoint(700, 500)
    wheel(page, middle, -1)
    assert scene.stage.scrolled == 120
    assert scene.stage.tray_scrolled == 0
    wheel(page, QPoint(700, 60), -1)
    assert (scene.stage.scrolled, scene.stage.tray_scrolled) == (120, 120)
    under = scene.lens.instant(700 - scene.stage.measures.names)
    wheel(page, middle, 3, Qt.KeyboardModifier.ControlModifier)
    assert scene.lens.instant(700 - scene.stage.measures.names) == pytest.approx(under, abs=60)
    left = scene.lens.left
    wheel(page, middle, -1, Qt.KeyboardModifier.ShiftModifier)
    assert scene.lens.left > left
    view.fit()
    assert scene.lens.shown == pytest.approx(scene.lens.span)


def test_keys_zoom_and_find_now(open_page: Open, qtbot: QtBot) -> None:
    page = open_page(days.full_day(20, 200), ())
    lens = page.view.scene.lens
    before = lens.per_hour
    for _ in range(4):
        qtbot.keyClick(page.view, "+")
    assert lens.per_hour > before * 2
    qtbot.keyClick(page.view, Qt.Key.Key_Home)
    assert lens.left < NOW.timestamp() < lens.shown[1]
    qtbot.keyClick(page.view, "0")
    assert lens.fits
    assert lens.per_hour == pytest.approx(before)


def test_searching_narrows_the_rows_and_dims_the_rest(open_page: Open) -> None:
    page = open_page()
    page.search("kestrel")
    assert {day.who.name for day in page.view.days} == {"M. Lee", "A. Novak", "T. Dufresne"}
    assert page.view.scene.wanted == frozenset({key(5), key(13), key(21)})
    page.search("tech:adeyemi")
    assert [day.who.name for day in page.view.days] == ["P. Adeyemi"]
    page.search("nothing like it")
    assert page.view.days == []
    assert page._empty.isVisible()
    page.search("")
    assert page.view.scene.wanted is None
    assert not page._empty.isVisible()


def test_the_order_can_be_chosen_and_is_kept(open_page: Open, qtbot: QtBot, tmp_path: Any) -> None:
    from dispatchwatch.desktop.preferences import Preferences
    from dispatchwatch.desktop.timeline.keeping import ORDER

    page, preferences = open_page(), Preferences(tmp_path)
    page.remember(preferences)
    assert page.view.days[1].who.name == "J. Ortiz"
    qtbot.mouseClick(page.bar._orders[Order.BY_NAME], Qt.MouseButton.LeftButton)
    assert page.view.days[1].who.name == "A. Novak"
    assert preferences.get(ORDER) is Order.BY_NAME


@pytest.mark.parametrize(
    ("rows", "people"),
    [((), ()), ((days.row(1, days.at("10:00")),), ()), ((), days.people())],
    ids=["nothing", "one visit", "people only"],
)
def test_little_or_nothing_can_be_shown(open_page: Open, qtbot: QtBot, rows: Any, people: Any) -> None:
    page = open_page(rows, people)
    assert page._empty.isVisible() is (not rows and not people)
    for letter in ("M", "A", "S", "C"):
        qtbot.keyClick(page.view, letter)
    for move in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Return):
        qtbot.keyClick(page.view, move)
    page.grab()
    assert page.view.accessibleName()


def test_a_tooltip_tells_all_in_words(open_page: Open) -> None:
    page = open_page()
    ortiz = next(day for day in page.view.days if day.who.name == "J. Ortiz")
    block = ortiz.block(key(2))
    assert block is not None
    assert phrases.tooltip(block, NOW.timestamp(), OFFICE).splitlines() == [
        "J-1002 · Annual inspection",
        "Lakeside Dairy Cooperative, Cold store",
        "20 min late",
        "Planned 09:00–10:00",
        "Promised between 08:30 and 09:00",
        "Expected 09:48, done by 10:48",
        "18 min drive from where he is before",
        "Told ops-slack ✓.",
    ]


def test_now_outrunning_the_hours_shows_more_of_them(open_page: Open) -> None:
    page = open_page((days.row(1, days.at("10:00")),), ())
    end = page.view.scene.lens.span[1]
    later = datetime.fromtimestamp(end + 60, tz=NOW.tzinfo)
    heard: list[bool] = []
    page.view.outrun.connect(lambda: heard.append(True))
    page.tick(later)
    assert heard == [True]


def test_the_window_leads_to_it_and_it_meets_the_technicians(
    open_window: Callable[[int], Opened], qtbot: QtBot
) -> None:
    window, engine = open_window(40)
    engine.people = days.people()
    window.go(phrases.TIMELINE)
    page = window.findChild(TimelinePage)
    assert page is not None
    qtbot.waitUntil(lambda: any(day.who.name == "P. Adeyemi" and day.who.shifts == () for day in page.view.days))
    assert isinstance(page.view, TimelineArea)
    late = next(one for one in engine.rows.values() if one.standing is Standing.LATE)
    engine.publish_rows([replace(late, standing=Standing.CANCELLED)])
    page.view.go_to(next(block.key for day in page.view.days for block in day.blocks if awaits_arrival(block.row)))
    qtbot.keyClick(page.view, "M")
    dialog = next(one for one in page.findChildren(MoveDialog) if one.isVisible())
    spoken = Qt.ItemDataRole.AccessibleTextRole
    qtbot.waitUntil(lambda: dialog.people.item(0).data(spoken).endswith("has not been weighed."))
    dialog.reject()
    qtbot.waitUntil(
        lambda: any(
            block.key == late.key and block.row.standing is Standing.CANCELLED
            for day in page.view.days
            for block in day.blocks
        )
    )
