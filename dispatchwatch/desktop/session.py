"""One evening at the desk: everything the window consists of, from opening to closing."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from dispatchwatch.app.engine_room import EngineRoom
from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.alarm import Alarm
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.bridge import Bridge
from dispatchwatch.desktop.deeds import Deeds
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.last_resort import LastResort
from dispatchwatch.desktop.last_run import LastRun
from dispatchwatch.desktop.leaving import Leaving
from dispatchwatch.desktop.main_window import LEAST, MainWindow
from dispatchwatch.desktop.memory import QuietMemory
from dispatchwatch.desktop.mending import Mending
from dispatchwatch.desktop.my_snoozes import MySnoozes
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.people import People
from dispatchwatch.desktop.picture import Picture
from dispatchwatch.desktop.placement import on_a_screen
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.screenshots import NothingToShow, take_all
from dispatchwatch.desktop.signals import QuitSignals
from dispatchwatch.desktop.single_instance import SingleInstance
from dispatchwatch.desktop.strip import Line
from dispatchwatch.desktop.tasks import Tasks, aside
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.vitals import Vitals
from dispatchwatch.desktop.wallboard.door import WallboardDoor
from dispatchwatch.desktop.wishes import Wishes
from dispatchwatch.desktop.wizard.door import SetUpDoor

logger = logging.getLogger(__name__)

FIRST_SIZE = (1440, 900)


class Startable(EngineRoom, Protocol):
    @property
    def fault(self) -> BaseException | None: ...

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
    files: OfficeFiles


class Session:
    def __init__(
        self, application: QApplication, instance: SingleInstance, last_resort: LastResort, setting: Setting
    ) -> None:
        self._application = application
        self._instance = instance
        self._last_resort = last_resort
        self._setting = setting
        self._preferences = Preferences(setting.data)
        self._last_run = LastRun(setting.data / "logs")
        self._over = asyncio.Event()
        self._status = 0

    async def run(
        self, loop: asyncio.AbstractEventLoop, make_engine: Callable[[], Startable], screenshots: Path | None
    ) -> int:
        """From the first window to the last. The window is on the screen before the engine is up."""
        self._last_resort.install(loop)
        signals = QuitSignals(self.quit)
        self._tasks = Tasks(loop, self._last_resort.report)
        self._engine: Startable | None = None
        self._make_engine = make_engine
        self._build()
        self._open(screenshots)
        try:
            if screenshots is None:
                self._set_up.watch()
                await self._vitals.look_back(self._last_run)
            start = self._start_engine if screenshots is not None else self._start_when_sound
            engine = await start()
            if engine is not None:
                self._vitals.watch(engine)
                self._memory.start()
            if screenshots is not None:
                self._tasks.spawn(self._take_screenshots(screenshots))
            await self._over.wait()
        except Exception as problem:  # noqa: BLE001 - without its engine the window must still say why
            await self._say_why(problem, screenshots)
        finally:
            await self._close()
            if screenshots is None:
                self._last_run.end()
            signals.remove()
            self._last_resort.remove()
        return self._status

    def quit(self) -> None:
        self._over.set()

    async def _start_when_sound(self) -> Startable | None:
        """Without an engine rather than with an empty one, which would take the day's visits for gone. None where the
        person left before."""
        show = partial(self._room.wishes.settings.emit, "Office")
        mending = Mending(self._setting.files.config, self._vitals.strip, show)
        starting = asyncio.ensure_future(mending.until_sound(self._start_engine))
        leaving = asyncio.ensure_future(self._over.wait())
        await asyncio.wait({starting, leaving}, return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if starting.done():
            return starting.result()
        starting.cancel()
        return None

    async def _start_engine(self) -> Startable:
        """A new engine, in place of one that may have ended."""
        ended, self._engine = self._engine, None
        if ended is not None:
            await aside(ended.stop)
        self._engine = await aside(_started, self._make_engine)
        self._bridge.meet(self._engine)
        await self._bridge.ask(lambda room: room.show_everything())
        return self._engine

    def _build(self) -> None:
        setting = self._setting
        self._theme = Theme(self._application)
        self._preferences.dress(self._theme)
        self._assets = Assets(setting.resources, self._theme)
        self._theme.apply()
        self._application.setWindowIcon(self._assets.program_icon())
        self._bridge = Bridge()
        people = People(setting.user, self._preferences)
        room = self._room = DeskRoom(
            theme=self._theme,
            assets=self._assets,
            bridge=self._bridge,
            picture=Picture(self._bridge),
            wishes=Wishes(),
            deeds=Deeds(self._bridge, self._tasks, people),
            tasks=self._tasks,
            now=setting.now,
            office_name=setting.office_name,
            timezone=setting.timezone,
            people=people,
            snoozes=MySnoozes(people, self._preferences, setting.now),
            preferences=self._preferences,
            files=setting.files,
        )
        self._window = MainWindow(room, setting.title_suffix)
        self._last_resort.window = self._window
        self._last_resort.names = room.picture.names
        self._memory = QuietMemory(self._window)
        self._alarm = Alarm(self._application, room, self._window, self._preferences)
        self._vitals = Vitals(room, self._last_resort, self._start_engine)
        self._leaving = Leaving(self._window, self._alarm.tray, self._preferences)
        self._wallboard = WallboardDoor(room, self._application, self._preferences)
        self._set_up = SetUpDoor(room, self._window)
        self._window.put_under_header(self._vitals.strip)
        self._wire()

    def _wire(self) -> None:
        window = self._window
        window.dressed.connect(lambda: self._preferences.keep_look(self._theme))
        self._instance.raise_wanted.connect(window.bring_up)
        self._alarm.tray.quit_wanted.connect(self.quit)
        self._leaving.quit_wanted.connect(self.quit)
        self._wallboard.may_sleep.connect(self._say_that_it_may_sleep)
        # The system ends the session: what follows may never be reached.
        self._application.commitDataRequest.connect(lambda _manager: self._last_run.end())

    def _say_that_it_may_sleep(self) -> None:
        self._vitals.strip.say("wallboard", Line(texts.SCREEN_MAY_SLEEP))

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
            self._alarm.start()

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

    async def _close(self) -> None:
        """The window first, then what it had going, then the engine: nothing is left that could call back."""
        self._bridge.shut()
        self._memory.stop()
        self._wallboard.close()
        self._vitals.stop()
        self._preferences.keep_geometry(self._window.saveGeometry())
        self._instance.release()
        self._window.close_for_good()
        await self._tasks.end()
        await self._alarm.leave()
        if self._engine is not None:
            await aside(self._engine.stop)


def _started(make_engine: Callable[[], Startable]) -> Startable:
    """Called in a worker thread: building an engine opens files."""
    engine = make_engine()
    engine.start()
    return engine
