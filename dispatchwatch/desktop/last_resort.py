"""When something breaks that nothing foresaw: it is written down, and a person is told in plain words."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.pieces import button, label, tight

logger = logging.getLogger(__name__)


class LastResort(QObject):
    """Catches what reaches the top. One dialog at a time: what else breaks meanwhile is only written down."""

    _broke = Signal(str)

    def __init__(self, logs: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        logs.mkdir(parents=True, exist_ok=True)
        self._crash_file: TextIO = os.fdopen(_private(logs / "crash.txt"), "a", encoding="utf-8")
        self._dialog: ErrorDialog | None = None
        self.window: QWidget | None = None
        # Queued: what breaks in another thread is shown on ours.
        self._broke.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        faulthandler.enable(self._crash_file)
        sys.excepthook = self._on_exception
        loop.set_exception_handler(self._on_loop_problem)

    def remove(self) -> None:
        sys.excepthook = sys.__excepthook__
        faulthandler.disable()
        self._crash_file.close()

    def explain(self, problem: BaseException, title: str, then: Callable[[], None]) -> None:
        """A failure that has a plain reason; `then` once the person has read it."""
        trace = "".join(traceback.format_exception(problem))
        logger.error("%s\n%s", title, trace)
        self._dialog = ErrorDialog((title, str(problem) or type(problem).__name__), trace, self.window)
        self._dialog.finished.connect(then)
        self._dialog.open()

    def report(self, problem: BaseException) -> None:
        """Something broke that belongs to nobody."""
        self._on_exception(type(problem), problem, problem.__traceback__)

    def _on_exception(self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        text = "".join(traceback.format_exception(kind, problem, trace))
        logger.error("Unforeseen problem\n%s", text)
        self._broke.emit(text)

    def _on_loop_problem(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        problem = context.get("exception")
        if isinstance(problem, BaseException):
            self.report(problem)
        else:
            logger.error("The window's loop complains: %s", context.get("message"))

    @Slot(str)
    def _show(self, text: str) -> None:
        if self._dialog is None:
            self._dialog = ErrorDialog((texts.BROKE_TITLE, texts.BROKE_MEANING), text, self.window)
            self._dialog.finished.connect(self._closed)
            self._dialog.open()

    @Slot()
    def _closed(self) -> None:
        self._dialog = None


class ErrorDialog(QDialog):
    """What happened, what it means, what to do; and the words for whoever mends it."""

    def __init__(self, said: tuple[str, str], text: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        title, meaning = said
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(560, 360)
        self._text = text
        words = QPlainTextEdit(text)
        words.setReadOnly(True)
        words.setAccessibleName(title)
        copies, closes = button(texts.COPY), button(texts.CLOSE, "primary", "Esc")
        copies.clicked.connect(self._copy)
        closes.clicked.connect(self.accept)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(copies)
        line.addWidget(closes)
        layout = QVBoxLayout(self)
        tight(layout, (24, 24, 24, 24), 8)
        layout.addWidget(label(title, "title", wraps=True))
        layout.addWidget(label(meaning, "muted", wraps=True))
        layout.addWidget(words, 1)
        layout.addLayout(line)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)


def _private(path: Path) -> int:
    """A file to add to that its user alone may read."""
    return os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
