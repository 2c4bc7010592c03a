from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.leaving import Leaving, Question
from dispatchwatch.desktop.main_window import MainWindow
from dispatchwatch.desktop.open_alerts import OpenAlerts
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.single_instance import SingleInstance, socket_name
from dispatchwatch.desktop.theme import Density, Scheme, Theme
from dispatchwatch.desktop.tray import Tray
from tests.desktop.conftest import Opened


class PretendTray(Tray):
    """A tray whose presence the test decides; the offscreen platform has none."""

    is_there = True

    @property
    def present(self) -> bool:
        return self.is_there


@pytest.fixture
def leave(
    open_window: Callable[[int], Opened], room: DeskRoom, qapp: QApplication, tmp_path: Path
) -> Callable[[bool], tuple[MainWindow, Leaving]]:
    def made(there: bool) -> tuple[MainWindow, Leaving]:
        window, _ = open_window(5)
        alerts = OpenAlerts(room.bridge, room.now, window)
        tray = PretendTray(qapp, room.assets, alerts, window, now=room.now, available=lambda: there)
        tray.is_there = there
        return window, Leaving(window, tray, Preferences(tmp_path))

    return made


def test_with_a_tray_closing_hides(leave: Callable[[bool], tuple[MainWindow, Leaving]], tmp_path: Path) -> None:
    window, _ = leave(True)
    window.close()
    assert not window.isVisible()
    assert Preferences(tmp_path).tray_explained


def test_without_a_tray_closing_asks_and_stays(
    leave: Callable[[bool], tuple[MainWindow, Leaving]], qtbot: QtBot
) -> None:
    window, leaving = leave(False)
    window.close()
    assert window.isVisible()
    question = window.findChild(Question)
    assert question is not None
    with qtbot.assertNotEmitted(leaving.quit_wanted):
        question.reject()
    window.close()
    question = next(one for one in window.findChildren(Question) if one.isVisible())
    with qtbot.waitSignal(leaving.quit_wanted):
        question.accept()


@pytest.mark.process
def test_a_second_start_raises_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    """In a process of its own: waiting for the answer, Qt holds Python's lock."""
    first = SingleInstance(tmp_path)
    assert first.claim()
    asking = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from dispatchwatch.desktop.single_instance import SingleInstance;"
        "application = QCoreApplication([]);"
        "sys.exit(0 if not SingleInstance(Path(sys.argv[1])).claim() else 3)"
    )
    with qtbot.waitSignal(first.raise_wanted, timeout=10_000):
        second = subprocess.Popen([sys.executable, "-c", asking, str(tmp_path)])
    assert second.wait(10) == 0
    first.release()


def test_a_socket_left_behind_is_no_obstacle(qtbot: QtBot, tmp_path: Path) -> None:
    stale = Path("/tmp") / socket_name(tmp_path)  # noqa: S108 - where Qt puts it
    stale.touch()
    instance = SingleInstance(tmp_path)
    assert instance.claim()
    assert instance._server.isListening()
    instance.release()


def test_folders_have_sockets_of_their_own(tmp_path: Path) -> None:
    assert socket_name(tmp_path) != socket_name(tmp_path / "other")
    assert socket_name(tmp_path) == socket_name(tmp_path / "other" / "..")


def test_choices_are_kept(tmp_path: Path, theme: Theme) -> None:
    theme.scheme, theme.density, theme.scale = Scheme.DARK, Density.COMPACT, 1.5
    kept = Preferences(tmp_path)
    kept.keep_look(theme)
    theme.scheme, theme.density, theme.scale = Scheme.LIGHT, Density.COMFORTABLE, 1.0
    again = Preferences(tmp_path)
    again.dress(theme)
    assert (theme.scheme, theme.density, theme.scale) == (Scheme.DARK, Density.COMPACT, 1.5)
    theme.scheme, theme.density, theme.scale = Scheme.LIGHT, Density.COMFORTABLE, 1.0
