"""Whether the watch itself is well: it ran all the time, it reaches the world, and it ended properly the last time."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from PySide6.QtCore import QObject, Slot

from dispatchwatch.desktop import toast_phrases
from dispatchwatch.desktop.away import Away
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.engine_watch import EngineWatch, Mortal
from dispatchwatch.desktop.last_resort import LastResort
from dispatchwatch.desktop.last_run import LastRun
from dispatchwatch.desktop.network import Network
from dispatchwatch.desktop.strip import Line, Strip
from dispatchwatch.desktop.tasks import aside
from dispatchwatch.desktop.tokens import Tone

logger = logging.getLogger(__name__)


class Vitals(QObject):
    """`strip` is where it is said. `restart` starts the engine anew and raises what keeps it from running."""

    def __init__(self, room: DeskRoom, last_resort: LastResort, restart: Callable[[], Awaitable[Mortal]]) -> None:
        super().__init__()
        self._room = room
        self._last_resort = last_resort
        self._restart = restart
        self.strip = Strip(room.theme, room.assets)
        self._away = Away(self.strip, room.bridge, room.timezone, room.now)
        self._network = Network(self.strip, room.bridge, room.tasks, _note)
        self._engine = EngineWatch()
        self._engine.died.connect(self._revive)
        self._engine.given_up.connect(self._give_up)

    def watch(self, engine: Mortal) -> None:
        self._engine.watch(engine)
        self._network.listen()

    def stop(self) -> None:
        self._engine.stop()

    async def look_back(self, last_run: LastRun) -> None:
        """Says so where the program ended unexpectedly the last time."""
        try:
            ending = await aside(last_run.begin)
        except OSError as problem:
            _note(problem)
            return
        if ending.badly:
            action = toast_phrases.SEE_REPORT if ending.report else ""
            line = Line(toast_phrases.ENDED_BADLY, "warning", Tone.SOON, action)
            self.strip.say("last run", line, partial(self._last_resort.tell_of_last_run, ending.report))

    @Slot(object)
    def _revive(self, fault: BaseException) -> None:
        self._room.tasks.spawn(self._start_again(fault))

    async def _start_again(self, fault: BaseException) -> None:
        logger.error("The engine ended by a fault and is started again", exc_info=fault)
        try:
            engine = await self._restart()
        except Exception as problem:  # noqa: BLE001 - whatever it is, nobody watches now, and a person must know
            self._give_up(problem)
            return
        text = toast_phrases.watch_restarted(self._room.now(), self._room.timezone)
        self.strip.say("engine", Line(text, "warning", Tone.SOON))
        self._engine.watch(engine)

    @Slot(object)
    def _give_up(self, fault: BaseException) -> None:
        text = toast_phrases.watch_ended(self._engine.deaths)
        self.strip.say("engine", Line(text, "failed", Tone.LATE))
        self._last_resort.explain(fault, toast_phrases.WATCH_ENDS_FOR_GOOD, lambda: None, text)


def _note(problem: BaseException) -> None:
    logger.warning("%s", problem)
