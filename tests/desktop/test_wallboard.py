"""The wallboard: what it says from five metres, and that an old picture never looks alive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dispatchwatch.app.events import StatusChanged
from dispatchwatch.app.view import FeedLine
from dispatchwatch.desktop.bridge import BoardPiece
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.tokens import DARK
from dispatchwatch.desktop.wallboard.door import SCREEN, WallboardDoor
from dispatchwatch.desktop.wallboard.face import WallboardFace
from dispatchwatch.desktop.wallboard.face_data import face, freshness
from dispatchwatch.domain.standing import Standing
from tests.desktop import pictures
from tests.desktop.keyboard import give_keyboard

WARNING = QColor(DARK.late)


@pytest.fixture
def wall(room: DeskRoom, qapp: QApplication, qtbot: QtBot) -> WallboardFace:
    made = WallboardFace(room, qapp)
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.show()
    return made


def tell(room: DeskRoom, count: int, feeds: tuple[FeedLine, ...] | None = None) -> None:
    rows = pictures.rows(count)
    room.bridge.board_changed.emit(BoardPiece(rows=rows, removed=(), replaces_all=True, first=True, last=True))
    known = pictures.feeds(count) if feeds is None else feeds
    room.bridge.status_changed.emit(
        StatusChanged(feeds=known, lanes=pictures.lanes(), next_deadline=None, next_visit=None)
    )


def warned(wall: WallboardFace) -> bool:
    """Whether the band that says "old" is across the screen."""
    image = wall.grab().toImage()
    return image.pixelColor(image.width() - 5, round(image.height() * 0.16)) == WARNING


def test_the_most_urgent_come_first_and_the_rest_is_counted() -> None:
    rows = pictures.rows(200)
    shown = face(rows, 5)
    assert [row.standing for row in shown.rows] == [Standing.LATE] * 5
    late = sum(row.standing is Standing.LATE for row in rows)
    assert shown.more == f"and {late - 5} more late visits"
    assert shown.counts[Standing.LATE] == late


def test_what_is_over_takes_no_row() -> None:
    over = {Standing.DONE, Standing.CANCELLED, Standing.GONE, Standing.ON_SITE}
    assert not {row.standing for row in face(pictures.rows(200), 500).rows} & over
    assert face(pictures.rows(5), 500).more == ""


def test_an_old_reading_is_said_to_be_old() -> None:
    feeds = pictures.feeds(20)
    read = min(feed.last_good_at for feed in feeds if feed.last_good_at)
    fresh = freshness(feeds, read + timedelta(seconds=12), pictures.OFFICE)
    assert (fresh.text, fresh.is_old) == ("Schedule read 12 s ago", False)
    old = freshness(feeds, read + timedelta(minutes=23), pictures.OFFICE)
    assert old.is_old
    assert "23 min ago. What is shown may be wrong" in old.text


@pytest.mark.parametrize(
    ("feeds", "words"),
    [
        ((), "No schedule is set up"),
        ((pictures.desk(),), "No schedule is set up"),
        ((replace(pictures.feeds(1)[0], last_good_at=None),), "The schedule has not been read yet"),
        ((replace(pictures.feeds(1)[0], fresh=False),), "OLD"),
    ],
)
def test_without_a_reading_nothing_looks_alive(feeds: tuple[FeedLine, ...], words: str) -> None:
    told = freshness(feeds, pictures.NOW, pictures.OFFICE)
    assert told.is_old
    assert words in told.text


def test_time_alone_makes_it_old(wall: WallboardFace, room: DeskRoom) -> None:
    """An engine that says nothing any more leaves no picture that looks alive."""
    tell(room, 20)
    wall.tick(pictures.NOW)
    assert not warned(wall)
    wall.tick(pictures.NOW + timedelta(minutes=40))
    assert warned(wall)


def test_a_screen_reader_hears_it_all(wall: WallboardFace, room: DeskRoom) -> None:
    tell(room, 20)
    wall.tick(pictures.NOW)
    assert wall.accessibleName().startswith("Schedule read 12 s ago. 4 late, 5 soon")
    assert "J. Ortiz at Acme Foundry" in wall.accessibleName()


def test_more_rows_fit_on_a_larger_screen_only_where_letters_stay_as_large(wall: WallboardFace) -> None:
    fits = wall.fits
    wall.resize(2560, 1440)
    assert wall.fits == fits
    wall.resize(1280, 1440)
    assert wall.fits > fits


@pytest.fixture
def door(room: DeskRoom, qapp: QApplication, tmp_path: Path) -> Iterator[WallboardDoor]:
    made = WallboardDoor(room, qapp, Preferences(tmp_path))
    yield made
    if made.window is not None:
        made.window.close()


def test_it_opens_and_esc_closes_it(door: WallboardDoor, room: DeskRoom, qtbot: QtBot) -> None:
    room.wishes.wallboard.emit()
    window = door.window
    assert window is not None
    assert window.isFullScreen()
    assert window.clock.now() == pictures.NOW
    give_keyboard(window, qtbot)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert door.window is None


def test_asked_for_again_it_closes(door: WallboardDoor, room: DeskRoom) -> None:
    room.wishes.wallboard.emit()
    room.wishes.wallboard.emit()
    assert door.window is None


def test_a_screen_that_is_gone_is_replaced_by_the_main_one(room: DeskRoom, qapp: QApplication, tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    preferences.choose(SCREEN, "the one that was sold")
    door = WallboardDoor(room, qapp, preferences)
    door.turn()
    assert door.window is not None
    assert door.window.screen() is qapp.primaryScreen()
    door.turn()
