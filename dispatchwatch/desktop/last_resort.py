"""When something breaks that nothing foresaw: it is written down, and a person is told in plain words."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from dispatchwatch.desktop import texts, toast_phrases
from dispatchwatch.desktop.crash_report import about
from dispatchwatch.desktop.error_dialog import ErrorDialog
from dispatchwatch.desktop.last_run import CRASH

logger = logging.getLogger(__name__)


class LastResort(QObject):
    """Catches what reaches the top. One dialog at a time: what else breaks meanwhile is only written down.

    `names` gives the names of people and places that are known when something breaks.
    """

    _broke = Signal(str)

    def __init__(
        self, logs: Path, parent: QObject | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self._now = now
        logs.mkdir(parents=True, exist_ok=True)
        self._crash_file: TextIO = os.fdopen(_private(logs / CRASH), "a", encoding="utf-8")
        self._dialog: ErrorDialog | None = None
        self.window: QWidget | None = None
        self.names: Callable[[], Iterable[str]] = tuple
        # Queued: what breaks in another thread is shown on ours.
        self._broke.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        faulthandler.enable(self._crash_file)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_problem
        loop.set_exception_handler(self._on_loop_problem)

    def remove(self) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        faulthandler.disable()
        self._crash_file.close()

    def explain(self, problem: BaseException, title: str, then: Callable[[], None], meaning: str = "") -> None:
        """A failure that has a plain reason, which is its meaning unless told; `then` once the person has read it."""
        trace = "".join(traceback.format_exception(problem))
        logger.error("%s\n%s", title, trace)
        self._open((title, meaning or str(problem) or type(problem).__name__), trace, then)

    def tell_of_last_run(self, report: str) -> None:
        """Where the program stopped when it ended unexpectedly the last time."""
        self._open((toast_phrases.LAST_RUN_TITLE, toast_phrases.LAST_RUN_MEANING), report, lambda: None)

    def report(self, problem: BaseException) -> None:
        """Something broke that belongs to nobody."""
        self._on_exception(type(problem), problem, problem.__traceback__)

    def _on_exception(self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        text = "".join(traceback.format_exception(kind, problem, trace))
        logger.error("Unforeseen problem\n%s", text)
        self._broke.emit(text)

    def _on_thread_problem(self, raised: threading.ExceptHookArgs) -> None:
        if raised.exc_value is not None and not isinstance(raised.exc_value, SystemExit):
            self._on_exception(raised.exc_type, raised.exc_value, raised.exc_traceback)

    def _on_loop_problem(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        problem = context.get("exception")
        if isinstance(problem, BaseException):
            self.report(problem)
        else:
            logger.error("The window's loop complains: %s", context.get("message"))

    @Slot(str)
    def _show(self, text: str) -> None:
        if self._dialog is None:
            self._open((texts.BROKE_TITLE, texts.BROKE_MEANING), text, lambda: None)

    def _open(self, said: tuple[str, str], text: str, then: Callable[[], None]) -> None:
        whole = f"{about(self._now())}\n{text}"
        self._dialog = ErrorDialog(said, whole, tuple(self.names()), self.window)
        self._dialog.finished.connect(self._closed)
        self._dialog.finished.connect(then)
        self._dialog.open()

    @Slot()
    def _closed(self) -> None:
        self._dialog = None


def _private(path: Path) -> int:
    """A file to add to that its user alone may read."""
    return os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
