"""Toasts: through whatever the system has, best first, and in the window itself when it has nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.bridge import Bridge
from dispatchwatch.desktop.tasks import aside
from dispatchwatch.desktop.tray import Tray

logger = logging.getLogger(__name__)

LONGEST_TITLE, LONGEST_BODY = 64, 256
PATIENCE = 5.0


class Unavailable(Exception):
    """This way is closed for as long as the program runs."""


class ToastBackend(Protocol):
    """One way to show a toast. Raises when it could not."""

    name: str

    async def show(self, wanted: ToastWanted) -> None: ...


class PlyerBackend:
    """The system's own notifications. plyer may block, so it runs aside and is not waited for forever."""

    name = "plyer"

    def __init__(self, notify: Callable[[str, str], None] | None = None) -> None:
        self._notify = notify or notify_with_plyer

    async def show(self, wanted: ToastWanted) -> None:
        title, body = cut(wanted.title, LONGEST_TITLE), cut(wanted.body, LONGEST_BODY)
        await asyncio.wait_for(aside(self._notify, title, body), PATIENCE)


class TrayBackend:
    name = "tray"

    def __init__(self, tray: Tray) -> None:
        self._tray = tray

    async def show(self, wanted: ToastWanted) -> None:
        if not self._tray.message(wanted.title, wanted.body):
            raise RuntimeError(texts.NO_TRAY)


class WindowBackend:
    """A banner in our own window: always there, never takes the keyboard."""

    name = "window"

    def __init__(self, banner: Callable[[ToastWanted], None]) -> None:
        self._banner = banner

    async def show(self, wanted: ToastWanted) -> None:
        self._banner(wanted)


class Toaster:
    """Tries one way after the other, and has the desk note what became of each."""

    def __init__(self, backends: Sequence[ToastBackend], bridge: Bridge) -> None:
        self._backends = list(backends)
        self._bridge = bridge

    async def show(self, wanted: ToastWanted) -> None:
        for backend in list(self._backends):
            problem = await self._try(backend, wanted)
            await self._note(wanted, backend.name, problem)
            if not problem:
                return

    async def _try(self, backend: ToastBackend, wanted: ToastWanted) -> str:
        """The problem, in words; empty if the toast was taken."""
        try:
            await backend.show(wanted)
        except (Unavailable, NotImplementedError, ImportError, FileNotFoundError) as problem:
            # It won't come later either: every toast would record the same again. Another toast may have found it too.
            self._backends = [one for one in self._backends if one is not backend]
            return str(problem) or type(problem).__name__
        except Exception as problem:  # noqa: BLE001 - a toast is only a hint; whatever broke it, the next way is tried
            return str(problem) or type(problem).__name__
        return ""

    async def _note(self, wanted: ToastWanted, backend: str, problem: str) -> None:
        numbers = wanted.alert_ids
        try:
            await self._bridge.ask(
                lambda engine: engine.perform(lambda desk, now: desk.toast_shown(numbers, backend, problem, now))
            )
        except Exception:
            logger.exception("The toast of alerts %s through %s could not be noted", numbers, backend)


def notify_with_plyer(title: str, body: str) -> None:
    """Called in a worker thread."""
    if sys.platform.startswith("linux") and not _session_bus():
        raise Unavailable(texts.NO_SESSION)
    with warnings.catch_warnings():
        # plyer warns of every way it does not find; the one it ends with raises.
        warnings.simplefilter("ignore")
        from plyer import notification

        notification.notify(title=title, message=body, app_name=texts.APPLICATION, timeout=10)


def _session_bus() -> bool:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or bool(runtime and (Path(runtime) / "bus").exists())


def cut(text: str, longest: int) -> str:
    """The text, cut at a word with an ellipsis where it is too long: Windows refuses longer ones."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    at_word = head.rsplit(" ", 1)[0] if " " in head else head
    return f"{at_word.rstrip(' ,.;:–-')}…"
