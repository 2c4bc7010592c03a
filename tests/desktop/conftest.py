"""What every test of the window needs: Qt without a screen, a loop that runs under it, and an engine that pretends."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import PySide6  # noqa: F401 - before qasync
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from qasync import QEventLoop

from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.bridge import Bridge
from dispatchwatch.desktop.deeds import Deeds
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.main_window import MainWindow
from dispatchwatch.desktop.my_snoozes import MySnoozes
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.people import People
from dispatchwatch.desktop.picture import Picture
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.tasks import Tasks
from dispatchwatch.desktop.theme import Scheme, Theme
from dispatchwatch.desktop.wishes import Wishes
from tests.desktop import pictures
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.keyboard import give_keyboard
from tests.fakes.keyring_box import KeyringBox

RESOURCES = Path(__file__).parents[2] / "resources"
Opened = tuple[MainWindow, FakeEngine]


def pytest_configure(config: pytest.Config) -> None:
    # What the platform without a screen says of windows and trays; the real ones don't.
    config.addinivalue_line("qt_log_ignore", "This plugin does not support")
    config.addinivalue_line("qt_log_ignore", "No such signal QPlatformNativeInterface::systemTrayWindowChanged")


@pytest.fixture(scope="session", autouse=True)
def named(qapp: QApplication) -> None:
    """As `run_window` names it; without a name Qt warns of badges."""
    qapp.setDesktopFileName("dispatchwatch")


@pytest.fixture(scope="session")
def loops() -> list[QEventLoop]:
    """All that were made. Their Qt timers outlive a test, and as garbage one could end on the thread of an engine,
    where Qt can’t stop it and later calls what is no longer there."""
    return []


@pytest.fixture
def loop(qapp: QApplication, loops: list[QEventLoop]) -> Iterator[asyncio.AbstractEventLoop]:
    """asyncio on the Qt loop that pytest-qt turns by hand; so it counts as running throughout the test."""
    made = QEventLoop(qapp, already_running=True)
    loops.append(made)
    yield made
    # Its own `stop` ends the application, and with it every later loop of pytest-qt.
    made._QEventLoop__is_running = False
    asyncio.events._set_running_loop(None)
    made.close()


@pytest.fixture(scope="session", autouse=True)
def no_bus_for_qt() -> None:
    """Qt keeps to the first session bus it meets, and complains for ever once that of a test is gone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        QDBusConnection.sessionBus()


@pytest.fixture
def problems() -> list[BaseException]:
    return []


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    made = Theme(qapp)
    made.scheme = Scheme.LIGHT
    made.apply()
    return made


@pytest.fixture
def assets(theme: Theme) -> Assets:
    return Assets(RESOURCES, theme)


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path)


@pytest.fixture
def keyring() -> KeyringBox:
    return KeyringBox()


@pytest.fixture
def files(tmp_path: Path, keyring: KeyringBox) -> OfficeFiles:
    """An office that has set nothing yet."""
    secrets = SecretSource({}, tmp_path, lambda: keyring)
    return OfficeFiles(tmp_path / "dispatchwatch.toml", secrets, tmp_path / "dispatchwatch.sqlite")


@pytest.fixture
def room(
    loop: asyncio.AbstractEventLoop,
    theme: Theme,
    assets: Assets,
    problems: list[BaseException],
    preferences: Preferences,
    files: OfficeFiles,
    qtbot: QtBot,
) -> Iterator[DeskRoom]:
    bridge, tasks = Bridge(), Tasks(loop, problems.append)
    people = People("Ana Ruiz", preferences)
    yield DeskRoom(
        theme=theme,
        assets=assets,
        bridge=bridge,
        picture=Picture(bridge),
        wishes=Wishes(),
        deeds=Deeds(bridge, tasks, people),
        tasks=tasks,
        now=lambda: pictures.NOW,
        office_name="Northside",
        timezone=pictures.OFFICE,
        people=people,
        snoozes=MySnoozes(people, preferences, lambda: pictures.NOW),
        preferences=preferences,
        files=files,
    )
    bridge.shut()
    ending = loop.create_task(tasks.end())
    qtbot.waitUntil(ending.done)
    assert problems == []


@pytest.fixture
def open_window(room: DeskRoom, qtbot: QtBot) -> Iterator[Callable[[int], Opened]]:
    """Opens the window on so many visits, and waits until they stand on the board."""
    opened: list[Opened] = []

    def open_one(count: int) -> Opened:
        engine = FakeEngine(count)
        engine.start()
        window = MainWindow(room)
        opened.append((window, engine))
        room.bridge.meet(engine)
        window.show()
        room.tasks.spawn(room.bridge.ask(lambda one: one.show_everything()))
        qtbot.waitUntil(lambda: window.board.known and window.board.model.rowCount() == count)
        qtbot.waitUntil(lambda: window.header._status is not None)
        give_keyboard(window, qtbot)
        return window, engine

    yield open_one
    room.bridge.shut()
    ending = asyncio.get_running_loop().create_task(room.tasks.end())
    qtbot.waitUntil(ending.done)
    for window, engine in opened:
        window.close_for_good()
        engine.stop()
        window.deleteLater()
