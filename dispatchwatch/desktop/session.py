"""One evening at the desk: everything the window consists of, from opening to closing."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from dispatchwatch.app.engine_room import EngineRoom
from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.bridge import Bridge
from dispatchwatch.desktop.deeds import Deeds
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.last_resort import LastResort
from dispatchwatch.desktop.leaving import Leaving
from dispatchwatch.desktop.main_window import LEAST, MainWindow
from dispatchwatch.desktop.memory import QuietMemory
from dispatchwatch.desktop.picture import Picture
from dispatchwatch.desktop.placement import on_a_screen
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.screenshots import NothingToShow, take_all
from dispatchwatch.desktop.signals import QuitSignals
from dispatchwatch.desktop.single_instance import SingleInstance
from dispatchwatch.desktop.sounds import Sounds
from dispatchwatch.desktop.tasks import Tasks, aside
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.toasts import PlyerBackend, Toaster, TrayBackend, WindowBackend
from dispatchwatch.desktop.tray import Tray
from dispatchwatch.desktop.wishes import Wishes

logger = logging.getLogger(__name__)

FIRST_SIZE = (1440, 900)


class Startable(EngineRoom, Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where and for whom the window opens. `timezone` is the office's, `user` signs what is done."""

    resources: Path
    data: Path
    office_name: str
    timezone: str
    user: str
    title_suffix: str
    now: Callable[[], datetime]


class Session:
    def __init__(
        self, application: QApplication, instance: SingleInstance, last_resort: LastResort, setting: Setting
    ) -> None:
        self._application = application
        self._instance = instance
        self._last_resort = last_resort
        self._setting = setting
        self._preferences = Preferences(setting.data)
        self._over = asyncio.Event()
        self._status = 0

    async def run(
        self, loop: asyncio.AbstractEventLoop, make_engine: Callable[[], Startable], screenshots: Path | None
    ) -> int:
        """From the first window to the last. The window is on the screen before the engine is up."""
        self._last_resort.install(loop)
        signals = QuitSignals(self.quit)
        self._tasks = Tasks(loop, self._last_resort.report)
        self._build()
        self._open(screenshots)
        engine: Startable | None = None
        try:
            engine = await aside(_started, make_engine)
            self._bridge.meet(engine)
            await self._bridge.ask(lambda room: room.show_everything())
            self._memory.start()
            if screenshots is not None:
                self._tasks.spawn(self._take_screenshots(screenshots))
            await self._over.wait()
        except Exception as problem:  # noqa: BLE001 - without its engine the window must still say why
            await self._say_why(problem, screenshots)
        finally:
            await self._close(engine)
            signals.remove()
            self._last_resort.remove()
        return self._status

    def quit(self) -> None:
        self._over.set()

    def _build(self) -> None:
        setting = self._setting
        self._theme = Theme(self._application)
        self._preferences.dress(self._theme)
        self._assets = Assets(setting.resources, self._theme)
        self._theme.apply()
        self._application.setWindowIcon(self._assets.program_icon())
        self._bridge = Bridge()
        room = DeskRoom(
            theme=self._theme,
            assets=self._assets,
            bridge=self._bridge,
            picture=Picture(self._bridge),
            wishes=Wishes(),
            deeds=Deeds(self._bridge, self._tasks, setting.user),
            tasks=self._tasks,
            now=setting.now,
            office_name=setting.office_name,
            timezone=setting.timezone,
            user=setting.user,
        )
        self._window = MainWindow(room, setting.title_suffix)
        self._last_resort.window = self._window
        self._memory = QuietMemory(self._window)
        self._tray = Tray(self._application, self._theme, self._assets, self._window)
        self._leaving = Leaving(self._window, self._tray, self._preferences)
        self._sounds = Sounds(self._assets.sounds, self._tasks, self._application.beep)
        ways = (PlyerBackend(), TrayBackend(self._tray), WindowBackend(self._window.notice.toast))
        self._toaster = Toaster(ways, self._bridge)
        self._wire()

    def _wire(self) -> None:
        window = self._window
        self._sounds.muted = self._preferences.muted
        window.header.show_muted(self._preferences.muted)
        window.muted.connect(self._mute)
        window.dressed.connect(lambda: self._preferences.keep_look(self._theme))
        window.alerts.counted.connect(lambda counts: self._tray.show_count(counts["open"]))
        self._instance.raise_wanted.connect(window.bring_up)
        self._tray.open_wanted.connect(window.bring_up)
        self._tray.quit_wanted.connect(self.quit)
        self._leaving.quit_wanted.connect(self.quit)

    def _open(self, screenshots: Path | None) -> None:
        window = self._window
        if screenshots is not None or not window.restoreGeometry(self._preferences.geometry):
            window.resize(*FIRST_SIZE)
        screens = [screen.availableGeometry() for screen in self._application.screens()]
        if screenshots is None and not window.isMaximized():
            window.setGeometry(on_a_screen(QRect(window.geometry()), screens, LEAST))
        window.show()
        window.clock.start()
        if screenshots is None:
            self._tray.look()
            self._bridge.toast_wanted.connect(self._toast)

    def _toast(self, wanted: ToastWanted) -> None:
        self._sounds.play(wanted.severity)
        self._application.alert(self._window)
        self._tasks.spawn(self._toaster.show(wanted))

    def _mute(self, muted: bool) -> None:
        self._sounds.muted = muted
        self._preferences.muted = muted
        self._window.header.show_muted(muted)

    async def _take_screenshots(self, folder: Path) -> None:
        try:
            await take_all(self._window, self._theme, folder)
        except (NothingToShow, OSError) as problem:
            sys.stderr.write(f"{problem}\n")
            self._status = 1
        self.quit()

    async def _say_why(self, problem: Exception, screenshots: Path | None) -> None:
        """The engine did not come up. Without a person to read a dialog, one sentence has to do."""
        self._status = 1
        if screenshots is not None:
            sys.stderr.write(f"{phrases.not_started(problem)}\n")
            return
        self._last_resort.explain(problem, texts.NOT_STARTED, self.quit)
        await self._over.wait()

    async def _close(self, engine: Startable | None) -> None:
        """The window first, then what it had going, then the engine: nothing is left that could call back."""
        self._bridge.shut()
        self._memory.stop()
        self._preferences.keep_geometry(self._window.saveGeometry())
        self._tray.leave()
        self._instance.release()
        self._window.close_for_good()
        await self._tasks.end()
        if engine is not None:
            await aside(engine.stop)


def _started(make_engine: Callable[[], Startable]) -> Startable:
    """Called in a worker thread: building an engine opens files."""
    engine = make_engine()
    engine.start()
    return engine
