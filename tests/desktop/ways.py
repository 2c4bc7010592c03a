"""A way to show a toast that only remembers what it was asked."""

from __future__ import annotations

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop.toast import Ability, Toast


class Way:
    """Refuses everything with `problem`, if it has one."""

    def __init__(self, name: str, problem: Exception | None = None) -> None:
        self.name = name
        self.problem = problem
        self.shown: list[ToastWanted] = []
        self.toasts: list[Toast] = []
        self.withdrawn: list[int] = []
        self.left = False

    async def check(self) -> Ability:
        if self.problem is not None:
            raise self.problem
        return Ability(buttons=True, clicks=True, withdraws=True)

    async def show(self, toast: Toast) -> None:
        self.shown.append(toast.wanted)
        self.toasts.append(toast)
        if self.problem is not None:
            raise self.problem

    async def withdraw(self, number: int) -> None:
        self.withdrawn.append(number)

    async def leave(self) -> None:
        self.left = True
