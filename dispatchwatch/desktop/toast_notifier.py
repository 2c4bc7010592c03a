"""The system's own toasts with buttons, through desktop-notifier: D-Bus on Linux, WinRT on Windows, macOS's centre."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dispatchwatch.desktop import texts, toast_phrases
from dispatchwatch.desktop.side_loop import SideLoop
from dispatchwatch.desktop.toast import ACTION_NAMES, Ability, Absent, Action, Closed, Toast, cut
from dispatchwatch.domain.alert import Severity

if TYPE_CHECKING:
    from desktop_notifier import Notification
    from desktop_notifier.backends.base import DesktopNotifierBackend as System

T = TypeVar("T")
PATIENCE = 1.0
LIMITS = {"win32": (64, 256)}
OTHER_LIMITS = (128, 512)
"""Characters of a title and of a body. Windows takes no more; elsewhere only so much is ever read."""


class NotifierBackend:
    """desktop-notifier says in its log alone that a toast was not taken, so what it calls back is waited for.

    Everything it does happens on a loop beside the window's: it is imported late, and connects, writes to the registry
    or waits for the system.
    """

    name = "desktop-notifier"

    def __init__(
        self, side: SideLoop, icon: Path | None = None, platform: str = sys.platform, patience: float = PATIENCE
    ) -> None:
        self._side = side
        self._icon = icon
        self._platform = platform
        self._patience = patience
        self._system: System | None = None
        self._ability = Ability()
        self._reads_markup = False

    async def check(self) -> Ability:
        await self._side.run(_load())
        await self._soon(self._connect())
        return self._ability

    async def show(self, toast: Toast) -> None:
        await self._side.run(_load())
        await self._soon(self._send(toast, asyncio.get_running_loop()))

    async def withdraw(self, number: int) -> None:
        if self._system is not None:
            await self._soon(self._take_back(number))

    async def leave(self) -> None:
        """Takes back what still stands there: nobody would hear its buttons."""
        if self._system is not None:
            try:
                await self._soon(self._system.clear_all())
            except (Absent, OSError):
                return
            finally:
                await self._side.run(self._hang_up())
        self._side.stop()

    async def _soon(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return await asyncio.wait_for(self._side.run(work), self._patience)
        except TimeoutError as problem:
            raise Absent(toast_phrases.NO_ANSWER) from problem

    async def _connect(self) -> System:
        """What speaks with the system. Raises where nobody there answers."""
        if self._system is None:
            from desktop_notifier.main import get_backend_class

            system = get_backend_class()(texts.APPLICATION, _icon(self._icon))
            try:
                self._ability, self._reads_markup = await _abilities(system)
            except BaseException:
                _disconnect(system)
                raise
            self._system = system
        return self._system

    async def _send(self, toast: Toast, window: asyncio.AbstractEventLoop) -> None:
        if self._system is not None and await self._is_taken(toast, window):
            return
        # Nobody may be listening any more at the end of a line that has been open for long. A new one works, or says
        # what is wrong.
        await self._hang_up()
        if not await self._is_taken(toast, window):
            raise RuntimeError(toast_phrases.NOT_TAKEN)

    async def _is_taken(self, toast: Toast, window: asyncio.AbstractEventLoop) -> bool:
        system, taken = await self._connect(), list[bool]()
        await system.send(self._notification(toast, window, lambda: taken.append(True)))
        return bool(taken)

    def _notification(
        self, toast: Toast, window: asyncio.AbstractEventLoop, on_taken: Callable[[], object]
    ) -> Notification:
        from desktop_notifier import Button, Notification, Urgency

        urgency = {Severity.CRITICAL: Urgency.Critical, Severity.INFO: Urgency.Low}
        longest_title, longest_body = LIMITS.get(self._platform, OTHER_LIMITS)
        body = cut(toast.wanted.body, longest_body)
        actions = toast.actions if self._ability.buttons else ()
        return Notification(
            title=cut(toast.wanted.title, longest_title),
            message=escape(body, quote=False) if self._reads_markup else body,
            urgency=urgency.get(toast.wanted.severity, Urgency.Normal),
            buttons=tuple(
                Button(ACTION_NAMES[one], on_pressed=partial(_tell, window, toast, one), identifier=one.value)
                for one in actions
            ),
            on_dispatched=on_taken,
            on_clicked=partial(_tell, window, toast, Action.SHOW),
            identifier=str(toast.number),
        )

    async def _take_back(self, number: int) -> None:
        if self._system is not None and str(number) in await self._system.get_current_notifications():
            await self._system.clear(str(number))

    async def _hang_up(self) -> None:
        if self._system is not None:
            _disconnect(self._system)
            self._system = None


async def _load() -> None:
    """Importing it takes as long as it takes; nobody is impatient with that."""
    import desktop_notifier.main  # noqa: F401


async def _abilities(system: System) -> tuple[Ability, bool]:
    """What the system can do, and whether it reads the body as markup. Raises where it shows nothing."""
    from desktop_notifier import Capability

    try:
        found = await system.get_capabilities()
    except Exception as problem:
        raise Absent(f"{toast_phrases.NO_DAEMON} ({_first_line(problem)})") from problem
    if not found:
        raise Closed(toast_phrases.NO_BUNDLE)
    if not await system.request_authorisation():
        raise Absent(toast_phrases.NOT_ALLOWED)
    buttons = Capability.BUTTONS in found
    return Ability(buttons, clicks=Capability.ON_CLICKED in found, withdraws=True), await _reads_markup(system)


async def _reads_markup(system: System) -> bool:
    """Of the systems only those on D-Bus do, and each says for itself whether it does."""
    desktop = getattr(system, "interface", None)
    return desktop is not None and "body-markup" in await desktop.call_get_capabilities()


def _disconnect(system: System) -> None:
    bus = getattr(system, "bus", None)
    if bus is not None:
        bus.disconnect()


def _icon(path: Path | None) -> Any:
    from desktop_notifier import Icon

    return Icon(path=path) if path else None


def _first_line(problem: BaseException) -> str:
    return next(iter(str(problem).splitlines()), "") or type(problem).__name__


def _tell(window: asyncio.AbstractEventLoop, toast: Toast, action: Action) -> None:
    """Called on the loop beside the window's."""
    if not window.is_closed():
        window.call_soon_threadsafe(toast.pressed, action)
