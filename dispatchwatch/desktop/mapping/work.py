"""One slow thing after the other, beside the window: looking at a source, reading it, saving."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from dispatchwatch.app.mapping import MappingError
from dispatchwatch.desktop import mapping_phrases
from dispatchwatch.desktop.tasks import Tasks, aside

T = TypeVar("T")


class Work(QObject):
    """`changed` when it begins or ends. A thread can't be stopped: what is called off goes on, and nobody hears of
    it."""

    changed = Signal()

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: asyncio.Task[Any] | None = None

    @property
    def is_going(self) -> bool:
        return self._task is not None

    def do(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[str], None]) -> None:
        self.call_off()
        self._task = self._tasks.spawn(self._do(work, done, failed))
        self.changed.emit()

    def call_off(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._end()

    async def _do(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[str], None]) -> None:
        problem = ""
        try:
            found = await aside(work)
        except MappingError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - whatever stopped it, the person must know
            problem = mapping_phrases.broke(error)
        if not isValid(self):
            return
        self._end()
        if problem:
            failed(problem)
        else:
            done(found)

    def _end(self) -> None:
        self._task = None
        self.changed.emit()
