# mypy: disable-error-code="no-untyped-call"
"""The page of a visit: all that is known, its story in order, the ways out of it, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from dispatchwatch.app.view import StoryKind, StoryLine
from dispatchwatch.desktop import texts, visit_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.visit.facts import facts
from dispatchwatch.desktop.visit.pane import VisitPane
from dispatchwatch.desktop.visit.story import Event
from dispatchwatch.domain.soundness import BY_DESK
from dispatchwatch.domain.visit import Site, Technician, VisitKey
from tests.desktop import pictures
from tests.desktop.conftest import Opened
from tests.desktop.pictures import NOW, minutes

Open = Callable[[int], Opened]


@pytest.fixture
def opened(open_window: Open, qtbot: QtBot) -> tuple[Opened, VisitPane, VisitKey]:
    """The page of a visit whose alert could not be told to the pager."""
    window, engine = open_window(40)
    row = next(row for row in engine.rows.values() if row.alert_id == 3)
    window.show_visit(row.key)
    qtbot.waitUntil(lambda: window.visit._record._page is not None)
    return (window, engine), window.visit, row.key


def said(pane: VisitPane) -> list[str]:
    return [one.text() for one in pane._record.findChildren(QLabel) if one.text()]


def link(pane: VisitPane, text: str) -> QAbstractButton:
    return next(one for one in pane.ways.findChildren(QAbstractButton) if one.text() == text and not one.isHidden())


def test_the_story_stands_in_order_with_a_picture_for_each_event(
    opened: tuple[Opened, VisitPane, VisitKey],
) -> None:
    _, pane, _ = opened
    events = [one.accessibleName() for one in pane._record.findChildren(Event)]
    assert events[0] == "04:35 First seen in the schedule, planned for Tue 24 Nov 09:00 CST"
    assert events == sorted(events)
    assert len(events) == 9
    assert set(visit_phrases.STORY_MARKS) == set(StoryKind)


def test_every_picture_is_there(room: DeskRoom) -> None:
    assert not [icon for icon in visit_phrases.STORY_MARKS.values() if icon not in room.assets._sources]


@pytest.mark.parametrize(
    ("by", "text", "kind", "shown"),
    [
        ("rule", "late", StoryKind.RAISED, ""),
        ("desk: Ana", "Note: here", StoryKind.NOTED, "Ana, at the desk"),
        ("today.csv", "moved", StoryKind.MOVED, "today.csv"),
        ("Ana", "Acknowledged by Ana", StoryKind.ACKNOWLEDGED, ""),
        ("slack", "ops told", StoryKind.TOLD, ""),
    ],
)
def test_who_told_of_an_event_is_said_once(by: str, text: str, kind: StoryKind, shown: str) -> None:
    assert visit_phrases.told_by(StoryLine(at=NOW, text=text, by=by, kind=kind)) == shown


def test_a_failed_message_is_sent_again_from_here(opened: tuple[Opened, VisitPane, VisitKey], qtbot: QtBot) -> None:
    (_, engine), pane, _ = opened
    failed = next(line for line in engine.deliveries.values() if line.alert_id == 3 and line.state == "failed")
    again = next(one for one in pane._record.findChildren(QAbstractButton) if one.text() == texts.RESEND)
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: engine.deliveries[failed.id].state == "waiting")


def test_who_can_take_it_is_asked_by_button_and_by_key(
    opened: tuple[Opened, VisitPane, VisitKey], room: DeskRoom, qtbot: QtBot
) -> None:
    _, pane, key = opened
    with qtbot.waitSignal(room.wishes.reassign) as asked:
        qtbot.mouseClick(pane._reassign, Qt.MouseButton.LeftButton)
    assert asked.args == [key, None]
    pane._reassign.setFocus()
    with qtbot.waitSignal(room.wishes.reassign):
        qtbot.keyClick(pane._reassign, Qt.Key.Key_W)


def test_calls_and_maps_are_left_to_the_computer(opened: tuple[Opened, VisitPane, VisitKey], qtbot: QtBot) -> None:
    _, pane, _ = opened
    asked: list[str] = []

    def take(url: QUrl) -> bool:
        asked.append(url.toString())
        return True

    pane.ways.open_url = take
    for text in ("Call S. Whitfield-Okonkwo", visit_phrases.ON_MAP):
        qtbot.mouseClick(link(pane, text), Qt.MouseButton.LeftButton)
    assert asked[0] == "tel:+13125550142"
    assert asked[1].startswith("https://www.openstreetmap.org/search?query=14")


def test_a_number_nothing_can_dial_is_copied_and_that_is_said(
    opened: tuple[Opened, VisitPane, VisitKey], qtbot: QtBot
) -> None:
    (window, _), pane, _ = opened
    pane.ways.open_url = lambda _url: False
    qtbot.mouseClick(link(pane, "Call S. Whitfield-Okonkwo"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "+1 312 555 0142"
    assert "+1 312 555 0142" in window.notice.text


def test_the_whole_page_is_copied_as_text(opened: tuple[Opened, VisitPane, VisitKey], qtbot: QtBot) -> None:
    _, pane, _ = opened
    qtbot.mouseClick(link(pane, visit_phrases.COPY_AS_TEXT), Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert text.startswith(
        "J-1044 – Lakeside Dairy Cooperative – Cold store\n\nCheck-in deadline: Tue 24 Nov 08:57 CST"
    )
    assert "- Tue 24 Nov 09:28 CST  Note: ETA 10:05, the customer knows (Ana Ruiz, at the desk)" in text


def test_visits_before_are_listed(opened: tuple[Opened, VisitPane, VisitKey]) -> None:
    _, pane, _ = opened
    assert visit_phrases.BEFORE in said(pane)
    assert any("J-1050" in text and "completed" in text for text in said(pane))


def test_a_site_in_another_zone_says_so(room: DeskRoom) -> None:
    one = pictures.rows(40)[0].visit
    assert visit_phrases.zone_hint(one, pictures.OFFICE, NOW) == ""
    east = replace(one, site=replace(one.site, timezone="America/New_York"))
    hint = visit_phrases.zone_hint(east, pictures.OFFICE, NOW)
    assert hint == "Times are those of the site: 1 h ahead of the office. It is 10:35 EST there now."
    half = replace(one, site=Site(timezone="Asia/Kolkata"))
    assert "11 h 30 min ahead" in visit_phrases.zone_hint(half, pictures.OFFICE, NOW)


def test_facts_tell_how_the_arrival_is_known_and_what_is_needed() -> None:
    row = pictures.rows(40)[0]
    crew = (Technician("A. Novak", "T-1", "+1 312 1"), Technician("B. Lee", "T-2"))
    arrived = replace(row.visit, arrived_at=NOW, checkin_method=BY_DESK, skills=("dryer", "oil"), technicians=crew)
    page = pictures.page(replace(row, visit=arrived), (), ())
    known = dict(facts(page))
    assert known["How we know"] == "Somebody at the desk entered the arrival."
    assert known["Skills needed"] == "dryer, oil"
    assert known["Technician"] == "A. Novak  +1\u00a0312\u00a01\nB. Lee"
    assert "How we know" not in dict(facts(pictures.page(row, (), ())))


def test_an_engine_that_does_not_answer_is_admitted(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)

    async def fails(_key: VisitKey) -> None:
        raise RuntimeError("the disk is gone")

    engine.visit_page = fails  # type: ignore[method-assign,assignment]
    window.show_visit(window.board.model.key_at(0))
    qtbot.waitUntil(lambda: any("the disk is gone" in text for text in said(window.visit)))


def test_an_event_of_another_day_begins_with_its_day() -> None:
    assert visit_phrases.day(NOW - timedelta(days=1), pictures.OFFICE) == "Monday 23 November"
    assert visit_phrases.event_time(NOW + minutes(1), pictures.OFFICE) == "09:36"
