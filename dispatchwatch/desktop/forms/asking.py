"""One question at a time that a window asks without waiting for the answer, and that can be called off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from dispatchwatch.app.channel_drafts import DraftError
from dispatchwatch.app.unfinished import UnfinishedError
from dispatchwatch.desktop import channel_phrases
from dispatchwatch.desktop.forms.errand import Errand
from dispatchwatch.desktop.tasks import Tasks

T = TypeVar("T")


class Asking(QObject):
    """`refused` carries sentences by field, or one sentence at no field: ''. `ended` after whatever came of it."""

    refused = Signal(object)
    ended = Signal()

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: asyncio.Task[Any] | None = None

    @property
    def is_going(self) -> bool:
        return self._task is not None

    def ask(self, question: Callable[[], Coroutine[Any, Any, T]], answered: Callable[[T], None]) -> None:
        """What was asked before and is not answered yet is called off."""
        self.call_off()
        self._task = self._tasks.spawn(self._ask(Errand(question), answered))

    def call_off(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.ended.emit()

    async def _ask(self, errand: Errand[T], answered: Callable[[T], None]) -> None:
        try:
            found = await errand.run()
        except DraftError as error:
            problems = error.problems
            self._end(lambda: self.refused.emit(problems))
        except UnfinishedError as error:
            text = str(error)
            self._end(lambda: self.refused.emit({"": text}))
        except Exception as problem:  # noqa: BLE001 - whatever stopped it, the person must know
            said = channel_phrases.broke(problem)
            self._end(lambda: self.refused.emit({"": said}))
        else:
            self._end(lambda: answered(found))

    def _end(self, tell: Callable[[], None]) -> None:
        if isValid(self):
            self._task = None
            self.ended.emit()
            tell()
