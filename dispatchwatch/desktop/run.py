"""Opens the window, keeps it and its engine together, and takes both down in the right order."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

# Before qasync, which otherwise takes whatever other Qt it finds.
import PySide6
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from dispatchwatch.app import garbage
from dispatchwatch.app.engine_room import EngineRoom
from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.last_resort import LastResort
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.session import Session, Setting
from dispatchwatch.desktop.single_instance import SingleInstance
from dispatchwatch.desktop.soundness import bad_pair

GIVE_WAY = 0.0005
"""Seconds after which a busy engine thread lets the window's go on. Python's own 5 ms add up over the many calls of one
repaint: while 2,000 alerts went out, the worst stall was 92-118 ms with it and 44-76 ms with this."""


class RunningEngine(EngineRoom, Protocol):
    """An engine that can be started and stopped. Both are called from a worker thread."""

    @property
    def fault(self) -> BaseException | None:
        """What ended it; None while it runs, and after it was stopped."""
        ...

    def start(self) -> None:
        """Starts its thread; returns when its loop runs."""
        ...

    def stop(self) -> None:
        """Ends its loop and waits for its thread, but not forever."""
        ...


def now_in_utc() -> datetime:
    return datetime.now(UTC)


def run_window(  # noqa: PLR0913 - what a program is started with, by name
    make_engine: Callable[[], RunningEngine],
    *,
    resources: Path,
    data: Path,
    files: OfficeFiles,
    office_name: str,
    timezone: str,
    user: str,
    screenshots: Path | None,
    title_suffix: str = "",
    now: Callable[[], datetime] = now_in_utc,
) -> int:
    """Runs until the person quits. Answers the exit status."""
    if bad_pair(PySide6.__version__, sys.version_info[:2]):
        sys.stderr.write(phrases.bad_pair(PySide6.__version__, platform.python_version()) + "\n")
        return 1
    sys.setswitchinterval(GIVE_WAY)
    garbage.search_seldom()
    application = QApplication([texts.APPLICATION])
    application.setApplicationName(texts.APPLICATION)
    application.setDesktopFileName("dispatchwatch")
    # A closed window may only be hidden, and a closed dialog must never end the program.
    application.setQuitOnLastWindowClosed(False)
    instance = SingleInstance(data)
    if screenshots is None and not instance.claim():
        return 0
    setting = Setting(
        resources=resources,
        data=data,
        office_name=office_name,
        timezone=timezone,
        user=user,
        title_suffix=title_suffix,
        now=now,
        files=files,
    )
    session = Session(application, instance, LastResort(data / "logs"), setting)
    with QEventLoop(application) as loop:
        return int(loop.run_until_complete(session.run(loop, make_engine, screenshots)))
