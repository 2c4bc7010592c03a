"""The ways to show a toast that are our own: a message from the tray, and a notice in the window."""

from __future__ import annotations

from collections.abc import Callable

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.toast import Ability, Absent, Action, Toast, cut
from dispatchwatch.desktop.tray import Tray

LONGEST_TITLE, LONGEST_BODY = 64, 256


class TrayBackend:
    name = "tray"

    def __init__(self, tray: Tray) -> None:
        self._tray = tray
        self._last: Toast | None = None
        tray.message_pressed.connect(self._pressed)

    async def check(self) -> Ability:
        if not self._tray.shows_messages:
            raise Absent(texts.NO_TRAY)
        return Ability(clicks=True)

    async def show(self, toast: Toast) -> None:
        title, body = cut(toast.wanted.title, LONGEST_TITLE), cut(toast.wanted.body, LONGEST_BODY)
        if not self._tray.message(title, body):
            raise Absent(texts.NO_TRAY)
        self._last = toast

    async def withdraw(self, number: int) -> None:
        """A tray can't take a message back; but what is over is not led to."""
        if self._last is not None and self._last.number == number:
            self._last = None

    async def leave(self) -> None:
        self._last = None

    def _pressed(self) -> None:
        if self._last is not None:
            self._last.pressed(Action.SHOW)


class WindowBackend:
    """A banner in our own window: always there, never takes the keyboard."""

    name = "window"

    def __init__(self, banner: Callable[[ToastWanted], None]) -> None:
        self._banner = banner

    async def check(self) -> Ability:
        return Ability(buttons=True, clicks=True, withdraws=True)

    async def show(self, toast: Toast) -> None:
        self._banner(toast.wanted)

    async def withdraw(self, number: int) -> None:
        """It sees for itself which alerts are still open."""

    async def leave(self) -> None:
        """It goes with the window."""
