# mypy: disable-error-code="no-untyped-call"
"""Feeds in the window: the desk beside what the office has set up, and word that can't come in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from pytestqt.qtbot import QtBot

from dispatchwatch.app.events import StatusChanged, ToastWanted
from dispatchwatch.desktop import feed_phrases, phrases, texts
from dispatchwatch.desktop.board.filter import Facet
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.feeds.page import FeedsPage
from dispatchwatch.desktop.main_window import MainWindow
from dispatchwatch.domain.alert import Severity
from dispatchwatch.intake.desk_feed import DESK
from tests.desktop import pictures
from tests.desktop.conftest import Opened
from tests.desktop.pictures import NOW, minutes
from tests.fakes.office import visit

Open = Callable[[int], Opened]
TODAY = pictures.feeds(40)[0]
LONG = "/srv/exports/a_name_that_goes_on_and_on_and_on_and_on_without_a_single_space_in_it_until_the_end.csv"


@pytest.fixture
def page(open_window: Open) -> FeedsPage:
    window, _ = open_window(40)
    window.go(texts.FEEDS)
    return window.feeds


def status(*feeds: str) -> StatusChanged:
    lines = [replace(TODAY, name=name) for name in feeds]
    return StatusChanged((*lines, pictures.desk(2)), (), None, None)


def test_the_header_speaks_of_what_the_office_has_set_up(room: DeskRoom, qtbot: QtBot) -> None:
    window = MainWindow(room)
    qtbot.addWidget(window)
    window.header.show_status(status("today"), None)
    assert window.header._feed_pill.text() == "feed 12 s ✓"
    window.header.show_status(status(), None)
    assert window.header._feed_pill.text() == "no feed"


def test_an_office_without_a_feed_is_still_told_what_to_do(page: FeedsPage) -> None:
    page.show_feeds((pictures.desk(),))
    page._model.show_problems(())
    page._show_empty()
    assert page._empty._title.text() == texts.NO_FEEDS[0]
    assert feed_phrases.board_empty(feed_phrases.set_up((pictures.desk(),)), NOW, filtered=False) == texts.NO_FEEDS


def test_the_desk_says_how_many_visits_were_typed(page: FeedsPage, qtbot: QtBot) -> None:
    page.show_feeds((TODAY, pictures.desk(2)))
    desk = page._cards[DESK]
    assert (desk.accessibleName(), desk._figures.text()) == ("Typed at the desk", "2 visits")
    assert "every" not in desk._age.text()
    desk.click()
    assert page._title.text() == "Typed at the desk"
    qtbot.waitUntil(lambda: page._empty._title.text() == texts.NOTHING_TO_READ[0])
    page.show_feeds((TODAY, pictures.desk(0)))
    assert desk._figures.text() == "No visit typed"


@pytest.mark.parametrize(
    ("kind", "word"), [("csv", "CSV files"), ("caldav", "Calendar on a server"), ("json", "Web service"), ("", "")]
)
def test_a_card_says_what_kind_of_feed_it_is(page: FeedsPage, kind: str, word: str) -> None:
    page.show_feeds((replace(TODAY, kind=kind),))
    card = page._cards["today"]
    assert card._kind.text() == word
    assert card._kind_mark.isHidden() is not bool(word)


def test_a_webhook_waits_for_events(page: FeedsPage) -> None:
    page.show_feeds((replace(TODAY, name="hook", kind="webhook", visits=0, bad_rows=0),))
    card = page._cards["hook"]
    assert card._age.text() == "Waits for events; last looked 12 s ago"
    assert card._figures.text() == "No visits of its own"


def test_a_long_path_in_an_error_is_broken_into_lines(page: FeedsPage, room: DeskRoom) -> None:
    page.show_feeds((replace(TODAY, fresh=False, problem=f"{LONG} is not there. Check the path."),))
    problem = page._cards["today"]._problem
    assert problem.text().replace("\u200b", "") == f"{LONG} is not there. Check the path."
    room_there = QRect(0, 0, room.theme.px(300), 1000)
    taken = problem.fontMetrics().boundingRect(room_there, Qt.TextFlag.TextWordWrap, problem.text())
    assert taken.width() <= room_there.width()
    assert feed_phrases.breakable("Check the path, and whether the export ran.") == (
        "Check the path, and whether the export ran."
    )


def test_cards_in_one_line_are_equally_high(page: FeedsPage, qtbot: QtBot) -> None:
    page.show_feeds((TODAY, replace(TODAY, name="other", problem=f"{LONG} is not there."), pictures.desk()))
    qtbot.waitUntil(lambda: len({card.height() for card in list(page._cards.values())[:2]}) == 1)
    assert len({card.y() for card in list(page._cards.values())[:2]}) == 1


def test_a_fault_is_there_until_it_is_over(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    pill = window.header._fault_pill
    assert not pill.isVisible()
    engine.publish_faults("Telegram does not know the bot’s token. Get it from @BotFather again.")
    qtbot.waitUntil(pill.isVisible)
    assert pill.text() == "1 fault"
    assert "@BotFather" in pill.accessibleName()
    qtbot.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert window.feeds._faults.isVisible()
    assert "@BotFather" in window.feeds._faults.said.text()
    engine.publish_faults()
    qtbot.waitUntil(lambda: not pill.isVisible())
    assert not window.feeds._faults.isVisible()


def test_a_toast_about_no_alert_has_nothing_to_acknowledge(open_window: Open) -> None:
    window, _ = open_window(5)
    window.notice.toast(ToastWanted("Word from outside can’t come in", "Port 8460 is taken.", Severity.WARNING, ()))
    assert window.notice.isVisible()
    assert not window.notice._acknowledge.isVisible()
    window.notice.keep_only(lambda _: False)
    assert window.notice.isVisible()


def test_the_board_can_show_only_what_was_typed(open_window: Open, qtbot: QtBot) -> None:
    window, engine = open_window(40)
    row = next(iter(engine.rows.values()))
    typed = replace(row.visit, feed=DESK, ext_id="D-1")
    engine.publish_rows([replace(row, key=typed.key, visit=typed, deadline=NOW + minutes(30))])
    qtbot.waitUntil(lambda: window.board.model.line_of(typed.key) is not None)
    window.board.arranging.toggle((Facet.FEED, DESK))
    assert window.board.model.rowCount() == 1
    window.board.arranging.toggle((Facet.FEED, DESK))
    assert window.board.model.rowCount() == 41


def test_a_source_that_does_not_say_who_goes_is_not_taken_for_nobody() -> None:
    named = visit("J-1")
    nobody = replace(named, technicians=())
    assert phrases.crew(named) == "J. Ortiz"
    assert phrases.crew(nobody) == "Nobody assigned"
    assert phrases.crew(replace(nobody, crew_untold=True)) == "Not said who goes"
