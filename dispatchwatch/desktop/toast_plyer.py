"""The system's notifications as plyer shows them: without buttons, and without a word of what became of them."""

from __future__ import annotations

import asyncio
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.tasks import aside
from dispatchwatch.desktop.toast import Ability, Closed, Toast, cut

LONGEST_TITLE, LONGEST_BODY = 64, 256
PATIENCE = 5.0


class PlyerBackend:
    """plyer may block, so it runs aside and is not waited for forever."""

    name = "plyer"

    def __init__(self, notify: Callable[[str, str], None] | None = None) -> None:
        self._notify = notify or notify_with_plyer

    async def check(self) -> Ability:
        await aside(require_session)
        return Ability()

    async def show(self, toast: Toast) -> None:
        title, body = cut(toast.wanted.title, LONGEST_TITLE), cut(toast.wanted.body, LONGEST_BODY)
        await asyncio.wait_for(aside(self._notify, title, body), PATIENCE)

    async def withdraw(self, number: int) -> None:
        """It can't."""

    async def leave(self) -> None:
        """It keeps nothing."""


def notify_with_plyer(title: str, body: str) -> None:
    """Called in a worker thread."""
    require_session()
    with warnings.catch_warnings():
        # plyer warns of every way it does not find; the one it ends with raises.
        warnings.simplefilter("ignore")
        from plyer import notification

        notification.notify(title=title, message=body, app_name=texts.APPLICATION, timeout=10)


def require_session() -> None:
    """Raises `Closed` where there is no desktop to show anything on, `ImportError` where plyer is missing."""
    import plyer  # noqa: F401

    if sys.platform.startswith("linux") and not _session_bus():
        raise Closed(texts.NO_SESSION)


def _session_bus() -> bool:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or bool(runtime and (Path(runtime) / "bus").exists())
